//! Watching and ordering across components: what a monitor reads from others, and what an order does to a
//! component that is dead.

use archplay_model::scenario::{FaultAction, FaultTarget};

use crate::fault::in_place;
use crate::kinds::Node;
use crate::plant::NodeId;
use crate::world::World;

impl World {
    /// A timer of a component. A monitor gets its readings first.
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

    /// A dead component is started again, unless the ground under it is gone.
    pub(crate) fn start_again(&mut self, node: NodeId) {
        if !self.ground_gone(node) {
            self.strike(node, None, FaultAction::Kill, false);
        }
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

    /// Whether a component is still killed, by itself or with what is around it: the end of one kill is not that of
    /// another.
    pub(crate) fn still_killed(&self, node: NodeId) -> bool {
        let plan = &self.core.plant.nodes[node as usize];
        self.kill_holds(|target| match target {
            FaultTarget::Component(id) => plan
                .domains
                .iter()
                .any(|domain| self.core.plant.nodes[*domain as usize].id == *id),
            FaultTarget::Kind(kind) => plan.kind == *kind,
            FaultTarget::Place(place) => in_place(plan.kind, plan.place, *place),
            FaultTarget::OneServer | FaultTarget::OneOf(_) | FaultTarget::Link(_) => false,
        })
    }

    /// Whether something of which this is true was killed and is not back.
    fn kill_holds(&self, meant: impl Fn(&FaultTarget) -> bool) -> bool {
        let now = self.core.clock();
        let past = || self.faults.iter().filter(|fault| fault.at_ns <= now);
        past().any(|kill| {
            let on = kill.action == FaultAction::Kill && !kill.ends && meant(&kill.target);
            on && !past().any(|end| {
                let ends = end.action == FaultAction::Restore
                    || (end.action == FaultAction::Kill && end.ends);
                ends && end.target == kill.target && end.at_ns > kill.at_ns
            })
        })
    }
}
