//! Several at once: waiting for k of n, fork and join, availability of parts.

use crate::steady::falls_to;

/// The probability that at least `k` of `n` independent things happen, each with probability `p`.
#[must_use]
pub fn at_least(k: u32, n: u32, p: f64) -> f64 {
    // By logarithms, so that large n do not overflow.
    let term = |j: u32| {
        let (j, n) = (f64::from(j), f64::from(n));
        let choose = libm::lgamma(n + 1.0) - libm::lgamma(j + 1.0) - libm::lgamma(n - j + 1.0);
        let yes = if j > 0.0 { j * libm::log(p) } else { 0.0 };
        let no = if n > j {
            (n - j) * libm::log1p(-p)
        } else {
            0.0
        };
        libm::exp(choose + yes + no)
    };
    (k..=n).map(term).sum::<f64>().min(1.0)
}

/// Mean time until `k` of `n` exponential replies (each with this mean) have come: m·Σ 1/i for i from
/// n − k + 1 to n.
///
/// Source: A. Rényi, *On the theory of order statistics* (1953).
#[must_use]
pub fn exponential_order_mean(k: u32, n: u32, mean: f64) -> f64 {
    mean * (n + 1 - k.min(n)..=n)
        .map(|i| 1.0 / f64::from(i))
        .sum::<f64>()
}

/// The time by which `k` of `n` exponential replies have come in a share `q` of all cases.
#[must_use]
pub fn exponential_order_quantile(k: u32, n: u32, mean: f64, q: f64) -> f64 {
    falls_to(1.0 - q, mean, |time| {
        1.0 - at_least(k, n, -libm::expm1(-time / mean))
    })
}

/// The lognormal distribution with this mean and coefficient of variation: (μ, σ) of its logarithm.
///
/// σ² = ln(1 + cv²), μ = ln mean − σ²/2.
#[must_use]
pub fn lognormal_parameters(mean: f64, cv: f64) -> (f64, f64) {
    let variance = libm::log1p(cv * cv);
    (libm::log(mean) - variance / 2.0, libm::sqrt(variance))
}

/// P(Z > z) for a standard normal Z.
fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// Mean time until `k` of `n` lognormal replies have come: the integral of P(fewer than k by t), over the
/// logarithm of t, where the trapezoidal rule converges faster than any power.
#[must_use]
pub fn lognormal_order_mean(k: u32, n: u32, mean: f64, cv: f64) -> f64 {
    const STEP: f64 = 1.0 / 64.0;
    let (mu, sigma) = lognormal_parameters(mean, cv);
    let from = libm::exp(mu - 12.0 * sigma);
    // 12 standard deviations below, and above as far beyond the weight σ of e^σz as that.
    let steps = ((24.0 + sigma) / STEP) as u32;
    let values = (0..=steps).map(|i| {
        let z = f64::from(i) * STEP - 12.0;
        let late = 1.0 - at_least(k, n, 1.0 - normal_tail(z));
        let late = if z > 5.0 && k == n {
            // No digits are left in the difference; P(max > t) = n·P(one > t) up to its square.
            f64::from(n) * normal_tail(z)
        } else {
            late
        };
        late * libm::exp(mu + sigma * z)
    });
    // The first value, nearly `from`, counts half.
    from + (values.sum::<f64>() - from / 2.0) * sigma * STEP
}

/// The time by which `k` of `n` lognormal replies have come in a share `q` of all cases.
#[must_use]
pub fn lognormal_order_quantile(k: u32, n: u32, mean: f64, cv: f64, q: f64) -> f64 {
    let (mu, sigma) = lognormal_parameters(mean, cv);
    falls_to(1.0 - q, mean, |time| {
        let z = (libm::log(time) - mu) / sigma;
        1.0 - at_least(k, n, 1.0 - normal_tail(z))
    })
}

/// Mean time until both halves are done when each request forks to two M/M/1 queues, `rate` per second to
/// each: (12 − ρ)/8 times that of one M/M/1. Seconds; infinite when overloaded.
///
/// Source: R. Nelson and A. N. Tantawi, *Approximate analysis of fork/join synchronization in parallel
/// queues*, IEEE Transactions on Computers 37 (1988); exact for two.
#[must_use]
pub fn fork_join_two(rate: f64, service: f64) -> f64 {
    let rho = rate * service;
    if rho >= 1.0 {
        f64::INFINITY
    } else {
        (12.0 - rho) / 8.0 * service / (1.0 - rho)
    }
}

/// Availability of parts that are all needed and fail independently: the product.
#[must_use]
pub fn series_availability(parts: &[f64]) -> f64 {
    parts.iter().product()
}

/// Availability of parts of which one is enough and which fail independently: 1 − Π(1 − a).
#[must_use]
pub fn parallel_availability(parts: &[f64]) -> f64 {
    1.0 - parts.iter().map(|a| 1.0 - a).product::<f64>()
}

/// Availability of `n` equal, independent parts of which `k` are needed.
#[must_use]
pub fn k_of_n_availability(k: u32, n: u32, each: f64) -> f64 {
    at_least(k, n, each)
}

/// Availability of a part from its mean time between failures and mean time to repair, in one unit.
#[must_use]
pub fn repair_availability(up: f64, repair: f64) -> f64 {
    up / (up + repair)
}
