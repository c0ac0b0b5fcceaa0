//! The event queue of the engine: events packed into two words.
//!
//! An enum with small fields is written in pieces and read whole when it moves through the heap, which stalls
//! the processor at every step; two words move in registers.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

use archplay_kernel::{EventQueue, Handle, TimerId};

use archplay_report::Reason;

use super::{Event, Ready};

/// An event as two words: kind, epoch and a number; a handle.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Packed {
    kind: u64,
    handle: u64,
}

impl Packed {
    const fn new(kind: u64, epoch: u16, number: u32, handle: Handle) -> Self {
        Self {
            kind: kind | (epoch as u64) << 8 | (number as u64) << 32,
            handle: handle.bits(),
        }
    }

    #[inline]
    const fn pack(event: Event) -> Self {
        match event {
            Event::Arrival(audience) => Self::new(0, 0, audience, Handle::NONE),
            Event::Wake(visitor) => Self::new(1, 0, 0, visitor),
            Event::Patience(audience) => Self::new(2, 0, audience, Handle::NONE),
            Event::Reach { call, node } => Self::new(3, 0, node, call),
            Event::Due { call, epoch, node } => Self::new(4, epoch, node, call),
            Event::Back(call) => Self::new(5, 0, 0, call),
            Event::Timer { node, tag } => Self::new(6, 0, node, Handle::new(tag, 0)),
            Event::CallTimeout(policy) => Self::new(7, 0, policy, Handle::NONE),
            Event::Hedge(policy) => Self::new(8, 0, policy, Handle::NONE),
            Event::Retry(asking) => Self::new(9, 0, 0, asking),
            Event::Fault(fault) => Self::new(10, 0, fault, Handle::NONE),
            Event::Focus => Self::new(11, 0, 0, Handle::NONE),
            Event::FeedChange => Self::new(12, 0, 0, Handle::NONE),
            Event::Resend { call, more_ns } => Self::new(13, 0, more_ns, call),
        }
    }

    /// The number, the epoch, the handle.
    #[inline]
    const fn parts(self) -> (u32, u16, Handle) {
        let number = (self.kind >> 32) as u32;
        let epoch = (self.kind >> 8) as u16;
        (number, epoch, Handle::from_bits(self.handle))
    }

    #[inline]
    const fn unpack(self) -> Event {
        let (number, epoch, handle) = self.parts();
        match self.kind & 0xff {
            0 => Event::Arrival(number),
            1 => Event::Wake(handle),
            2 => Event::Patience(number),
            3 => Event::Reach {
                call: handle,
                node: number,
            },
            4 => Event::Due {
                call: handle,
                epoch,
                node: number,
            },
            5 => Event::Back(handle),
            6 => Event::Timer {
                node: number,
                tag: handle.index(),
            },
            7 => Event::CallTimeout(number),
            8 => Event::Hedge(number),
            9 => Event::Retry(handle),
            10 => Event::Fault(number),
            11 => Event::Focus,
            12 => Event::FeedChange,
            _ => Event::Resend {
                call: handle,
                more_ns: number,
            },
        }
    }
}

/// What happens at once, in order, packed as events are.
///
/// Nearly always there is one thing and no more: it has a place of its own, and only what comes while that is taken
/// goes into the line.
#[derive(Clone, Debug)]
pub(crate) struct AtOnce {
    first: Packed,
    rest: VecDeque<Packed>,
}

/// The kind of nothing.
const NOTHING: u64 = 0xff;

impl Default for AtOnce {
    fn default() -> Self {
        Self {
            first: Packed::new(NOTHING, 0, 0, Handle::NONE),
            rest: VecDeque::new(),
        }
    }
}

impl AtOnce {
    /// Adds one to the end.
    #[inline(always)]
    pub(crate) fn push_back(&mut self, ready: Ready) {
        let packed = match ready {
            Ready::Reach { call, node } => Packed::new(0, 0, node, call),
            Ready::Due { call, epoch, node } => Packed::new(1, epoch, node, call),
            Ready::Back(call) => Packed::new(2, 0, 0, call),
            Ready::Settle(asking) => Packed::new(3, 0, 0, asking),
            Ready::Notice => Packed::new(4, 0, 0, Handle::NONE),
            Ready::Fail {
                visitor,
                attempt,
                reason,
            } => Packed::new(5, reason.index() as u16, attempt, visitor),
        };
        if self.is_empty() {
            self.first = packed;
        } else {
            self.push_behind(packed);
        }
    }

    #[inline(never)]
    fn push_behind(&mut self, packed: Packed) {
        self.rest.push_back(packed);
    }

    /// Takes the first.
    #[inline(always)]
    pub(crate) fn pop_front(&mut self) -> Option<Ready> {
        let packed = self.first;
        if packed.kind == NOTHING {
            return None;
        }
        if self.rest.is_empty() {
            self.first.kind = NOTHING;
        } else {
            self.move_up();
        }
        let (number, small, handle) = packed.parts();
        Some(match packed.kind & 0xff {
            0 => Ready::Reach {
                call: handle,
                node: number,
            },
            1 => Ready::Due {
                call: handle,
                epoch: small,
                node: number,
            },
            2 => Ready::Back(handle),
            3 => Ready::Settle(handle),
            4 => Ready::Notice,
            _ => Ready::Fail {
                visitor: handle,
                attempt: number,
                reason: Reason::ALL[usize::from(small)],
            },
        })
    }

    #[inline(never)]
    fn move_up(&mut self) {
        if let Some(next) = self.rest.pop_front() {
            self.first = next;
        }
    }

    /// Whether there is nothing.
    #[inline(always)]
    pub(crate) const fn is_empty(&self) -> bool {
        self.first.kind == NOTHING
    }
}

/// Events in order of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue(EventQueue<Packed>);

impl Queue {
    /// Schedules an event.
    #[inline]
    pub(crate) fn schedule(&mut self, time: u64, event: Event) {
        self.0.schedule(time, Packed::pack(event));
    }

    /// Makes a timer that is not set.
    pub(crate) fn add_timer(&mut self, event: Event) -> TimerId {
        self.0.add_timer(Packed::pack(event))
    }

    /// Removes and returns the next event, if it happens before the limit.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(u64, Event)> {
        let (time, packed) = self.0.pop()?;
        Some((time, packed.unpack()))
    }
}

impl Deref for Queue {
    type Target = EventQueue<Packed>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Queue {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_the_same() {
        let handle = Handle::new(7, 0xdead_beef);
        for event in [
            Event::Arrival(3),
            Event::Wake(handle),
            Event::Patience(u32::MAX),
            Event::Reach {
                call: handle,
                node: u32::MAX,
            },
            Event::Due {
                call: handle,
                epoch: u16::MAX,
                node: 7,
            },
            Event::Back(handle),
            Event::Timer {
                node: 12,
                tag: u32::MAX,
            },
            Event::CallTimeout(4),
            Event::Hedge(5),
            Event::Retry(handle),
            Event::Fault(6),
            Event::Focus,
            Event::FeedChange,
            Event::Resend {
                call: handle,
                more_ns: 9,
            },
        ] {
            let back = Packed::pack(event).unpack();
            assert_eq!(format!("{back:?}"), format!("{event:?}"));
        }
    }
}
