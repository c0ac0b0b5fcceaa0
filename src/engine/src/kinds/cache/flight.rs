//! Single flight: of those who miss the same item only one fetches it, the others wait for what it brings.

use std::collections::VecDeque;

use archplay_kernel::{Deadlines, Handle, TimerId};

use crate::keyed::Keyed;

/// How long the others wait before another of them fetches, in nanoseconds.
pub(super) const PATIENCE_NS: u64 = 1_000_000_000;

/// One item that somebody fetches.
#[derive(Clone, Copy, Debug)]
struct Flight {
    since: u64,
    /// Which line waits for it.
    line: u32,
}

/// All items that are being fetched.
#[derive(Clone, Debug)]
pub(super) struct Flights {
    open: Keyed<Flight>,
    /// Lines of those who wait; those in `free` are empty and nobody's.
    lines: Vec<VecDeque<Handle>>,
    free: Vec<u32>,
    late: Deadlines<(u64, u64)>,
}

impl Flights {
    pub(super) fn new(timer: TimerId) -> Self {
        Self {
            open: Keyed::default(),
            lines: Vec::new(),
            free: Vec::new(),
            late: Deadlines::new(PATIENCE_NS, timer),
        }
    }

    /// A call has missed an item: whether it is the one that fetches. If not, it waits.
    pub(super) fn join(
        &mut self,
        now: u64,
        key: u64,
        call: Handle,
        queue: &mut crate::core::Queue,
    ) -> bool {
        if let Some(flight) = self.open.get(key, 0) {
            self.lines[flight.line as usize].push_back(call);
            return false;
        }
        let line = self.free.pop().unwrap_or_else(|| {
            self.lines.push(VecDeque::new());
            self.lines.len() as u32 - 1
        });
        self.open.put(key, 0, u64::MAX, Flight { since: now, line });
        self.late.add(now, (key, now), queue);
        true
    }

    /// From now on another fetches.
    pub(super) fn lead(&mut self, now: u64, key: u64, queue: &mut crate::core::Queue) {
        if let Some(flight) = self.open.get_mut(key, 0) {
            flight.since = now;
            self.late.add(now, (key, now), queue);
        }
    }

    /// The next that waits for an item; those that are gone are the caller's to skip.
    pub(super) fn next(&mut self, key: u64) -> Option<Handle> {
        let flight = self.open.get(key, 0)?;
        self.lines[flight.line as usize].pop_front()
    }

    /// Nobody fetches the item any more.
    pub(super) fn end(&mut self, key: u64) {
        if let Some(flight) = self.open.remove(key) {
            self.lines[flight.line as usize].clear();
            self.free.push(flight.line);
        }
    }

    /// An item whose fetcher takes too long.
    pub(super) fn overdue(&mut self, now: u64) -> Option<u64> {
        while let Some((key, since)) = self.late.pop_due(now) {
            let open = self.open.get(key, 0);
            if open.is_some_and(|flight| flight.since == since) {
                return Some(key);
            }
        }
        None
    }

    /// Sets the timer for the next that could be late.
    pub(super) fn rearm(&mut self, queue: &mut crate::core::Queue) {
        let open = &self.open;
        self.late.rearm(queue, |(key, since)| {
            open.get(*key, 0)
                .is_some_and(|flight| flight.since == *since)
        });
    }

    /// Nobody fetches anything any more.
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.free.clear();
        for (i, line) in (0..).zip(&mut self.lines) {
            line.clear();
            self.free.push(i);
        }
    }
}
