//! Memory and disk of a server's units: how full they are, and what happens when they are.

use archplay_kernel::NS_PER_SEC;
use archplay_report::{EventCode, Reason};

use super::unit::{State, Unit};
use super::{LEAK, Server};
use crate::core::Core;

/// Memory of one remote login, in bytes.
const LOGIN_MEMORY: f64 = 16.0 * 1_048_576.0;

impl Server {
    /// Memory in use / memory of a unit; 0 for one that is not there.
    pub(super) fn memory_share(&self, now: u64, index: usize) -> f64 {
        let unit = &self.units[index];
        if !matches!(unit.state, State::Up | State::Draining) {
            return 0.0;
        }
        let plan = &self.plan;
        let leaked = self.leak.max(unit.leak) * now.saturating_sub(unit.leak_since) as f64 / 1e9;
        let used = plan.base_memory
            + unit.busy.value() as f64 * plan.request_memory
            + unit.backlog.len() as f64 * plan.connection_memory
            + f64::from(unit.logins) * LOGIN_MEMORY
            + leaked;
        used / plan.memory
    }

    /// Kills the process when the unit's memory is used up. The system has no swap.
    pub(super) fn check_memory(&mut self, core: &mut Core, index: u32) {
        let share = self.memory_share(core.now, index as usize);
        self.series.memory = self.series.memory.max(share);
        if share > 1.0 {
            core.note(EventCode::OutOfMemory, self.node, 1, 0);
            self.restart(core, index, Reason::OutOfMemory);
            self.count_units(core);
        }
    }

    /// The process of a unit is gone with all it had, and starts again.
    pub(super) fn restart(&mut self, core: &mut Core, index: u32, reason: Reason) {
        if self.units[index as usize].state == State::Draining {
            // It was to go anyway.
            self.set_state(core, index, State::Off);
            return self.drop_inside(core, index, reason);
        }
        // It takes no more requests from here on; those inside are lost.
        self.set_state(core, index, State::Restarting);
        let at = core.now.saturating_add(self.plan.restart_ns);
        core.queue.set(self.units[index as usize].ready_timer, at);
        self.drop_inside(core, index, reason);
    }

    /// An order to restart everything.
    pub(super) fn restart_all(&mut self, core: &mut Core) {
        for index in 0..self.units.len() as u32 {
            if matches!(
                self.units[index as usize].state,
                State::Up | State::Draining
            ) {
                self.restart(core, index, Reason::ConnectionLost);
            }
        }
        self.count_units(core);
    }

    /// A process that takes more and more memory reaches its end also while nobody comes.
    pub(super) fn watch_leak(&mut self, core: &mut Core) {
        self.leak_watched = self.leaks();
        if !self.leak_watched {
            return;
        }
        for index in 0..self.units.len() as u32 {
            self.check_memory(core, index);
        }
        core.wake_node(self.node, LEAK, core.now.saturating_add(NS_PER_SEC));
    }

    fn leaks(&self) -> bool {
        self.leak > 0.0 || self.units.iter().any(|unit| unit.leak > 0.0)
    }

    /// A request writes its log; `false` when the disk is full.
    pub(super) fn write_log(&mut self, core: &mut Core, index: u32) -> bool {
        let (log, disk) = (self.plan.log, self.plan.disk);
        let Some(unit) = self.units.get_mut(index as usize) else {
            return true;
        };
        let full = self.filled || unit.disk_filled || unit.disk_used + log > disk;
        if !full {
            unit.disk_used += log;
            return true;
        }
        if !std::mem::replace(&mut unit.disk_full_told, true) {
            core.note(EventCode::DiskFull, self.node, 0, 1);
        }
        false
    }

    /// Used disk space / disk space of the fullest unit.
    pub(super) fn disk_share(&self) -> f64 {
        let share = |unit: &Unit| {
            if self.filled || unit.disk_filled {
                1.0
            } else {
                unit.disk_used / self.plan.disk
            }
        };
        let there = |unit: &&Unit| unit.state != State::Off;
        self.units
            .iter()
            .filter(there)
            .map(share)
            .fold(0.0, f64::max)
    }
}
