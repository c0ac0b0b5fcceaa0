//! A cache: keeps rows of datasets in memory, by shards with a processor each.
//!
//! Which rows are in, and how old they are, decides every hit and miss; the hit ratio is only counted. A row
//! that was overwritten in the store stays as it is until it is forgotten, expires or has to go. What the
//! asker does with a miss (it fetches, and brings what it found) lives with the asker.

mod behind;
mod feed;
mod flight;
mod shard;
mod work;

use archplay_kernel::{Handle, Policy, mix, ns_from_ms, ns_from_secs};
use archplay_model::Component;
use archplay_model::catalogue::cache as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use self::behind::Behind;
use self::flight::Flights;
use self::shard::{ITEM_BYTES, Shard, key_of};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::{Ask, NodeId};
use crate::stats::columns::Sink;

/// Stages of a call in here.
pub(super) const AT_SHARD: u8 = 1;
pub(super) const WAITS: u8 = 2;
const FETCHES: u8 = 3;
const WRITES: u8 = 4;

/// Timers.
const LATE: u32 = 0;
const BEHIND: u32 = 1;

/// Which shard a key belongs to.
const SHARD: u64 = 0x6361_6368_6531;

/// Who writes to the store, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Aside,
    Through,
    Behind,
}

/// A cache.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    node: NodeId,
    mode: Mode,
    shards: Vec<Shard>,
    /// How many rows of the call at hand lie in each shard.
    rows_each: Vec<u32>,
    operation_ns: f64,
    latency_ns: u64,
    ttl_ns: u64,
    jitter: f64,
    single_flight: bool,
    behind_ns: u64,
    flights: Option<Flights>,
    behind: Option<Behind>,
    /// Cores that another program wants, and memory that one takes: since when, bytes a nanosecond.
    hog: f64,
    leak: Option<(u64, f64)>,
    /// Versions of what is written here and nowhere else.
    own_version: u64,
    /// What it has of a news feed.
    feed: feed::Share,
    /// Look-ups and hits in the bucket, and in the focus window.
    bucket: (u64, u64),
    focus: (u64, u64),
    stale: u64,
}

impl Cache {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let count = component.count(&spec::SHARDS).max(1) as usize;
        let sliding = component.text(&spec::SLIDING) == "yes";
        let (policy, renew) = match component.text(&spec::POLICY) {
            "lfu" => (Policy::LfuInCache, sliding),
            "lfu_perfect" => (Policy::LfuPerfect, sliding),
            _ if sliding => (Policy::Ttl { sliding }, false),
            _ => (Policy::Lru, false),
        };
        let feed = feed::Share::new(&compiler.plant, node);
        let entries = feed.entries(component.count(&spec::ENTRIES) as usize);
        let bytes = (component.number(&spec::MEMORY_MIB) * 1_048_576.0) as u64;
        let datasets = &compiler.plant.datasets;
        let sizes: Vec<u64> = (0..)
            .zip(datasets)
            .map(|(i, dataset)| feed.size(i, u64::from(dataset.row_bytes), ITEM_BYTES))
            .collect();
        let shard = |i: usize| {
            // What does not divide goes to the first shards.
            let own = entries / count + usize::from(i < entries % count);
            Shard::new(
                policy,
                renew,
                (entries > 0).then_some(own),
                bytes / count as u64,
                sizes.clone(),
                compiler.plant.focus,
            )
        };
        Self {
            node,
            mode: match component.text(&spec::MODE) {
                "through" => Mode::Through,
                "behind" => Mode::Behind,
                _ => Mode::Aside,
            },
            shards: (0..count).map(shard).collect(),
            rows_each: Vec::new(),
            operation_ns: component.number(&spec::OPERATION_US) * 1e3,
            latency_ns: ns_from_ms(component.number(&spec::LATENCY_MS)),
            ttl_ns: ns_from_secs(component.number(&spec::TTL_SECS)),
            jitter: component.number(&spec::TTL_JITTER_PERCENT) / 100.0,
            single_flight: component.text(&spec::SINGLE_FLIGHT) == "yes",
            behind_ns: ns_from_ms(component.number(&spec::BEHIND_MS)),
            flights: None,
            behind: None,
            hog: 0.0,
            leak: None,
            own_version: 0,
            feed,
            bucket: (0, 0),
            focus: (0, 0),
            stale: 0,
        }
    }

    fn shard_of(&mut self, key: u64) -> &mut Shard {
        let index = shard_index(key, self.shards.len());
        &mut self.shards[index]
    }

    /// Whether the shard that has a key is dead.
    fn is_down(&self, key: u64) -> bool {
        self.shards[shard_index(key, self.shards.len())].down
    }

    /// One shard dies, or comes back empty.
    pub(crate) fn has_shard(&self, number: u32) -> bool {
        (1..=self.shards.len()).contains(&(number as usize))
    }

    fn strike_shard(&mut self, now: u64, number: u32, on: bool) {
        let index = (number as usize).wrapping_sub(1);
        let count = self.shards.len();
        let Some(shard) = self.shards.get_mut(index) else {
            return;
        };
        shard.down = on;
        if on {
            shard.clear(now);
            shard.processor.clear(now);
            if let Some(behind) = &mut self.behind {
                behind.lose(|key| shard_index(key, count) == index);
            }
        }
    }

    /// Processor time of one operation now.
    fn operation(&self, core: &Core) -> u64 {
        // A program beside it gets its share of the cores.
        let shared = 1.0 + self.hog / self.shards.len() as f64;
        (self.operation_ns * shared * core.stretch(self.node)) as u64
    }

    fn empty(&mut self, now: u64) {
        for shard in &mut self.shards {
            shard.clear(now);
        }
    }

    fn die(&mut self, core: &mut Core) {
        let now = core.now;
        self.empty(now);
        for shard in &mut self.shards {
            shard.processor.clear(now);
        }
        if let Some(flights) = &mut self.flights {
            flights.clear();
        }
        if let Some(behind) = &mut self.behind {
            behind.die();
        }
        core.drop_inside(self.node, None, Reason::ConnectionLost);
    }
}

/// Which of so many shards has a key.
fn shard_index(key: u64, count: usize) -> usize {
    if count == 1 {
        0
    } else {
        (mix(key, SHARD) % count as u64) as usize
    }
}

impl Behaviour for Cache {
    fn begin(&mut self, core: &mut Core) {
        core.boards[self.node as usize].paid = self.shards.len() as u32;
        self.warm(core);
        if self.single_flight {
            self.flights = Some(Flights::new(core.add_timer(self.node, LATE)));
        }
        if self.mode == Mode::Behind {
            self.behind = Some(Behind::new(
                self.behind_ns,
                core.add_timer(self.node, BEHIND),
            ));
        }
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let up = core.boards[self.node as usize].up;
        let Some(call) = core.call(handle) else {
            return;
        };
        let ask = call.ask;
        if matches!(core.plant.asks[ask as usize], Ask::Health) {
            return if up {
                core.finish(handle, Ok(()))
            } else {
                core.fail(handle, Reason::Refused, self.node)
            };
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let Some(wish) = self.wish(core, handle) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        if self.is_down(wish.key) && !self.has_many(core, handle) {
            return core.fail(handle, Reason::Refused, self.node);
        }
        core.enter(handle);
        if let Some(call) = core.call(handle) {
            call.stage = AT_SHARD;
        }
        let (now, ns) = (core.now, self.operation(core));
        let (done, line) = match self.take_many(core, handle, ns) {
            Some(taken) => taken,
            None => self.shard_of(wish.key).processor.take_after_line(now, ns),
        };
        if let Some(call) = core.call(handle) {
            call.in_line(now, line);
        }
        let latency = (self.latency_ns as f64 * core.stretch(self.node)) as u64;
        core.wait(handle, (done - now).saturating_add(latency));
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if core.call(handle).is_some_and(|call| call.stage == AT_SHARD) {
            self.work(core, handle);
            self.tell_renewed(core);
        }
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        self.store_answered(core, handle, answer);
        self.tell_renewed(core);
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        if let Some(behind) = &mut self.behind
            && let Some(key) = behind.answered(core, answer)
        {
            self.shard_of(key).confirm(key, answer.value);
        }
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        if tag == BEHIND {
            if let Some(behind) = &mut self.behind {
                behind.flush(core, self.node);
            }
            return;
        }
        while let Some(key) = self.flights.as_mut().and_then(|f| f.overdue(core.now)) {
            self.next_fetches(core, key);
        }
        if let Some(flights) = &mut self.flights {
            flights.rearm(&mut core.queue);
        }
    }

    fn notice(&mut self, core: &mut Core, _about: NodeId, notice: Notice) {
        if !core.boards[self.node as usize].up {
            return;
        }
        match notice {
            Notice::Fill {
                dataset,
                row,
                version,
            } => {
                let key = key_of(dataset, row);
                self.occupy(core, key);
                self.put(core, key, version);
                self.landed(core, key, version);
            }
            Notice::Forget { dataset, row } => {
                let key = key_of(dataset, row);
                self.occupy(core, key);
                let now = core.now;
                self.shard_of(key).forget(key, now);
            }
            Notice::Outdate { dataset, row } => self.outdate(core, (dataset, row)),
            _ => {}
        }
        self.tell_renewed(core);
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        match action {
            FaultAction::Kill if on => self.die(core),
            FaultAction::Expire if on => {
                self.empty(core.now);
                core.note(EventCode::Expired, self.node, 0, 0);
            }
            FaultAction::KillShard { shard } => self.strike_shard(core.now, shard, on),
            FaultAction::HogCpu { cores } => self.hog = if on { cores.max(0.0) } else { 0.0 },
            FaultAction::LeakMemory { mib_per_sec } => {
                let per_ns = mib_per_sec.max(0.0) * 1_048_576.0 / 1e9;
                let since = super::leak_since(self.leak, per_ns, core.now);
                self.leak = on.then_some((since, per_ns));
            }
            _ => {}
        }
        self.tell_renewed(core);
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let (looked, hits) = std::mem::take(&mut self.bucket);
        let hit_ratio = hits as f64 / looked as f64;
        let (mut memory, mut busy) = (0.0_f64, 0.0_f64);
        let leaked = self.leaked(end);
        for shard in &mut self.shards {
            memory = memory.max(shard.fullness(end, leaked));
            busy = busy.max(shard.processor.take_share(end, span_ns));
        }
        sink.component(core, self.node, Metric::HitRatio, hit_ratio);
        sink.component(core, self.node, Metric::Memory, memory.min(1.0));
        sink.component(core, self.node, Metric::Utilisation, busy.min(1.0));
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let now = core.now;
        let mut load = Load::default();
        for shard in &self.shards {
            load.busy_ns += shard.processor.busy_ns(now) as f64;
            load.capacity_ns += shard.processor.capacity_ns(now);
        }
        Some(load)
    }

    fn units(&mut self, core: &mut Core) -> (u32, f64) {
        let shards = self.shards.len() as u32;
        (shards, f64::from(shards) * core.now as f64)
    }

    fn measures(&mut self, core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let now = core.now;
        let (begin, end) = core.stats.focus;
        let span = now.min(end).saturating_sub(begin) as f64;
        let (looked, hits) = self.focus;
        let items: f64 = self.shards.iter_mut().map(|s| s.live_area(now)).sum();
        out.extend([
            (Measure::HitRatio, hits as f64 / looked as f64),
            (Measure::MissRate, (looked - hits) as f64 / (span / 1e9)),
            (Measure::ItemsMean, items / span),
            (Measure::StaleReads, self.stale as f64),
        ]);
        if let Some(behind) = &self.behind {
            out.extend([
                (Measure::LostWrites, behind.lost as f64),
                (Measure::LagBacklog, behind.backlog() as f64),
            ]);
        }
    }
}
