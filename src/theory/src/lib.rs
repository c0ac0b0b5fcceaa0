//! Closed forms of queueing theory and its neighbours: caches, identifiers, failover, availability.
//!
//! Knows nothing of the engine or the documents, so that each checks the other. Times in seconds, rates per
//! second, shares from 0 to 1. Every function names its source. Where there is no closed form a Markov chain
//! is solved numerically; nothing here is simulated.

mod caching;
mod chain;
mod everyday;
mod failover;
mod fluid;
mod general;
mod ids;
mod mmc;
mod network;
mod parallel;
mod patience;
mod popularity;
mod steady;

pub use caching::{
    Che, Expiring, lfu_limit, lru_che, lru_exact, ttl_fixed, ttl_sliding, zipf_shares,
};
pub use chain::{NestedPool, Shortest, nested_pool, power_of_two_limit, shortest_of_two};
pub use everyday::{WaitingLine, calls_of_layers, load_average, rows_examined};
pub use failover::DnsFailover;
pub use fluid::{
    Burst, burst, replica_backlog, replica_backlog_lag, replica_lag_mean, replica_lag_quantile,
    replica_stale,
};
pub use general::{
    Mdc, Timetable, batch_mm1_sojourn, dm1_sigma, ekm1_sigma, gim1, gim1_sigma,
    gim1_sojourn_quantile, mg1, mg1_ps_sojourn, timetable, uniform_cv,
};
pub use ids::{MsKeys, birthday, expected_pairs};
pub use mmc::{
    erlang_b, erlang_c, mmc, mmc_sojourn, mmc_sojourn_quantile, mmc_sojourn_tail, mmc_wait_tail,
    mmck, mmck_refused, mmck_sojourn_quantile, mmck_sojourn_tail,
};
pub use network::{
    Station, attempts, backoff_mean, failed_after_retries, jackson, jackson_sojourn,
    retry_queue_sojourn, tandem_quantile, two_exponentials_tail, visits,
};
pub use parallel::{
    at_least, exponential_order_mean, exponential_order_quantile, fork_join_two,
    k_of_n_availability, lognormal_order_mean, lognormal_order_quantile, lognormal_parameters,
    parallel_availability, repair_availability, series_availability,
};
pub use patience::{erlang_a, mm1_late, mmc_timeout};
pub use popularity::ZipfGroups;
pub use steady::{Steady, little_number, little_time};

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

    /// Models that must agree where one is a special case of the other.
    #[test]
    fn special_cases_agree() {
        let plain = mmc(3, 20.0, 0.1);
        close(mmck(3, 400, 20.0, 0.1).sojourn_mean, plain.sojourn_mean);
        close(mmc_timeout(3, 20.0, 0.1, 1e3).wait_mean, plain.wait_mean);
        close(
            erlang_a(3, 20.0, 0.1, 1e7).queue_len_mean,
            plain.queue_len_mean,
        );
        close(mmc_timeout(3, 20.0, 0.1, 0.0).loss_prob, erlang_b(3, 2.0));
        // Many servers with little to do: the weights span hundreds of powers of ten.
        close(mmc_timeout(2_000, 20.0, 0.1, 1.0).in_system_mean, 2.0);
        close(erlang_a(2_000, 20.0, 0.1, 1.0).in_system_mean, 2.0);
        close(
            mmck_sojourn_quantile(3, 400, 20.0, 0.1, 0.99),
            mmc_sojourn_quantile(3, 20.0, 0.1, 0.99),
        );
        close(mg1(5.0, 0.1, 1.0).wait_mean, mmc(1, 5.0, 0.1).wait_mean);
        close(
            mg1(5.0, 0.1, 0.0).wait_mean,
            Mdc::new(1, 5.0, 0.1).steady().wait_mean,
        );
        let poisson = gim1_sigma(0.1, |s| 5.0 / (5.0 + s));
        close(gim1(5.0, 0.1, poisson).sojourn_mean, 0.2);
        close(ekm1_sigma(1, 5.0, 0.1), 0.5);
        close(batch_mm1_sojourn(5.0, 1.0, 0.1), 0.2);
        close(fork_join_two(1e-9, 0.1), exponential_order_mean(2, 2, 0.1));
        close(lognormal_order_mean(1, 1, 0.01, 2.0), 0.01);
        close(
            nested_pool(10.0, 3, 0.1, 50, 1e-9, 300).sojourn_mean,
            mmc(3, 10.0, 0.1).sojourn_mean,
        );
    }

    #[test]
    fn birthdays_by_both_ways() {
        // 23 people, 365 days is the classic; with powers of two: 20 in 256.
        let direct = 1.0 - (1..20).map(|i| 1.0 - f64::from(i) / 256.0).product::<f64>();
        close(birthday(20, 8), direct);
        assert!((birthday(257, 8) - 1.0).abs() < 1e-15);
        // Either side of the change of method.
        let (sum, series) = (birthday(4_200, 22), birthday(4_190, 22));
        let pairs = |n: f64| n * (n - 1.0);
        close(
            libm::log1p(-sum) / libm::log1p(-series),
            pairs(4_200.0) / pairs(4_190.0) * (1.0 + (10.0 / 3.0) / 4_194_304.0),
        );
    }

    #[test]
    fn overload_is_infinite_and_returns() {
        let mdc = Mdc::new(2, 30.0, 0.1);
        assert!(mdc.steady().wait_mean.is_infinite() && mdc.sojourn_quantile(0.5).is_infinite());
        assert!(mmc_sojourn_quantile(1, 20.0, 0.1, 0.5).is_infinite());
        assert!(gim1(20.0, 0.1, dm1_sigma(20.0, 0.1)).wait_mean > 1e4);
        assert!(mg1(20.0, 0.1, 1.0).wait_mean.is_infinite());
        assert!(replica_lag_mean(20.0, 0.1, 0.0).is_infinite());
        close(mmck(1, 5_000, 20.0, 0.1).loss_prob, 0.5);
        close(erlang_a(1, 20.0, 0.1, 1e4).loss_prob, 0.5);
        assert!(
            erlang_a(1, 20.0, 0.1, f64::INFINITY)
                .wait_mean
                .is_infinite()
        );
    }

    #[test]
    fn availabilities() {
        close(series_availability(&[0.99, 0.9]), 0.891);
        close(parallel_availability(&[0.99, 0.9]), 0.999);
        close(k_of_n_availability(2, 3, 0.9), 0.972);
        close(k_of_n_availability(3, 3, 1.0), 1.0);
        close(repair_availability(99.0, 1.0), 0.99);
        close(little_time(2.0, little_number(2.0, 0.3)), 0.3);
    }
}
