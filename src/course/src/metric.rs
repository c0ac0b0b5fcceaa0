//! The quantities that targets speak of. Each is computed from a report alone.

use archplay_model::scenario::Window;
use archplay_model::{ClockTime, Scenario};
use archplay_report::{
    AudienceTotals, Metric, OperationTotals, Reason, Report, SeriesTable, Subject, column_quantile,
};
use serde::{Deserialize, Serialize};

/// A quantity that a target can name. Its texts are `target.<slug>.name` and `.help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetMetric {
    /// Visitors who got through their journey in time / all visitors who came, in the focus window.
    VisitorsDoneShare,
    /// The 95th percentile of the time to the answer, of the visitors' slowest operation, in the focus
    /// window: the maximum of the operations' percentiles. Time-outs count with the time waited.
    LatencyP95Ms,
    /// Requests that timed out / requests begun by visitors, in the focus window.
    TimeoutShare,
    /// Requests that failed for any reason / requests begun by visitors, in the focus window.
    ErrorShare,
    /// The utilisation below which the busiest server was for 95 % of the focus window's buckets.
    CpuP95,
    /// The 99th percentile of the time an administrator's login took, in the focus window.
    LoginP99Ms,
    /// The longest time that an administrator's login took, in seconds, in the focus window.
    LoginMaxSecs,
    /// Logins that failed / logins tried, in the focus window.
    LoginFailedShare,
    /// What the run cost, in the scenario's price units.
    Cost,
    /// The time from `since` to the end of the last 10 seconds in which more than 2 % of the visitors'
    /// requests failed; 0 if there is none, nothing if they still fail at the end.
    RecoverySecs,
}

/// The unit of a target's value, for its display: `unit.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetUnit {
    /// A share from 0 to 1, shown in percent.
    Share,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Price units.
    PriceUnits,
}

impl TargetUnit {
    /// All units, for the tests that look for their labels.
    pub const ALL: [Self; 4] = [
        Self::Share,
        Self::Milliseconds,
        Self::Seconds,
        Self::PriceUnits,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::PriceUnits => "price_units",
        }
    }
}

/// How many seconds are looked at together when the recovery is timed.
const RECOVERY_WINDOW_SECS: u32 = 10;
/// The share of failures above which such a stretch counts as not recovered.
const RECOVERY_FAILED_SHARE: f64 = 0.02;

impl TargetMetric {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::VisitorsDoneShare,
        Self::LatencyP95Ms,
        Self::TimeoutShare,
        Self::ErrorShare,
        Self::CpuP95,
        Self::LoginP99Ms,
        Self::LoginMaxSecs,
        Self::LoginFailedShare,
        Self::Cost,
        Self::RecoverySecs,
    ];

    /// The name in task files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::VisitorsDoneShare => "visitors_done_share",
            Self::LatencyP95Ms => "latency_p95_ms",
            Self::TimeoutShare => "timeout_share",
            Self::ErrorShare => "error_share",
            Self::CpuP95 => "cpu_p95",
            Self::LoginP99Ms => "login_p99_ms",
            Self::LoginMaxSecs => "login_max_secs",
            Self::LoginFailedShare => "login_failed_share",
            Self::Cost => "cost",
            Self::RecoverySecs => "recovery_secs",
        }
    }

    /// Finds a metric by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.slug() == slug)
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> TargetUnit {
        match self {
            Self::VisitorsDoneShare
            | Self::TimeoutShare
            | Self::ErrorShare
            | Self::CpuP95
            | Self::LoginFailedShare => TargetUnit::Share,
            Self::LatencyP95Ms | Self::LoginP99Ms => TargetUnit::Milliseconds,
            Self::LoginMaxSecs | Self::RecoverySecs => TargetUnit::Seconds,
            Self::Cost => TargetUnit::PriceUnits,
        }
    }

    /// Measures it. `None` when there was nothing to measure.
    #[must_use]
    pub fn measure(
        self,
        report: &Report,
        scenario: &Scenario,
        since: Option<ClockTime>,
    ) -> Option<f64> {
        let focus = focus_of(scenario);
        match self {
            Self::VisitorsDoneShare => {
                let sum = |count: fn(&AudienceTotals) -> u64| {
                    report
                        .focus
                        .audiences
                        .iter()
                        .filter(|a| !a.admin)
                        .map(count)
                        .sum()
                };
                share(sum(|a| a.done), sum(|a| a.arrived))
            }
            Self::LatencyP95Ms => greatest(operations(report, false).map(|o| o.latency_p95_ms)),
            Self::TimeoutShare => failed_share(report, false, |o| o.failed_for(Reason::Timeout)),
            Self::ErrorShare => failed_share(report, false, OperationTotals::failed_total),
            Self::CpuP95 => busiest_server(&report.series, focus),
            Self::LoginP99Ms => greatest(operations(report, true).map(|o| o.latency_p99_ms)),
            Self::LoginMaxSecs => {
                greatest(operations(report, true).map(|o| o.latency_max_ms)).map(|ms| ms / 1_000.0)
            }
            Self::LoginFailedShare => failed_share(report, true, OperationTotals::failed_total),
            Self::Cost => Some(report.cost.total),
            Self::RecoverySecs => recovery_secs(
                &report.series,
                since.map_or(focus.from.secs(), ClockTime::secs),
            ),
        }
    }
}

/// The focus window; the whole scenario if it has none.
fn focus_of(scenario: &Scenario) -> Window {
    scenario.focus.unwrap_or(Window {
        from: scenario.start,
        to: ClockTime::from_secs(scenario.end().min(86_400)),
    })
}

fn operations(report: &Report, admin: bool) -> impl Iterator<Item = &OperationTotals> {
    report
        .focus
        .operations
        .iter()
        .filter(move |o| o.admin == admin && !o.queued)
}

fn failed_share(
    report: &Report,
    admin: bool,
    failed: impl Fn(&OperationTotals) -> u64,
) -> Option<f64> {
    let offered = operations(report, admin).map(|o| o.offered).sum();
    share(operations(report, admin).map(failed).sum(), offered)
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn greatest(values: impl Iterator<Item = f64>) -> Option<f64> {
    values.filter(|value| !value.is_nan()).reduce(f64::max)
}

/// Servers are the components with worker threads; a database's CPU is not looked at.
fn busiest_server(table: &SeriesTable, focus: Window) -> Option<f64> {
    let servers = table
        .keys
        .iter()
        .filter(|key| key.metric == Metric::Workers);
    greatest(servers.filter_map(|key| {
        let column = table.find(&key.subject, Metric::Utilisation)?;
        column_quantile(table, column, 0.95, focus.from.secs(), focus.to.secs())
    }))
}

fn recovery_secs(table: &SeriesTable, since: u32) -> Option<f64> {
    let offered = table.find(&Subject::System, Metric::Offered)?;
    let failed: Vec<usize> = (0..table.keys.len())
        .filter(|i| {
            let key = &table.keys[*i];
            key.subject == Subject::System && matches!(key.metric, Metric::Failed(_))
        })
        .collect();
    let window = (RECOVERY_WINDOW_SECS / table.bucket_secs.max(1)).max(1) as usize;
    let first = (since.saturating_sub(table.start_secs) / table.bucket_secs.max(1)) as usize;
    let mut recovered = since;
    let mut row = first;
    while row < table.rows() {
        let end = (row + window).min(table.rows());
        let sum = |column: usize| (row..end).map(|r| table.value(r, column)).sum::<f64>();
        let lost: f64 = failed.iter().map(|column| sum(*column)).sum();
        if lost > RECOVERY_FAILED_SHARE * sum(offered) {
            if end == table.rows() {
                return None;
            }
            recovered = table.time_of(end);
        }
        row = end;
    }
    Some(f64::from(recovered - since))
}
