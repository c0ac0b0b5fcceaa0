//! A key-value store: partitions by the key's hash, each with its share of the read and write units.
//!
//! Of three copies one leads. It has every write at once, and answers strong reads for twice the units; the
//! others follow after the lag, and an eventual read meets any of the three. A query that is not by key looks
//! at rows in every partition and pays for each.

use archplay_kernel::{Handle, mix, ns_from_ms, unit_of};
use archplay_model::Component;
use archplay_model::catalogue::key_value as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::bucket::{Bucket, Rate};
use super::copying::{self, Copying};
use super::shelf::{Shelf, Turn, bytes_of, count_far, reads_first, statement_of, turned_away};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core};
use crate::plant::{Access, NodeId, Statement};
use crate::stats::columns::Sink;

/// Purposes of draws.
const PARTITION: u64 = 0x6b76_7061;
const COPY: u64 = 0x6b76_636f;

/// A read by the leader costs so many units.
const STRONG: f64 = 2.0;
/// Copies, the leader included.
const COPIES: f64 = 3.0;

/// Units of one kind at all partitions.
#[derive(Clone, Debug)]
struct Units {
    /// What comes in at each partition.
    rate: Rate,
    /// Each partition's tokens, and units used since the last look and since the start.
    parts: Vec<(Bucket, f64, f64)>,
}

impl Units {
    fn new(per_sec: f64, partitions: u32, burst_secs: f64) -> Self {
        let share = per_sec / f64::from(partitions);
        // At least one operation can always be saved up.
        let rate = Rate::new(share, (share * burst_secs).max(1.0));
        let part = (Bucket::full(rate, 0), 0.0, 0.0);
        Self {
            rate,
            parts: vec![part; partitions as usize],
        }
    }

    fn take(&mut self, now: u64, at: usize, units: f64) -> bool {
        let (tokens, bucket, whole) = &mut self.parts[at];
        let there = tokens.has(self.rate, now, units);
        if there {
            tokens.spend(units);
            *bucket += units;
            *whole += units;
        }
        there
    }

    /// Units at every partition, or none at any.
    fn take_all(&mut self, now: u64, units: f64) -> bool {
        let rate = self.rate;
        let there = self
            .parts
            .iter_mut()
            .all(|part| part.0.has(rate, now, units));
        if there {
            for (tokens, bucket, whole) in &mut self.parts {
                tokens.spend(units);
                *bucket += units;
                *whole += units;
            }
        }
        there
    }

    /// Units used / units that came in, of the partition that used most since the last call.
    fn hottest(&mut self, span_ns: u64) -> f64 {
        let mut most = 0.0_f64;
        for (_, bucket, _) in &mut self.parts {
            most = most.max(std::mem::take(bucket));
        }
        most / self.rate.per_sec() / (span_ns.max(1) as f64 / 1e9)
    }

    /// Seconds of its rate that the hottest partition has used since the start.
    fn used_secs(&self) -> f64 {
        let used = self.parts.iter().map(|part| part.2);
        used.fold(0.0, f64::max) / self.rate.per_sec()
    }
}

/// A key-value store.
#[derive(Clone, Debug)]
pub(crate) struct KeyValue {
    node: NodeId,
    reads: Units,
    writes: Units,
    strong: bool,
    latency_ns: u64,
    shelf: Shelf,
    throttled: u64,
    noted: bool,
}

impl KeyValue {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let partitions = component.count(&spec::PARTITIONS).max(1);
        let burst = component.number(&spec::BURST_SECS);
        let units = |spec| Units::new(component.number(spec), partitions, burst);
        Self {
            node,
            reads: units(&spec::READ_UNITS),
            writes: units(&spec::WRITE_UNITS),
            strong: component.text(&spec::CONSISTENCY) == "strong",
            latency_ns: ns_from_ms(component.number(&spec::LATENCY_MS)),
            shelf: Shelf::new(node, ns_from_ms(component.number(&spec::COPY_LAG_MS)))
                .copying(Copying::new(compiler, component, node)),
            throttled: 0,
            noted: false,
        }
    }

    /// Takes the units of an operation, if they are there.
    fn admit(&mut self, core: &mut Core, handle: Handle, statement: &Statement) -> bool {
        let now = core.now;
        let Some(call) = core.call(handle) else {
            return false;
        };
        let (row, id, key) = (call.row, call.value, call.key);
        let reads_first = reads_first(statement.access, call);
        let partitions = self.reads.parts.len() as u64;
        let at = |row: u64| (mix(row, PARTITION) % partitions) as usize;
        let strong = self.strong || Shelf::strong(statement);
        let each = if strong { STRONG } else { 1.0 };
        if let Some((rows, _)) = core.feed_rows(handle) {
            let writes = statement.access.writes();
            let units = if writes {
                &mut self.writes
            } else {
                &mut self.reads
            };
            // Rows that find no units are asked for again with the whole call.
            return (0..rows as usize).all(|n| {
                let row = core.feed_row(handle, n).unwrap_or(row);
                let at = (mix(row, PARTITION) % partitions) as usize;
                units.take(now, at, if writes { 1.0 } else { each })
            });
        }
        match statement.access {
            Access::Read { rows, .. } => {
                let all = core.plant.datasets[statement.dataset as usize].rows;
                match statement.looked_at(all) {
                    None => self.reads.take(now, at(row), each * f64::from(rows)),
                    Some(looked) => self.reads.take_all(now, each * looked / partitions as f64),
                }
            }
            Access::Insert { .. } => {
                // A new row lies where its identifier says.
                let row = if id == 0 { key } else { id };
                self.writes.take(now, at(row), 1.0)
            }
            Access::Reserve { .. } if reads_first => self.reads.take(now, at(row), each),
            Access::Write | Access::Commit | Access::Reserve { .. } => {
                self.writes.take(now, at(row), 1.0)
            }
        }
    }
}

impl KeyValue {
    /// Takes the units of an operation, or fails it.
    fn let_in(&mut self, core: &mut Core, handle: Handle, statement: &Statement) -> bool {
        let there = self.admit(core, handle, statement);
        if !there {
            self.throttled += 1;
            if !std::mem::replace(&mut self.noted, true) {
                core.note(EventCode::Throttled, self.node, 0, 0);
            }
            core.fail(handle, Reason::Throttled429, self.node);
        }
        there
    }

    /// An operation, or a part of one, takes its time.
    fn begin_part(&self, core: &mut Core, handle: Handle) {
        let ns = self.latency_ns as f64 * core.stretch(self.node);
        core.wait(handle, ns as u64);
    }

    /// A write of another region's table costs a unit here too; without one it comes again later.
    fn take_in(&mut self, core: &mut Core, handle: Handle) {
        let row = core.call(handle).map_or(0, |call| call.row);
        let at = (mix(row, PARTITION) % self.writes.parts.len() as u64) as usize;
        if !core.boards[self.node as usize].up || self.shelf.copying.is_none() {
            return core.finish(handle, Err(Reason::Refused));
        }
        if !self.writes.take(core.now, at, 1.0) {
            return core.finish(handle, Err(Reason::Throttled429));
        }
        core.enter(handle);
        core.wait(
            handle,
            (self.latency_ns as f64 * core.stretch(self.node)) as u64,
        );
    }
}

impl Behaviour for KeyValue {
    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        if copying::brings_write(core, handle) {
            return self.take_in(core, handle);
        }
        if turned_away(core, handle, self.node) {
            return;
        }
        let plant = std::rc::Rc::clone(&core.plant);
        let ask = core.call(handle).map_or(0, |call| call.ask);
        let Some(statement) = statement_of(&plant, ask) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        if statement.access.writes() && self.shelf.read_only() {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        Shelf::begin(core, handle);
        if self.let_in(core, handle, statement) {
            core.enter(handle);
            self.begin_part(core, handle);
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        let plant = std::rc::Rc::clone(&core.plant);
        let Some(call) = core.call(handle) else {
            return;
        };
        let (ask, key) = (call.ask, call.key);
        if copying::brings_write(core, handle) {
            return self.shelf.take(core, handle);
        }
        let Some(statement) = statement_of(&plant, ask) else {
            return;
        };
        match self.shelf.next_turn(core, handle, statement) {
            Turn::Ends => {}
            Turn::Waits => return,
            Turn::Writes => {
                if self.let_in(core, handle, statement) {
                    self.begin_part(core, handle);
                }
                return;
            }
        }
        let leader =
            self.strong || Shelf::strong(statement) || unit_of(mix(key, COPY)) < 1.0 / COPIES;
        count_far(core, self.node, handle, bytes_of(&plant, statement));
        self.shelf.end(core, handle, statement, !leader);
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        if let Some(copying) = &mut self.shelf.copying {
            copying.answered(core, answer);
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        if let Some(copying) = &mut self.shelf.copying {
            copying.retry(core);
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        // What is stored is on disks; only what is under way is lost.
        if action == FaultAction::Kill && on {
            core.drop_inside(self.node, None, Reason::ConnectionLost);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, span_ns: u64) {
        let hottest = self
            .reads
            .hottest(span_ns)
            .max(self.writes.hottest(span_ns));
        let refused = std::mem::take(&mut self.throttled) as f64 / (span_ns.max(1) as f64 / 1e9);
        sink.component(core, self.node, Metric::Utilisation, hottest.min(1.0));
        sink.component(core, self.node, Metric::Throttled, refused);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        Some(Load {
            busy_ns: self.reads.used_secs().max(self.writes.used_secs()) * 1e9,
            capacity_ns: core.now as f64,
        })
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        self.shelf.measures(out);
    }
}
