//! What is known of a station in steady state, and small helpers that every model uses.

/// A station in steady state. What a model does not give is NaN.
///
/// "Admitted" are those that were not refused at the door; those that gave up in the queue were admitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Busy time of the servers / their number / time, 0 to 1.
    pub utilisation: f64,
    /// Share of the admitted that do not start at once.
    pub p_wait: f64,
    /// Mean time in the queue of those that are served, in seconds.
    pub wait_mean: f64,
    /// Mean time in the queue of all admitted, also of those that gave up, in seconds.
    pub wait_mean_all: f64,
    /// Mean time from arrival to completion of those that are served, in seconds.
    pub sojourn_mean: f64,
    /// Mean number in the queue, those in service not counted.
    pub queue_len_mean: f64,
    /// Mean number in queue and service.
    pub in_system_mean: f64,
    /// Share of all arrivals that are not served: refused or given up.
    pub loss_prob: f64,
    /// Completions per second.
    pub throughput: f64,
}

impl Steady {
    /// A station that serves everyone: the rest follows from Little's law.
    pub(crate) fn lossless(servers: f64, rate: f64, service: f64, p_wait: f64, wait: f64) -> Self {
        Self {
            utilisation: rate * service / servers,
            p_wait,
            wait_mean: wait,
            wait_mean_all: wait,
            sojourn_mean: wait + service,
            queue_len_mean: little_number(rate, wait),
            in_system_mean: little_number(rate, wait + service),
            loss_prob: 0.0,
            throughput: rate,
        }
    }
}

/// Little's law: the mean number inside, from the rate of arrivals per second and the mean time inside in
/// seconds.
///
/// Source: J. D. C. Little, *A proof for the queuing formula L = λW*, Operations Research 9 (1961).
#[must_use]
pub fn little_number(rate: f64, time: f64) -> f64 {
    rate * time
}

/// Little's law the other way round: the mean time inside in seconds.
#[must_use]
pub fn little_time(rate: f64, number: f64) -> f64 {
    number / rate
}

/// The point at which a falling function reaches `level`, at or above 0, by bisection; `scale` is where the
/// search begins, of any size above 0.
pub(crate) fn falls_to(level: f64, scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, scale);
    for _ in 0..1_000 {
        if f(high) <= level {
            break;
        }
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if f(middle) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The probability that a Poisson number with this mean is below `k`.
pub(crate) fn poisson_below(k: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if k > 0 { 1.0 } else { 0.0 };
    }
    (0..k).map(|j| poisson(j, mean)).sum()
}

/// The probability that a Poisson number with this mean is `k`.
pub(crate) fn poisson(k: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    libm::exp(f64::from(k) * libm::log(mean) - mean - libm::lgamma(f64::from(k) + 1.0))
}
