//! What tests ask a report for, and faults in few words.

use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, Spread};
use archplay_model::{ClockTime, Scenario};
use archplay_report::{EventCode, Metric, Report, Subject};

use crate::support::id;
pub use crate::support::read;

pub fn clock(secs: u32) -> ClockTime {
    ClockTime::from_secs(secs)
}

pub fn column(report: &Report, component: &str, metric: Metric) -> Vec<f64> {
    let subject = Subject::Component(id(component));
    let found = report.series.find(&subject, metric);
    let column = found.unwrap_or_else(|| panic!("{component} {metric:?}"));
    report.series.column(column).collect()
}

pub fn system(report: &Report, metric: Metric) -> Vec<f64> {
    let column = report
        .series
        .find(&Subject::System, metric)
        .unwrap_or(usize::MAX);
    report.series.column(column).collect()
}

pub fn count(report: &Report, code: EventCode) -> usize {
    let events = report.events.iter();
    events.filter(|event| event.code == code).count()
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub fn fault(at: u32, until: Option<u32>, action: FaultAction, target: FaultTarget) -> Fault {
    Fault {
        at: clock(at),
        until: until.map(clock),
        action,
        target,
    }
}

pub fn constant(cpu_ms: f64) -> Demand {
    Demand::Compute {
        cpu_ms,
        spread: Spread::Constant,
    }
}

pub fn insert(dataset: &str) -> Demand {
    Demand::Insert {
        dataset: id(dataset),
        on_conflict: Default::default(),
    }
}

/// Another operation, asked by nobody but services.
pub fn with_service(mut load: Scenario, name: &str, demand: Demand) -> Scenario {
    let mut operation = load.operations[0].clone();
    (operation.id, operation.demand) = (id(name), demand);
    load.operations.push(operation);
    load
}

/// The totals of a component.
pub fn part<'a>(report: &'a Report, component: &str) -> &'a archplay_report::ComponentTotals {
    let mut parts = report.components.iter();
    let found = parts.find(|part| part.id.as_str() == component);
    found.unwrap_or_else(|| panic!("{component}"))
}

/// A number among the measures of a component; NaN if it has none.
pub fn measure(report: &Report, component: &str, which: archplay_report::Measure) -> f64 {
    let mut measures = part(report, component).measures.iter();
    let found = measures.find(|(measure, _)| *measure == which);
    found.map_or(f64::NAN, |(_, value)| *value)
}

/// The same where it has to have one.
pub fn measured(report: &Report, component: &str, which: archplay_report::Measure) -> f64 {
    let value = measure(report, component, which);
    assert!(!value.is_nan(), "{component} {which:?}");
    value
}
