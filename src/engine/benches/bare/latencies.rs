//! The bare loop's histogram: the library that is taken most, and the faster one that the engine has.

/// Latencies in microseconds, each in one of the same classes.
pub trait Latencies: Sized {
    /// Makes an empty one; `None` when the library refuses its bounds, which it does not.
    fn new() -> Option<Self>;
    /// Adds one.
    fn record(&mut self, us: u64);
    /// How many were added.
    fn count(&self) -> u64;
    /// Within how many microseconds a share of them lies.
    fn quantile(&self, share: f64) -> u64;
}

/// Of the crate `hdrhistogram`.
pub struct Usual(hdrhistogram::Histogram<u64>);

impl Latencies for Usual {
    fn new() -> Option<Self> {
        // The engine's bounds and digits.
        let counts = hdrhistogram::Histogram::new_with_bounds(1, 1 << 40, 2);
        counts.ok().map(Self)
    }

    #[inline]
    fn record(&mut self, us: u64) {
        self.0.saturating_record(us);
    }

    fn count(&self) -> u64 {
        self.0.len()
    }

    fn quantile(&self, share: f64) -> u64 {
        self.0.value_at_quantile(share)
    }
}

/// Of the crate `histogram`, as in the engine.
pub struct Quick {
    counts: histogram::Histogram,
    count: u64,
}

impl Latencies for Quick {
    fn new() -> Option<Self> {
        let counts = histogram::Histogram::new(7, 41).ok()?;
        Some(Self { counts, count: 0 })
    }

    #[inline]
    fn record(&mut self, us: u64) {
        self.count += u64::from(self.counts.increment(us).is_ok());
    }

    fn count(&self) -> u64 {
        self.count
    }

    fn quantile(&self, share: f64) -> u64 {
        let found = self.counts.quantile_bucket(share).ok().flatten();
        found.map_or(0, |class| class.end())
    }
}
