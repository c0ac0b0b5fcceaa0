//! A request on a unit: finds a worker thread or waits for one, is begun, and leaves.

use archplay_kernel::{Handle, mix};
use archplay_report::{EventCode, Reason};

use super::unit::{State, Unit};
use super::{BACKLOG, BEGINS, HEALTH, LOGIN, Server};
use crate::core::{Core, Outcome, Phase, Session};
use crate::kinds::program;
use crate::plant::{Ask, NOBODY, NodeId};

/// CPU time of a health check's answer, in nanoseconds.
const HEALTH_CPU_NS: f64 = 1e6;
/// Purpose of draws.
const CHOICE: u64 = 6;

impl Server {
    /// The unit for a call that was sent to the server as such: one of those that are up.
    pub(super) fn choose_unit(&self, key: u64) -> u32 {
        let up = |unit: &&Unit| unit.state == State::Up;
        let count = self.units.iter().filter(up).count() as u64;
        if count == 0 {
            return NOBODY;
        }
        let chosen = mix(key, CHOICE) % count;
        let mut list = (0_u32..)
            .zip(&self.units)
            .filter(|(_, unit)| unit.state == State::Up);
        list.nth(chosen as usize).map_or(NOBODY, |(index, _)| index)
    }

    /// A worker takes a request.
    pub(super) fn begin_work(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.calls.get(handle) else {
            return;
        };
        let (ask, unit) = (call.ask, call.unit);
        match core.plant.asks[ask as usize] {
            Ask::Health => {
                self.on_cpu(core, handle, HEALTH, HEALTH_CPU_NS);
            }
            Ask::Work { operation } => {
                let Some(program) = self.plan.programs[operation as usize] else {
                    return self.fail(core, handle, Reason::NoRoute, self.node);
                };
                if let Err((reason, at)) = self.session(core, handle) {
                    return self.fail(core, handle, reason, at);
                }
                if !self.write_log(core, unit) {
                    return self.fail(core, handle, Reason::DiskFull, self.node);
                }
                program::start(self, core, handle, program);
            }
            Ask::Files { .. } | Ask::Media { .. } => {
                let Some(program) = self.plan.files(ask) else {
                    return self.fail(core, handle, Reason::NoRoute, self.node);
                };
                if !self.write_log(core, unit) {
                    return self.fail(core, handle, Reason::DiskFull, self.node);
                }
                program::start(self, core, handle, program);
            }
            _ => self.fail(core, handle, Reason::NoRoute, self.node),
        }
    }

    /// Puts a call on its unit's processor.
    pub(super) fn on_cpu(&mut self, core: &mut Core, handle: Handle, stage: u8, work_ns: f64) {
        let work = work_ns * core.stretch(self.node);
        let Some(call) = core.call(handle) else {
            return;
        };
        call.stage = stage;
        let unit = call.unit as usize;
        let now = core.now;
        if let Some(unit) = self.units.get_mut(unit) {
            unit.cpu.start(now, work, handle, &mut core.queue);
        }
    }

    /// A call fails here before its program has begun.
    pub(super) fn fail(&mut self, core: &mut Core, handle: Handle, reason: Reason, at: NodeId) {
        core.stats.cause(core.now, at, reason);
        self.leave(core, handle, Err(reason));
    }

    /// A call leaves its unit: its worker takes the next from the backlog.
    pub(super) fn leave(&mut self, core: &mut Core, handle: Handle, result: Outcome) {
        let now = core.now;
        let Some(call) = core.call(handle) else {
            return;
        };
        let index = call.unit;
        let login = call.stage == LOGIN;
        core.finish(handle, result);
        let Some(unit) = self.units.get_mut(index as usize) else {
            return;
        };
        if login {
            unit.logins = unit.logins.saturating_sub(1);
        } else {
            unit.busy.sub(now, 1);
            self.take_next(core, index);
        }
        self.finish_draining(core, index);
    }

    /// A free worker takes the next request that somebody still waits for.
    pub(super) fn take_next(&mut self, core: &mut Core, index: u32) {
        let now = core.now;
        let Some(unit) = self.units.get_mut(index as usize) else {
            return;
        };
        while let Some(next) = unit.backlog.pop_front() {
            unit.waiting.sub(now, 1);
            core.boards[self.node as usize].units[index as usize].waiting =
                unit.backlog.len() as u32;
            if core.expired(next) {
                core.fail(next, Reason::CallTimeout, self.node);
                continue;
            }
            unit.busy.add(now, 1);
            if let Some(call) = core.call(next) {
                call.stage = BEGINS;
                call.queue_us = ((now - call.arrived_ns) / 1_000) as u32;
            }
            return core.soon(next);
        }
    }

    /// A call that has entered finds a worker, or waits, or is refused before it has entered.
    pub(super) fn admit(&mut self, core: &mut Core, handle: Handle, index: u32) {
        let now = core.now;
        let (workers, backlog) = (self.plan.workers, self.plan.backlog);
        let unit = &mut self.units[index as usize];
        if unit.busy.value() < workers {
            unit.busy.add(now, 1);
            core.enter(handle);
            self.begin_work(core, handle);
        } else if unit.backlog.len() < backlog {
            unit.backlog.push_back(handle);
            unit.waiting.add(now, 1);
            core.boards[self.node as usize].units[index as usize].waiting =
                unit.backlog.len() as u32;
            core.enter(handle);
            if let Some(call) = core.call(handle) {
                call.stage = BACKLOG;
            }
        } else {
            if core.stats.first_refusal(self.node) {
                core.note(EventCode::BacklogFull, self.node, 0, backlog as u32);
            }
            return core.fail(handle, Reason::Refused, self.node);
        }
        self.check_memory(core, index);
    }

    /// Somebody on a unit's processor is done.
    pub(super) fn cpu_done(&mut self, core: &mut Core, index: u32) {
        let now = core.now;
        let Some(unit) = self.units.get_mut(index as usize) else {
            return;
        };
        let Some(handle) = unit.cpu.finish_one(now, &mut core.queue) else {
            return;
        };
        match core.call(handle) {
            Some(call) if call.phase == Phase::Inside => match call.stage {
                program::ON_CPU => program::go_on(self, core, handle),
                LOGIN | HEALTH => self.leave(core, handle, Ok(())),
                _ => {}
            },
            _ => {}
        }
    }

    /// What a request's session allows: it is made, or looked for where it is kept.
    pub(super) fn session(
        &mut self,
        core: &mut Core,
        handle: Handle,
    ) -> Result<(), (Reason, NodeId)> {
        let Some(call) = core.call(handle) else {
            return Ok(());
        };
        // Those asked further on have nothing to do with it.
        let wanted = std::mem::replace(&mut call.session, Session::None);
        let (person, unit) = (call.person, call.unit);
        match wanted {
            Session::None => Ok(()),
            Session::Gives => self.keep_session(core, person, unit),
            Session::Needs => self.find_session(core, person, unit),
        }
    }
}
