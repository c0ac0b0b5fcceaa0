//! What load balancers, edges and gateways share: they hold a request until the answer from behind is there
//! or their own patience has run out. Whom they ask must not live here.

use std::collections::VecDeque;

use archplay_kernel::{Handle, Rounds, Slab, TimerId};
use archplay_report::Reason;

use crate::core::{Answer, Call, Core, Outcome, Phase, Waiter};
use crate::plant::{AskId, NodeId, Way};
use crate::world::nobody_there;

/// Deadlines all the same distance ahead, for calls that mostly end long before. Those that have ended are
/// forgotten as others come, so memory follows the calls under way.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    after_ns: u64,
    list: VecDeque<(u64, Handle)>,
    timer: Option<TimerId>,
    armed: bool,
    /// When the list is this long it is swept.
    sweep_at: usize,
}

/// The shortest list worth sweeping.
const SWEEP: usize = 1_024;

impl Watch {
    pub(crate) const fn new(after_ns: u64) -> Self {
        Self {
            after_ns,
            list: VecDeque::new(),
            timer: None,
            armed: false,
            sweep_at: SWEEP,
        }
    }

    /// Gets its timer, which calls the component with `tag`.
    pub(crate) fn begin(&mut self, core: &mut Core, node: NodeId, tag: u32) {
        self.timer = Some(core.add_timer(node, tag));
    }

    /// Watches a call from now on.
    #[inline]
    pub(crate) fn add(
        &mut self,
        core: &mut Core,
        handle: Handle,
        alive: fn(&Core, Handle) -> bool,
    ) {
        // Two for each that comes: enough to keep up, and never a long walk. Behind one that lives long
        // others pile up; these are swept when there are as many again as lived the last time.
        for _ in 0..2 {
            match self.list.front() {
                Some((_, first)) if !alive(core, *first) => self.list.pop_front(),
                _ => break,
            };
        }
        if self.list.len() >= self.sweep_at {
            self.sweep(core, alive);
        }
        self.list
            .push_back((core.now.saturating_add(self.after_ns), handle));
        if !self.armed {
            self.arm(core);
        }
    }

    #[cold]
    fn sweep(&mut self, core: &Core, alive: fn(&Core, Handle) -> bool) {
        self.list.retain(|(_, handle)| alive(core, *handle));
        self.sweep_at = (self.list.len() * 2).max(SWEEP);
    }

    fn arm(&mut self, core: &mut Core) {
        if let (false, Some(timer), Some((at, _))) = (self.armed, self.timer, self.list.front()) {
            core.queue.set(timer, *at);
            self.armed = true;
        }
    }

    /// The next call whose time is up, after the timer has fired; `None` sets the timer anew.
    pub(crate) fn due(
        &mut self,
        core: &mut Core,
        alive: fn(&Core, Handle) -> bool,
    ) -> Option<Handle> {
        while let Some((at, handle)) = self.list.front().copied() {
            let lives = alive(core, handle);
            if lives && at > core.now {
                break;
            }
            self.list.pop_front();
            if lives {
                return Some(handle);
            }
        }
        self.armed = false;
        self.arm(core);
        None
    }
}

/// Whether a call that came in is still inside.
#[inline]
pub(crate) fn inside(core: &Core, handle: Handle) -> bool {
    is_inside(&core.calls, handle)
}

#[inline]
fn is_inside(calls: &Slab<Call>, handle: Handle) -> bool {
    let call = calls.get(handle);
    call.is_some_and(|call| call.phase == Phase::Inside)
}

/// Whether somebody still waits for the answer to a check.
pub(crate) fn checking(core: &Core, handle: Handle) -> bool {
    core.calls
        .get(handle)
        .is_some_and(|call| matches!(call.waiter, Waiter::Node { .. }))
}

/// Holds requests that were sent on.
#[derive(Clone, Debug)]
pub(crate) struct Proxy {
    node: NodeId,
    after_ns: u64,
    /// Which calls inside have been sent on.
    sent: fn(&Call) -> bool,
    watch: Option<Rounds<Handle>>,
}

impl Proxy {
    /// `sent` tells which calls inside have been sent on.
    pub(crate) const fn new(node: NodeId, timeout_ns: u64, sent: fn(&Call) -> bool) -> Self {
        Self {
            node,
            after_ns: timeout_ns,
            sent,
            watch: None,
        }
    }

    /// Gets its timer, which calls the component with `tag`.
    pub(crate) fn begin(&mut self, core: &mut Core, tag: u32) {
        let timer = core.add_timer(self.node, tag);
        self.watch = Some(Rounds::new(self.after_ns, timer));
    }

    /// Sends a request on that has been entered in this moment.
    #[inline(always)]
    pub(crate) fn forward(
        &mut self,
        core: &mut Core,
        handle: Handle,
        (way, unit): (Way, u32),
        ask: AskId,
    ) {
        if let Some(watch) = &mut self.watch {
            let calls = &core.calls;
            watch.begin(core.now, handle, &mut core.queue, |handle| {
                is_inside(calls, *handle)
            });
        }
        core.ask_way(handle, self.node, (way, unit), ask);
    }

    /// The next request that has waited too long. It is answered here with 504; the work behind goes on.
    pub(crate) fn timed_out(&mut self, core: &mut Core) -> Option<Handle> {
        let (calls, node, sent) = (&core.calls, self.node, self.sent);
        let handle = self.watch.as_mut()?.due(
            core.now,
            &mut core.queue,
            |handle| is_inside(calls, *handle),
            || {
                let ours = move |call: &Call| {
                    call.node == node && call.phase == Phase::Inside && sent(call)
                };
                let all = calls.iter().filter(move |(_, call)| ours(call));
                all.map(|(handle, call)| (call.arrived_ns, handle))
            },
        )?;
        let child = core.call(handle).map(|call| call.child);
        if let Some(child) = child {
            core.give_up(child);
        }
        Some(handle)
    }

    pub(crate) fn clear(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.clear();
        }
    }
}

/// What the other side of a proxy sees of an answer: that nobody was there becomes 502.
pub(crate) fn seen(result: Outcome) -> Outcome {
    match result {
        Err(reason) if nobody_there(reason) => Err(Reason::BadGateway502),
        other => other,
    }
}

/// Gives an answer back to whoever asked the proxy.
#[inline(always)]
pub(crate) fn hand_back(core: &mut Core, handle: Handle, answer: &Answer) {
    if let Some(call) = core.call(handle) {
        call.value = answer.value;
    }
    core.finish_here(handle, seen(answer.result));
}
