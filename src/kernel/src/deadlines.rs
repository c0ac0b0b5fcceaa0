//! Deadlines that are all the same distance ahead: a queue is enough, no heap.

use std::collections::VecDeque;

use crate::{EventQueue, TimerId};

/// Deadlines in the order in which they were set, with one timer for the next.
#[derive(Clone, Debug)]
pub struct Deadlines<T> {
    after_ns: u64,
    list: VecDeque<(u64, T)>,
    timer: TimerId,
    /// Whether the timer is set. It may be for a deadline that nobody cares for any more: that costs one idle
    /// event at most, moving it each time would cost more.
    armed: bool,
}

impl<T: Copy> Deadlines<T> {
    /// Makes deadlines that come `after_ns` after they are set; `timer` fires for the first.
    #[must_use]
    pub fn new(after_ns: u64, timer: TimerId) -> Self {
        Self {
            after_ns,
            list: VecDeque::new(),
            timer,
            armed: false,
        }
    }

    /// Sets a deadline.
    pub fn add<E: Copy>(&mut self, now: u64, item: T, queue: &mut EventQueue<E>) {
        let at = now.saturating_add(self.after_ns);
        if !self.armed {
            queue.set(self.timer, at);
            self.armed = true;
        }
        self.list.push_back((at, item));
    }

    /// Drops deadlines at the front that `alive` no longer cares for, so that a long time-out does not keep
    /// everything that ever began.
    pub fn forget(&mut self, alive: impl Fn(&T) -> bool) {
        while self.list.front().is_some_and(|(_, item)| !alive(item)) {
            self.list.pop_front();
        }
    }

    /// Removes the next deadline that is due.
    pub fn pop_due(&mut self, now: u64) -> Option<T> {
        if self.list.front()?.0 > now {
            return None;
        }
        self.list.pop_front().map(|(_, item)| item)
    }

    /// Sets the timer for the first deadline that `alive` still cares for, and forgets those before.
    pub fn rearm<E: Copy>(&mut self, queue: &mut EventQueue<E>, alive: impl Fn(&T) -> bool) {
        while self.list.front().is_some_and(|(_, item)| !alive(item)) {
            self.list.pop_front();
        }
        self.armed = !self.list.is_empty();
        if let Some((at, _)) = self.list.front() {
            queue.set(self.timer, *at);
        }
    }
}
