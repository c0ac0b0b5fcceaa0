//! How a component asks others: retries and how long they wait, budgets, circuit breakers, hedging, deadlines. Each
//! against what can be worked out on paper.

use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_report::{Measure, Reason, Report};

use crate::reports::{fault, measure};
use crate::support::{self, compute, design, focus, id, near, page, run, scenario};

/// A caller without a line or time of its own asks stations.
fn asks(caller: &str, asked: &str, rate: f64, secs: u32) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         a station(workers=0; service_ms=0; service=constant; then=call; {caller})
         {asked}
         c > a"
    ));
    run(&drawing, &scenario(rate, secs, compute(1.0)), 3)
}

fn fails(caller: &str, rate: f64, secs: u32) -> Report {
    let dead = "s station(workers=0; service_ms=0; service=constant; fail_percent=100)\na > s";
    asks(caller, dead, rate, secs)
}

#[test]
fn waits_before_retries_grow_as_they_are_said_to() {
    // Three tries after the first, 100 ms before the first of them.
    for (backoff, wanted) in [
        ("fixed", 300.0),
        ("exponential", 700.0),
        ("full_jitter", 350.0),
    ] {
        let caller = format!("retries=3; backoff={backoff}; backoff_ms=100");
        let report = fails(&caller, 50.0, 200);
        let offered = page(&report).offered as f64;
        near(
            measure(&report, "s", Measure::Visits),
            4.0 * offered,
            0.01,
            "four tries",
        );
        // By Little's law, since nothing takes time but the waits.
        let inside = measure(&report, "a", Measure::InsideMean);
        let tolerance = if backoff == "full_jitter" { 0.03 } else { 0.01 };
        near(inside / 50.0 * 1e3, wanted, tolerance + 0.02, backoff);
    }
}

#[test]
fn a_budget_caps_what_retries_add() {
    let tries = |budget: u32| {
        let caller = format!("retries=3; backoff_ms=1; retry_budget_percent={budget}");
        let report = fails(&caller, 100.0, 200);
        measure(&report, "s", Measure::Visits) / page(&report).offered as f64
    };
    near(tries(10), 1.1, 0.01, "a tenth on top");
    near(tries(50), 1.5, 0.01, "a half on top");
    near(tries(0), 4.0, 0.01, "no budget: all of them");
}

#[test]
fn an_open_circuit_spares_who_fails_and_tries_again_from_time_to_time() {
    let report = fails(
        "breaker_percent=50; breaker_window=20; breaker_open_secs=10",
        100.0,
        100,
    );
    let visits = measure(&report, "s", Measure::Visits);
    // Twenty until it opens, then one every ten seconds.
    assert!((20.0..=40.0).contains(&visits), "{visits}");
    let open = page(&report).failed_for(Reason::CircuitOpen) as f64;
    near(
        open,
        page(&report).offered as f64 - visits,
        0.01,
        "answered at once",
    );
    let always = fails("breaker_percent=0", 100.0, 100);
    assert_eq!(page(&always).failed_for(Reason::CircuitOpen), 0);
}

#[test]
fn a_second_question_cuts_the_tail() {
    let two = "s station(workers=0; service_ms=10)
         z station(workers=0; service_ms=10)
         a > s
         a > z";
    // How likely one takes longer: e^-0.5 and e^-2.
    for (after, asked_twice) in [(5.0, 0.606_531), (20.0, 0.135_335)] {
        let report = asks(&format!("hedge_ms={after}"), two, 200.0, 300);
        // Until then as one alone, afterwards the quicker of two.
        let wanted = 10.0 * (1.0 - asked_twice) + 5.0 * asked_twice;
        near(page(&report).latency_mean_ms, wanted, 0.03, "mean");
        let visits = ["s", "z"].map(|name| measure(&report, name, Measure::Visits));
        let offered = page(&report).offered as f64;
        near(
            visits.iter().sum::<f64>() / offered,
            1.0 + asked_twice,
            0.02,
            "asked",
        );
    }
}

/// One of two equal stores is a thousand times as slow: the turns alone would often lead back to it.
#[test]
fn a_second_question_goes_to_somebody_else() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=1024; hedge_ms=50)
         k key_value(read_units=100000)
         z key_value(read_units=100000)
         c > s
         s > k
         s > z",
    );
    let mut load = scenario(200.0, 60, support::read("product"));
    let slow = FaultAction::Slow { factor: 1_000.0 };
    let target = FaultTarget::Component(id("k"));
    load.faults = vec![fault(0, None, slow, target)];
    let report = run(&drawing, &load, 1);
    let page = page(&report);
    assert!(page.latency_max_ms < 100.0, "{page:?}");
    assert!(
        page.latency_p90_ms > 45.0,
        "the slow one had its turns: {page:?}"
    );
}

/// Behind those who choose themselves one of two is slow: its half waits until the second question and for the quick
/// one, which is asked for all.
#[test]
fn whoever_chooses_asks_the_other_the_second_time() {
    let none = "workers=0; service_ms=0; service=constant; then=call; hedge_ms=50";
    let fronts = [
        "load_balancer(hedge_ms=50)".to_owned(),
        "load_balancer(hedge_ms=50; algorithm=random)".to_owned(),
        "load_balancer(hedge_ms=50; algorithm=least_outstanding)".to_owned(),
        "load_balancer(hedge_ms=50; algorithm=weighted; weights=s=90,z=10)".to_owned(),
        "load_balancer(hedge_ms=50; sticky=yes)".to_owned(),
        "api_gateway(hedge_ms=50)".to_owned(),
        format!("station({none})"),
    ];
    for front in fronts {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             f {front}
             s station(workers=0; service_ms=1000; service=constant)
             z station(workers=0; service_ms=10; service=constant)
             c > f
             f > s
             f > z"
        ));
        let report = run(&drawing, &scenario(100.0, 120, compute(0.0)), 1);
        let page = page(&report);
        assert!(page.latency_max_ms < 62.0, "{front}: {page:?}");
        assert!(page.latency_p99_ms > 59.0, "{front}: {page:?}");
        let visits = ["s", "z"].map(|name| measure(&report, name, Measure::Visits));
        let offered = page.offered as f64;
        assert!(visits[0] > 0.2 * offered, "{front}: {visits:?}");
        near(visits[1], offered, 0.001, "the quick one is asked for all");
        assert_eq!(page.failed, []);
    }
}

/// Of the others each gets the share that it has of what is left.
#[test]
fn a_station_asks_the_second_time_by_the_shares_of_the_others() {
    let report = asks(
        "hedge_ms=50; routing=s=0.5, y=0.1, z=0.4",
        "s station(workers=0; service_ms=1000; service=constant)
         y station(workers=0; service_ms=10; service=constant)
         z station(workers=0; service_ms=10; service=constant)
         a > s
         a > y
         a > z",
        100.0,
        200,
    );
    let visits = ["s", "y", "z"].map(|name| measure(&report, name, Measure::Visits));
    let offered = page(&report).offered as f64;
    for (got, wanted) in visits.into_iter().zip([0.5, 0.2, 0.8]) {
        near(got / offered, wanted, 0.05, "share");
    }
}

/// `s` reads from two copies, of which `b` is a thousand times as slow.
fn reads_from_copies(asker: &str) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         a database(iops=1000000)
         b database(iops=1000000)
         d database(iops=1000000)
         {asker}
         s > a
         s > b
         s > d
         a > b
         a > d"
    ));
    let any = archplay_model::scenario::Consistency::Eventual;
    let mut load = scenario(20.0, 120, crate::db_copies::read(any));
    let slow = FaultAction::Slow { factor: 1_000.0 };
    load.faults = vec![fault(0, None, slow, FaultTarget::Component(id("b")))];
    run(&drawing, &load, 1)
}

/// The first copy is waited for in vain: the next try goes to the other.
#[test]
fn a_statement_is_tried_again_at_another_copy() {
    let policy = "call_timeout_ms=50; retries=1; backoff_ms=0";
    let server = "server(vcpu=64; workers=10000; memory_gib=1024; db_pool=";
    for asker in [
        format!("s {server}50; {policy})\nc > s"),
        format!("f {server}1000)\ns connection_proxy(connections=50; {policy})\nc > f\nf > s"),
    ] {
        let report = reads_from_copies(&asker);
        let page = page(&report);
        assert_eq!(page.failed, [], "{asker}");
        assert!(page.latency_max_ms < 100.0, "{asker}: {page:?}");
        assert!(page.latency_p90_ms > 49.0, "{asker}: {page:?}");
    }
}

/// Where there is no other the same is asked again.
#[test]
fn the_only_one_is_asked_twice() {
    for front in ["load_balancer(hedge_ms=50)", "api_gateway(hedge_ms=50)"] {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             f {front}
             s station(workers=0; service_ms=100; service=constant)
             c > f
             f > s"
        ));
        let report = run(&drawing, &scenario(50.0, 60, compute(0.0)), 1);
        let visits = measure(&report, "s", Measure::Visits);
        near(visits / page(&report).offered as f64, 2.0, 0.01, front);
    }
}

/// Over connections: the other copy is asked where one of its connections is free, and gets it back.
#[test]
fn a_second_statement_goes_to_another_copy() {
    let server = "server(vcpu=64; workers=10000; memory_gib=1024; db_pool=";
    for (asker, quick) in [
        (format!("s {server}50; hedge_ms=50)\nc > s"), true),
        (format!("s {server}1; hedge_ms=50)\nc > s"), false),
        (
            format!(
                "f {server}1000)\ns connection_proxy(connections=50; hedge_ms=50)\nc > f\nf > s"
            ),
            true,
        ),
        (
            format!(
                "f {server}1000)\ns connection_proxy(connections=1; hedge_ms=50)\nc > f\nf > s"
            ),
            false,
        ),
    ] {
        let report = reads_from_copies(&asker);
        let page = page(&report);
        let asked = ["b", "d"].map(|name| {
            let found = report.components.iter().find(|part| part.id == id(name));
            found.map_or(0.0, |part| part.arrived as f64)
        });
        if quick {
            assert!(page.latency_max_ms < 100.0, "{asker}: {page:?}");
            assert!(page.latency_p90_ms > 49.0, "{asker}: {page:?}");
            near(asked[0], page.offered as f64 / 2.0, 0.02, "its turns");
            near(asked[1], page.offered as f64, 0.02, "asked for all");
        } else {
            // With one connection each, nobody waits for a second.
            assert!(page.latency_p99_ms > 100.0, "{asker}: {page:?}");
        }
    }
}

/// Twice as much as can be done: without deadlines all is done too late, with them what is done is in time.
#[test]
fn who_knows_the_deadline_does_no_work_for_nobody() {
    let good = |propagates: &str| {
        let caller = format!("call_timeout_ms=100; propagate_deadline={propagates}");
        let one = "s station(workers=1; service_ms=10; service=constant)\na > s";
        page(&asks(&caller, one, 200.0, 120)).good as f64 / 120.0
    };
    let (with, without) = (good("yes"), good("no"));
    // First come, first served: who is next in line has waited until shortly before the deadline, and is in time only
    // if nobody came for a whole service before, e^-2 of a hundred.
    assert!((12.0..30.0).contains(&with), "{with}");
    assert!(without < 3.0, "nearly nothing: {without}");
}

/// A subnet only shows: the same happens without it.
#[test]
fn a_subnet_changes_nothing() {
    let drawing = |inside: &str, boxes: &str| {
        design(&format!(
            "c client
             {boxes}
             b load_balancer {inside}
             s server(vcpu=1) {inside}
             d database {inside}
             c > b
             b > s
             s > d"
        ))
    };
    let load = scenario(30.0, 60, support::read("product"));
    let with = run(
        &drawing("in n", "r region\nz zone in r\nn subnet in z"),
        &load,
        1,
    );
    let without = run(&drawing("in z", "r region\nz zone in r"), &load, 1);
    assert_eq!(with.whole, without.whole);
    assert_eq!(page(&with).failed, []);
    let mut warm = load;
    focus(&mut warm, 10);
    let late = run(
        &drawing("in n", "r region\nz zone in r\nn subnet in z"),
        &warm,
        1,
    );
    assert_eq!(late.whole, with.whole);
}

/// Behind those who choose themselves one of two always fails: the next try goes to the other.
#[test]
fn whoever_chooses_tries_another_the_next_time() {
    let retries = "retries=1; backoff_ms=0";
    let fronts = [
        format!("load_balancer({retries})"),
        format!("load_balancer({retries}; algorithm=least_outstanding)"),
        format!("load_balancer({retries}; algorithm=weighted; weights=s=90,z=10)"),
        format!("load_balancer({retries}; sticky=yes)"),
        format!("api_gateway({retries})"),
        format!("station(workers=0; service_ms=0; service=constant; then=call; {retries})"),
    ];
    for front in fronts {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             f {front}
             s station(workers=0; service_ms=1; service=constant; fail_percent=100)
             z station(workers=0; service_ms=1; service=constant)
             c > f
             f > s
             f > z"
        ));
        let report = run(&drawing, &scenario(100.0, 60, compute(0.0)), 1);
        let page = page(&report);
        assert_eq!(page.failed, [], "{front}");
        let failed = measure(&report, "s", Measure::Visits);
        assert!(failed > 0.2 * page.offered as f64, "{front}: {failed}");
        assert_eq!(measure(&report, "z", Measure::Visits), page.good as f64);
    }
}

/// Who stops waiting for a target stops waiting for the second question, too, and does not try again: of neither
/// anything is left (`check_conservation`, with which every run here ends).
#[test]
fn who_gives_up_leaves_no_question_behind() {
    for policy in ["retries=2", "hedge_ms=100; retries=2"] {
        for fail_percent in [0, 100] {
            let drawing = design(&format!(
                "c client(access_rtt_ms=0)
                 f load_balancer(idle_timeout_secs=1; {policy})
                 s station(workers=0; service_ms=5000; service=constant; fail_percent={fail_percent})
                 z station(workers=0; service_ms=5000; service=constant; fail_percent={fail_percent})
                 c > f
                 f > s
                 f > z"
            ));
            let report = run(&drawing, &scenario(10.0, 60, compute(0.0)), 1);
            let page = page(&report);
            let late = page.failed_for(Reason::GatewayTimeout504);
            assert_eq!(late + page.inside, page.offered, "{policy}: {page:?}");
        }
    }
}
