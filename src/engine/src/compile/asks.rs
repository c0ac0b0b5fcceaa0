//! What can be asked for in a scenario: one entry each, however often it is asked.

use archplay_model::catalogue::database;
use archplay_model::placement::{Placement, Want, media_parts, want_of};
use archplay_model::scenario::{Demand, Entry, Feed, OnConflict};
use archplay_model::{Component, Kind, Scenario};

use crate::plant::{Access, Ask, AskId, Leg, OperationPlan, Plant, Statement};

/// Finds the ask of a demand.
#[derive(Clone, Debug, Default)]
pub(crate) struct AskIndex {
    /// What each ask wants from others; `None` for what never leaves a component.
    pub wants: Vec<Option<Want>>,
    /// The working part of each operation.
    pub work: Vec<AskId>,
    demands: Vec<(Demand, AskId)>,
    /// For each dataset whose identifiers are counted: the ask by which a generator keeps its counter in the
    /// database.
    pub counters: Vec<(u32, AskId)>,
    /// For each dataset that is written, if there are primaries that agree: the ask by which a transaction commits.
    pub commits: Vec<(u32, AskId)>,
}

impl AskIndex {
    /// The ask of a demand for data, identifiers or services.
    pub(crate) fn of(&self, demand: &Demand) -> Option<AskId> {
        self.demands
            .iter()
            .find(|(other, _)| other == demand)
            .map(|(_, ask)| *ask)
    }
}

/// Lists everything that can be asked for.
#[cold]
#[inline(never)]
pub(crate) fn index(scenario: &Scenario, placement: &Placement<'_>, plant: &mut Plant) -> AskIndex {
    let events = placement.event_operations(scenario);
    let mut index = AskIndex::default();
    for (i, operation) in (0_u32..).zip(&scenario.operations) {
        let work = add(
            &mut index,
            plant,
            Ask::Work { operation: i },
            Some(Want::Work(operation.id.clone())),
        );
        index.work.push(work);
    }
    plant.health = add(&mut index, plant, Ask::Health, None);
    plant.branch = add(&mut index, plant, Ask::Branch, None);
    plant.replicate = add(&mut index, plant, Ask::Replicate, None);
    for (i, operation) in (0_u32..).zip(&scenario.operations) {
        let mut legs = legs(scenario, &operation.demand, i, &mut index, plant);
        let media = operation.entry == Entry::Visitor
            && media_legs(scenario, i, &mut legs, &mut index, plant);
        plant.operations.push(OperationPlan {
            id: operation.id.clone(),
            admin: operation.entry == Entry::Admin,
            queued: events.contains(&(i as usize))
                || super::queued::is_queued(scenario, &operation.id),
            legs,
            media,
        });
        inner(scenario, &operation.demand, &mut index, plant);
    }
    if placement.keeps_counters() {
        counters(scenario, &mut index, plant);
    }
    let agrees =
        |c: &&Component| c.kind == Kind::Database && c.text(&database::CONFLICT) == "error";
    if placement.components().iter().any(agrees) {
        commits(scenario, &mut index, plant);
    }
    index
}

/// What commits a transaction goes where its writes go.
fn commits(scenario: &Scenario, index: &mut AskIndex, plant: &mut Plant) {
    for statement in plant.statements.clone() {
        let dataset = statement.dataset;
        let known = index.commits.iter().any(|(other, _)| *other == dataset);
        if known || !statement.access.writes() {
            continue;
        }
        let ask = statement_ask(scenario, index, plant, (dataset, Access::Commit));
        index.commits.push((dataset, ask));
    }
}

/// A statement that no demand asks for.
fn statement_ask(
    scenario: &Scenario,
    index: &mut AskIndex,
    plant: &mut Plant,
    (dataset, access): (u32, Access),
) -> AskId {
    plant.statements.push(Statement {
        dataset,
        access,
        pick: archplay_model::scenario::Pick::Hottest,
        filters: Vec::new(),
        order_by: None,
    });
    let statement = plant.statements.len() as u32 - 1;
    let want = Want::Write(scenario.datasets[dataset as usize].id.clone());
    add(index, plant, Ask::Data { statement }, Some(want))
}

/// The counter of a generator is a row of its own: whoever draws an identifier writes it.
fn counters(scenario: &Scenario, index: &mut AskIndex, plant: &mut Plant) {
    for ask in plant.asks.clone() {
        let Ask::NextId { dataset } = ask else {
            continue;
        };
        if index.counters.iter().any(|(other, _)| *other == dataset) {
            continue;
        }
        let ask = statement_ask(scenario, index, plant, (dataset, Access::Write));
        index.counters.push((dataset, ask));
    }
}

fn add(index: &mut AskIndex, plant: &mut Plant, ask: Ask, want: Option<Want>) -> AskId {
    plant.asks.push(ask);
    index.wants.push(want);
    plant.asks.len() as AskId - 1
}

/// What a browser sends for an operation: static files apart from what the application works on, in order.
#[cold]
#[inline(never)]
fn legs(
    scenario: &Scenario,
    demand: &Demand,
    operation: u32,
    index: &mut AskIndex,
    plant: &mut Plant,
) -> Vec<Leg> {
    let mut out: Vec<Leg> = Vec::new();
    let work = index.work[operation as usize];
    let mut login_ns = 0.0;
    for flat in flatten(demand) {
        match flat {
            Demand::Static { bytes, objects } => {
                let ask = Ask::Files {
                    operation,
                    bytes: *bytes,
                    objects: *objects,
                };
                let ask = add(index, plant, ask, Some(Want::Files));
                out.push(Leg { ask });
            }
            Demand::Login { cpu_ms } => login_ns += cpu_ms * 1e6,
            _ if out.last().is_some_and(|leg| leg.ask == work) => {}
            _ => out.push(Leg { ask: work }),
        }
    }
    if scenario.operations[operation as usize].entry == Entry::Admin {
        let ask = add(index, plant, Ask::Login { mean_ns: login_ns }, None);
        return vec![Leg { ask }];
    }
    if out.is_empty() {
        out.push(Leg { ask: work });
    }
    out
}

/// Adds what a browser sends for media: the picture of a post before the post, those of a page after the page.
/// Tells whether there is any.
#[cold]
#[inline(never)]
fn media_legs(
    scenario: &Scenario,
    operation: u32,
    legs: &mut Vec<Leg>,
    index: &mut AskIndex,
    plant: &mut Plant,
) -> bool {
    let Some(Feed {
        media: Some(dataset),
        posts,
        ..
    }) = &scenario.feed
    else {
        return false;
    };
    let before = legs.len();
    let id = scenario.operations[operation as usize].id.clone();
    let parts = media_parts(scenario.feed.as_ref());
    for (upload, part) in [false, true].into_iter().zip(parts.into_iter().flatten()) {
        let own = |demand: &Demand| match demand {
            Demand::ReadFeed { .. } => !upload,
            Demand::Insert { dataset, .. } => upload && dataset == posts,
            _ => false,
        };
        let demand = &scenario.operations[operation as usize].demand;
        if !scenario.leads_to(demand, &own) {
            continue;
        }
        inner(scenario, &part, index, plant);
        let found = index.of(&part).map(|ask| plant.asks[ask as usize]);
        let Some(Ask::Data { statement }) = found else {
            continue;
        };
        let ask = Ask::Media {
            operation,
            statement,
            upload,
        };
        let (operation, dataset) = (id.clone(), dataset.clone());
        let want = match upload {
            true => Want::Upload { operation, dataset },
            false => Want::Media { operation, dataset },
        };
        let ask = add(index, plant, ask, Some(want));
        let at = if upload { 0 } else { legs.len() };
        legs.insert(at, Leg { ask });
    }
    legs.len() > before
}

/// Sequences and repeats written out; all else stays whole.
pub(super) fn flatten(demand: &Demand) -> Vec<&Demand> {
    match demand {
        Demand::Seq(list) => list.iter().flat_map(flatten).collect(),
        Demand::Repeat { times, demand } => (0..*times).flat_map(|_| flatten(demand)).collect(),
        other => vec![other],
    }
}

/// Adds what is asked inside a demand.
#[cold]
#[inline(never)]
fn inner(scenario: &Scenario, demand: &Demand, index: &mut AskIndex, plant: &mut Plant) {
    match demand {
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            for inner_demand in list {
                inner(scenario, inner_demand, index, plant);
            }
            return;
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => {
            return inner(scenario, demand, index, plant);
        }
        Demand::ReadFeed { .. } | Demand::FanOut { .. } => {
            for part in archplay_model::placement::parts_of(demand, scenario.feed.as_ref()) {
                inner(scenario, &part, index, plant);
            }
            return;
        }
        _ => {}
    }
    let Some(want) = want_of(demand) else { return };
    if index.of(demand).is_some() {
        return;
    }
    let Some(ask) = ask_of(scenario, demand, plant) else {
        return;
    };
    let ask = add(index, plant, ask, Some(want));
    index.demands.push((demand.clone(), ask));
}

#[cold]
#[inline(never)]
fn ask_of(scenario: &Scenario, demand: &Demand, plant: &mut Plant) -> Option<Ask> {
    let dataset = |id| {
        scenario
            .datasets
            .iter()
            .position(|d| &d.id == id)
            .map(|i| i as u32)
    };
    let operation = |id| {
        scenario
            .operations
            .iter()
            .position(|o| &o.id == id)
            .map(|i| i as u32)
    };
    let mut statement = |id, access, pick| {
        let dataset = dataset(id)?;
        plant.statements.push(Statement {
            dataset,
            access,
            pick,
            filters: Vec::new(),
            order_by: None,
        });
        Some(Ask::Data {
            statement: plant.statements.len() as u32 - 1,
        })
    };
    match demand {
        Demand::Read {
            dataset,
            rows,
            filters,
            order_by,
            offset,
            consistency,
            key,
        } => {
            let access = Access::Read {
                rows: *rows,
                offset: *offset,
                consistency: *consistency,
            };
            let ask = statement(dataset, access, *key)?;
            if let Some(statement) = plant.statements.last_mut() {
                statement.filters.clone_from(filters);
                statement.order_by.clone_from(order_by);
            }
            Some(ask)
        }
        Demand::Write { dataset, key } => statement(dataset, Access::Write, *key),
        Demand::Insert {
            dataset,
            on_conflict,
        } => {
            // A unique dataset refuses whatever the insert says.
            let unique = scenario
                .datasets
                .iter()
                .any(|d| &d.id == dataset && d.unique);
            let on_conflict = if unique {
                OnConflict::Error
            } else {
                *on_conflict
            };
            let access = Access::Insert { on_conflict };
            statement(dataset, access, archplay_model::scenario::Pick::Fresh)
        }
        Demand::Reserve {
            dataset,
            amount,
            key,
            read_then_write,
        } => {
            let access = Access::Reserve {
                amount: *amount,
                read_then_write: *read_then_write,
            };
            statement(dataset, access, *key)
        }
        Demand::NextId { dataset: id } => dataset(id).map(|dataset| Ask::NextId { dataset }),
        Demand::Publish { topic } => operation(topic).map(|operation| Ask::Publish { operation }),
        Demand::Call { service } => operation(service).map(|operation| Ask::Work { operation }),
        Demand::Authenticate => Some(Ask::Authenticate),
        Demand::Notify => Some(Ask::Notify),
        _ => None,
    }
}
