//! Programs: what an operation becomes on a server, step by step.

use archplay_model::catalogue::{database, server};
use archplay_model::placement::Placement;
use archplay_model::scenario::{Demand, Spread};
use archplay_model::{Component, Design, Id, Scenario};

use crate::plant::{LegPlan, Plant, Step};

/// What a browser sends for an operation: static files apart from what the application works on, in order.
pub(crate) fn legs(demand: &Demand) -> Vec<LegPlan> {
    let mut legs = Vec::new();
    for flat in flatten(demand) {
        match flat {
            Demand::Static { bytes, .. } => legs.push(LegPlan::Static { bytes: *bytes }),
            _ if legs.last() == Some(&LegPlan::Dynamic) => {}
            _ => legs.push(LegPlan::Dynamic),
        }
    }
    if legs.is_empty() {
        legs.push(LegPlan::Dynamic);
    }
    legs
}

/// The mean CPU time of a login in nanoseconds; 0 if there is none.
pub(crate) fn login_ns(demand: &Demand) -> f64 {
    flatten(demand)
        .iter()
        .map(|flat| match flat {
            Demand::Login { cpu_ms } => cpu_ms * 1e6,
            _ => 0.0,
        })
        .sum()
}

/// Sequences and repeats written out; transactions stay whole.
fn flatten(demand: &Demand) -> Vec<&Demand> {
    match demand {
        Demand::Seq(list) => list.iter().flat_map(flatten).collect(),
        Demand::Repeat { times, demand } => (0..*times).flat_map(|_| flatten(demand)).collect(),
        other => vec![other],
    }
}

/// Writes the programs of one server for every operation and leg into the plant's steps.
pub(crate) fn programs(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement,
    component: &Component,
    pool_of: impl Fn(&Id) -> Option<u32>,
    plant: &mut Plant,
) -> Vec<Vec<(u32, u32)>> {
    let mut out = Vec::with_capacity(scenario.operations.len());
    for operation in &scenario.operations {
        let handled = archplay_model::placement::handles(design, &component.id, &operation.id);
        let mut ranges = Vec::new();
        let mut current: Vec<Step> = Vec::new();
        let mut dynamic = false;
        for flat in flatten(&operation.demand) {
            if let Demand::Static { bytes, objects } = flat {
                if dynamic {
                    ranges.push(store(plant, &mut current));
                    dynamic = false;
                }
                let cpu_ms = component.number(&server::STATIC_CPU_MS) * f64::from(*objects);
                current.push(Step::Cpu {
                    mean_ns: cpu_ms * 1e6,
                    exponential: false,
                });
                current.push(Step::Send { bytes: *bytes });
                ranges.push(store(plant, &mut current));
            } else {
                dynamic = true;
                if handled {
                    let target = Target {
                        design,
                        placement,
                        component,
                        pool_of: &pool_of,
                    };
                    add_steps(flat, &target, &mut current);
                } else {
                    current.push(Step::NoRoute);
                }
            }
        }
        if dynamic || ranges.is_empty() {
            ranges.push(store(plant, &mut current));
        }
        out.push(ranges);
    }
    out
}

fn store(plant: &mut Plant, steps: &mut Vec<Step>) -> (u32, u32) {
    let begin = plant.steps.len() as u32;
    plant.steps.append(steps);
    (begin, plant.steps.len() as u32)
}

struct Target<'a, F> {
    design: &'a Design,
    placement: &'a Placement,
    component: &'a Component,
    pool_of: &'a F,
}

fn add_steps<F: Fn(&Id) -> Option<u32>>(
    demand: &Demand,
    target: &Target<'_, F>,
    out: &mut Vec<Step>,
) {
    let statement = |dataset: &Id, rows: u32, write: bool| -> Step {
        // Several databases that hold a dataset without being replicas of each other: the first by id.
        let holder = target
            .placement
            .stores(&target.component.id, dataset)
            .first();
        let found = holder.and_then(|id| Some((target.design.get(id)?, (target.pool_of)(id)?)));
        let Some((store, pool)) = found else {
            return Step::NoRoute;
        };
        if write {
            let cpu_ns = store.number(&database::WRITE_CPU_MS) * 1e6;
            let commit_ns = archplay_kernel::ns_from_ms(store.number(&database::COMMIT_MS));
            Step::Store {
                pool,
                cpu_ns,
                commit_ns,
            }
        } else {
            let cpu_ns = store.number(&database::READ_CPU_MS) * 1e6 * f64::from(rows);
            Step::Store {
                pool,
                cpu_ns,
                commit_ns: 0,
            }
        }
    };
    match demand {
        Demand::Compute { cpu_ms, spread } => out.push(Step::Cpu {
            mean_ns: cpu_ms * 1e6,
            exponential: *spread == Spread::Exponential,
        }),
        Demand::Read { dataset, rows } => out.push(statement(dataset, *rows, false)),
        Demand::Write { dataset } => out.push(statement(dataset, 1, true)),
        Demand::Transaction(list) => {
            out.push(Step::Begin);
            for inner in list.iter().flat_map(flatten) {
                add_steps(inner, target, out);
            }
            out.push(Step::End);
        }
        Demand::Seq(list) => {
            for inner in list {
                add_steps(inner, target, out);
            }
        }
        Demand::Repeat { .. } => {
            for inner in flatten(demand) {
                add_steps(inner, target, out);
            }
        }
        // Static files are legs of their own; logins do not run on workers.
        Demand::Static { .. } | Demand::Login { .. } => {}
    }
}
