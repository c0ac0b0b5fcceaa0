//! A unit of a server: the life of an instance, its memory, its disk, its clock, and the faults that strike it.

use std::collections::VecDeque;

use archplay_kernel::{
    Gauge, Handle, IdGenerator, IdScheme, Issued, KeyStore, NS_PER_SEC, Stream, TimerId, mix,
};
use archplay_model::scenario::FaultAction;
use archplay_report::{EventCode, Reason};

use super::{CPU, LEAK, READY, Server};
use crate::core::{Core, Notice};
use crate::kinds::cpu::Cpu;
use crate::kinds::pools::Pools;
use crate::kinds::program::{self, Drawn};
use crate::plant::NOBODY;

/// Memory of one remote login, in bytes.
const LOGIN_MEMORY: f64 = 16.0 * 1_048_576.0;
/// What the clocks of all machines show at the start, in nanoseconds since 1970: some day in 2023.
const EPOCH_NS: i64 = 1_700_000_000_000_000_000;

/// The state of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not there.
    Off,
    /// Starting.
    Booting,
    /// Takes requests.
    Up,
    /// Finishes what it has.
    Draining,
    /// Killed by a fault.
    Dead,
    /// Its process was killed and starts again.
    Restarting,
}

/// An instance.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub state: State,
    pub up_since: u64,
    /// Worker threads in use.
    pub busy: Gauge,
    pub backlog: VecDeque<Handle>,
    pub waiting: Gauge,
    pub logins: u32,
    pub cpu: Cpu,
    pub nic_free_ns: u64,
    pub pools: Pools,
    /// Visitors with a session in its memory.
    pub sessions: Option<Box<KeyStore>>,
    /// CPU busy time at the group's last sample.
    pub sampled_busy_ns: f64,
    /// Bytes of logs on its disk.
    pub disk_used: f64,
    /// A fault has filled the rest.
    pub disk_filled: bool,
    disk_full_told: bool,
    /// Cores that another program wants here alone.
    hog: f64,
    /// Bytes a second that a process here alone takes more, and since when any does.
    leak: f64,
    leak_since: u64,
    ids: Option<IdGenerator>,
    /// By how much its clock is wrong.
    clock_off_ns: i64,
    ready_timer: TimerId,
}

impl Unit {
    /// Draws an identifier by the scheme of its server.
    pub(super) fn draw_id(&mut self, now: u64, stream: &mut Stream) -> Drawn {
        let Some(ids) = &mut self.ids else {
            return Drawn::ByStore;
        };
        let clock = EPOCH_NS
            .saturating_add(self.clock_off_ns)
            .saturating_add_unsigned(now);
        match ids.next(clock.max(0) as u64, stream) {
            Issued::Wait(ns) => Drawn::Wait(ns),
            Issued::Id(id) => Drawn::Id(folded(id)),
        }
    }
}

/// An identifier as one word: short ones as they are, long ones by a hash, equal where they are equal.
fn folded(id: u128) -> u64 {
    let (high, low) = ((id >> 64) as u64, id as u64);
    if high == 0 {
        low
    } else {
        mix(high, low).clamp(1, u64::MAX - 1)
    }
}

impl Server {
    /// Brings up what is there from the beginning.
    pub(super) fn begin_units(&mut self, core: &mut Core) {
        let node = self.node as usize;
        let count = self.plan.count;
        core.boards[node].units.clear();
        core.boards[node]
            .units
            .resize_with(count as usize, Default::default);
        for index in 0..count {
            let cpu = core.add_timer(self.node, CPU | index);
            let ready_timer = core.add_timer(self.node, READY | index);
            let machine = (self.plan.first_machine + index) as u16 & 0x3ff;
            let ids = self.plan.id_scheme.map(|scheme| {
                IdGenerator::new(match scheme {
                    IdScheme::Snowflake { repeats, .. } => IdScheme::Snowflake { machine, repeats },
                    other => other,
                })
            });
            self.units.push(Unit {
                state: State::Off,
                up_since: 0,
                busy: Gauge::default(),
                backlog: VecDeque::new(),
                waiting: Gauge::default(),
                logins: 0,
                cpu: Cpu::new(self.plan.cores, cpu),
                nic_free_ns: 0,
                pools: Pools::new(self.plan.pool_size, &self.plan.stores),
                sessions: None,
                sampled_busy_ns: 0.0,
                disk_used: 0.0,
                disk_filled: false,
                disk_full_told: false,
                hog: 0.0,
                leak: 0.0,
                leak_since: 0,
                ids,
                clock_off_ns: 0,
                ready_timer,
            });
        }
        let desired = self.group.as_ref().map_or(1, |group| group.desired());
        for index in 0..desired.min(count) {
            self.set_state(core, index, State::Up);
            let trusted = true;
            core.tell(
                self.node,
                Notice::UnitUp {
                    unit: index,
                    trusted,
                },
            );
        }
        self.count_units(core);
        self.begin_group(core);
    }

    /// A unit changes its state, and the board with it.
    pub(super) fn set_state(&mut self, core: &mut Core, index: u32, state: State) {
        let now = core.now;
        let hog = self.hog;
        let unit = &mut self.units[index as usize];
        let came_up = state == State::Up && unit.state != State::Up;
        unit.state = state;
        let runs = matches!(state, State::Up | State::Draining);
        let hog = if runs { hog.max(unit.hog) } else { 0.0 };
        unit.cpu.set_hog(now, hog, &mut core.queue);
        if came_up {
            unit.up_since = now;
            unit.leak_since = now;
        }
        let board = &mut core.boards[self.node as usize];
        let place = &mut board.units[index as usize];
        place.present = !matches!(state, State::Off | State::Booting);
        place.up = state == State::Up;
        place.waiting = unit.backlog.len() as u32;
        if came_up {
            place.since_ns = now;
            board.up = true;
        }
    }

    /// Counts the units by state.
    pub(super) fn count_units(&mut self, core: &mut Core) {
        let (mut up, mut booting, mut draining) = (0, 0, 0);
        for unit in &self.units {
            match unit.state {
                State::Up => up += 1,
                State::Booting | State::Restarting => booting += 1,
                State::Draining => draining += 1,
                State::Off | State::Dead => {}
            }
        }
        let paid = up + booting + draining;
        self.up.set(core.now, u64::from(up));
        self.paid.set(core.now, u64::from(paid));
        self.booting = booting;
        self.most = self.most.max(up);
        core.boards[self.node as usize].paid = paid;
    }

    /// Starts a unit that is not there.
    pub(super) fn boot(&mut self, core: &mut Core, index: u32, boot_ns: u64) {
        self.set_state(core, index, State::Booting);
        let unit = &mut self.units[index as usize];
        // A new machine: an empty disk, a right clock, no other program.
        (unit.disk_used, unit.disk_full_told) = (0.0, false);
        (unit.clock_off_ns, unit.hog, unit.leak) = (0, 0.0, 0.0);
        let at = core.now.saturating_add(boot_ns);
        core.queue.set(unit.ready_timer, at);
    }

    /// A unit has booted, or its process is back.
    pub(super) fn ready(&mut self, core: &mut Core, index: u32) {
        let Some(unit) = self.units.get(index as usize) else {
            return;
        };
        match unit.state {
            State::Booting => {
                self.set_state(core, index, State::Up);
                let trusted = false;
                core.tell(
                    self.node,
                    Notice::UnitUp {
                        unit: index,
                        trusted,
                    },
                );
            }
            State::Restarting => {
                self.set_state(core, index, State::Up);
                core.note(EventCode::Restarted, self.node, 0, 1);
            }
            State::Off | State::Up | State::Draining | State::Dead => return,
        }
        self.count_units(core);
        if !self.plan.watched {
            let up = self.up.value() as u32;
            core.note(EventCode::InService, self.node, 0, up);
        }
    }

    /// Takes a unit out of service: it finishes what it has.
    pub(super) fn stop(&mut self, core: &mut Core, index: u32) {
        core.queue.clear(self.units[index as usize].ready_timer);
        if self.units[index as usize].state == State::Up {
            self.set_state(core, index, State::Draining);
            core.tell(self.node, Notice::UnitGone { unit: index });
            self.finish_draining(core, index);
        } else {
            self.set_state(core, index, State::Off);
        }
    }

    /// A draining unit that has nothing left goes.
    pub(super) fn finish_draining(&mut self, core: &mut Core, index: u32) {
        let unit = &mut self.units[index as usize];
        let idle = unit.busy.value() == 0 && unit.logins == 0 && unit.backlog.is_empty();
        if unit.state != State::Draining || !idle {
            return;
        }
        unit.pools.close(core);
        unit.sessions = None;
        self.set_state(core, index, State::Off);
        self.count_units(core);
    }

    // --- memory and disk ------------------------------------------------------------------------------

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
    fn restart(&mut self, core: &mut Core, index: u32, reason: Reason) {
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
        let full = unit.disk_filled || unit.disk_used + log > disk;
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
            if unit.disk_filled {
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

    // --- faults ---------------------------------------------------------------------------------------

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
                    } else {
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
                    // One that came back meanwhile has it no more either.
                    let unit = &mut self.units[index as usize];
                    unit.hog = if on { unit.hog } else { 0.0 };
                    let state = unit.state;
                    self.set_state(core, index, state);
                }
            }
            FaultAction::LeakMemory { mib_per_sec } => {
                let rate = if on { mib_per_sec * 1_048_576.0 } else { 0.0 };
                if unit.is_none() {
                    self.leak = rate;
                }
                for index in (0..count).filter(|index| meant(*index)) {
                    let place = &mut self.units[index as usize];
                    place.leak = if unit.is_some() || !on {
                        rate
                    } else {
                        place.leak
                    };
                    place.leak_since = core.now;
                }
                if on && !std::mem::replace(&mut self.leak_watched, true) {
                    core.wake_node(self.node, LEAK, core.now.saturating_add(NS_PER_SEC));
                }
            }
            FaultAction::FillDisk => {
                for index in (0..count).filter(|index| meant(*index)) {
                    let unit = &mut self.units[index as usize];
                    (unit.disk_filled, unit.disk_full_told) = (on, false);
                }
            }
            FaultAction::StepClock { ms } => {
                let step = (ms * 1e6) as i64;
                let step = if on { step } else { -step };
                let shown = (step / 1_000_000) as i32 as u32;
                core.note(EventCode::ClockStepped, self.node, 0, shown);
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
            | FaultAction::Expire => {}
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
        let plan = &core.plant.nodes[self.node as usize];
        let zone = plan.unit_zones.get(index as usize).copied();
        self.blocked || zone.is_some_and(|zone| zone != NOBODY && !core.boards[zone as usize].up)
    }

    /// Everything inside a unit is lost for one reason; it is empty afterwards.
    fn drop_inside(&mut self, core: &mut Core, index: u32, reason: Reason) {
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
