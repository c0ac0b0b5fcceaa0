//! Which charts there are: their names, units and axes. Pure; what lines each has is in `spec`.

use archplay_course::{TargetMetric, Task};
use archplay_report::{Metric, MetricUnit};

/// A chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartId {
    /// Offered and good responses per second.
    Traffic,
    /// Of a news feed: how long reading a page of it takes.
    FeedGet,
    /// How long a post takes to be acknowledged.
    FeedPost,
    /// How long a post takes to the friends' feed lists.
    FeedDelivery,
    /// Rows looked up for a page.
    FeedLookups,
    /// Ids written to feed lists, and those written in vain.
    FeedWrites,
    /// Pages that miss what is on its way.
    FeedStale,
    /// Posts on pages that are wrong.
    FeedErrors,
    /// What all feed lists take, against what is there for them.
    FeedMemory,
    /// Latency percentiles.
    Latency,
    /// CPU utilisation.
    Cpu,
    /// Failures by reason.
    Failures,
    /// Instances.
    Instances,
    /// Waiting connections.
    Backlog,
    /// Busy worker threads.
    Workers,
    /// Load average.
    Load,
    /// Memory.
    Memory,
    /// Database connections.
    Connections,
    /// Statements that wait for locked rows.
    Locks,
    /// How busy disks are.
    Disk,
    /// How full disks are.
    DiskUsed,
    /// Hit ratios.
    HitRatio,
    /// How far copies are behind.
    Lag,
    /// Age of the oldest message.
    QueueAge,
    /// Messages that nobody could work on.
    DeadLetters,
    /// Instances started for a request.
    ColdStarts,
    /// Questions asked again.
    Retries,
    /// Requests refused because of a rate.
    Throttled,
    /// Visitors let in.
    Admitted,
    /// Alarms that are raised.
    Alarms,
    /// Visitors who come, get through and leave.
    Visitors,
    /// Offered and good by operation, logins of administrators among them.
    Operations,
    /// Orders per minute.
    Orders,
    /// Orders / visitors.
    Conversion,
    /// Revenue per hour.
    Revenue,
    /// Distinct visitors of the day so far.
    Dau,
    /// Cost per hour.
    Cost,
}

/// How the axis of values goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From zero.
    Linear,
    /// From zero, whole numbers.
    Counted,
    /// From 0 to 100 %.
    Share,
    /// By decades.
    Log,
}

/// Where the lines of a chart come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lines {
    /// One of the whole system.
    System(Metric),
    /// One of each component that has it.
    Components(Metric),
    /// One of each component where it is ever above zero.
    Where(Metric),
    /// Its own choice.
    Special,
}

impl ChartId {
    /// All charts in the order of the panel.
    pub const ALL: [Self; 37] = [
        Self::Traffic,
        Self::FeedGet,
        Self::FeedPost,
        Self::FeedDelivery,
        Self::FeedLookups,
        Self::FeedWrites,
        Self::FeedStale,
        Self::FeedErrors,
        Self::FeedMemory,
        Self::Latency,
        Self::Cpu,
        Self::Failures,
        Self::Instances,
        Self::Backlog,
        Self::Workers,
        Self::Load,
        Self::Memory,
        Self::Connections,
        Self::Locks,
        Self::Disk,
        Self::DiskUsed,
        Self::HitRatio,
        Self::Lag,
        Self::QueueAge,
        Self::DeadLetters,
        Self::ColdStarts,
        Self::Retries,
        Self::Throttled,
        Self::Admitted,
        Self::Alarms,
        Self::Visitors,
        Self::Operations,
        Self::Orders,
        Self::Conversion,
        Self::Revenue,
        Self::Dau,
        Self::Cost,
    ];

    /// What is shown before a person chooses.
    pub const FIRST: [Self; 5] = [
        Self::Traffic,
        Self::Latency,
        Self::Cpu,
        Self::Failures,
        Self::Instances,
    ];

    /// What is about a news feed; offered where the scenario has one.
    pub const FEED: [Self; 8] = [
        Self::FeedGet,
        Self::FeedPost,
        Self::FeedDelivery,
        Self::FeedLookups,
        Self::FeedWrites,
        Self::FeedStale,
        Self::FeedErrors,
        Self::FeedMemory,
    ];

    /// What is shown of a scenario with a news feed before a person chooses, beside those of the feed.
    pub const BESIDE_FEED: [Self; 5] = [
        Self::Traffic,
        Self::Cpu,
        Self::Failures,
        Self::HitRatio,
        Self::QueueAge,
    ];

    /// What is shown besides, in a run that measures it.
    pub const TELLING: [Self; 5] = [
        Self::Lag,
        Self::QueueAge,
        Self::ColdStarts,
        Self::Admitted,
        Self::Orders,
    ];

    /// What is always offered; the others where a run measures them.
    pub const ALWAYS: [Self; 12] = [
        Self::Traffic,
        Self::Latency,
        Self::Cpu,
        Self::Failures,
        Self::Instances,
        Self::Backlog,
        Self::Workers,
        Self::Connections,
        Self::Memory,
        Self::Visitors,
        Self::Operations,
        Self::Cost,
    ];

    /// The name in keys and storage.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Traffic => "traffic",
            Self::FeedGet => "feed_get",
            Self::FeedPost => "feed_post",
            Self::FeedDelivery => "feed_delivery",
            Self::FeedLookups => "feed_lookups",
            Self::FeedWrites => "feed_writes",
            Self::FeedStale => "feed_stale",
            Self::FeedErrors => "feed_errors",
            Self::FeedMemory => "feed_memory",
            Self::Latency => "latency",
            Self::Cpu => "cpu",
            Self::Failures => "failures",
            Self::Instances => "instances",
            Self::Backlog => "backlog",
            Self::Workers => "workers",
            Self::Load => "load_average",
            Self::Memory => "memory",
            Self::Connections => "connections",
            Self::Locks => "locks",
            Self::Disk => "disk",
            Self::DiskUsed => "disk_used",
            Self::HitRatio => "hit_ratio",
            Self::Lag => "lag",
            Self::QueueAge => "queue_age",
            Self::DeadLetters => "dead_letters",
            Self::ColdStarts => "cold_starts",
            Self::Retries => "retries",
            Self::Throttled => "throttled",
            Self::Admitted => "admitted",
            Self::Alarms => "alarms",
            Self::Visitors => "visitors",
            Self::Operations => "operations",
            Self::Orders => "orders",
            Self::Conversion => "conversion",
            Self::Revenue => "revenue",
            Self::Dau => "dau",
            Self::Cost => "cost",
        }
    }

    /// The key of the title.
    pub fn title_key(self) -> String {
        format!("chart.{}", self.slug())
    }

    /// Where its lines come from.
    pub const fn source(self) -> Lines {
        match self {
            Self::Traffic
            | Self::FeedGet
            | Self::FeedPost
            | Self::FeedDelivery
            | Self::FeedWrites
            | Self::Latency
            | Self::Failures
            | Self::Instances
            | Self::Visitors
            | Self::Operations
            | Self::Cost => Lines::Special,
            Self::FeedLookups => Lines::System(Metric::LookupsPerRead),
            Self::FeedStale => Lines::System(Metric::StaleShare),
            Self::FeedErrors => Lines::System(Metric::FeedErrors),
            Self::FeedMemory => Lines::System(Metric::ListMemory),
            Self::Cpu => Lines::Components(Metric::Utilisation),
            Self::Backlog => Lines::Components(Metric::Backlog),
            Self::Workers => Lines::Components(Metric::Workers),
            Self::Connections => Lines::Components(Metric::Connections),
            Self::Memory => Lines::Components(Metric::Memory),
            Self::Load => Lines::Components(Metric::LoadAverage),
            Self::Disk => Lines::Components(Metric::Disk),
            Self::DiskUsed => Lines::Components(Metric::DiskUsed),
            Self::HitRatio => Lines::Components(Metric::HitRatio),
            Self::Lag => Lines::Components(Metric::Lag),
            Self::QueueAge => Lines::Components(Metric::OldestAge),
            Self::Admitted => Lines::Components(Metric::Admitted),
            Self::Alarms => Lines::Components(Metric::Alarm),
            Self::Locks => Lines::Where(Metric::LockWaiting),
            Self::DeadLetters => Lines::Where(Metric::DeadLetters),
            Self::ColdStarts => Lines::Where(Metric::ColdStarts),
            Self::Retries => Lines::Where(Metric::Retries),
            Self::Throttled => Lines::Where(Metric::Throttled),
            Self::Orders => Lines::System(Metric::Orders),
            Self::Conversion => Lines::System(Metric::Conversion),
            Self::Revenue => Lines::System(Metric::Revenue),
            Self::Dau => Lines::System(Metric::Dau),
        }
    }

    /// The unit of the values.
    pub const fn unit(self) -> MetricUnit {
        match self.source() {
            Lines::System(metric) | Lines::Components(metric) | Lines::Where(metric) => {
                metric.unit()
            }
            Lines::Special => match self {
                Self::Latency | Self::FeedGet | Self::FeedPost | Self::FeedDelivery => {
                    MetricUnit::Milliseconds
                }
                Self::Instances => MetricUnit::Count,
                Self::Cost => MetricUnit::UnitsPerHour,
                _ => MetricUnit::PerSecond,
            },
        }
    }

    /// How the axis of values goes.
    pub const fn scale(self) -> Scale {
        match self {
            Self::Latency | Self::FeedGet | Self::FeedPost | Self::FeedDelivery => Scale::Log,
            Self::Cpu
            | Self::Workers
            | Self::Memory
            | Self::Disk
            | Self::DiskUsed
            | Self::HitRatio => Scale::Share,
            Self::Instances | Self::Alarms | Self::DeadLetters | Self::FeedErrors => Scale::Counted,
            _ => Scale::Linear,
        }
    }

    /// The values that a task wants to be kept, of those that this chart shows over time.
    pub fn targets(self, task: Option<&Task>) -> Vec<f64> {
        let shown = match self {
            Self::Latency => TargetMetric::LatencyP95Ms,
            Self::Cpu => TargetMetric::CpuP95,
            _ => return Vec::new(),
        };
        task.into_iter()
            .flat_map(|task| &task.targets)
            .filter(|target| {
                target.metric == shown && target.than.is_none() && target.than_run.is_none()
            })
            .map(|target| target.value)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chart_is_forgotten() {
        for (i, chart) in ChartId::ALL.into_iter().enumerate() {
            assert_eq!(chart as usize, i);
        }
        let of_feed = |chart: &ChartId| chart.slug().starts_with("feed_");
        assert!(
            ChartId::ALL
                .iter()
                .filter(|chart| of_feed(chart))
                .eq(&ChartId::FEED)
        );
        let measured = ChartId::TELLING.into_iter();
        assert!(
            measured
                .clone()
                .all(|chart| chart.source() != Lines::Special)
        );
        assert!(
            ChartId::FIRST
                .iter()
                .all(|chart| ChartId::ALWAYS.contains(chart))
        );
    }
}
