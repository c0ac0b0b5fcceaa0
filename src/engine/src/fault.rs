//! Faults and recovery: who is meant, and what the core does for every kind alike.

use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_model::{Kind, Place};
use archplay_report::EventCode;

use crate::core::Notice;
use crate::plant::{FaultPlan, NodeId};
use crate::world::World;

/// A fault that holds, other than a kill: what was done to whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck {
    node: NodeId,
    unit: Option<u32>,
    action: FaultAction,
}

impl World {
    /// A fault of the list begins or ends.
    #[cold]
    #[inline(never)]
    pub(crate) fn fault(&mut self, index: u32) {
        let Some(plan) = self.faults.get(index as usize).cloned() else {
            return;
        };
        if plan.action == FaultAction::Restore {
            self.end_all(&plan);
        }
        let (action, on) = match plan.action {
            FaultAction::Restore => (FaultAction::Kill, false),
            action => (action, !plan.ends),
        };
        if let FaultTarget::Link(_) | FaultTarget::Place(_) | FaultTarget::Component(_) =
            plan.target
        {
            self.strike_links(&plan, action, on);
        }
        if let (FaultAction::FailResolver | FaultAction::Restore, FaultTarget::Place(place)) =
            (plan.action, &plan.target)
        {
            // Also the resolvers of the visitors there.
            self.core.resolvers_down[*place as usize] =
                on && plan.action == FaultAction::FailResolver;
        }
        match &plan.target {
            FaultTarget::Link(_) => {}
            FaultTarget::OneServer => self.strike_one(Kind::Server, action, on),
            FaultTarget::OneOf(kind) => self.strike_one(*kind, action, on),
            target => {
                for (node, unit) in self.meant(target) {
                    let ends = action == FaultAction::Kill && plan.ends && unit.is_none();
                    if !(ends && self.still_killed(node)) {
                        self.strike(node, unit, action, on);
                    }
                }
            }
        }
    }

    /// Whatever else was done to those whom a target means ends.
    #[cold]
    #[inline(never)]
    fn end_all(&mut self, plan: &FaultPlan) {
        for action in [
            FaultAction::Cut,
            FaultAction::Lose { share: 0.0 },
            FaultAction::Slow { factor: 1.0 },
        ] {
            self.strike_links(plan, action, false);
        }
        let meant = match &plan.target {
            FaultTarget::OneServer => self.meant(&FaultTarget::Kind(Kind::Server)),
            FaultTarget::OneOf(kind) => self.meant(&FaultTarget::Kind(*kind)),
            target => self.meant(target),
        };
        let (ends, stay): (Vec<Struck>, Vec<Struck>) = std::mem::take(&mut self.struck)
            .into_iter()
            .partition(|struck| {
                meant.iter().any(|(node, unit)| {
                    struck.node == *node && (unit.is_none() || struck.unit == *unit)
                })
            });
        self.struck = stay;
        for struck in ends {
            self.strike(struck.node, struck.unit, struck.action, false);
        }
    }

    /// The components, or the single units of them, that a target means.
    #[cold]
    #[inline(never)]
    fn meant(&self, target: &FaultTarget) -> Vec<(NodeId, Option<u32>)> {
        let mut out = Vec::new();
        for (node, plan) in (0_u32..).zip(&self.core.plant.nodes) {
            let inside = |id: &NodeId| match target {
                FaultTarget::Component(name) => self.core.plant.nodes[*id as usize].id == *name,
                _ => false,
            };
            let whole = match target {
                FaultTarget::Component(_) => plan.domains.iter().any(inside),
                FaultTarget::Kind(kind) => plan.kind == *kind,
                FaultTarget::Place(place) => in_place(plan.kind, plan.place, *place),
                FaultTarget::OneServer | FaultTarget::OneOf(_) | FaultTarget::Link(_) => false,
            };
            if whole {
                out.push((node, None));
                continue;
            }
            // A group may have put some of its instances into the box that is struck.
            for (unit, zone) in (0_u32..).zip(&plan.unit_zones) {
                if inside(zone) {
                    out.push((node, Some(unit)));
                }
            }
        }
        out
    }

    /// The first of a kind that is up and has had its share of the requests (half as many as the busiest has had
    /// for each of its units): one that only stands there would make the fault harmless. Its end is for all of
    /// the kind.
    fn strike_one(&mut self, kind: Kind, action: FaultAction, on: bool) {
        let nodes: Vec<NodeId> = (0_u32..)
            .zip(&self.core.plant.nodes)
            .filter(|(_, node)| node.kind == kind)
            .map(|(node, _)| node)
            .collect();
        if !on {
            for node in nodes {
                if !(action == FaultAction::Kill && self.still_killed(node)) {
                    self.strike(node, None, action, false);
                }
            }
            return;
        }
        // Calls for each unit; what has no units counts as one.
        let share = |node: &NodeId| {
            let units = self.core.boards[*node as usize].units.len().max(1) as u64;
            self.core.stats.parts[*node as usize].calls / units
        };
        let up = |node: &NodeId| {
            let board = &self.core.boards[*node as usize];
            board.up && (board.units.is_empty() || board.units.iter().any(|unit| unit.up))
        };
        let most = nodes.iter().map(share).max().unwrap_or(0);
        let first = nodes
            .iter()
            .find(|node| up(node) && share(node).saturating_mul(2) >= most);
        let Some(node) = first.copied() else {
            return;
        };
        let units = &self.core.boards[node as usize].units;
        let unit = units.iter().position(|unit| unit.up);
        self.strike(node, unit.map(|unit| unit as u32), action, true);
    }

    /// One component or unit is struck, or freed again.
    #[cold]
    #[inline(never)]
    pub(crate) fn strike(
        &mut self,
        node: NodeId,
        unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if self.core.plant.nodes[node as usize].kind.is_group()
            || self.core.plant.nodes[node as usize].kind == Kind::Client
        {
            // What is in it is struck by itself. That the box is down keeps groups from putting anything in it.
            if action == FaultAction::Kill {
                self.core.boards[node as usize].up = !on;
            }
            return;
        }
        let shard = matches!(action, FaultAction::KillShard { .. });
        if shard && self.core.plant.nodes[node as usize].kind != Kind::Cache {
            return;
        }
        self.note_struck(Struck { node, unit, action }, on);
        let one_unit = self.core.boards[node as usize].units.len() <= 1;
        let whole = unit.is_none() || one_unit;
        match action {
            FaultAction::Kill if whole => {
                let board = &mut self.core.boards[node as usize];
                if board.up != on {
                    // Dead already, or alive already.
                    if self.core.plant.nodes[node as usize].kind != Kind::Server {
                        return;
                    }
                } else {
                    board.up = !on;
                    let code = if on {
                        EventCode::Killed
                    } else {
                        EventCode::Restored
                    };
                    self.core.note(code, node, u32::from(on), u32::from(!on));
                    let notice = if on { Notice::Died } else { Notice::Restored };
                    self.core.tell(node, notice);
                }
            }
            FaultAction::Slow { factor } => {
                self.core.boards[node as usize].stretch = if on { factor.max(1.0) } else { 1.0 };
                self.note_fault(node, on);
            }
            FaultAction::Kill => {}
            _ => self.note_fault(node, on),
        }
        self.nodes[node as usize].fault(&mut self.core, node, unit, action, on);
    }

    /// Remembers what holds, other than a kill, and forgets what has ended.
    fn note_struck(&mut self, struck: Struck, on: bool) {
        if matches!(
            struck.action,
            FaultAction::Kill | FaultAction::Expire | FaultAction::StepClock { .. }
        ) {
            return;
        }
        // Each shard by itself.
        let shards = matches!(struck.action, FaultAction::KillShard { .. });
        let same = |other: &Struck| {
            other.node == struck.node
                && other.unit == struck.unit
                && std::mem::discriminant(&other.action) == std::mem::discriminant(&struck.action)
                && (!shards || other.action == struck.action)
        };
        self.struck.retain(|other| !same(other));
        if on {
            self.struck.push(struck);
        }
    }

    fn note_fault(&mut self, node: NodeId, on: bool) {
        let code = if on {
            EventCode::FaultBegan
        } else {
            EventCode::FaultEnded
        };
        self.core.note(code, node, 0, 0);
    }

    /// Faults of the network: of one link, or of all links at a component or place.
    #[cold]
    #[inline(never)]
    fn strike_links(&mut self, plan: &FaultPlan, action: FaultAction, on: bool) {
        if !matches!(
            action,
            FaultAction::Cut | FaultAction::Lose { .. } | FaultAction::Slow { .. }
        ) {
            return;
        }
        for i in 0..self.core.plant.links.len() {
            let link = &self.core.plant.links[i];
            let ends = [link.from, link.to].map(|node| &self.core.plant.nodes[node as usize]);
            let meant = match &plan.target {
                FaultTarget::Link(key) => link.key == *key,
                // The network of a component or box: what crosses its border.
                FaultTarget::Component(id) => {
                    let inside = ends.map(|node| {
                        node.domains
                            .iter()
                            .any(|d| self.core.plant.nodes[*d as usize].id == *id)
                    });
                    !matches!(action, FaultAction::Slow { .. }) && inside[0] != inside[1]
                }
                FaultTarget::Place(place) => {
                    let inside = ends.map(|node| in_place(node.kind, node.place, *place));
                    !matches!(action, FaultAction::Slow { .. }) && inside[0] != inside[1]
                }
                FaultTarget::Kind(_) | FaultTarget::OneServer | FaultTarget::OneOf(_) => false,
            };
            if !meant {
                continue;
            }
            self.core.disturbed = true;
            let state = &mut self.core.links[i];
            match action {
                FaultAction::Cut => state.cut = on,
                FaultAction::Lose { share } => {
                    state.loss = if on { share.clamp(0.0, 0.99) } else { 0.0 }
                }
                FaultAction::Slow { factor } => {
                    state.stretch = if on { factor.max(1.0) } else { 1.0 }
                }
                _ => {}
            }
        }
    }
}

/// CDN edges, name servers and visitors are everywhere: no place takes them down.
pub(crate) fn in_place(kind: Kind, at: Place, place: Place) -> bool {
    at == place && !matches!(kind, Kind::Client | Kind::Cdn | Kind::Dns)
}
