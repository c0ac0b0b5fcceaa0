//! Time-weighted means of a count.

/// A count and the area under it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauge {
    value: u64,
    since: u64,
    area: u128,
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

    /// Brings the area up to a moment.
    #[inline]
    pub fn settle(&mut self, now: u64) {
        let span = now.saturating_sub(self.since);
        // Nearly always both are small; WebAssembly has no wide product and would call a function for it.
        self.area += if cfg!(target_arch = "wasm32") && (self.value | span) >> 32 == 0 {
            u128::from(self.value * span)
        } else {
            u128::from(self.value) * u128::from(span)
        };
        self.since = now;
    }

    /// Adds to the count at a moment.
    #[inline]
    pub fn add(&mut self, now: u64, n: u64) {
        self.settle(now);
        self.value += n;
        self.peak = self.peak.max(self.value);
    }

    /// Takes from the count at a moment; never below 0.
    #[inline]
    pub fn sub(&mut self, now: u64, n: u64) {
        self.settle(now);
        self.value = self.value.saturating_sub(n);
    }

    /// Sets the count at a moment.
    #[inline]
    pub fn set(&mut self, now: u64, value: u64) {
        self.settle(now);
        self.value = value;
        self.peak = self.peak.max(value);
    }

    /// The greatest count since the start.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.past_peak.max(self.peak)
    }

    /// The greatest count since the last call.
    pub fn take_max(&mut self) -> u64 {
        let peak = self.peak;
        self.past_peak = self.past_peak.max(peak);
        self.peak = self.value;
        peak
    }

    /// The area since the start, in count × nanoseconds. Settle first.
    #[must_use]
    pub const fn area(&self) -> u128 {
        self.area
    }

    /// The mean since the last call, over `span_ns` until `now`.
    pub fn take_mean(&mut self, now: u64, span_ns: u64) -> f64 {
        self.settle(now);
        let area = self.area - self.mark;
        self.mark = self.area;
        if span_ns == 0 {
            0.0
        } else {
            area as f64 / span_ns as f64
        }
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
        assert_eq!(gauge.area(), 70);
    }

    #[test]
    fn wide_products_are_exact() {
        for (value, span) in [(3, 1 << 33), (1 << 40, 1 << 50), (u64::MAX, u64::MAX)] {
            let mut gauge = Gauge::default();
            gauge.set(0, value);
            gauge.settle(span);
            assert_eq!(gauge.area(), u128::from(value) * u128::from(span));
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
