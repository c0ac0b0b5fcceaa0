//! The event queue. Order is (time, sequence number): of two events for the same moment the one that was
//! scheduled first happens first.

use crate::MinHeap;

/// Names a timer of an [`EventQueue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(u32);

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    time: u64,
    seq: u64,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.time == other.time && self.seq == other.seq
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some((self.time, self.seq).cmp(&(other.time, other.seq)))
    }

    fn le(&self, other: &Self) -> bool {
        (self.time, self.seq) <= (other.time, other.seq)
    }

    fn lt(&self, other: &Self) -> bool {
        (self.time, self.seq) < (other.time, other.seq)
    }
}

/// Events in order of time, and timers that can be moved.
///
/// A timer is an event that exists once and whose moment is set anew often (the next completion of a
/// shared processor). It lives in a second, indexed heap, so that moving it leaves nothing behind.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: MinHeap<Entry<E>>,
    seq: u64,
    timers: Vec<Timer<E>>,
    order: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Timer<E> {
    time: u64,
    seq: u64,
    /// Position in `order`; `NOWHERE` while not set.
    at: u32,
    event: E,
}

const NOWHERE: u32 = u32::MAX;

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        Self {
            heap: MinHeap::default(),
            seq: 0,
            timers: Vec::new(),
            order: Vec::new(),
        }
    }
}

impl<E: Copy> EventQueue<E> {
    /// Schedules an event. A time in the past is allowed and happens next.
    pub fn schedule(&mut self, time: u64, event: E) {
        self.seq += 1;
        self.heap.push(Entry {
            time,
            seq: self.seq,
            event,
        });
    }

    /// Makes a timer that is not set.
    pub fn add_timer(&mut self, event: E) -> TimerId {
        let id = u32::try_from(self.timers.len()).unwrap_or(NOWHERE);
        self.timers.push(Timer {
            time: 0,
            seq: 0,
            at: NOWHERE,
            event,
        });
        TimerId(id)
    }

    /// Sets a timer, wherever it stood before. Setting it to the same time keeps its sequence number.
    pub fn set(&mut self, timer: TimerId, time: u64) {
        let index = timer.0 as usize;
        if self.timers[index].at != NOWHERE && self.timers[index].time == time {
            return;
        }
        self.seq += 1;
        self.timers[index].time = time;
        self.timers[index].seq = self.seq;
        if self.timers[index].at == NOWHERE {
            self.timers[index].at = u32::try_from(self.order.len()).unwrap_or(NOWHERE);
            self.order.push(timer.0);
        }
        let at = self.up(self.timers[index].at as usize);
        self.down(at);
    }

    /// Takes a timer out.
    pub fn clear(&mut self, timer: TimerId) {
        let at = self.timers[timer.0 as usize].at;
        if at != NOWHERE {
            self.remove_at(at as usize);
        }
    }

    /// The time of the next event.
    #[must_use]
    pub fn next_time(&self) -> Option<u64> {
        let event = self.heap.peek().map(|entry| entry.time);
        let timer = self.order.first().map(|id| self.timers[*id as usize].time);
        match (event, timer) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Removes and returns the next event that happens before `limit`.
    pub fn pop_before(&mut self, limit: u64) -> Option<(u64, E)> {
        let event = self.heap.peek().map(|entry| (entry.time, entry.seq));
        let timer = self.order.first().map(|id| {
            let timer = &self.timers[*id as usize];
            (timer.time, timer.seq)
        });
        match (event, timer) {
            (Some(e), t) if t.is_none_or(|t| e < t) => {
                if e.0 >= limit {
                    return None;
                }
                self.heap.pop().map(|entry| (entry.time, entry.event))
            }
            (_, Some(t)) if t.0 < limit => {
                let id = self.order[0] as usize;
                self.remove_at(0);
                Some((t.0, self.timers[id].event))
            }
            _ => None,
        }
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len() + self.order.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn key(&self, at: usize) -> (u64, u64) {
        let timer = &self.timers[self.order[at] as usize];
        (timer.time, timer.seq)
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.order.swap(a, b);
        self.timers[self.order[a] as usize].at = a as u32;
        self.timers[self.order[b] as usize].at = b as u32;
    }

    fn up(&mut self, mut at: usize) -> usize {
        while at > 0 && self.key(at) < self.key((at - 1) / 2) {
            self.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
        at
    }

    fn down(&mut self, mut at: usize) {
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.order.len() && self.key(child) < self.key(least) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.swap(at, least);
            at = least;
        }
    }

    fn remove_at(&mut self, at: usize) {
        let last = self.order.len() - 1;
        if at != last {
            self.swap(at, last);
        }
        if let Some(id) = self.order.pop() {
            self.timers[id as usize].at = NOWHERE;
        }
        if at < self.order.len() {
            let at = self.up(at);
            self.down(at);
        }
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
