//! Poisson arrivals, exponential service, several servers: M/M/c, M/M/c/K, Erlang B and C.
//!
//! Source: L. Kleinrock, *Queueing Systems* I (1975), chapter 3.

use crate::steady::{Steady, falls_to, poisson, poisson_below};

/// The Erlang B formula: the share of arrivals that find all `servers` busy when there is no waiting room.
///
/// `offered` is the offered load in erlangs (arrival rate × mean service time), at least 0.
#[must_use]
pub fn erlang_b(servers: u32, offered: f64) -> f64 {
    let mut inverse = 1.0;
    for n in 1..=servers {
        inverse = 1.0 + inverse * f64::from(n) / offered;
    }
    1.0 / inverse
}

/// The Erlang C formula: the share of arrivals that have to wait in M/M/c. 1 when overloaded.
#[must_use]
pub fn erlang_c(servers: u32, offered: f64) -> f64 {
    let rho = offered / f64::from(servers);
    if rho >= 1.0 {
        return 1.0;
    }
    let blocked = erlang_b(servers, offered);
    blocked / (1.0 - rho * (1.0 - blocked))
}

/// M/M/c in steady state: `rate` arrivals per second, mean service time `service` in seconds. Waits are
/// infinite when overloaded. M/M/1 is `servers` = 1.
#[must_use]
pub fn mmc(servers: u32, rate: f64, service: f64) -> Steady {
    let offered = rate * service;
    let free = f64::from(servers) - offered;
    let p_wait = erlang_c(servers, offered);
    let wait = if free > 0.0 {
        p_wait * service / free
    } else {
        f64::INFINITY
    };
    Steady::lossless(f64::from(servers), rate, service, p_wait, wait)
}

/// Mean sojourn time in M/M/c with this arrival rate and mean service time; infinite when overloaded.
#[must_use]
pub fn mmc_sojourn(servers: u32, rate: f64, service: f64) -> f64 {
    mmc(servers, rate, service).sojourn_mean
}

/// Share of requests in M/M/c whose wait is longer than `time`: C·e^−(cμ−λ)t.
#[must_use]
pub fn mmc_wait_tail(servers: u32, rate: f64, service: f64, time: f64) -> f64 {
    let drain = f64::from(servers) / service - rate;
    erlang_c(servers, rate * service) * libm::exp(-drain * time)
}

/// Share of requests in M/M/c whose sojourn time is longer than `time`.
#[must_use]
pub fn mmc_sojourn_tail(servers: u32, rate: f64, service: f64, time: f64) -> f64 {
    let mu = 1.0 / service;
    let offered = rate * service;
    let wait = erlang_c(servers, offered);
    let drain = f64::from(servers) * mu - rate;
    let alone = libm::exp(-mu * time);
    if libm::fabs(drain - mu) < 1e-9 * mu {
        return alone * (1.0 + wait * mu * time);
    }
    // Wait ~ Exp(drain) with probability `wait`, plus an independent service ~ Exp(mu).
    let both = (drain * alone - mu * libm::exp(-drain * time)) / (drain - mu);
    (1.0 - wait) * alone + wait * both
}

/// The sojourn time below which a share `q` of the requests in M/M/c stays, in seconds; infinite when
/// overloaded.
#[must_use]
pub fn mmc_sojourn_quantile(servers: u32, rate: f64, service: f64, q: f64) -> f64 {
    if rate * service >= f64::from(servers) {
        return f64::INFINITY;
    }
    falls_to(1.0 - q, service, |time| {
        mmc_sojourn_tail(servers, rate, service, time)
    })
}

/// The probabilities of 0, 1, … `room` requests in M/M/c/K.
fn mmck_states(servers: u32, room: u32, offered: f64) -> Vec<f64> {
    let mut states = vec![1.0];
    let mut weight = 1.0;
    for n in 1..=room.max(servers) {
        weight *= offered / f64::from(n.min(servers));
        states.push(weight);
        // Far above 1 they would overflow; only their ratios count.
        if weight > 1e200 {
            states.iter_mut().for_each(|state| *state /= weight);
            weight = 1.0;
        }
    }
    let sum: f64 = states.iter().sum();
    states.iter_mut().for_each(|state| *state /= sum);
    states
}

/// Share of arrivals refused by M/M/c/K, where `room` requests fit in all (those in service included).
#[must_use]
pub fn mmck_refused(servers: u32, room: u32, rate: f64, service: f64) -> f64 {
    let states = mmck_states(servers, room, rate * service);
    states.last().copied().unwrap_or(1.0)
}

/// M/M/c/K in steady state; `room` requests fit in all, those in service included (at least `servers`).
#[must_use]
pub fn mmck(servers: u32, room: u32, rate: f64, service: f64) -> Steady {
    let states = mmck_states(servers, room, rate * service);
    let refused = states.last().copied().unwrap_or(1.0);
    let (mut number, mut queue, mut waiting) = (0.0, 0.0, 0.0);
    for (n, p) in (0_u32..).zip(&states) {
        number += f64::from(n) * p;
        queue += f64::from(n.saturating_sub(servers)) * p;
        if n >= servers && (n as usize) + 1 < states.len() {
            waiting += p;
        }
    }
    let admitted = rate * (1.0 - refused);
    Steady {
        utilisation: admitted * service / f64::from(servers),
        p_wait: waiting / (1.0 - refused),
        wait_mean: queue / admitted,
        wait_mean_all: queue / admitted,
        sojourn_mean: number / admitted,
        queue_len_mean: queue,
        in_system_mean: number,
        loss_prob: refused,
        throughput: admitted,
    }
}

/// Share of the admitted requests in M/M/c/K whose sojourn time is longer than `time`.
///
/// Who finds n ≥ c inside waits for n − c + 1 completions, each Exp(cμ), and is then served, Exp(μ).
#[must_use]
pub fn mmck_sojourn_tail(servers: u32, room: u32, rate: f64, service: f64, time: f64) -> f64 {
    let states = mmck_states(servers, room, rate * service);
    let found = &states[..states.len() - 1];
    let admitted: f64 = found.iter().sum();
    let mu = 1.0 / service;
    let tails = (0_u32..).zip(found).map(|(n, p)| {
        let stages = (n + 1).saturating_sub(servers);
        p * erlang_then_exponential_tail(stages, f64::from(servers) * mu, mu, time)
    });
    tails.sum::<f64>() / admitted
}

/// The sojourn time below which a share `q` of the admitted requests in M/M/c/K stays, in seconds.
#[must_use]
pub fn mmck_sojourn_quantile(servers: u32, room: u32, rate: f64, service: f64, q: f64) -> f64 {
    falls_to(1.0 - q, service, |time| {
        mmck_sojourn_tail(servers, room, rate, service, time)
    })
}

/// P(E + X > t) for E the sum of `stages` Exp(θ) and X ~ Exp(μ), θ ≥ μ:
/// P(E > t) + e^−μt (θ/(θ−μ))^k P(k, (θ−μ)t), where P is the regularised lower gamma function.
fn erlang_then_exponential_tail(stages: u32, theta: f64, mu: f64, t: f64) -> f64 {
    let k = f64::from(stages);
    let first = poisson_below(stages, theta * t);
    if t <= 0.0 {
        return 1.0;
    }
    if theta - mu < 1e-9 * mu {
        return first + poisson(stages, mu * t);
    }
    // The lower gamma function by its series, whose terms are all positive; the power goes into its first
    // term, since alone it can overflow.
    let x = (theta - mu) * t;
    let mut term = libm::exp(k * libm::log(theta * t) - x - mu * t - libm::lgamma(k + 1.0));
    let mut sum = 0.0;
    let mut j = k;
    while term > sum * 1e-18 {
        sum += term;
        j += 1.0;
        term *= x / j;
    }
    first + sum
}
