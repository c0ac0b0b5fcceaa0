//! What a drawing may not change where it is graded: the world that the task gives. Visitors are where they are,
//! the places that a fault strikes stay and hold what they held, nobody has better machines than exist, and the work
//! is done by machines rather than by a formula.
//!
//! It is no judgement of a drawing's shape. Must not live here: what is reached (`grade`), what can run at all
//! (`model::check`).

use archplay_model::catalogue::{find, nature};
use archplay_model::scenario::FaultTarget;
use archplay_model::{Component, Design, Id, Kind, Location, Problem, Scenario, Value};

use crate::Task;

/// What is not fair about a drawing, beside the one that the task begins with; empty if it may be graded.
#[must_use]
pub fn unfair(task: &Task, scenario: &Scenario, start: &Design, design: &Design) -> Vec<Problem> {
    let mut out = Vec::new();
    let faults = task.runs.iter().flat_map(|run| &run.faults);
    let struck: Vec<&Component> = faults
        .chain(&scenario.faults)
        .filter_map(|fault| match &fault.target {
            FaultTarget::Component(id) => start.get(id).filter(|c| c.kind.is_group()),
            _ => None,
        })
        .collect();
    for given in start.components.values() {
        let stays = given.kind == Kind::Client || struck.iter().any(|box_| box_.id == given.id);
        let there = design.get(&given.id).is_some_and(|c| c.kind == given.kind);
        if stays && !there {
            let name = if given.name.is_empty() {
                given.id.to_string()
            } else {
                given.name.clone()
            };
            out.push(Problem::error("given_removed", Location::Design).with("what", name));
        }
    }
    for component in design.components.values() {
        stand_in(component, start, &mut out);
        stands(component, &struck, start, design, &mut out);
        if component.kind == Kind::Client && start.get(&component.id).is_none() {
            visitors(component, start, &mut out);
            continue;
        }
        for key in component.params.keys() {
            machine(component, key, start, &mut out);
        }
    }
    out
}

/// The textbook's queue answers whatever it is asked, at no cost and without any of the work that the task is
/// about. Only one that the task has given may stand in for somebody.
fn stand_in(component: &Component, start: &Design, out: &mut Vec<Problem>) {
    let given = start
        .get(&component.id)
        .is_some_and(|c| c.kind == component.kind);
    if component.kind == Kind::Station && !given {
        let at = Location::Component(component.id.clone());
        out.push(Problem::error("given_stand_in", at).with("id", &component.id));
    }
}

/// What stood in a box that a fault strikes, or in one like it, stands in one of them still: what is outside of
/// all boxes is nowhere, and a new box would be a building that nobody has paid for. Those who only watch and
/// switch may stand anywhere.
fn stands(
    component: &Component,
    struck: &[&Component],
    start: &Design,
    design: &Design,
    out: &mut Vec<Problem>,
) {
    if matches!(component.kind, Kind::Monitor | Kind::Controller) {
        return;
    }
    for kind in [Kind::Zone, Kind::Region] {
        if !struck.iter().any(|c| c.kind == kind) {
            continue;
        }
        let around = |design: &Design, id: &Id| -> Option<Id> {
            let boxes = design.ancestors(id);
            let found = boxes.iter().find(|c| c.kind == kind);
            found.map(|c| c.id.clone())
        };
        let mut alike = start
            .components
            .values()
            .filter(|c| c.kind == component.kind);
        let housed = alike.any(|c| around(start, &c.id).is_some());
        let at_home = around(design, &component.id)
            .is_some_and(|id| start.get(&id).is_some_and(|c| c.kind == kind));
        if housed && !at_home {
            let code = format!("given_outside_{}", kind.slug());
            let at = Location::Component(component.id.clone());
            out.push(Problem::error(&code, at).with("id", &component.id));
            return;
        }
    }
}

/// Visitors who were added come from where some of the given ones come from.
fn visitors(component: &Component, start: &Design, out: &mut Vec<Problem>) {
    let keys = ["audiences", "place", "access_rtt_ms"];
    let same = |given: &&Component| {
        let alike = |key: &&str| given.params.get(*key) == component.params.get(*key);
        given.kind == Kind::Client && keys.iter().all(alike)
    };
    let mut given = start.components.values().filter(|c| c.kind == Kind::Client);
    let key = keys.iter().find(|key| component.params.contains_key(**key));
    if let (None, Some(key)) = (given.find(same), key) {
        let at = Location::Param(component.id.clone(), (*key).to_owned());
        out.push(
            Problem::error("given_visitors", at)
                .with("id", &component.id)
                .with("param", key),
        );
    }
}

/// Nobody has a better machine than the one that is given: that of the first drawing, for what is new that of
/// the catalogue or one of those that the first drawing has.
fn machine(component: &Component, key: &str, start: &Design, out: &mut Vec<Problem>) {
    let (Some(nature), Some(spec)) = (nature(component.kind, key), find(component.kind, key))
    else {
        return;
    };
    let Some(value) = component.params.get(key) else {
        return;
    };
    let usual = || spec.default_value();
    let own = |c: &Component| c.params.get(key).cloned().unwrap_or_else(usual);
    let given: Vec<Value> = match start.get(&component.id) {
        Some(same) if same.kind == component.kind => vec![own(same)],
        _ => start
            .components
            .values()
            .filter(|c| c.kind == component.kind)
            .map(own)
            .chain([usual()])
            .collect(),
    };
    if !given.iter().any(|given| nature.is_fair(value, given)) {
        let at = Location::Param(component.id.clone(), key.to_owned());
        let code = match component.kind {
            Kind::Client => "given_visitors",
            _ => "given_better",
        };
        let first = given.first().map(|value| match value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Flag(flag) => flag.to_string(),
        });
        out.push(
            Problem::error(code, at)
                .with("given", first.unwrap_or_default())
                .with("id", &component.id)
                .with("param", key),
        );
    }
}
