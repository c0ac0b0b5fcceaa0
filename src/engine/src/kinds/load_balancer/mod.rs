//! Load balancer: chooses a target for each request, holds the request until the target has answered, and
//! finds out by health checks who can be asked.
//!
//! Who there is and who gets requests is in `targets`, the checks in `health`. It has no limit of its own.

mod choice;
mod health;
mod targets;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use archplay_kernel::{Handle, Stream, TimerId, ns_from_secs};
use archplay_model::catalogue::load_balancer as spec;
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Metric, Reason};

use self::targets::Targets;
use super::Behaviour;
use super::proxy::{Proxy, Watch, inside, seen};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::keyed::Keyed;
use crate::plant::{NOBODY, NodeId, Target};
use crate::stats::columns::Sink;

/// How a target is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    RoundRobin,
    LeastOutstanding,
    PowerOfTwo,
    Random,
    ShortestLine,
    Weighted,
}

/// Its timers. Those from `TARGETS` on are the next check of a target.
const IDLE: u32 = 0;
const CHECKS: u32 = 1;
const DRAINS: u32 = 2;
const START: u32 = 3;
const TARGETS: u32 = 4;

/// How long a sticky visitor is remembered after the last request.
const STICKY_NS: u64 = 3_600_000_000_000;

#[derive(Clone, Debug)]
pub(crate) struct LoadBalancer {
    node: NodeId,
    algorithm: Algorithm,
    interval_ns: u64,
    healthy: u32,
    unhealthy: u32,
    slow_ns: u64,
    drain_ns: u64,
    targets: Targets,
    /// Draws for its own choices.
    stream: Stream,
    proxy: Proxy,
    checks: Watch,
    /// Which target a visitor keeps.
    sticky: Option<Keyed<u32>>,
    /// Targets that may finish what they have, until when, in which generation.
    drains: VecDeque<(u64, u32, u32)>,
    drain_timer: Option<TimerId>,
    /// Whether the first checks have been spread.
    started: bool,
    failing_open: bool,
}

impl LoadBalancer {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let secs = |spec| ns_from_secs(component.number(spec));
        let sticky = component.text(&spec::STICKY) == "yes";
        let seed = compiler.plant.seed;
        Self {
            node,
            algorithm: match component.text(&spec::ALGORITHM) {
                "least_outstanding" => Algorithm::LeastOutstanding,
                "power_of_two" => Algorithm::PowerOfTwo,
                "random" => Algorithm::Random,
                "shortest_line" => Algorithm::ShortestLine,
                "weighted" => Algorithm::Weighted,
                _ => Algorithm::RoundRobin,
            },
            interval_ns: secs(&spec::HEALTH_INTERVAL_SECS),
            healthy: component.count(&spec::HEALTHY_THRESHOLD),
            unhealthy: component.count(&spec::UNHEALTHY_THRESHOLD),
            slow_ns: secs(&spec::SLOW_START_SECS),
            drain_ns: secs(&spec::DRAIN_SECS),
            targets: Targets::new(compiler, component, node),
            stream: Stream::named(seed, component.id.as_str(), "choices"),
            proxy: Proxy::new(node, secs(&spec::IDLE_TIMEOUT_SECS), |_| true),
            checks: Watch::new(secs(&spec::HEALTH_TIMEOUT_SECS)),
            sticky: sticky.then(Keyed::default),
            drains: VecDeque::new(),
            drain_timer: None,
            started: false,
            failing_open: false,
        }
    }

    /// The target for a request.
    #[inline(always)]
    fn pick(&mut self, core: &Core, class: u32, person: u64) -> Option<u32> {
        if self.sticky.is_some() {
            self.pick_sticky(core, class, person)
        } else {
            self.choose(core, class)
        }
    }

    /// The visitor's own target, if it still gets requests.
    #[inline(never)]
    fn pick_sticky(&mut self, core: &Core, class: u32, person: u64) -> Option<u32> {
        let now = core.now;
        let kept = self.sticky.as_ref().and_then(|kept| kept.get(person, now));
        let target = match kept {
            Some(target) if self.targets.takes(class, target) => target,
            _ => self.choose(core, class)?,
        };
        if let Some(sticky) = &mut self.sticky {
            sticky.put(person, now, now.saturating_add(STICKY_NS), target);
        }
        Some(target)
    }

    /// A unit is there: a target from now on. What is there from the beginning counts as healthy; a newcomer
    /// has to pass one check.
    fn register(&mut self, core: &mut Core, node: NodeId, unit: u32, trusted: bool) {
        let Some(index) = self.targets.place_of(core, node, unit) else {
            return;
        };
        let first = if self.started {
            core.now + if trusted { self.interval_ns } else { 0 }
        } else {
            // All first checks are spread together, as soon as all who begin are there.
            u64::MAX
        };
        let target = &mut self.targets.list[index as usize];
        target.registered = true;
        target.healthy = trusted;
        target.fresh = !trusted;
        (target.passes, target.fails) = (0, 0);
        target.slow_since = None;
        target.generation = target.generation.wrapping_add(1);
        target.next_check_ns = first;
        if first < u64::MAX {
            core.wake_node(self.node, TARGETS + index, first);
        }
        self.refresh(core);
    }

    /// A unit goes: it gets no more requests, and may finish those it has for a time.
    fn deregister(&mut self, core: &mut Core, node: NodeId, unit: u32) {
        let Some(index) = self.targets.find(node, unit) else {
            return;
        };
        let target = &mut self.targets.list[index as usize];
        if !target.registered {
            return;
        }
        target.registered = false;
        target.healthy = false;
        target.generation = target.generation.wrapping_add(1);
        let (generation, busy) = (target.generation, target.outstanding > 0);
        if busy {
            let at = core.now.saturating_add(self.drain_ns);
            if let (true, Some(timer)) = (self.drains.is_empty(), self.drain_timer) {
                core.queue.set(timer, at);
            }
            self.drains.push_back((at, index, generation));
        }
        self.refresh(core);
    }

    /// The time to finish is over: what a target that went still has is cut.
    fn end_drains(&mut self, core: &mut Core) {
        while let Some((at, index, generation)) = self.drains.front().copied() {
            if at > core.now {
                if let Some(timer) = self.drain_timer {
                    core.queue.set(timer, at);
                }
                return;
            }
            self.drains.pop_front();
            let target = &self.targets.list[index as usize];
            if target.generation == generation && target.outstanding > 0 {
                self.cut(core, index);
            }
        }
    }

    /// Breaks all connections to a target.
    fn cut(&mut self, core: &mut Core, index: u32) {
        let node = self.node;
        let ours = |handle: &Handle| {
            core.calls
                .get(*handle)
                .is_some_and(|call| call.node == node && [call.held, call.beside].contains(&index))
        };
        let all: Vec<Handle> = core.calls.iter().map(|(handle, _)| handle).collect();
        let held: Vec<Handle> = all
            .into_iter()
            .filter(|handle| inside(core, *handle) && ours(handle))
            .collect();
        for handle in held {
            if self.goes_on_elsewhere(core, handle, index) {
                continue;
            }
            self.let_go(core, handle);
            core.fail(handle, Reason::ConnectionLost, node);
        }
    }

    /// The connection of a request to a target breaks. Whether it waits for another target too.
    fn goes_on_elsewhere(&mut self, core: &mut Core, handle: Handle, target: u32) -> bool {
        let Some(call) = core.calls.get(handle) else {
            return false;
        };
        let (held, beside, child) = (call.held, call.beside, call.child);
        let second = beside == target && held != target;
        if beside == NOBODY || beside == held || !core.cut_one(child, usize::from(second)) {
            return false;
        }
        self.targets.done(target);
        if let Some(call) = core.call(handle) {
            call.held = if second { held } else { beside };
            call.beside = NOBODY;
        }
        true
    }

    /// A request no longer waits for its target.
    fn let_go(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let child = call.child;
        self.done(core, handle);
        core.give_up(child);
    }

    /// A request's targets have nothing more to do for it.
    #[inline(always)]
    fn done(&mut self, core: &Core, handle: Handle) {
        if let Some(call) = core.calls.get(handle) {
            self.targets.done(call.held);
            self.targets.done(call.beside);
        }
    }

    /// Lists anew who gets requests, and tells when nobody is healthy any more.
    fn refresh(&mut self, core: &mut Core) {
        let open = self.targets.refresh();
        let opened = open && !self.failing_open;
        self.failing_open = open;
        if opened {
            let count = self.targets.in_use();
            core.note(EventCode::FailOpen, self.node, 0, count);
        }
    }
}

impl Behaviour for LoadBalancer {
    fn begin(&mut self, core: &mut Core) {
        self.proxy.begin(core, IDLE);
        self.checks.begin(core, self.node, CHECKS);
        self.drain_timer = Some(core.add_timer(self.node, DRAINS));
        // Servers announce their instances; all else is one target for as long as it is drawn.
        for node in self.targets.nodes() {
            if core.plant.nodes[node as usize].kind != Kind::Server {
                self.register(core, node, 0, true);
            }
        }
        core.wake_node(self.node, START, 0);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let (ask, person) = (call.ask, call.person);
        if ask != core.plant.health {
            core.stats.rate(self.node);
        }
        if !core.boards[self.node as usize].up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let class = self.targets.class_of(ask);
        if class == NOBODY {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        let Some(target) = self.pick(core, class, person) else {
            return core.fail(handle, Reason::Unavailable503, self.node);
        };
        core.enter(handle);
        if let Some(call) = core.call(handle) {
            call.held = target;
        }
        let chosen = self.targets.take(target);
        self.proxy.forward(core, handle, chosen, ask);
    }

    fn other(&mut self, core: &mut Core, handle: Handle, _first: Target) -> Option<Target> {
        let call = *core.calls.get(handle)?;
        // That of an earlier try.
        self.targets.done(call.beside);
        let class = self.targets.class_of(call.ask);
        let target = self.choose_other(core, class, call.held).filter(|target| {
            let link = self.targets.list[*target as usize].way.link;
            !core.is_cut_off(self.node, link)
        });
        if let Some(call) = core.call(handle) {
            call.beside = target.unwrap_or(NOBODY);
        }
        Some(self.targets.take(target?))
    }

    fn next(&mut self, core: &mut Core, handle: Handle, first: Target) -> Option<Target> {
        let (way, unit) = self.other(core, handle, first)?;
        if let Some(call) = core.call(handle) {
            // The one before has nothing more to do with it.
            self.targets.done(call.held);
            call.held = std::mem::replace(&mut call.beside, NOBODY);
        }
        Some((way, unit))
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        self.done(core, handle);
        if let Some(call) = core.calls.get_mut(handle) {
            call.value = answer.value;
        }
        core.finish_here(handle, seen(answer.result));
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        self.checked(core, answer.tag, answer.result.is_ok());
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        match tag {
            IDLE => {
                while let Some(handle) = self.proxy.timed_out(core) {
                    self.done(core, handle);
                    core.fail(handle, Reason::GatewayTimeout504, self.node);
                }
            }
            CHECKS => self.checks_timed_out(core),
            DRAINS => self.end_drains(core),
            START => self.spread_checks(core),
            _ => self.check(core, tag - TARGETS),
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        match notice {
            Notice::UnitUp { unit, trusted } => self.register(core, about, unit, trusted),
            Notice::UnitGone { unit } => self.deregister(core, about, unit),
            _ => {}
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
        if action == FaultAction::Kill && on {
            self.proxy.clear();
            self.drains.clear();
            self.targets.forget_requests();
            core.drop_inside(node, None, Reason::ConnectionLost);
        }
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, _end: u64, _span_ns: u64) {
        let healthy = f64::from(self.targets.healthy());
        sink.component(core, self.node, Metric::Healthy, healthy);
    }
}
