//! Whether a target says what its metric needs, and nothing that would go unheard.

use std::collections::BTreeSet;

use archplay_model::scenario::Window;
use archplay_model::{Id, Scenario};
use archplay_report::MetricUnit;

use crate::check::Spot;
use crate::{Across, LessonError, Scope, Stat, Target, TargetMetric, Task};

/// What a metric takes besides limit and runs.
fn taken(metric: TargetMetric) -> &'static [&'static str] {
    use TargetMetric as M;
    match metric {
        M::VisitorsDoneShare => &["audiences"],
        M::SuccessShare
        | M::LatencyMeanMs
        | M::LatencyP50Ms
        | M::LatencyP95Ms
        | M::LatencyP99Ms
        | M::LatencyMaxMs => &["operations"],
        M::TimeoutShare | M::ErrorShare => &["operations", "window"],
        M::FailedShare => &["operations", "reasons", "window"],
        M::FailedCount => &["operations", "reasons"],
        M::CpuP95 => &["window"],
        M::LoginP99Ms
        | M::LoginMaxSecs
        | M::LoginFailedShare
        | M::Cost
        | M::CostPerHour
        | M::WaitMaxSecs => &[],
        M::RecoverySecs | M::BadSecs => &["since"],
        M::ConnectionsShare => &["components", "window"],
        M::DetectionSecs | M::PersonSecs | M::FalseAlarms => {
            &["components", "kind", "since", "window"]
        }
        M::AlarmLeadSecs => &["components", "kind", "events", "since"],
        M::EventCount => &["components", "kind", "events", "window"],
        M::EventSecs => &["components", "kind", "events", "since", "window"],
        M::Series => &[
            "operations",
            "components",
            "kind",
            "reasons",
            "series",
            "stat",
            "across",
            "window",
        ],
        M::Measure => &["components", "kind", "measure", "across"],
    }
}

/// What a metric cannot do without.
const fn needed(metric: TargetMetric) -> &'static [&'static str] {
    match metric {
        TargetMetric::FailedShare => &["reasons"],
        TargetMetric::Series => &["series"],
        TargetMetric::Measure => &["measure"],
        TargetMetric::EventCount | TargetMetric::EventSecs => &["events"],
        _ => &[],
    }
}

fn said(of: &Scope) -> Vec<&'static str> {
    let all = [
        ("operations", !of.operations.is_empty()),
        ("audiences", !of.audiences.is_empty()),
        ("reasons", !of.reasons.is_empty()),
        ("kind", of.kind.is_some()),
        ("components", !of.components.is_empty()),
        ("series", of.series.is_some()),
        ("measure", of.measure.is_some()),
        ("events", !of.events.is_empty()),
        ("stat", of.stat != Stat::Worst),
        ("across", of.across != Across::Worst),
    ];
    let said = all.into_iter().filter(|(_, said)| *said);
    said.map(|(name, _)| name).collect()
}

/// Checks the targets of a task against its scenario.
pub(crate) fn check(spot: Spot<'_>, task: &Task, scenario: &Scenario) -> Result<(), LessonError> {
    for (i, target) in task.targets.iter().enumerate() {
        let at = Place {
            spot,
            path: format!("targets[{i}]"),
        };
        at.scope("of", target, &target.of, scenario)?;
        if let Some(than) = &target.than {
            at.scope("than", target, than, scenario)?;
        }
        at.times(target, scenario)?;
        at.numbers(target)?;
        at.other_run(target, task)?;
    }
    Ok(())
}

struct Place<'a> {
    spot: Spot<'a>,
    path: String,
}

impl Place<'_> {
    fn error(&self, code: &'static str, field: &str, detail: impl ToString) -> LessonError {
        self.spot
            .error(code, &format!("{}.{field}", self.path), detail)
    }

    fn scope(
        &self,
        name: &str,
        target: &Target,
        of: &Scope,
        scenario: &Scenario,
    ) -> Result<(), LessonError> {
        let metric = target.metric;
        let said = said(of);
        let field = |field: &str| format!("{name}.{field}");
        if let Some(odd) = said.iter().find(|f| !taken(metric).contains(f)) {
            return Err(self.error("field_not_used", &field(odd), metric.slug()));
        }
        if let Some(absent) = needed(metric).iter().find(|f| !said.contains(f)) {
            return Err(self.error("missing_field", &field(absent), metric.slug()));
        }
        let unknown = |ids: &[Id], there: &dyn Fn(&Id) -> bool| {
            let found = ids.iter().find(|id| !there(id));
            found.map(ToString::to_string)
        };
        if let Some(id) = unknown(&of.operations, &|id| scenario.operation(id).is_some()) {
            return Err(self.error("unknown_id", &field("operations"), id));
        }
        let audience = |id: &Id| scenario.audiences.iter().any(|a| &a.id == id);
        if let Some(id) = unknown(&of.audiences, &audience) {
            return Err(self.error("unknown_id", &field("audiences"), id));
        }
        // Failures by operation have no series.
        let shares = matches!(
            metric,
            TargetMetric::TimeoutShare | TargetMetric::ErrorShare | TargetMetric::FailedShare
        );
        if shares && target.window.is_some() && !of.operations.is_empty() {
            return Err(self.error("field_not_used", &field("operations"), "window"));
        }
        let many = [
            !of.operations.is_empty(),
            of.kind.is_some() || !of.components.is_empty(),
        ];
        if metric == TargetMetric::Series && many == [true, true] {
            return Err(self.error("field_not_used", &field("operations"), "kind, components"));
        }
        let over_time = of.series.is_none_or(|series| {
            matches!(
                series.metric().unit(),
                MetricUnit::PerSecond | MetricUnit::PerMinute | MetricUnit::UnitsPerHour
            )
        });
        if of.stat == Stat::Total && !over_time {
            return Err(self.error("out_of_range", &field("stat"), "total"));
        }
        Ok(())
    }

    fn times(&self, target: &Target, scenario: &Scenario) -> Result<(), LessonError> {
        let takes = |field| taken(target.metric).contains(&field);
        let (from, to) = (scenario.start.secs(), scenario.end());
        if let Some(since) = target.since {
            if !takes("since") {
                return Err(self.error("field_not_used", "since", target.metric.slug()));
            }
            if !(from..to).contains(&since.secs()) {
                return Err(self.error("out_of_range", "since", since));
            }
        }
        if let Some(Window { from: a, to: b }) = target.window {
            if !takes("window") {
                return Err(self.error("field_not_used", "window", target.metric.slug()));
            }
            if a >= b || a.secs() < from || b.secs() > to {
                return Err(self.error("out_of_range", "window", format_args!("{a}, {b}")));
            }
        }
        Ok(())
    }

    fn numbers(&self, target: &Target) -> Result<(), LessonError> {
        if !target.value.is_finite() {
            return Err(self.error("out_of_range", "value", target.value));
        }
        if target.absent.is_some_and(|value| !value.is_finite()) {
            return Err(self.error("out_of_range", "absent", "not a number"));
        }
        let weight = target.weight;
        if !(weight.is_finite() && weight > 0.0 && weight <= 100.0) {
            return Err(self.error("out_of_range", "weight", weight));
        }
        let name = target.name.as_ref();
        if name.is_some_and(|n| n.ko.trim().is_empty() || n.en.trim().is_empty()) {
            return Err(self.error("missing_text", "name", ""));
        }
        Ok(())
    }

    /// A run that is compared with has to come before all in which the target holds.
    fn other_run(&self, target: &Target, task: &Task) -> Result<(), LessonError> {
        let Some(other) = &target.than_run else {
            return Ok(());
        };
        let ids: Vec<&Id> = task.runs.iter().map(|run| &run.id).collect();
        let Some(place) = ids.iter().position(|id| *id == other) else {
            return Err(self.error("unknown_id", "than_run", other));
        };
        let later: BTreeSet<&Id> = ids[place + 1..].iter().copied().collect();
        if target.runs.is_empty() || target.runs.iter().any(|run| !later.contains(run)) {
            return Err(self.error("out_of_range", "runs", other));
        }
        Ok(())
    }
}
