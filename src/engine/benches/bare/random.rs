//! Random numbers of the bare loop: splitmix64, and exponential times by inversion.

/// A splitmix64 generator.
pub struct Random(u64);

impl Random {
    /// Starts a stream.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    #[inline]
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number in the open interval (0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// An exponentially distributed time.
    #[inline]
    #[expect(
        clippy::disallowed_methods,
        reason = "the limit is what the platform's own logarithm allows; the engine pays for the same bits everywhere"
    )]
    pub fn exponential(&mut self, mean_ns: f64) -> u64 {
        (-mean_ns * self.unit().ln()) as u64
    }

    /// A number from 0 to `n - 1`.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((self.bits() >> 32) * n) >> 32
    }
}
