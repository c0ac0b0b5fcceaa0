//! A graph store: finds a node and walks to its neighbours, on cores shared fairly. What it costs depends on
//! how many neighbours are read, not on how many rows there are. Only a query without a node to begin at looks at row
//! after row.
//!
//! With a link to a database the graph is kept there: a write is done when the database has it, and after a death
//! what is not in memory yet is read from there.

use archplay_kernel::{FOREVER, Handle, KeyStore, Policy, exp_of, mix};
use archplay_model::Component;
use archplay_model::catalogue::graph_store as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{Measure, Metric, Reason};

use super::cpu::Cpu;
use super::shelf::{Shelf, Turn, bytes_of, count_far, statement_of, turned_away};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Phase};
use crate::plant::{Access, NodeId, Statement};
use crate::stats::columns::Sink;

/// Purpose of the draws of processor time.
const WORK: u64 = 0x0067_7261_7068;
const SECOND: u64 = 0x7365_636f_6e64;

/// A graph store.
#[derive(Clone, Debug)]
pub(crate) struct GraphStore {
    node: NodeId,
    vcpu: u32,
    lookup_ns: f64,
    row_ns: f64,
    cpu: Option<Cpu>,
    shelf: Shelf,
    /// The rows in memory since it came back; `None` for all of them.
    warm: Option<KeyStore>,
    /// The database's version of what it was told last.
    version: u64,
    /// Busy time and runnable area at the last look.
    seen: (f64, f64),
}

impl GraphStore {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(_compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        Self {
            node,
            vcpu: component.count(&spec::VCPU),
            lookup_ns: component.number(&spec::LOOKUP_CPU_MS) * 1e6,
            row_ns: component.number(&spec::ROW_CPU_US) * 1e3,
            cpu: None,
            shelf: Shelf::new(node, 0),
            warm: None,
            version: 0,
            seen: (0.0, 0.0),
        }
    }
}

/// How many rows are known to be in memory again; of those beyond, the oldest are read once more.
const WARM: usize = 1 << 20;

fn key_of(dataset: u32, row: u64) -> u64 {
    mix(row, u64::from(dataset))
}

impl GraphStore {
    /// Looks one up and walks over so many rows.
    fn work(&mut self, core: &mut Core, handle: Handle, rows: f64, key: u64) {
        let mean = (self.lookup_ns + rows * self.row_ns) * core.stretch(self.node);
        let work = exp_of(mix(key, WORK), mean);
        if let Some(cpu) = &mut self.cpu {
            cpu.start(core.now, work, handle, &mut core.queue);
        }
    }

    fn give(&self, core: &mut Core, handle: Handle, statement: &Statement, version: u64) {
        count_far(
            core,
            self.node,
            handle,
            bytes_of(&core.plant.clone(), statement),
        );
        if let Some(call) = core.call(handle) {
            call.value = version;
        }
        core.finish(handle, Ok(()));
    }
}

impl Behaviour for GraphStore {
    fn begin(&mut self, core: &mut Core) {
        self.cpu = Some(Cpu::new(self.vcpu, core.add_timer(self.node, 0)));
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        if turned_away(core, handle, self.node) {
            return;
        }
        let plant = std::rc::Rc::clone(&core.plant);
        let (ask, key) = core
            .call(handle)
            .map_or((0, 0), |call| (call.ask, call.key));
        let Some(statement) = statement_of(&plant, ask) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        core.enter(handle);
        Shelf::begin(core, handle);
        let rows = match statement.access {
            _ if core.feed_rows(handle).is_some() => {
                let (rows, weight) = core.feed_rows(handle).unwrap_or((1, 1));
                f64::from(rows) * f64::from(weight)
            }
            Access::Read { rows, offset, .. } => {
                let all = plant.datasets[statement.dataset as usize].rows;
                let walked = f64::from(rows) + f64::from(offset);
                statement.looked_at(all).unwrap_or(walked)
            }
            _ => 1.0,
        };
        self.work(core, handle, rows, key);
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        let plant = std::rc::Rc::clone(&core.plant);
        let (ask, key) = core
            .call(handle)
            .map_or((0, 0), |call| (call.ask, call.key));
        if let Some(statement) = statement_of(&plant, ask)
            && self.shelf.next_turn(core, handle, statement) == Turn::Writes
        {
            self.work(core, handle, 1.0, mix(key, SECOND));
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        let done = self.cpu.as_mut();
        let Some(handle) = done.and_then(|cpu| cpu.finish_one(core.now, &mut core.queue)) else {
            return;
        };
        let plant = std::rc::Rc::clone(&core.plant);
        let Some(call) = core.call(handle).filter(|call| call.phase == Phase::Inside) else {
            return;
        };
        let (ask, row) = (call.ask, call.row);
        let Some(statement) = statement_of(&plant, ask) else {
            return;
        };
        let Some(route) = core.route(self.node, ask) else {
            if self.shelf.next_turn(core, handle, statement) == Turn::Ends {
                count_far(core, self.node, handle, bytes_of(&plant, statement));
                self.shelf.end(core, handle, statement, false);
            }
            return;
        };
        let key = key_of(statement.dataset, row);
        let warm = self.warm.as_mut();
        let here = warm.is_none_or(|warm| warm.get(key, 0));
        if here && !statement.access.writes() {
            return self.give(core, handle, statement, self.version);
        }
        core.ask(handle, route, ask, row);
    }

    /// The database has taken a write, or told what is not in memory.
    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        let plant = std::rc::Rc::clone(&core.plant);
        let Some(statement) = statement_of(&plant, answer.ask) else {
            return;
        };
        if let Err(reason) = answer.result {
            return core.finish(handle, Err(reason));
        }
        self.version = answer.value;
        let row = core.call(handle).map_or(0, |call| call.row);
        if let Some(warm) = &mut self.warm {
            warm.insert(key_of(statement.dataset, row), 0, FOREVER);
        }
        self.give(core, handle, statement, answer.value);
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        let (now, queue) = (core.now, &mut core.queue);
        let Some(cpu) = &mut self.cpu else { return };
        match action {
            FaultAction::Kill if on => {
                cpu.clear(now, queue);
                // Only what is kept elsewhere has to be read again.
                self.warm = Some(KeyStore::new(Policy::Lru, Some(WARM)));
                core.drop_inside(self.node, None, Reason::ConnectionLost);
            }
            FaultAction::HogCpu { cores } => cpu.set_hog(now, if on { cores } else { 0.0 }, queue),
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let Some(cpu) = &mut self.cpu else { return };
        cpu.settle(end);
        let (busy, area) = (cpu.busy_ns - self.seen.0, cpu.runnable_area - self.seen.1);
        self.seen = (cpu.busy_ns, cpu.runnable_area);
        let span = span_ns.max(1) as f64;
        let share = (busy / (span * cpu.cores())).min(1.0);
        sink.component(core, self.node, Metric::Utilisation, share);
        sink.component(core, self.node, Metric::Runnable, area / span);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let cpu = self.cpu.as_mut()?;
        cpu.settle(core.now);
        Some(Load {
            busy_ns: cpu.busy_ns,
            capacity_ns: cpu.cores() * core.now as f64,
        })
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        self.shelf.measures(out);
    }
}
