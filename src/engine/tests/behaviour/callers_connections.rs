//! Asking stores: retries and circuits where there is no connection, and stores that are equal.

use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, Spread};
use archplay_model::{ClockTime, Scenario};
use archplay_report::{EventCode, Measure, Reason, Report};

use crate::reports::measure;
use crate::stores_data::{any, query};
use crate::support::{compute, design, id, near, page, run, scenario};

/// Work that always takes as long.
fn compute_for(cpu_ms: f64) -> Demand {
    Demand::Compute {
        cpu_ms,
        spread: Spread::Constant,
    }
}

/// 50 reads a second, and a database that is away from 20 s to 22 s.
fn outage() -> Scenario {
    let mut plan = scenario(50.0, 60, any());
    plan.faults.push(Fault {
        at: ClockTime::from_secs(20),
        until: Some(ClockTime::from_secs(22)),
        action: FaultAction::Kill,
        target: FaultTarget::Component(id("d")),
    });
    plan
}

fn asks(server: &str, database: &str, plan: &Scenario) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=4096; {server})
         d database({database})
         c > s
         s > d"
    ));
    run(&drawing, plan, 1)
}

#[test]
fn retries_outlast_a_database_that_is_away_for_two_seconds() {
    let failed = |server: &str| page(&asks(server, "", &outage())).failed_total();
    let without = failed("retries=0");
    near(without as f64, 100.0, 0.3, "two seconds of requests");
    assert_eq!(failed("retries=10; backoff=fixed; backoff_ms=500"), 0);
    // Two tries more are over after a second.
    let some = failed("retries=2; backoff=fixed; backoff_ms=500");
    near(some as f64, without as f64 / 2.0, 0.3, "half of them");
}

#[test]
fn retries_for_a_connection_are_paid_from_the_budget() {
    let mut plan = outage();
    // Away for good, from the begin.
    (plan.faults[0].at, plan.faults[0].until) = (ClockTime::from_secs(0), None);
    let retries = |budget: u32| {
        let server = format!("retries=3; backoff_ms=1; retry_budget_percent={budget}");
        let report = asks(&server, "", &plan);
        measure(&report, "s", Measure::Retries) / page(&report).offered as f64
    };
    near(retries(0), 3.0, 0.01, "no budget: all of them");
    near(retries(10), 0.1, 0.01, "a tenth on top");
}

#[test]
fn a_circuit_opens_where_connections_are_not_to_be_had() {
    let report = asks(
        "breaker_percent=50; breaker_window=20; breaker_open_secs=1",
        "",
        &outage(),
    );
    let reasons =
        [Reason::ConnectionLost, Reason::CircuitOpen].map(|r| page(&report).failed_for(r));
    assert!((5..=30).contains(&reasons[0]), "{reasons:?}");
    assert!((50..=170).contains(&reasons[1]), "{reasons:?}");
    let opened = report.events.iter();
    let opened = opened.filter(|event| event.code == EventCode::CircuitOpened);
    assert!(opened.count() > 0);
    // A try a second finds the database back.
    let last = report
        .events
        .iter()
        .rfind(|e| e.code == EventCode::CircuitOpened);
    assert!(last.is_none_or(|event| event.at_ns < 23_000_000_000));
}

#[test]
fn equal_stores_share_what_is_asked() {
    // Those that copy share what is only read among the copies.
    for (kind, copies) in [
        ("key_value", "x > y\nx > z"),
        ("object_store", "x > y\nx > z"),
        ("search", ""),
        ("graph_store", ""),
    ] {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=10000; memory_gib=4096)
             x {kind}
             y {kind}
             z {kind}
             c > s
             {}
             s > y
             s > z
             {copies}",
            if copies.is_empty() { "" } else { "s > x" }
        ));
        let asks = if kind == "search" { query(1, 1) } else { any() };
        let report = run(&drawing, &scenario(100.0, 60, asks), 1);
        let asked = ["y", "z"].map(|name| {
            let parts = report.components.iter();
            let part = parts.filter(|part| part.id.as_str() == name);
            part.map(|part| part.arrived).sum::<u64>()
        });
        assert!(
            asked[0] > 0 && asked[0].abs_diff(asked[1]) <= 1,
            "{kind}: {asked:?}"
        );
    }
}

/// Work whose answer nobody waits for any more does not use up what the request may cause.
#[test]
fn questions_given_up_take_nothing_from_those_that_follow() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         a station(workers=0; service_ms=0; service=constant; then=call; retries=60; backoff_ms=1; call_timeout_ms=1)
         s station(workers=0; service_ms=30000; service=constant)
         c > a
         a > s",
    );
    let report = run(&drawing, &scenario(2.0, 60, compute(0.0)), 1);
    let asked = page(&report);
    assert_eq!(asked.failed_total(), asked.failed_for(Reason::CallTimeout));
    let tries = measure(&report, "s", Measure::Visits) / asked.offered as f64;
    near(tries, 61.0, 0.01, "every try was made");
}

/// A branch that fails before it begins is told to whoever forked: nobody waits for ever.
#[test]
fn branches_that_cannot_begin_fail_the_fork() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=100000; memory_gib=4096)
         c > s",
    );
    // Each fork holds on to what it does not wait for, until nothing is left to cause.
    let slow = compute_for(20_000.0);
    let fork = Demand::Par {
        wait_for: Some(1),
        demands: vec![slow, compute_for(0.1)],
    };
    let many = Demand::Seq(vec![fork; 40]);
    let mut plan = scenario(2.0, 60, many);
    plan.audiences[0].timeout_secs = 10.0;
    let report = run(&drawing, &plan, 1);
    let asked = page(&report);
    assert_eq!(asked.failed_for(Reason::Timeout), 0, "none hangs");
    assert!(asked.good + asked.failed_total() > asked.offered - 10);
}

/// Waits before retries are drawn for each question, and are not the draws of anything else.
#[test]
fn jittered_waits_are_independent() {
    // Five branches, each tried again once after a wait that is even on 100 ms: the longest of five is 5/6 of it.
    let drawing = design(
        "c client(access_rtt_ms=0)
         f station(workers=0; service_ms=0; service=constant; then=fork; retries=1; backoff=full_jitter; backoff_ms=100)
         a station(workers=0; service_ms=0; service=constant; fail_percent=100)
         b station(workers=0; service_ms=0; service=constant; fail_percent=100)
         d station(workers=0; service_ms=0; service=constant; fail_percent=100)
         e station(workers=0; service_ms=0; service=constant; fail_percent=100)
         g station(workers=0; service_ms=0; service=constant; fail_percent=100)
         c > f
         f > a
         f > b
         f > d
         f > e
         f > g",
    );
    let report = run(&drawing, &scenario(50.0, 200, compute(0.0)), 1);
    // The first to fail for good fails the fork: the shortest of five waits, a sixth of it.
    near(
        measure(&report, "f", Measure::InsideMean) / 50.0 * 1e3,
        100.0 / 6.0,
        0.05,
        "the shortest of five",
    );
    near(
        measure(&report, "f", Measure::BackoffMean),
        50.0,
        0.03,
        "a question's wait",
    );
}

/// The one that finds out for a half open circuit may lose against a second question: then another finds out.
#[test]
fn a_circuit_does_not_stay_open_for_ever() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         a station(workers=0; service_ms=0; service=constant; then=call; hedge_ms=5; breaker_percent=50; breaker_window=10; breaker_open_secs=2)
         s station(workers=0; service_ms=100; service=constant)
         z station(workers=0; service_ms=1; service=constant; fail_percent=60)
         c > a
         a > s
         a > z",
    );
    let report = run(&drawing, &scenario(50.0, 400, compute(0.0)), 1);
    // A try every two seconds, at the least.
    let visits = measure(&report, "z", Measure::Visits);
    assert!(visits > 150.0, "{visits}");
}

/// Branches are no requests of their own, for what is counted and what is paid.
#[test]
fn branches_are_not_counted_as_requests() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         c > s",
    );
    let branches = Demand::Par {
        wait_for: None,
        demands: vec![compute_for(10.0), compute_for(20.0), compute_for(30.0)],
    };
    let report = run(&drawing, &scenario(50.0, 100, branches), 1);
    let server = report.components.iter().find(|part| part.id == id("s"));
    let server = server.unwrap();
    assert_eq!(server.arrived, page(&report).offered);
    near(
        server.mean_inside,
        50.0 * 0.030,
        0.05,
        "as long as the longest branch",
    );
}
