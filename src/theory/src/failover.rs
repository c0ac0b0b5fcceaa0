//! How long clients stay away when DNS has to move them.

use crate::steady::falls_to;

/// Failover by DNS: health probes every `interval` seconds, the record changes at the `threshold`-th failed
/// one (each of which takes `probe_timeout` to fail), and a client moves when its answer, cached for `ttl`
/// seconds, expires.
///
/// The failure falls anywhere in the probes' cycle and the client's answer has any age, so a client is
/// without service for (threshold − 1)·interval + U(0, interval) + timeout + U(0, ttl).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DnsFailover {
    /// Seconds between probes.
    pub interval: f64,
    /// Failed probes until the record changes, 1 or more.
    pub threshold: u32,
    /// Seconds until a probe counts as failed.
    pub probe_timeout: f64,
    /// Time to live of an answer in seconds.
    pub ttl: f64,
}

impl DnsFailover {
    fn least(&self) -> f64 {
        (f64::from(self.threshold) - 1.0) * self.interval + self.probe_timeout
    }

    /// Mean time until the record changes, in seconds.
    #[must_use]
    pub fn detect_mean(&self) -> f64 {
        self.least() + self.interval / 2.0
    }

    /// Mean time a client is without service, in seconds.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.detect_mean() + self.ttl / 2.0
    }

    /// The longest time a client can be without service, in seconds.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.least() + self.interval + self.ttl
    }

    /// The time without service below which a share `q` of clients stays, in seconds.
    #[must_use]
    pub fn quantile(&self, q: f64) -> f64 {
        let scale = (self.interval + self.ttl).max(f64::MIN_POSITIVE);
        self.least()
            + falls_to(1.0 - q, scale, |time| {
                two_uniforms_tail(self.interval, self.ttl, time)
            })
    }

    /// Mean number of requests that fail in one failure, at `rate` per second over many clients that do not
    /// try again.
    #[must_use]
    pub fn failed_requests(&self, rate: f64) -> f64 {
        rate * self.mean()
    }
}

/// P(U(0, a) + U(0, b) > t): the area of a rectangle beyond a diagonal.
fn two_uniforms_tail(a: f64, b: f64, t: f64) -> f64 {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if t >= a + b {
        return 0.0;
    }
    if t <= 0.0 {
        return 1.0;
    }
    if t < a {
        1.0 - t * t / (2.0 * a * b)
    } else if t <= b {
        1.0 - (t - a / 2.0) / b
    } else {
        (a + b - t) * (a + b - t) / (2.0 * a * b)
    }
}
