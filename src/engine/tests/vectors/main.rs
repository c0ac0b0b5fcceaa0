//! The cases of `tests/fixtures/queueing/vectors.json` through the public documents: a drawing with textbook
//! parameters, a scenario, a report. Families of real kinds (load balancer, cache, DNS, replicas, ids) stand in
//! tests of their own.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod case;
mod check;
mod fanout;
mod network;
mod queue;
mod retry;
mod varying;

#[path = "../support/mod.rs"]
mod support;

use case::Case;

/// Runs every case of a family; a metric that nobody measures is an error.
fn family(name: &str, measure: impl Fn(&Case, &str) -> check::Measured) {
    let cases = case::family(name);
    assert!(!cases.is_empty(), "no case of family {name}");
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| check::check(case, &measure))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
