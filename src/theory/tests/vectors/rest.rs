//! Fan-out, replicas, retries, caches, identifiers, failover, timetables, distributions.

use archplay_theory::*;
use serde_json::Value;

use crate::{Metrics, count, number, put, put_quantiles, text};

pub fn parallel(told: &mut Metrics, model: &Value) {
    let (n, k) = (count(model, "/branches"), count(model, "/wait_for"));
    let mean = number(model, "/service/mean");
    if text(model, "/type") == "forkjoin" {
        let rate = number(model, "/arrival/rate");
        return put(told, "sojourn_mean", fork_join_two(rate, mean));
    }
    if text(model, "/service/dist") == "lognormal" {
        let cv = number(model, "/service/cv");
        put(told, "sojourn_mean", lognormal_order_mean(k, n, mean, cv));
        return put_quantiles(told, "sojourn", |q| {
            lognormal_order_quantile(k, n, mean, cv, q)
        });
    }
    put(told, "sojourn_mean", exponential_order_mean(k, n, mean));
    put_quantiles(told, "sojourn", |q| {
        exponential_order_quantile(k, n, mean, q)
    });
}

pub fn replicas(told: &mut Metrics, model: &Value) {
    let (writes, apply) = (number(model, "/writes/rate"), number(model, "/apply/mean"));
    let delay = number(model, "/network_delay");
    if let Some(seconds) = model.pointer("/run_seconds").and_then(Value::as_f64) {
        put(
            told,
            "backlog_at_60s",
            replica_backlog(writes, 1.0 / apply, seconds),
        );
        let lag = replica_backlog_lag(writes, 1.0 / apply, seconds);
        return put(told, "lag_of_write_at_60s", lag);
    }
    put(told, "lag_mean", replica_lag_mean(writes, apply, delay));
    put_quantiles(told, "lag", |q| {
        replica_lag_quantile(writes, apply, delay, q)
    });
    for after in model["read_after_write_delays"].as_array().unwrap() {
        let after = after.as_f64().unwrap();
        let name = format!("p_stale_after_{}ms", (after * 1e3) as u32);
        put(told, &name, replica_stale(writes, apply, delay, after));
    }
}

pub fn retries(told: &mut Metrics, model: &Value) {
    let (p, retries) = (number(model, "/p_fail"), count(model, "/max_retries"));
    let (base, factor) = (
        number(model, "/backoff/base"),
        number(model, "/backoff/factor"),
    );
    put(told, "attempts_per_request", attempts(p, retries));
    put(told, "failed_share", failed_after_retries(p, retries));
    put(told, "backoff_mean", backoff_mean(p, retries, base, factor));
}

pub fn caches(told: &mut Metrics, model: &Value) {
    let shares = zipf_shares(number(model, "/zipf_alpha"), count(model, "/keys") as usize);
    match text(model, "/policy") {
        "ttl" => {
            let rate = number(model, "/arrival/rate");
            let expiring = ttl_fixed(&shares, rate, number(model, "/ttl"));
            put(told, "hit_ratio", expiring.hit_ratio);
            put(told, "miss_rate", expiring.miss_rate);
            put(told, "occupancy_mean", expiring.occupancy);
        }
        _ => {
            let capacity = count(model, "/capacity") as usize;
            put(told, "hit_ratio_che", lru_che(&shares, capacity).hit_ratio);
            put(told, "hit_ratio_limit", lfu_limit(&shares, capacity));
            if let Some(exact) = lru_exact(&shares, capacity) {
                put(told, "hit_ratio", exact);
            } else if number(model, "/zipf_alpha") == 0.0 {
                // All keys alike: whatever is in, a share C/N hits.
                put(told, "hit_ratio", lfu_limit(&shares, capacity));
            }
        }
    }
}

pub fn ids(told: &mut Metrics, model: &Value) {
    if text(model, "/scheme") == "random" {
        let (n, bits) = (model["count"].as_u64().unwrap(), count(model, "/bits"));
        put(told, "p_any_collision", birthday(n, bits));
        return put(told, "expected_pairs", expected_pairs(n, bits));
    }
    let keys = MsKeys {
        rate: number(model, "/rate"),
        random_bits: model["random_bits"].as_u64().unwrap_or(0) as u32,
    };
    put(told, "p_key_shared", keys.shared());
    put(told, "collisions_per_second", keys.collisions_per_second());
    put(told, "p_any_collision_in_1s", keys.any_collision(1.0));
    put(told, "collisions_per_day", keys.collisions_per_day());
    put(told, "pairs_per_day", keys.pairs_per_day());
    put(
        told,
        "p_any_collision_in_a_day",
        keys.any_collision(86_400.0),
    );
}

pub fn dns(told: &mut Metrics, model: &Value) {
    let failover = DnsFailover {
        interval: number(model, "/health_interval"),
        threshold: count(model, "/threshold"),
        probe_timeout: number(model, "/probe_timeout"),
        ttl: number(model, "/ttl"),
    };
    put(told, "unavailable_mean", failover.mean());
    put_quantiles(told, "unavailable", |q| failover.quantile(q));
    put(told, "unavailable_max", failover.max());
    put(told, "detect_mean", failover.detect_mean());
    put(
        told,
        "failed_requests_at_100rps",
        failover.failed_requests(100.0),
    );
}

pub fn constants(told: &mut Metrics, model: &Value) {
    let branches = model["branches"].as_array().unwrap();
    let mut times: Vec<f64> = branches.iter().map(|time| time.as_f64().unwrap()).collect();
    times.sort_by(f64::total_cmp);
    put(told, "parallel_all", times[times.len() - 1]);
    put(told, "parallel_first", times[0]);
    put(told, "parallel_quorum2", times[1]);
    put(told, "sequential", times.iter().sum());
}

pub fn timetables(told: &mut Metrics, model: &Value) {
    let ns = |path: &str| (number(model, path) * 1e9).round() as u64;
    let arrivals = number(model, "/arrival/count") as u64;
    let table = timetable(
        count(model, "/workers"),
        model["queue_capacity"].as_u64(),
        ns("/arrival/interval"),
        ns("/service/mean"),
        arrivals,
    );
    put(told, "drops", table.refused as f64);
    put(told, "served", table.served as f64);
    put(told, "wait_max", table.wait_max);
    put(told, "wait_mean", table.wait_mean);
    put(told, "wait_of_request_1000", table.last_wait);
    put(told, "last_completion", table.end);
    put(told, "utilisation_until_last_completion", table.utilisation);
}

pub fn samplers(told: &mut Metrics, model: &Value) {
    if text(model, "/dist") == "exponential" {
        let mean = number(model, "/mean");
        put(told, "mean", mean);
        put(told, "cv", 1.0);
        return put_quantiles(told, "sample", |q| {
            exponential_order_quantile(1, 1, mean, q)
        });
    }
    let shares = zipf_shares(number(model, "/alpha"), count(model, "/keys") as usize);
    for (at, share) in shares.iter().enumerate() {
        put(told, &format!("p_rank_{}", at + 1), *share);
        put(
            told,
            &format!("p_top_{}", at + 1),
            lfu_limit(&shares, at + 1),
        );
    }
}
