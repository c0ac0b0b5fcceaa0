//! A failover controller: looks at what it watches through the network and switches over when it is silent.
//!
//! It stands in a zone like anything else: it dies with it, and a cut between it and what it watches looks
//! like a death. What a switch-over does to a database or name server is theirs.

use archplay_kernel::{Handle, mix, ns_from_secs};
use archplay_model::catalogue::{auto_scaling_group, controller as spec};
use archplay_model::scenario::FaultAction;
use archplay_model::{Component, Kind};
use archplay_report::{EventCode, Reason};

use super::Behaviour;
use super::watch::{self, Target};
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice};
use crate::plant::{NOBODY, NodeId, Way};

/// Timers: a look is due; from here on a switch-over ends, by the controller's life.
const LOOK: u32 = 0;
const ACT: u32 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Promote,
    SwitchNames,
    Start,
}

/// What it watches by one name: a component, or a box that is alive as long as anything in it answers.
#[derive(Clone, Debug)]
struct Watched {
    targets: Vec<Target>,
    /// Failed looks in a row.
    failed: u32,
    /// Of this look: answers to come, whether one was good, whether it has been judged.
    pending: usize,
    alive: bool,
    judged: bool,
}

/// A failover controller.
#[derive(Clone, Debug)]
pub(crate) struct Controller {
    node: NodeId,
    watched: Vec<Watched>,
    /// Whom it acts on, with the instances that a group may have for `start`.
    acts_on: Vec<(Target, u32)>,
    interval_ns: u64,
    threshold: u32,
    takes_ns: u64,
    action: Action,
    looks: u32,
    /// Rises when it dies: what was under way is void.
    life: u32,
    /// A switch-over is under way; it has been done and what it watches has not been well since.
    acting: bool,
    acted: bool,
}

impl Controller {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let action = match component.text(&spec::ACTION) {
            "switch_names" => Action::SwitchNames,
            "start" => Action::Start,
            _ => Action::Promote,
        };
        let mut acts_on =
            watch::named(compiler, component, &component.names(&spec::ACTS_ON)).concat();
        let names = component.names(&spec::WATCHES);
        let mut watched = if names.is_empty() {
            watch::linked(compiler, component)
        } else {
            watch::named(compiler, component, &names)
        };
        if acts_on.is_empty() && !names.is_empty() {
            // Whom it has a link to without watching it.
            acts_on = watch::linked(compiler, component).concat();
            let seen = |target: &Target| {
                let mut all = watched.iter().flatten();
                all.any(|other| other.node == target.node)
            };
            acts_on.retain(|target| !seen(target));
        } else if names.is_empty() {
            for list in &mut watched {
                list.retain(|target| acts_on.iter().all(|other| other.node != target.node));
            }
            watched.retain(|list| !list.is_empty());
        }
        let suits = |target: &Target| {
            let kind = compiler.plant.nodes[target.node as usize].kind;
            match action {
                Action::Promote => kind == Kind::Database,
                Action::SwitchNames => kind == Kind::Dns,
                Action::Start => true,
            }
        };
        acts_on.retain(suits);
        Self {
            node,
            watched: watched.into_iter().map(Watched::new).collect(),
            acts_on: acts_on
                .into_iter()
                .map(|target| (target, most_instances(compiler, target.node)))
                .collect(),
            interval_ns: ns_from_secs(component.number(&spec::INTERVAL_SECS)),
            threshold: component.count(&spec::FAILURE_THRESHOLD),
            takes_ns: ns_from_secs(component.number(&spec::TAKES_SECS)),
            action,
            looks: 0,
            life: 0,
            acting: false,
            acted: false,
        }
    }

    /// Looks at all it watches.
    fn look(&mut self, core: &mut Core) {
        self.looks = self.looks.wrapping_add(1);
        for i in 0..self.watched.len() {
            if !self.watched[i].judged {
                // No answer within an interval.
                self.judge(core, i, false);
            }
            let targets = self.watched[i].targets.clone();
            let watched = &mut self.watched[i];
            (watched.pending, watched.alive, watched.judged) = (targets.len(), false, false);
            for target in targets {
                let tag = u64::from(self.looks) << 32 | i as u64;
                let salt = core.plant.nodes[self.node as usize].salt;
                let key = mix(mix(salt, core.plant.seed), mix(tag, u64::from(target.node)));
                let health = core.plant.health;
                let call = core.own_call(self.node, tag, health, target.node, key);
                let way = Way {
                    link: target.link,
                    node: target.node,
                    until: 1.0,
                };
                core.send(call, way, NOBODY);
            }
        }
    }

    /// A look has come to a result.
    fn judge(&mut self, core: &mut Core, i: usize, alive: bool) {
        let watched = &mut self.watched[i];
        watched.judged = true;
        watched.failed = if alive { 0 } else { watched.failed + 1 };
        if watched.failed >= self.threshold {
            if !self.acting && !self.acted {
                self.acting = true;
                let at = core.now.saturating_add(self.takes_ns);
                core.wake_node(self.node, ACT + self.life, at);
            }
        } else if self.watched.iter().all(|watched| watched.failed == 0) {
            self.acted = false;
        }
    }

    /// The switch-over is done.
    fn act(&mut self, core: &mut Core) {
        (self.acting, self.acted) = (false, true);
        core.note(
            EventCode::ControllerActed,
            self.node,
            0,
            self.acts_on.len() as u32,
        );
        for (target, most) in self.acts_on.clone() {
            let notice = match self.action {
                Action::Promote => Notice::Promote,
                Action::SwitchNames => Notice::SwitchNames,
                Action::Start if most > 0 => Notice::ScaleOut { by: most },
                Action::Start => Notice::Restart,
            };
            watch::order(core, self.node, target, notice);
        }
    }
}

impl Watched {
    fn new(targets: Vec<Target>) -> Self {
        Self {
            targets,
            failed: 0,
            pending: 0,
            alive: false,
            judged: true,
        }
    }
}

/// As many instances as the group of a server may have; 0 for everything else.
fn most_instances(compiler: &Compiler<'_>, node: NodeId) -> u32 {
    let plan = &compiler.plant.nodes[node as usize];
    if plan.kind != Kind::Server {
        return 0;
    }
    let around = compiler.design.ancestors(&plan.id);
    let group = around
        .iter()
        .find(|component| component.kind == Kind::AutoScalingGroup);
    group.map_or(0, |group| group.count(&auto_scaling_group::MAX))
}

impl Behaviour for Controller {
    fn begin(&mut self, core: &mut Core) {
        core.wake_node(self.node, LOOK, core.now + self.interval_ns);
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let up = core.boards[self.node as usize].up;
        let health = core.call(handle).map(|call| call.ask) == Some(core.plant.health);
        if health && up {
            return core.finish(handle, Ok(()));
        }
        core.fail(handle, Reason::Refused, self.node);
    }

    fn own_answered(&mut self, core: &mut Core, answer: &Answer) {
        let (look, i) = ((answer.tag >> 32) as u32, answer.tag as u32 as usize);
        if look != self.looks || !core.boards[self.node as usize].up {
            return;
        }
        let Some(watched) = self.watched.get_mut(i) else {
            return;
        };
        watched.pending = watched.pending.saturating_sub(1);
        watched.alive |= answer.result.is_ok();
        let (alive, judged, last) = (watched.alive, watched.judged, watched.pending == 0);
        if !judged && (alive || last) {
            self.judge(core, i, alive);
        }
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        let up = core.boards[self.node as usize].up;
        if tag == LOOK {
            core.wake_node(self.node, LOOK, core.now + self.interval_ns);
            if up {
                self.look(core);
            }
        } else if up && self.acting && tag == ACT + self.life {
            self.act(core);
        }
    }

    fn fault(
        &mut self,
        _core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action == FaultAction::Kill && on {
            self.life += 1;
            (self.acting, self.acted) = (false, false);
            for watched in &mut self.watched {
                (watched.failed, watched.judged) = (0, true);
            }
        }
    }
}
