//! Series that monitors follow: the mean of the buckets since the last look.

use archplay_report::Metric;

use super::Stats;
use crate::plant::NodeId;

/// A series of a component that a monitor follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed {
    node: NodeId,
    metric: Metric,
    /// Values since the last look, and of how many buckets; without those that do not exist.
    sum: f64,
    count: u32,
    /// Buckets since the last look.
    buckets: u32,
    last: Option<f64>,
}

impl Followed {
    /// A bucket has ended with this value.
    pub(crate) fn see(&mut self, node: NodeId, metric: Metric, value: f64) {
        if self.node != node || self.metric != metric {
            return;
        }
        self.buckets += 1;
        self.last = value.is_finite().then_some(value);
        if value.is_finite() {
            self.sum += value;
            self.count += 1;
        }
    }

    /// The mean since the last look; the last value if no bucket has ended since.
    pub(crate) fn take(&mut self) -> Option<f64> {
        let mean = match self.buckets {
            0 => self.last,
            _ if self.count > 0 => Some(self.sum / f64::from(self.count)),
            _ => None,
        };
        (self.sum, self.count, self.buckets) = (0.0, 0, 0);
        mean
    }
}

impl Stats {
    /// A monitor follows a series from now on: its place in `followed`.
    pub(crate) fn follow(&mut self, node: NodeId, metric: Metric) -> usize {
        self.followed.push(Followed {
            node,
            metric,
            sum: 0.0,
            count: 0,
            buckets: 0,
            last: None,
        });
        self.followed.len() - 1
    }
}
