//! Checks who comes and what they do.

use std::collections::BTreeSet;

use super::Findings;
use crate::scenario::{Arrivals, Audience, Entry, Journey, JourneyStep, State};
use crate::{Id, Scenario, limits};

/// The most operations of which a step may take one.
const MAX_ALTERNATIVES: usize = 20;

/// Checks all journeys and audiences.
pub(super) fn check(scenario: &Scenario, found: &mut Findings<'_>) {
    for (i, journey) in scenario.journeys.iter().enumerate() {
        check_journey(scenario, journey, &format!("journeys[{i}]"), found);
    }
    for (i, audience) in scenario.audiences.iter().enumerate() {
        check_audience(scenario, audience, &format!("audiences[{i}]"), found);
    }
}

fn check_journey(scenario: &Scenario, journey: &Journey, path: &str, found: &mut Findings<'_>) {
    let steps = journey.steps.len();
    if steps == 0 || steps > limits::MAX_SCENARIO_LIST {
        found.bad(format!("{path}.steps"), "scenario_range", steps);
    }
    found.range(
        format!("{path}.within_secs"),
        journey.within_secs,
        0.001,
        1e9,
    );
    let mut entries = BTreeSet::new();
    let mut given: Vec<State> = Vec::new();
    for (k, step) in journey.steps.iter().enumerate() {
        let path = format!("{path}.steps[{k}]");
        check_step(scenario, step, &path, &mut entries, found);
        if let Some(needs) = step.needs
            && !given.contains(&needs)
        {
            found.bad(format!("{path}.needs"), "scenario_needs_before_gives", "");
        }
        given.extend(step.gives);
    }
    if entries.len() > 1 {
        found.bad(format!("{path}.steps"), "scenario_entry_mismatch", "");
    }
}

fn check_step(
    scenario: &Scenario,
    step: &JourneyStep,
    path: &str,
    entries: &mut BTreeSet<bool>,
    found: &mut Findings<'_>,
) {
    let mut known = |operation: &Id, path: String, found: &mut Findings<'_>| match scenario
        .operation(operation)
    {
        None => found.bad(path, "scenario_unknown_operation", operation),
        Some(operation) => {
            entries.insert(operation.entry == Entry::Admin);
        }
    };
    known(&step.operation, format!("{path}.operation"), found);
    found.range(format!("{path}.think_secs"), step.think_secs, 0.0, 86_400.0);
    found.range(format!("{path}.probability"), step.probability, 0.0, 1.0);
    if step.or.len() > MAX_ALTERNATIVES {
        found.bad(format!("{path}.or"), "scenario_too_long", step.or.len());
    }
    for (n, other) in step.or.iter().enumerate() {
        let path = format!("{path}.or[{n}]");
        known(&other.operation, format!("{path}.operation"), found);
        found.above(format!("{path}.weight"), other.weight, 0.0, 1e6);
    }
}

fn check_audience(scenario: &Scenario, audience: &Audience, path: &str, found: &mut Findings<'_>) {
    if scenario.journey(&audience.journey).is_none() {
        found.bad(
            format!("{path}.journey"),
            "scenario_unknown_journey",
            &audience.journey,
        );
    }
    let points = audience.rate.len();
    if points == 0 || points > 10_000 {
        found.bad(format!("{path}.rate"), "scenario_range", points);
    }
    for (k, point) in audience.rate.iter().enumerate() {
        let path = format!("{path}.rate[{k}]");
        found.range(
            format!("{path}.per_sec"),
            point.per_sec,
            0.0,
            limits::MAX_RATE_PER_SEC,
        );
        if k > 0 && audience.rate[k - 1].at > point.at {
            found.bad(format!("{path}.at"), "scenario_order", point.at);
        }
    }
    if let Arrivals::Gaps(spread) = audience.arrivals {
        found.spread(&format!("{path}.arrivals.gaps"), spread);
    }
    if let Some(batch) = audience.batch {
        found.range(format!("{path}.batch.mean"), batch.mean, 1.0, 10_000.0);
    }
    if audience.limit == Some(0) {
        found.bad(format!("{path}.limit"), "scenario_range", 0);
    }
    found.range(
        format!("{path}.timeout_secs"),
        audience.timeout_secs,
        0.001,
        86_400.0,
    );
    let refresh = &audience.refresh;
    let path = format!("{path}.refresh");
    found.range(format!("{path}.probability"), refresh.probability, 0.0, 1.0);
    found.range(format!("{path}.max"), f64::from(refresh.max), 0.0, 1_000.0);
    found.range(
        format!("{path}.delay_secs"),
        refresh.delay_secs,
        0.0,
        86_400.0,
    );
}
