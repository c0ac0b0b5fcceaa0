//! Markov chains solved numerically, and the queues that have no closed form: shortest queues and a pool
//! that is held while waiting for another.

/// The stationary distribution of a chain whose transitions from state i go to states j with |i − j| at most
/// `band`. `rates` tells (target, rate) for each state.
///
/// By state reduction, which subtracts nothing and so loses no digits. Source: W. K. Grassmann, M. I.
/// Taksar, D. P. Heyman, *Regenerative analysis and steady state distributions for Markov chains*,
/// Operations Research 33 (1985).
fn stationary(states: usize, band: usize, rates: impl Fn(usize) -> Vec<(usize, f64)>) -> Vec<f64> {
    let width = 2 * band + 1;
    // Row i holds the rates to i − band ..= i + band.
    let mut table = vec![0.0; states * width];
    let at = |from: usize, to: usize| from * width + to + band - from;
    for from in 0..states {
        for (to, rate) in rates(from) {
            if to != from {
                table[at(from, to)] += rate;
            }
        }
    }
    let mut down = vec![0.0; states];
    for gone in (1..states).rev() {
        let first = gone.saturating_sub(band);
        down[gone] = (first..gone).map(|to| table[at(gone, to)]).sum();
        for from in first..gone {
            let share = table[at(from, gone)] / down[gone];
            if share > 0.0 {
                for to in (first..gone).filter(|to| *to != from) {
                    table[at(from, to)] += share * table[at(gone, to)];
                }
            }
        }
    }
    let mut weights = vec![1.0; states];
    for state in 1..states {
        let first = state.saturating_sub(band);
        let inflow: f64 = (first..state)
            .map(|from| weights[from] * table[at(from, state)])
            .sum();
        weights[state] = inflow / down[state];
    }
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

/// Times of a request that holds a worker while it waits for a connection, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NestedPool {
    /// From arrival to the end.
    pub sojourn_mean: f64,
    /// Waiting for a worker.
    pub worker_wait_mean: f64,
    /// Waiting for a connection, a worker being held.
    pub pool_wait_mean: f64,
}

/// A request takes one of `workers`, computes for an exponential time (mean `compute`), then, still holding
/// it, takes one of `connections` and queries for an exponential time (mean `query`). Poisson arrivals at
/// `rate` per second; both queues are endless.
///
/// The chain (inside, of those at the pool) is solved numerically, cut off where more than `most` are inside;
/// with a load below 0.9, 200 is plenty.
#[must_use]
pub fn nested_pool(
    rate: f64,
    workers: usize,
    compute: f64,
    connections: usize,
    query: f64,
    most: usize,
) -> NestedPool {
    let phases = workers + 1;
    let at = |inside: usize, pool: usize| inside * phases + pool;
    // A state that cannot be: leads to one that can, and nothing leads to it.
    let weights = stationary((most + 1) * phases, phases + 1, |state| {
        let (inside, pool) = (state / phases, state % phases);
        let held = inside.min(workers);
        if pool > held {
            return vec![(state - 1, 1.0)];
        }
        let mut to = Vec::new();
        if inside < most {
            to.push((at(inside + 1, pool), rate));
        }
        if held > pool {
            to.push((at(inside, pool + 1), (held - pool) as f64 / compute));
        }
        if pool > 0 {
            let busy = pool.min(connections) as f64;
            to.push((at(inside - 1, pool - 1), busy / query));
        }
        to
    });
    // By Little's law a mean time is a mean number / rate.
    let mean_time = |number: &dyn Fn(usize, usize) -> usize| -> f64 {
        let states = weights.iter().enumerate();
        let numbers = states.map(|(state, p)| p * number(state / phases, state % phases) as f64);
        numbers.sum::<f64>() / rate
    };
    NestedPool {
        sojourn_mean: mean_time(&|inside, _| inside),
        worker_wait_mean: mean_time(&|inside, _| inside.saturating_sub(workers)),
        pool_wait_mean: mean_time(&|_, pool| pool.saturating_sub(connections)),
    }
}

/// Which of two queues is the shorter one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortest {
    /// With fewer requests inside, the one in service counted ("least outstanding").
    Inside,
    /// With fewer waiting, the one in service not counted; ties at random. An idle server then ties with
    /// one that is busy but has no line.
    Waiting,
}

/// Mean sojourn time with two single servers behind a balancer that picks the shorter queue, in seconds:
/// Poisson arrivals at `rate` per second in all, exponential service of mean `service`, load below 1.
///
/// The chain (shorter queue, difference) is solved numerically; the difference beyond 40 is cut off, whose
/// probability is below 10⁻²⁰. The model is that of J. F. C. Kingman, *Two similar queues in parallel*
/// (1961).
#[must_use]
pub fn shortest_of_two(kind: Shortest, rate: f64, service: f64) -> f64 {
    const DIFFERENCES: usize = 41;
    let rho = (rate * service / 2.0).clamp(1e-6, 0.999);
    // Both queues longer than n have a probability of about ρ²ⁿ.
    let most = (20.0 / -libm::log(rho)) as usize + 10;
    let mu = 1.0 / service;
    let at = |short: usize, more: usize| short * DIFFERENCES + more;
    let weights = stationary(most * DIFFERENCES, DIFFERENCES + 1, |state| {
        let (short, more) = (state / DIFFERENCES, state % DIFFERENCES);
        let mut to = Vec::new();
        let tie = kind == Shortest::Waiting && short == 0 && more == 1;
        let to_short = if tie { rate / 2.0 } else { rate };
        if more == 0 {
            to.push((at(short, 1), rate));
        } else if short + 1 < most {
            to.push((at(short + 1, more - 1), to_short));
        }
        if tie {
            to.push((at(short, more + 1), rate / 2.0));
        }
        if more > 0 {
            to.push((at(short, more - 1), mu));
        }
        if short > 0 && more + 1 < DIFFERENCES {
            let departures = if more == 0 { 2.0 * mu } else { mu };
            to.push((at(short - 1, more + 1), departures));
        }
        to
    });
    let number: f64 = weights
        .iter()
        .enumerate()
        .map(|(state, p)| p * (2 * (state / DIFFERENCES) + state % DIFFERENCES) as f64)
        .sum();
    number / rate
}

/// Mean sojourn time under "power of two choices" with very many servers, in seconds; `rho` is the load of
/// each. Finite systems are a little slower.
///
/// Σₖ≥₁ ρ^(2ᵏ−2)/μ. Source: M. Mitzenmacher, *The power of two choices in randomized load balancing* (1996);
/// N. D. Vvedenskaya, R. L. Dobrushin, F. I. Karpelevich (1996).
#[must_use]
pub fn power_of_two_limit(rho: f64, service: f64) -> f64 {
    if rho >= 1.0 {
        return f64::INFINITY;
    }
    let terms = (1..60).map(|k| libm::pow(rho, libm::exp2(f64::from(k)) - 2.0));
    service * terms.sum::<f64>()
}
