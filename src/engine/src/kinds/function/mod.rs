//! Functions: one instance for each request in flight, started when none is idle, each with connections of
//! its own.
//!
//! An instance has a processor to itself, so that only starts, the quota and those behind make a function slow.

mod instances;

use std::collections::VecDeque;

use archplay_kernel::{
    Deadlines, Gauge, Handle, NS_PER_SEC, TimerId, ns_from_ms, ns_from_ns, ns_from_secs,
};
use archplay_model::Component;
use archplay_model::catalogue::function as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Metric, Reason};

use super::pools::{PoolWaits, Pools, pooled_ways};
use super::program::{self, Drawn, Host};
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice, Outcome, Phase, Session};
use crate::plant::{Ask, AskId, NodeId, Program, Target, Way};
use crate::stats::columns::Sink;

/// The stage of a call whose instance is starting. The program's stages follow.
pub(super) const STARTS: u8 = 1;

/// Tags of timers.
const TIMEOUT: u32 = 0;
const KEEP: u32 = 1;
const POOL_WAIT: u32 = 2;

/// How long a request waits for one of its instance's connections: as a server's pool by default.
const POOL_WAIT_NS: u64 = 30 * NS_PER_SEC;

/// An instance, or a place for one.
#[derive(Clone, Debug)]
struct Instance {
    there: bool,
    pools: Pools,
}

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    node: NodeId,
    quota: u64,
    cold_start_ns: u64,
    scale_per_sec: f64,
    scale_burst: f64,
    keep_ns: u64,
    timeout_ns: u64,
    pool_size: u32,
    stores: Vec<Way>,
    programs: Vec<Option<Program>>,
    /// For media that go through it.
    media: Vec<(AskId, Program)>,
    instances: Vec<Instance>,
    /// Places without an instance.
    free: Vec<u32>,
    /// Idle instances with the moment since when; the last is taken first, so that those not needed expire.
    idle: VecDeque<(u32, u64)>,
    /// Set to the moment at which the first of them has been idle for too long.
    keep: Option<TimerId>,
    timeouts: Option<Deadlines<Handle>>,
    waits: Option<PoolWaits>,
    /// Instances that may be started now, and when that was so.
    tokens: f64,
    tokens_at: u64,
    there: Gauge,
    busy: Gauge,
    most: u64,
    cold_starts: u64,
    cold_starts_seen: u64,
    /// Of the focus window.
    cold_in_focus: u64,
    throttled: u64,
    throttled_once: bool,
    unresolved: bool,
}

impl Function {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let ways = compiler.out_ways(component);
        let scale_burst = f64::from(component.count(&spec::SCALE_BURST));
        Self {
            node,
            quota: u64::from(component.count(&spec::QUOTA)),
            cold_start_ns: ns_from_ms(component.number(&spec::COLD_START_MS)),
            scale_per_sec: component.number(&spec::SCALE_PER_SEC),
            scale_burst,
            keep_ns: ns_from_secs(component.number(&spec::KEEP_SECS)),
            timeout_ns: ns_from_secs(component.number(&spec::TIMEOUT_SECS)),
            pool_size: component.count(&spec::DB_POOL),
            stores: pooled_ways(&compiler.plant, &ways),
            programs: compiler.programs(node),
            media: compiler.media_programs(component, node),
            instances: Vec::new(),
            free: Vec::new(),
            idle: VecDeque::new(),
            keep: None,
            timeouts: None,
            waits: None,
            tokens: scale_burst,
            tokens_at: 0,
            there: Gauge::default(),
            busy: Gauge::default(),
            most: 0,
            cold_starts: 0,
            cold_starts_seen: 0,
            cold_in_focus: 0,
            throttled: 0,
            throttled_once: false,
            unresolved: false,
        }
    }

    fn begin_program(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        // Sessions live with the visitor: no instance remembers anybody.
        call.session = Session::None;
        let ask = call.ask;
        if let Some(timeouts) = &mut self.timeouts {
            timeouts.add(core.now, handle, &mut core.queue);
        }
        let program = match core.plant.asks[ask as usize] {
            Ask::Work { operation } => self.programs[operation as usize],
            Ask::Media { .. } => {
                let found = self.media.iter().find(|(other, _)| *other == ask);
                found.map(|(_, program)| *program)
            }
            _ => None,
        };
        match program {
            Some(program) => program::start(self, core, handle, program),
            None => {
                core.stats.cause(core.now, self.node, Reason::NoRoute);
                self.ended(core, handle, Err(Reason::NoRoute));
            }
        }
    }

    /// Those that have run too long are killed with their instance.
    fn run_out(&mut self, core: &mut Core) {
        while let Some(handle) = self.timeouts.as_mut().and_then(|t| t.pop_due(core.now)) {
            let Some(call) = core.calls.get(handle).copied() else {
                continue;
            };
            if call.node != self.node || call.phase != Phase::Inside {
                continue;
            }
            program::quit(self, core, handle);
            core.fail(handle, Reason::CallTimeout, self.node);
            if call.pending > 0 {
                // Its branches go with it.
                core.drop_inside(self.node, Some(call.unit), Reason::CallTimeout);
            }
            self.count_busy(core, false);
            self.end_instance(core, call.unit);
        }
        let (calls, node) = (&core.calls, self.node);
        if let Some(timeouts) = &mut self.timeouts {
            timeouts.rearm(&mut core.queue, |handle| {
                calls
                    .get(*handle)
                    .is_some_and(|call| call.node == node && call.phase == Phase::Inside)
            });
        }
    }
}

impl Host for Function {
    fn node(&self) -> NodeId {
        self.node
    }

    fn pools(&mut self, unit: u32) -> Option<&mut Pools> {
        self.instances
            .get_mut(unit as usize)
            .map(|instance| &mut instance.pools)
    }

    fn pool_waits(&mut self) -> Option<&mut PoolWaits> {
        self.waits.as_mut()
    }

    fn work(&mut self, core: &mut Core, call: Handle, work_ns: f64) {
        let ns = work_ns * core.stretch(self.node);
        core.wait(call, ns_from_ns(ns));
    }

    fn transmit(&mut self, core: &mut Core, call: Handle, bytes: u64, inside: bool) {
        let link = core.calls.get(call).map_or(0, |call| call.link);
        let far = core.plant.links.get(link as usize).is_some_and(|l| l.far);
        if !inside {
            let board = &mut core.boards[self.node as usize];
            board.bytes_out += bytes;
            board.bytes_far += if far { bytes } else { 0 };
        }
        core.soon(call);
    }

    fn draw_id(&mut self, _core: &mut Core, _call: Handle, _dataset: u32) -> Drawn {
        Drawn::ByStore
    }

    fn resolves(&self) -> bool {
        !self.unresolved
    }

    fn ended(&mut self, core: &mut Core, call: Handle, result: Outcome) {
        let Some(unit) = core.calls.get(call).map(|call| call.unit) else {
            return;
        };
        core.finish(call, result);
        self.rest(core, unit);
    }
}

impl Behaviour for Function {
    fn begin(&mut self, core: &mut Core) {
        let timer = core.add_timer(self.node, TIMEOUT);
        self.timeouts = Some(Deadlines::new(self.timeout_ns, timer));
        self.keep = Some(core.add_timer(self.node, KEEP));
        self.waits = Some(PoolWaits::new(core, self.node, POOL_WAIT, POOL_WAIT_NS));
        core.boards[self.node as usize].paid = 0;
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let ask = core.plant.asks[call.ask as usize];
        if ask == Ask::Branch {
            return program::begin_branch(self, core, handle);
        }
        let up = core.boards[self.node as usize].up;
        if ask == Ask::Health {
            return match up {
                true => core.finish(handle, Ok(())),
                false => core.fail(handle, Reason::Refused, self.node),
            };
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let Some((index, new)) = self.take_instance(core.now) else {
            self.throttled += 1;
            if !std::mem::replace(&mut self.throttled_once, true) {
                let quota = self.quota.min(u64::from(u32::MAX)) as u32;
                core.note(EventCode::Throttled, self.node, 0, quota);
            }
            return core.fail(handle, Reason::Throttled429, self.node);
        };
        self.cold_in_focus += u64::from(new && core.stats.in_focus(core.now));
        core.enter(handle);
        self.count_busy(core, true);
        if let Some(call) = core.call(handle) {
            call.unit = index;
            call.stage = STARTS;
        }
        if new && self.cold_start_ns > 0 {
            let ns = self.cold_start_ns as f64 * core.stretch(self.node);
            core.wait(handle, ns_from_ns(ns));
        } else {
            self.begin_program(core, handle);
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        match core.call(handle).map(|call| call.stage) {
            Some(STARTS) => {
                let now = core.now;
                if let Some(call) = core.call(handle) {
                    call.waited_in_line(now - call.arrived_ns);
                }
                self.begin_program(core, handle);
            }
            Some(program::ON_CPU | program::SENDS | program::WAITS_ID) => {
                program::go_on(self, core, handle);
            }
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
        match tag {
            TIMEOUT => self.run_out(core),
            KEEP => self.expire(core),
            _ => program::pool_timeouts(self, core),
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        let lost = match notice {
            Notice::Died => about,
            Notice::Promoted { from, .. } => from,
            _ => return,
        };
        let units = self.instances.len() as u32;
        program::store_died(self, core, lost, units);
    }

    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        match action {
            FaultAction::Kill if on => {
                for index in 0..self.instances.len() as u32 {
                    program::end_transactions(self, core, index);
                    self.end_instance(core, index);
                }
                self.idle.clear();
                self.busy.set(core.now, 0);
                core.boards[node as usize].paid = 0;
                core.drop_inside(node, None, Reason::ConnectionLost);
            }
            FaultAction::FailResolver => self.unresolved = on,
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let secs = span_ns as f64 / 1e9;
        let busy = self.busy.take_mean(end, span_ns);
        let starts = self.cold_starts - self.cold_starts_seen;
        self.cold_starts_seen = self.cold_starts;
        let throttled = std::mem::take(&mut self.throttled);
        for (metric, value) in [
            (Metric::Utilisation, (busy / self.quota as f64).min(1.0)),
            (Metric::Instances, self.there.value() as f64),
            (Metric::ColdStarts, starts as f64 / secs),
            (Metric::Throttled, throttled as f64 / secs),
        ] {
            sink.component(core, self.node, metric, value);
        }
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        Some(Load {
            busy_ns: self.busy.area(core.now) as f64,
            capacity_ns: self.quota as f64 * core.now as f64,
        })
    }

    fn units(&mut self, core: &mut Core) -> (u32, f64) {
        let most = self.most.min(u64::from(u32::MAX)) as u32;
        (most, self.busy.area(core.now) as f64)
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        out.push((Measure::ColdStarts, self.cold_in_focus as f64));
        if let Some(mean) = self.waits.as_ref().and_then(PoolWaits::mean_ms) {
            out.push((Measure::PoolWaitMean, mean));
        }
    }
}
