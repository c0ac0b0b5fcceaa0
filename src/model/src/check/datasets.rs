//! Which datasets those who run operations need, and whether each can reach a store that keeps it.
//!
//! A drawing may have thousands of components: names are read once, and each dataset's stores are followed
//! backwards once, however many ask for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{database, server};
use crate::scenario::{Demand, Entry};
use crate::{Component, Design, Id, Kind, Location, Problem, Scenario};

/// Whether this kind keeps datasets as their owner. What a cache keeps are copies.
const fn is_store(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Database | Kind::KeyValue | Kind::ObjectStore | Kind::Search | Kind::GraphStore
    )
}

/// Says of each component that runs operations which datasets it cannot reach.
pub(super) fn check(
    design: &Design,
    scenario: &Scenario,
    asked: &BTreeSet<&Id>,
    out: &mut Vec<Problem>,
) {
    let components: Vec<&Component> = design.components.values().collect();
    let needs: Vec<BTreeSet<&Id>> = scenario
        .operations
        .iter()
        .map(|operation| {
            let mut found = BTreeSet::new();
            if operation.entry == Entry::Visitor {
                datasets_of(&operation.demand, &mut found);
            }
            found
        })
        .collect();
    let runs = |c: &Component| matches!(c.kind, Kind::Server | Kind::Function | Kind::Worker);
    let own: Vec<Vec<Id>> = components
        .iter()
        .map(|c| match runs(c) {
            // They name what they run by the same key, whatever their kind.
            true => c.names(&server::HANDLES),
            false => Vec::new(),
        })
        .collect();
    let named: BTreeSet<&Id> = own.iter().flatten().collect();
    let free: BTreeSet<&Id> = scenario
        .operations
        .iter()
        .zip(&needs)
        .filter(|(operation, _)| !named.contains(&operation.id))
        .flat_map(|(_, needs)| needs.iter().copied())
        .collect();
    let mut within = Within::new(design, &components);
    for (i, component) in components.iter().enumerate() {
        // A worker runs what is published; without names it is not known which operations those are.
        let known = component.kind != Kind::Worker || !own[i].is_empty();
        if !runs(component) || !known || !asked.contains(&component.id) {
            continue;
        }
        let wanted: BTreeSet<&Id> = if own[i].is_empty() {
            free.clone()
        } else {
            let operations = scenario.operations.iter().zip(&needs);
            operations
                .filter(|(operation, _)| own[i].contains(&operation.id))
                .flat_map(|(_, needs)| needs.iter().copied())
                .collect()
        };
        for dataset in wanted {
            if !within.reach(dataset, i) {
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

/// From where the stores of a dataset can be asked, by what stands between or straight.
struct Within<'a> {
    incoming: Vec<Vec<usize>>,
    /// Stores, with what they name.
    stores: Vec<(usize, Vec<Id>)>,
    claimed: BTreeSet<Id>,
    known: BTreeMap<&'a Id, Vec<bool>>,
}

impl<'a> Within<'a> {
    fn new(design: &Design, components: &[&Component]) -> Self {
        let index: BTreeMap<&Id, usize> = design.components.keys().zip(0..).collect();
        let mut incoming = vec![Vec::new(); components.len()];
        for key in design.links.keys() {
            if let (Some(from), Some(to)) = (index.get(&key.from), index.get(&key.to)) {
                incoming[*to].push(*from);
            }
        }
        let stores = components.iter().enumerate();
        let stores: Vec<(usize, Vec<Id>)> = stores
            .filter(|(_, component)| is_store(component.kind))
            // Stores name what they hold by the same key, whatever their kind.
            .map(|(i, component)| (i, component.names(&database::HOLDS)))
            .collect();
        Self {
            incoming,
            claimed: stores.iter().flat_map(|(_, held)| held.clone()).collect(),
            stores,
            known: BTreeMap::new(),
        }
    }

    fn reach(&mut self, dataset: &'a Id, from: usize) -> bool {
        if let Some(known) = self.known.get(dataset) {
            return known[from];
        }
        let keeps = |held: &Vec<Id>| match held.is_empty() {
            true => !self.claimed.contains(dataset),
            false => held.contains(dataset),
        };
        let keepers = self.stores.iter().filter(|(_, held)| keeps(held));
        let mut open: Vec<usize> = keepers.map(|(i, _)| *i).collect();
        let mut found = vec![false; self.incoming.len()];
        while let Some(at) = open.pop() {
            for from in &self.incoming[at] {
                if !std::mem::replace(&mut found[*from], true) {
                    open.push(*from);
                }
            }
        }
        let reached = found[from];
        self.known.insert(dataset, found);
        reached
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
        | Demand::Notify
        // What the feed needs is told by `feed`.
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => {}
    }
}
