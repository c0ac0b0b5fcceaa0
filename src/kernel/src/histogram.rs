//! Latency histograms: every value counts, percentiles within 1 %.
//!
//! The classes are those of HdrHistogram (<https://hdrhistogram.org>) with two digits: 128 to each power of two, so
//! that a class is narrower than a hundredth of its values. They are kept here and not in the library because
//! recording is what happens most often in a run; the tests hold every number to the library's.

/// The longest duration that has a class of its own, in microseconds: about 12 days.
const LONGEST_US: u64 = 1 << 40;
/// So many classes have each power of two, and twice as many the numbers below.
const HALF: u64 = 128;
/// One more than the class of the longest.
const CLASSES: usize = class_of(LONGEST_US) + 1;

/// The class of so many microseconds.
#[inline]
const fn class_of(us: u64) -> usize {
    let shift = (us | (2 * HALF - 1)).leading_zeros();
    let shift = (2 * HALF - 1).leading_zeros() - shift;
    ((shift as u64) * HALF + (us >> shift)) as usize
}

/// The least value of a class, and how many values it has.
const fn values_of(class: usize) -> (u64, u64) {
    let class = class as u64;
    if class < 2 * HALF {
        return (class, 1);
    }
    let shift = class / HALF - 1;
    ((class - shift * HALF) << shift, 1 << shift)
}

/// A histogram of durations from 1 µs to about 12 days.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    /// How many there are of each class; nothing before the first.
    counts: Vec<u64>,
    sum_ns: u128,
    max_ns: u64,
    count: u64,
}

impl Histogram {
    /// Adds a duration in nanoseconds.
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.record_times(ns, 1);
    }

    /// Adds a duration in nanoseconds so many times.
    #[inline]
    pub fn record_times(&mut self, ns: u64, times: u64) {
        let class = class_of((ns / 1_000).clamp(1, LONGEST_US));
        match self.counts.get_mut(class) {
            Some(count) => *count += times,
            None => self.record_first(class, times),
        }
        self.sum_ns += u128::from(ns) * u128::from(times);
        self.max_ns = self.max_ns.max(ns);
        self.count += times;
    }

    #[cold]
    #[inline(never)]
    fn record_first(&mut self, class: usize, times: u64) {
        self.counts.resize(CLASSES, 0);
        if let Some(count) = self.counts.get_mut(class) {
            *count += times;
        }
    }

    /// Adds all that another one has. The result is as if each had been recorded here.
    ///
    /// Recording into the histogram of a bucket of time and merging that into the whole once a bucket is
    /// half the work of recording everything twice.
    pub fn merge(&mut self, other: &Self) {
        self.merge_times(other, 1);
    }

    /// Adds all that another one has so many times over.
    pub fn merge_times(&mut self, other: &Self, times: u64) {
        if other.count == 0 {
            return;
        }
        self.counts.resize(CLASSES, 0);
        let classes = self.counts.iter_mut().zip(&other.counts);
        if times == 1 {
            classes.for_each(|(mine, theirs)| *mine += theirs);
        } else {
            classes.for_each(|(mine, theirs)| *mine += theirs * times);
        }
        self.sum_ns += other.sum_ns * u128::from(times);
        self.max_ns = self.max_ns.max(other.max_ns);
        self.count += other.count * times;
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

    /// The value below which a share `q` (0 to 1) lies, in milliseconds: the greatest of its class; NaN when
    /// empty.
    #[must_use]
    pub fn quantile_ms(&self, q: f64) -> f64 {
        let wanted = (libm::ceil(q.min(1.0) * self.count as f64) as u64).max(1);
        let mut seen = 0;
        for (at, few) in self.counts.chunks(8).enumerate() {
            let sum: u64 = few.iter().sum();
            if seen + sum < wanted {
                seen += sum;
                continue;
            }
            for (class, count) in (at * 8..).zip(few) {
                seen += count;
                if seen >= wanted {
                    let (least, width) = values_of(class);
                    let us = if q == 0.0 { least } else { least + width - 1 };
                    return us as f64 / 1e3;
                }
            }
        }
        f64::NAN
    }

    /// How many were longer than `ns` nanoseconds; those within 1 % of it may be on either side.
    #[must_use]
    pub fn count_above(&self, ns: u64) -> u64 {
        let upto = ns / 1_000;
        if upto >= LONGEST_US {
            return 0;
        }
        self.counts.iter().skip(class_of(upto) + 1).sum()
    }

    /// The standard deviation in milliseconds, from the middles of the classes, hence within 1 %; NaN when
    /// empty.
    #[must_use]
    pub fn stddev_ms(&self) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        let all = self.count as f64;
        let classes = || {
            let counted = self.counts.iter().enumerate();
            counted
                .filter(|(_, count)| **count > 0)
                .map(|(class, count)| {
                    let (least, width) = values_of(class);
                    ((least + width / 2) as f64, *count as f64)
                })
        };
        let mean = classes().fold(0.0, |sum, (middle, count)| sum + middle * count / all);
        let squares = classes().fold(0.0, |sum, (middle, count)| {
            sum + (middle - mean) * (middle - mean) * count
        });
        (squares / all).sqrt() / 1e3
    }

    /// Forgets everything and keeps the memory.
    pub fn reset(&mut self) {
        if self.count > 0 {
            self.counts.fill(0);
            (self.sum_ns, self.max_ns, self.count) = (0, 0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{exp_of, unit_of};

    /// Every class and every number is that of the library.
    #[test]
    fn agrees_with_the_library() {
        for mean_ns in [3e4, 1e7, 4e12] {
            let mut library = hdrhistogram::Histogram::<u64>::new_with_bounds(1, LONGEST_US, 2)
                .expect("the bounds are right");
            let mut ours = Histogram::default();
            for key in 0..20_000 {
                let ns = (exp_of(key, mean_ns) * unit_of(key + 1)) as u64;
                let times = key % 3 + 1;
                ours.record_times(ns, times);
                library.saturating_record_n((ns / 1_000).clamp(1, LONGEST_US), times);
            }
            for q in [0.0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0] {
                let theirs = library.value_at_quantile(q) as f64 / 1e3;
                assert_eq!(ours.quantile_ms(q).to_bits(), theirs.to_bits(), "{q}");
            }
            let theirs = library.stdev() / 1e3;
            assert_eq!(ours.stddev_ms().to_bits(), theirs.to_bits());
            for us in [0, 1, 7, 1_000, 30_000, 1 << 33, LONGEST_US - 1] {
                let theirs = library.len() - library.count_between(0, us);
                assert_eq!(ours.count_above(us * 1_000), theirs, "{us}");
            }
        }
    }

    #[test]
    fn classes_follow_one_another() {
        let mut next = 0;
        for class in 0..CLASSES {
            let (least, width) = values_of(class);
            assert_eq!(least, next);
            assert_eq!(
                (class_of(least), class_of(least + width - 1)),
                (class, class)
            );
            next = least + width;
        }
        assert!(next > LONGEST_US);
    }

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
