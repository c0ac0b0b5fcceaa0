//! Statements and their rows' locks: who takes one, who waits for how long, who gives it back.

use archplay_kernel::Handle;
use archplay_report::Reason;

use super::locks::Key;
use super::{Database, LOCKED, SWEEP_TIMER};
use crate::core::{Core, Phase};

/// A transaction whose owner is gone is found out after at most this long.
const SWEEP_NS: u64 = 1_000_000_000;

impl Database {
    /// The row that a call locks, and in whose name.
    fn lock_of(&self, core: &mut Core, handle: Handle) -> Option<(Key, Handle)> {
        let (_, _, _, dataset) = self.of(core, handle)?;
        let call = core.call(handle)?;
        let owner = if call.transaction == Handle::NONE {
            handle
        } else {
            call.transaction
        };
        Some(((dataset, call.row), owner))
    }

    pub(super) fn lock(&mut self, core: &mut Core, handle: Handle) {
        let Some((key, owner)) = self.lock_of(core, handle) else {
            return;
        };
        if let Some(other) = self.locks.owner(key)
            && other != owner
            && gone(core, other)
        {
            self.roll_back(core, other);
            self.release_all(core, other);
        }
        if self.locks.take(key, owner, handle) {
            return self.find_pages(core, handle);
        }
        let now = core.now;
        if let Some(call) = core.call(handle) {
            call.stage = LOCKED;
            call.since_ns = now;
        }
        if owner != handle && self.locks.is_deadlock(owner, |call| waits(core, call)) {
            // Whoever closes the circle is the one that is rolled back; the others go on.
            return core.fail(handle, Reason::Deadlock, self.node);
        }
        self.counts.lock_waiting.add(now, 1);
        if let Some(waits) = &mut self.lock_waits {
            waits.add(now, (handle, now), &mut core.queue);
        }
        if !self.sweeping {
            self.sweeping = true;
            core.wake_node(self.node, SWEEP_TIMER, now + SWEEP_NS);
        }
    }

    /// Gives the lock of a statement back, unless its transaction keeps it.
    pub(super) fn unlock(&mut self, core: &mut Core, handle: Handle) {
        if let Some((key, owner)) = self.lock_of(core, handle)
            && owner == handle
        {
            self.release(core, key, owner);
        }
    }

    fn release(&mut self, core: &mut Core, key: Key, mut owner: Handle) {
        loop {
            let next = self.locks.release(key, owner, |call| waits(core, call));
            let Some(next) = next else { return };
            let now = core.now;
            self.counts.lock_waiting.sub(now, 1);
            if !core.expired(next) {
                if let Some(call) = core.call(next) {
                    call.waited_in_line(now - call.since_ns);
                }
                return self.find_pages(core, next);
            }
            // Nobody needs it any more: unless its transaction has the lock now, it goes on to the next.
            core.fail(next, Reason::CallTimeout, self.node);
            if self.locks.owner(key) != Some(next) {
                return;
            }
            owner = next;
        }
    }

    /// A transaction has ended: all its locks are free.
    pub(super) fn release_all(&mut self, core: &mut Core, owner: Handle) {
        self.locks.forget(owner);
        while let Some(key) = self.locks.any_of(owner) {
            self.release(core, key, owner);
        }
    }

    pub(super) fn lock_timeouts(&mut self, core: &mut Core) {
        let node = self.node;
        while let Some((handle, since)) = self
            .lock_waits
            .as_mut()
            .and_then(|waits| waits.pop_due(core.now))
        {
            let here = core.call(handle).is_some_and(|call| call.node == node);
            let same = core.call(handle).is_some_and(|call| call.since_ns == since);
            if here && same && waits(core, handle) {
                self.counts.lock_waiting.sub(core.now, 1);
                core.fail(handle, Reason::LockTimeout, node);
            }
        }
        let Core { queue, calls, .. } = core;
        if let Some(waits) = &mut self.lock_waits {
            waits.rearm(queue, |(handle, since)| {
                calls
                    .get(*handle)
                    .is_some_and(|call| call.stage == LOCKED && call.since_ns == *since)
            });
        }
    }

    /// Transactions whose owner died without a word lose their locks.
    pub(super) fn sweep(&mut self, core: &mut Core) {
        let lost: Vec<Handle> = self
            .locks
            .wanted()
            .filter(|owner| gone(core, *owner))
            .collect();
        for owner in lost {
            self.roll_back(core, owner);
            self.release_all(core, owner);
        }
        self.sweeping = self.locks.lines() > 0;
        if self.sweeping {
            core.wake_node(self.node, SWEEP_TIMER, core.now + SWEEP_NS);
        }
    }
}

/// Whether a statement stands in line for a lock.
fn waits(core: &Core, call: Handle) -> bool {
    core.calls
        .get(call)
        .is_some_and(|call| call.stage == LOCKED && call.phase == Phase::Inside)
}

/// Whether a transaction's owner is no more.
fn gone(core: &Core, owner: Handle) -> bool {
    core.calls
        .get(owner)
        .is_none_or(|call| call.phase == Phase::Back)
}
