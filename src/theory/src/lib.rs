//! Closed forms of queueing theory.
//!
//! Knows nothing of the engine or the documents, so that each checks the other. Times in seconds, rates
//! per second. Sources: L. Kleinrock, *Queueing Systems* I (1975) for M/M/c and M/M/c/K; processor
//! sharing in volume II (1976).

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

/// Mean sojourn time in M/M/c with this arrival rate and mean service time; infinite when overloaded.
#[must_use]
pub fn mmc_sojourn(servers: u32, rate: f64, service: f64) -> f64 {
    let offered = rate * service;
    let free = f64::from(servers) - offered;
    if free <= 0.0 {
        return f64::INFINITY;
    }
    service + erlang_c(servers, offered) * service / free
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

/// The sojourn time below which a share `q` of the requests in M/M/c stays, by bisection.
#[must_use]
pub fn mmc_sojourn_quantile(servers: u32, rate: f64, service: f64, q: f64) -> f64 {
    let (mut low, mut high) = (0.0, service);
    while mmc_sojourn_tail(servers, rate, service, high) > 1.0 - q {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if mmc_sojourn_tail(servers, rate, service, middle) > 1.0 - q {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Share of arrivals refused by M/M/c/K, where `room` requests fit in all (those in service included).
#[must_use]
pub fn mmck_refused(servers: u32, room: u32, rate: f64, service: f64) -> f64 {
    let offered = rate * service;
    let mut weight = 1.0;
    let mut sum = 1.0;
    for n in 1..=room.max(servers) {
        weight *= offered / f64::from(n.min(servers));
        sum += weight;
    }
    weight / sum
}

/// Mean sojourn time in M/G/1 processor sharing: only the mean of the service time matters.
#[must_use]
pub fn mg1_ps_sojourn(rate: f64, service: f64) -> f64 {
    let rho = rate * service;
    if rho >= 1.0 {
        f64::INFINITY
    } else {
        service / (1.0 - rho)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-6 * b.abs().max(1e-9), "{a} {b}");
    }

    #[test]
    fn known_values() {
        close(erlang_b(1, 1.0), 0.5);
        close(erlang_b(2, 1.0), 0.2);
        close(erlang_c(2, 1.0), 1.0 / 3.0);
        close(mmc_sojourn(1, 50.0, 0.01), 0.02);
        // M/M/1: sojourn ~ Exp(mu - lambda).
        close(
            mmc_sojourn_quantile(1, 50.0, 0.01, 0.95),
            -libm::log(0.05) / 50.0,
        );
        close(mmck_refused(1, 1, 10.0, 0.1), 0.5);
        close(mmck_refused(2, 2, 10.0, 0.1), erlang_b(2, 1.0));
        close(mg1_ps_sojourn(8.0, 0.1), 0.5);
        assert!(mmc_sojourn(2, 3.0, 1.0).is_infinite());
    }
}
