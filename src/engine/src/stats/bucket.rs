//! Counts of requests in the bucket of time under way.

use archplay_kernel::{Histogram, select};

use super::stretches::add_times;
use super::{REASONS, Requests};

/// So many latencies are kept as they are; with more, a histogram takes them. A histogram has thousands of
/// classes to walk over at the end of each bucket, which would cost more than a quiet second's requests.
const FEW: usize = 2_048;

/// Counts of requests in one bucket.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    pub offered: u64,
    pub good: u64,
    pub failed: [u64; REASONS],
    few: Vec<u64>,
    many: Histogram,
    /// The percentiles, once they have been asked for.
    found: Option<[f64; 3]>,
}

impl Bucket {
    /// Adds a latency in nanoseconds.
    #[inline(always)]
    pub(crate) fn record(&mut self, ns: u64) {
        if self.many.count() == 0 && self.few.len() < FEW {
            self.few.push(ns);
        } else {
            self.record_many(ns);
        }
    }

    #[inline(never)]
    fn record_many(&mut self, ns: u64) {
        for few in self.few.drain(..) {
            self.many.record(few);
        }
        self.many.record(ns);
    }

    /// Whether it has any latency.
    pub(crate) fn has_latencies(&self) -> bool {
        !self.few.is_empty() || self.many.count() > 0
    }

    /// Adds what another bucket counted, without the latencies.
    pub(crate) fn add_counts(&mut self, other: &Self) {
        self.offered += other.offered;
        self.good += other.good;
        for (mine, theirs) in self.failed.iter_mut().zip(&other.failed) {
            *mine += theirs;
        }
    }

    /// Adds the latencies of another bucket.
    pub(crate) fn add_latencies(&mut self, other: &Self) {
        for ns in &other.few {
            self.record(*ns);
        }
        if other.many.count() > 0 {
            for few in self.few.drain(..) {
                self.many.record(few);
            }
            self.many.merge(&other.many);
        }
    }

    /// Median, 95th and 99th percentile in milliseconds; NaN without latencies.
    pub(crate) fn percentiles(&mut self) -> [f64; 3] {
        let found = self.found.unwrap_or_else(|| self.find_percentiles());
        self.found = Some(found);
        found
    }

    fn find_percentiles(&mut self) -> [f64; 3] {
        if self.many.count() > 0 {
            return [0.5, 0.95, 0.99].map(|q| self.many.quantile_ms(q));
        }
        let n = self.few.len();
        if n == 0 {
            return [f64::NAN; 3];
        }
        // The nearest rank; what lies before the one found need not be looked at for the next.
        let mut begin = 0;
        [50, 95, 99].map(|percent| {
            let rank = (percent * n).div_ceil(100).clamp(1, n) - 1;
            let ns = select(&mut self.few[begin..], rank - begin);
            begin = rank;
            ns.map_or(f64::NAN, |ns| ns as f64 / 1e6)
        })
    }

    /// Forgets everything and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.few.clear();
        self.many.reset();
        self.found = None;
        (self.offered, self.good, self.failed) = (0, 0, [0; REASONS]);
    }
}

impl Requests {
    /// Adds what a bucket counted, so many times over. Its latencies are recorded on their own.
    pub(crate) fn add(&mut self, bucket: &Bucket, weight: u64) {
        self.offered += bucket.offered * weight;
        self.good = self.good.wrapping_add(bucket.good * weight);
        add_times(&mut self.failed, &bucket.failed, weight);
    }
}
