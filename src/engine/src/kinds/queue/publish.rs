//! Taking messages in: room, or none.

use archplay_kernel::Handle;
use archplay_model::Kind;
use archplay_report::{EventCode, Reason};

use super::store::Message;
use super::{NONE, Queue, WAITS};
use crate::core::{Call, Core, Phase, Waiter};
use crate::plant::Ask;

impl Queue {
    /// Takes a message in and answers its publisher; without room it is refused, or waits.
    pub(super) fn keep(&mut self, core: &mut Core, handle: Handle) {
        if core.expired(handle) {
            return core.fail(handle, Reason::CallTimeout, self.node);
        }
        if self.store.len() >= self.capacity {
            if core.stats.first_limit(self.node) {
                let room = self.capacity.min(u64::from(u32::MAX)) as u32;
                core.note(EventCode::QueueFull, self.node, 0, room);
            }
            if !self.waits {
                return core.fail(handle, Reason::QueueFull, self.node);
            }
            if let Some(call) = core.call(handle) {
                call.stage = WAITS;
                self.publishers.push_back(handle);
            }
            return;
        }
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let Some(operation) = operation_of(core, &call) else {
            return core.fail(handle, Reason::NoRoute, self.node);
        };
        // A dead letter keeps its age, and has been counted where it was published. What a consumer passes on
        // is a new message.
        let moved = matches!(call.waiter, Waiter::Node { node, tag }
            if core.plant.nodes[node as usize].kind == Kind::Queue && tag as u32 == NONE);
        let published_ns = if moved { call.value } else { core.now };
        let mut message = Message::new(operation, published_ns);
        (message.key, message.origin) = (call.key, call.origin);
        (message.person, message.row) = (call.person, call.row);
        self.store.add(message);
        if !moved {
            core.stats.message_began(core.now, operation);
        }
        self.counts.published += u64::from(core.stats.in_focus(core.now));
        core.finish(handle, Ok(()));
        self.show(core);
        self.offer(core);
    }

    /// Publishers who wait for room, the first first.
    pub(super) fn let_in(&mut self, core: &mut Core) {
        while self.store.len() < self.capacity {
            let Some(next) = self.publishers.pop_front() else {
                return;
            };
            let waits = core
                .call(next)
                .is_some_and(|call| call.stage == WAITS && call.phase == Phase::Inside);
            if waits {
                self.keep(core, next);
            }
        }
    }
}

/// The operation that a publish is for. A textbook queue hands its requests over as they are.
fn operation_of(core: &Core, call: &Call) -> Option<u32> {
    match core.plant.asks[call.ask as usize] {
        Ask::Publish { operation } | Ask::Work { operation } => Some(operation),
        _ => None,
    }
}
