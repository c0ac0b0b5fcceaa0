//! Whether what the scenario asks for can be reached along the links.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{database, server};
use crate::placement::{Placement, is_admin};
use crate::scenario::{Demand, Entry};
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
    for component in design.components.values() {
        let at = || Location::Component(component.id.clone());
        if component.kind.role() == Role::Front && !ways.contains(&component.id) {
            out.push(Problem::warning("passes_to_nobody", at()).with("id", &component.id));
        }
        if wants_askers(component.kind) && !is_asked(design, &component.id) {
            out.push(Problem::warning("never_asked", at()).with("id", &component.id));
        }
    }
    check_datasets(design, scenario, out);
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

/// Whether anybody sends it requests; being watched is not enough.
pub(super) fn is_asked(design: &Design, id: &Id) -> bool {
    design.links.keys().any(|key| {
        let from = design.get(&key.from);
        key.to == *id && key.from != *id && from.is_some_and(|c| c.kind.role() != Role::Control)
    })
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

/// Whether this kind keeps datasets as their owner. What a cache keeps are copies.
const fn is_store(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Database | Kind::KeyValue | Kind::ObjectStore | Kind::Search | Kind::GraphStore
    )
}

/// Stores name what they hold by the same key, whatever their kind.
fn held(store: &Component) -> Vec<Id> {
    store.names(&database::HOLDS)
}

/// Says of each component that runs operations which datasets it cannot reach.
fn check_datasets(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    let stores: Vec<&Component> = design
        .components
        .values()
        .filter(|c| is_store(c.kind))
        .collect();
    let claimed: BTreeSet<Id> = stores.iter().flat_map(|store| held(store)).collect();
    let keeps = |store: &Component, dataset: &Id| {
        let named = held(store);
        named.contains(dataset) || (named.is_empty() && !claimed.contains(dataset))
    };
    let runs: Vec<&Component> = design
        .components
        .values()
        .filter(|c| matches!(c.kind, Kind::Server | Kind::Function | Kind::Worker))
        .collect();
    let named: BTreeSet<Id> = runs
        .iter()
        .flat_map(|c| c.names(&server::HANDLES))
        .collect();
    for component in runs {
        if !is_asked(design, &component.id) {
            continue;
        }
        let own = component.names(&server::HANDLES);
        let mut wanted: BTreeSet<&Id> = BTreeSet::new();
        for operation in &scenario.operations {
            let runs_it =
                own.contains(&operation.id) || (own.is_empty() && !named.contains(&operation.id));
            // A worker runs what is published; without names it is not known which operations those are.
            let known = component.kind != Kind::Worker || !own.is_empty();
            if operation.entry == Entry::Visitor && runs_it && known {
                datasets_of(&operation.demand, &mut wanted);
            }
        }
        let reach = behind(design, &component.id);
        for dataset in wanted {
            let found = stores
                .iter()
                .any(|store| reach.contains(&store.id) && keeps(store, dataset));
            if !found {
                let at = Location::Component(component.id.clone());
                out.push(
                    Problem::warning("no_route", at)
                        .with("id", &component.id)
                        .with("dataset", dataset),
                );
            }
        }
    }
}

/// Everything that can be asked from a component, by itself or by those it asks.
fn behind(design: &Design, from: &Id) -> BTreeSet<Id> {
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let mut open: Vec<&Id> = vec![from];
    while let Some(id) = open.pop() {
        for key in design.outgoing(id) {
            if found.insert(key.to.clone()) {
                open.push(&key.to);
            }
        }
    }
    found
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
        | Demand::Notify
        // What the feed needs is told by `feed`.
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => {}
    }
}
