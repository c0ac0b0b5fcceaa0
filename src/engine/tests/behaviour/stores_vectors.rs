//! Caches and identifiers against the vectors of `tests/fixtures/queueing`, through the public documents:
//! client → server → cache → store, and client → server → generator → store.

use archplay_model::scenario::{Consistency, Demand, OnConflict, Pick, Window};
use archplay_model::{ClockTime, Scenario};
use archplay_report::Measure;
use serde_json::Value as Json;

use crate::reports::measured;
use crate::support::{self, design, id, run, scenario};

fn case(name: &str) -> Json {
    let text = include_str!("../../../../tests/fixtures/queueing/vectors.json");
    let all: Json = serde_json::from_str(text).unwrap_or_default();
    let cases = all["cases"].as_array().cloned().unwrap_or_default();
    let found = cases.into_iter().find(|case| case["id"] == name);
    found.unwrap_or_else(|| panic!("no vector {name}"))
}

/// Holds a number to a metric of a vector, with the tolerance for so many requests.
fn hold(case: &Json, metric: &str, got: f64, used: f64) {
    let metrics = case["metrics"].as_array().cloned().unwrap_or_default();
    let metric = metrics.iter().find(|m| m["name"] == metric).cloned();
    let metric = metric.unwrap_or_else(|| panic!("no metric"));
    let number = |key: &str| metric[key].as_f64().unwrap_or(f64::NAN);
    let planned = case["run"]["n_requests"].as_f64().unwrap_or(used);
    let (least, whole) = (number("tol_floor"), number("tol_abs"));
    let tolerance = least + (whole - least) * (planned / used).max(1.0).sqrt();
    assert!(
        (got - number("value")).abs() <= tolerance,
        "{} {}: got {got}, wanted {} ± {tolerance}",
        case["id"],
        metric["name"],
        number("value")
    );
}

fn read() -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    }
}

/// Requests at this rate for rows that are the vector's keys; the focus window leaves the warm-up out.
fn requests(case: &Json, rate: f64, warm_up: f64, used: f64) -> Scenario {
    let secs = |n: f64| (n / rate).ceil() as u32;
    let mut plan = scenario(rate, secs(warm_up) + secs(used), read());
    plan.datasets[0].rows = case["model"]["keys"].as_u64().unwrap_or(0);
    plan.datasets[0].zipf_alpha = case["model"]["zipf_alpha"].as_f64().unwrap_or(0.0);
    plan.focus = Some(Window {
        from: ClockTime::from_secs(secs(warm_up)),
        to: ClockTime::from_secs(secs(warm_up) + secs(used)),
    });
    plan
}

/// Runs a cache with these parameters, and tells its hit ratio, misses a second and mean items.
fn cached(params: &str, plan: &Scenario) -> [f64; 3] {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         k cache({params}; operation_us=0; latency_ms=0)
         d key_value(read_units=1000000; latency_ms=0)
         c > s
         s > k
         s > d"
    ));
    let report = run(&drawing, plan, 1);
    assert_eq!(support::page(&report).failed_total(), 0);
    [Measure::HitRatio, Measure::MissRate, Measure::ItemsMean].map(|m| measured(&report, "k", m))
}

/// Requests come far enough apart that what one misses is in before the next asks.
const CALM: f64 = 100.0;

fn lru(name: &str, warm_up: f64, used: f64) {
    let case = case(name);
    let capacity = &case["model"]["capacity"];
    let plan = requests(&case, CALM, warm_up, used);
    let [hits, _, items] = cached(&format!("policy=lru; entries={capacity}"), &plan);
    hold(&case, "hit_ratio", hits, used);
    if warm_up > 50_000.0 {
        // Full from the warm-up on.
        assert!(
            (items - capacity.as_f64().unwrap_or(0.0)).abs() < 1e-6,
            "{items}"
        );
    }
}

#[test]
fn lru_of_few_keys_is_exact() {
    lru("lru-exact-N10-C4", 1_000.0, 100_000.0);
}

#[test]
fn lru_of_a_thousand_keys() {
    lru("lru-N1000-C500-a0.6", 20_000.0, 100_000.0);
}

#[test]
fn lru_of_equal_keys() {
    lru("lru-N5000-C1000-a0", 20_000.0, 100_000.0);
}

#[test]
fn lru_of_many_keys() {
    lru("lru-N100000-C10000-a0.9", 80_000.0, 150_000.0);
}

#[test]
fn shards_of_an_lru_cache_follow_the_approximation_of_che() {
    let shares = archplay_theory::zipf_shares(0.7, 4_000);
    let wanted = archplay_theory::lru_che(&shares, 800).hit_ratio;
    let case = serde_json::json!({ "model": { "keys": 4_000, "zipf_alpha": 0.7 } });
    let plan = requests(&case, CALM, 20_000.0, 100_000.0);
    // By memory: rows of 100 bytes and 64 beside them, 200 of them in each of 4 shards.
    let mib = 800.4 * 164.0 / 1_048_576.0;
    let [hits, _, items] = cached(&format!("shards=4; memory_mib={mib:.6}"), &plan);
    assert!((hits - wanted).abs() < 0.01, "{hits} {wanted}");
    assert!((items - 800.0).abs() < 4.0, "{items}");
}

#[test]
fn lfu_in_cache_and_perfect() {
    let case = case("lfu-N1000-C100-a0.8");
    let plan = requests(&case, CALM, 150_000.0, 100_000.0);
    for (policy, metric) in [
        ("lfu", "hit_ratio_incache"),
        ("lfu_perfect", "hit_ratio_perfect"),
    ] {
        let [hits, _, _] = cached(&format!("policy={policy}; entries=100"), &plan);
        hold(&case, metric, hits, 100_000.0);
    }
}

#[test]
fn expiry_from_insertion() {
    for (name, rate, ttl, used) in [
        ("ttl-fixed-N1000-a0.8-T10", 500.0, 10, 150_000.0),
        ("ttl-fixed-N100-a0-T4", 50.0, 4, 60_000.0),
    ] {
        let case = case(name);
        let plan = requests(&case, rate, rate * 40.0, used);
        let [hits, misses, items] = cached(&format!("policy=ttl; ttl_secs={ttl}"), &plan);
        hold(&case, "hit_ratio", hits, used);
        hold(&case, "miss_rate", misses, used);
        hold(&case, "occupancy_mean", items, used);
    }
}

#[test]
fn expiry_from_the_last_use() {
    let case = serde_json::json!({ "model": { "keys": 1_000, "zipf_alpha": 0.8 } });
    let plan = requests(&case, 500.0, 20_000.0, 150_000.0);
    let shares = archplay_theory::zipf_shares(0.8, 1_000);
    let wanted = archplay_theory::ttl_sliding(&shares, 500.0, 2.0);
    let [hits, _, items] = cached("policy=ttl; ttl_secs=2; sliding=yes", &plan);
    assert!((hits - wanted.hit_ratio).abs() < 0.005, "{hits} {wanted:?}");
    assert!(
        (items - wanted.occupancy).abs() < 0.02 * wanted.occupancy,
        "{items} {wanted:?}"
    );
}

/// Sign-ups at this rate with an identifier by this scheme: identifiers drawn, and inserts that found theirs
/// taken.
fn signed_up(scheme: &str, rate: f64, secs: u32) -> [f64; 2] {
    let insert = Demand::Seq(vec![
        Demand::NextId {
            dataset: id("product"),
        },
        Demand::Insert {
            dataset: id("product"),
            on_conflict: OnConflict::FirstWins,
        },
    ]);
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         g id_generator({scheme}; latency_ms=0; rate_per_sec=100000000)
         d key_value(write_units=1000000; latency_ms=0)
         c > s
         s > g
         s > d"
    ));
    let report = run(&drawing, &scenario(rate, secs, insert), 3);
    [
        measured(&report, "g", Measure::IdsDrawn),
        measured(&report, "d", Measure::Collisions),
    ]
}

#[test]
fn milliseconds_collide_as_often_as_theory_says() {
    let case = case("mskey-r1000");
    let secs = 100_u32;
    let [drawn, collisions] = signed_up("scheme=timestamp_ms", 1_000.0, secs);
    assert!((drawn - 1e5).abs() < 2_000.0, "{drawn}");
    // The tolerance is for 2,000 s.
    let mut short = case.clone();
    short["run"]["n_requests"] = 2_000_000.into();
    hold(
        &short,
        "collisions_per_second",
        collisions / f64::from(secs),
        1e5,
    );
}

#[test]
fn few_arrivals_share_a_millisecond() {
    // A day at 1/s has 43 collisions; ten times the rate in a tenth of the time has ten times as many.
    let keys = archplay_theory::MsKeys {
        rate: 10.0,
        random_bits: 0,
    };
    let [_, collisions] = signed_up("scheme=timestamp_ms", 10.0, 8_640);
    let wanted = keys.collisions_per_second() * 8_640.0;
    assert!(
        (collisions - wanted).abs() < 4.5 * wanted.sqrt(),
        "{collisions} {wanted}"
    );
    let case = case("mskey-r1");
    let [_, collisions] = signed_up("scheme=timestamp_ms", 1.0, 86_400);
    hold(&case, "collisions_per_day", collisions, 86_400.0);
}

#[test]
fn random_bits_after_the_millisecond() {
    // Two bits leave a quarter of the pairs; 20 leave hardly any (41 a day, less than one in 100 s).
    let [_, none] = signed_up("scheme=timestamp_ms_random; random_bits=0", 1_000.0, 60);
    let [_, some] = signed_up("scheme=timestamp_ms_random; random_bits=4", 1_000.0, 60);
    let [_, vector] = signed_up("scheme=timestamp_ms_random; random_bits=20", 1_000.0, 60);
    let keys = archplay_theory::MsKeys {
        rate: 1_000.0,
        random_bits: 4,
    };
    let wanted = keys.pairs_per_day() / 86_400.0 * 60.0;
    assert!(none > 20_000.0, "{none}");
    assert!((some - wanted).abs() < 0.08 * wanted, "{some} {wanted}");
    let per_day = &case("ms-plus-20b-r1000")["metrics"][0]["value"];
    let wanted = per_day.as_f64().unwrap_or(0.0) / 86_400.0 * 60.0;
    assert!(vector <= 2.0, "{vector}, wanted {wanted}");
}

#[test]
fn schemes_that_never_repeat() {
    for scheme in [
        "snowflake",
        "ticket",
        "auto_increment",
        "uuid_v4",
        "uuid_v7",
    ] {
        let [drawn, collisions] = signed_up(&format!("scheme={scheme}"), 2_000.0, 10);
        assert!(drawn > 19_000.0, "{scheme}: {drawn}");
        assert!(collisions < 0.5, "{scheme}: {collisions}");
    }
}
