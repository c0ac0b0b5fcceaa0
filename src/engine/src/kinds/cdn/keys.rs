//! Under which key an answer can be kept, if at all, and how many bytes it has.

use archplay_kernel::mix;
use archplay_model::Id;
use archplay_model::scenario::{Consistency, Demand, Pick};

use crate::compile::Compiler;
use crate::core::{Call, Core, Session};
use crate::plant::{Ask, AskId};

/// An operation whose answer depends on nothing but popular rows.
#[derive(Clone, Debug)]
struct Reads {
    rows: Vec<(u32, Pick)>,
    bytes: u64,
}

/// What can be kept.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// For each operation; empty if only static files are kept.
    reads: Vec<Option<Reads>>,
}

impl Keys {
    pub(super) fn new(compiler: &Compiler<'_>, reads: bool) -> Self {
        let operations = compiler.scenario.operations.iter();
        let reads_of = |demand: &Demand| {
            let mut found = Reads {
                rows: Vec::new(),
                bytes: 0,
            };
            let same_for_all = collect(compiler, demand, 0, &mut found);
            (same_for_all && !found.rows.is_empty()).then_some(found)
        };
        Self {
            reads: if reads {
                operations.map(|o| reads_of(&o.demand)).collect()
            } else {
                Vec::new()
            },
        }
    }

    /// The key of what a call asks for; `None` if its answer is for this visitor alone.
    pub(super) fn key(&self, core: &Core, call: &Call) -> Option<u64> {
        match core.plant.asks[call.ask as usize] {
            // Each leg of an operation has an ask of its own.
            Ask::Files { .. } => Some(mix(u64::from(call.ask), 0)),
            Ask::Work { operation } => {
                let plan = self.reads.get(operation as usize)?.as_ref()?;
                if call.session != Session::None || call.want > 0 {
                    return None;
                }
                let first = mix(u64::from(call.ask), 1);
                Some(plan.rows.iter().fold(first, |key, (dataset, pick)| {
                    mix(key, core.pick_row(call, *dataset, *pick))
                }))
            }
            _ => None,
        }
    }

    /// Bytes of an answer, as far as the scenario says.
    pub(super) fn bytes(&self, core: &Core, ask: AskId) -> u64 {
        match core.plant.asks[ask as usize] {
            Ask::Files { bytes, .. } => bytes,
            Ask::Work { operation } => {
                let plan = self.reads.get(operation as usize).and_then(Option::as_ref);
                plan.map_or(0, |plan| plan.bytes)
            }
            _ => 0,
        }
    }
}

/// How deep services may call each other before it is given up to look.
const DEEPEST: u32 = 8;

/// Collects the rows that a demand reads; false if anything in it is not the same for everyone.
fn collect(compiler: &Compiler<'_>, demand: &Demand, depth: u32, out: &mut Reads) -> bool {
    match demand {
        Demand::Compute { .. } | Demand::Static { .. } => true,
        Demand::Read {
            dataset,
            rows,
            consistency,
            key,
            ..
        } => {
            let shared = matches!(key, Pick::Popular | Pick::Hottest);
            if !shared || *consistency == Consistency::Strong {
                return false;
            }
            let Some(found) = position(compiler, dataset) else {
                return false;
            };
            let row_bytes = compiler.plant.datasets[found as usize].row_bytes;
            out.bytes += u64::from(*rows) * u64::from(row_bytes);
            if !out.rows.contains(&(found, *key)) {
                out.rows.push((found, *key));
            }
            true
        }
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => list
            .iter()
            .all(|inner| collect(compiler, inner, depth, out)),
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => {
            collect(compiler, demand, depth, out)
        }
        Demand::Call { service } => {
            let called = compiler.scenario.operation(service);
            depth < DEEPEST && called.is_some_and(|o| collect(compiler, &o.demand, depth + 1, out))
        }
        _ => false,
    }
}

fn position(compiler: &Compiler<'_>, dataset: &Id) -> Option<u32> {
    let datasets = &compiler.plant.datasets;
    let found = datasets.iter().position(|plan| plan.id == *dataset)?;
    Some(found as u32)
}
