//! A bastion host: administrators log in here first and go on to a server, which has nothing else open.

use archplay_kernel::{Handle, exp_of, mix};
use archplay_model::Component;
use archplay_model::catalogue::bastion as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{Metric, Reason};

use super::cpu::Cpu;
use super::{Behaviour, Load};
use crate::compile::Compiler;
use crate::core::{Core, Phase};
use crate::plant::{Ask, NodeId, Way};
use crate::stats::columns::Sink;

/// Stages of a call in here.
const ON_CPU: u8 = 1;
/// Purpose of draws.
const WORK: u64 = 1;

/// A bastion host.
#[derive(Clone, Debug)]
pub(crate) struct Bastion {
    node: NodeId,
    cores: u32,
    /// Mean CPU time of a login.
    login_ns: f64,
    ways: Vec<Way>,
    cpu: Option<Cpu>,
    mark_busy: f64,
    mark_runnable: f64,
}

impl Bastion {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        Self {
            node,
            cores: component.count(&spec::VCPU),
            login_ns: component.number(&spec::LOGIN_CPU_MS) * 1e6,
            ways: compiler.out_ways(component),
            cpu: None,
            mark_busy: 0.0,
            mark_runnable: 0.0,
        }
    }
}

/// Where a login goes from a bastion host: a server and one of its units, in one word.
pub(crate) fn destination(node: NodeId, unit: u32) -> u64 {
    u64::from(node) << 32 | u64::from(unit)
}

impl Behaviour for Bastion {
    fn begin(&mut self, core: &mut Core) {
        let timer = core.add_timer(self.node, 0);
        self.cpu = Some(Cpu::new(self.cores, timer));
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        let up = core.boards[self.node as usize].up;
        let ask = core.plant.asks[call.ask as usize];
        if ask != Ask::Health {
            core.stats.rate(self.node);
        }
        match (ask, &mut self.cpu) {
            _ if !up => core.fail(handle, Reason::Refused, self.node),
            (Ask::Health, _) => core.finish(handle, Ok(())),
            (Ask::Login { .. }, Some(cpu)) => {
                core.enter(handle);
                if let Some(call) = core.calls.get_mut(handle) {
                    call.stage = ON_CPU;
                }
                let work = exp_of(mix(call.key, WORK), self.login_ns);
                let work = work * core.stretch(self.node);
                cpu.start(core.now, work, handle, &mut core.queue);
            }
            _ => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        let now = core.now;
        let done = match &mut self.cpu {
            Some(cpu) => cpu.finish_one(now, &mut core.queue),
            None => None,
        };
        let Some(handle) = done else { return };
        let row = match core.call(handle) {
            Some(call) if call.phase == Phase::Inside && call.stage == ON_CPU => call.row,
            _ => return,
        };
        let (node, unit) = ((row >> 32) as NodeId, row as u32);
        match self.ways.iter().find(|way| way.node == node) {
            Some(way) => core.pass_on(handle, *way, unit),
            None => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        let now = core.now;
        let Some(cpu) = &mut self.cpu else { return };
        match action {
            FaultAction::Kill if on => {
                cpu.clear(now, &mut core.queue);
                core.drop_inside(node, None, Reason::ConnectionLost);
            }
            FaultAction::HogCpu { cores } => {
                cpu.set_hog(now, if on { cores } else { 0.0 }, &mut core.queue);
            }
            _ => {}
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let Some(cpu) = &mut self.cpu else { return };
        cpu.settle(end);
        let span = span_ns as f64;
        let share = (cpu.busy_ns - self.mark_busy) / (span * cpu.cores());
        let runnable = (cpu.runnable_area - self.mark_runnable) / span;
        (self.mark_busy, self.mark_runnable) = (cpu.busy_ns, cpu.runnable_area);
        sink.component(core, self.node, Metric::Utilisation, share.min(1.0));
        sink.component(core, self.node, Metric::Runnable, runnable);
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        let cpu = self.cpu.as_mut()?;
        cpu.settle(core.now);
        Some(Load {
            busy_ns: cpu.busy_ns,
            capacity_ns: cpu.cores() * core.now as f64,
        })
    }
}
