//! Every metric of the queueing vectors that has a closed form, an exact chain or a limit, against the
//! functions here. Vectors measured by long reference runs are for the engine's tests.
#![expect(clippy::unwrap_used, reason = "tests")]

mod queues;
mod rest;

use std::collections::BTreeMap;

use archplay_theory::*;
use serde_json::Value;

/// Metrics by name.
type Metrics = BTreeMap<String, f64>;

fn number(value: &Value, path: &str) -> f64 {
    let found = value.pointer(path).and_then(Value::as_f64);
    found.unwrap_or_else(|| panic!("no number at {path} in {value}"))
}

fn count(value: &Value, path: &str) -> u32 {
    number(value, path) as u32
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or("")
}

fn put(metrics: &mut Metrics, name: &str, value: f64) {
    assert_eq!(metrics.insert(name.to_owned(), value), None, "{name} twice");
}

/// All that a station tells, with a prefix for its name.
fn put_steady(metrics: &mut Metrics, prefix: &str, steady: &Steady) {
    for (name, value) in [
        ("utilisation", steady.utilisation),
        ("p_wait", steady.p_wait),
        ("wait_mean", steady.wait_mean),
        ("wait_mean_all", steady.wait_mean_all),
        ("sojourn_mean", steady.sojourn_mean),
        ("queue_len_mean", steady.queue_len_mean),
        ("in_system_mean", steady.in_system_mean),
        ("loss_prob", steady.loss_prob),
        ("abandon_prob", steady.loss_prob),
        ("throughput", steady.throughput),
    ] {
        put(metrics, &format!("{prefix}{name}"), value);
    }
}

const QUANTILES: [(&str, f64); 4] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

fn put_quantiles(metrics: &mut Metrics, prefix: &str, quantile: impl Fn(f64) -> f64) {
    for (name, q) in QUANTILES {
        put(metrics, &format!("{prefix}_{name}"), quantile(q));
    }
}

/// What the theory says about a case.
fn theory(family: &str, case: &Value) -> Metrics {
    let model = &case["model"];
    let mut told = Metrics::new();
    match text(model, "/type") {
        "cache" => rest::caches(&mut told, model),
        "ids" => rest::ids(&mut told, model),
        "sampler" => rest::samplers(&mut told, model),
        "dns_failover" => rest::dns(&mut told, model),
        "lb" => queues::balancers(&mut told, model),
        "network" => queues::networks(&mut told, model),
        "fanout" if family == "deterministic" => rest::constants(&mut told, model),
        "fanout" | "forkjoin" => rest::parallel(&mut told, model),
        "replica" => rest::replicas(&mut told, model),
        "nested" => queues::nested(&mut told, model),
        "retry" => rest::retries(&mut told, model),
        "queue" if family == "deterministic" => rest::timetables(&mut told, model),
        "queue" => queues::queues(&mut told, model),
        other => panic!("no theory for {other}"),
    }
    told
}

#[test]
fn every_closed_form_agrees_with_its_vector() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/queueing/vectors.json"
    );
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in vectors["cases"].as_array().unwrap() {
        let (id, family) = (text(case, "/id"), text(case, "/family"));
        if family == "invariant" {
            continue;
        }
        let told = theory(family, case);
        for metric in case["metrics"].as_array().unwrap() {
            let (name, value) = (text(metric, "/name"), number(metric, "/value"));
            if text(metric, "/kind") == "bruteforce" {
                continue;
            }
            compared += 1;
            match told.get(name) {
                // The vectors have ten digits.
                Some(got) if (got - value).abs() <= value.abs() * 1e-8 + 1e-15 => {}
                Some(got) => wrong.push(format!("{id} {name}: {got} is not {value}")),
                None => wrong.push(format!("{id} {name}: no theory")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 300, "only {compared} compared");
}

/// Where the vectors were measured by long runs, theory that is near must be near.
#[test]
fn measured_vectors_are_near_their_theory() {
    let shares = zipf_shares(0.9, 100_000);
    let che = lru_che(&shares, 10_000);
    assert!(
        (che.characteristic_time - 20_172.179_9).abs() < 1e-3,
        "{che:?}"
    );
    assert!((che.hit_ratio - 0.605_274_25).abs() < 1e-4);
    let pooled = mmc(2, 140.0, 0.01).sojourn_mean;
    let shortest = shortest_of_two(Shortest::Inside, 140.0, 0.01);
    let round_robin = gim1(70.0, 0.01, ekm1_sigma(2, 70.0, 0.01)).sojourn_mean;
    assert!(pooled < shortest && shortest < round_robin);
}
