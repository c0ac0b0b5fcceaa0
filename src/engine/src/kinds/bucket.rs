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

    /// When it will be full again: from then on it is as good as a new one.
    pub(crate) fn full_at(&self, rate: Rate) -> u64 {
        let ns = (rate.burst - self.tokens) / rate.per_ns;
        self.at_ns
            .saturating_add(archplay_kernel::ns_from_secs(ns / 1e9))
    }
}
