//! Latency histograms: every value counts, percentiles within 1 %.

use histogram::{Bucket, Config, Histogram as Counts};

/// A histogram of durations from 1 µs to about 25 days.
///
/// An empty one takes no memory: of thousands of components most are hardly asked.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    /// Nothing before the first value.
    counts: Option<Counts>,
    count: u64,
    sum_ns: u128,
    max_ns: u64,
}

/// Classes are single values up to 2^8 and then 2^7 for each power of two: a percentile is off by less than 1 %.
const GROUPING_POWER: u8 = 7;
const MAX_VALUE_POWER: u8 = 41;
/// What takes longer is counted with the longest.
const LONGEST_US: u64 = (1 << MAX_VALUE_POWER) - 1;

/// The powers are valid, so there always is one.
#[cold]
#[inline(never)]
fn first() -> Option<Counts> {
    let config = Config::new(GROUPING_POWER, MAX_VALUE_POWER).ok()?;
    Some(Counts::with_config(&config))
}

/// The middle of a class.
fn middle(class: &Bucket) -> f64 {
    (class.start() + (class.end() - class.start()).div_ceil(2)) as f64
}

impl Histogram {
    /// Adds a duration in nanoseconds.
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.add(ns, 1, u128::from(ns));
    }

    /// Adds a duration in nanoseconds so many times.
    #[inline(never)]
    pub fn record_times(&mut self, ns: u64, times: u64) {
        self.add(ns, times, u128::from(ns) * u128::from(times));
    }

    #[inline(always)]
    fn add(&mut self, ns: u64, times: u64, sum_ns: u128) {
        if self.counts.is_none() {
            self.counts = first();
        }
        if let Some(counts) = &mut self.counts {
            let added = counts.add((ns / 1_000).clamp(1, LONGEST_US), times);
            debug_assert!(added.is_ok(), "the longest has a class");
        }
        self.count += times;
        self.sum_ns += sum_ns;
        self.max_ns = self.max_ns.max(ns);
    }

    /// Adds all that another one has. The result is as if each had been recorded here.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.counts.is_none() {
            self.counts = first();
        }
        if let (Some(counts), Some(other)) = (&mut self.counts, &other.counts) {
            // All have the same classes, and no class can count more than its histogram.
            let added = counts.checked_add_assign(other);
            debug_assert!(added.is_ok());
        }
        self.count += other.count;
        self.sum_ns += other.sum_ns;
        self.max_ns = self.max_ns.max(other.max_ns);
    }

    /// How many were added.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The mean in milliseconds, exact; NaN when empty.
    #[must_use]
    pub fn mean_ms(&self) -> f64 {
        if self.count == 0 {
            f64::NAN
        } else {
            self.sum_ns as f64 / self.count as f64 / 1e6
        }
    }

    /// The longest in milliseconds, exact; NaN when empty.
    #[must_use]
    pub fn max_ms(&self) -> f64 {
        if self.count == 0 {
            f64::NAN
        } else {
            self.max_ns as f64 / 1e6
        }
    }

    /// The value below which a share `q` (0 to 1) lies, in milliseconds; NaN when empty.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> f64 {
        let class = self
            .counts
            .as_ref()
            .and_then(|counts| counts.quantile_bucket(q).ok()?);
        // The end of the class, but no more than there was.
        class.map_or(f64::NAN, |class| {
            (class.end() as f64 / 1e3).min(self.max_ms())
        })
    }

    /// How many were longer than `ns` nanoseconds; those within 1 % of it may be on either side.
    #[must_use]
    pub fn count_above(&self, ns: u64) -> u64 {
        let above = ns / 1_000;
        let longer = self.classes().filter(|class| class.start() > above);
        longer.map(|class| class.count()).sum()
    }

    /// The standard deviation in milliseconds, from the middles of the classes, hence within 1 %; NaN when
    /// empty.
    #[must_use]
    pub fn stddev_ms(&self) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        let n = self.count as f64;
        let mean = self.classes().fold(0.0, |mean, class| {
            mean + middle(&class) * class.count() as f64 / n
        });
        let squares = self.classes().fold(0.0, |squares, class| {
            let off = middle(&class) - mean;
            squares + off * off * class.count() as f64
        });
        libm::sqrt(squares / n) / 1e3
    }

    /// The classes that have values, in microseconds, from the shortest to the longest.
    fn classes(&self) -> impl Iterator<Item = Bucket> {
        let all = self.counts.iter().flat_map(Counts::iter);
        all.filter(|class| class.count() > 0)
    }

    /// Forgets everything and keeps the memory.
    pub fn reset(&mut self) {
        if self.count > 0 {
            if let Some(counts) = &mut self.counts {
                counts.reset();
            }
            (self.count, self.sum_ns, self.max_ns) = (0, 0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_within_one_percent() {
        let mut histogram = Histogram::default();
        for ms in 1..=1_000_u64 {
            histogram.record(ms * 1_000_000);
        }
        for (q, wanted) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0)] {
            let got = histogram.quantile_ms(q);
            assert!((got - wanted).abs() <= wanted * 0.01, "{q}: {got}");
        }
        assert!((histogram.mean_ms() - 500.5).abs() < 1e-9);
        assert!(
            (histogram.stddev_ms() - 288.675).abs() < 1.0,
            "{}",
            histogram.stddev_ms()
        );
        let above = histogram.count_above(900_000_000);
        assert!((97..=103).contains(&above), "{above}");
        assert_eq!(histogram.count_above(u64::MAX), 0);
        assert_eq!(histogram.count_above(0), 1_000);
        histogram.reset();
        assert!(histogram.quantile_ms(0.5).is_nan());
        assert!(histogram.stddev_ms().is_nan());
    }

    #[test]
    fn merging_is_recording_both() {
        let (mut all, mut whole) = (Histogram::default(), Histogram::default());
        for part in 0..3_u64 {
            let mut bucket = Histogram::default();
            for i in 0..part * 1_000 {
                let ns = (i + 1) * (part + 1) * 137_000;
                bucket.record(ns);
                all.record(ns);
            }
            whole.merge(&bucket);
        }
        assert_eq!(whole.count(), all.count());
        let told = |h: &Histogram| {
            [0.0, 0.1, 0.5, 0.99, 1.0]
                .map(|q| h.quantile_ms(q))
                .into_iter()
                .chain([h.mean_ms(), h.max_ms(), h.stddev_ms()])
                .map(f64::to_bits)
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&whole), told(&all));
    }
}
