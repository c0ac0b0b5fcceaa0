//! Checks a scenario by itself: references, ranges, sizes.

use std::collections::BTreeSet;

use crate::scenario::{Demand, Entry, SCHEMA};
use crate::{Id, Location, Problem, Scenario, limits};

/// Adds what is wrong with a scenario.
pub(crate) fn check_scenario(scenario: &Scenario, out: &mut Vec<Problem>) {
    let mut bad = |path: String, code: &str, value: String| {
        out.push(
            Problem::error(code, Location::Scenario(path.clone()))
                .with("path", path)
                .with("value", value),
        );
    };
    if scenario.schema != SCHEMA {
        bad(
            "schema".into(),
            "scenario_schema",
            scenario.schema.chars().take(60).collect(),
        );
    }
    if scenario.duration_secs == 0 || scenario.duration_secs > limits::MAX_DURATION_SECS {
        bad(
            "duration_secs".into(),
            "scenario_range",
            scenario.duration_secs.to_string(),
        );
    }
    let lists = [
        ("datasets", scenario.datasets.len()),
        ("operations", scenario.operations.len()),
        ("journeys", scenario.journeys.len()),
        ("audiences", scenario.audiences.len()),
        ("faults", scenario.faults.len()),
    ];
    for (name, len) in lists {
        if len > limits::MAX_SCENARIO_LIST {
            bad(name.into(), "scenario_too_long", len.to_string());
            return;
        }
    }
    unique(
        "datasets",
        scenario.datasets.iter().map(|d| &d.id),
        &mut bad,
    );
    unique(
        "operations",
        scenario.operations.iter().map(|o| &o.id),
        &mut bad,
    );
    unique(
        "journeys",
        scenario.journeys.iter().map(|j| &j.id),
        &mut bad,
    );
    unique(
        "audiences",
        scenario.audiences.iter().map(|a| &a.id),
        &mut bad,
    );
    for (i, dataset) in scenario.datasets.iter().enumerate() {
        if dataset.rows == 0 {
            bad(format!("datasets[{i}].rows"), "scenario_range", "0".into());
        }
    }
    for (i, operation) in scenario.operations.iter().enumerate() {
        let path = format!("operations[{i}].demand");
        let steps = check_demand(
            scenario,
            &operation.demand,
            operation.entry,
            &path,
            0,
            &mut bad,
        );
        if steps > limits::MAX_OPERATION_STEPS {
            bad(path, "scenario_too_long", steps.to_string());
        }
    }
    for (i, journey) in scenario.journeys.iter().enumerate() {
        check_journey(scenario, journey, i, &mut bad);
    }
    for (i, audience) in scenario.audiences.iter().enumerate() {
        check_audience(scenario, audience, i, &mut bad);
    }
    for (name, price) in [
        ("server_vcpu_hour", scenario.prices.server_vcpu_hour),
        ("database_vcpu_hour", scenario.prices.database_vcpu_hour),
        ("load_balancer_hour", scenario.prices.load_balancer_hour),
        ("cdn_gb", scenario.prices.cdn_gb),
        ("server_gb", scenario.prices.server_gb),
    ] {
        if !in_range(price, 0.0, 1e9) {
            bad(
                format!("prices.{name}"),
                "scenario_range",
                price.to_string(),
            );
        }
    }
}

fn in_range(value: f64, min: f64, max: f64) -> bool {
    value.is_finite() && value >= min && value <= max
}

fn unique<'a>(
    list: &str,
    ids: impl Iterator<Item = &'a Id>,
    bad: &mut impl FnMut(String, &str, String),
) {
    let mut seen = BTreeSet::new();
    for (i, id) in ids.enumerate() {
        if !seen.insert(id) {
            bad(
                format!("{list}[{i}].id"),
                "scenario_duplicate",
                id.to_string(),
            );
        }
    }
}

/// Checks one demand and says how many steps it comes to when written out.
fn check_demand(
    scenario: &Scenario,
    demand: &Demand,
    entry: Entry,
    path: &str,
    depth: usize,
    bad: &mut impl FnMut(String, &str, String),
) -> usize {
    if depth > limits::MAX_DEPTH {
        bad(path.into(), "scenario_too_deep", depth.to_string());
        return 1;
    }
    let login = matches!(demand, Demand::Login { .. });
    let container = matches!(demand, Demand::Seq(_) | Demand::Repeat { .. });
    if !container && login != (entry == Entry::Admin) {
        bad(path.into(), "scenario_entry_mismatch", String::new());
    }
    match demand {
        Demand::Static { bytes, objects } => {
            if *bytes > 100_000_000_000 || *objects == 0 || *objects > 100_000 {
                bad(path.into(), "scenario_range", format!("{bytes}, {objects}"));
            }
            1
        }
        Demand::Compute { cpu_ms, .. } | Demand::Login { cpu_ms } => {
            if !in_range(*cpu_ms, 0.0, 3_600_000.0) {
                bad(path.into(), "scenario_range", cpu_ms.to_string());
            }
            1
        }
        Demand::Read { dataset, rows, .. } => {
            if *rows == 0 || *rows > 1_000_000 {
                bad(path.into(), "scenario_range", rows.to_string());
            }
            known_dataset(scenario, dataset, path, bad);
            1
        }
        Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::Reserve { dataset, .. }
        | Demand::NextId { dataset } => {
            known_dataset(scenario, dataset, path, bad);
            1
        }
        Demand::Authenticate | Demand::Notify | Demand::Publish { .. } | Demand::Call { .. } => 1,
        Demand::Optional(demand) => check_demand(scenario, demand, entry, path, depth + 1, bad),
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            let inner_entry = if matches!(demand, Demand::Transaction(_)) {
                Entry::Visitor
            } else {
                entry
            };
            let mut steps = 0_usize;
            for (i, inner) in list.iter().enumerate() {
                let path = format!("{path}[{i}]");
                if matches!(demand, Demand::Transaction(_)) && !allowed_in_transaction(inner) {
                    bad(path.clone(), "scenario_in_transaction", String::new());
                }
                steps = steps.saturating_add(check_demand(
                    scenario,
                    inner,
                    inner_entry,
                    &path,
                    depth + 1,
                    bad,
                ));
                if steps > limits::MAX_OPERATION_STEPS {
                    return steps;
                }
            }
            // An empty list counts too: repeats of nothing would still take time to write out.
            steps.max(1)
        }
        Demand::Repeat { times, demand } => {
            if *times == 0 || *times > 10_000 {
                bad(path.into(), "scenario_range", times.to_string());
            }
            check_demand(scenario, demand, entry, path, depth + 1, bad)
                .saturating_mul(*times as usize)
        }
    }
}

/// A transaction runs on one server with one connection: nothing that leaves the server.
fn allowed_in_transaction(demand: &Demand) -> bool {
    match demand {
        Demand::Compute { .. }
        | Demand::Read { .. }
        | Demand::Write { .. }
        | Demand::Insert { .. }
        | Demand::Reserve { .. }
        | Demand::NextId { .. } => true,
        Demand::Seq(list) => list.iter().all(allowed_in_transaction),
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => allowed_in_transaction(demand),
        Demand::Static { .. }
        | Demand::Login { .. }
        | Demand::Transaction(_)
        | Demand::Par { .. }
        | Demand::Publish { .. }
        | Demand::Call { .. }
        | Demand::Authenticate
        | Demand::Notify => false,
    }
}

fn known_dataset(
    scenario: &Scenario,
    dataset: &Id,
    path: &str,
    bad: &mut impl FnMut(String, &str, String),
) {
    if !scenario.datasets.iter().any(|d| &d.id == dataset) {
        bad(path.into(), "scenario_unknown_dataset", dataset.to_string());
    }
}

fn check_journey(
    scenario: &Scenario,
    journey: &crate::scenario::Journey,
    i: usize,
    bad: &mut impl FnMut(String, &str, String),
) {
    let path = format!("journeys[{i}]");
    if journey.steps.is_empty() || journey.steps.len() > limits::MAX_SCENARIO_LIST {
        bad(
            format!("{path}.steps"),
            "scenario_range",
            journey.steps.len().to_string(),
        );
    }
    if !in_range(journey.within_secs, 0.001, 1e9) {
        bad(
            format!("{path}.within_secs"),
            "scenario_range",
            journey.within_secs.to_string(),
        );
    }
    let mut entries = BTreeSet::new();
    for (k, step) in journey.steps.iter().enumerate() {
        match scenario.operation(&step.operation) {
            None => bad(
                format!("{path}.steps[{k}].operation"),
                "scenario_unknown_operation",
                step.operation.to_string(),
            ),
            Some(operation) => {
                entries.insert(operation.entry == Entry::Admin);
            }
        }
        if !in_range(step.think_secs, 0.0, 86_400.0) {
            bad(
                format!("{path}.steps[{k}].think_secs"),
                "scenario_range",
                step.think_secs.to_string(),
            );
        }
        if !in_range(step.probability, 0.0, 1.0) {
            bad(
                format!("{path}.steps[{k}].probability"),
                "scenario_range",
                step.probability.to_string(),
            );
        }
    }
    if entries.len() > 1 {
        bad(
            format!("{path}.steps"),
            "scenario_entry_mismatch",
            String::new(),
        );
    }
}

fn check_audience(
    scenario: &Scenario,
    audience: &crate::scenario::Audience,
    i: usize,
    bad: &mut impl FnMut(String, &str, String),
) {
    let path = format!("audiences[{i}]");
    if scenario.journey(&audience.journey).is_none() {
        bad(
            format!("{path}.journey"),
            "scenario_unknown_journey",
            audience.journey.to_string(),
        );
    }
    if audience.rate.is_empty() || audience.rate.len() > 10_000 {
        bad(
            format!("{path}.rate"),
            "scenario_range",
            audience.rate.len().to_string(),
        );
    }
    for (k, point) in audience.rate.iter().enumerate() {
        if !in_range(point.per_sec, 0.0, limits::MAX_RATE_PER_SEC) {
            bad(
                format!("{path}.rate[{k}].per_sec"),
                "scenario_range",
                point.per_sec.to_string(),
            );
        }
        if k > 0 && audience.rate[k - 1].at > point.at {
            bad(
                format!("{path}.rate[{k}].at"),
                "scenario_order",
                point.at.to_string(),
            );
        }
    }
    if !in_range(audience.timeout_secs, 0.001, 86_400.0) {
        bad(
            format!("{path}.timeout_secs"),
            "scenario_range",
            audience.timeout_secs.to_string(),
        );
    }
    let refresh = &audience.refresh;
    if !in_range(refresh.probability, 0.0, 1.0) {
        bad(
            format!("{path}.refresh.probability"),
            "scenario_range",
            refresh.probability.to_string(),
        );
    }
    if refresh.max > 1_000 {
        bad(
            format!("{path}.refresh.max"),
            "scenario_range",
            refresh.max.to_string(),
        );
    }
    if !in_range(refresh.delay_secs, 0.0, 86_400.0) {
        bad(
            format!("{path}.refresh.delay_secs"),
            "scenario_range",
            refresh.delay_secs.to_string(),
        );
    }
}
