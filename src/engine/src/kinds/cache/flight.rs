//! Single flight: of those who miss the same item only one fetches it, the others wait for what it brings.

use std::collections::VecDeque;

use archplay_kernel::{Deadlines, EventQueue, Handle, TimerId};

use crate::core::Event;
use crate::keymap::KeyMap;

/// How long the others wait before another of them fetches, in nanoseconds.
pub(super) const PATIENCE_NS: u64 = 1_000_000_000;

/// One item that somebody fetches.
#[derive(Clone, Debug, Default)]
struct Flight {
    since: u64,
    waiting: VecDeque<Handle>,
}

/// All items that are being fetched.
#[derive(Clone, Debug)]
pub(super) struct Flights {
    open: KeyMap<Flight>,
    late: Deadlines<(u64, u64)>,
}

impl Flights {
    pub(super) fn new(timer: TimerId) -> Self {
        Self {
            open: KeyMap::default(),
            late: Deadlines::new(PATIENCE_NS, timer),
        }
    }

    /// A call has missed an item: whether it is the one that fetches. If not, it waits.
    pub(super) fn join(
        &mut self,
        now: u64,
        key: u64,
        call: Handle,
        queue: &mut EventQueue<Event>,
    ) -> bool {
        let (flight, first) = self.open.entry(key);
        if !first {
            flight.waiting.push_back(call);
            return false;
        }
        flight.waiting.clear();
        self.lead(now, key, queue);
        true
    }

    /// From now on another fetches.
    pub(super) fn lead(&mut self, now: u64, key: u64, queue: &mut EventQueue<Event>) {
        if let Some(flight) = self.open.get_mut(key) {
            flight.since = now;
            self.late.add(now, (key, now), queue);
        }
    }

    /// The next that waits for an item; those that are gone are the caller's to skip.
    pub(super) fn next(&mut self, key: u64) -> Option<Handle> {
        self.open.get_mut(key)?.waiting.pop_front()
    }

    /// Nobody fetches the item any more.
    pub(super) fn end(&mut self, key: u64) {
        self.open.remove(key);
    }

    /// An item whose fetcher takes too long.
    pub(super) fn overdue(&mut self, now: u64) -> Option<u64> {
        while let Some((key, since)) = self.late.pop_due(now) {
            if self
                .open
                .get(key)
                .is_some_and(|flight| flight.since == since)
            {
                return Some(key);
            }
        }
        None
    }

    /// Sets the timer for the next that could be late.
    pub(super) fn rearm(&mut self, queue: &mut EventQueue<Event>) {
        let open = &self.open;
        self.late.rearm(queue, |(key, since)| {
            open.get(*key).is_some_and(|flight| flight.since == *since)
        });
    }

    /// Nobody fetches anything any more.
    pub(super) fn clear(&mut self) {
        self.open.clear();
    }
}
