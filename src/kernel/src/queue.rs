//! The event queue. Order is (time, sequence number): of two events for the same moment the one that was
//! scheduled first happens first.
//!
//! Events that wait stand in [`Pending`]; timers, which can be moved, in a heap of their own. What an event
//! means does not live here.

use crate::RankedHeap;
use crate::near::FARTHEST;
use crate::pending::{Pending, key};

/// Names a timer of an [`EventQueue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(u32);

/// Events in order of time, and timers that can be moved.
///
/// A timer is an event that exists once and whose moment is set anew often (the next completion of a
/// shared processor). It lives in a second, indexed heap, so that moving it leaves nothing behind.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    pending: Pending<E>,
    seq: u64,
    timers: RankedHeap,
    /// The place in the order of the first timer that is set; behind everything if none is.
    first_timer: u128,
    /// Where [`Self::pop`] stops, and the first timer if that comes before: so one comparison is enough.
    limit: u128,
    bound: u128,
    /// What happens when a timer fires.
    events: Vec<E>,
}

impl<E: Copy + Default> Default for EventQueue<E> {
    fn default() -> Self {
        Self {
            pending: Pending::default(),
            seq: 0,
            timers: RankedHeap::default(),
            first_timer: u128::MAX,
            limit: 0,
            bound: 0,
            events: Vec::new(),
        }
    }
}

impl<E: Copy + Default> EventQueue<E> {
    /// Schedules an event. A time in the past is allowed and happens next; the last four nanoseconds of all times are
    /// one moment.
    #[inline]
    pub fn schedule(&mut self, time: u64, event: E) {
        self.seq += 1;
        self.pending.push(time, self.seq, event);
    }

    /// Makes a timer that is not set.
    pub fn add_timer(&mut self, event: E) -> TimerId {
        let id = self.events.len() as u32;
        self.events.push(event);
        TimerId(id)
    }

    /// Sets a timer, wherever it stood before. Setting it to the same time keeps its sequence number.
    pub fn set(&mut self, timer: TimerId, time: u64) {
        if self.timers.rank(timer.0).is_some_and(|rank| rank.0 == time) {
            return;
        }
        self.seq += 1;
        self.timers.set(timer.0, (time, self.seq));
        self.look_at_timers();
    }

    fn look_at_timers(&mut self) {
        let first = self.timers.first();
        self.first_timer = first.map_or(u128::MAX, |(rank, _)| key(rank));
        self.bound = self.limit.min(self.first_timer);
    }

    /// Takes a timer out.
    pub fn clear(&mut self, timer: TimerId) {
        self.timers.remove(timer.0);
        self.look_at_timers();
    }

    /// From now on [`Self::pop`] gives what happens before `limit`.
    pub fn stop_at(&mut self, limit: u64) {
        self.limit = key((limit.min(FARTHEST + 1), 0));
        self.bound = self.limit.min(self.first_timer);
    }

    /// Removes and returns the next event, if it happens before the limit.
    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        let first = self.pending.pop_before(self.bound);
        if first.is_none() && self.first_timer < self.limit {
            return self.pop_timer();
        }
        first
    }

    /// Removes and returns the next event that happens before `limit`.
    pub fn pop_before(&mut self, limit: u64) -> Option<(u64, E)> {
        self.stop_at(limit);
        self.pop()
    }

    #[inline(never)]
    fn pop_timer(&mut self) -> Option<(u64, E)> {
        let ((time, _), timer) = self.timers.pop()?;
        self.look_at_timers();
        Some((time, self.events[timer as usize]))
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pending.len() + self.timers.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_by_the_order_of_scheduling_also_between_events_and_timers() {
        let mut queue = EventQueue::default();
        let timer = queue.add_timer("timer");
        queue.schedule(5, "first");
        queue.set(timer, 5);
        queue.schedule(5, "second");
        let order: Vec<_> = std::iter::from_fn(|| queue.pop_before(6)).collect();
        assert_eq!(order, [(5, "first"), (5, "timer"), (5, "second")]);
    }

    proptest! {
        /// Against a plain sorted list: setting, moving and clearing timers among events.
        #[test]
        fn agrees_with_a_list(ops in proptest::collection::vec((0_u8..4, 0_usize..4, 0_u64..50), 0..120)) {
            let mut queue = EventQueue::default();
            let ids: Vec<_> = (0..4).map(|i| queue.add_timer(1_000 + i as u64)).collect();
            let mut list: Vec<(u64, u64, u64)> = Vec::new();
            let mut seq = 0;
            for (op, which, time) in ops {
                let event = 1_000 + which as u64;
                match op {
                    0 => {
                        seq += 1;
                        queue.schedule(time, seq);
                        list.push((time, seq, seq));
                    }
                    1 => {
                        queue.set(ids[which], time);
                        if !list.iter().any(|e| e.2 == event && e.0 == time) {
                            seq += 1;
                            list.retain(|e| e.2 != event);
                            list.push((time, seq, event));
                        }
                    }
                    2 => {
                        queue.clear(ids[which]);
                        list.retain(|e| e.2 != event);
                    }
                    _ => {
                        list.sort_unstable();
                        let expected = list.first().filter(|e| e.0 < time).map(|e| (e.0, e.2));
                        prop_assert_eq!(queue.pop_before(time), expected);
                        if expected.is_some() {
                            list.remove(0);
                        }
                    }
                }
                prop_assert_eq!(queue.len(), list.len());
            }
        }
    }
}
