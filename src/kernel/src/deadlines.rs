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
    /// When the list is this long its front is looked through.
    look_at: usize,
}

/// So many more may come before the front is looked through again: at once is cheaper than one by one.
const PATCH: usize = 64;

impl<T: Copy> Deadlines<T> {
    /// Makes deadlines that come `after_ns` after they are set; `timer` fires for the first.
    #[must_use]
    pub fn new(after_ns: u64, timer: TimerId) -> Self {
        Self {
            after_ns,
            list: VecDeque::new(),
            timer,
            armed: false,
            look_at: PATCH,
        }
    }

    /// Sets a deadline.
    #[inline]
    pub fn add<E: Copy + Default>(&mut self, now: u64, item: T, queue: &mut EventQueue<E>) {
        let at = now.saturating_add(self.after_ns);
        if !self.armed {
            self.arm(at, queue);
        }
        self.list.push_back((at, item));
    }

    #[inline(never)]
    fn arm<E: Copy + Default>(&mut self, at: u64, queue: &mut EventQueue<E>) {
        queue.set(self.timer, at);
        self.armed = true;
    }

    /// Drops deadlines at the front that `alive` no longer cares for, every now and then, so that a long time-out
    /// does not keep everything that ever began.
    #[inline]
    pub fn forget(&mut self, alive: impl Fn(&T) -> bool) {
        if self.list.len() >= self.look_at {
            self.drop_front(alive);
            self.look_at = self.list.len() + PATCH;
        }
    }

    #[inline(never)]
    fn drop_front(&mut self, alive: impl Fn(&T) -> bool) {
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
    pub fn rearm<E: Copy + Default>(
        &mut self,
        queue: &mut EventQueue<E>,
        alive: impl Fn(&T) -> bool,
    ) {
        self.drop_front(alive);
        self.armed = !self.list.is_empty();
        if let Some((at, _)) = self.list.front() {
            queue.set(self.timer, *at);
        }
    }
}
