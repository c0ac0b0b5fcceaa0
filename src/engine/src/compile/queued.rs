//! Which operations are run from queues alone, and what counts as an order.

use archplay_model::scenario::Demand;
use archplay_model::{Id, Scenario};

use crate::plant::NOBODY;

/// Whether an operation is run from queues alone: somebody publishes it, and no visitor asks for it.
pub(super) fn is_queued(scenario: &Scenario, operation: &Id) -> bool {
    let visited = scenario
        .journeys
        .iter()
        .flat_map(|journey| &journey.steps)
        .any(|step| {
            step.operation == *operation
                || step.or.iter().any(|other| other.operation == *operation)
        });
    let published = |found: &mut bool, demand: &Demand| {
        *found |= matches!(demand, Demand::Publish { topic } if topic == operation);
    };
    let mut found = false;
    for other in &scenario.operations {
        walk(&other.demand, &mut |demand| published(&mut found, demand));
    }
    found && !visited
}

/// The operation whose successes are the orders. An order that is only put into a queue is one when it has
/// been worked on.
pub(super) fn order(scenario: &Scenario) -> u32 {
    let named = scenario.business.as_ref().map(|business| &business.order);
    let position = |id: &Id| scenario.operations.iter().position(|o| o.id == *id);
    let Some(order) = named.and_then(position) else {
        return NOBODY;
    };
    let (mut writes, mut topic) = (false, None);
    walk(
        &scenario.operations[order].demand,
        &mut |demand| match demand {
            Demand::Write { .. } | Demand::Insert { .. } | Demand::Reserve { .. } => writes = true,
            Demand::Publish { topic: id } if topic.is_none() => topic = Some(id.clone()),
            _ => {}
        },
    );
    let published = topic
        .filter(|id| !writes && is_queued(scenario, id))
        .and_then(|id| position(&id));
    published.unwrap_or(order) as u32
}

fn walk(demand: &Demand, visit: &mut impl FnMut(&Demand)) {
    visit(demand);
    match demand {
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            for inner in list {
                walk(inner, visit);
            }
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => walk(demand, visit),
        _ => {}
    }
}
