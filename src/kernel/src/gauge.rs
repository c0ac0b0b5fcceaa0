//! Time-weighted means of a count.

use crate::Wide;

/// A count and the area under it.
///
/// What changes is only added up, each change times its moment: the area until t is the count times t less
/// that sum, exactly, and nothing has to be multiplied while the count goes up and down by one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauge {
    value: u64,
    /// Sum of changes × moments, modulo 2¹²⁸.
    moments: Wide,
    mark: u128,
    /// The greatest count since the last [`Gauge::take_max`].
    peak: u64,
    /// The greatest before it.
    past_peak: u64,
}

impl Gauge {
    /// The count now.
    #[must_use]
    pub const fn value(&self) -> u64 {
        self.value
    }

    /// Adds to the count at a moment.
    #[inline(always)]
    pub fn add(&mut self, now: u64, n: u64) {
        self.value += n;
        self.moments.add(product(n, now));
        self.peak = self.peak.max(self.value);
    }

    /// Takes from the count at a moment; never below 0.
    #[inline(always)]
    pub fn sub(&mut self, now: u64, n: u64) {
        if n > self.value {
            return self.empty(now);
        }
        self.value -= n;
        self.moments.sub(product(n, now));
    }

    #[cold]
    #[inline(never)]
    fn empty(&mut self, now: u64) {
        self.moments.sub(product(self.value, now));
        self.value = 0;
    }

    /// Sets the count at a moment.
    #[inline]
    pub fn set(&mut self, now: u64, value: u64) {
        if value < self.value {
            self.sub(now, self.value - value);
        } else {
            self.add(now, value - self.value);
        }
    }

    /// The greatest count since the start.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.past_peak.max(self.peak)
    }

    /// The greatest count since the last [`Gauge::take_max`].
    #[must_use]
    pub const fn peak(&self) -> u64 {
        self.peak
    }

    /// The greatest count since the last call.
    pub fn take_max(&mut self) -> u64 {
        let peak = self.peak;
        self.past_peak = self.past_peak.max(peak);
        self.peak = self.value;
        peak
    }

    /// The area from the start until a moment that is not before the last change, in count × nanoseconds.
    #[must_use]
    pub fn area(&self, now: u64) -> u128 {
        product(self.value, now).wrapping_sub(self.moments.value())
    }

    /// The mean since the last call, over `span_ns` until `now`.
    pub fn take_mean(&mut self, now: u64, span_ns: u64) -> f64 {
        let until = self.area(now);
        let area = until - self.mark;
        self.mark = until;
        if span_ns == 0 {
            0.0
        } else {
            area as f64 / span_ns as f64
        }
    }
}

#[inline(always)]
fn product(n: u64, now: u64) -> u128 {
    // WebAssembly has no wide product and would call a function for it.
    if cfg!(target_arch = "wasm32") && (n | now) >> 32 == 0 {
        u128::from(n * now)
    } else {
        u128::from(n) * u128::from(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_by_time() {
        let mut gauge = Gauge::default();
        gauge.add(0, 2);
        gauge.add(10, 2);
        assert!((gauge.take_mean(20, 20) - 3.0).abs() < 1e-12);
        gauge.sub(20, 3);
        assert!((gauge.take_mean(30, 10) - 1.0).abs() < 1e-12);
        assert_eq!(gauge.area(30), 70);
        gauge.set(40, 3);
        gauge.sub(50, 5);
        assert_eq!((gauge.value(), gauge.area(90)), (0, 70 + 10 + 30));
    }

    #[test]
    fn wide_products_are_exact() {
        for (value, span) in [(3, 1 << 33), (1 << 40, 1 << 50), (u64::MAX, u64::MAX)] {
            let mut gauge = Gauge::default();
            gauge.set(0, value);
            assert_eq!(gauge.area(span), u128::from(value) * u128::from(span));
        }
    }

    #[test]
    fn remembers_its_greatest() {
        let mut gauge = Gauge::default();
        gauge.add(1, 5);
        gauge.sub(2, 3);
        assert_eq!((gauge.take_max(), gauge.max()), (5, 5));
        gauge.add(3, 1);
        assert_eq!((gauge.take_max(), gauge.take_max(), gauge.max()), (3, 3, 5));
    }
}
