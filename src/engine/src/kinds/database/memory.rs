//! Memory of a database: what connections and a leak leave for pages, and what happens when they leave nothing.
//!
//! The system has no swap: it kills the process, which starts again at once with an empty pool. What pages do with
//! their room must not live here (`pages`).

use archplay_report::{EventCode, Reason};

use super::plan::{BASE_BYTES, MIB};
use super::{Database, MEMORY_TIMER};
use crate::core::{Core, Notice};

impl Database {
    pub(super) fn begin_memory(&mut self, core: &mut Core) {
        self.memory_timer = Some(core.add_timer(self.node, MEMORY_TIMER));
        self.show_bearing(core);
    }

    /// Shows how many connections can be opened unnoticed: of every one if the memory leaks.
    fn show_bearing(&self, core: &mut Core) {
        let left = (self.costs.memory - BASE_BYTES).max(0.0);
        core.boards[self.node as usize].bears = match self.leak {
            Some(_) => 0,
            None if self.costs.connection > 0.0 => (left / self.costs.connection) as u64,
            None => u64::MAX,
        };
    }

    /// Bytes that have leaked so far.
    fn leaked(&self, now: u64) -> f64 {
        self.leak
            .map_or(0.0, |(rate, since)| rate * (now - since) as f64 / 1e9)
    }

    /// Bytes of everything but pages and what has leaked.
    fn taken(&self, core: &Core) -> f64 {
        let open = core.boards[self.node as usize].open as f64;
        BASE_BYTES + open * self.costs.connection
    }

    /// Fits the buffer pool to the connections that are open now.
    pub(super) fn fit_pool(&mut self, core: &Core) {
        let open = core.boards[self.node as usize].open;
        let leaked = self.leaked(core.now);
        let sized_for = (open, (leaked / MIB) as u64);
        if sized_for != self.sized_for {
            self.sized_for = sized_for;
            self.pages.resize(self.costs.pool_bytes(open, leaked));
            self.flush(core);
        }
    }

    /// Dirty pages that had to go are written; nobody waits for that.
    pub(super) fn flush(&mut self, core: &Core) {
        let flushed = self.pages.take_flushed();
        if flushed > 0 {
            let stretch = core.stretch(self.node);
            self.disk.submit(core.now, flushed, 0.0, stretch);
        }
    }

    /// Memory in use / memory.
    pub(super) fn memory_share(&self, core: &Core) -> f64 {
        let used = self.taken(core) + self.pages.bytes();
        ((used + self.leaked(core.now)) / self.costs.memory).min(1.0)
    }

    /// Memory leaks at so many bytes a second from now on, or no more.
    pub(super) fn set_leak(&mut self, core: &mut Core, rate: Option<f64>) {
        let before = self.leak.map(|(rate, since)| (since, rate));
        self.leak = rate.map(|rate| (rate, crate::kinds::leak_since(before, rate, core.now)));
        self.show_bearing(core);
        self.fit_pool(core);
        self.check_memory(core);
    }

    /// Kills the process if its memory is used up; else looks again when it will be, if it leaks.
    pub(super) fn check_memory(&mut self, core: &mut Core) {
        if !core.boards[self.node as usize].up {
            return;
        }
        let left = self.costs.memory - self.taken(core);
        if left < self.leaked(core.now) {
            core.note(EventCode::OutOfMemory, self.node, 1, 0);
            self.restart(core, Reason::OutOfMemory);
            return core.note(EventCode::Restarted, self.node, 0, 1);
        }
        if let (Some((rate, since)), Some(timer)) = (self.leak, self.memory_timer)
            && rate > 0.0
        {
            let at = since.saturating_add((left / rate * 1e9) as u64);
            core.queue.set(timer, at.max(core.now).saturating_add(1));
        }
    }

    /// It dies: everything that is only in memory is lost, and so is what is inside, for this reason.
    pub(super) fn die(&mut self, core: &mut Core, reason: Reason) {
        let now = core.now;
        if let Some(cpu) = &mut self.cpu {
            cpu.clear(now, &mut core.queue);
        }
        self.take_all_back(core);
        while let Some(owner) = self.undo.any() {
            self.roll_back(core, owner);
        }
        self.locks.clear();
        self.counts.lock_waiting.set(now, 0);
        self.disk.clear(now);
        self.copies.die();
        core.boards[self.node as usize].open = 0;
        core.stats.connections(now, self.node, 0);
        core.drop_inside(self.node, None, reason);
        self.tell_copies(core, Notice::Died);
    }

    /// It starts: nothing is in memory, and nothing has leaked.
    pub(super) fn start(&mut self, core: &mut Core) {
        if let Some((_, since)) = &mut self.leak {
            *since = core.now;
        }
        self.pages.cool();
        self.came_back(core);
        self.check_memory(core);
    }

    /// It dies and starts again at once.
    pub(super) fn restart(&mut self, core: &mut Core, reason: Reason) {
        self.die(core, reason);
        core.tell(self.node, Notice::Died);
        self.start(core);
    }
}
