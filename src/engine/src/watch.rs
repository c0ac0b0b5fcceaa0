//! Watching and ordering across components: what a monitor reads from others, and what an order does to a
//! component that is dead.

use archplay_model::scenario::{FaultAction, FaultTarget};

use crate::fault::in_place;
use crate::kinds::Node;
use crate::plant::{FaultPlan, NOBODY, NodeId};
use crate::world::World;

impl World {
    /// A timer of a component. A monitor gets its readings first.
    #[inline(never)]
    pub(crate) fn timer(&mut self, node: NodeId, tag: u32) {
        let readings = match &mut self.nodes[node as usize] {
            Node::Monitor(monitor) => monitor.blank_readings(tag),
            _ => None,
        };
        if let Some(mut readings) = readings {
            for reading in &mut readings {
                let seen = &mut self.nodes[reading.node as usize];
                reading.load = seen.load(&mut self.core);
            }
            if let Node::Monitor(monitor) = &mut self.nodes[node as usize] {
                monitor.read(readings);
            }
        }
        self.nodes[node as usize].timer(&mut self.core, tag);
    }

    /// A database gets all that another has.
    pub(crate) fn hand_over(&mut self, from: NodeId, to: NodeId) {
        let whole = match self.nodes.get(from as usize) {
            Some(Node::Database(source)) => source.whole(),
            _ => return,
        };
        if let Some(Node::Database(copy)) = self.nodes.get_mut(to as usize) {
            copy.take_whole(&mut self.core, from, &whole);
        }
    }

    /// Rows whose turn it is change their shards.
    pub(crate) fn move_rows(&mut self, joins: NodeId) {
        let Some(Node::Database(shard)) = self.nodes.get(joins as usize) else {
            return;
        };
        let turn = shard.rows_to_move();
        let mut moved = Vec::new();
        for (place, node) in (0_u64..).zip(&turn.shards) {
            if let Some(Node::Database(shard)) = self.nodes.get_mut(*node as usize) {
                shard.give_rows(&mut self.core, &turn, place, &mut moved);
            }
        }
        for (place, rows) in moved {
            let node = turn.shards.get(place as usize);
            if let Some(Node::Database(shard)) = node.and_then(|n| self.nodes.get_mut(*n as usize))
            {
                shard.get_rows(&mut self.core, &rows);
            }
        }
        if let Some(Node::Database(shard)) = self.nodes.get_mut(joins as usize) {
            shard.rows_moved(&mut self.core);
        }
    }

    /// Rows that stayed behind follow those of their part.
    pub(crate) fn move_late(&mut self, from: NodeId) {
        let Some(Node::Database(shard)) = self.nodes.get_mut(from as usize) else {
            return;
        };
        for (to, rows) in shard.give_late(&mut self.core) {
            if let Some(Node::Database(shard)) = self.nodes.get_mut(to as usize) {
                shard.get_rows(&mut self.core, &rows);
            }
        }
    }

    /// A dead component is started again, unless it does so by itself or the ground under it is gone.
    pub(crate) fn start_again(&mut self, node: NodeId) {
        let starts =
            matches!(&self.nodes[node as usize], Node::Database(database) if database.restarts());
        if !starts && !self.ground_gone(node) {
            self.kill(node, None, false);
        }
    }

    /// Whether a component, or a unit of it, stays dead although a kill of it ends: another kill still holds, or it is
    /// mended by hand while the ground under it is gone.
    pub(crate) fn stays_dead(&self, node: NodeId, unit: Option<u32>, end: &FaultPlan) -> bool {
        if end.ends {
            return self.still_killed(node, unit);
        }
        self.around(node, unit)
            .into_iter()
            .any(|node| self.ground_gone(node))
    }

    /// A component; and the box in which a unit of it stands, if that is another than the component's own.
    fn around(&self, node: NodeId, unit: Option<u32>) -> Vec<NodeId> {
        let zones = &self.core.plant.nodes[node as usize].unit_zones;
        let zone = unit.and_then(|unit| zones.get(unit as usize)).copied();
        let zone = zone.filter(|zone| *zone != NOBODY);
        std::iter::once(node).chain(zone).collect()
    }

    /// Whether a box around a component, or its place, was killed and is not back: nothing starts there.
    fn ground_gone(&self, node: NodeId) -> bool {
        let plan = &self.core.plant.nodes[node as usize];
        self.kill_holds(|target| match target {
            FaultTarget::Component(id) => plan.domains.iter().any(|domain| {
                let domain = &self.core.plant.nodes[*domain as usize];
                domain.id == *id && domain.kind.is_group()
            }),
            FaultTarget::Place(place) => in_place(plan.kind, plan.place, *place),
            FaultTarget::OneServer
            | FaultTarget::OneOf(_)
            | FaultTarget::Kind(_)
            | FaultTarget::Link(_) => false,
        })
    }

    /// Whether a component, or a unit of it, is still killed, by itself or with what is around it: the end of one kill
    /// is not that of another.
    pub(crate) fn still_killed(&self, node: NodeId, unit: Option<u32>) -> bool {
        let around = self.around(node, unit);
        let holds = |node: &NodeId| self.kill_holds(|target| self.means(target, *node));
        self.struck.kills(node, unit) || around.iter().any(holds)
    }

    /// Whether a target means a component, by itself or with a box or place around it.
    fn means(&self, target: &FaultTarget, node: NodeId) -> bool {
        let plan = &self.core.plant.nodes[node as usize];
        match target {
            FaultTarget::Component(id) => plan
                .domains
                .iter()
                .any(|domain| self.core.plant.nodes[*domain as usize].id == *id),
            FaultTarget::Kind(kind) => plan.kind == *kind,
            FaultTarget::Place(place) => in_place(plan.kind, plan.place, *place),
            FaultTarget::OneServer | FaultTarget::OneOf(_) | FaultTarget::Link(_) => false,
        }
    }

    /// Whether mending one target also mends all that another means: the same, or one around it.
    fn mends(&self, mended: &FaultTarget, killed: &FaultTarget) -> bool {
        let FaultTarget::Component(id) = killed else {
            return mended == killed;
        };
        let nodes = &self.core.plant.nodes;
        let node = nodes.iter().position(|node| node.id == *id);
        node.is_some_and(|node| self.means(mended, node as NodeId))
    }

    /// Whether something of which this is true was killed and is not back.
    fn kill_holds(&self, meant: impl Fn(&FaultTarget) -> bool) -> bool {
        let now = self.core.clock();
        let past = || {
            (0..)
                .zip(&self.faults)
                .filter(|(_, fault)| fault.at_ns <= now)
        };
        past().any(|(begun, kill): (usize, _)| {
            let on = kill.action == FaultAction::Kill && !kill.ends && meant(&kill.target);
            on && !past().any(|(mended, end)| match end.action {
                // What is done by hand is done one after the other, also in one moment.
                FaultAction::Restore => {
                    (end.at_ns, mended) > (kill.at_ns, begun)
                        && self.mends(&end.target, &kill.target)
                }
                FaultAction::Kill => end.ends && end.number == kill.number,
                _ => false,
            })
        })
    }
}
