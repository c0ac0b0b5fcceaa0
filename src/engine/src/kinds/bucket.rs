//! Token buckets: a rate with a burst. Who has to wait or is refused must not live here.

/// Tokens as they were at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    at_ns: u64,
}

/// How fast tokens come and how many there can be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// Tokens a nanosecond.
    per_ns: f64,
    burst: f64,
}

impl Rate {
    /// So many a second, and so many at once.
    pub(crate) const fn new(per_sec: f64, burst: f64) -> Self {
        Self {
            per_ns: per_sec / 1e9,
            burst,
        }
    }
}

impl Rate {
    /// Tokens that come in a second.
    pub(crate) fn per_sec(self) -> f64 {
        self.per_ns * 1e9
    }

    /// Nanoseconds until those of so many tokens have come that cannot be there at once.
    pub(crate) fn ns_beyond(self, tokens: f64) -> f64 {
        (tokens - self.burst).max(0.0) / self.per_ns
    }
}

impl Bucket {
    /// A bucket that nobody has taken from.
    pub(crate) const fn full(rate: Rate, now: u64) -> Self {
        Self {
            tokens: rate.burst,
            at_ns: now,
        }
    }

    /// Takes a token if there is a whole one.
    pub(crate) fn take(&mut self, rate: Rate, now: u64) -> bool {
        let came = now.saturating_sub(self.at_ns) as f64 * rate.per_ns;
        self.tokens = (self.tokens + came).min(rate.burst);
        self.at_ns = now;
        let there = self.tokens >= 1.0;
        if there {
            self.tokens -= 1.0;
        }
        there
    }

    /// Whether so many tokens are there; a wish for more than there can be needs a full bucket.
    pub(crate) fn has(&mut self, rate: Rate, now: u64, wish: f64) -> bool {
        let came = now.saturating_sub(self.at_ns) as f64 * rate.per_ns;
        self.tokens = (self.tokens + came).min(rate.burst);
        self.at_ns = now;
        // A token that is there but for rounding is there.
        self.tokens + 1e-9 >= wish.min(rate.burst)
    }

    /// Takes tokens after [`Bucket::has`]; what is missing has to come in before the next.
    pub(crate) fn spend(&mut self, tokens: f64) {
        self.tokens -= tokens;
    }

    /// When it will be full again: from then on it is as good as a new one.
    pub(crate) fn full_at(&self, rate: Rate) -> u64 {
        let ns = (rate.burst - self.tokens) / rate.per_ns;
        self.at_ns
            .saturating_add(archplay_kernel::ns_from_secs(ns / 1e9))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_beyond_the_burst_leaves_a_debt() {
        let rate = Rate::new(10.0, 5.0);
        let mut bucket = Bucket::full(rate, 0);
        assert!(bucket.has(rate, 0, 50.0));
        bucket.spend(50.0);
        assert!(!bucket.has(rate, 4_500_000_000, 1.0));
        assert!(bucket.has(rate, 4_600_000_000, 1.0));
        bucket.spend(1.0);
        assert!(!bucket.has(rate, 4_600_000_000, 1.0));
    }
}
