//! The checker: says before a run what cannot work and where.
//!
//! Here: parameters, boxes and links by themselves. `kinds` knows what only some kinds can get wrong,
//! `settings` which parameters mean nothing as things stand,
//! `routes`, `datasets` and `demands` whether what the scenario asks for can be reached,
//! `stores` which databases stand beside each other without knowing it, `proxies` which proxies
//! lead elsewhere than others, `idle` which links do nothing, `faults` which faults.

mod datasets;
mod demands;
mod faults;
mod feed;
mod idle;
mod kinds;
mod proxies;
mod rings;
mod routes;
mod settings;
mod stores;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::catalogue::{self, auto_scaling_group as asg};
use crate::{
    Component, Design, Id, Kind, Location, Problem, Scenario, Severity, limits, link_rule,
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
    let mut servers: BTreeMap<&Id, usize> = BTreeMap::new();
    for server in design
        .components
        .values()
        .filter(|c| c.kind == Kind::Server)
    {
        if let Some(parent) = &server.parent {
            *servers.entry(parent).or_default() += 1;
        }
    }
    for component in design.components.values() {
        check_params(component, &mut out);
        check_parent(design, component, &mut out);
        if component.kind == Kind::AutoScalingGroup {
            let servers = servers.get(&component.id).copied().unwrap_or(0);
            check_scaling_group(component, servers, &mut out);
        }
        kinds::check(design, component, &mut out);
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
    settings::check(design, &mut out);
    rings::check(design, &mut out);
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
    kinds::check_with_scenario(design, scenario, &mut out);
    settings::check_with_scenario(design, scenario, &mut out);
    routes::check(design, scenario, &mut out);
    feed::check(design, scenario, &mut out);
    faults::check(design, scenario, &mut out);
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

fn check_scaling_group(group: &Component, servers: usize, out: &mut Vec<Problem>) {
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
