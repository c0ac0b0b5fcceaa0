//! The lists of a scenario: new entries, copies, order.

use archplay_model::scenario::Demand;
use archplay_model::scenario::{
    Alternative, Arrivals, Audience, Celebrity, Dataset, Entry, Fault, FaultAction, FaultTarget,
    Filter, FilterOp, Journey, JourneyStep, LocalText, Operation, RatePoint, Refresh,
};
use archplay_model::{ClockTime, Id, Place, Scenario, limits};

use super::command::{At, List, ScenarioRefusal as Refusal};
use super::demand_kind::DemandKind;
use super::names::{free_id, ids};
use super::tree::{self, Way};

/// Does something with the list in which an entry stands, and its place there.
macro_rules! on_list {
    ($scenario:expr, $at:expr, |$list:ident, $index:ident| $body:expr) => {
        match $at {
            At::Dataset($index) => Some(&mut $scenario.datasets).and_then(|$list| $body),
            At::Operation($index) => Some(&mut $scenario.operations).and_then(|$list| $body),
            At::Journey($index) => Some(&mut $scenario.journeys).and_then(|$list| $body),
            At::Audience($index) => Some(&mut $scenario.audiences).and_then(|$list| $body),
            At::Fault($index) => Some(&mut $scenario.faults).and_then(|$list| $body),
            At::Step(j, $index) => steps($scenario, *j).and_then(|$list| $body),
            At::Alternative(j, k, $index) => steps($scenario, *j)
                .and_then(|list| list.get_mut(*k))
                .map(|step| &mut step.or)
                .and_then(|$list| $body),
            At::Point(a, $index) => $scenario
                .audiences
                .get_mut(*a)
                .map(|audience| &mut audience.rate)
                .and_then(|$list| $body),
            At::Filter(o, path, $index) => filters($scenario, *o, path).and_then(|$list| $body),
            At::Celebrity($index) => celebrities($scenario).and_then(|$list| $body),
            At::Moment(c, $index) => moments($scenario, *c).and_then(|$list| $body),
            _ => None,
        }
    };
}

fn steps(scenario: &mut Scenario, journey: usize) -> Option<&mut Vec<JourneyStep>> {
    scenario.journeys.get_mut(journey).map(|j| &mut j.steps)
}

fn filters<'a>(
    scenario: &'a mut Scenario,
    operation: usize,
    path: &[usize],
) -> Option<&'a mut Vec<Filter>> {
    let operation = scenario.operations.get_mut(operation)?;
    match tree::node_mut(&mut operation.demand, path)? {
        Demand::Read { filters, .. } => Some(filters),
        _ => None,
    }
}

fn celebrities(scenario: &mut Scenario) -> Option<&mut Vec<Celebrity>> {
    scenario.feed.as_mut().map(|feed| &mut feed.celebrities)
}

fn moments(scenario: &mut Scenario, celebrity: usize) -> Option<&mut Vec<ClockTime>> {
    let celebrity = celebrities(scenario)?.get_mut(celebrity)?;
    Some(&mut celebrity.at)
}

/// The same place in a list with another number.
fn moved(at: &At, index: usize) -> At {
    match at {
        At::Dataset(_) => At::Dataset(index),
        At::Operation(_) => At::Operation(index),
        At::Journey(_) => At::Journey(index),
        At::Audience(_) => At::Audience(index),
        At::Fault(_) => At::Fault(index),
        At::Step(j, _) => At::Step(*j, index),
        At::Alternative(j, k, _) => At::Alternative(*j, *k, index),
        At::Point(a, _) => At::Point(*a, index),
        At::Filter(o, path, _) => At::Filter(*o, path.clone(), index),
        At::Celebrity(_) => At::Celebrity(index),
        At::Moment(c, _) => At::Moment(*c, index),
        other => other.clone(),
    }
}

/// Takes an entry away. A curve keeps its last point, a journey its last step.
pub(super) fn remove(scenario: &mut Scenario, at: &At) -> Result<(), Refusal> {
    let least = usize::from(matches!(at, At::Point(..) | At::Step(..)));
    let done = on_list!(scenario, at, |list, index| {
        Some(if *index >= list.len() {
            Err(Refusal::NotThere)
        } else if list.len() <= least {
            Err(Refusal::LastOne)
        } else {
            list.remove(*index);
            Ok(())
        })
    });
    done.unwrap_or(Err(Refusal::NotThere))
}

/// Moves an entry up or down.
pub(super) fn shift(scenario: &mut Scenario, at: &At, way: Way) -> Result<At, Refusal> {
    let to = on_list!(scenario, at, |list, index| {
        let to = match way {
            Way::Up => index.checked_sub(1),
            Way::Down => Some(index + 1).filter(|to| *to < list.len()),
            Way::Out | Way::In => None,
        };
        to.filter(|_| *index < list.len())
            .inspect(|to| list.swap(*index, *to))
    });
    to.map(|to| moved(at, to)).ok_or(Refusal::CannotMove)
}

/// Puts a copy after an entry. A copy has an id of its own.
pub(super) fn duplicate(scenario: &mut Scenario, at: &At) -> Result<At, Refusal> {
    let done = on_list!(scenario, at, |list, index| {
        let copy = list.get(*index).cloned();
        copy.map(|copy| {
            if list.len() >= limits::MAX_SCENARIO_LIST {
                return Err(full());
            }
            list.insert(index + 1, copy);
            Ok(index + 1)
        })
    });
    let index = done.unwrap_or(Err(Refusal::NotThere))?;
    let added = moved(at, index);
    let id = {
        let all = ids(scenario, at);
        all.get(index).map(|id| free_id(&all, id.as_str()))
    };
    if let Some(id) = id {
        set_id(scenario, &added, id);
    }
    Ok(added)
}

const fn full() -> Refusal {
    Refusal::Full {
        max: limits::MAX_SCENARIO_LIST,
    }
}

fn set_id(scenario: &mut Scenario, at: &At, id: Id) {
    match at {
        At::Dataset(i) => scenario.datasets[*i].id = id,
        At::Operation(i) => scenario.operations[*i].id = id,
        At::Journey(i) => scenario.journeys[*i].id = id,
        At::Audience(i) => scenario.audiences[*i].id = id,
        _ => {}
    }
}

/// Adds an entry at the end of a list, with the usual numbers and the first of what it has to name.
pub(super) fn add(scenario: &mut Scenario, list: List, name: &str) -> Result<At, Refusal> {
    let len = match &list {
        List::Datasets => scenario.datasets.len(),
        List::Operations => scenario.operations.len(),
        List::Journeys => scenario.journeys.len(),
        List::Audiences => scenario.audiences.len(),
        List::Faults => scenario.faults.len(),
        List::Steps(j) => steps(scenario, *j).ok_or(Refusal::NotThere)?.len(),
        List::Alternatives(j, k) => {
            let steps = steps(scenario, *j).ok_or(Refusal::NotThere)?;
            steps.get(*k).ok_or(Refusal::NotThere)?.or.len()
        }
        List::Filters(o, path) => filters(scenario, *o, path).ok_or(Refusal::NotThere)?.len(),
        List::Celebrities => celebrities(scenario).ok_or(Refusal::NotThere)?.len(),
        List::Moments(c) => moments(scenario, *c).ok_or(Refusal::NotThere)?.len(),
    };
    if len >= limits::MAX_SCENARIO_LIST {
        return Err(full());
    }
    let name = |id: &Id| {
        let name = if name.is_empty() { id.as_str() } else { name };
        LocalText {
            ko: name.to_owned(),
            en: name.to_owned(),
        }
    };
    Ok(match list {
        List::Datasets => {
            let id = free_id(&ids(scenario, &At::Dataset(0)), "data-1");
            scenario.datasets.push(Dataset {
                id,
                rows: 10_000,
                row_bytes: 1_000,
                zipf_alpha: 0.0,
                stock: None,
                unique: false,
            });
            At::Dataset(len)
        }
        List::Operations => {
            let id = free_id(&ids(scenario, &At::Operation(0)), "operation-1");
            scenario.operations.push(Operation {
                name: name(&id),
                id,
                entry: Entry::Visitor,
                demand: Demand::Seq(vec![DemandKind::Compute.fresh(None, None)]),
            });
            At::Operation(len)
        }
        List::Journeys => {
            let id = free_id(&ids(scenario, &At::Journey(0)), "journey-1");
            let steps = vec![first_step(scenario)];
            scenario.journeys.push(Journey {
                id,
                steps,
                within_secs: 600.0,
            });
            At::Journey(len)
        }
        List::Audiences => {
            let id = free_id(&ids(scenario, &At::Audience(0)), "audience-1");
            let journey = scenario.journeys.first().map(|j| j.id.clone());
            scenario.audiences.push(Audience {
                name: name(&id),
                id,
                place: Place::Seoul,
                journey: journey.unwrap_or_else(|| Id::numbered("journey", 1)),
                rate: vec![RatePoint {
                    at: scenario.start,
                    per_sec: 10.0,
                }],
                arrivals: Arrivals::Poisson,
                batch: None,
                limit: None,
                timeout_secs: 10.0,
                refresh: Refresh::default(),
            });
            At::Audience(len)
        }
        List::Faults => {
            // In the middle, where it can be seen coming.
            let middle = scenario.start.secs() + scenario.duration_secs / 2;
            scenario.faults.push(Fault {
                at: ClockTime::from_secs(middle.min(86_400)),
                until: None,
                action: FaultAction::Kill,
                target: FaultTarget::OneServer,
            });
            At::Fault(len)
        }
        List::Steps(j) => {
            let step = first_step(scenario);
            steps(scenario, j).ok_or(Refusal::NotThere)?.push(step);
            At::Step(j, len)
        }
        List::Alternatives(j, k) => {
            let operation = first_step(scenario).operation;
            let steps = steps(scenario, j).ok_or(Refusal::NotThere)?;
            let step = steps.get_mut(k).ok_or(Refusal::NotThere)?;
            step.or.push(Alternative {
                operation,
                weight: 1.0,
            });
            At::Alternative(j, k, len)
        }
        List::Filters(o, path) => {
            let filters = filters(scenario, o, &path).ok_or(Refusal::NotThere)?;
            filters.push(Filter {
                column: Id::numbered("column", len + 1),
                op: FilterOp::Equal,
                selectivity: 0.1,
            });
            At::Filter(o, path, len)
        }
        List::Celebrities => {
            let celebrities = celebrities(scenario).ok_or(Refusal::NotThere)?;
            celebrities.push(Celebrity {
                followers: 1_000_000.0,
                posts_per_day: 1.0,
                at: Vec::new(),
            });
            At::Celebrity(len)
        }
        List::Moments(c) => {
            // After the last one, or in the middle of the run, where it can be waited for.
            let (start, secs) = (scenario.start.secs(), scenario.duration_secs);
            let moments = moments(scenario, c).ok_or(Refusal::NotThere)?;
            let next = moments.last().map(|last| last.secs() + 60);
            let at = next.unwrap_or(start + secs / 2).min(start + secs);
            moments.push(ClockTime::from_secs(at.min(86_400)));
            At::Moment(c, len)
        }
    })
}

fn first_step(scenario: &Scenario) -> JourneyStep {
    let visitors = scenario
        .operations
        .iter()
        .find(|o| o.entry == Entry::Visitor);
    JourneyStep {
        operation: visitors.map_or_else(|| Id::numbered("operation", 1), |o| o.id.clone()),
        think_secs: 5.0,
        probability: 1.0,
        or: Vec::new(),
        gives: None,
        needs: None,
    }
}
