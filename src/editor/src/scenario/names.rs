//! Ids within a scenario: who uses them, what follows when one changes, and the checker's paths.

use archplay_model::scenario::Demand;
use archplay_model::{Id, Scenario};

use super::command::At;
use super::tree;

/// The path by which the checker speaks of a part of the scenario.
#[must_use]
pub fn path(scenario: &Scenario, at: &At) -> String {
    match at {
        At::Scenario | At::Allowed => String::new(),
        At::Business => "business".into(),
        At::Feed => "feed".into(),
        At::Prices => "prices".into(),
        At::HourPrices => "prices.hour".into(),
        At::RequestPrices => "prices.million_requests".into(),
        At::Dataset(i) => format!("datasets[{i}]"),
        At::Operation(i) => format!("operations[{i}]"),
        At::Demand(i, path) => demand_path(scenario, *i, path),
        At::Filter(i, path, k) => format!("{}.filters[{k}]", demand_path(scenario, *i, path)),
        At::Journey(i) => format!("journeys[{i}]"),
        At::Step(i, k) => format!("journeys[{i}].steps[{k}]"),
        At::Alternative(i, k, n) => format!("journeys[{i}].steps[{k}].or[{n}]"),
        At::Audience(i) => format!("audiences[{i}]"),
        At::Point(i, k) => format!("audiences[{i}].rate[{k}]"),
        At::Fault(i) => format!("faults[{i}]"),
        At::Celebrity(i) => format!("feed.celebrities[{i}]"),
        // The checker speaks of the account, not of a single moment.
        At::Moment(i, k) => format!("feed.celebrities[{i}].at[{k}]"),
    }
}

/// The checker numbers what stands in a list, and goes through a repeat or an optional without a mark.
fn demand_path(scenario: &Scenario, operation: usize, path: &[usize]) -> String {
    let mut out = format!("operations[{operation}].demand");
    let mut here = scenario.operations.get(operation).map(|o| &o.demand);
    for index in path {
        if !matches!(here, Some(Demand::Repeat { .. } | Demand::Optional(_))) {
            out.push_str(&format!("[{index}]"));
        }
        here = here.and_then(|demand| tree::children(demand).get(*index));
    }
    out
}

/// How many places of the scenario name this dataset, operation or journey.
#[must_use]
pub fn uses(scenario: &Scenario, at: &At) -> usize {
    let mut count = 0;
    let Some(id) = id_of(scenario, at).cloned() else {
        return 0;
    };
    // Visits a copy: reading and renaming know the same places.
    visit(&mut scenario.clone(), at, &mut |other| {
        count += usize::from(*other == id);
    });
    count
}

/// Whether another of the same list has this id.
pub(super) fn taken(scenario: &Scenario, at: &At, id: &str) -> bool {
    let ids = ids(scenario, at);
    ids.iter().any(|other| other.as_str() == id)
}

/// The ids of the list in which something stands.
pub(super) fn ids<'a>(scenario: &'a Scenario, at: &At) -> Vec<&'a Id> {
    match at {
        At::Dataset(_) => scenario.datasets.iter().map(|d| &d.id).collect(),
        At::Operation(_) => scenario.operations.iter().map(|o| &o.id).collect(),
        At::Journey(_) => scenario.journeys.iter().map(|j| &j.id).collect(),
        At::Audience(_) => scenario.audiences.iter().map(|a| &a.id).collect(),
        _ => Vec::new(),
    }
}

fn id_of<'a>(scenario: &'a Scenario, at: &At) -> Option<&'a Id> {
    match at {
        At::Dataset(i) => scenario.datasets.get(*i).map(|d| &d.id),
        At::Operation(i) => scenario.operations.get(*i).map(|o| &o.id),
        At::Journey(i) => scenario.journeys.get(*i).map(|j| &j.id),
        _ => None,
    }
}

/// Lets all that named the old id name the new one.
pub(super) fn rename(scenario: &mut Scenario, at: &At, old: &str, new: &str) {
    if let Ok(new) = Id::new(new) {
        visit(scenario, at, &mut |id| {
            if id.as_str() == old {
                id.clone_from(&new);
            }
        });
    }
}

/// Goes through all places where something of the same list as `at` is named.
fn visit(scenario: &mut Scenario, at: &At, each: &mut impl FnMut(&mut Id)) {
    match at {
        At::Dataset(_) => {
            for operation in &mut scenario.operations {
                in_demand(&mut operation.demand, true, each);
            }
            if let Some(feed) = &mut scenario.feed {
                let own = [&mut feed.lists, &mut feed.friendships, &mut feed.posts];
                own.into_iter().for_each(&mut *each);
                each(&mut feed.outboxes);
                feed.profiles.iter_mut().for_each(&mut *each);
                feed.media.iter_mut().for_each(&mut *each);
            }
        }
        At::Operation(_) => {
            for operation in &mut scenario.operations {
                in_demand(&mut operation.demand, false, each);
            }
            for step in scenario.journeys.iter_mut().flat_map(|j| &mut j.steps) {
                each(&mut step.operation);
                step.or.iter_mut().for_each(|or| each(&mut or.operation));
            }
            if let Some(business) = &mut scenario.business {
                each(&mut business.order);
            }
        }
        At::Journey(_) => scenario
            .audiences
            .iter_mut()
            .for_each(|audience| each(&mut audience.journey)),
        _ => {}
    }
}

fn in_demand(demand: &mut Demand, datasets: bool, each: &mut impl FnMut(&mut Id)) {
    match demand {
        Demand::Read { dataset, .. }
        | Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::Reserve { dataset, .. }
        | Demand::NextId { dataset } => {
            if datasets {
                each(dataset);
            }
        }
        Demand::Publish { topic: id } | Demand::Call { service: id } => {
            if !datasets {
                each(id);
            }
        }
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            for inner in list {
                in_demand(inner, datasets, each);
            }
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => {
            in_demand(demand, datasets, each);
        }
        Demand::Static { .. }
        | Demand::Compute { .. }
        | Demand::Login { .. }
        | Demand::Authenticate
        | Demand::Notify
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => {}
    }
}

/// An id that no other of the list has: the base itself, else with the first free number.
pub(super) fn free_id(ids: &[&Id], base: &str) -> Id {
    let stem = base
        .rsplit_once('-')
        .filter(|(stem, tail)| !stem.is_empty() && tail.bytes().all(|b| b.is_ascii_digit()))
        .map_or(base, |(stem, _)| stem);
    let mut n = 1;
    loop {
        let id = match n {
            1 => Id::new(base).unwrap_or_else(|_| Id::numbered(stem, 1)),
            n => Id::numbered(stem, n),
        };
        if !ids.contains(&&id) {
            return id;
        }
        n += 1;
    }
}
