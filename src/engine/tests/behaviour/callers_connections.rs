//! Asking stores: retries and circuits where there is no connection, and stores that are equal.

use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{ClockTime, Scenario};
use archplay_report::{EventCode, Measure, Reason, Report};

use crate::reports::measure;
use crate::stores_data::any;
use crate::support::{design, id, near, page, run, scenario};

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
        let report = run(&drawing, &scenario(100.0, 60, any()), 1);
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
