//! How attempts end: answered, failed, given up.

use archplay_kernel::{Handle, exp_of, mix, ns_from_secs, unit_of};
use archplay_model::scenario::{Growth, State};
use archplay_report::Reason;

use super::Visitor;
use crate::core::{Core, Ended, Event, Outcome};
use crate::plant::NOBODY;

impl Core {
    /// An answer reaches the visitor, if it is still waited for.
    #[inline(always)]
    pub(crate) fn visitor_answered(
        &mut self,
        handle: Handle,
        attempt: u32,
        result: Outcome,
        value: u64,
    ) {
        let Some(visitor) = self.people.visitors.get(handle) else {
            return;
        };
        if !visitor.waiting || visitor.attempt != attempt {
            return;
        }
        if let Err(reason) = result {
            return self.visitor_refused(handle, reason);
        }
        if visitor.asks_once && !self.tracer.on {
            let (operation, began) = (visitor.operation, visitor.began_ns);
            self.stats.attempt_good(self.now, operation, began);
            return self.leave(handle);
        }
        let operation = &self.plant.operations[visitor.operation as usize];
        let (legs, media) = (operation.legs.len(), operation.media);
        let next = if media {
            self.leg_from(visitor, visitor.leg + 1)
        } else {
            visitor.leg + 1
        };
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        if (next as usize) < legs {
            visitor.leg = next;
            visitor.address = 0;
            return self.send_next_leg(handle);
        }
        let steps = &self.plant.audiences[visitor.audience as usize].steps;
        let step = &steps[visitor.step as usize];
        if step.gives == Some(State::OwnWrite) {
            visitor.own_write = value;
        }
        visitor.waiting = false;
        let (next, operation, began) = (visitor.step + 1, visitor.operation, visitor.began_ns);
        let (last, by_hand) = (next as usize >= steps.len(), visitor.by_hand != 0);
        if media {
            let origin = visitor.step_key();
            self.forget_media(origin);
        }
        self.stats.attempt_good(self.now, operation, began);
        if by_hand {
            return self.ended_by_hand(handle, Ok(()));
        }
        if self.tracer.on {
            self.trace_attempt(handle, Ok(()));
        }
        if last {
            self.leave(handle);
        } else {
            self.next_step(handle, next);
        }
    }

    /// The answer says no: another address may say yes.
    #[inline(never)]
    fn visitor_refused(&mut self, handle: Handle, reason: Reason) {
        if reason == Reason::Refused && self.next_address(handle) {
            return self.send_next_leg(handle);
        }
        self.fail_attempt(handle, reason);
    }

    /// Nobody was there: the next address that the name has, if it has more.
    #[cold]
    fn next_address(&mut self, handle: Handle) -> bool {
        let Some(visitor) = self.people.visitors.get(handle).copied() else {
            return false;
        };
        let operation = &self.plant.operations[visitor.operation as usize];
        let ask = operation.legs[visitor.leg as usize].ask;
        let way = match visitor.client {
            NOBODY => None,
            client => self.client_way(client, ask, visitor.key),
        };
        let addresses = way.map_or(1, |way| self.plant.nodes[way.node as usize].addresses);
        if let Some(visitor) = self.people.visitors.get_mut(handle) {
            visitor.address += 1;
        }
        visitor.address + 1 < addresses
    }

    /// An attempt fails that never left.
    #[inline(never)]
    pub(crate) fn fail_before_leaving(&mut self, handle: Handle, attempt: u32, reason: Reason) {
        let waits = self
            .people
            .visitors
            .get(handle)
            .is_some_and(|visitor| visitor.waiting && visitor.attempt == attempt);
        if waits {
            self.fail_attempt(handle, reason);
        }
    }

    /// Hands the attempt that ends now to the tracer.
    fn trace_attempt(&mut self, handle: Handle, result: Result<(), Reason>) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        let pieces = std::mem::replace(&mut visitor.pieces, Handle::NONE);
        let ended = Ended {
            operation: visitor.operation,
            person: visitor.key,
            attempt: visitor.attempt,
            began_ns: visitor.began_ns,
            result,
            open: visitor.call,
            pieces,
        };
        self.trace_ended(&ended);
    }

    /// The attempt has failed: try again or leave.
    fn fail_attempt(&mut self, handle: Handle, reason: Reason) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        visitor.waiting = false;
        let visitor = *visitor;
        if self.plant.operations[visitor.operation as usize].media {
            self.forget_media(visitor.step_key());
        }
        self.stats
            .attempt_failed(self.now, visitor.operation, visitor.began_ns, reason);
        if visitor.by_hand != 0 {
            return self.ended_by_hand(handle, Err(reason));
        }
        if self.tracer.on {
            self.trace_attempt(handle, Err(reason));
        }
        let refresh = self.plant.audiences[visitor.audience as usize].refresh;
        // Keyed by step and try, so that the draws do not depend on what happened before.
        let step_key = mix(mix(visitor.key, 2), u64::from(visitor.step));
        let key = mix(step_key, visitor.tries);
        let again =
            visitor.tries <= u64::from(refresh.max) && unit_of(mix(key, 1)) < refresh.probability;
        if !again {
            self.people.visitors.free(handle);
            self.tell_watcher(visitor.watcher, visitor.key);
            return self
                .stats
                .visitor_lost(visitor.audience, visitor.born_ns, reason);
        }
        let doubled = refresh.delay_secs * f64::from(1_u32 << (visitor.tries - 1).min(20));
        let secs = match refresh.growth {
            Growth::Random => exp_of(mix(key, 2), refresh.delay_secs),
            Growth::Fixed => refresh.delay_secs,
            Growth::Doubling => doubled,
            Growth::FullJitter => doubled * unit_of(mix(key, 2)),
        };
        // At once would be the same moment for ever when a scenario says 0 s.
        let at = self
            .now
            .saturating_add(ns_from_secs(secs))
            .max(self.now + 1);
        self.queue.schedule(at, Event::Wake(handle));
    }

    /// Everyone of an audience who has waited too long gives up. The work they caused goes on.
    #[inline(never)]
    pub(crate) fn lose_patience(&mut self, audience: u32) {
        while let Some(handle) = self.next_impatient(audience) {
            let Some(visitor) = self.people.visitors.get(handle) else {
                continue;
            };
            let timeout = self.plant.audiences[audience as usize].timeout_ns;
            if visitor.patient_since_ns > self.now.saturating_sub(timeout) {
                continue;
            }
            let (call, client) = (visitor.call, visitor.client);
            let client = if client == NOBODY { 0 } else { client };
            let node = self.calls.get(call).map_or(client, |_| self.deepest(call));
            self.stats.cause(self.now, node, Reason::Timeout);
            self.abandon(call);
            self.fail_attempt(handle, Reason::Timeout);
        }
    }

    /// The next of an audience whose time to wait is over.
    fn next_impatient(&mut self, audience: u32) -> Option<Handle> {
        let visitors = &self.people.visitors;
        let due = self.people.audiences[audience as usize].patience.due(
            self.now,
            &mut self.queue,
            |(handle, attempt)| {
                let visitor = visitors.get(*handle);
                visitor.is_some_and(|visitor| visitor.waits_for(*attempt))
            },
            || {
                // Nobody's patience runs while a place in a line is shown.
                let waits = |v: &Visitor| v.waiting && v.patient_since_ns < u64::MAX;
                visitors
                    .iter()
                    .filter(move |(_, v)| v.audience == audience && waits(v))
                    .map(|(handle, v)| (v.patient_since_ns, (handle, v.attempt)))
            },
        );
        due.map(|(handle, _)| handle)
    }
}
