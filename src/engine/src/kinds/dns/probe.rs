//! Health checks of a name server: whether a target answers, or, deep, whether a request gets through it to
//! the stores and back.

use archplay_kernel::{mix, unit_of};
use archplay_model::Component;
use archplay_model::catalogue::dns as spec;
use archplay_model::scenario::{Demand, Entry};
use archplay_report::EventCode;

use super::answer::Policy;
use super::{Dns, MEMBERS};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Waiter};
use crate::kinds::proxy::checking;
use crate::plant::{AskId, NOBODY, NodeId};
use crate::world::nobody_there;

/// Purpose of the draw of a target's moment in the interval.
const PHASE: u64 = 0x7068_6173;

/// What a check of a target asks for.
///
/// A deep check is an ordinary request, without a visitor: the first operation of the scenario that reads
/// and changes nothing, else the first that changes nothing. It costs what such a request costs.
pub(super) fn ask_of(
    compiler: &Compiler<'_>,
    component: &Component,
    node: NodeId,
    target: NodeId,
    policy: Policy,
) -> AskId {
    let plant = &compiler.plant;
    match component.text(&spec::CHECK) {
        "shallow" if policy != Policy::Simple => plant.health,
        "deep" if policy != Policy::Simple => {
            let reaches = |ask: AskId| {
                let ways = plant.ways(plant.route(node, ask));
                ways.iter().any(|way| way.node == target)
            };
            let fits = |wanted: fn(&Demand) -> bool| {
                let operations = compiler.scenario.operations.iter();
                operations
                    .zip(&compiler.asks.work)
                    .filter(|(o, ask)| o.entry == Entry::Visitor && reaches(**ask))
                    .find(|(o, _)| !changes(&o.demand) && wanted(&o.demand))
                    .map(|(_, ask)| *ask)
            };
            fits(reads)
                .or_else(|| fits(|_| true))
                .unwrap_or(plant.health)
        }
        _ => NOBODY,
    }
}

fn reads(demand: &Demand) -> bool {
    demand.holds(&|inner| matches!(inner, Demand::Read { .. }))
}

fn changes(demand: &Demand) -> bool {
    demand.holds(&|inner| {
        matches!(
            inner,
            Demand::Write { .. }
                | Demand::Insert { .. }
                | Demand::Reserve { .. }
                | Demand::NextId { .. }
                | Demand::Publish { .. }
                | Demand::Notify
        )
    })
}

impl Dns {
    /// Each target has its own moment in the interval.
    pub(super) fn begin_checks(&mut self, core: &mut Core) {
        let salt = core.plant.nodes[self.node as usize].salt;
        let seed = mix(mix(core.plant.seed, salt), PHASE);
        for (i, member) in (0_u32..).zip(&mut self.members) {
            if member.check != NOBODY {
                let phase = unit_of(mix(seed, u64::from(i)));
                member.next_check_ns = (self.interval_ns as f64 * phase) as u64;
                core.wake_node(self.node, MEMBERS + i * 2, member.next_check_ns);
            }
        }
    }

    /// Sends a check and plans the next.
    pub(super) fn check(&mut self, core: &mut Core, index: u32) {
        let Some(member) = self.members.get_mut(index as usize) else {
            return;
        };
        member.next_check_ns = core.now + self.interval_ns;
        let (way, ask, generation) = (member.way, member.check, member.generation);
        core.wake_node(self.node, MEMBERS + index * 2, member.next_check_ns);
        if !self.answers(core) {
            return;
        }
        let tag = u64::from(index) << 32 | u64::from(generation);
        let salt = core.plant.nodes[self.node as usize].salt;
        let key = mix(mix(core.plant.seed, salt), mix(tag, core.now));
        let mut call = core.own_call(self.node, tag, ask, way.node, key);
        call.person = key;
        let sent = core.send(call, way, NOBODY);
        self.checks.add(core, sent, checking);
    }

    /// The answer to a check.
    pub(super) fn probed(&mut self, core: &mut Core, answer: &Answer) {
        let (index, generation) = ((answer.tag >> 32) as u32, answer.tag as u32);
        let Some(member) = self.members.get(index as usize) else {
            return;
        };
        if member.generation != generation {
            return;
        }
        let dead = !core.boards[member.way.node as usize].up;
        let unheard = dead && answer.result.err().is_some_and(nobody_there);
        if unheard && self.timeout_ns > 0 {
            // The dead do not answer at all: the check has failed when its time is up.
            let at = core.now - answer.took_ns.min(core.now) + self.timeout_ns;
            return core.wake_node(self.node, MEMBERS + index * 2 + 1, at.max(core.now));
        }
        self.count(core, index, answer.result.is_ok());
    }

    /// Checks whose time is up. What they have set going goes on.
    pub(super) fn checks_timed_out(&mut self, core: &mut Core) {
        while let Some(handle) = self.checks.due(core, checking) {
            let Some(Waiter::Node { tag, .. }) = core.calls.get(handle).map(|call| call.waiter)
            else {
                continue;
            };
            core.abandon(handle);
            let index = (tag >> 32) as usize;
            let current = self.members.get(index).map(|member| member.generation);
            if current == Some(tag as u32) {
                self.count(core, index as u32, false);
            }
        }
    }

    /// Counts a check: as many in a row as the threshold says take a target out of the answers, or back in.
    pub(super) fn count(&mut self, core: &mut Core, index: u32, passed: bool) {
        let answers = self.answers(core);
        let Some(member) = self.members.get_mut(index as usize) else {
            return;
        };
        if !answers {
            return;
        }
        if passed {
            member.fails = 0;
            member.passes += 1;
        } else {
            member.passes = 0;
            member.fails += 1;
        }
        let enough = member.passes.max(member.fails) >= self.threshold;
        if !enough || member.healthy == passed {
            return;
        }
        member.healthy = passed;
        let target = member.way.node;
        let left = self.members.iter().filter(|member| member.healthy).count() as u32;
        let (code, before) = if passed {
            (EventCode::TargetIn, left.saturating_sub(1))
        } else {
            (EventCode::TargetOut, left + 1)
        };
        core.note(code, target, before, left);
    }

    /// Checks under way mean nothing any more.
    pub(super) fn forget_checks(&mut self) {
        for member in &mut self.members {
            member.generation = member.generation.wrapping_add(1);
            (member.fails, member.passes) = (0, 0);
        }
    }
}
