//! Functions: instances for requests, cold starts, the quota, time-outs, storms of connections.

use archplay_model::scenario::{Demand, FaultAction, FaultTarget, RatePoint};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{
    clock, column, constant, count, fault, mean, measure, part, read, with_service,
};
use crate::support::{compute, design, id, near, page, run, scenario};

fn function(params: &str) -> archplay_model::Design {
    design(&format!(
        "c client(access_rtt_ms=0)\nf function({params})\nc > f"
    ))
}

#[test]
fn the_quota_throttles_the_share_of_erlang_b() {
    // Eight instances, six erlangs; only the mean of the work matters.
    for work in [constant(100.0), compute(100.0)] {
        let drawing = function("quota=8; cold_start_ms=0; keep_secs=86400");
        let report = run(&drawing, &scenario(60.0, 3_000, work), 1);
        let share = page(&report).failed_for(Reason::Throttled429) as f64;
        let share = share / page(&report).offered as f64;
        near(share, archplay_theory::erlang_b(8, 6.0), 0.03, "throttled");
        assert_eq!(count(&report, EventCode::Throttled), 1);
        near(
            mean(&column(&report, "f", Metric::Throttled)),
            60.0 * share,
            0.01,
            "a second",
        );
        // Requests in flight / quota.
        near(
            part(&report, "f").utilisation,
            0.75 * (1.0 - share),
            0.01,
            "use of the quota",
        );
    }
}

#[test]
fn who_finds_no_idle_instance_starts_one_and_waits_for_it() {
    let load = scenario(20.0, 600, constant(100.0));
    let kept = run(&function("cold_start_ms=400"), &load, 1);
    let starts = measure(&kept, "f", Measure::ColdStarts);
    // As many as ever ran at once, and no more.
    assert_eq!(starts, f64::from(part(&kept, "f").max_instances));
    assert!((8.0..25.0).contains(&starts), "{starts}");
    near(page(&kept).latency_p50_ms, 100.0, 0.02, "warm");
    near(page(&kept).latency_max_ms, 500.0, 0.02, "cold");
    let forgotten = run(&function("cold_start_ms=400; keep_secs=0"), &load, 1);
    let starts = measure(&forgotten, "f", Measure::ColdStarts);
    assert_eq!(starts, page(&forgotten).offered as f64);
    near(page(&forgotten).latency_p50_ms, 500.0, 0.02, "always cold");
}

#[test]
fn idle_instances_go_after_a_while() {
    let mut load = scenario(50.0, 300, constant(200.0));
    load.audiences[0].rate = [(0, 50.0), (100, 50.0), (101, 0.2)]
        .map(|(at, per_sec)| RatePoint {
            at: clock(at),
            per_sec,
        })
        .to_vec();
    let report = run(&function("keep_secs=60"), &load, 1);
    let there = column(&report, "f", Metric::Instances);
    assert!(there[99] >= 10.0 && there[150] >= 10.0, "{there:?}");
    assert!(there[250] <= 3.0, "{there:?}");
}

#[test]
fn new_instances_come_at_a_rate_after_the_first_burst() {
    let load = scenario(400.0, 20, constant(1_000.0));
    let slow = "quota=10000; cold_start_ms=0; scale_burst=100; scale_per_sec=10";
    let report = run(&function(slow), &load, 1);
    let there = column(&report, "f", Metric::Instances);
    near(there[9], 200.0, 0.02, "100 at once and 10 a second");
    near(there[19], 300.0, 0.02, "later");
    assert!(page(&report).failed_for(Reason::Throttled429) > 2_000);
}

#[test]
fn who_runs_too_long_is_killed_with_its_instance() {
    let load = scenario(10.0, 2_000, compute(1_000.0));
    let report = run(&function("timeout_secs=2; cold_start_ms=0"), &load, 1);
    let share = page(&report).failed_for(Reason::CallTimeout) as f64;
    // Exponential work with mean 1 s is longer than 2 s with e^-2.
    near(
        share / page(&report).offered as f64,
        libm::exp(-2.0),
        0.05,
        "share",
    );
    // Every one of them costs a new instance.
    assert!(measure(&report, "f", Measure::ColdStarts) >= share);
    assert!(page(&report).latency_max_ms < 2_010.0);
}

#[test]
fn many_instances_are_a_storm_of_connections_that_a_pool_is_not() {
    let demand = Demand::Seq(vec![constant(500.0), read("product")]);
    let load = scenario(200.0, 60, demand);
    let with = |kind: &str| {
        let text = format!(
            "c client(access_rtt_ms=0)
             f {kind}
             d database(max_connections=60; vcpu=8)
             c > f
             f > d"
        );
        run(&design(&text), &load, 1)
    };
    let functions = with("function(cold_start_ms=0)");
    let server = with("server(vcpu=256; workers=1000; db_pool=10)");
    assert!(
        page(&functions).failed_for(Reason::DbConnectionLimit) > 1_000,
        "{:?}",
        page(&functions).failed
    );
    assert_eq!(page(&server).failed_total(), 0);
    let proxied = design(
        "c client(access_rtt_ms=0)
         f function(cold_start_ms=0)
         p connection_proxy(connections=20)
         d database(max_connections=60; vcpu=8)
         c > f
         f > p
         p > d",
    );
    let proxied = run(&proxied, &load, 1);
    assert_eq!(
        page(&proxied).failed_total(),
        0,
        "{:?}",
        page(&proxied).failed
    );
    assert!(mean(&column(&proxied, "d", Metric::Connections)) <= 20.0);
}

#[test]
fn a_killed_function_loses_what_it_has_and_comes_back_cold() {
    let mut load = scenario(20.0, 120, constant(500.0));
    load.faults = vec![fault(
        60,
        Some(70),
        FaultAction::Kill,
        FaultTarget::Component(id("f")),
    )];
    let report = run(&function("cold_start_ms=400"), &load, 1);
    assert!((1..30).contains(&page(&report).failed_for(Reason::ConnectionLost)));
    assert!(page(&report).failed_for(Reason::Refused) > 100);
    let starts = column(&report, "f", Metric::ColdStarts);
    assert!(starts[70..73].iter().sum::<f64>() >= 8.0, "{starts:?}");
    assert_eq!(
        starts[30..60].iter().sum::<f64>().min(3.0),
        starts[30..60].iter().sum::<f64>()
    );
}

#[test]
fn branches_of_a_function_are_killed_with_it() {
    let par = Demand::Par {
        wait_for: None,
        demands: vec![constant(5_000.0), constant(100.0)],
    };
    let report = run(
        &function("timeout_secs=1; cold_start_ms=0"),
        &scenario(5.0, 60, par),
        1,
    );
    assert_eq!(
        page(&report).failed_for(Reason::CallTimeout) + page(&report).inside,
        page(&report).offered
    );
    assert!(part(&report, "f").mean_inside < 5.0 * 3.0 * 1.1);
}

#[test]
fn a_function_asks_services_as_servers_do() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         f function(handles=page; cold_start_ms=0)
         s server(handles=inner)
         c > f
         f > s",
    );
    let call = Demand::Call {
        service: id("inner"),
    };
    let load = with_service(scenario(10.0, 60, call), "inner", constant(20.0));
    let report: Report = run(&drawing, &load, 1);
    assert_eq!(page(&report).failed_total(), 0);
    assert!((20.4..25.0).contains(&page(&report).latency_mean_ms));
}
