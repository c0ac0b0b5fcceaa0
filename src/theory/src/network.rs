//! Stations in a network: visits, product form, sums of exponentials.

use crate::mmc::mmc;
use crate::steady::{Steady, falls_to};

/// How often a request visits each station: the solution of v = entry + v·routing.
///
/// `entry` holds the probability that a request begins at a station, `routing[i][j]` that it goes from i to
/// j. `None` if requests never leave.
#[must_use]
pub fn visits(entry: &[f64], routing: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = entry.len();
    // (I − Pᵀ) v = entry, by elimination.
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|to| {
            let mut row: Vec<f64> = (0..n)
                .map(|from| f64::from(u8::from(from == to)) - routing[from][to])
                .collect();
            row.push(entry[to]);
            row
        })
        .collect();
    for pivot in 0..n {
        let best = (pivot..n)
            .max_by(|a, b| libm::fabs(rows[*a][pivot]).total_cmp(&libm::fabs(rows[*b][pivot])))?;
        rows.swap(pivot, best);
        if libm::fabs(rows[pivot][pivot]) < 1e-12 {
            return None;
        }
        let row = rows[pivot].clone();
        for (_, other) in rows.iter_mut().enumerate().filter(|(at, _)| *at != pivot) {
            let factor = other[pivot] / row[pivot];
            for (cell, value) in other.iter_mut().zip(&row) {
                *cell -= factor * value;
            }
        }
    }
    Some((0..n).map(|at| rows[at][n] / rows[at][at]).collect())
}

/// One station of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// How many servers; `None` is one for everybody.
    pub servers: Option<u32>,
    /// Mean service time in seconds; exponential unless there are endless servers.
    pub service: f64,
}

/// Each station of a Jackson network by itself, for `rate` arrivals per second into the network and the
/// [`visits`] of each: in steady state it behaves as if it met Poisson arrivals at rate × visits.
///
/// Source: J. R. Jackson, *Networks of waiting lines*, Operations Research 5 (1957).
#[must_use]
pub fn jackson(rate: f64, visits: &[f64], stations: &[Station]) -> Vec<Steady> {
    visits
        .iter()
        .zip(stations)
        .map(|(visits, station)| match station.servers {
            Some(servers) => mmc(servers, rate * visits, station.service),
            None => Steady::lossless(f64::INFINITY, rate * visits, station.service, 0.0, 0.0),
        })
        .collect()
}

/// Mean time from arrival to departure in a Jackson network, in seconds.
#[must_use]
pub fn jackson_sojourn(rate: f64, visits: &[f64], stations: &[Station]) -> f64 {
    let each = jackson(rate, visits, stations);
    visits
        .iter()
        .zip(each)
        .map(|(v, s)| v * s.sojourn_mean)
        .sum()
}

/// P(X + Y > t) for independent exponentials with these rates per second.
#[must_use]
pub fn two_exponentials_tail(a: f64, b: f64, time: f64) -> f64 {
    if libm::fabs(a - b) < 1e-9 * a {
        return libm::exp(-a * time) * (1.0 + a * time);
    }
    (b * libm::exp(-a * time) - a * libm::exp(-b * time)) / (b - a)
}

/// The sojourn time below which a share `q` stays in two M/M/1 one after the other, in seconds; the sojourn
/// times are independent (E. Reich, *Waiting times when queues are in tandem*, 1957).
#[must_use]
pub fn tandem_quantile(rate: f64, services: [f64; 2], q: f64) -> f64 {
    let [a, b] = services.map(|service| 1.0 / service - rate);
    falls_to(1.0 - q, 1.0 / a + 1.0 / b, |time| {
        two_exponentials_tail(a, b, time)
    })
}

/// Mean attempts of a request that fails with probability `p_fail` each time and is tried again at most
/// `retries` times: (1 − p^(r+1))/(1 − p).
#[must_use]
pub fn attempts(p_fail: f64, retries: u32) -> f64 {
    (0..=retries).rev().fold(0.0, |sum, _| sum * p_fail + 1.0)
}

/// The share of requests whose last attempt fails too: p^(r+1).
#[must_use]
pub fn failed_after_retries(p_fail: f64, retries: u32) -> f64 {
    libm::pow(p_fail, f64::from(retries) + 1.0)
}

/// Mean time a request spends between attempts, in seconds: before the i-th retry base·factor^(i−1) without
/// jitter; full jitter halves it.
#[must_use]
pub fn backoff_mean(p_fail: f64, retries: u32, base: f64, factor: f64) -> f64 {
    let delays = (1..=retries).map(|i| {
        let (i, last) = (f64::from(i), f64::from(i) - 1.0);
        libm::pow(p_fail, i) * base * libm::pow(factor, last)
    });
    delays.sum()
}

/// Mean time from first arrival to the end of the last attempt when each attempt waits anew in one M/M/1 and
/// fails after its service: A/(μ − λA) with A mean [`attempts`]. Seconds; infinite when overloaded.
///
/// Product form over classes: F. Baskett, K. M. Chandy, R. R. Muntz, F. G. Palacios (1975).
#[must_use]
pub fn retry_queue_sojourn(rate: f64, service: f64, p_fail: f64, retries: u32) -> f64 {
    let attempts = attempts(p_fail, retries);
    let drain = 1.0 / service - rate * attempts;
    if drain <= 0.0 {
        f64::INFINITY
    } else {
        attempts / drain
    }
}
