//! The quantities that targets speak of: names and units. How each is measured is in `measure`.

use archplay_report::MetricUnit;
use serde::{Deserialize, Serialize};

/// A quantity that a target can name. Its texts are `target.<slug>.name` and `.help`.
///
/// Where it says "the visitors' requests" or "the slowest operation", a target may name operations and means
/// those; without names, operations of administrators and of queues do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TargetMetric {
    /// Visitors who got through their journey in time / all visitors who came, in the focus window.
    VisitorsDoneShare,
    /// Requests answered well / requests begun by visitors, in the focus window: the goodput.
    SuccessShare,
    /// Requests that timed out / requests begun by visitors, in the focus window.
    TimeoutShare,
    /// Requests that failed for any reason / requests begun by visitors, in the focus window.
    ErrorShare,
    /// Requests that failed for one of the named reasons / requests begun by visitors, in the focus window.
    FailedShare,
    /// The mean time to the answer, of the visitors' slowest operation, in the focus window. Time-outs count
    /// with the time waited.
    LatencyMeanMs,
    /// The median of the same: the greatest of the operations' medians.
    LatencyP50Ms,
    /// The 95th percentile of the time to the answer, of the visitors' slowest operation, in the focus
    /// window: the maximum of the operations' percentiles. Time-outs count with the time waited.
    LatencyP95Ms,
    /// The 99th percentile of the same.
    LatencyP99Ms,
    /// The longest of the same.
    LatencyMaxMs,
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
    /// What the run cost / the hours it lasted.
    CostPerHour,
    /// Requests that failed for one of the named reasons, for any without names, in the focus window.
    FailedCount,
    /// The time from `since` to the end of the last 10 seconds in which more than 2 % of the visitors'
    /// requests failed; 0 if there is none, nothing if they still fail at the end.
    RecoverySecs,
    /// How many seconds after `since` lie in stretches of 10 seconds in which more than 2 % of the visitors'
    /// requests failed.
    BadSecs,
    /// Connections in use / the limit, of the database that was fullest, in any second of the window; 1 where
    /// the limit was met.
    ConnectionsShare,
    /// The longest that anybody stood in a waiting room who was let in; 0 without a waiting room.
    WaitMaxSecs,
    /// The time from `since` to the first alarm raised at or after it.
    DetectionSecs,
    /// The time from `since` to the first call of a person at or after it.
    PersonSecs,
    /// Alarms raised before `since`; without it those while no fault acts, nor has ended less than a minute ago.
    FalseAlarms,
    /// The time from the first alarm to the first failed request of a visitor, both at or after `since`; to
    /// the end of the run if none fails. Negative if the failure came first.
    AlarmLeadSecs,
    /// How often one of the named events happened, in the whole run or the window.
    EventCount,
    /// The time from `since` to the first of the named events at or after it.
    EventSecs,
    /// Any series of the report over the focus window, or the target's own.
    Series,
    /// Any measure of components, over the focus window.
    Measure,
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
    /// Price units per hour.
    UnitsPerHour,
    /// A number of things.
    Count,
    /// Per second.
    PerSecond,
    /// Per minute.
    PerMinute,
    /// 10^6 bytes per second.
    MegabytesPerSecond,
    /// Megabytes (10^6 bytes).
    Megabytes,
    /// So many times something else.
    Times,
}

impl TargetUnit {
    /// All units, for the tests that look for their labels.
    pub const ALL: [Self; 11] = [
        Self::Share,
        Self::Milliseconds,
        Self::Seconds,
        Self::PriceUnits,
        Self::UnitsPerHour,
        Self::Count,
        Self::PerSecond,
        Self::PerMinute,
        Self::MegabytesPerSecond,
        Self::Megabytes,
        Self::Times,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::PriceUnits => "price_units",
            Self::UnitsPerHour => "units_per_hour",
            Self::Count => "count",
            Self::PerSecond => "per_second",
            Self::PerMinute => "per_minute",
            Self::MegabytesPerSecond => "megabytes_per_second",
            Self::Megabytes => "megabytes",
            Self::Times => "times",
        }
    }
}

impl From<MetricUnit> for TargetUnit {
    fn from(unit: MetricUnit) -> Self {
        match unit {
            MetricUnit::PerSecond => Self::PerSecond,
            MetricUnit::Milliseconds => Self::Milliseconds,
            MetricUnit::Share => Self::Share,
            MetricUnit::Count => Self::Count,
            MetricUnit::MegabytesPerSecond => Self::MegabytesPerSecond,
            MetricUnit::Megabytes => Self::Megabytes,
            MetricUnit::UnitsPerHour => Self::UnitsPerHour,
            MetricUnit::Seconds => Self::Seconds,
            MetricUnit::PerMinute => Self::PerMinute,
        }
    }
}

impl TargetMetric {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::VisitorsDoneShare,
        Self::SuccessShare,
        Self::TimeoutShare,
        Self::ErrorShare,
        Self::FailedShare,
        Self::LatencyMeanMs,
        Self::LatencyP50Ms,
        Self::LatencyP95Ms,
        Self::LatencyP99Ms,
        Self::LatencyMaxMs,
        Self::CpuP95,
        Self::LoginP99Ms,
        Self::LoginMaxSecs,
        Self::LoginFailedShare,
        Self::Cost,
        Self::CostPerHour,
        Self::FailedCount,
        Self::RecoverySecs,
        Self::BadSecs,
        Self::ConnectionsShare,
        Self::WaitMaxSecs,
        Self::DetectionSecs,
        Self::PersonSecs,
        Self::FalseAlarms,
        Self::AlarmLeadSecs,
        Self::EventCount,
        Self::EventSecs,
        Self::Series,
        Self::Measure,
    ];

    /// The name in task files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::VisitorsDoneShare => "visitors_done_share",
            Self::SuccessShare => "success_share",
            Self::TimeoutShare => "timeout_share",
            Self::ErrorShare => "error_share",
            Self::FailedShare => "failed_share",
            Self::LatencyMeanMs => "latency_mean_ms",
            Self::LatencyP50Ms => "latency_p50_ms",
            Self::LatencyP95Ms => "latency_p95_ms",
            Self::LatencyP99Ms => "latency_p99_ms",
            Self::LatencyMaxMs => "latency_max_ms",
            Self::CpuP95 => "cpu_p95",
            Self::LoginP99Ms => "login_p99_ms",
            Self::LoginMaxSecs => "login_max_secs",
            Self::LoginFailedShare => "login_failed_share",
            Self::Cost => "cost",
            Self::CostPerHour => "cost_per_hour",
            Self::FailedCount => "failed_count",
            Self::RecoverySecs => "recovery_secs",
            Self::BadSecs => "bad_secs",
            Self::ConnectionsShare => "connections_share",
            Self::WaitMaxSecs => "wait_max_secs",
            Self::DetectionSecs => "detection_secs",
            Self::PersonSecs => "person_secs",
            Self::FalseAlarms => "false_alarms",
            Self::AlarmLeadSecs => "alarm_lead_secs",
            Self::EventCount => "event_count",
            Self::EventSecs => "event_secs",
            Self::Series => "series",
            Self::Measure => "measure",
        }
    }

    /// Finds a metric by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.slug() == slug)
    }

    /// The unit, where the metric alone has one: a series or measure has its own.
    #[must_use]
    pub const fn unit(self) -> TargetUnit {
        match self {
            Self::VisitorsDoneShare
            | Self::SuccessShare
            | Self::TimeoutShare
            | Self::ErrorShare
            | Self::FailedShare
            | Self::CpuP95
            | Self::LoginFailedShare
            | Self::ConnectionsShare => TargetUnit::Share,
            Self::LatencyMeanMs
            | Self::LatencyP50Ms
            | Self::LatencyP95Ms
            | Self::LatencyP99Ms
            | Self::LatencyMaxMs
            | Self::LoginP99Ms => TargetUnit::Milliseconds,
            Self::LoginMaxSecs
            | Self::RecoverySecs
            | Self::BadSecs
            | Self::WaitMaxSecs
            | Self::DetectionSecs
            | Self::PersonSecs
            | Self::AlarmLeadSecs
            | Self::EventSecs => TargetUnit::Seconds,
            Self::Cost => TargetUnit::PriceUnits,
            Self::CostPerHour => TargetUnit::UnitsPerHour,
            Self::FailedCount
            | Self::FalseAlarms
            | Self::EventCount
            | Self::Series
            | Self::Measure => TargetUnit::Count,
        }
    }

    /// What is said when there was nothing to measure: `verdict.<this>`.
    #[must_use]
    pub const fn nothing(self) -> &'static str {
        match self {
            Self::RecoverySecs => "never_recovered",
            Self::DetectionSecs | Self::PersonSecs | Self::EventSecs | Self::AlarmLeadSecs => {
                "never"
            }
            _ => "not_measured",
        }
    }
}
