//! The checker: says before a run what cannot work and where.

use std::collections::BTreeSet;

use crate::catalogue::{self, auto_scaling_group as asg};
use crate::placement::{Leg, Placement, handles, is_admin};
use crate::scenario::{Demand, Entry};
use crate::{
    Component, Design, Id, Kind, Location, Problem, Role, Scenario, Severity, limits, link_rule,
};

/// Whether any of the problems keeps the design from running.
#[must_use]
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

/// Checks the drawing alone: structure and parameters.
#[must_use]
pub fn check_design(design: &Design) -> Vec<Problem> {
    let mut out = Vec::new();
    if design.components.len() > limits::MAX_COMPONENTS {
        out.push(
            Problem::error("too_many_components", Location::Design)
                .with("count", design.components.len())
                .with("max", limits::MAX_COMPONENTS),
        );
        return out;
    }
    for component in design.components.values() {
        check_params(component, &mut out);
        check_parent(design, component, &mut out);
        if component.kind == Kind::AutoScalingGroup {
            check_scaling_group(design, component, &mut out);
        }
    }
    for key in design.links.keys() {
        let (Some(from), Some(to)) = (design.get(&key.from), design.get(&key.to)) else {
            out.push(missing_end(design, key));
            continue;
        };
        let rule = if key.from == key.to && !crate::may_link_itself(from.kind) {
            Err(crate::LinkRefusal::SelfLink)
        } else {
            link_rule(from.kind, to.kind)
        };
        if let Err(refusal) = rule {
            let code = format!("link_{}", refusal.slug());
            out.push(
                Problem::error(&code, Location::Link(key.clone()))
                    .with("from", &key.from)
                    .with("to", &key.to),
            );
        }
    }
    check_cycles(design, &mut out);
    out
}

/// Checks drawing and scenario together; empty or only warnings means it can run.
#[must_use]
pub fn check(design: &Design, scenario: &Scenario) -> Vec<Problem> {
    let mut out = check_design(design);
    crate::scenario_check::check_scenario(scenario, &mut out);
    if has_errors(&out) {
        return out;
    }
    if let Some(allow) = &scenario.allow {
        for component in design
            .components
            .values()
            .filter(|c| !allow.contains(&c.kind))
        {
            let at = Location::Component(component.id.clone());
            out.push(Problem::error("kind_not_allowed", at).with("id", &component.id));
        }
    }
    let placement = Placement::resolve(design, scenario);
    check_routes(design, scenario, &placement, &mut out);
    out
}

fn missing_end(design: &Design, key: &crate::LinkKey) -> Problem {
    let missing = if design.get(&key.from).is_none() {
        &key.from
    } else {
        &key.to
    };
    Problem::error("link_end_missing", Location::Link(key.clone()))
        .with("from", &key.from)
        .with("to", &key.to)
        .with("missing", missing)
}

fn check_params(component: &Component, out: &mut Vec<Problem>) {
    for (key, value) in &component.params {
        let at = Location::Param(component.id.clone(), key.clone());
        match catalogue::find(component.kind, key) {
            None => out.push(
                Problem::warning("unknown_param", at)
                    .with("id", &component.id)
                    .with("param", key),
            ),
            Some(spec) => {
                if let Err(refusal) = spec.accepts(value) {
                    let code = format!("param_{}", refusal.slug());
                    let mut problem = Problem::error(&code, at)
                        .with("id", &component.id)
                        .with("param", key);
                    problem.args.extend(refusal.args());
                    out.push(problem);
                }
            }
        }
    }
}

fn check_parent(design: &Design, component: &Component, out: &mut Vec<Problem>) {
    let Some(parent) = &component.parent else {
        return;
    };
    let at = Location::Component(component.id.clone());
    let Some(group) = design.get(parent) else {
        out.push(
            Problem::error("parent_missing", at)
                .with("id", &component.id)
                .with("parent", parent),
        );
        return;
    };
    if !component.kind.may_be_in(Some(group.kind)) {
        out.push(
            Problem::error("parent_not_allowed", at.clone())
                .with("id", &component.id)
                .with("parent", parent),
        );
    }
    if design
        .ancestors(&component.id)
        .iter()
        .any(|a| a.id == component.id)
    {
        out.push(Problem::error("parent_cycle", at).with("id", &component.id));
    }
}

fn check_scaling_group(design: &Design, group: &Component, out: &mut Vec<Problem>) {
    let servers = design
        .children(&group.id)
        .filter(|c| c.kind == Kind::Server)
        .count();
    let at = Location::Component(group.id.clone());
    if servers == 0 {
        out.push(Problem::warning("group_without_server", at.clone()).with("id", &group.id));
    } else if servers > 1 {
        out.push(
            Problem::error("group_with_many_servers", at.clone())
                .with("id", &group.id)
                .with("count", servers),
        );
    }
    let (min, max, desired) = (
        group.count(&asg::MIN),
        group.count(&asg::MAX),
        group.count(&asg::DESIRED),
    );
    if min > max || desired > max || desired < min {
        out.push(
            Problem::error("group_bounds", at.clone())
                .with("id", &group.id)
                .with("min", min)
                .with("max", max)
                .with("desired", desired),
        );
    }
    for action in catalogue::parse_schedule(group.text(&asg::SCHEDULE)).unwrap_or_default() {
        if action.count > max {
            out.push(
                Problem::error(
                    "schedule_above_max",
                    Location::Param(group.id.clone(), asg::SCHEDULE.key.into()),
                )
                .with("id", &group.id)
                .with("at", action.at)
                .with("count", action.count)
                .with("max", max),
            );
        }
    }
}

/// What passes requests on may stand in a row but not in a ring: a request would circle for ever. Those
/// that work may ask each other in a ring: what they ask differs from what they are asked.
fn check_cycles(design: &Design, out: &mut Vec<Problem>) {
    let mut done: BTreeSet<&Id> = BTreeSet::new();
    for start in design.components.keys() {
        if done.contains(start) {
            continue;
        }
        // Depth first with an explicit stack: a hostile file may chain thousands.
        let mut path: Vec<(&Id, Vec<&Id>)> = vec![(start, targets(design, start))];
        let mut on_path: BTreeSet<&Id> = BTreeSet::from([start]);
        while let Some((id, rest)) = path.last_mut() {
            let id = *id;
            match rest.pop() {
                Some(next) if on_path.contains(next) => {
                    if next != id {
                        let at = Location::Link(crate::LinkKey::new(id.clone(), next.clone()));
                        out.push(
                            Problem::error("link_cycle", at)
                                .with("from", id)
                                .with("to", next),
                        );
                    }
                }
                Some(next) if !done.contains(next) => {
                    on_path.insert(next);
                    path.push((next, targets(design, next)));
                }
                Some(_) => {}
                None => {
                    on_path.remove(id);
                    done.insert(id);
                    path.pop();
                }
            }
        }
    }
}

fn targets<'a>(design: &'a Design, id: &'a Id) -> Vec<&'a Id> {
    let front = |id: &Id| design.get(id).is_some_and(|c| c.kind.role() == Role::Front);
    if !front(id) {
        return Vec::new();
    }
    design
        .outgoing(id)
        .map(|key| &key.to)
        .filter(|to| front(to))
        .collect()
}

fn check_routes(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement,
    out: &mut Vec<Problem>,
) {
    if design.components.is_empty() {
        out.push(Problem::error("empty_design", Location::Design));
        return;
    }
    let mut told: BTreeSet<Id> = BTreeSet::new();
    for (i, audience) in scenario.audiences.iter().enumerate() {
        if is_admin(scenario, audience) {
            continue;
        }
        let clients = placement.clients(i);
        if clients.is_empty() {
            out.push(
                Problem::error("audience_without_client", Location::Design)
                    .with("audience", &audience.id),
            );
        }
        for id in clients {
            if placement.next(id, Leg::Dynamic).is_empty() && told.insert(id.clone()) {
                let at = Location::Component(id.clone());
                out.push(Problem::error("client_without_way", at).with("id", id));
            }
        }
    }
    if placement.servers().is_empty() {
        out.push(Problem::error("no_server", Location::Design));
    }
    for component in design.components.values() {
        let lonely = matches!(component.kind, Kind::LoadBalancer | Kind::Cdn)
            && placement.next(&component.id, Leg::Dynamic).is_empty();
        if lonely {
            let at = Location::Component(component.id.clone());
            out.push(Problem::warning("passes_to_nobody", at).with("id", &component.id));
        }
        let unused = match component.kind.role() {
            Role::Source | Role::Group | Role::Control => false,
            Role::Front | Role::Compute | Role::Backend => {
                !design.links.keys().any(|key| key.to == component.id)
            }
        };
        if unused {
            let at = Location::Component(component.id.clone());
            out.push(Problem::warning("never_asked", at).with("id", &component.id));
        }
    }
    check_datasets(design, scenario, placement, out);
}

fn check_datasets(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement,
    out: &mut Vec<Problem>,
) {
    for id in &placement.servers() {
        let asked = design.links.keys().any(|key| &key.to == id);
        let mut wanted: BTreeSet<&Id> = BTreeSet::new();
        for operation in scenario
            .operations
            .iter()
            .filter(|o| o.entry == Entry::Visitor)
        {
            if handles(design, id, &operation.id) {
                datasets_of(&operation.demand, &mut wanted);
            }
        }
        for dataset in wanted {
            if asked && placement.stores(id, dataset).is_empty() {
                let at = Location::Component(id.clone());
                out.push(
                    Problem::warning("no_route", at)
                        .with("id", id)
                        .with("dataset", dataset),
                );
            }
        }
    }
}

fn datasets_of<'a>(demand: &'a Demand, out: &mut BTreeSet<&'a Id>) {
    match demand {
        Demand::Read { dataset, .. }
        | Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::Reserve { dataset, .. } => {
            out.insert(dataset);
        }
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            for inner in list {
                datasets_of(inner, out);
            }
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => datasets_of(demand, out),
        Demand::Static { .. }
        | Demand::Compute { .. }
        | Demand::Login { .. }
        | Demand::NextId { .. }
        | Demand::Publish { .. }
        | Demand::Call { .. }
        | Demand::Authenticate
        | Demand::Notify => {}
    }
}
