//! Askings: a question under a policy. It may take several calls (retries, a hedge); whoever asked gets one
//! answer.

use archplay_kernel::{Deadlines, Handle, mix};
use archplay_report::Reason;

use super::{Answer, Call, Core, Event, Ready, Waiter};
use crate::plant::{AskId, LinkId, NOBODY, NodeId, Plant, Policy, RouteId, Target, Way};

/// Purpose of the draws of waits before retries.
pub(crate) const WAITS: u64 = 0x7761_6974;

/// A question under a policy, until its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking {
    pub parent: Handle,
    /// Who asks.
    pub from: NodeId,
    /// By which route, or …
    pub route: RouteId,
    /// … whom, when the asker has chosen already; with a route for its first try.
    pub way: Option<Target>,
    pub ask: AskId,
    pub row: u64,
    pub tries: u32,
    /// The calls that are out for it: the first, and the hedge.
    pub live: [Handle; 2],
    /// The links they took.
    pub links: [LinkId; 2],
    pub began_ns: u64,
    /// For the draws of waits.
    pub key: u64,
    pub result: Result<(), Reason>,
}

impl Default for Asking {
    fn default() -> Self {
        Self {
            parent: Handle::NONE,
            from: NOBODY,
            route: NOBODY,
            way: None,
            ask: 0,
            row: 0,
            tries: 0,
            live: [Handle::NONE; 2],
            links: [NOBODY; 2],
            began_ns: 0,
            key: 0,
            result: Ok(()),
        }
    }
}

/// A circuit breaker on a link.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Breaker {
    /// Calls and failures that it has seen, fading.
    pub seen: f64,
    pub failed: f64,
    /// Until when the circuit is open; 0 for closed.
    pub open_until: u64,
    /// One call is out to see whether it can be closed.
    pub probing: bool,
}

/// Deadlines of the calls under one policy.
#[derive(Clone, Debug)]
pub(crate) struct PolicyTimers {
    pub timeout: Deadlines<(Handle, u32)>,
    pub hedge: Deadlines<(Handle, u32)>,
}

/// Timers for all policies.
pub(crate) fn timers(plant: &Plant, queue: &mut crate::core::Queue) -> Vec<PolicyTimers> {
    (0_u32..)
        .zip(&plant.policies)
        .map(|(i, policy)| PolicyTimers {
            timeout: Deadlines::new(policy.timeout_ns, queue.add_timer(Event::CallTimeout(i))),
            hedge: Deadlines::new(policy.hedge_ns, queue.add_timer(Event::Hedge(i))),
        })
        .collect()
}

impl Core {
    /// Asks by a route for `parent`, whose component gets exactly one answer.
    pub(crate) fn ask(&mut self, parent: Handle, route: RouteId, ask: AskId, row: u64) {
        let from = self.plant.routes[route as usize].from;
        if self.plant.nodes[from as usize].policy == NOBODY {
            match self.choose(parent, route, ask, row) {
                Some((way, unit)) => self.send_plainly(parent, way, unit, ask, row),
                None => {
                    let asking = self.new_asking(parent, from, route, None, ask, row);
                    self.settle(asking, Err(Reason::NoRoute));
                }
            }
            return;
        }
        let asking = self.new_asking(parent, from, route, None, ask, row);
        self.first_try(asking, from);
    }

    /// Asks somebody whom the component, `from`, has chosen itself; else as [`Core::ask`].
    #[inline(always)]
    pub(crate) fn ask_way(
        &mut self,
        parent: Handle,
        from: NodeId,
        (way, unit): (Way, u32),
        ask: AskId,
    ) {
        if self.plant.nodes[from as usize].policy == NOBODY {
            // It is about the row that the question to the component is about.
            if let Some(call) = self.child(parent, ask, way.node) {
                self.send_here(call, way, unit);
            }
        } else {
            self.begins_to_ask(from);
            self.ask_over(parent, way, unit, ask);
        }
    }

    /// The same over a connection; that the component begins to ask was told before it took one.
    pub(crate) fn ask_over(&mut self, parent: Handle, way: Way, unit: u32, ask: AskId) {
        let Some(call) = self.calls.get(parent) else {
            return;
        };
        let (from, row) = (call.node, call.row);
        if self.plant.nodes[from as usize].policy == NOBODY {
            return self.send_plainly(parent, way, unit, ask, row);
        }
        let asking = self.new_asking(parent, from, NOBODY, Some((way, unit)), ask, row);
        self.try_asking(asking, from);
    }

    /// Asks by a route by which the component has chosen already whom it asks first.
    pub(crate) fn ask_chosen(
        &mut self,
        parent: Handle,
        (route, ask): (RouteId, AskId),
        (way, unit): (Way, u32),
        row: u64,
    ) {
        let from = self.plant.routes[route as usize].from;
        if self.plant.nodes[from as usize].policy == NOBODY {
            return self.send_plainly(parent, way, unit, ask, row);
        }
        let asking = self.new_asking(parent, from, route, Some((way, unit)), ask, row);
        self.first_try(asking, from);
    }

    #[inline]
    fn send_plainly(&mut self, parent: Handle, way: Way, unit: u32, ask: AskId, row: u64) {
        if let Some(call) = self.child(parent, ask, way.node) {
            self.send_here(Call { row, ..call }, way, unit);
        }
    }

    fn new_asking(
        &mut self,
        parent: Handle,
        from: NodeId,
        route: RouteId,
        way: Option<Target>,
        ask: AskId,
        row: u64,
    ) -> Handle {
        // Of its own, whatever else is drawn for the call and for its other questions.
        let call = self.calls.get(parent);
        let key = call.map_or(0, |call| mix(mix(call.key, WAITS), u64::from(call.asked)));
        self.askings.insert(Asking {
            key,
            parent,
            from,
            route,
            way,
            ask,
            row,
            tries: 0,
            live: [Handle::NONE; 2],
            links: [NOBODY; 2],
            began_ns: self.now,
            result: Ok(()),
        })
    }

    fn first_try(&mut self, asking: Handle, from: NodeId) {
        self.begins_to_ask(from);
        self.try_asking(asking, from);
    }

    pub(super) fn policy(&self, node: NodeId) -> Policy {
        self.plant.policies[self.plant.nodes[node as usize].policy as usize]
    }

    /// One more try of an asking.
    pub(super) fn try_asking(&mut self, handle: Handle, from: NodeId) {
        let policy = self.policy(from);
        let index = self.plant.nodes[from as usize].policy as usize;
        let Some(asking) = self.askings.get_mut(handle) else {
            return;
        };
        asking.tries += 1;
        let tries = asking.tries;
        if let Err(reason) = self.send_for(handle, 0, None) {
            return self.settle(handle, Err(reason));
        }
        if policy.timeout_ns > 0 {
            self.policies[index]
                .timeout
                .add(self.now, (handle, tries), &mut self.queue);
        }
        if policy.hedge_ns > 0 {
            self.policies[index]
                .hedge
                .add(self.now, (handle, tries), &mut self.queue);
        }
    }

    /// Sends a call for an asking; to `other`, if the asker has chosen that.
    pub(super) fn send_for(
        &mut self,
        handle: Handle,
        place: usize,
        other: Option<Target>,
    ) -> Result<(), Reason> {
        let asking = *self.askings.get(handle).ok_or(Reason::NoRoute)?;
        // By a route only the first try was chosen for: the next may go to another.
        let first = asking.tries <= 1 && place == 0;
        let chosen = match asking.way {
            _ if other.is_some() => other,
            Some(chosen) if first || asking.route == NOBODY => Some(chosen),
            _ => self.choose(asking.parent, asking.route, asking.ask, asking.row),
        };
        let chosen = match chosen {
            Some((way, unit)) if place == 1 && other.is_none() && way.link == asking.links[0] => {
                let beside = self.beside(asking.route, way);
                Some(beside.map_or((way, unit), |way| (way, NOBODY)))
            }
            chosen => chosen,
        };
        let (way, unit) = chosen.ok_or(Reason::NoRoute)?;
        let policy = self.policy(asking.from);
        if self.circuit_open(way.link, &policy) {
            return Err(Reason::CircuitOpen);
        }
        let Some(mut call) = self.child(asking.parent, asking.ask, way.node) else {
            self.forget_probe(way.link);
            return Err(Reason::NoRoute);
        };
        call.row = asking.row;
        call.waiter = Waiter::Asking(handle);
        if policy.propagates_deadline && policy.timeout_ns > 0 {
            call.deadline_ns = call
                .deadline_ns
                .min(self.now.saturating_add(policy.timeout_ns));
        }
        let sent = self.send(call, way, unit);
        if let Some(asking) = self.askings.get_mut(handle) {
            asking.live[place] = sent;
            asking.links[place] = way.link;
        }
        Ok(())
    }

    /// An answer to one of the calls of an asking: the asker's answer, if that settles it.
    pub(crate) fn asking_answered(
        &mut self,
        handle: Handle,
        call: Handle,
        answer: &Answer,
    ) -> Option<(Handle, Answer)> {
        let asking = *self.askings.get(handle)?;
        let policy = self.policy(asking.from);
        let place = usize::from(asking.live[0] != call);
        let other = asking.live[1 - place];
        self.count_for_breaker(
            asking.links[place],
            asking.from,
            &policy,
            answer.result.is_err(),
        );
        if answer.result.is_ok() {
            if other != Handle::NONE {
                self.abandon(other);
                self.forget_probe(asking.links[1 - place]);
            }
            self.askings.remove(handle);
            let took_ns = self.now - asking.began_ns;
            return Some((asking.parent, Answer { took_ns, ..*answer }));
        }
        if let Some(asking) = self.askings.get_mut(handle) {
            asking.live[place] = Handle::NONE;
            asking.result = answer.result;
        }
        if other != Handle::NONE {
            // The other may still succeed.
            return None;
        }
        self.retry_or_end(handle, &policy, answer.result)
    }

    pub(super) fn retry_or_end(
        &mut self,
        handle: Handle,
        policy: &Policy,
        result: Result<(), Reason>,
    ) -> Option<(Handle, Answer)> {
        let asking = *self.askings.get(handle)?;
        let reason = result.err();
        let Some(wait) = self.wait_to_retry(asking.from, policy, asking.tries, reason, asking.key)
        else {
            self.askings.remove(handle);
            return Some((asking.parent, self.plain_answer(&asking, result)));
        };
        self.queue
            .schedule(self.now.saturating_add(wait), Event::Retry(handle));
        None
    }

    /// An asking ends without a call.
    fn settle(&mut self, handle: Handle, result: Result<(), Reason>) {
        let Some(asking) = self.askings.get_mut(handle) else {
            return;
        };
        asking.result = result;
        let from = asking.from;
        if let Err(reason) = result {
            self.stats.cause(self.now, from, reason);
        }
        self.ready.push_back(Ready::Settle(handle));
    }

    /// The answer to an asking that was settled.
    pub(crate) fn settled(&mut self, handle: Handle) -> Option<(Handle, Answer)> {
        let asking = self.askings.remove(handle)?;
        Some((asking.parent, self.plain_answer(&asking, asking.result)))
    }

    fn plain_answer(&self, asking: &Asking, result: Result<(), Reason>) -> Answer {
        Answer {
            ask: asking.ask,
            result,
            value: 0,
            row: asking.row,
            node: NOBODY,
            took_ns: self.now - asking.began_ns,
            tag: 0,
        }
    }
}
