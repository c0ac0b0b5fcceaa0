//! Which operations of a scenario visitors read and feed the news feed with. Pure.

use archplay_model::scenario::{Demand, Operation};
use archplay_model::{Id, Scenario};

/// The operation by which visitors read the first page of their feed.
pub fn read(scenario: &Scenario) -> Option<&Operation> {
    asked(scenario).find(|operation| {
        takes(scenario, &operation.demand, &mut |demand| {
            matches!(demand, Demand::ReadFeed { page: 0, .. })
        })
    })
}

/// The operation by which visitors post: what they ask for ends in an insert among the feed's posts.
pub fn post(scenario: &Scenario) -> Option<&Operation> {
    let posts = &scenario.feed.as_ref()?.posts;
    asked(scenario).find(|operation| inserts(scenario, operation, posts))
}

/// All operations by which visitors read a page, whichever.
pub fn reads(scenario: &Scenario) -> impl Iterator<Item = &Operation> {
    asked(scenario).filter(|operation| {
        takes(scenario, &operation.demand, &mut |demand| {
            matches!(demand, Demand::ReadFeed { .. })
        })
    })
}

fn inserts(scenario: &Scenario, operation: &Operation, posts: &Id) -> bool {
    takes(
        scenario,
        &operation.demand,
        &mut |demand| matches!(demand, Demand::Insert { dataset, .. } if dataset == posts),
    )
}

/// What visitors themselves ask for: the operations of journeys, in the scenario's order. What services ask of one
/// another and what queues bring is left out.
fn asked(scenario: &Scenario) -> impl Iterator<Item = &Operation> {
    let operations = scenario.operations.iter();
    operations.filter(|operation| scenario.walks(&operation.id))
}

/// Whether a demand, or what it calls, has a part like this. Nobody waits for what is published.
fn takes(scenario: &Scenario, demand: &Demand, wanted: &mut dyn FnMut(&Demand) -> bool) -> bool {
    takes_within(scenario, demand, wanted, 8)
}

/// `depth` calls at most, should two services call each other.
fn takes_within(
    scenario: &Scenario,
    demand: &Demand,
    wanted: &mut dyn FnMut(&Demand) -> bool,
    depth: u8,
) -> bool {
    if wanted(demand) {
        return true;
    }
    match demand {
        Demand::Seq(parts) | Demand::Transaction(parts) | Demand::Par { demands: parts, .. } => {
            parts
                .iter()
                .any(|part| takes_within(scenario, part, wanted, depth))
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => {
            takes_within(scenario, demand, wanted, depth)
        }
        Demand::Call { service } if depth > 0 => scenario
            .operation(service)
            .is_some_and(|called| takes_within(scenario, &called.demand, wanted, depth - 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::format::read_scenario;
    use archplay_model::presets::Preset;

    use super::*;

    const LECTURE: &str = include_str!("../../engine/tests/feed_support/lecture.scenario.json");

    #[test]
    fn reading_and_posting_are_found_through_calls() {
        let scenario = read_scenario(LECTURE).unwrap_or_else(|e| panic!("{e}"));
        let id = |operation: Option<&Operation>| operation.map(|o| o.id.to_string());
        assert_eq!(id(read(&scenario)).as_deref(), Some("get_feed"));
        // The insert is the post service's, which the upload calls.
        assert_eq!(id(post(&scenario)).as_deref(), Some("upload"));
        assert_eq!(reads(&scenario).count(), 1, "nobody asks for the next page");
    }

    #[test]
    fn a_shop_has_neither() {
        let scenario = Preset::ALL[0].scenario().unwrap_or_else(|e| panic!("{e}"));
        assert!(read(&scenario).is_none() && post(&scenario).is_none());
    }
}
