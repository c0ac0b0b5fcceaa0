//! Whether what the scenario asks for can be reached along the links. Which data who works needs, and whether it
//! is within reach, is in `datasets`; everything else that is asked for, in `demands`.

use std::collections::{BTreeMap, BTreeSet};

use super::{datasets, demands, idle, stores};
use crate::placement::{Placement, is_admin};
use crate::{Component, Design, Id, Kind, Location, Problem, Role, Scenario};

/// Adds what cannot be reached.
pub(super) fn check(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    if design.components.is_empty() {
        out.push(Problem::error("empty_design", Location::Design));
        return;
    }
    let ways = reaching(design);
    let placement = Placement::resolve(design, scenario);
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
            if !ways.contains(id) && told.insert(id.clone()) {
                let at = Location::Component(id.clone());
                out.push(Problem::error("client_without_way", at).with("id", id));
            }
        }
    }
    if !design.components.values().any(|c| answers(c.kind)) {
        out.push(Problem::error("no_server", Location::Design));
    }
    let asked = asked(design);
    for component in design.components.values() {
        let at = || Location::Component(component.id.clone());
        if component.kind.role() == Role::Front && !ways.contains(&component.id) {
            out.push(Problem::warning("passes_to_nobody", at()).with("id", &component.id));
        }
        if wants_askers(component.kind) && !asked.contains(&component.id) {
            out.push(Problem::warning("never_asked", at()).with("id", &component.id));
        }
    }
    datasets::check(design, scenario, &asked, out);
    demands::check(design, scenario, &placement, &ways, out);
    stores::check(design, scenario, &placement, out);
    idle::check(design, scenario, &placement, out);
}

/// Whether a visitor's request can end at this kind.
const fn answers(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Server | Kind::Function | Kind::Station | Kind::ObjectStore
    )
}

const fn wants_askers(kind: Kind) -> bool {
    matches!(kind.role(), Role::Front | Role::Compute | Role::Backend)
}

/// Whom anybody sends requests; being watched is not enough.
pub(super) fn asked(design: &Design) -> BTreeSet<&Id> {
    let asks = |from: &Id| {
        design
            .get(from)
            .is_some_and(|c| c.kind.role() != Role::Control)
    };
    let keys = design.links.keys();
    keys.filter(|key| key.to != key.from && asks(&key.from))
        .map(|key| &key.to)
        .collect()
}

/// Components from which a request reaches somebody who answers it, along what passes requests on.
fn reaching(design: &Design) -> BTreeSet<Id> {
    let mut incoming: BTreeMap<&Id, Vec<&Component>> = BTreeMap::new();
    for key in design.links.keys() {
        if let Some(from) = design.get(&key.from) {
            incoming.entry(&key.to).or_default().push(from);
        }
    }
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let ends = design.components.values().filter(|c| answers(c.kind));
    let mut open: Vec<&Id> = ends.map(|c| &c.id).collect();
    while let Some(id) = open.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        for from in incoming.get(id).into_iter().flatten() {
            if matches!(from.kind.role(), Role::Source | Role::Front) {
                open.push(&from.id);
            }
        }
    }
    found
}
