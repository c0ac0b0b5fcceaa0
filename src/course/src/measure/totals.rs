//! Metrics from what was counted in the focus window: visits, latencies, measures of components.

use archplay_model::Kind;
use archplay_report::{
    AudienceTotals, ComponentTotals, Measure, MetricUnit, OperationTotals, Reason, Report,
};

use super::Sight;
use crate::{Scope, Target};

/// The operations that a scope means: those it names, else all that visitors ask for and wait for.
fn operations<'a>(report: &'a Report, of: &'a Scope) -> impl Iterator<Item = &'a OperationTotals> {
    let named = |o: &OperationTotals| of.operations.iter().any(|id| id.as_str() == o.operation);
    report.focus.operations.iter().filter(move |o| {
        if of.operations.is_empty() {
            !o.admin && !o.queued
        } else {
            named(o)
        }
    })
}

fn logins(report: &Report) -> impl Iterator<Item = &OperationTotals> {
    report
        .focus
        .operations
        .iter()
        .filter(|o| o.admin && !o.queued)
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn greatest(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.filter(|value| !value.is_nan()).reduce(f64::max)
}

pub(super) fn visitors_done(report: &Report, of: &Scope) -> Option<f64> {
    let meant = |a: &&AudienceTotals| {
        if of.audiences.is_empty() {
            !a.admin
        } else {
            of.audiences.iter().any(|id| id.as_str() == a.audience)
        }
    };
    let sum = |count: fn(&AudienceTotals) -> u64| {
        let audiences = report.focus.audiences.iter();
        audiences.filter(meant).map(count).sum()
    };
    share(sum(|a| a.done), sum(|a| a.arrived))
}

fn of_offered(report: &Report, of: &Scope, part: impl Fn(&OperationTotals) -> u64) -> Option<f64> {
    let offered = operations(report, of).map(|o| o.offered).sum();
    share(operations(report, of).map(part).sum(), offered)
}

pub(super) fn success(report: &Report, of: &Scope) -> Option<f64> {
    of_offered(report, of, |o| o.good)
}

pub(super) fn timeouts(report: &Report, of: &Scope) -> Option<f64> {
    of_offered(report, of, |o| o.failed_for(Reason::Timeout))
}

pub(super) fn errors(report: &Report, of: &Scope) -> Option<f64> {
    of_offered(report, of, OperationTotals::failed_total)
}

fn failures(operation: &OperationTotals, reasons: &[Reason]) -> u64 {
    if reasons.is_empty() {
        return operation.failed_total();
    }
    reasons.iter().map(|r| operation.failed_for(*r)).sum()
}

pub(super) fn failed_for(report: &Report, of: &Scope) -> Option<f64> {
    of_offered(report, of, |o| failures(o, &of.reasons))
}

pub(super) fn failed_count(report: &Report, of: &Scope) -> Option<f64> {
    let offered: u64 = operations(report, of).map(|o| o.offered).sum();
    let failed: u64 = operations(report, of)
        .map(|o| failures(o, &of.reasons))
        .sum();
    (offered > 0).then_some(failed as f64)
}

pub(super) fn latency(
    report: &Report,
    of: &Scope,
    figure: impl Fn(&OperationTotals) -> f64,
) -> Option<f64> {
    greatest(operations(report, of).map(figure))
}

pub(super) fn login(report: &Report, figure: impl Fn(&OperationTotals) -> f64) -> Option<f64> {
    greatest(logins(report).map(figure))
}

pub(super) fn logins_failed(report: &Report) -> Option<f64> {
    let offered = logins(report).map(|o| o.offered).sum();
    let failed = logins(report).map(OperationTotals::failed_total).sum();
    share(failed, offered)
}

pub(super) fn longest_wait_secs(sight: Sight<'_>) -> f64 {
    let rooms = Scope {
        kind: Some(Kind::WaitingRoom),
        ..Scope::default()
    };
    let waits = sight
        .report
        .components
        .iter()
        .filter(|c| sight.parts.means(&rooms, &c.id))
        .filter_map(|c| c.measure(Measure::WaitMax));
    greatest(waits).unwrap_or(0.0) / 1_000.0
}

pub(super) fn measure(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let measure = of.measure?;
    // With nobody named, the news feed's are those of the whole system.
    if of.kind.is_none() && of.components.is_empty() {
        let feed = sight.report.feed.as_ref();
        if let Some(value) = feed.and_then(|feed| feed.measure(measure)) {
            return (!value.is_nan()).then_some(value);
        }
    }
    // What is counted stands in the report only where it happened.
    let counted = measure.unit() == MetricUnit::Count;
    let value = |c: &ComponentTotals| match c.measure(measure) {
        None if counted => Some(0.0),
        value => value,
    };
    let components = sight.report.components.iter();
    let values: Vec<f64> = components
        .filter(|c| sight.parts.means(of, &c.id))
        .filter_map(value)
        .collect();
    target.join(of.across, &values)
}
