//! One side of the queue is not exponential: M/G/1, M/D/c, GI/M/1, batches, and queues without chance.

use crate::steady::{Steady, falls_to, poisson};

/// M/G/1: `cv` is the coefficient of variation of the service time; only mean and `cv` matter.
///
/// W = ρ·s·(1 + cv²) / (2(1 − ρ)). Source: F. Pollaczek (1930), A. Khinchine (1932); Kleinrock I,
/// section 5.6.
#[must_use]
pub fn mg1(rate: f64, service: f64, cv: f64) -> Steady {
    let rho = rate * service;
    let wait = if rho < 1.0 {
        rho * service * (1.0 + cv * cv) / (2.0 * (1.0 - rho))
    } else {
        f64::INFINITY
    };
    Steady::lossless(1.0, rate, service, rho.min(1.0), wait)
}

/// Mean sojourn time in M/G/1 processor sharing: only the mean of the service time matters.
///
/// Source: L. Kleinrock, *Queueing Systems* II (1976), section 4.4.
#[must_use]
pub fn mg1_ps_sojourn(rate: f64, service: f64) -> f64 {
    let rho = rate * service;
    if rho >= 1.0 {
        f64::INFINITY
    } else {
        service / (1.0 - rho)
    }
}

/// Coefficient of variation of a uniform distribution from `low` to `high`.
#[must_use]
pub fn uniform_cv(low: f64, high: f64) -> f64 {
    (high - low) / libm::sqrt(12.0) / ((low + high) / 2.0)
}

/// M/D/c: constant service time.
#[derive(Clone, Debug)]
pub struct Mdc {
    servers: u32,
    rate: f64,
    service: f64,
    /// Probabilities of 0, 1, 2, … in the system.
    states: Vec<f64>,
}

impl Mdc {
    /// Solves M/D/c with this arrival rate and service time (seconds). Waits are infinite when overloaded;
    /// close to it (above 0.98) solving takes long.
    ///
    /// After one service time everyone who was in service is gone and a Poisson number has come; the
    /// stationary distribution of that chain is that of all times.
    /// Source: C. D. Crommelin, *Delay probability formulae when the holding times are constant*, P.O.
    /// Electrical Engineers Journal 25 (1932).
    #[must_use]
    pub fn new(servers: u32, rate: f64, service: f64) -> Self {
        let offered = rate * service;
        let c = servers as usize;
        if offered >= f64::from(servers) {
            return Self {
                servers,
                rate,
                service,
                states: Vec::new(),
            };
        }
        let free = (1.0 - offered / f64::from(servers)).max(1e-3);
        let size = c + 50 + (25.0 / free) as usize;
        let mut arrivals: Vec<f64> = (0..size as u32).map(|k| poisson(k, offered)).collect();
        let kept = arrivals.iter().rposition(|p| *p > 1e-18).unwrap_or(0);
        arrivals.truncate(kept + 1);
        let mut states = vec![1.0 / size as f64; size];
        for _ in 0..100_000 {
            let mut next = vec![0.0; size];
            for (n, p) in states.iter().enumerate() {
                let left = n.saturating_sub(c);
                for (target, a) in next[left..].iter_mut().zip(&arrivals) {
                    *target += p * a;
                }
            }
            // What fell beyond the end is put back by scaling.
            let sum: f64 = next.iter().sum();
            next.iter_mut().for_each(|p| *p /= sum);
            let change: f64 = next
                .iter()
                .zip(&states)
                .map(|(a, b)| libm::fabs(a - b))
                .sum();
            states = next;
            if change < 1e-15 {
                break;
            }
        }
        Self {
            servers,
            rate,
            service,
            states,
        }
    }

    /// Means.
    #[must_use]
    pub fn steady(&self) -> Steady {
        let c = self.servers as usize;
        let idle: f64 = self.states.iter().take(c).sum();
        let waiting = self.states.iter().enumerate().skip(c);
        let queue: f64 = waiting.map(|(n, p)| (n - c) as f64 * p).sum();
        let wait = if self.states.is_empty() {
            f64::INFINITY
        } else {
            queue / self.rate
        };
        Steady::lossless(c as f64, self.rate, self.service, 1.0 - idle, wait)
    }

    /// The share of requests that wait at most `time` seconds.
    ///
    /// For (k−1)D ≤ t < kD and u = kD − t: e^−λu Σⱼ Q₍kc−1−j₎ (λu)ʲ/j!, where Qₘ is the probability that at
    /// most m are in the queue. All terms are positive, unlike in Erlang's formula of 1909.
    /// Source: G. J. Franx, *A simple solution for the M/D/c waiting time distribution*, Operations Research
    /// Letters 29 (2001).
    #[must_use]
    pub fn waits_at_most(&self, time: f64) -> f64 {
        if time < 0.0 {
            return 0.0;
        }
        let periods = libm::floor(time / self.service) + 1.0;
        let mean = self.rate * (periods * self.service - time);
        let most = periods as usize * self.servers as usize;
        let mut upto = Vec::with_capacity(most);
        let mut sum: f64 = self.states.iter().take(self.servers as usize).sum();
        for m in 0..most {
            sum += self.states.get(m + self.servers as usize).unwrap_or(&0.0);
            upto.push(sum);
        }
        let terms = (0_u32..).zip(upto.iter().rev());
        terms.map(|(j, q)| q * poisson(j, mean)).sum()
    }

    /// The sojourn time below which a share `q` of the requests stays, in seconds.
    #[must_use]
    pub fn sojourn_quantile(&self, q: f64) -> f64 {
        if self.states.is_empty() {
            return f64::INFINITY;
        }
        self.service + falls_to(1.0 - q, self.service, |time| 1.0 - self.waits_at_most(time))
    }
}

/// The root σ of σ = A*(μ(1 − σ)) below 1 of GI/M/1: the share of arrivals that wait. `arrivals` is the
/// Laplace transform A* of the time between arrivals; 1 when overloaded.
///
/// The sojourn time is Exp(μ(1 − σ)). Source: Kleinrock I, section 6.4.
#[must_use]
pub fn gim1_sigma(service: f64, arrivals: impl Fn(f64) -> f64) -> f64 {
    let mut sigma = 0.0;
    // From 0 the iteration rises to the smallest root.
    for _ in 0..1_000_000 {
        let next = arrivals((1.0 - sigma) / service);
        if next - sigma < 1e-17 {
            break;
        }
        sigma = next;
    }
    sigma
}

/// GI/M/1 in steady state from its σ ([`gim1_sigma`]).
#[must_use]
pub fn gim1(rate: f64, service: f64, sigma: f64) -> Steady {
    Steady::lossless(1.0, rate, service, sigma, sigma * service / (1.0 - sigma))
}

/// The sojourn time below which a share `q` of the requests in GI/M/1 stays, in seconds.
#[must_use]
pub fn gim1_sojourn_quantile(service: f64, sigma: f64, q: f64) -> f64 {
    -libm::log1p(-q) * service / (1.0 - sigma)
}

/// σ of D/M/1: constant times between arrivals.
#[must_use]
pub fn dm1_sigma(rate: f64, service: f64) -> f64 {
    gim1_sigma(service, |s| libm::exp(-s / rate))
}

/// σ of Eₖ/M/1: times between arrivals are Erlang with so many stages.
#[must_use]
pub fn ekm1_sigma(stages: u32, rate: f64, service: f64) -> f64 {
    let stage = f64::from(stages) * rate;
    gim1_sigma(service, |s| {
        libm::pow(stage / (stage + s), f64::from(stages))
    })
}

/// Mean sojourn time in M^X/M/1 with geometric batches: `batches` per second of mean size `size`, mean
/// service time `service` of each request.
///
/// L = ρ(1 + E[X²]/E[X]) / (2(1 − ρ)) and E[X²]/E[X] = 2·size − 1. Source: D. Gross and C. M. Harris,
/// *Fundamentals of Queueing Theory*, section 3.1.
#[must_use]
pub fn batch_mm1_sojourn(batches: f64, size: f64, service: f64) -> f64 {
    let rate = batches * size;
    let rho = rate * service;
    if rho >= 1.0 {
        return f64::INFINITY;
    }
    rho * size / (1.0 - rho) / rate
}

/// What happens in a queue without chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timetable {
    /// How many were refused.
    pub refused: u64,
    /// How many were served.
    pub served: u64,
    /// Mean wait of the served, in seconds.
    pub wait_mean: f64,
    /// Longest wait, in seconds.
    pub wait_max: f64,
    /// Wait of the last that was served, in seconds.
    pub last_wait: f64,
    /// When the last service ends, in seconds; the first arrival comes after one interval.
    pub end: f64,
    /// Busy time / servers / time until the last service ends.
    pub utilisation: f64,
}

/// D/D/c with `queue` waiting places (`None`: no limit): `count` arrivals, one each `interval_ns`, each
/// served for `service_ns`; counted out in whole nanoseconds. A server that becomes free at the moment of
/// an arrival serves it.
#[must_use]
pub fn timetable(
    servers: u32,
    queue: Option<u64>,
    interval_ns: u64,
    service_ns: u64,
    count: u64,
) -> Timetable {
    let mut free_at = vec![0_u64; servers.max(1) as usize];
    let mut starts = std::collections::VecDeque::new();
    let mut told = Timetable::default();
    let (mut waits, mut end) = (0_u128, 0);
    for k in 1..=count {
        let now = k * interval_ns;
        while starts.front().is_some_and(|start| *start <= now) {
            starts.pop_front();
        }
        free_at.sort_unstable();
        let start = free_at[0].max(now);
        if start > now && queue.is_some_and(|places| starts.len() as u64 >= places) {
            told.refused += 1;
            continue;
        }
        if start > now {
            starts.push_back(start);
        }
        free_at[0] = start + service_ns;
        end = end.max(free_at[0]);
        told.served += 1;
        told.last_wait = (start - now) as f64 / 1e9;
        told.wait_max = told.wait_max.max(told.last_wait);
        waits += u128::from(start - now);
    }
    told.wait_mean = waits as f64 / 1e9 / told.served as f64;
    told.end = end as f64 / 1e9;
    told.utilisation = told.served as f64 * service_ns as f64 / 1e9 / f64::from(servers) / told.end;
    told
}
