//! Faults of the scenario that do nothing to those whom they are aimed at.
//!
//! A fault aimed at what the drawing does not have is none of these: a scenario fits any drawing.

use crate::catalogue::cache;
use crate::scenario::{FaultAction, FaultTarget};
use crate::{Component, Design, Id, Kind, Location, Place, Problem, Scenario};

/// Adds faults without any effect.
pub(super) fn check(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    for (i, fault) in scenario.faults.iter().enumerate() {
        if !works(design, fault.action, &fault.target) {
            let path = format!("faults[{i}].action");
            out.push(
                Problem::warning("fault_without_effect", Location::Scenario(path.clone()))
                    .with("path", path),
            );
        }
    }
}

/// Whether a fault does something, or is aimed at nothing that is there.
fn works(design: &Design, action: FaultAction, target: &FaultTarget) -> bool {
    let network = action.is_of_network();
    match target {
        FaultTarget::Link(_) => {
            network || matches!(action, FaultAction::Slow { .. } | FaultAction::Restore)
        }
        // The network of a single instance or of a whole kind is none that can be cut.
        FaultTarget::OneServer => !network && works_on_kind(design, action, Kind::Server),
        FaultTarget::OneOf(kind) | FaultTarget::Kind(kind) => {
            !network && works_on_kind(design, action, *kind)
        }
        FaultTarget::Component(id) => network || works_on_component(design, action, id),
        FaultTarget::Place(place) => {
            // The visitors' own resolvers are there whatever is drawn.
            let resolvers = matches!(action, FaultAction::FailResolver);
            network || resolvers || works_on_place(design, action, *place)
        }
    }
}

fn works_on_kind(design: &Design, action: FaultAction, kind: Kind) -> bool {
    let mut all = design.components.values().filter(|c| c.kind == kind);
    match action {
        FaultAction::KillShard { .. } if kind == Kind::Cache => {
            all.clone().next().is_none() || all.any(|c| works_on(action, c))
        }
        _ => action.felt_by(kind),
    }
}

fn works_on_component(design: &Design, action: FaultAction, id: &Id) -> bool {
    let Some(meant) = design.get(id) else {
        return true;
    };
    if !meant.kind.is_group() {
        return works_on(action, meant);
    }
    // A scaling group may put its instances into any box.
    let inside = |c: &&Component| {
        let boxes = design.ancestors(&c.id);
        let is = |outer: &&Component| outer.id == *id || outer.kind == Kind::AutoScalingGroup;
        !c.kind.is_group() && boxes.iter().any(is)
    };
    any_of(design.components.values().filter(inside), action)
}

fn works_on_place(design: &Design, action: FaultAction, place: Place) -> bool {
    let everywhere = |kind: Kind| matches!(kind, Kind::Client | Kind::Cdn | Kind::Dns);
    let there =
        |c: &&Component| !c.kind.is_group() && !everywhere(c.kind) && design.place(&c.id) == place;
    any_of(design.components.values().filter(there), action)
}

/// Whether an action does something to one of these, or there is none.
fn any_of<'c>(meant: impl Iterator<Item = &'c Component>, action: FaultAction) -> bool {
    let mut none = true;
    for component in meant {
        if works_on(action, component) {
            return true;
        }
        none = false;
    }
    none
}

fn works_on(action: FaultAction, component: &Component) -> bool {
    match action {
        FaultAction::KillShard { shard } => {
            component.kind == Kind::Cache && shard <= component.count(&cache::SHARDS)
        }
        _ => action.felt_by(component.kind),
    }
}
