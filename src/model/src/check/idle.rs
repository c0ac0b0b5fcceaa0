//! Links over which nothing goes under this scenario, although their kinds can have something to say.

use crate::catalogue::database;
use crate::placement::{Placement, counts, is_shard};
use crate::scenario::Demand;
use crate::{Design, Id, Kind, Location, Problem, Scenario};

/// Adds links that do nothing.
pub(super) fn check(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    out: &mut Vec<Problem>,
) {
    let components = placement.components();
    for (i, component) in components.iter().enumerate() {
        let joins =
            component.kind == Kind::Database && component.number(&database::JOINS_SECS) > 0.0;
        let alone = !is_shard(component) || placement.replica_of(i).is_some();
        if joins && alone {
            let at = Location::Param(component.id.clone(), database::JOINS_SECS.key.to_owned());
            out.push(Problem::warning("joins_no_shards", at).with("id", &component.id));
        }
    }
    let at = |id: &Id| components.binary_search_by(|c| c.id.cmp(id)).ok();
    let mut drawn: Option<Vec<&Id>> = None;
    for key in design.links.keys() {
        let (Some(from), Some(to)) = (at(&key.from), at(&key.to)) else {
            continue;
        };
        let both = |dataset: &Id| placement.holds(from, dataset) && placement.holds(to, dataset);
        let shares = || scenario.datasets.iter().any(|d| both(&d.id));
        let code = match (components[from].kind, components[to].kind) {
            (Kind::KeyValue, Kind::KeyValue)
            | (Kind::ObjectStore, Kind::ObjectStore)
            | (Kind::GraphStore, Kind::Database)
                if !shares() =>
            {
                "no_common_dataset"
            }
            (Kind::ObjectStore, Kind::Queue | Kind::Function)
                if placement.event_operation(scenario, to).is_none() =>
            {
                "event_without_operation"
            }
            (Kind::IdGenerator, Kind::Database) => {
                let drawn = drawn.get_or_insert_with(|| datasets_drawn(scenario));
                let kept = drawn.iter().any(|dataset| placement.holds(to, dataset));
                if counts(components[from]) && kept {
                    continue;
                }
                "counter_not_kept"
            }
            // Accounts and tokens are the service's own, a gateway passes requests on to those who work on them, and
            // what reaches a device tells nobody here.
            (Kind::Identity | Kind::Notification, _)
            | (Kind::ApiGateway, Kind::Identity | Kind::Queue) => "link_without_effect",
            _ => continue,
        };
        out.push(
            Problem::warning(code, Location::Link(key.clone()))
                .with("from", &key.from)
                .with("to", &key.to),
        );
    }
}

/// The datasets whose identifiers are drawn.
fn datasets_drawn(scenario: &Scenario) -> Vec<&Id> {
    fn walk<'a>(demand: &'a Demand, out: &mut Vec<&'a Id>) {
        match demand {
            Demand::NextId { dataset } => out.push(dataset),
            Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
                list.iter().for_each(|inner| walk(inner, out));
            }
            Demand::Repeat { demand, .. } | Demand::Optional(demand) => walk(demand, out),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for operation in &scenario.operations {
        walk(&operation.demand, &mut out);
    }
    out.sort();
    out.dedup();
    out
}
