//! What components and audiences are by themselves, as far as placement needs it: what they name, keep and pass on.

use std::collections::BTreeSet;

use super::Want;
use crate::catalogue::{self, cache, client, database, function, key_value, server, worker};
use crate::scenario::{Audience, Demand, Entry};
use crate::{Component, Design, Id, Kind, Scenario};

/// The store of which one is a copy.
pub(super) fn replica_of(
    components: &[&Component],
    targets: &[Vec<usize>],
    incoming: &[Vec<usize>],
    component: usize,
) -> Option<usize> {
    let kind = components[component].kind;
    if !matches!(kind, Kind::Database | Kind::KeyValue | Kind::ObjectStore) {
        return None;
    }
    incoming[component].iter().copied().find(|from| {
        components[*from].kind == kind && *from != component && !targets[component].contains(from)
    })
}

/// Whether a generator of identifiers has a counter, which can be kept elsewhere.
#[must_use]
pub fn counts(component: &Component) -> bool {
    component.kind == Kind::IdGenerator
        && matches!(
            component.text(&catalogue::id_generator::SCHEME),
            "ticket" | "auto_increment"
        )
}

/// Operations that visitors ask for, and services.
pub(super) fn asked_for(scenario: &Scenario) -> BTreeSet<&Id> {
    fn services<'a>(demand: &'a Demand, out: &mut BTreeSet<&'a Id>) {
        match demand {
            Demand::Call { service } => {
                out.insert(service);
            }
            Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
                list.iter().for_each(|inner| services(inner, out));
            }
            Demand::Repeat { demand, .. } | Demand::Optional(demand) => services(demand, out),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for step in scenario.journeys.iter().flat_map(|journey| &journey.steps) {
        found.insert(&step.operation);
        found.extend(step.or.iter().map(|other| &other.operation));
    }
    for operation in &scenario.operations {
        services(&operation.demand, &mut found);
    }
    found
}

pub(super) const fn keeps_data(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Database
            | Kind::KeyValue
            | Kind::Cache
            | Kind::ObjectStore
            | Kind::Search
            | Kind::GraphStore
    )
}

/// Whether a component passes something on.
pub(super) fn carries_want(component: &Component, want: &Want) -> bool {
    let front = matches!(
        component.kind,
        Kind::Dns
            | Kind::Cdn
            | Kind::WaitingRoom
            | Kind::RateLimiter
            | Kind::LoadBalancer
            | Kind::ApiGateway
    );
    match want {
        Want::Work(_) => front,
        Want::Files | Want::Media { .. } | Want::Upload { .. } => front,
        Want::Read { .. } | Want::Write(_) => component.kind == Kind::ConnectionProxy,
        Want::Publish(_) | Want::Authenticate => component.kind == Kind::ApiGateway,
        Want::NextId(_) | Want::Notify => false,
    }
}

/// Whether a database is one of several that share a dataset's rows.
#[must_use]
pub fn is_shard(component: &Component) -> bool {
    component.kind == Kind::Database && component.text(&database::SHARDING) != "none"
}

pub(super) fn own_operations(component: &Component) -> Vec<Id> {
    match component.kind {
        Kind::Server => component.names(&server::HANDLES),
        Kind::Function => component.names(&function::HANDLES),
        Kind::Worker => component.names(&worker::HANDLES),
        _ => Vec::new(),
    }
}

pub(super) fn own_datasets(component: &Component) -> Vec<Id> {
    match component.kind {
        Kind::Database => component.names(&database::HOLDS),
        Kind::KeyValue => component.names(&key_value::HOLDS),
        Kind::Cache => component.names(&cache::HOLDS),
        Kind::ObjectStore => component.names(&catalogue::object_store::HOLDS),
        Kind::Search => component.names(&catalogue::search::HOLDS),
        Kind::GraphStore => component.names(&catalogue::graph_store::HOLDS),
        _ => Vec::new(),
    }
}

/// Whether an audience consists of administrators.
#[must_use]
pub fn is_admin(scenario: &Scenario, audience: &Audience) -> bool {
    scenario
        .journey(&audience.journey)
        .and_then(|journey| journey.steps.first())
        .and_then(|step| scenario.operation(&step.operation))
        .is_some_and(|operation| operation.entry == Entry::Admin)
}

/// Clients that name the audience; else those that name none, first in the audience's place.
pub(super) fn clients_for(design: &Design, scenario: &Scenario, audience: &Audience) -> Vec<Id> {
    if is_admin(scenario, audience) {
        return Vec::new();
    }
    let clients: Vec<_> = design
        .components
        .values()
        .filter(|c| c.kind == Kind::Client)
        .collect();
    let pick = |test: &dyn Fn(&Component) -> bool| -> Vec<Id> {
        clients
            .iter()
            .filter(|c| test(c))
            .map(|c| c.id.clone())
            .collect()
    };
    let named = pick(&|c| c.names(&client::AUDIENCES).contains(&audience.id));
    if !named.is_empty() {
        return named;
    }
    let free = |c: &Component| c.names(&client::AUDIENCES).is_empty();
    let near = pick(&|c| free(c) && c.text(&client::PLACE) == audience.place.slug());
    if near.is_empty() { pick(&free) } else { near }
}

/// Whether a server runs an operation: it names it, or names none while no server names it.
#[must_use]
pub fn handles(design: &Design, server_id: &Id, operation: &Id) -> bool {
    let Some(component) = design.get(server_id) else {
        return false;
    };
    let own = component.names(&server::HANDLES);
    if !own.is_empty() {
        return own.contains(operation);
    }
    !design
        .components
        .values()
        .any(|c| c.kind == Kind::Server && c.names(&server::HANDLES).contains(operation))
}
