//! A unit of a server: the life of an instance, and its clock. What it has room for is in `memory`, what
//! strikes it in `faults`.

use std::collections::VecDeque;

use archplay_kernel::{Gauge, Handle, IdGenerator, IdScheme, Issued, KeyStore, Stream, TimerId};
use archplay_report::EventCode;

use super::{CPU, READY, Server};
use crate::core::{Core, Notice};
use crate::kinds::cpu::Cpu;
use crate::kinds::pools::Pools;
use crate::kinds::program::Drawn;

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
    pub disk_full_told: bool,
    /// Cores that another program wants here alone.
    pub hog: f64,
    /// Bytes a second that a process here alone takes more, and since when any does.
    pub leak: f64,
    pub leak_since: u64,
    ids: Option<IdGenerator>,
    /// By how much its clock is wrong.
    pub clock_off_ns: i64,
    pub ready_timer: TimerId,
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
            Issued::Id(id) => Drawn::Id(super::super::id_generator::word_of(id)),
        }
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
}
