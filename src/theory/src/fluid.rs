//! Overload as a fluid: what comes faster than it is served piles up, chance left aside.

/// What a burst does to a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// Arrivals during the burst.
    pub arrivals: f64,
    /// Waiting when the burst ends, which is also the most.
    pub backlog: f64,
    /// Refused during the burst.
    pub drops: f64,
    /// Seconds from the end of the burst until nobody waits; infinite if the load after it is too high.
    pub drain_time: f64,
    /// Longest wait, first come first served, in seconds.
    pub max_wait: f64,
}

/// A burst of `seconds` at `burst_rate` arrivals per second into a station that completes `capacity` per
/// second, then `rate` again; at most `room` can wait (infinite: no limit). The queue is empty before.
///
/// Source: G. F. Newell, *Applications of Queueing Theory* (1982), chapter 2.
#[must_use]
pub fn burst(rate: f64, burst_rate: f64, seconds: f64, capacity: f64, room: f64) -> Burst {
    let excess = ((burst_rate - capacity) * seconds).max(0.0);
    let backlog = excess.min(room);
    let spare = capacity - rate;
    Burst {
        arrivals: burst_rate * seconds,
        backlog,
        drops: excess - backlog,
        drain_time: if spare > 0.0 {
            backlog / spare
        } else {
            f64::INFINITY
        },
        max_wait: backlog / capacity,
    }
}

/// Backlog of a replica after `seconds` of `writes` per second of which it applies `applied` per second.
#[must_use]
pub fn replica_backlog(writes: f64, applied: f64, seconds: f64) -> f64 {
    ((writes - applied) * seconds).max(0.0)
}

/// Lag of the last write at that moment, in seconds: what is before it has to be applied first.
#[must_use]
pub fn replica_backlog_lag(writes: f64, applied: f64, seconds: f64) -> f64 {
    replica_backlog(writes, applied, seconds) / applied
}

/// Mean lag of a replica with one exponential applier (mean `apply`), `writes` per second, `delay` seconds
/// away: the delay plus the sojourn time of M/M/1. Seconds; infinite when it cannot keep up.
#[must_use]
pub fn replica_lag_mean(writes: f64, apply: f64, delay: f64) -> f64 {
    let drain = 1.0 / apply - writes;
    if drain > 0.0 {
        delay + 1.0 / drain
    } else {
        f64::INFINITY
    }
}

/// The lag below which a share `q` of the writes stays, in seconds.
#[must_use]
pub fn replica_lag_quantile(writes: f64, apply: f64, delay: f64, q: f64) -> f64 {
    delay - libm::log1p(-q) * (replica_lag_mean(writes, apply, 0.0))
}

/// The probability that a read `after` seconds after its write does not see it yet:
/// e^−(μ−λ)(after−delay), 1 before the delay is over.
#[must_use]
pub fn replica_stale(writes: f64, apply: f64, delay: f64, after: f64) -> f64 {
    if after <= delay {
        return 1.0;
    }
    libm::exp(-(after - delay) / replica_lag_mean(writes, apply, 0.0))
}
