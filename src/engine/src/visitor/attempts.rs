//! Steps of a journey, and attempts at them: what is asked for, and by which way.

use archplay_kernel::{Handle, exp_of, mix, ns_from_ns, unit_of};
use archplay_model::scenario::State;
use archplay_report::Reason;

use super::Visitor;
use super::arrivals::session_of;
use crate::core::{Call, Core, Event, Ready, Waiter};
use crate::plant::{AskId, NOBODY, NodeId, Way};

impl Core {
    /// Goes to the first step from `from` on that this visitor takes; leaves after the last.
    pub(super) fn next_step(&mut self, handle: Handle, from: u32) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        let plan = &self.plant.audiences[visitor.audience as usize];
        let mut at = from;
        while let Some(step) = plan.steps.get(at as usize) {
            let i = at;
            at += 1;
            // Only drawn where something depends on it.
            let person = visitor.key;
            let key = || mix(mix(person, 1), u64::from(i));
            if step.probability < 1.0 && unit_of(key()) >= step.probability {
                continue;
            }
            visitor.step = i;
            visitor.tries = 0;
            visitor.operation = step.operation;
            if !step.alternatives.is_empty() {
                let draw = unit_of(mix(key(), 2));
                let chosen = step.alternatives.iter().find(|(_, until)| draw < *until);
                visitor.operation = chosen.map_or(step.operation, |(operation, _)| *operation);
            }
            if step.think_ns > 0.0 {
                let think = exp_of(mix(key(), 3), step.think_ns);
                let at = self.now.saturating_add(ns_from_ns(think));
                self.queue.schedule(at, Event::Wake(handle));
            } else {
                self.begin_attempt(handle);
            }
            return;
        }
        self.leave(handle);
    }

    /// The last step is done.
    #[inline(always)]
    pub(super) fn leave(&mut self, handle: Handle) {
        let Some(visitor) = self.people.visitors.get(handle) else {
            return;
        };
        let (audience, born_ns) = (visitor.audience, visitor.born_ns);
        let (watcher, person) = (visitor.watcher, visitor.key);
        self.people.visitors.free(handle);
        self.tell_watcher(watcher, person);
        self.stats.visitor_done(self.now, audience, born_ns);
    }

    /// A visitor has thought, or tries again.
    pub(crate) fn wake(&mut self, handle: Handle) {
        if self
            .people
            .visitors
            .get(handle)
            .is_some_and(|visitor| !visitor.waiting)
        {
            self.begin_attempt(handle);
        }
    }

    #[inline(always)]
    fn begin_attempt(&mut self, handle: Handle) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        visitor.attempt += 1;
        visitor.tries += 1;
        visitor.leg = 0;
        visitor.address = 0;
        visitor.waiting = true;
        visitor.began_ns = self.now;
        visitor.patient_since_ns = self.now;
        let (audience, attempt, operation) = (visitor.audience, visitor.attempt, visitor.operation);
        self.stats.attempt_began(self.now, operation);
        self.have_patience(audience, handle, attempt);
        if self.plant.operations[operation as usize].media {
            self.skip_legs(handle);
        }
        self.send_leg(handle);
    }

    /// From now on the visitor's patience with this attempt runs.
    #[inline(always)]
    pub(crate) fn have_patience(&mut self, audience: u32, handle: Handle, attempt: u32) {
        let visitors = &self.people.visitors;
        let patience = &mut self.people.audiences[audience as usize].patience;
        patience.begin(
            self.now,
            (handle, attempt),
            &mut self.queue,
            |(handle, attempt)| {
                let visitor = visitors.get(*handle);
                visitor.is_some_and(|visitor| visitor.waits_for(*attempt))
            },
        );
    }

    /// A post without a picture has nothing to bring.
    #[cold]
    fn skip_legs(&mut self, handle: Handle) {
        if let Some(visitor) = self.people.visitors.get(handle).copied() {
            let leg = self.leg_from(&visitor, 0);
            if let Some(visitor) = self.people.visitors.get_mut(handle) {
                visitor.leg = leg;
            }
        }
    }

    /// The first leg from `from` on for which there is something to ask; behind the last if there is none.
    #[cold]
    pub(super) fn leg_from(&self, visitor: &Visitor, from: u32) -> u32 {
        let legs = &self.plant.operations[visitor.operation as usize].legs;
        let origin = visitor.step_key();
        let rest = legs.get(from as usize..).unwrap_or(&[]);
        let found = rest.iter().position(|leg| self.has_leg(leg.ask, origin));
        found.map_or(legs.len() as u32, |i| from + i as u32)
    }

    /// Sends the next leg of the attempt on its way.
    #[inline(always)]
    fn send_leg(&mut self, handle: Handle) {
        let Some(visitor) = self.people.visitors.get(handle) else {
            return;
        };
        let (attempt, client, person) = (visitor.attempt, visitor.client, visitor.key);
        let operation = &self.plant.operations[visitor.operation as usize];
        let ask = operation.legs[visitor.leg as usize].ask;
        let step = &self.plant.audiences[visitor.audience as usize].steps[visitor.step as usize];
        let step_key = visitor.step_key();
        let by_hand = visitor.by_hand != 0;
        let (admin, media) = (operation.admin, operation.media);
        let way = if admin {
            Ok(None)
        } else {
            match self.client_way(client, ask, person) {
                Some(way) => Ok(Some(way)),
                None => Err(Reason::NoRoute),
            }
        };
        let call = Call {
            origin: step_key,
            key: visitor.call_key(step_key),
            person,
            // A name server reads which address is wanted.
            pending: u16::from(visitor.address),
            session: session_of(step, by_hand),
            logs_in: step.gives == Some(State::Session) && !by_hand,
            want: if step.needs == Some(State::OwnWrite) {
                visitor.own_write
            } else {
                0
            },
            ..Call::new(
                Waiter::Visitor {
                    visitor: handle,
                    attempt,
                },
                ask,
                NOBODY,
            )
        };
        let way = match way {
            Ok(way) => way,
            Err(reason) => return self.cannot_leave(handle, attempt, client, reason),
        };
        let Some(way) = way else {
            let sent = self.calls.insert(call);
            if let Some(visitor) = self.people.visitors.get_mut(handle) {
                visitor.call = sent;
            }
            if let Err(reason) = self.dispatch_login(sent, person) {
                self.calls.free(sent);
                self.cannot_leave(handle, attempt, client, reason);
            }
            return;
        };
        let sent = self.send_here(call, way, NOBODY);
        if media {
            self.begin_media(sent);
        }
        if let Some(visitor) = self.people.visitors.get_mut(handle) {
            visitor.call = sent;
        }
    }

    /// Out of line: most operations have one leg.
    #[inline(never)]
    pub(super) fn send_next_leg(&mut self, handle: Handle) {
        self.send_leg(handle);
    }

    /// An attempt fails before anything is sent.
    #[cold]
    fn cannot_leave(&mut self, visitor: Handle, attempt: u32, client: NodeId, reason: Reason) {
        let node = if client == NOBODY { 0 } else { client };
        self.stats.cause(self.now, node, reason);
        self.ready.push_back(Ready::Fail {
            visitor,
            attempt,
            reason,
        });
    }

    /// One visitor keeps to one way, as a resolved name does.
    #[inline]
    pub(super) fn client_way(&self, client: NodeId, ask: AskId, person: u64) -> Option<Way> {
        if client == NOBODY {
            return None;
        }
        match self.plant.ways(self.plant.route(client, ask)) {
            [] => None,
            [way] => Some(*way),
            ways => Some(ways[(mix(person, 5) % ways.len() as u64) as usize]),
        }
    }
}
