//! Placement: who can serve what, following the student's links. The checker and the engine both ask here.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{client, database, server};
use crate::scenario::{Audience, Entry};
use crate::{Design, Id, Kind, Scenario};

/// What a visitor's browser sends out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// A request for static files, which a CDN can answer.
    Static,
    /// A request that the application has to work on.
    Dynamic,
}

/// The resolved answers for one design under one scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    /// For each component and leg: the neighbours it may pass the request to, in id order.
    next: BTreeMap<(Id, bool), Vec<Id>>,
    /// For each server and dataset: the databases that it asks.
    stores: BTreeMap<(Id, Id), Vec<Id>>,
    /// For each audience by index: the clients it comes through.
    clients: Vec<Vec<Id>>,
    /// Servers in id order.
    servers: Vec<Id>,
}

impl Placement {
    /// Resolves everything once.
    #[must_use]
    pub fn resolve(design: &Design, scenario: &Scenario) -> Self {
        let mut placement = Self {
            servers: of_kind(design, Kind::Server),
            clients: scenario
                .audiences
                .iter()
                .map(|a| clients_for(design, scenario, a))
                .collect(),
            ..Self::default()
        };
        let reach = reaching_servers(design);
        for component in design.components.values() {
            for leg in [Leg::Static, Leg::Dynamic] {
                let next = next_for(design, &reach, &component.id, component.kind, leg);
                placement
                    .next
                    .insert((component.id.clone(), leg == Leg::Static), next);
            }
        }
        let claims = dataset_claims(design);
        for id in &placement.servers {
            let linked: Vec<&Id> = design
                .outgoing(id)
                .map(|key| &key.to)
                .filter(|to| design.get(to).is_some_and(|c| c.kind == Kind::Database))
                .collect();
            for dataset in &scenario.datasets {
                let holders = linked
                    .iter()
                    .filter(|db| holds(design, &claims, db, &dataset.id))
                    .map(|db| (*db).clone())
                    .collect();
                placement
                    .stores
                    .insert((id.clone(), dataset.id.clone()), holders);
            }
        }
        placement
    }

    /// The neighbours to which a component may pass a leg.
    #[must_use]
    pub fn next(&self, id: &Id, leg: Leg) -> &[Id] {
        self.next
            .get(&(id.clone(), leg == Leg::Static))
            .map_or(&[], Vec::as_slice)
    }

    /// The databases that a server asks for a dataset.
    #[must_use]
    pub fn stores(&self, server: &Id, dataset: &Id) -> &[Id] {
        self.stores
            .get(&(server.clone(), dataset.clone()))
            .map_or(&[], Vec::as_slice)
    }

    /// The clients through which the audience of this index comes.
    #[must_use]
    pub fn clients(&self, audience: usize) -> &[Id] {
        self.clients.get(audience).map_or(&[], Vec::as_slice)
    }

    /// All servers in id order; administrators log in to them one after the other.
    #[must_use]
    pub fn servers(&self) -> &[Id] {
        &self.servers
    }
}

fn of_kind(design: &Design, kind: Kind) -> Vec<Id> {
    design
        .components
        .values()
        .filter(|c| c.kind == kind)
        .map(|c| c.id.clone())
        .collect()
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
fn clients_for(design: &Design, scenario: &Scenario, audience: &Audience) -> Vec<Id> {
    if is_admin(scenario, audience) {
        return Vec::new();
    }
    let clients: Vec<_> = design
        .components
        .values()
        .filter(|c| c.kind == Kind::Client)
        .collect();
    let pick = |test: &dyn Fn(&crate::Component) -> bool| -> Vec<Id> {
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
    let free = |c: &crate::Component| c.names(&client::AUDIENCES).is_empty();
    let near = pick(&|c| free(c) && c.text(&client::PLACE) == audience.place.slug());
    if near.is_empty() { pick(&free) } else { near }
}

/// Components from which a server can be reached along links that requests can take.
fn reaching_servers(design: &Design) -> BTreeSet<Id> {
    let mut incoming: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for key in design.links.keys() {
        incoming.entry(&key.to).or_default().push(&key.from);
    }
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let mut open: Vec<Id> = of_kind(design, Kind::Server);
    while let Some(id) = open.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        for from in incoming.get(&id).into_iter().flatten() {
            if design.get(from).is_some_and(|c| passes_on(c.kind)) {
                open.push((*from).clone());
            }
        }
    }
    found
}

const fn passes_on(kind: Kind) -> bool {
    matches!(kind, Kind::Client | Kind::Cdn | Kind::LoadBalancer)
}

/// A client prefers its CDN for static files and a direct way for everything else.
fn next_for(design: &Design, reach: &BTreeSet<Id>, id: &Id, kind: Kind, leg: Leg) -> Vec<Id> {
    if !passes_on(kind) {
        return Vec::new();
    }
    let all: Vec<&Id> = design
        .outgoing(id)
        .map(|key| &key.to)
        .filter(|to| reach.contains(*to))
        .collect();
    let is_cdn = |to: &Id| design.get(to).is_some_and(|c| c.kind == Kind::Cdn);
    let wanted = kind == Kind::Client && leg == Leg::Static;
    let preferred: Vec<Id> = all
        .iter()
        .filter(|to| is_cdn(to) == wanted)
        .map(|to| (*to).clone())
        .collect();
    if preferred.is_empty() {
        all.into_iter().cloned().collect()
    } else {
        preferred
    }
}

/// For each dataset that some database names: the databases that name it.
fn dataset_claims(design: &Design) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut claims: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for component in design
        .components
        .values()
        .filter(|c| c.kind == Kind::Database)
    {
        for dataset in component.names(&database::HOLDS) {
            claims
                .entry(dataset)
                .or_default()
                .insert(component.id.clone());
        }
    }
    claims
}

fn holds(design: &Design, claims: &BTreeMap<Id, BTreeSet<Id>>, store: &Id, dataset: &Id) -> bool {
    match claims.get(dataset) {
        Some(claimants) => claimants.contains(store),
        None => design
            .get(store)
            .is_some_and(|c| c.names(&database::HOLDS).is_empty()),
    }
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
