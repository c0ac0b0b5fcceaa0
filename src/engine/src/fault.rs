//! Faults and recovery: who is meant, and what the core does for every kind alike.

use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_model::{Kind, Place};
use archplay_report::EventCode;

use crate::core::Notice;
use crate::kinds::feels;
use crate::plant::{FaultPlan, LinkId, LinkPlan, NodeId};
use crate::struck::{Hit, Struck};
use crate::world::World;

impl World {
    /// A fault of the list begins or ends.
    #[cold]
    #[inline(never)]
    pub(crate) fn fault(&mut self, index: u32) {
        let Some(plan) = self.faults.get(index as usize).cloned() else {
            return;
        };
        match plan.action {
            FaultAction::Restore => self.mend(&plan),
            _ if plan.ends => self.end(&plan),
            _ => self.begin(&plan),
        }
    }

    fn begin(&mut self, plan: &FaultPlan) {
        let (by, action) = (plan.number, plan.action);
        let links = self.links_meant(&plan.target, action);
        for link in &links {
            self.hold(by, Hit::Link(*link), None, action);
        }
        if let (FaultAction::FailResolver, FaultTarget::Place(place)) = (action, &plan.target) {
            // Also the resolvers of the visitors there.
            self.hold(by, Hit::Resolvers(*place), None, action);
        }
        if action.is_of_network() && links.is_empty() {
            return;
        }
        let meant = match one_of(&plan.target) {
            Some(kind) => self.victim(kind).into_iter().collect(),
            None => self.meant(&plan.target),
        };
        for (node, unit) in meant {
            self.strike(plan, node, unit);
        }
    }

    /// A fault ends, for those whom it has struck.
    fn end(&mut self, plan: &FaultPlan) {
        if plan.action == FaultAction::Kill && one_of(&plan.target).is_none() {
            return self.raise(plan);
        }
        for struck in self.struck.take(|struck| struck.by == plan.number) {
            self.let_go(struck);
        }
    }

    /// Whatever was done to those whom a target means ends.
    fn mend(&mut self, plan: &FaultPlan) {
        let links = [
            FaultAction::Cut,
            FaultAction::Lose { share: 0.0 },
            FaultAction::Slow { factor: 1.0 },
        ]
        .map(|action| (action.slug(), self.links_meant(&plan.target, action)));
        let meant = match one_of(&plan.target) {
            Some(kind) => self.meant(&FaultTarget::Kind(kind)),
            None => self.meant(&plan.target),
        };
        let mended = self.struck.take(|struck| match struck.hit {
            // A clock that was set wrong stays wrong.
            _ if matches!(struck.action, FaultAction::StepClock { .. }) => false,
            Hit::Link(link) => links
                .iter()
                .any(|(action, links)| *action == struck.action.slug() && links.contains(&link)),
            Hit::Resolvers(place) => plan.target == FaultTarget::Place(place),
            Hit::Node(at, _) => meant
                .iter()
                .any(|(node, unit)| *node == at && (unit.is_none() || *unit == struck.unit)),
        });
        for struck in mended {
            if struck.action != FaultAction::Kill {
                self.let_go(struck);
            }
        }
        self.raise(plan);
    }

    /// The end of a kill, or of all kills: the dead are back, if nothing else keeps them.
    fn raise(&mut self, plan: &FaultPlan) {
        if let Some(kind) = one_of(&plan.target) {
            for (node, unit) in self.meant(&FaultTarget::Kind(kind)) {
                if !self.still_killed(node, unit) {
                    self.revive(node, unit);
                }
            }
            return;
        }
        let mut meant = self.meant(&plan.target);
        // Boxes first: what comes back looks whether they are there.
        meant.sort_by_key(|(node, _)| !self.core.plant.nodes[*node as usize].kind.is_group());
        for (node, unit) in meant {
            if !self.stays_dead(node, unit, plan) {
                self.revive(node, unit);
            }
        }
    }

    /// A component or unit is back; those of its units that a kill of one still holds are not.
    fn revive(&mut self, node: NodeId, unit: Option<u32>) {
        let units = 0..self.core.boards[node as usize].units.len() as u32;
        let held: Vec<u32> = units
            .filter(|unit| self.struck.kills(node, Some(*unit)) && !self.unit_up(node, *unit))
            .collect();
        self.kill(node, unit, false);
        for unit in held {
            if self.unit_up(node, unit) {
                self.kill(node, Some(unit), true);
            }
        }
    }

    fn unit_up(&self, node: NodeId, unit: u32) -> bool {
        let units = &self.core.boards[node as usize].units;
        units.get(unit as usize).is_some_and(|unit| unit.up)
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
    /// for each of its units): one that only stands there would make the fault harmless.
    fn victim(&self, kind: Kind) -> Option<(NodeId, Option<u32>)> {
        let nodes: Vec<NodeId> = (0_u32..)
            .zip(&self.core.plant.nodes)
            .filter(|(_, node)| node.kind == kind)
            .map(|(node, _)| node)
            .collect();
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
        let node = first.copied()?;
        let units = &self.core.boards[node as usize].units;
        let unit = units.iter().position(|unit| unit.up);
        Some((node, unit.map(|unit| unit as u32)))
    }

    /// One component or unit is struck.
    fn strike(&mut self, plan: &FaultPlan, node: NodeId, unit: Option<u32>) {
        let (by, action) = (plan.number, plan.action);
        let board = &self.core.boards[node as usize];
        // Whole components are told apart from the units of many only.
        let part = unit.filter(|_| board.units.len() > 1);
        if action == FaultAction::Kill {
            if one_of(&plan.target).is_some() {
                self.struck.add(Struck {
                    by,
                    hit: Hit::Node(node, part),
                    unit,
                    action,
                });
            }
            return self.kill(node, unit, true);
        }
        let kind = self.core.plant.nodes[node as usize].kind;
        if !feels(&self.nodes[node as usize], kind, action) {
            return;
        }
        self.note_fault(node, true);
        // Only a server's units have each what is done to them, and slow they are together.
        let apart = kind == Kind::Server && !matches!(action, FaultAction::Slow { .. });
        let hit = Hit::Node(node, part.filter(|_| apart));
        self.hold(by, hit, unit, action);
    }

    /// A fault holds from now on. The strongest of its kind counts.
    fn hold(&mut self, by: u32, hit: Hit, unit: Option<u32>, action: FaultAction) {
        if action == FaultAction::Expire {
            return self.apply(hit, action, true);
        }
        let before = self.struck.strongest(hit, action);
        self.struck.add(Struck {
            by,
            hit,
            unit,
            action,
        });
        let now = self.struck.strongest(hit, action);
        match now {
            // Steps add up.
            _ if matches!(action, FaultAction::StepClock { .. }) => self.apply(hit, action, true),
            Some(strongest) if now != before => self.apply(hit, strongest, true),
            _ => {}
        }
    }

    /// What held does not hold any more. If others of its kind do, the strongest of them counts.
    fn let_go(&mut self, struck: Struck) {
        let Struck { hit, action, .. } = struck;
        if let (FaultAction::Kill, Hit::Node(node, part)) = (action, hit) {
            if !self.still_killed(node, struck.unit) {
                self.revive(node, part);
            }
            return;
        }
        if let Hit::Node(node, _) = hit {
            self.note_fault(node, false);
        }
        match self.struck.strongest(hit, action) {
            Some(other) if !matches!(action, FaultAction::StepClock { .. }) => {
                if other.strength() < action.strength() {
                    self.apply(hit, other, true);
                }
            }
            _ => self.apply(hit, action, false),
        }
    }

    /// Something is done to somebody, or undone.
    fn apply(&mut self, hit: Hit, action: FaultAction, on: bool) {
        match hit {
            Hit::Node(node, unit) => {
                if let FaultAction::Slow { factor } = action {
                    let stretch = if on { factor.max(1.0) } else { 1.0 };
                    self.core.boards[node as usize].stretch = stretch;
                }
                self.nodes[node as usize].fault(&mut self.core, node, unit, action, on);
            }
            Hit::Link(link) => {
                self.core.disturbed = true;
                let state = &mut self.core.links[link as usize];
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
            Hit::Resolvers(place) => self.core.resolvers_down[place as usize] = on,
        }
    }

    /// One component or unit dies, or is back.
    #[cold]
    #[inline(never)]
    pub(crate) fn kill(&mut self, node: NodeId, unit: Option<u32>, on: bool) {
        let kind = self.core.plant.nodes[node as usize].kind;
        let board = &mut self.core.boards[node as usize];
        if kind.is_group() || kind == Kind::Client {
            // What is in it is struck by itself. That the box is down keeps groups from putting anything in it.
            board.up = !on;
            return;
        }
        if unit.is_none() || board.units.len() <= 1 {
            if board.up != on {
                // Dead already, or alive already; a database that starts again by itself does so no more.
                if !matches!(kind, Kind::Server | Kind::Database) {
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
        self.nodes[node as usize].fault(&mut self.core, node, unit, FaultAction::Kill, on);
    }

    fn note_fault(&mut self, node: NodeId, on: bool) {
        let code = if on {
            EventCode::FaultBegan
        } else {
            EventCode::FaultEnded
        };
        self.core.note(code, node, 0, 0);
    }

    /// The links that a fault of the network strikes: one, or all that cross the border of a component, box or
    /// place.
    fn links_meant(&self, target: &FaultTarget, action: FaultAction) -> Vec<LinkId> {
        let nodes = &self.core.plant.nodes;
        let slow = match action {
            FaultAction::Cut | FaultAction::Lose { .. } => false,
            FaultAction::Slow { .. } => true,
            _ => return Vec::new(),
        };
        let meant = |link: &LinkPlan| {
            let ends = [link.from, link.to].map(|node| &nodes[node as usize]);
            let inside = match target {
                FaultTarget::Link(key) => return link.key == *key,
                FaultTarget::Component(id) => ends.map(|node| {
                    let mut around = node.domains.iter();
                    around.any(|domain| nodes[*domain as usize].id == *id)
                }),
                FaultTarget::Place(place) => {
                    ends.map(|node| in_place(node.kind, node.place, *place))
                }
                FaultTarget::Kind(_) | FaultTarget::OneServer | FaultTarget::OneOf(_) => {
                    return false;
                }
            };
            // A slow component is slow itself.
            !slow && inside[0] != inside[1]
        };
        (0_u32..)
            .zip(&self.core.plant.links)
            .filter(|(_, link)| meant(link))
            .map(|(link, _)| link)
            .collect()
    }
}

/// The kind of which a target means one.
fn one_of(target: &FaultTarget) -> Option<Kind> {
    match target {
        FaultTarget::OneServer => Some(Kind::Server),
        FaultTarget::OneOf(kind) => Some(*kind),
        _ => None,
    }
}

/// CDN edges, name servers and visitors are everywhere: no place takes them down.
pub(crate) fn in_place(kind: Kind, at: Place, place: Place) -> bool {
    at == place && !matches!(kind, Kind::Client | Kind::Cdn | Kind::Dns)
}
