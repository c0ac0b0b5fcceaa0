//! What is measured, and in which unit.

use serde::{Deserialize, Serialize};

use crate::Reason;

/// A measured quantity. One value a bucket of the series table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Requests that began, per second. System, operation.
    Offered,
    /// Requests answered well, per second. System, operation.
    Good,
    /// Requests that failed for this reason, per second. System, operation, component (where it arose).
    Failed(Reason),
    /// Requests begun and not ended, at the end of the bucket. System.
    Inside,
    /// Median time to the answer, in ms; time-outs count with the time waited, refusals do not count.
    LatencyP50,
    /// 95th percentile of the same.
    LatencyP95,
    /// 99th percentile of the same.
    LatencyP99,
    /// Visitors who arrived, per second. System.
    Visitors,
    /// Visitors who got through their journey, per second. System.
    VisitorsDone,
    /// Visitors who left without, per second. System.
    VisitorsLost,
    /// CPU busy time / CPU capacity of the instances in service, 0 to 1. Server, database.
    Utilisation,
    /// Mean number of requests that want the CPU. Server, database.
    Runnable,
    /// Mean share of worker threads that are taken, 0 to 1. Server.
    Workers,
    /// Connections waiting for a worker, mean over the bucket, all instances. Server.
    Backlog,
    /// Memory in use / memory, 0 to 1, the fullest instance. Server.
    Memory,
    /// Network card busy time / time, 0 to 1, mean of the instances. Server.
    Nic,
    /// Instances that take requests. Server.
    Instances,
    /// Instances that are starting. Server.
    Booting,
    /// Instances that the rules want. Server in a group.
    Desired,
    /// Connection slots in use, mean. Database.
    Connections,
    /// Answers from the edge / requests for static files, 0 to 1. CDN.
    HitRatio,
    /// Bytes sent to visitors, in MB (10^6) per second. CDN, server.
    Egress,
    /// Targets that get requests. Load balancer.
    Healthy,
    /// Requests begun, per second. Component, link.
    Rate,
    /// Requests that came back failed, per second. Link.
    RateFailed,
    /// Mean time to the answer over this link, in ms. Link.
    LinkLatency,
    /// Money spent, in units per hour. System.
    CostRate,
    /// How far a copy is behind, in ms. Replica, search.
    Lag,
    /// Age of the oldest message, in s. Queue.
    OldestAge,
    /// Disk busy time / time, 0 to 1. Database, server.
    Disk,
    /// Disk space in use / disk space, 0 to 1. Database, server.
    DiskUsed,
    /// Running and waiting threads, damped over one minute. Server.
    LoadAverage,
    /// Questions asked again, per second. Component.
    Retries,
    /// Instances started for a request, per second. Function.
    ColdStarts,
    /// Messages that nobody could work on. Queue.
    DeadLetters,
    /// 1 while the alarm is raised, else 0. Monitor.
    Alarm,
    /// Visitors let in, per second. Waiting room.
    Admitted,
    /// Statements waiting for a locked row, mean. Database.
    LockWaiting,
    /// Requests refused because of a rate, per second. Component.
    Throttled,
    /// Orders, per minute. System.
    Orders,
    /// Orders / visitors, 0 to 1. System.
    Conversion,
    /// Revenue, in price units per hour. System.
    Revenue,
    /// Distinct visitors since midnight of the scenario's day; at its end they are the daily active users. System.
    Dau,
    /// Median time from a post to a friend's feed list, in ms. System, with a news feed.
    DeliveryP50,
    /// 95th percentile of the same.
    DeliveryP95,
    /// 99th percentile of the same.
    DeliveryP99,
    /// Ids written to feed lists, per second. System.
    FanOutWrites,
    /// Rows (feed lists, authors' own posts) looked up for a page, mean. System.
    LookupsPerRead,
    /// Share of the judged pages that miss a post which is on its way, 0 to 1. System.
    StaleShare,
    /// Posts on judged pages that are wrong: missing for good, out of order, twice, not for this reader. System.
    FeedErrors,
    /// Ids written to lists of users who never read, per second. System.
    WastedPushes,
    /// What all feed lists of the whole take, in MB (10^6). System.
    ListMemory,
}

/// The unit of a metric, for axes and labels: `unit.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// Per second.
    PerSecond,
    /// Milliseconds.
    Milliseconds,
    /// A share from 0 to 1, shown in percent.
    Share,
    /// A number of things.
    Count,
    /// 10^6 bytes per second.
    MegabytesPerSecond,
    /// Price units per hour.
    UnitsPerHour,
    /// Seconds.
    Seconds,
    /// Per minute.
    PerMinute,
    /// 10^6 bytes.
    Megabytes,
}

impl MetricUnit {
    /// All units, for the tests that look for their labels.
    pub const ALL: [Self; 9] = [
        Self::PerSecond,
        Self::Milliseconds,
        Self::Share,
        Self::Count,
        Self::MegabytesPerSecond,
        Self::UnitsPerHour,
        Self::Seconds,
        Self::PerMinute,
        Self::Megabytes,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::PerSecond => "per_second",
            Self::Milliseconds => "milliseconds",
            Self::Share => "share",
            Self::Count => "count",
            Self::MegabytesPerSecond => "megabytes_per_second",
            Self::UnitsPerHour => "units_per_hour",
            Self::Seconds => "seconds",
            Self::PerMinute => "per_minute",
            Self::Megabytes => "megabytes",
        }
    }
}

impl Metric {
    /// All of them but the failures, of which there is one for each reason.
    pub const PLAIN: [Self; 51] = [
        Self::Offered,
        Self::Good,
        Self::Inside,
        Self::LatencyP50,
        Self::LatencyP95,
        Self::LatencyP99,
        Self::Visitors,
        Self::VisitorsDone,
        Self::VisitorsLost,
        Self::Utilisation,
        Self::Runnable,
        Self::Workers,
        Self::Backlog,
        Self::Memory,
        Self::Nic,
        Self::Instances,
        Self::Booting,
        Self::Desired,
        Self::Connections,
        Self::HitRatio,
        Self::Egress,
        Self::Healthy,
        Self::Rate,
        Self::RateFailed,
        Self::LinkLatency,
        Self::CostRate,
        Self::Lag,
        Self::OldestAge,
        Self::Disk,
        Self::DiskUsed,
        Self::LoadAverage,
        Self::Retries,
        Self::ColdStarts,
        Self::DeadLetters,
        Self::Alarm,
        Self::Admitted,
        Self::LockWaiting,
        Self::Throttled,
        Self::Orders,
        Self::Conversion,
        Self::Revenue,
        Self::Dau,
        Self::DeliveryP50,
        Self::DeliveryP95,
        Self::DeliveryP99,
        Self::FanOutWrites,
        Self::LookupsPerRead,
        Self::StaleShare,
        Self::FeedErrors,
        Self::WastedPushes,
        Self::ListMemory,
    ];

    /// The name in text keys and on the command line. All failures share `failed`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Good => "good",
            Self::Failed(_) => "failed",
            Self::Inside => "inside",
            Self::LatencyP50 => "latency_p50",
            Self::LatencyP95 => "latency_p95",
            Self::LatencyP99 => "latency_p99",
            Self::Visitors => "visitors",
            Self::VisitorsDone => "visitors_done",
            Self::VisitorsLost => "visitors_lost",
            Self::Utilisation => "utilisation",
            Self::Runnable => "runnable",
            Self::Workers => "workers",
            Self::Backlog => "backlog",
            Self::Memory => "memory",
            Self::Nic => "nic",
            Self::Instances => "instances",
            Self::Booting => "booting",
            Self::Desired => "desired",
            Self::Connections => "connections",
            Self::HitRatio => "hit_ratio",
            Self::Egress => "egress",
            Self::Healthy => "healthy",
            Self::Rate => "rate",
            Self::RateFailed => "rate_failed",
            Self::LinkLatency => "link_latency",
            Self::CostRate => "cost_rate",
            Self::Lag => "lag",
            Self::OldestAge => "oldest_age",
            Self::Disk => "disk",
            Self::DiskUsed => "disk_used",
            Self::LoadAverage => "load_average",
            Self::Retries => "retries",
            Self::ColdStarts => "cold_starts",
            Self::DeadLetters => "dead_letters",
            Self::Alarm => "alarm",
            Self::Admitted => "admitted",
            Self::LockWaiting => "lock_waiting",
            Self::Throttled => "throttled",
            Self::Orders => "orders",
            Self::Conversion => "conversion",
            Self::Revenue => "revenue",
            Self::Dau => "dau",
            Self::DeliveryP50 => "delivery_p50",
            Self::DeliveryP95 => "delivery_p95",
            Self::DeliveryP99 => "delivery_p99",
            Self::FanOutWrites => "fan_out_writes",
            Self::LookupsPerRead => "lookups_per_read",
            Self::StaleShare => "stale_share",
            Self::FeedErrors => "feed_errors",
            Self::WastedPushes => "wasted_pushes",
            Self::ListMemory => "list_memory",
        }
    }

    /// The unit.
    #[must_use]
    pub const fn unit(self) -> MetricUnit {
        match self {
            Self::Offered
            | Self::Good
            | Self::Failed(_)
            | Self::Visitors
            | Self::VisitorsDone
            | Self::VisitorsLost
            | Self::Rate
            | Self::RateFailed => MetricUnit::PerSecond,
            Self::LatencyP50 | Self::LatencyP95 | Self::LatencyP99 | Self::LinkLatency => {
                MetricUnit::Milliseconds
            }
            Self::Utilisation | Self::Workers | Self::Memory | Self::Nic | Self::HitRatio => {
                MetricUnit::Share
            }
            Self::Inside
            | Self::Runnable
            | Self::Backlog
            | Self::Instances
            | Self::Booting
            | Self::Desired
            | Self::Connections
            | Self::Healthy => MetricUnit::Count,
            Self::Egress => MetricUnit::MegabytesPerSecond,
            Self::CostRate => MetricUnit::UnitsPerHour,
            Self::Lag => MetricUnit::Milliseconds,
            Self::OldestAge => MetricUnit::Seconds,
            Self::Disk | Self::DiskUsed | Self::Conversion => MetricUnit::Share,
            Self::LoadAverage | Self::DeadLetters | Self::Alarm | Self::LockWaiting => {
                MetricUnit::Count
            }
            Self::Retries | Self::ColdStarts | Self::Admitted | Self::Throttled => {
                MetricUnit::PerSecond
            }
            Self::Orders => MetricUnit::PerMinute,
            Self::Revenue => MetricUnit::UnitsPerHour,
            Self::Dau => MetricUnit::Count,
            Self::DeliveryP50 | Self::DeliveryP95 | Self::DeliveryP99 => MetricUnit::Milliseconds,
            Self::FanOutWrites | Self::WastedPushes => MetricUnit::PerSecond,
            Self::LookupsPerRead | Self::FeedErrors => MetricUnit::Count,
            Self::StaleShare => MetricUnit::Share,
            Self::ListMemory => MetricUnit::Megabytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list cannot be written by the compiler, but serde knows how many there are.
    #[test]
    fn the_list_of_metrics_is_complete() {
        let wrong = serde_json::from_str::<Metric>("\"luck\"")
            .unwrap_err()
            .to_string();
        let known = wrong.matches('`').count() / 2 - 1;
        // One more stands for all failures.
        assert_eq!(known, Metric::PLAIN.len() + 1, "{wrong}");
        let names: std::collections::BTreeSet<&str> =
            Metric::PLAIN.iter().map(|metric| metric.slug()).collect();
        assert_eq!(names.len(), Metric::PLAIN.len());
    }
}
