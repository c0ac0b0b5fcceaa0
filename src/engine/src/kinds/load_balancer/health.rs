//! Health checks: real requests that wait for a worker like any other and can time out.

use archplay_kernel::mix;
use archplay_report::EventCode;

use super::{LoadBalancer, TARGETS};
use crate::core::{Core, Waiter};
use crate::kinds::proxy::checking;

impl LoadBalancer {
    /// Spreads the first checks of those that were there from the beginning over one interval.
    pub(super) fn spread_checks(&mut self, core: &mut Core) {
        self.started = true;
        let count = self.targets.list.len() as u64;
        for (i, target) in (0_u32..).zip(&mut self.targets.list) {
            if !target.registered {
                continue;
            }
            let at = if target.fresh {
                core.now
            } else {
                self.interval_ns * (u64::from(i) + 1) / count.max(1)
            };
            target.next_check_ns = at;
            core.wake_node(self.node, TARGETS + i, at);
        }
    }

    /// Sends a check and plans the next.
    pub(super) fn check(&mut self, core: &mut Core, index: u32) {
        let Some(target) = self.targets.list.get_mut(index as usize) else {
            return;
        };
        // One that was planned before the target went and came again is void.
        if !target.registered || target.next_check_ns != core.now {
            return;
        }
        target.next_check_ns = core.now + self.interval_ns;
        core.wake_node(self.node, TARGETS + index, target.next_check_ns);
        if !core.boards[self.node as usize].up {
            return;
        }
        let (way, unit, generation) = (target.way, target.asked, target.generation);
        let tag = u64::from(index) << 32 | u64::from(generation);
        let salt = core.plant.nodes[self.node as usize].salt;
        let key = mix(mix(core.plant.seed, salt), mix(tag, core.now));
        let ask = core.plant.health;
        let call = core.own_call(self.node, tag, ask, way.node, key);
        let sent = core.send(call, way, unit);
        self.checks.add(core, sent, checking);
    }

    /// Checks that have waited too long have failed. The work they caused goes on.
    pub(super) fn checks_timed_out(&mut self, core: &mut Core) {
        while let Some(handle) = self.checks.due(core, checking) {
            if let Some(Waiter::Node { tag, .. }) = core.calls.get(handle).map(|call| call.waiter) {
                core.abandon(handle);
                self.checked(core, tag, false);
            }
        }
    }

    /// Counts a check's result and takes the target in or out.
    pub(super) fn checked(&mut self, core: &mut Core, tag: u64, passed: bool) {
        let (index, generation) = ((tag >> 32) as usize, tag as u32);
        let slow = self.slow_ns > 0;
        let Some(target) = self.targets.list.get_mut(index) else {
            return;
        };
        if target.generation != generation || !core.boards[self.node as usize].up {
            return;
        }
        if passed {
            target.fails = 0;
            target.passes += 1;
            let needed = if target.fresh { 1 } else { self.healthy };
            if target.healthy || target.passes < needed {
                return;
            }
            target.healthy = true;
            target.slow_since = slow.then_some(core.now);
        } else {
            target.passes = 0;
            target.fails += 1;
            if !target.healthy || target.fails < self.unhealthy {
                return;
            }
            target.healthy = false;
        }
        let newcomer = std::mem::replace(&mut target.fresh, false);
        let node = target.way.node;
        self.refresh(core);
        let left = self.targets.healthy();
        match (passed, newcomer) {
            (true, true) => {
                let there = self.targets.healthy_of(node);
                core.note(EventCode::InService, node, 0, there);
            }
            (true, false) => core.note(EventCode::Healthy, node, left.saturating_sub(1), left),
            (false, _) => core.note(EventCode::Unhealthy, node, left + 1, left),
        }
    }
}
