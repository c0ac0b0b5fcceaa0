//! Application servers: one component, one unit, or as many as its auto-scaling group wants.
//!
//! Here: what reaches a server, and what it is to `program`, which walks the steps of a request. `work` has
//! worker threads and backlogs, `unit` the life of a unit, `memory` its memory and disk, `faults` what strikes
//! it, `scaling` the group, `session` where sessions are, `plan` the parameters, `series` the numbers.

mod faults;
mod memory;
mod plan;
mod scaling;
mod series;
mod session;
mod unit;
mod work;

use archplay_kernel::{Gauge, Handle, Stream, exp_of, mix};
use archplay_model::Component;
use archplay_model::scenario::FaultAction;
use archplay_report::{Measure, Reason};

use super::pools::{PoolWaits, Pools};
use super::program::{self, Drawn, Host};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice, Outcome};
use crate::plant::{Ask, NOBODY, NodeId, Target};
use crate::stats::columns::Sink;
use plan::ServerPlan;
use scaling::Group;
use series::Series;
use unit::{State, Unit};

/// Stages of a call in here, besides the program's.
const LOGIN: u8 = 1;
pub(super) const BACKLOG: u8 = 2;
const HEALTH: u8 = 3;
/// A worker has taken it from the backlog and begins.
const BEGINS: u8 = 4;

/// Purpose of draws.
const LOGIN_WORK: u64 = 1;

/// Tags of timers; the low bits say of which unit or action.
const CPU: u32 = 0;
const READY: u32 = 1 << 24;
const SCHEDULED: u32 = 2 << 24;
const SAMPLE: u32 = 3 << 24;
const POOL_WAIT: u32 = 4 << 24;
const LEAK: u32 = 5 << 24;
const TAG: u32 = 0xff << 24;

/// A server with all its units.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    node: NodeId,
    plan: ServerPlan,
    units: Vec<Unit>,
    group: Option<Group>,
    waits: Option<PoolWaits>,
    stream: Stream,
    /// A fault of the whole component keeps every unit from being there.
    blocked: bool,
    /// Names outside cannot be looked up.
    unresolved: bool,
    /// The disks of all units are full.
    filled: bool,
    /// Cores that another program wants on each unit.
    hog: f64,
    /// Bytes a second that a process on each unit takes more; 0 for none.
    leak: f64,
    /// A timer looks every second where that leads.
    leak_watched: bool,
    up: Gauge,
    booting: u32,
    paid: Gauge,
    most: u32,
    series: Series,
}

impl Server {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let plan = ServerPlan::new(compiler, component, node);
        let id = component.id.as_str();
        Self {
            node,
            units: Vec::new(),
            group: Group::new(compiler, component),
            waits: None,
            stream: Stream::named(compiler.plant.seed, id, "ids"),
            blocked: false,
            unresolved: false,
            filled: false,
            hog: 0.0,
            leak: 0.0,
            leak_watched: false,
            up: Gauge::default(),
            booting: 0,
            paid: Gauge::default(),
            most: 0,
            series: Series::default(),
            plan,
        }
    }
}

impl Host for Server {
    fn node(&self) -> NodeId {
        self.node
    }

    fn pools(&mut self, unit: u32) -> Option<&mut Pools> {
        self.units
            .get_mut(unit as usize)
            .map(|unit| &mut unit.pools)
    }

    fn pool_waits(&mut self) -> Option<&mut PoolWaits> {
        self.waits.as_mut()
    }

    fn work(&mut self, core: &mut Core, call: Handle, work_ns: f64) {
        self.on_cpu(core, call, program::ON_CPU, work_ns);
    }

    /// Bytes wait for the network card, one answer after the other; the worker waits with them.
    fn transmit(&mut self, core: &mut Core, handle: Handle, bytes: u64, inside: bool) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let (index, link, now) = (call.unit as usize, call.link, core.now);
        let span = bytes as f64 * self.plan.nic_ns_per_byte * core.stretch(self.node);
        let Some(unit) = self.units.get_mut(index) else {
            return;
        };
        let begin = unit.nic_free_ns.max(now);
        unit.nic_free_ns = begin.saturating_add(span as u64);
        let wait = unit.nic_free_ns - now;
        if let Some(call) = core.calls.get_mut(handle) {
            call.in_line(now, begin - now);
        }
        self.series.nic_ns += span as u64;
        if !inside {
            self.series.bytes += bytes;
            let far = core.plant.links.get(link as usize).is_some_and(|l| l.far);
            let board = &mut core.boards[self.node as usize];
            board.bytes_out += bytes;
            board.bytes_far += if far { bytes } else { 0 };
        }
        core.wait(handle, wait);
    }

    fn draw_id(&mut self, core: &mut Core, call: Handle, _dataset: u32) -> Drawn {
        let unit = core.calls.get(call).map_or(NOBODY, |call| call.unit);
        match self.units.get_mut(unit as usize) {
            Some(unit) => unit.draw_id(core.now, &mut self.stream),
            None => Drawn::ByStore,
        }
    }

    fn resolves(&self) -> bool {
        !self.unresolved
    }

    fn ended(&mut self, core: &mut Core, call: Handle, result: Outcome) {
        self.leave(core, call, result);
    }
}

impl Behaviour for Server {
    fn begin(&mut self, core: &mut Core) {
        let wait = self.plan.pool_timeout_ns;
        self.waits = Some(PoolWaits::new(core, self.node, POOL_WAIT, wait));
        self.begin_units(core);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        let ask = core.plant.asks[call.ask as usize];
        if ask == Ask::Branch {
            return program::begin_branch(self, core, handle);
        }
        if ask != Ask::Health {
            core.stats.rate(self.node);
        }
        let index = match call.unit {
            // A visitor keeps to one unit as long as none comes or goes.
            NOBODY if call.person == 0 => self.choose_unit(call.key),
            NOBODY => self.choose_unit(call.person),
            unit => unit,
        };
        let takes = self
            .units
            .get(index as usize)
            .is_some_and(|unit| matches!(unit.state, State::Up | State::Draining));
        if !takes {
            return core.fail(handle, Reason::Refused, self.node);
        }
        if let Some(call) = core.call(handle) {
            call.unit = index;
        }
        if let Ask::Login { mean_ns } = ask {
            core.enter(handle);
            self.units[index as usize].logins += 1;
            let work = exp_of(mix(call.key, LOGIN_WORK), mean_ns);
            self.on_cpu(core, handle, LOGIN, work);
            return self.check_memory(core, index);
        }
        self.admit(core, handle, index);
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        match core.call(handle).map(|call| call.stage) {
            Some(BEGINS) => self.begin_work(core, handle),
            Some(program::SENDS | program::WAITS_ID) => program::go_on(self, core, handle),
            Some(program::AGAIN) => program::again(self, core, handle),
            _ => {}
        }
    }

    fn other(&mut self, core: &mut Core, handle: Handle, (first, _): Target) -> Option<Target> {
        program::other(self, core, handle, first)
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        program::answered(self, core, handle, answer);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        let index = tag & !TAG;
        match tag & TAG {
            CPU => self.cpu_done(core, index),
            READY => self.ready(core, index),
            SCHEDULED => self.scheduled(core, index),
            SAMPLE => self.sample(core),
            POOL_WAIT => program::pool_timeouts(self, core),
            LEAK => self.watch_leak(core),
            _ => {}
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        match notice {
            Notice::Died => {
                let units = self.units.len() as u32;
                program::store_died(self, core, about, units);
                self.store_of_sessions_died(core, about);
            }
            Notice::Promoted { from, .. } => {
                // The name leads to another now; those who had connections have to open new ones.
                let units = self.units.len() as u32;
                program::store_died(self, core, from, units);
            }
            Notice::ScaleOut { by } => self.scale_out(core, by),
            Notice::Restart => self.restart_all(core),
            _ => {}
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        _node: NodeId,
        unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        self.strike(core, unit, action, on);
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        self.put_columns(core, sink, end, span_ns);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let now = core.now;
        let mut busy_ns = 0.0;
        for unit in &mut self.units {
            unit.cpu.settle(now);
            busy_ns += unit.cpu.busy_ns;
        }
        Some(Load {
            busy_ns,
            capacity_ns: self.up.area(now) as f64 * f64::from(self.plan.cores),
        })
    }

    fn units(&mut self, core: &mut Core) -> (u32, f64) {
        (self.most, self.paid.area(core.now) as f64)
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        if let Some(mean) = self.waits.as_ref().and_then(PoolWaits::mean_ms) {
            out.push((Measure::PoolWaitMean, mean));
        }
    }
}
