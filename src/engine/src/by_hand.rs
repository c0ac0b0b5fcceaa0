//! A person's own request enters the plant, as a visitor like any other, and its answer is taken down.
//!
//! It goes the way of the scenario's own operation and is counted like everyone's. Three things are different: the
//! visitor's numbers come from a range of their own, so that nobody else's draws change; it asks once and leaves,
//! without a journey around it and without trying again, since a person does that; and its trace is always kept.

use archplay_kernel::{Handle, mix};
use archplay_model::scenario::Asked;
use archplay_report::{HandAnswer, HandOutcome, Kept, Reason};

use crate::core::{Core, Ended, Outcome};
use crate::feed::FeedState;
use crate::visitor::Visitor;
use crate::world::World;

#[cfg(test)]
mod tests;

impl World {
    /// A person asks, before any other event of that moment.
    #[cold]
    #[inline(never)]
    pub(crate) fn ask_by_hand(&mut self, place: u32, asked: &Asked) {
        let at = asked.at_ns.saturating_sub(self.core.skipped_ns);
        self.core.now = self.core.now.max(at);
        if !self.core.welcome_by_hand(place, asked) {
            self.core.answers.push(HandAnswer {
                place,
                asked_ns: asked.at_ns,
                answered_ns: asked.at_ns,
                outcome: HandOutcome::Failed {
                    reason: Reason::NoRoute,
                },
                trace: None,
            });
        }
        self.settle();
    }
}

impl Core {
    /// The visitor comes and asks. `false` if the scenario has no feed, no such user or no such operation.
    fn welcome_by_hand(&mut self, place: u32, asked: &Asked) -> bool {
        let plant = std::rc::Rc::clone(&self.plant);
        let entry = plant.feed.as_ref();
        let entry = entry.and_then(|plan| plan.by_hand.of(&asked.ask));
        let (Some(entry), Some(state), Some(by_hand)) =
            (entry, &mut self.feed, u16::try_from(place + 1).ok())
        else {
            return false;
        };
        if asked.user >= state.feed.graph().users() {
            return false;
        }
        let key = FeedState::person_by_hand(plant.seed, asked.user);
        let visitor = Visitor {
            audience: entry.audience,
            client: plant.audiences[entry.audience as usize].client(key),
            key,
            born_ns: self.now,
            step: entry.step,
            operation: entry.operation,
            // Of the same person each time: what is counted by attempt goes on from one to the next.
            attempt: place,
            watcher: crate::plant::NOBODY,
            by_hand,
            ..Visitor::default()
        };
        let origin = visitor.step_key();
        state.begins_by_hand(origin, (place, asked));
        self.tracer.follow(origin);
        let handle = self.people.visitors.insert(visitor);
        self.stats.visitor_arrived(self.now, entry.audience);
        self.wake(handle);
        true
    }

    /// Its attempt has ended, as the statistics know already: the answer is taken down, and the visitor leaves.
    #[cold]
    #[inline(never)]
    pub(crate) fn ended_by_hand(&mut self, handle: Handle, result: Outcome) {
        let Some(visitor) = self.people.visitors.get(handle).copied() else {
            return;
        };
        let origin = visitor.step_key();
        let ended = Ended {
            operation: visitor.operation,
            // The lot in which it takes part like any other.
            person: mix(visitor.key, u64::from(visitor.by_hand)),
            attempt: visitor.attempt,
            began_ns: visitor.began_ns,
            result,
            open: visitor.call,
            pieces: visitor.pieces,
        };
        let trace = self.trace_of(&ended, Kept::Sampled);
        let page_posts = self.plant.feed.as_ref();
        let page_posts = page_posts.map_or(0, |plan| plan.given.page_posts);
        // Time that was left out meanwhile is no waiting.
        let took_ns = self.now - visitor.born_ns;
        if let Some(state) = &self.feed
            && let Some(request) = state.request_by_hand(origin)
        {
            let said = state.said_by_hand(origin, page_posts);
            let outcome = match (result, said) {
                (Err(reason), _) => HandOutcome::Failed { reason },
                (Ok(()), Some(said)) => said,
                (Ok(()), None) => HandOutcome::Posted { post: None },
            };
            self.answers.push(HandAnswer {
                place: request.place,
                asked_ns: request.asked_ns,
                answered_ns: request.asked_ns + took_ns,
                outcome,
                trace: Some(trace),
            });
        }
        if self.tracer.on {
            self.trace_ended(&ended);
        } else {
            self.tracer.forget(ended.pieces);
        }
        self.people.visitors.free(handle);
        self.tell_watcher(visitor.watcher, visitor.key);
        match result {
            Ok(()) => self
                .stats
                .visitor_done(self.now, visitor.audience, visitor.born_ns),
            Err(reason) => self
                .stats
                .visitor_lost(visitor.audience, visitor.born_ns, reason),
        }
    }
}
