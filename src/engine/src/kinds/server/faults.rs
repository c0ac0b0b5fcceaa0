//! Faults of a server and of single units of it.

use archplay_kernel::NS_PER_SEC;
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Reason};

use super::unit::State;
use super::{LEAK, Server};
use crate::core::Core;
use crate::kinds::{leak_since, program};
use crate::plant::NOBODY;

impl Server {
    /// A fault begins or ends, at one unit or all of them.
    pub(super) fn strike(
        &mut self,
        core: &mut Core,
        unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        let meant = |index: u32| unit.is_none_or(|unit| unit == index);
        let count = self.units.len() as u32;
        match action {
            FaultAction::Kill => {
                if unit.is_none() {
                    self.blocked = on;
                }
                for index in (0..count).filter(|index| meant(*index)) {
                    if on {
                        self.kill(core, index, unit.is_some());
                    } else if unit.is_some() || !self.without_ground(core, index) {
                        self.restore(core, index, unit.is_some());
                    }
                }
                self.count_units(core);
            }
            FaultAction::HogCpu { cores } => {
                let cores = if on { cores } else { 0.0 };
                match unit {
                    Some(index) => self.units[index as usize].hog = cores,
                    None => self.hog = cores,
                }
                for index in 0..count {
                    let state = self.units[index as usize].state;
                    self.set_state(core, index, state);
                }
            }
            FaultAction::LeakMemory { mib_per_sec } => {
                let rate = if on { mib_per_sec * 1_048_576.0 } else { 0.0 };
                let all = if unit.is_none() { rate } else { self.leak };
                for index in (0..count).filter(|index| meant(*index)) {
                    let place = &mut self.units[index as usize];
                    let before = (place.leak_since, self.leak.max(place.leak));
                    place.leak = if unit.is_some() { rate } else { place.leak };
                    let rate = all.max(place.leak);
                    place.leak_since = leak_since(Some(before), rate, core.now);
                }
                self.leak = all;
                if on && !std::mem::replace(&mut self.leak_watched, true) {
                    core.wake_node(self.node, LEAK, core.now.saturating_add(NS_PER_SEC));
                }
            }
            FaultAction::FillDisk => {
                if unit.is_none() {
                    self.filled = on;
                }
                for index in (0..count).filter(|index| meant(*index)) {
                    let place = &mut self.units[index as usize];
                    place.disk_filled = if unit.is_some() {
                        on
                    } else {
                        place.disk_filled
                    };
                    place.disk_full_told = false;
                }
            }
            FaultAction::StepClock { ms } => {
                let step = (ms * 1e6) as i64;
                let step = if on { step } else { -step };
                core.note(EventCode::ClockStepped, self.node, 0, ms.abs() as u32);
                for index in (0..count).filter(|index| meant(*index)) {
                    let unit = &mut self.units[index as usize];
                    unit.clock_off_ns = unit.clock_off_ns.saturating_add(step);
                }
            }
            FaultAction::FailResolver => self.unresolved = on,
            FaultAction::Restore
            | FaultAction::Slow { .. }
            | FaultAction::Lose { .. }
            | FaultAction::Cut
            | FaultAction::Expire
            | FaultAction::KillShard { .. } => {}
        }
    }

    fn kill(&mut self, core: &mut Core, index: u32, alone: bool) {
        let before = self.units[index as usize].state;
        if before == State::Dead {
            return;
        }
        core.queue.clear(self.units[index as usize].ready_timer);
        match before {
            State::Off | State::Booting => self.set_state(core, index, State::Off),
            State::Up | State::Draining | State::Restarting | State::Dead => {
                if alone && self.units.len() > 1 {
                    core.note(EventCode::Killed, self.node, 1, 0);
                }
                self.set_state(core, index, State::Dead);
                self.drop_inside(core, index, Reason::ConnectionLost);
            }
        }
    }

    fn restore(&mut self, core: &mut Core, index: u32, alone: bool) {
        if self.units[index as usize].state != State::Dead {
            return;
        }
        self.set_state(core, index, State::Up);
        if alone && self.units.len() > 1 {
            core.note(EventCode::Restored, self.node, 0, 1);
        }
    }

    /// Whether a fault of the whole server, or of a box around the unit, keeps it from being there.
    pub(super) fn barred(&self, core: &Core, index: u32) -> bool {
        self.blocked || self.without_ground(core, index)
    }

    /// Whether the box around a unit is down.
    fn without_ground(&self, core: &Core, index: u32) -> bool {
        let plan = &core.plant.nodes[self.node as usize];
        let zone = plan.unit_zones.get(index as usize).copied();
        zone.is_some_and(|zone| zone != NOBODY && !core.boards[zone as usize].up)
    }

    /// Everything inside a unit is lost for one reason; it is empty afterwards.
    pub(super) fn drop_inside(&mut self, core: &mut Core, index: u32, reason: Reason) {
        program::end_transactions(self, core, index);
        let now = core.now;
        let unit = &mut self.units[index as usize];
        unit.busy.set(now, 0);
        unit.waiting.set(now, 0);
        unit.backlog.clear();
        unit.logins = 0;
        unit.nic_free_ns = now;
        unit.cpu.clear(now, &mut core.queue);
        unit.pools.close(core);
        unit.sessions = None;
        core.boards[self.node as usize].units[index as usize].waiting = 0;
        core.drop_inside(self.node, Some(index), reason);
    }
}
