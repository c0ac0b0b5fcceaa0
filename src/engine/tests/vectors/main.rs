//! The cases of `tests/fixtures/queueing/vectors.json` through the public documents: a drawing with textbook
//! parameters, a scenario, a report. What is compared becomes the files under `static/checks` (see `support::checks`).
//! Families of real kinds have more tests of their own (`front_*.rs`, `stores_*.rs`).
#![expect(clippy::unwrap_used, reason = "tests")]

mod case;
mod check;
mod dns;
mod fanout;
mod invariant;
mod kinds;
mod network;
mod queue;
mod replica;
mod retry;
mod sampler;
mod varying;

#[path = "../../../../tests/suite/random.rs"]
mod random;
#[path = "../support/mod.rs"]
mod support;

use case::Case;

/// Runs every case of a family, and keeps its file under `static/checks` true.
fn family(name: &str, measure: impl Fn(&Case, &str) -> check::Measured) {
    let cases = case::family(name);
    assert!(!cases.is_empty(), "no case of family {name}");
    for case in &cases {
        check::check(case, &measure);
    }
}

#[test]
fn mm1() {
    family("mm1", queue::measure);
}

#[test]
fn mmc() {
    family("mmc", queue::measure);
}

#[test]
fn mmck() {
    family("mmck", queue::measure);
}

#[test]
fn md1() {
    family("md1", queue::measure);
}

#[test]
fn mg1() {
    family("mg1", queue::measure);
}

#[test]
fn gim1() {
    family("gim1", queue::measure);
}

#[test]
fn erlang_b() {
    family("erlangb", queue::measure);
}

#[test]
fn erlang_a() {
    family("erlanga", queue::measure);
}

#[test]
fn timeouts() {
    family("timeout", queue::measure);
}

#[test]
fn networks() {
    family("jackson", network::measure);
}

#[test]
fn nested_calls() {
    family("nested", network::measure);
}

#[test]
fn fan_out_and_fork_join() {
    family("fanout", fanout::measure);
}

#[test]
fn retries() {
    family("retry", retry::measure);
}

#[test]
fn flash_crowds() {
    family("timevarying", varying::measure);
}

#[test]
fn without_chance() {
    family("deterministic", varying::measure);
}

#[test]
fn load_balancers() {
    family("lb", kinds::balancer);
}

#[test]
fn least_recently_used() {
    family("lru", kinds::cache);
}

#[test]
fn least_frequently_used() {
    family("lfu", kinds::cache);
}

#[test]
fn expiry() {
    family("ttl", kinds::cache);
}

#[test]
fn identifiers() {
    family("ids", kinds::ids);
}

#[test]
fn replication() {
    family("replication", replica::measure);
}

#[test]
fn failover_by_names() {
    family("dns", dns::measure);
}

#[test]
fn samplers() {
    for case in case::family("sampler") {
        sampler::check(&case);
    }
}
