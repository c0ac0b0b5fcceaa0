//! Checks a scenario by itself: references, ranges, sizes.

mod demands;
mod faults;
mod feed;
mod people;
mod span;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::scenario::{Dataset, Prices, SCHEMA, Spread};
use crate::{Id, Location, Problem, Scenario, limits};

/// Where the problems go.
struct Findings<'a> {
    out: &'a mut Vec<Problem>,
}

impl Findings<'_> {
    /// Adds an error at a path of the scenario.
    fn bad(&mut self, path: impl Into<String>, code: &str, value: impl ToString) {
        let path = path.into();
        self.out.push(
            Problem::error(code, Location::Scenario(path.clone()))
                .with("path", path)
                .with("value", value.to_string()),
        );
    }

    /// Adds a warning at a path of the scenario.
    fn odd(&mut self, path: impl Into<String>, code: &str, value: impl ToString) {
        let path = path.into();
        self.out.push(
            Problem::warning(code, Location::Scenario(path.clone()))
                .with("path", path)
                .with("value", value.to_string()),
        );
    }

    /// Adds an error unless the number lies in a range, both ends included.
    fn range(&mut self, path: impl Into<String>, value: f64, min: f64, max: f64) {
        let fits = value.is_finite() && value >= min && value <= max;
        if !fits {
            self.bad(path, "scenario_range", value);
        }
    }

    /// Adds an error unless the number is above `above`, and at most `max`.
    fn above(&mut self, path: impl Into<String>, value: f64, above: f64, max: f64) {
        let fits = value.is_finite() && value > above && value <= max;
        if !fits {
            self.bad(path, "scenario_range", value);
        }
    }

    fn spread(&mut self, path: &str, spread: Spread) {
        match spread {
            Spread::Exponential | Spread::Constant => {}
            Spread::Uniform { half_width } => {
                self.range(format!("{path}.uniform.half_width"), half_width, 0.0, 1.0);
            }
            Spread::Erlang { phases } => {
                self.range(
                    format!("{path}.erlang.phases"),
                    f64::from(phases),
                    1.0,
                    100.0,
                );
            }
            Spread::Hyperexponential { cv } => {
                self.range(format!("{path}.hyperexponential.cv"), cv, 1.0, 100.0);
            }
            Spread::Lognormal { cv } => {
                self.above(format!("{path}.lognormal.cv"), cv, 0.0, 100.0);
            }
        }
    }

    fn unique<'i>(&mut self, list: &str, ids: impl Iterator<Item = &'i Id>) {
        let mut seen = BTreeSet::new();
        for (i, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.bad(format!("{list}[{i}].id"), "scenario_duplicate", id);
            }
        }
    }
}

/// Adds what is wrong with a scenario.
pub(crate) fn check_scenario(scenario: &Scenario, out: &mut Vec<Problem>) {
    let mut found = Findings { out };
    if scenario.schema != SCHEMA {
        let schema: String = scenario.schema.chars().take(60).collect();
        found.bad("schema", "scenario_schema", schema);
    }
    let longest = f64::from(limits::MAX_DURATION_SECS);
    found.range(
        "duration_secs",
        f64::from(scenario.duration_secs),
        1.0,
        longest,
    );
    let lists = [
        ("datasets", scenario.datasets.len()),
        ("operations", scenario.operations.len()),
        ("journeys", scenario.journeys.len()),
        ("audiences", scenario.audiences.len()),
        ("faults", scenario.faults.len()),
    ];
    for (name, len) in lists {
        if len > limits::MAX_SCENARIO_LIST {
            found.bad(name, "scenario_too_long", len);
            return;
        }
    }
    if let Some(focus) = scenario.focus
        && focus.from >= focus.to
    {
        found.bad("focus.to", "scenario_order", focus.to);
    }
    found.unique("datasets", scenario.datasets.iter().map(|d| &d.id));
    found.unique("operations", scenario.operations.iter().map(|o| &o.id));
    found.unique("journeys", scenario.journeys.iter().map(|j| &j.id));
    found.unique("audiences", scenario.audiences.iter().map(|a| &a.id));
    for (i, dataset) in scenario.datasets.iter().enumerate() {
        check_dataset(dataset, &format!("datasets[{i}]"), &mut found);
    }
    demands::check(scenario, &mut found);
    feed::check(scenario, &mut found);
    people::check(scenario, &mut found);
    faults::check(scenario, &mut found);
    span::check(scenario, &mut found);
    check_prices(&scenario.prices, &mut found);
    if let Some(business) = &scenario.business {
        if scenario.operation(&business.order).is_none() {
            found.bad(
                "business.order",
                "scenario_unknown_operation",
                &business.order,
            );
        }
        found.range("business.revenue", business.revenue, 0.0, 1e12);
    }
}

fn check_dataset(dataset: &Dataset, path: &str, found: &mut Findings<'_>) {
    found.range(format!("{path}.rows"), dataset.rows as f64, 1.0, 1e12);
    let bytes = f64::from(dataset.row_bytes);
    found.range(format!("{path}.row_bytes"), bytes, 0.0, 1e9);
    found.range(format!("{path}.zipf_alpha"), dataset.zipf_alpha, 0.0, 5.0);
}

fn check_prices(prices: &Prices, found: &mut Findings<'_>) {
    for (name, price) in [
        ("server_vcpu_hour", prices.server_vcpu_hour),
        ("database_vcpu_hour", prices.database_vcpu_hour),
        ("database_memory_gib_hour", prices.database_memory_gib_hour),
        ("database_kiops_hour", prices.database_kiops_hour),
        ("cache_memory_gib_hour", prices.cache_memory_gib_hour),
        ("graph_store_vcpu_hour", prices.graph_store_vcpu_hour),
        ("search_vcpu_hour", prices.search_vcpu_hour),
        ("load_balancer_hour", prices.load_balancer_hour),
        ("key_value_kread_hour", prices.key_value_kread_hour),
        ("key_value_kwrite_hour", prices.key_value_kwrite_hour),
        ("cdn_gb", prices.cdn_gb),
        ("server_gb", prices.server_gb),
        ("between_places_gb", prices.between_places_gb),
    ] {
        found.range(format!("prices.{name}"), price, 0.0, 1e9);
    }
    for (name, by_kind) in [
        ("hour", &prices.hour),
        ("million_requests", &prices.million_requests),
    ] {
        for (kind, price) in by_kind {
            found.range(format!("prices.{name}.{}", kind.slug()), *price, 0.0, 1e9);
        }
    }
}
