//! Instances of a function: started for a request when none is idle, kept for a while, ended.

use super::{Function, Instance};
use crate::core::Core;
use crate::kinds::pools::Pools;

impl Function {
    /// An instance for a request: an idle one, else a new one (`true`), if it may be.
    pub(super) fn take_instance(&mut self, now: u64) -> Option<(u32, bool)> {
        if let Some((index, _)) = self.idle.pop_back() {
            return Some((index, false));
        }
        let earned = now.saturating_sub(self.tokens_at) as f64 / 1e9 * self.scale_per_sec;
        self.tokens = (self.tokens + earned).min(self.scale_burst);
        self.tokens_at = now;
        if self.there.value() >= self.quota || self.tokens < 1.0 {
            return None;
        }
        self.tokens -= 1.0;
        let index = self.free.pop().unwrap_or_else(|| {
            self.instances.push(Instance {
                there: false,
                pools: Pools::new(self.pool_size, &self.stores),
            });
            self.instances.len() as u32 - 1
        });
        self.instances[index as usize].there = true;
        self.there.add(now, 1);
        self.cold_starts += 1;
        Some((index, true))
    }

    /// An instance goes with its connections.
    pub(super) fn end_instance(&mut self, core: &mut Core, index: u32) {
        let instance = &mut self.instances[index as usize];
        if std::mem::replace(&mut instance.there, false) {
            instance.pools.close(core);
            self.free.push(index);
            self.there.sub(core.now, 1);
        }
    }

    /// A request has left its instance, which waits for the next one.
    pub(super) fn rest(&mut self, core: &mut Core, index: u32) {
        let now = core.now;
        self.count_busy(core, false);
        if self.keep_ns == 0 {
            return self.end_instance(core, index);
        }
        self.idle.push_back((index, now));
        if self.idle.len() == 1 {
            self.watch_idle(core);
        }
    }

    /// Sets the timer for the instance that has been idle for longest.
    pub(super) fn watch_idle(&self, core: &mut Core) {
        if let (Some(timer), Some((_, since))) = (self.keep, self.idle.front()) {
            core.queue.set(timer, since.saturating_add(self.keep_ns));
        }
    }

    pub(super) fn count_busy(&mut self, core: &mut Core, more: bool) {
        if more {
            self.busy.add(core.now, 1);
        } else {
            self.busy.sub(core.now, 1);
        }
        self.most = self.most.max(self.busy.value());
        // One pays for instances while they work.
        core.boards[self.node as usize].paid = self.busy.value() as u32;
    }

    /// Instances that have been idle for too long go.
    pub(super) fn expire(&mut self, core: &mut Core) {
        while let Some((index, since)) = self.idle.front().copied()
            && since.saturating_add(self.keep_ns) <= core.now
        {
            self.idle.pop_front();
            self.end_instance(core, index);
        }
        self.watch_idle(core);
    }
}
