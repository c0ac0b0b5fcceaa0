//! Why a target was missed: the moment at which it went wrong, and where.

use archplay_model::Id;
use archplay_report::{Cause, Metric, Reason, Report, Subject};
use serde::{Deserialize, Serialize};

use crate::measure::{Sight, alarm_moment, event_moment, failing_row, first_beyond, last_outage};
use crate::{Scope, SeriesName, Target, TargetMetric};

/// The moment at which a missed target went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Simulated time since the start, in nanoseconds.
    pub at_ns: u64,
    /// The id of the component at which requests failed, whose series or event it is, or that was busiest.
    pub component: Option<String>,
    /// Why requests failed there, if they did.
    pub reason: Option<Reason>,
    /// How many failed there for this reason in the whole run.
    pub count: u64,
}

/// The component that is busiest is told only if it is this busy.
const BUSY: f64 = 0.7;

/// Finds the moment; `None` where there is none to point at, such as for an alarm that never came.
pub(crate) fn why(target: &Target, sight: Sight<'_>) -> Option<Why> {
    use TargetMetric as M;
    let of = &target.of;
    match target.metric {
        M::VisitorsDoneShare | M::SuccessShare | M::ErrorShare => caused(sight, &[]),
        M::TimeoutShare => caused(sight, &[Reason::Timeout]),
        M::FailedShare | M::FailedCount => caused(sight, &of.reasons),
        M::LoginFailedShare => None,
        M::LatencyMeanMs | M::LatencyP50Ms => slow(target, Metric::LatencyP50, sight),
        M::LatencyP95Ms => slow(target, Metric::LatencyP95, sight),
        M::LatencyP99Ms | M::LatencyMaxMs => slow(target, Metric::LatencyP99, sight),
        M::LoginP99Ms => login(target, target.value, sight),
        M::LoginMaxSecs => login(target, target.value * 1_000.0, sight),
        M::CpuP95 => {
            let of = series(Metric::Utilisation, archplay_model::Kind::Server);
            beyond(target, &of, target.value, sight)
        }
        M::Cost | M::CostPerHour => dearest(sight),
        M::RecoverySecs | M::BadSecs => {
            let at = last_outage(target, sight)?;
            let cause = sight
                .report
                .causes
                .iter()
                .find(|c| secs(sight, c.first_ns) >= at);
            Some(Why {
                at_ns: since_start(sight, at),
                component: cause.map(|c| c.component.to_string()),
                reason: cause.map(|c| c.reason),
                count: cause.map_or(0, |c| c.count),
            })
        }
        M::ConnectionsShare => caused(sight, &[Reason::DbConnectionLimit]).or_else(|| {
            let of = series(Metric::Connections, archplay_model::Kind::Database);
            peak(&of, sight)
        }),
        M::Series => {
            let limit = if target.than.is_none() && target.than_run.is_none() {
                target.value
            } else {
                return peak(of, sight);
            };
            beyond(target, of, limit, sight)
        }
        M::FalseAlarms => alarm_moment(target, sight).map(at_event),
        M::DetectionSecs | M::PersonSecs | M::EventCount | M::EventSecs => {
            event_moment(target, sight)
                .map(at_event)
                .or_else(|| sight.told_since(target).map(|since| moment(sight, since)))
        }
        M::AlarmLeadSecs => failing_row(sight, sight.since(target)).map(|at| moment(sight, at)),
        M::WaitMaxSecs => {
            let of = series(Metric::Backlog, archplay_model::Kind::WaitingRoom);
            peak(&of, sight)
        }
        M::Measure => {
            let reason = of.measure.and_then(|m| match m {
                archplay_report::Measure::StaleReads => Some(Reason::StaleRead),
                archplay_report::Measure::LostWrites => Some(Reason::LostWrite),
                archplay_report::Measure::Oversold => Some(Reason::Oversold),
                archplay_report::Measure::Collisions => Some(Reason::DuplicateKey),
                _ => None,
            });
            caused(sight, &[reason?])
        }
    }
}

fn series(metric: Metric, kind: archplay_model::Kind) -> Scope {
    Scope {
        kind: Some(kind),
        series: Some(SeriesName::Of(metric)),
        ..Scope::default()
    }
}

fn secs(sight: Sight<'_>, at_ns: u64) -> u32 {
    let gone = u32::try_from(at_ns / 1_000_000_000).unwrap_or(u32::MAX);
    sight.scenario.start.secs().saturating_add(gone)
}

fn since_start(sight: Sight<'_>, at: u32) -> u64 {
    u64::from(at.saturating_sub(sight.scenario.start.secs())) * 1_000_000_000
}

/// A moment, with what was busiest then.
fn moment(sight: Sight<'_>, at: u32) -> Why {
    Why {
        at_ns: since_start(sight, at),
        component: busiest(sight.report, at),
        reason: None,
        count: 0,
    }
}

fn at_event(event: &archplay_report::Event) -> Why {
    Why {
        at_ns: event.at_ns,
        component: Some(event.id.to_string()),
        reason: None,
        count: 0,
    }
}

/// The earliest failure for one of the reasons, for any without names.
fn caused(sight: Sight<'_>, reasons: &[Reason]) -> Option<Why> {
    let causes = sight.report.causes.iter();
    let first = earliest(causes.filter(|c| reasons.is_empty() || reasons.contains(&c.reason)))?;
    Some(Why {
        at_ns: first.first_ns,
        component: Some(first.component.to_string()),
        reason: Some(first.reason),
        count: first.count,
    })
}

/// The first of causes in time.
pub(crate) fn earliest<'a>(causes: impl Iterator<Item = &'a Cause>) -> Option<&'a Cause> {
    causes.min_by_key(|cause| cause.first_ns)
}

/// When an operation's latency rises above the limit.
fn slow(target: &Target, metric: Metric, sight: Sight<'_>) -> Option<Why> {
    if target.than.is_some() || target.than_run.is_some() {
        return None;
    }
    let of = Scope {
        operations: target.of.operations.clone(),
        series: Some(SeriesName::Of(metric)),
        ..Scope::default()
    };
    let (at, _) = first_beyond(target, &of, target.value, sight)?;
    Some(moment(sight, at))
}

fn login(target: &Target, limit_ms: f64, sight: Sight<'_>) -> Option<Why> {
    let logins = sight.report.focus.operations.iter().filter(|o| o.admin);
    let of = Scope {
        operations: logins.filter_map(|o| Id::new(&o.operation).ok()).collect(),
        series: Some(SeriesName::Of(Metric::LatencyP99)),
        ..Scope::default()
    };
    if of.operations.is_empty() {
        return None;
    }
    let (at, _) = first_beyond(target, &of, limit_ms, sight)?;
    Some(moment(sight, at))
}

fn beyond(target: &Target, of: &Scope, limit: f64, sight: Sight<'_>) -> Option<Why> {
    let (at, subject) = first_beyond(target, of, limit, sight)?;
    let mut why = moment(sight, at);
    if let Subject::Component(id) = subject {
        why.component = Some(id.to_string());
    }
    Some(why)
}

/// The moment at which one of the series is greatest.
fn peak(of: &Scope, sight: Sight<'_>) -> Option<Why> {
    let table = &sight.report.series;
    let mut best: Option<(f64, usize, Subject)> = None;
    for (subject, columns) in crate::measure::columns_of(of, sight) {
        for column in columns {
            if let Some((row, value)) = archplay_report::peak(table, column)
                && best.as_ref().is_none_or(|(top, ..)| value > *top)
            {
                best = Some((value, row, subject.clone()));
            }
        }
    }
    let (_, row, subject) = best?;
    let mut why = moment(sight, table.time_of(row));
    if let Subject::Component(id) = subject {
        why.component = Some(id.to_string());
    }
    Some(why)
}

/// The moment that costs most.
fn dearest(sight: Sight<'_>) -> Option<Why> {
    let of = Scope {
        series: Some(SeriesName::Of(Metric::CostRate)),
        ..Scope::default()
    };
    let why = peak(&of, sight)?;
    Some(Why {
        component: None,
        ..why
    })
}

/// The component that was busiest in a bucket.
fn busiest(report: &Report, at: u32) -> Option<String> {
    let table = &report.series;
    if table.rows() == 0 {
        return None;
    }
    let row = table.row_at(at);
    let mut best: Option<(f64, &Id)> = None;
    for (i, key) in table.keys.iter().enumerate() {
        let Subject::Component(id) = &key.subject else {
            continue;
        };
        let value = table.value(row, i);
        if key.metric == Metric::Utilisation
            && value >= BUSY
            && best.is_none_or(|(top, _)| value > top)
        {
            best = Some((value, id));
        }
    }
    best.map(|(_, id)| id.to_string())
}
