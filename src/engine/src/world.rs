//! The world: the core and the components, and the loop that lets them meet.

use std::rc::Rc;

use archplay_kernel::Handle;
use archplay_model::scenario::Intervention;
use archplay_report::Reason;

use crate::core::{Answer, Core, Event, Notice, Phase, Ready, Waiter};
use crate::kinds::Node;
use crate::plant::{FaultPlan, NodeId, Plant};

/// Everything that changes.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub core: Core,
    pub nodes: Vec<Node>,
    /// The scenario's faults, and then those that a person made.
    pub faults: Vec<FaultPlan>,
    /// What they have done and still holds.
    pub struck: crate::struck::Holding,
}

impl World {
    /// Sets everything up at time 0.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(plant: Plant, nodes: Vec<Node>) -> Self {
        let plant = Rc::new(plant);
        let faults = plant.faults.clone();
        let mut world = Self {
            core: Core::new(Rc::clone(&plant)),
            nodes,
            faults,
            struck: crate::struck::Holding::default(),
        };
        for node in &mut world.nodes {
            node.begin(&mut world.core);
        }
        world.settle();
        for audience in 0..plant.audiences.len() as u32 {
            world.core.schedule_arrival(audience);
        }
        for (i, fault) in (0_u32..).zip(&plant.faults) {
            world.core.on_calendar(fault.at_ns, Event::Fault(i));
        }
        for at in [plant.focus.0, plant.focus.1] {
            world.core.on_calendar(at.min(plant.end_ns), Event::Focus);
        }
        world.core.plan_feed_change();
        world
    }

    /// Handles up to `most` events before `limit`, each with all that it brings about at once, which may be more
    /// than `most` in the end; tells how many things happened, fewer than `most` if there is nothing more to do.
    ///
    /// The loop that all the time is spent in: what is rare stands in functions of its own, so that the compilers,
    /// the browser's above all, have its few variables in registers.
    #[inline(never)]
    pub(crate) fn go_on(&mut self, limit: u64, most: u64) -> u64 {
        let mut count = 0;
        self.core.queue.stop_at(limit);
        while count < most
            && let Some((time, event)) = self.core.queue.pop()
        {
            debug_assert!(time >= self.core.now, "time never goes back");
            self.core.now = time;
            self.happen(event);
            count += 1 + self.settle_here();
        }
        count
    }

    /// The next thing on the calendar happens, at its moment of the scenario's clock.
    pub(crate) fn calendar(&mut self) -> u64 {
        let Some(((at, _), event)) = self.core.calendar.pop_first() else {
            return 0;
        };
        self.core.now = self.core.now.max(at.saturating_sub(self.core.skipped_ns));
        self.happen_apart(event);
        1 + self.settle()
    }

    /// In the loop, where the event has just been unpacked: the two choices by its kind become one.
    #[inline(always)]
    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival(audience) => self.core.arrive(audience),
            Event::Wake(visitor) => self.core.wake(visitor),
            Event::Reach { call, node } => self.reach(call, node),
            Event::Due { call, epoch, node } => self.due(call, epoch, node),
            Event::Back(call) => self.back(call),
            Event::Timer { node, tag } => self.timer(node, tag),
            Event::Patience(audience) => self.core.lose_patience(audience),
            Event::CallTimeout(policy) => self.time_out(policy),
            Event::Hedge(policy) => self.hedge(policy),
            Event::Retry(asking) => self.retry(asking),
            Event::Fault(fault) => self.fault(fault),
            Event::Focus => self.mark_focus(),
            Event::FeedChange => self.core.feed_changes(),
            Event::Resend { call, more_ns } => self.core.resend(call, more_ns),
        }
    }

    /// Calls under a policy have waited too long.
    #[inline(never)]
    fn time_out(&mut self, policy: u32) {
        for (parent, answer) in self.core.call_timeouts(policy) {
            self.deliver(parent, &answer);
        }
    }

    /// Calls under a policy have waited long enough to ask a second time. Who chooses without a route also knows who
    /// else could be asked.
    #[inline(never)]
    fn hedge(&mut self, policy: u32) {
        while let Some(late) = self.core.next_late(policy) {
            let other = late.first.and_then(|first| {
                let asker = &mut self.nodes[late.from as usize];
                asker.other(&mut self.core, late.parent, first)
            });
            self.core.hedge(late.asking, other);
        }
        self.core.await_late(policy);
    }

    /// A question under a policy is asked again, somebody else perhaps.
    #[inline(never)]
    fn retry(&mut self, asking: Handle) {
        if let Some(again) = self.core.due_retry(asking) {
            let other = again.first.and_then(|first| {
                let asker = &mut self.nodes[again.from as usize];
                asker.next(&mut self.core, again.parent, first)
            });
            self.core.retry(again, other);
        }
    }

    #[inline(never)]
    fn happen_apart(&mut self, event: Event) {
        self.happen(event);
    }

    /// Everything that happens at once, in order.
    #[inline(never)]
    pub(crate) fn settle(&mut self) -> u64 {
        self.settle_here()
    }

    /// The same in the loop itself, whose every turn it belongs to.
    #[inline(always)]
    fn settle_here(&mut self) -> u64 {
        let mut count = 0;
        while let Some(ready) = self.core.ready.pop_front() {
            count += 1;
            match ready {
                Ready::Reach { call, node } => self.reach(call, node),
                Ready::Due { call, epoch, node } => self.due(call, epoch, node),
                Ready::Back(call) => self.back(call),
                Ready::Settle(asking) => self.settle_asking(asking),
                Ready::Notice => self.tell(),
                Ready::Fail {
                    visitor,
                    attempt,
                    reason,
                } => {
                    self.core.fail_before_leaving(visitor, attempt, reason);
                }
            }
        }
        count
    }

    /// An asking has ended without a call.
    #[inline(never)]
    fn settle_asking(&mut self, asking: Handle) {
        if let Some((parent, answer)) = self.core.settled(asking) {
            self.deliver(parent, &answer);
        }
    }

    /// Tells the next notice.
    #[inline(never)]
    fn tell(&mut self) {
        let Some((to, about, notice)) = self.core.notices.pop_front() else {
            return;
        };
        if to != crate::plant::NOBODY {
            return self.tell_one(to, about, notice);
        }
        let plant = Rc::clone(&self.core.plant);
        for to in &plant.nodes[about as usize].askers {
            self.nodes[*to as usize].notice(&mut self.core, about, notice);
        }
    }

    /// Tells a component; what a box is told, everything in it is told.
    fn tell_one(&mut self, to: NodeId, about: NodeId, notice: Notice) {
        if notice == Notice::Restart && !self.core.boards[to as usize].up {
            return self.start_again(to);
        }
        if notice == Notice::MoveRows {
            return self.move_rows(about);
        }
        if notice == Notice::MoveLate {
            return self.move_late(about);
        }
        if notice == Notice::HandOver {
            return self.hand_over(about, to);
        }
        let plant = Rc::clone(&self.core.plant);
        if !plant.nodes[to as usize].kind.is_group() {
            return self.nodes[to as usize].notice(&mut self.core, about, notice);
        }
        for (node, plan) in self.nodes.iter_mut().zip(&plant.nodes) {
            if plan.domains.contains(&to) {
                node.notice(&mut self.core, about, notice);
            }
        }
    }

    /// Whether the call is still on its way the component finds out, which has to look the call up anyway.
    #[inline(always)]
    fn reach(&mut self, call: Handle, node: NodeId) {
        debug_assert!(self.is_at(call, Phase::Going, node));
        self.nodes[node as usize].arrive(&mut self.core, call);
    }

    #[inline(always)]
    fn due(&mut self, call: Handle, epoch: u16, node: NodeId) {
        debug_assert!({
            let same = self.core.calls.get(call).is_some_and(|c| c.epoch == epoch);
            !same || self.is_at(call, Phase::Inside, node)
        });
        self.nodes[node as usize].due(&mut self.core, call, epoch);
    }

    /// Whether a call that is in this phase is at this component, as the event about it says.
    fn is_at(&self, call: Handle, phase: Phase, node: NodeId) -> bool {
        let call = self.core.calls.get(call);
        call.is_none_or(|call| call.phase != phase || call.node == node)
    }

    /// An answer reaches the one who asked.
    #[inline(never)]
    fn back(&mut self, handle: Handle) {
        if self.core.tracer.watches_some() {
            self.watch_back(handle);
        }
        let Some(call) = self.core.calls.get(handle) else {
            return;
        };
        let took_ns = self.core.now - call.sent_ns;
        let (link, result) = (call.link, call.result);
        if let Waiter::Visitor { visitor, attempt } = call.waiter {
            let value = call.value;
            self.core.calls.free(handle);
            self.core.stats.link_end(link, took_ns, result.is_err());
            return self.core.visitor_answered(visitor, attempt, result, value);
        }
        let (waiter, left) = (call.waiter, call.budget);
        let mut answer = Answer {
            ask: call.ask,
            result,
            value: call.value,
            // Which branch has ended, however it did.
            row: if call.ask == self.core.plant.branch {
                u64::from(call.end)
            } else {
                call.row
            },
            node: call.node,
            took_ns,
            tag: 0,
        };
        let asker = match waiter {
            Waiter::Call(parent) => parent,
            Waiter::Asking(asking) => {
                let asking = self.core.askings.get(asking);
                asking.map_or(Handle::NONE, |asking| asking.parent)
            }
            Waiter::Nobody | Waiter::Visitor { .. } | Waiter::Node { .. } => Handle::NONE,
        };
        if let Some(asker) = self.core.calls.get_mut(asker) {
            asker.budget = asker.budget.saturating_add(left);
        }
        self.core.calls.free(handle);
        self.core.stats.link_end(link, took_ns, result.is_err());
        match waiter {
            Waiter::Nobody | Waiter::Visitor { .. } => {}
            Waiter::Call(parent) => self.deliver_here(parent, &answer),
            Waiter::Asking(asking) => {
                if let Some((parent, answer)) = self.core.asking_answered(asking, handle, &answer) {
                    self.deliver(parent, &answer);
                }
            }
            Waiter::Node { node, tag } => {
                answer.tag = tag;
                self.nodes[node as usize].own_answered(&mut self.core, &answer);
            }
        }
    }

    /// For traces: an answer is back.
    #[cold]
    #[inline(never)]
    fn watch_back(&mut self, handle: Handle) {
        if let Some(call) = self.core.calls.get(handle).copied()
            && self.core.tracer.watches(call.origin)
        {
            self.core.close_span(&call);
        }
    }

    /// Gives an answer to the component that has the call, if it still has it.
    #[inline(never)]
    fn deliver(&mut self, parent: Handle, answer: &Answer) {
        self.deliver_here(parent, answer);
    }

    #[inline(always)]
    fn deliver_here(&mut self, parent: Handle, answer: &Answer) {
        if let Some(call) = self.core.calls.get(parent)
            && call.phase == Phase::Inside
        {
            let node = call.node as usize;
            self.nodes[node].answered(&mut self.core, parent, answer);
        }
    }

    /// A person does something by hand, before any other event of that moment.
    pub(crate) fn intervene(&mut self, intervention: &Intervention) {
        let at = intervention.at_ns.saturating_sub(self.core.skipped_ns);
        self.core.now = self.core.now.max(at);
        let index = self.faults.len() as u32;
        self.faults.push(FaultPlan {
            at_ns: intervention.at_ns,
            action: intervention.action,
            target: intervention.target.clone(),
            ends: false,
            number: crate::struck::BY_HAND,
        });
        self.fault(index);
        self.settle();
    }

    #[inline(never)]
    fn mark_focus(&mut self) {
        let now = self.core.now;
        let which = self.core.stats.marked.min(1);
        self.core.stats.marked = which + 1;
        if which == 0 && self.core.plant.focus.0 == 0 {
            // What happens in the very first moment belongs to it.
            return;
        }
        for i in 0..self.nodes.len() {
            self.mark(i, now, which);
        }
    }

    /// Notes what there is of a component at the begin (0) or the end (1) of the focus window.
    pub(crate) fn mark(&mut self, i: usize, now: u64, which: usize) {
        let (clock, left_out) = (self.core.clock(), self.core.stats.left_out(i));
        self.core.stats.parts[i].mark(now, which, clock, left_out);
        self.nodes[i].mark(now, which);
    }

    /// Checks what must hold on every run: requests offered = good + failed + inside, visitors likewise, and
    /// Little's law at every component (area under the number inside = time spent inside), exactly.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn check_conservation(&mut self) -> Result<(), String> {
        let mut held = vec![0; self.core.plant.operations.len()];
        let mut moving = 0;
        for node in &self.nodes {
            match node {
                Node::Queue(queue) => moving += queue.count_messages(&mut held),
                Node::ObjectStore(store) => store.count_events(&mut held),
                _ => {}
            }
        }
        crate::stats::account::check(&mut self.core, &held, moving)
    }
}

/// Reasons that say that the other side was not there.
pub(crate) const fn nobody_there(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Refused | Reason::ConnectionLost | Reason::OutOfMemory
    )
}
