//! Measuring: from a report to the one value that a target speaks of.
//!
//! Everything comes from the report: totals of the focus window, series, measures, events. Of the drawing only
//! the kinds and connection limits of its components are known, to find them in the report.

mod events;
mod outage;
mod series;
mod totals;

use std::collections::BTreeMap;

use archplay_model::{Design, Id, Kind, Scenario, connection_limit};
use archplay_report::Report;

use crate::{Across, Compare, Moved, Scope, Target, TargetMetric};

pub(crate) use events::{alarm_moment, event_moment};
pub(crate) use outage::{failing_row, last_outage};
pub(crate) use series::{columns_of, first_beyond};

/// Which components a drawing has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    kinds: BTreeMap<Id, Kind>,
    limits: BTreeMap<Id, u64>,
}

impl Parts {
    /// Those of a drawing.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let all = design.components.values();
        let databases = all.clone().filter(|c| c.kind == Kind::Database);
        Self {
            kinds: all.map(|c| (c.id.clone(), c.kind)).collect(),
            limits: databases
                .map(|c| (c.id.clone(), connection_limit(c)))
                .collect(),
        }
    }

    /// Whether a scope means a component.
    pub(crate) fn means(&self, scope: &Scope, id: &Id) -> bool {
        let named = scope.components.is_empty() || scope.components.contains(id);
        named
            && scope
                .kind
                .is_none_or(|kind| self.kinds.get(id) == Some(&kind))
    }
}

/// A stretch of the scenario's clock in seconds after the first midnight, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// All that a target can see of a run.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// What the run told.
    pub report: &'a Report,
    /// What was run.
    pub scenario: &'a Scenario,
    /// What was drawn.
    pub parts: &'a Parts,
    /// The faults that come at another moment than the task says.
    pub moved: &'a [Moved],
}

impl Sight<'_> {
    /// The scenario's focus window; all of it if it has none.
    pub(crate) fn focus(&self) -> Stretch {
        self.scenario
            .focus
            .map_or_else(|| self.whole(), Stretch::from)
    }

    pub(crate) fn whole(&self) -> Stretch {
        Stretch {
            from: self.scenario.start.secs(),
            to: self.scenario.end(),
        }
    }

    /// What a target looks at: its window, or the focus.
    pub(crate) fn window(&self, target: &Target) -> Stretch {
        target.window.map_or_else(|| self.focus(), Stretch::from)
    }

    /// From when a target times something.
    pub(crate) fn since(&self, target: &Target) -> u32 {
        self.told_since(target).unwrap_or_else(|| self.focus().from)
    }

    /// The same, if the target says it. The beginning of a fault is where the fault begins in this run.
    pub(crate) fn told_since(&self, target: &Target) -> Option<u32> {
        let since = target.since?;
        let moved = self.moved.iter().find(|moved| moved.from == since);
        Some(moved.map_or(since, |moved| moved.to).secs())
    }
}

impl From<archplay_model::scenario::Window> for Stretch {
    fn from(window: archplay_model::scenario::Window) -> Self {
        Self {
            from: window.from.secs(),
            to: window.to.secs(),
        }
    }
}

impl Target {
    /// Measures it in one run; `None` when there was nothing to measure. What a target wants of another run
    /// is the grader's.
    #[must_use]
    pub fn measure(&self, sight: Sight<'_>) -> Option<f64> {
        let value = self.measure_of(&self.of, sight);
        let value = match &self.than {
            None => value,
            Some(than) => ratio(value, self.measure_of(than, sight)),
        };
        value.filter(|value| !value.is_nan()).or(self.absent)
    }

    fn measure_of(&self, of: &Scope, sight: Sight<'_>) -> Option<f64> {
        use TargetMetric as M;
        match self.metric {
            M::VisitorsDoneShare => totals::visitors_done(sight.report, of),
            M::SuccessShare => totals::success(sight.report, of),
            M::TimeoutShare | M::ErrorShare | M::FailedShare if self.window.is_some() => {
                series::failed_share(self, of, sight)
            }
            M::TimeoutShare => totals::timeouts(sight.report, of),
            M::ErrorShare => totals::errors(sight.report, of),
            M::FailedShare => totals::failed_for(sight.report, of),
            M::FailedCount => totals::failed_count(sight.report, of),
            M::LatencyMeanMs => totals::latency(sight.report, of, |o| o.latency_mean_ms),
            M::LatencyP50Ms => totals::latency(sight.report, of, |o| o.latency_p50_ms),
            M::LatencyP95Ms => totals::latency(sight.report, of, |o| o.latency_p95_ms),
            M::LatencyP99Ms => totals::latency(sight.report, of, |o| o.latency_p99_ms),
            M::LatencyMaxMs => totals::latency(sight.report, of, |o| o.latency_max_ms),
            M::LoginP99Ms => totals::login(sight.report, |o| o.latency_p99_ms),
            M::LoginMaxSecs => {
                totals::login(sight.report, |o| o.latency_max_ms).map(|ms| ms / 1_000.0)
            }
            M::LoginFailedShare => totals::logins_failed(sight.report),
            M::Cost => Some(sight.report.cost.total),
            M::CostPerHour => {
                let hours = sight.report.ran_ns as f64 / 3.6e12;
                (hours > 0.0).then(|| sight.report.cost.total / hours)
            }
            M::WaitMaxSecs => Some(totals::longest_wait_secs(sight)),
            M::Measure => totals::measure(self, of, sight),
            M::CpuP95 => series::busiest_server(self, sight),
            M::ConnectionsShare => series::connections(self, of, sight),
            M::Series => series::series(self, of, sight),
            M::RecoverySecs => outage::recovery_secs(self, sight),
            M::BadSecs => outage::bad_secs(self, sight),
            M::DetectionSecs | M::PersonSecs | M::EventSecs => events::first_secs(self, of, sight),
            M::FalseAlarms => events::false_alarms(self, of, sight),
            M::AlarmLeadSecs => events::lead_secs(self, of, sight),
            M::EventCount => events::count(self, of, sight),
        }
    }

    /// The greatest or least of several values, as the target's limit wants it.
    pub(crate) fn worst(&self, values: impl Iterator<Item = f64>) -> Option<f64> {
        let values = values.filter(|value| !value.is_nan());
        match self.compare {
            Compare::AtMost => values.reduce(f64::max),
            Compare::AtLeast => values.reduce(f64::min),
        }
    }

    /// Several values as one.
    pub(crate) fn join(&self, across: Across, values: &[f64]) -> Option<f64> {
        let there = || values.iter().copied().filter(|value| !value.is_nan());
        let sum = || there().sum::<f64>();
        let count = there().count();
        if count == 0 {
            return None;
        }
        let mean = || sum() / count as f64;
        match across {
            Across::Worst => self.worst(there()),
            Across::Max => there().reduce(f64::max),
            Across::Min => there().reduce(f64::min),
            Across::Mean => Some(mean()),
            Across::Sum => Some(sum()),
            Across::Imbalance => ratio(there().reduce(f64::max), Some(mean())),
        }
    }
}

/// One value by another, which has to be above 0.
pub(crate) fn ratio(value: Option<f64>, by: Option<f64>) -> Option<f64> {
    match (value, by) {
        (Some(value), Some(by)) if by > 0.0 => Some(value / by),
        _ => None,
    }
}
