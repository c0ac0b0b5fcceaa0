//! A token bucket in virtual time: what a rate allows, with something saved up.

/// Tokens that come at a rate and are kept up to a limit.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    per_ns: f64,
    most: f64,
    left: f64,
    since: u64,
}

impl Tokens {
    /// A full bucket that gets `per_sec` tokens a second and keeps `most`, at least one.
    pub(crate) fn new(per_sec: f64, most: f64) -> Self {
        let most = most.max(1.0);
        Self {
            per_ns: per_sec / 1e9,
            most,
            left: most,
            since: 0,
        }
    }

    /// Whether so many tokens are there; a wish for more than the bucket keeps needs a full one.
    pub(crate) fn has(&mut self, now: u64, wish: f64) -> bool {
        let span = now.saturating_sub(self.since) as f64;
        self.since = now;
        self.left = (self.left + span * self.per_ns).min(self.most);
        // A token that is there but for rounding is there.
        self.left + 1e-9 >= wish.min(self.most)
    }

    /// Takes tokens; what is missing has to come in before the next.
    pub(crate) fn take(&mut self, tokens: f64) {
        self.left -= tokens;
    }

    /// Tokens that come in a second.
    pub(crate) fn per_sec(&self) -> f64 {
        self.per_ns * 1e9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate() {
        let mut tokens = Tokens::new(10.0, 5.0);
        let mut taken = 0;
        for ms in 0..2_000_u64 {
            if tokens.has(ms * 1_000_000, 1.0) {
                tokens.take(1.0);
                taken += 1;
            }
        }
        assert!((24..=25).contains(&taken), "{taken}");
        // More than it ever keeps: once it is full, with a debt.
        let full = 60_000_000_000;
        assert!(tokens.has(full, 50.0));
        tokens.take(50.0);
        assert!(!tokens.has(full + 4_000_000_000, 1.0));
        assert!(tokens.has(full + 4_700_000_000, 1.0));
    }
}
