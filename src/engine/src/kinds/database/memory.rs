//! Memory of a database: what connections and a leak leave for pages, and what happens when they leave nothing.
//!
//! The system has no swap: it kills the process, which starts again after a while with an empty pool. Until then it is
//! as dead as one that a fault has killed. What pages do with their room must not live here (`pages`).

use archplay_report::{EventCode, Reason};

use super::plan::{BASE_BYTES, MIB};
use super::{Database, MEMORY_TIMER, RESTART_TIMER};
use crate::core::{Core, Notice};

/// Whether the process is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Life {
    #[default]
    Up,
    /// It starts again by itself.
    Restarts,
    /// A fault has killed it.
    Killed,
}

impl Database {
    pub(super) fn begin_memory(&mut self, core: &mut Core) {
        self.restart_timer = Some(core.add_timer(self.node, RESTART_TIMER));
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

    /// Memory in use / memory; 0 while the process is not there.
    pub(super) fn memory_share(&self, core: &Core) -> f64 {
        if self.life != Life::Up {
            return 0.0;
        }
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
        if self.life != Life::Up {
            return;
        }
        let left = self.costs.memory - self.taken(core);
        if left < self.leaked(core.now) {
            core.note(EventCode::OutOfMemory, self.node, 1, 0);
            return self.restart(core, Reason::OutOfMemory);
        }
        if let (Some((rate, since)), Some(timer)) = (self.leak, self.memory_timer)
            && rate > 0.0
        {
            let at = since.saturating_add((left / rate * 1e9) as u64);
            core.queue.set(timer, at.max(core.now).saturating_add(1));
        }
    }

    /// It dies: everything that is only in memory is lost, and so is what is inside, for this reason.
    fn die(&mut self, core: &mut Core, reason: Reason) {
        let now = core.now;
        if let Some(cpu) = &mut self.cpu {
            cpu.clear(now, &mut core.queue);
        }
        self.take_all_back(core);
        while let Some(owner) = self.undo.any() {
            self.roll_back(core, owner);
        }
        self.copies.agreement.forget_all();
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
    fn start(&mut self, core: &mut Core) {
        self.life = Life::Up;
        if let Some((_, since)) = &mut self.leak {
            *since = core.now;
        }
        self.pages.cool();
        self.came_back(core);
        self.check_memory(core);
    }

    /// It dies and starts again after a while.
    pub(super) fn restart(&mut self, core: &mut Core, reason: Reason) {
        self.life = Life::Restarts;
        core.boards[self.node as usize].up = false;
        core.tell(self.node, Notice::Died);
        self.die(core, reason);
        if let Some(timer) = self.restart_timer {
            let at = core.now.saturating_add(self.costs.restart_ns);
            core.queue.set(timer, at);
        }
    }

    /// The time that starting again needs is up.
    pub(super) fn restarted(&mut self, core: &mut Core) {
        if self.life != Life::Restarts {
            return;
        }
        core.boards[self.node as usize].up = true;
        core.note(EventCode::Restarted, self.node, 0, 1);
        core.tell(self.node, Notice::Restored);
        self.start(core);
    }

    /// Whether it starts again by itself: an order to start changes nothing.
    pub(crate) fn restarts(&self) -> bool {
        self.life == Life::Restarts
    }

    /// A fault kills it, also while it starts again; or that fault is over.
    pub(super) fn kill(&mut self, core: &mut Core, on: bool) {
        let before = std::mem::replace(&mut self.life, if on { Life::Killed } else { Life::Up });
        if let Some(timer) = self.restart_timer {
            core.queue.clear(timer);
        }
        match before {
            Life::Up if on => self.die(core, Reason::ConnectionLost),
            Life::Restarts if on => core.note(EventCode::Killed, self.node, 1, 0),
            Life::Restarts | Life::Killed if !on => self.start(core),
            Life::Up | Life::Restarts | Life::Killed => {}
        }
    }
}
