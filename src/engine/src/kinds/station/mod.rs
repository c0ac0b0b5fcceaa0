//! A textbook queue: waiting places, parallel servers, a service time distribution, first come first served.
//!
//! What comes after a service is probabilistic routing, feedback, a nested call or a fork with k of n. This
//! is how the engine is checked against theory through the public documents. What is counted of it is in `visits`,
//! which way is drawn in `ways`.

mod visits;
mod ways;

use std::collections::VecDeque;

use archplay_kernel::{Deadlines, Handle, Sampler, exp_of, mix, ns_from_ns, unit_of};
use archplay_model::Component;
use archplay_model::catalogue::station as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Measure, Reason};

use self::visits::Visits;
use self::ways::Ways;
use super::{Behaviour, Load};
use crate::compile::{Compiler, spread_of};
use crate::core::{Answer, Call, Core, Event, Phase, Queue};
use crate::plant::{NodeId, Target, Way};
use crate::stats::columns::Sink;

/// What comes after a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The request goes on and the server is free.
    PassOn,
    /// It asks one, and keeps its server meanwhile.
    Call,
    /// It asks all, and keeps its server meanwhile.
    Fork,
}

/// Stages of a call in here.
pub(super) const WAITS: u8 = 1;
const SERVED: u8 = 2;
const ASKS: u8 = 3;

/// Purposes of draws.
const SERVICE: u64 = 1;
const PATIENCE: u64 = 2;
const FAILS: u64 = 3;

/// One in the line. How long the service will take is drawn when the line is joined: the server that becomes free
/// then need not wait for a logarithm.
#[derive(Clone, Copy, Debug)]
struct InLine {
    call: Handle,
    service_ns: f64,
}

/// A textbook queue.
#[derive(Clone, Debug)]
pub(crate) struct Station {
    node: NodeId,
    /// 0 for as many as there are requests.
    workers: u64,
    service: Sampler,
    capacity: u64,
    /// Mean patience in nanoseconds; 0 for endless.
    patience_ns: f64,
    patience_varies: bool,
    fails: f64,
    then: Then,
    wait_for: u16,
    sequential: bool,
    /// Where it goes next.
    ways: Ways,
    line: VecDeque<InLine>,
    patience: Option<Deadlines<(Handle, u64)>>,
    visits: Visits,
}

impl Station {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let patience_ns = component.number(&spec::PATIENCE_MS) * 1e6;
        let workers = component.count(&spec::WORKERS);
        let capacity = component.count(&spec::QUEUE_CAPACITY);
        let spread = spread_of(
            component.text(&spec::SERVICE),
            component.number(&spec::SERVICE_CV),
        );
        Self {
            node,
            workers: u64::from(workers),
            service: Sampler::new(spread, component.number(&spec::SERVICE_MS) * 1e6),
            capacity: u64::from(capacity),
            patience_ns,
            patience_varies: component.text(&spec::PATIENCE) == "exponential",
            fails: component.number(&spec::FAIL_PERCENT) / 100.0,
            then: match component.text(&spec::THEN) {
                "call" => Then::Call,
                "fork" => Then::Fork,
                _ => Then::PassOn,
            },
            wait_for: component.count(&spec::WAIT_FOR) as u16,
            sequential: component.text(&spec::SEQUENTIAL) == "yes",
            ways: Ways::new(compiler.weighted_ways(component, component.text(&spec::ROUTING))),
            line: VecDeque::new(),
            patience: None,
            visits: Visits::default(),
        }
    }

    fn free(&self) -> bool {
        self.workers == 0 || self.visits.busy.value() < self.workers
    }

    /// A server begins with a call; it counts as busy already.
    #[inline(always)]
    fn serve(call: &mut Call, handle: Handle, now: u64, ns: f64, queue: &mut Queue) {
        call.stage = SERVED;
        // Its patience in the line no longer matters.
        call.epoch = call.epoch.wrapping_add(1);
        let due = Event::Due {
            call: handle,
            epoch: call.epoch,
            node: call.node,
        };
        queue.schedule(now.saturating_add(ns_from_ns(ns)), due);
    }

    /// A server is free again: it goes on with the next in line, if there is one.
    #[inline(never)]
    fn release(&mut self, core: &mut Core) {
        self.release_here(core);
    }

    /// The same in line, on the way that nearly every visit takes.
    #[inline(always)]
    fn release_here(&mut self, core: &mut Core) {
        let (now, node) = (core.now, self.node as usize);
        self.visits.last_done_ns = now;
        if self.visits.waiting.value() == 0 {
            // What is still in the line are holes of those who have left it.
            self.line.clear();
        }
        while let Some(first) = self.line.pop_front() {
            let next = first.call;
            let Some(call) = core.calls.get_mut(next) else {
                continue;
            };
            if call.stage != WAITS || call.phase != Phase::Inside {
                // It had left the line.
                continue;
            }
            debug_assert!(self.visits.waiting.value() > 0, "who waits is counted");
            self.visits.waiting.sub(now, 1);
            core.boards[node].units[0].waiting = self.visits.waiting.value() as u32;
            if call.deadline_ns <= now {
                core.fail(next, Reason::CallTimeout, self.node);
                continue;
            }
            let arrived = call.arrived_ns;
            if arrived < now {
                let waited = now - arrived;
                call.queue_us = (waited / 1_000) as u32;
                if core.stats.in_focus(arrived) {
                    match core.stats.alone {
                        true => self.visits.waited(waited, 1),
                        false => self.visits.waited_for(waited, arrived, &core.stats),
                    }
                }
            }
            let ns = first.service_ns * core.boards[node].stretch;
            return Self::serve(call, next, now, ns, &mut core.queue);
        }
        debug_assert!(self.visits.busy.value() > 0, "who is served is counted");
        self.visits.busy.sub(now, 1);
    }

    fn show_line(&self, core: &mut Core) {
        core.boards[self.node as usize].units[0].waiting = self.visits.waiting.value() as u32;
    }

    /// A visit ends well.
    #[inline(always)]
    fn count_served(&mut self, core: &Core, arrived: u64) {
        if core.stats.in_focus(arrived) {
            let stay = core.now - arrived;
            match core.stats.alone {
                true => self.visits.served(stay),
                false => self.visits.served_for(stay, arrived, &core.stats),
            }
        }
    }

    /// After the service.
    #[inline]
    fn go_on(&mut self, core: &mut Core, handle: Handle, arrived: u64, key: u64) {
        if self.fails > 0.0 && unit_of(mix(key, FAILS)) < self.fails {
            self.count_served(core, arrived);
            core.fail(handle, Reason::ServiceFailed, self.node);
            return self.release(core);
        }
        match self.then {
            Then::PassOn => {
                // What is counted comes after: until something is written, the call has been looked up.
                match self.ways.draw(key) {
                    Some(way) => core.pass_on(handle, way, crate::plant::NOBODY),
                    None => core.finish_here(handle, Ok(())),
                }
                self.count_served(core, arrived);
                self.release_here(core);
            }
            Then::Call => match self.ways.draw(key) {
                Some(way) => self.ask(core, handle, way),
                None => self.done(core, handle, Ok(())),
            },
            Then::Fork if self.ways.all().is_empty() => self.done(core, handle, Ok(())),
            Then::Fork => {
                let n = self.ways.all().len() as u16;
                let need = if self.wait_for == 0 {
                    n
                } else {
                    self.wait_for.min(n)
                };
                if let Some(call) = core.call(handle) {
                    call.share = if self.sequential { 0 } else { n };
                    (call.pending, call.need) = (n, need);
                    call.pc = 0;
                }
                if self.sequential {
                    return self.ask(core, handle, self.ways.all()[0]);
                }
                for i in 0..usize::from(n) {
                    self.ask(core, handle, self.ways.all()[i]);
                }
            }
        }
    }

    #[inline(never)]
    fn ask(&mut self, core: &mut Core, handle: Handle, way: Way) {
        let Some(call) = core.call(handle) else {
            return;
        };
        call.stage = ASKS;
        let ask = call.ask;
        core.ask_way(handle, self.node, (way, crate::plant::NOBODY), ask);
    }

    fn done(&mut self, core: &mut Core, handle: Handle, result: crate::core::Outcome) {
        if let Some(call) = core.call(handle) {
            let arrived = call.arrived_ns;
            self.count_served(core, arrived);
        }
        core.finish(handle, result);
        self.release(core);
    }

    /// Theory knows no health checks: they take no server.
    #[cold]
    fn check(&self, core: &mut Core, handle: Handle) {
        if core.boards[self.node as usize].up {
            core.finish(handle, Ok(()));
        } else {
            core.fail(handle, Reason::Refused, self.node);
        }
    }

    /// Every waiting place is taken.
    #[inline(never)]
    fn refuse(&mut self, core: &mut Core, handle: Handle, counts: bool) {
        self.visits.refused += u64::from(counts) * core.stats.weight;
        if core.stats.first_refusal(self.node) {
            let capacity = self.capacity.min(u64::from(u32::MAX)) as u32;
            core.note(EventCode::BacklogFull, self.node, 0, capacity);
        }
        core.fail(handle, Reason::Refused, self.node);
    }

    fn set_patience(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let (key, arrived) = (call.key, call.arrived_ns);
        if self.patience_varies {
            let ns = exp_of(mix(key, PATIENCE), self.patience_ns);
            core.wait(handle, ns_from_ns(ns));
        } else if let Some(patience) = &mut self.patience {
            patience.add(core.now, (handle, arrived), &mut core.queue);
        }
    }

    /// A call has waited as long as it wanted to.
    fn leave_line(&mut self, core: &mut Core, handle: Handle) {
        let now = core.now;
        let Some(call) = core.call(handle) else {
            return;
        };
        let arrived = call.arrived_ns;
        self.visits.waiting.sub(now, 1);
        self.show_line(core);
        if core.stats.in_focus(arrived) {
            let weight = core.stats.weight_of(arrived);
            self.visits.abandoned(now - arrived, weight);
        }
        core.fail(handle, Reason::GaveUp, self.node);
        // Those who have left stay in the line as holes; a long row of them is swept out.
        if self.line.len() as u64 > 2 * self.visits.waiting.value() + 64 {
            self.line.retain(|waits| {
                core.calls
                    .get(waits.call)
                    .is_some_and(|call| call.stage == WAITS && call.phase == Phase::Inside)
            });
        }
    }
}

impl Behaviour for Station {
    fn begin(&mut self, core: &mut Core) {
        if self.patience_ns > 0.0 && !self.patience_varies {
            let timer = core.add_timer(self.node, 0);
            self.patience = Some(Deadlines::new(ns_from_ns(self.patience_ns), timer));
        }
    }

    #[inline(always)]
    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let (now, node) = (core.now, self.node as usize);
        let counts = core.stats.in_focus(now);
        let Some(call) = core.calls.get_mut(handle) else {
            return;
        };
        if call.ask == core.plant.health {
            return self.check(core, handle);
        }
        let part = &mut core.stats.parts[node];
        let board = &mut core.boards[node];
        part.comes();
        if !board.up {
            return core.fail(handle, Reason::Refused, self.node);
        }
        let free = self.free();
        let full = !free && self.visits.waiting.value() >= self.capacity;
        if counts {
            self.visits.arrived += core.stats.weight;
        }
        if full {
            return self.refuse(core, handle, counts);
        }
        call.phase = Phase::Inside;
        call.arrived_ns = now;
        part.enter(now);
        let service_ns = self.service.sample_key(mix(call.key, SERVICE));
        if free {
            self.visits.busy.add(now, 1);
            let ns = service_ns * board.stretch;
            return Self::serve(call, handle, now, ns, &mut core.queue);
        }
        call.stage = WAITS;
        self.line.push_back(InLine {
            call: handle,
            service_ns,
        });
        self.visits.waiting.add(now, 1);
        board.units[0].waiting = self.visits.waiting.value() as u32;
        if self.patience_ns > 0.0 {
            self.set_patience(core, handle);
        }
    }

    #[inline(always)]
    fn due(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        match call.stage {
            SERVED => {
                let (arrived, key) = (call.arrived_ns, call.key);
                self.go_on(core, handle, arrived, key);
            }
            WAITS => self.leave_line(core, handle),
            _ => {}
        }
    }

    fn other(&mut self, core: &mut Core, handle: Handle, (first, _): Target) -> Option<Target> {
        let call = core.calls.get(handle)?;
        if self.then != Then::Call {
            // A fork asks the others anyway.
            return None;
        }
        let key = mix(call.key, u64::from(call.asked));
        let way = self.ways.draw_other(core, first, key)?;
        Some((way, crate::plant::NOBODY))
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        if self.then == Then::Call {
            return self.done(core, handle, answer.result);
        }
        let ways = self.ways.all().len();
        let Some(call) = core.call(handle) else {
            return;
        };
        call.pending -= 1;
        if answer.result.is_ok() {
            call.need = call.need.saturating_sub(1);
        }
        let (pending, need) = (call.pending, call.need);
        if need == 0 {
            self.done(core, handle, Ok(()))
        } else if pending < need {
            self.done(core, handle, answer.result)
        } else if self.sequential {
            let next = ways - usize::from(pending);
            self.ask(core, handle, self.ways.all()[next]);
        }
    }

    fn timer(&mut self, core: &mut Core, _tag: u32) {
        while let Some((handle, arrived)) = self.patience.as_mut().and_then(|p| p.pop_due(core.now))
        {
            let waits = core.call(handle).is_some_and(|call| {
                call.stage == WAITS && call.phase == Phase::Inside && call.arrived_ns == arrived
            });
            if waits {
                self.leave_line(core, handle);
            }
        }
        let calls = &core.calls;
        if let Some(patience) = &mut self.patience {
            patience.rearm(&mut core.queue, |(handle, arrived)| {
                calls
                    .get(*handle)
                    .is_some_and(|call| call.stage == WAITS && call.arrived_ns == *arrived)
            });
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
            self.line.clear();
            self.visits.waiting.set(core.now, 0);
            self.visits.busy.set(core.now, 0);
            self.show_line(core);
            core.drop_inside(node, None, Reason::ConnectionLost);
        }
    }

    fn mark(&mut self, now: u64, which: usize) {
        self.visits.mark(now, which);
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        use archplay_report::Metric;
        let busy = self.visits.busy.take_mean(end, span_ns);
        let waiting = self.visits.waiting.take_mean(end, span_ns);
        let share = if self.workers == 0 {
            f64::NAN
        } else {
            busy / self.workers as f64
        };
        sink.component(core, self.node, Metric::Utilisation, share);
        sink.component(core, self.node, Metric::Backlog, waiting);
    }

    fn waiting(&self, now: u64) -> u128 {
        self.visits.waiting.area(now)
    }

    fn load(&mut self, core: &mut Core) -> Option<Load> {
        Some(Load {
            busy_ns: self.visits.busy.area(core.now) as f64,
            capacity_ns: self.workers as f64 * core.now as f64,
        })
    }

    fn measures(&mut self, core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let marks = core.stats.parts[self.node as usize].marks;
        let workers = self.workers as f64;
        self.visits.tell(&core.stats, marks, workers, out);
    }
}
