//! Several caches side by side: whose a row is, and what becomes of the rows of one that dies.

use archplay_model::scenario::{FaultAction, FaultTarget, Scenario};
use archplay_model::{Design, Kind, Value};
use archplay_report::{Metric, Report};

use crate::reports::{column, fault, mean};
use crate::support::{design, id, page, read, run, scenario};

fn four(sharding: &str) -> Design {
    let mut text = String::from(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000)
         d key_value(read_units=1000000)
         c > s
         s > d\n",
    );
    for i in 1..=4 {
        text += &format!("k{i} cache(sharding={sharding})\ns > k{i}\n");
    }
    design(&text)
}

/// One of the four is dead for two minutes.
fn crowd() -> Scenario {
    let mut load = scenario(400.0, 360, read("product"));
    load.datasets[0].rows = 4_000;
    let target = FaultTarget::Component(id("k2"));
    load.faults = vec![fault(120, Some(240), FaultAction::Kill, target)];
    load
}

fn rate(report: &Report, name: &str, from: usize, to: usize) -> f64 {
    mean(&column(report, name, Metric::Rate)[from..to])
}

#[test]
fn on_a_ring_the_rows_of_a_dead_cache_go_to_its_neighbours_and_come_back() {
    let report = run(&four("consistent"), &crowd(), 1);
    assert_eq!(page(&report).failed_total(), 0);
    let own = rate(&report, "k2", 60, 119);
    let before: Vec<f64> = ["k1", "k3", "k4"]
        .iter()
        .map(|k| rate(&report, k, 60, 119))
        .collect();
    let during: Vec<f64> = ["k1", "k3", "k4"]
        .iter()
        .map(|k| rate(&report, k, 180, 239))
        .collect();
    assert_eq!(rate(&report, "k2", 180, 239), 0.0);
    // Each of the others gets some of it, and together they get all of it.
    for (before, during) in before.iter().zip(&during) {
        assert!(*during > before + own * 0.1, "{before} {during} of {own}");
    }
    let more: f64 = during.iter().sum::<f64>() - before.iter().sum::<f64>();
    assert!((more - own).abs() < own * 0.15, "{more} {own}");
    // The store is asked for each moved row once, and then no more.
    let store = |from, to| rate(&report, "d", from, to);
    assert!(store(60, 119) < 3.0, "warm: {}", store(60, 119));
    assert!(store(121, 124) > own * 0.6, "cold: {}", store(121, 124));
    assert!(store(200, 239) < 3.0, "warm again: {}", store(200, 239));
    // It comes back empty, with its own rows.
    assert!(store(241, 244) > own * 0.6, "{}", store(241, 244));
    assert!((rate(&report, "k2", 300, 359) - own).abs() < own * 0.1);
}

#[test]
fn by_hash_the_rows_of_a_dead_cache_have_none() {
    let report = run(&four("hash"), &crowd(), 1);
    assert_eq!(page(&report).failed_total(), 0);
    let store = rate(&report, "d", 200, 239);
    assert!(store > 70.0, "the store has a quarter of the load: {store}");
    for name in ["k1", "k3", "k4"] {
        let (before, during) = (rate(&report, name, 60, 119), rate(&report, name, 180, 239));
        assert!((during - before).abs() < before * 0.1, "{name}");
    }
}

/// The rows of the others do not move: only what was the dead one's is missed.
#[test]
fn when_all_are_dead_the_store_answers() {
    let mut load = crowd();
    load.faults[0].target = FaultTarget::Kind(Kind::Cache);
    let report = run(&four("consistent"), &load, 1);
    assert_eq!(page(&report).failed_total(), 0);
    assert!((rate(&report, "d", 180, 239) - 400.0).abs() < 30.0);
    // One that keeps to itself is as it always was.
    let mut alone = four("consistent");
    for name in ["k2", "k3", "k4"] {
        alone.components.remove(&id(name));
        alone.links.retain(|key, _| key.to != id(name));
    }
    let mut plain = alone.clone();
    if let Some(cache) = plain.components.get_mut(&id("k1")) {
        cache
            .params
            .insert("sharding".into(), Value::Text("hash".into()));
    }
    let load = scenario(100.0, 60, read("product"));
    let (ring, hash) = (run(&alone, &load, 1), run(&plain, &load, 1));
    assert_eq!(ring.whole, hash.whole);
}
