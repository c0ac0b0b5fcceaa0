//! Askings whose answer is late or no: time-outs, second questions (hedging), retries, and those that are given up.
//! How a question is asked in the first place is in `asking`.

use archplay_kernel::Handle;
use archplay_report::Reason;

use super::asking::Asking;
use super::{Answer, Core, Waiter};
use crate::plant::{NOBODY, NodeId, Target};

/// A question that is asked again: its answer is late (hedging), or no (a retry).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Late {
    pub asking: Handle,
    pub from: NodeId,
    pub parent: Handle,
    /// Whom it asked first, if the asker chooses without a route.
    pub first: Option<Target>,
}

impl Late {
    fn of(handle: Handle, asking: &Asking) -> Self {
        Self {
            asking: handle,
            from: asking.from,
            parent: asking.parent,
            first: asking.way.filter(|_| asking.route == NOBODY),
        }
    }
}

impl Core {
    /// Calls under a policy that have waited too long: the work they caused goes on. Returns the answers
    /// that this settles.
    pub(crate) fn call_timeouts(&mut self, index: u32) -> Vec<(Handle, Answer)> {
        let mut out = Vec::new();
        while let Some((handle, tries)) = self.policies[index as usize].timeout.pop_due(self.now) {
            let Some(asking) = self.askings.get(handle).copied() else {
                continue;
            };
            if asking.tries != tries || asking.live == [Handle::NONE; 2] {
                continue;
            }
            let policy = self.policy(asking.from);
            for (call, link) in asking.live.into_iter().zip(asking.links) {
                if call != Handle::NONE {
                    self.abandon(call);
                    self.count_for_breaker(link, asking.from, &policy, true);
                }
            }
            if let Some(asking) = self.askings.get_mut(handle) {
                asking.live = [Handle::NONE; 2];
            }
            self.stats.cause(self.now, asking.from, Reason::CallTimeout);
            out.extend(self.retry_or_end(handle, &policy, Err(Reason::CallTimeout)));
        }
        let askings = &self.askings;
        self.policies[index as usize]
            .timeout
            .rearm(&mut self.queue, |(handle, tries)| {
                askings
                    .get(*handle)
                    .is_some_and(|asking| asking.tries == *tries)
            });
        out
    }

    /// The next call that has waited long enough to ask a second time.
    pub(crate) fn next_late(&mut self, index: u32) -> Option<Late> {
        while let Some((handle, tries)) = self.policies[index as usize].hedge.pop_due(self.now) {
            let Some(asking) = self.askings.get(handle).copied() else {
                continue;
            };
            let parent = self.calls.get(asking.parent);
            let waits = parent.is_some_and(|call| call.phase == super::Phase::Inside);
            let fits = asking.tries == tries
                && asking.live[0] != Handle::NONE
                && asking.live[1] == Handle::NONE;
            if waits && fits {
                return Some(Late::of(handle, &asking));
            }
        }
        None
    }

    /// Asks a second time: `other`, if the asker has chosen that, else as the route says.
    pub(crate) fn hedge(&mut self, asking: Handle, other: Option<Target>) {
        // Without a second way the first call goes on alone.
        let _ = self.send_for(asking, 1, other);
    }

    /// One of the two equal questions of an asking is cut off, that which was sent first (0) or second (1); `child` is
    /// the last that its asker sent. Returns whether the other is still out.
    pub(crate) fn cut_one(&mut self, child: Handle, place: usize) -> bool {
        let Some(Waiter::Asking(handle)) = self.calls.get(child).map(|call| call.waiter) else {
            // The second has come back: the first may still be out.
            return place == 1;
        };
        let Some(asking) = self.askings.get_mut(handle) else {
            return false;
        };
        if asking.live[1 - place] == Handle::NONE {
            return false;
        }
        let (cut, link) = (asking.live[place], asking.links[place]);
        asking.live[place] = Handle::NONE;
        if cut != Handle::NONE {
            self.abandon(cut);
            self.forget_probe(link);
        }
        true
    }

    /// The timer of second questions is set anew.
    pub(crate) fn await_late(&mut self, index: u32) {
        let askings = &self.askings;
        self.policies[index as usize]
            .hedge
            .rearm(&mut self.queue, |(handle, tries)| {
                askings
                    .get(*handle)
                    .is_some_and(|asking| asking.tries == *tries)
            });
    }

    /// A retry is due, unless nobody wants the answer any more.
    pub(crate) fn due_retry(&mut self, handle: Handle) -> Option<Late> {
        let asking = self.askings.get(handle).copied()?;
        let parent = self.calls.get(asking.parent);
        if parent.is_none_or(|call| call.phase == super::Phase::Back) {
            self.askings.remove(handle);
            return None;
        }
        Some(Late::of(handle, &asking))
    }

    /// Tries again: `other`, if the asker has chosen that, else whom the route says, or the same.
    pub(crate) fn retry(&mut self, again: Late, other: Option<Target>) {
        if let Some(asking) = self.askings.get_mut(again.asking)
            && other.is_some()
        {
            asking.way = other;
        }
        self.stats.retried(again.from);
        self.try_asking(again.asking, again.from);
    }

    /// An asker gives up on what it asked last: nobody waits for the calls of that any more, and it is not tried again.
    pub(crate) fn give_up(&mut self, child: Handle) {
        let Some(Waiter::Asking(handle)) = self.calls.get(child).map(|call| call.waiter) else {
            return self.abandon(child);
        };
        let Some(asking) = self.askings.get(handle).copied() else {
            return;
        };
        for (call, link) in asking.live.into_iter().zip(asking.links) {
            if call != Handle::NONE {
                self.abandon(call);
                self.forget_probe(link);
            }
        }
        self.askings.remove(handle);
    }

    /// Whether an asking can still end: one of its calls brings it an answer, or it waits for another try.
    pub(crate) fn ends(&self, handle: Handle, asking: &Asking) -> bool {
        let waits = |call: &Handle| {
            let call = self.calls.get(*call);
            call.is_some_and(|call| call.waiter == Waiter::Asking(handle))
        };
        asking.live == [Handle::NONE; 2] || asking.live.iter().any(waits)
    }
}
