//! What graded tasks charge for. Must not live here: what designs cost and whether they pass (`lessons`).

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

mod common;

use std::fs;
use std::path::PathBuf;

use archplay_course::{TargetMetric, parse_task};
use archplay_model::format::read_scenario;
use archplay_model::{Kind, Scenario};

/// Who runs operations, keeps what they need, or answers visitors in their place.
const WORKS: [Kind; 9] = [
    Kind::ApiGateway,
    Kind::Cache,
    Kind::Database,
    Kind::Function,
    Kind::GraphStore,
    Kind::KeyValue,
    Kind::ObjectStore,
    Kind::Search,
    Kind::Server,
];

/// The folders of all tasks of the site.
fn folders() -> Vec<PathBuf> {
    let inside = |dir: PathBuf| {
        let entries = fs::read_dir(dir).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path())
    };
    let lessons = inside(common::root().join("lessons"));
    let tasks = lessons.flat_map(|lesson| inside(lesson.join("tasks")));
    tasks.filter(|task| task.is_dir()).collect()
}

/// Whether something of a kind costs anything; where its size is a setting, by that size.
fn is_paid_for(kind: Kind, scenario: &Scenario) -> bool {
    let prices = &scenario.prices;
    let price = match kind {
        Kind::Database => prices.database_vcpu_hour,
        Kind::GraphStore => prices.graph_store_vcpu_hour,
        Kind::KeyValue => f64::min(prices.key_value_kread_hour, prices.key_value_kwrite_hour),
        Kind::Search => prices.search_vcpu_hour,
        Kind::Server => prices.server_vcpu_hour,
        _ => {
            let named = [prices.hour.get(&kind), prices.million_requests.get(&kind)];
            named.into_iter().flatten().sum()
        }
    };
    price > 0.0
}

/// A limit to the cost is none when something that does the work costs nothing: a free function in place of
/// servers, a free store in place of a database.
#[test]
fn where_cost_is_graded_nothing_that_works_is_free() {
    let mut graded = 0;
    let mut free = Vec::new();
    for folder in folders() {
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let task = parse_task("task.toml", &text("task.toml")).unwrap();
        let costs = |metric| matches!(metric, TargetMetric::Cost | TargetMetric::CostPerHour);
        if !task.targets.iter().any(|t| costs(t.metric)) {
            continue;
        }
        graded += 1;
        let scenario = read_scenario(&text("scenario.json")).unwrap();
        let allowed = |kind: &Kind| scenario.allow.as_ref().is_none_or(|a| a.contains(kind));
        for kind in WORKS.into_iter().filter(allowed) {
            if !is_paid_for(kind, &scenario) {
                free.push(format!("{}: {}", task.id, kind.slug()));
            }
        }
    }
    assert!(graded > 5, "{graded} tasks");
    assert!(free.is_empty(), "{free:#?}");
}
