//! A call's way: sent, taken in, answered, failed, passed on.

use archplay_kernel::{Handle, mix};
use archplay_report::Reason;

use super::{Call, Core, Event, Outcome, Phase, Ready, Waiter};
use crate::plant::{AskId, LinkId, NodeId, Way};

/// The most hops of a request, one after the other or one within the other: beyond, it goes round in circles.
pub(super) const MAX_DEPTH: u16 = 1_000;

impl Core {
    /// A call by its handle. `None` once its answer is back.
    pub(crate) fn call(&mut self, handle: Handle) -> Option<&mut Call> {
        self.calls.get_mut(handle)
    }

    /// Sends a new call over a link.
    pub(crate) fn send(&mut self, call: Call, way: Way, unit: u32) -> Handle {
        self.send_here(call, way, unit)
    }

    /// The same in line, so that the call is written where it stays: it is a large record, and carrying it there costs
    /// more than the rest.
    #[inline(always)]
    pub(crate) fn send_here(&mut self, call: Call, way: Way, unit: u32) -> Handle {
        self.send_at(None, call, way, unit)
    }

    /// The same; the room for the call may have been reserved.
    #[inline(always)]
    pub(crate) fn send_at(
        &mut self,
        place: Option<Handle>,
        call: Call,
        way: Way,
        unit: u32,
    ) -> Handle {
        let (node, link) = self.successor(call.ask, way.node, way.link);
        let (waiter, key, deep) = (call.waiter, call.key, call.depth >= MAX_DEPTH);
        let sent = Call {
            node,
            unit,
            link,
            sent_ns: self.now,
            phase: Phase::Going,
            ..call
        };
        let handle = match place {
            Some(handle) => {
                self.calls.put(handle, sent);
                handle
            }
            None => self.calls.insert(sent),
        };
        let parent = match waiter {
            Waiter::Call(parent) => parent,
            Waiter::Asking(asking) => self.askings.get(asking).map_or(Handle::NONE, |a| a.parent),
            Waiter::Nobody | Waiter::Visitor { .. } | Waiter::Node { .. } => Handle::NONE,
        };
        if parent != Handle::NONE
            && let Some(parent) = self.calls.get_mut(parent)
        {
            parent.child = handle;
        }
        self.stats.link_begin(link);
        if deep {
            self.fail(handle, Reason::NoRoute, node);
        } else {
            self.carry(handle, node, link, key);
        }
        handle
    }

    /// A child of `parent`, ready to be sent: same visitor, same deadline, draws of its own.
    #[inline]
    pub(crate) fn child(&mut self, parent: Handle, ask: AskId, to: NodeId) -> Option<Call> {
        let salt = self.plant.nodes[to as usize].salt;
        let parent_call = self.calls.get_mut(parent)?;
        parent_call.asked = parent_call.asked.wrapping_add(1);
        let granted = match parent_call.share {
            0 => parent_call.budget - parent_call.budget / 8,
            share => {
                parent_call.share -= 1;
                parent_call.budget / u32::from(share)
            }
        };
        parent_call.budget -= granted;
        Some(Call {
            origin: parent_call.origin,
            person: parent_call.person,
            row: parent_call.row,
            want: parent_call.want,
            session: parent_call.session,
            logs_in: parent_call.logs_in,
            value: parent_call.value,
            transaction: parent_call.transaction,
            feed: parent_call.feed,
            deadline_ns: parent_call.deadline_ns,
            // Without a grant, sending it will fail it.
            depth: if granted == 0 {
                MAX_DEPTH
            } else {
                parent_call.depth + 1
            },
            key: mix(parent_call.key, salt ^ u64::from(parent_call.asked)),
            budget: granted.saturating_sub(1),
            ..Call::new(Waiter::Call(parent), ask, to)
        })
    }

    /// A call that a component sends for itself; the answer comes back with `tag`.
    pub(crate) fn own_call(
        &mut self,
        from: NodeId,
        tag: u64,
        ask: AskId,
        to: NodeId,
        key: u64,
    ) -> Call {
        let mut call = Call::new(Waiter::Node { node: from, tag }, ask, to);
        call.key = key;
        call.origin = key;
        call
    }

    /// A component takes a call in: from now on it counts as inside.
    #[inline]
    pub(crate) fn enter(&mut self, handle: Handle) {
        let now = self.now;
        if let Some(call) = self.calls.get_mut(handle) {
            call.phase = Phase::Inside;
            call.arrived_ns = now;
            let node = call.node;
            self.stats.enter(now, node);
        }
    }

    /// Plans `ns` of time for a call; then its component's `due` is called, unless the epoch has changed.
    pub(crate) fn wait(&mut self, handle: Handle, ns: u64) {
        let Some(call) = self.calls.get(handle) else {
            return;
        };
        let event = Event::Due {
            call: handle,
            epoch: call.epoch,
            node: call.node,
        };
        self.queue.schedule(self.now.saturating_add(ns), event);
    }

    /// The component's `due` is called for a call in this same moment, after all that is under way: a long
    /// row of calls, each of which sets the next going, must not become a deep recursion.
    pub(crate) fn soon(&mut self, handle: Handle) {
        if let Some(call) = self.calls.get(handle) {
            let (epoch, node) = (call.epoch, call.node);
            self.ready.push_back(Ready::Due {
                call: handle,
                epoch,
                node,
            });
        }
    }

    /// A component answers a call: it leaves, and the answer travels back the way it came.
    pub(crate) fn finish(&mut self, handle: Handle, result: Outcome) {
        self.finish_here(handle, result);
    }

    /// The same in line, where nearly every answer is given.
    #[inline(always)]
    pub(crate) fn finish_here(&mut self, handle: Handle, result: Outcome) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(handle) else {
            return;
        };
        if call.phase == Phase::Back {
            return;
        }
        let inside = call.phase == Phase::Inside;
        call.phase = Phase::Back;
        call.epoch = call.epoch.wrapping_add(1);
        call.result = result;
        call.left_ns = now;
        let (link, back, key) = (call.link, call.back_ns, call.key);
        let part = &mut self.stats.parts[call.node as usize];
        if call.ask != self.plant.branch {
            if inside {
                part.leave(now, call.arrived_ns);
            }
            if call.ask != self.plant.health {
                part.answered(result.is_err());
            }
        }
        let delay = self.answer_delay(link, key).saturating_add(back);
        if delay == 0 {
            self.ready.push_back(Ready::Back(handle));
        } else {
            self.queue
                .schedule(now.saturating_add(delay), Event::Back(handle));
        }
    }

    /// A component fails a call: as `finish`, and the failure is counted as having arisen at `node`.
    pub(crate) fn fail(&mut self, handle: Handle, reason: Reason, node: NodeId) {
        let counts = self.calls.get(handle).is_some_and(|call| {
            call.phase != Phase::Back
                && !matches!(
                    self.plant.asks[call.ask as usize],
                    crate::plant::Ask::Health | crate::plant::Ask::Replicate
                )
        });
        if counts {
            self.stats.cause(self.now, node, reason);
        }
        self.finish(handle, Err(reason));
    }

    /// The call goes on to another component instead of being answered here; the answer will come from there.
    pub(crate) fn pass_on(&mut self, handle: Handle, way: Way, unit: u32) {
        self.pass_on_far(handle, way.node, way.link, unit, 0);
    }

    /// The same over a way that takes so much longer, there and back, than the link says: a name leads the
    /// visitor there, and the visitor may be anywhere.
    pub(crate) fn pass_on_far(
        &mut self,
        handle: Handle,
        node: NodeId,
        link: LinkId,
        unit: u32,
        more_ns: u64,
    ) {
        let now = self.now;
        if self.tracer.watches_some() {
            self.watch_passing(handle);
        }
        let Some(call) = self.calls.get_mut(handle) else {
            return;
        };
        let (ask, left, inside) = (call.ask, call.node, call.phase == Phase::Inside);
        let (old, sent, key) = (call.link, call.sent_ns, call.key);
        let arrived = call.arrived_ns;
        let back = self.answer_delay(old, key);
        let (node, link) = self.successor(ask, node, link);
        let salt = self.plant.nodes[node as usize].salt;
        if inside {
            self.stats.leave(now, left, arrived);
        }
        self.stats.link_end(old, now - sent + back, false);
        let Some(call) = self.calls.get_mut(handle) else {
            return;
        };
        call.back_ns = call.back_ns.saturating_add(back).saturating_add(more_ns);
        call.node = node;
        call.unit = unit;
        call.link = link;
        call.sent_ns = now;
        call.phase = Phase::Going;
        call.asked = call.asked.wrapping_add(1);
        call.depth += 1;
        let deep = call.depth >= MAX_DEPTH;
        call.epoch = call.epoch.wrapping_add(1);
        call.key = mix(key, salt ^ u64::from(call.asked));
        let key = call.key;
        self.stats.link_begin(link);
        if deep {
            return self.fail(handle, Reason::NoRoute, node);
        }
        self.carry_far((handle, node), link, key, more_ns);
    }

    /// For traces: a call is passed on, and its stay here is a span of its own.
    #[cold]
    #[inline(never)]
    fn watch_passing(&mut self, handle: Handle) {
        let now = self.now;
        if let Some(call) = self.calls.get_mut(handle)
            && self.tracer.watches(call.origin)
        {
            call.left_ns = now;
            let stay = *call;
            call.pieces = Handle::NONE;
            (call.queue_us, call.pool_us) = (0, 0);
            self.close_span(&stay);
        }
    }

    /// Everything inside a component (or one unit of it) is lost. The component clears its own queues.
    pub(crate) fn drop_inside(&mut self, node: NodeId, unit: Option<u32>, reason: Reason) {
        let lost: Vec<Handle> = self
            .calls
            .iter()
            .filter(|(_, call)| {
                call.node == node
                    && call.phase == Phase::Inside
                    && unit.is_none_or(|unit| call.unit == unit)
            })
            .map(|(handle, _)| handle)
            .collect();
        for handle in lost {
            self.fail(handle, reason, node);
        }
    }

    /// The component where a call's time goes right now: that of the last question still open.
    pub(crate) fn deepest(&self, handle: Handle) -> NodeId {
        let mut at = handle;
        let mut node = 0;
        for _ in 0..=MAX_DEPTH {
            let Some(call) = self.calls.get(at) else {
                break;
            };
            node = call.node;
            if call.phase == Phase::Back {
                break;
            }
            at = call.child;
        }
        node
    }

    /// Whether nobody needs the answer any more (deadline propagation).
    pub(crate) fn expired(&self, handle: Handle) -> bool {
        self.calls
            .get(handle)
            .is_some_and(|call| call.deadline_ns <= self.now)
    }
}
