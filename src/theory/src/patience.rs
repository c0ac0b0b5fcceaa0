//! Queues that people leave: exponential patience, a fixed limit, and clients that are gone while their
//! work still waits.

use crate::mmc::mmc;
use crate::steady::Steady;

/// M/M/c+M (Erlang A): who waits longer than an exponential patience with this mean leaves the queue.
///
/// Birth–death chain with death rate cμ + (n − c)θ. Of those that find j ahead of them in the queue a share
/// cμ/(cμ + (j+1)θ) is served, after a mean wait of Σᵢ₌₀..ⱼ 1/(cμ + (i+1)θ). Times in seconds.
///
/// Source: C. Palm, *Research on telephone traffic carried by full availability groups*, Tele 1 (1957);
/// A. Mandelbaum and S. Zeltyn, *Service engineering in action* (2007).
#[must_use]
pub fn erlang_a(servers: u32, rate: f64, service: f64, patience: f64) -> Steady {
    if patience.is_infinite() {
        return mmc(servers, rate, service);
    }
    let (c, theta) = (f64::from(servers), 1.0 / patience);
    let drain = c / service;
    let free = states_with_a_free_server(servers, rate * service);
    let (mut total, mut in_service) = (free.total, free.in_service);
    let mut served = total;
    let (mut all_busy, mut queue, mut waited, mut wait) = (0.0, 0.0, 0.0, 0.0);
    let (mut weight, mut ahead) = (free.last * rate / drain, 0.0);
    // Weights grow while more come than go.
    while weight > total * 1e-18 || rate > drain + ahead * theta {
        total += weight;
        all_busy += weight;
        in_service += c * weight;
        queue += ahead * weight;
        // For an arrival that finds this state: `ahead` in the queue before it.
        let own = drain + (ahead + 1.0) * theta;
        wait += 1.0 / own;
        let served_here = weight * drain / own;
        served += served_here;
        waited += served_here * wait;
        weight *= rate / own;
        ahead += 1.0;
        if weight > 1e200 {
            // Only their ratios count.
            for sum in [
                &mut total,
                &mut in_service,
                &mut served,
                &mut all_busy,
                &mut queue,
                &mut waited,
            ] {
                *sum /= weight;
            }
            weight = 1.0;
        }
    }
    let lost = theta * queue / total / rate;
    let wait_mean = waited / served;
    Steady {
        utilisation: in_service / total / c,
        p_wait: all_busy / total,
        wait_mean,
        wait_mean_all: queue / total / rate,
        sojourn_mean: wait_mean + service,
        queue_len_mean: queue / total,
        in_system_mean: (queue + in_service) / total,
        loss_prob: lost,
        throughput: rate * (1.0 - lost),
    }
}

/// M/M/c+D: who has waited `limit` seconds in the queue leaves it; a service that has begun is finished.
///
/// The wait that an arrival with endless patience would meet has density λ p₍c₋₁₎ e^(λ−cμ)x up to the
/// limit; beyond it nobody joins, so it falls with e^−cμx.
///
/// Source: D. Y. Barrer, *Queuing with impatient customers and ordered service*, Operations Research 5
/// (1957); F. Baccelli and G. Hebuterne, *On queues with impatient customers* (1981).
#[must_use]
pub fn mmc_timeout(servers: u32, rate: f64, service: f64, limit: f64) -> Steady {
    let c = f64::from(servers);
    let drain = c / service;
    let free = states_with_a_free_server(servers, rate * service);
    let (within, waited) = exponential_integrals(rate - drain, limit);
    let density = free.last * rate;
    let late = density * libm::exp((rate - drain) * limit) / drain;
    let total = free.total + density * within + late;
    let lost = late / total;
    let waited = density * waited / total;
    let wait_mean_all = waited + limit * lost;
    let wait_mean = waited / (1.0 - lost);
    let queue = rate * wait_mean_all;
    let p_wait = 1.0 - free.total / total;
    let in_service = free.in_service / total + c * p_wait;
    Steady {
        utilisation: in_service / c,
        p_wait,
        wait_mean,
        wait_mean_all,
        sojourn_mean: wait_mean + service,
        queue_len_mean: queue,
        in_system_mean: queue + in_service,
        loss_prob: lost,
        throughput: rate * (1.0 - lost),
    }
}

/// Weights of the states with fewer than c requests, relative to one another.
struct Free {
    /// That of c − 1 requests.
    last: f64,
    /// Their sum.
    total: f64,
    /// Their sum, each times its number of requests.
    in_service: f64,
}

/// From c − 1 down to none, the weight of n − 1 being n/offered times that of n.
fn states_with_a_free_server(servers: u32, offered: f64) -> Free {
    let mut free = Free {
        last: 1.0,
        total: 0.0,
        in_service: 0.0,
    };
    let mut weight = 1.0;
    for n in (0..servers).rev() {
        free.total += weight;
        free.in_service += f64::from(n) * weight;
        weight *= f64::from(n) / offered;
        if weight > 1e200 {
            // Only their ratios count.
            free.last /= weight;
            free.total /= weight;
            free.in_service /= weight;
            weight = 1.0;
        }
    }
    free
}

/// ∫ e^ax dx and ∫ x e^ax dx from 0 to `end`.
fn exponential_integrals(a: f64, end: f64) -> (f64, f64) {
    let x = a * end;
    if libm::fabs(x) < 1e-4 {
        let plain = end * (1.0 + x / 2.0 + x * x / 6.0);
        let first = end * end * (0.5 + x / 3.0 + x * x / 8.0);
        return (plain, first);
    }
    let plain = libm::expm1(x) / a;
    (plain, (end * libm::exp(x) - plain) / a)
}

/// M/M/1 whose clients go after `limit` seconds while the server still does their work: the share of
/// clients that see no answer, P(T > limit) = e^−(μ−λ)·limit. The queue is that of plain M/M/1.
#[must_use]
pub fn mm1_late(rate: f64, service: f64, limit: f64) -> f64 {
    let drain = 1.0 / service - rate;
    if drain <= 0.0 {
        1.0
    } else {
        libm::exp(-drain * limit)
    }
}
