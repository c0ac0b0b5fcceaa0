//! Load balancers against theory and against each other, through a drawing, a scenario and a report.

use archplay_model::ClockTime;
use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, Refresh, Window};
use archplay_model::{LinkKey, Scenario};
use archplay_report::{EventCode, Metric, OperationTotals, Reason, Report};

use crate::reports::{column, fault};
use crate::support::{compute, design, id, near, page, run, scenario};

/// `n` textbook queues with one server each behind a load balancer.
fn fleet(n: usize, balancer: &str) -> archplay_model::Design {
    let mut text = format!("c client(access_rtt_ms=0)\nlb load_balancer({balancer})\nc > lb\n");
    for i in 0..n {
        text.push_str(&format!(
            "s{i} station(workers=1; service_ms=10; queue_capacity=1000000)\nlb > s{i}\n"
        ));
    }
    design(&text)
}

fn after_warm_up(mut scenario: Scenario) -> Scenario {
    let end = scenario.duration_secs;
    scenario.focus = Some(Window {
        from: ClockTime::from_secs(end / 10),
        to: ClockTime::from_secs(end),
    });
    scenario
}

fn focus(report: &Report) -> &OperationTotals {
    &report.focus.operations[0]
}

fn visits(report: &Report, component: &str) -> u64 {
    let wanted = id(component);
    let found = report.components.iter().find(|c| c.id == wanted);
    found.map_or(0, |component| component.arrived)
}

fn events(report: &Report, code: EventCode) -> Vec<u64> {
    let of = report.events.iter().filter(|event| event.code == code);
    of.map(|event| event.at_ns).collect()
}

fn kill(at: u32, until: Option<u32>, component: &str) -> Fault {
    fault(
        at,
        until,
        FaultAction::Kill,
        FaultTarget::Component(id(component)),
    )
}

/// A metric of the reference vectors: value, tolerance for `n` requests, its floor.
struct Wanted(f64, f64, f64);

impl Wanted {
    fn check(&self, got_ms: f64, used: u64, n: f64, what: &str) {
        let Self(value, tolerance, floor) = *self;
        let allowed = floor + (tolerance - floor) * (n / used as f64).sqrt();
        let got = got_ms / 1e3;
        assert!(
            (got - value).abs() <= allowed,
            "{what}: got {got}, wanted {value} ± {allowed}"
        );
    }
}

fn vector(n: usize, algorithm: &str, rate: f64, requests: f64, seed: u64) -> Report {
    let drawing = fleet(n, &format!("algorithm={algorithm}"));
    let secs = (requests / rate) as u32;
    run(
        &drawing,
        &after_warm_up(scenario(rate, secs, compute(0.0))),
        seed,
    )
}

#[test]
fn random_makes_each_target_an_mm1() {
    let report = vector(4, "random", 280.0, 400_000.0, 1);
    let (totals, n) = (focus(&report), 900_000.0);
    let used = totals.good;
    let check = |wanted: Wanted, got, what| wanted.check(got, used, n, what);
    check(
        Wanted(0.033_333_333_33, 0.000_998_809, 6.67e-5),
        totals.latency_mean_ms,
        "mean",
    );
    check(
        Wanted(0.023_104_906_02, 0.000_686_259, 2.31e-4),
        totals.latency_p50_ms,
        "p50",
    );
    check(
        Wanted(0.099_857_742_45, 0.004_894_790, 9.99e-4),
        totals.latency_p95_ms,
        "p95",
    );
    check(
        Wanted(0.153_505_672_9, 0.010_376_721, 1.535e-3),
        totals.latency_p99_ms,
        "p99",
    );
    let wanted = archplay_theory::mmc_sojourn(1, 70.0, 0.01) * 1e3;
    near(totals.latency_mean_ms, wanted, 0.03, "M/M/1");
}

#[test]
fn round_robin_makes_each_target_an_e4m1() {
    let report = vector(4, "round_robin", 360.0, 600_000.0, 2);
    let (totals, n) = (focus(&report), 1_800_000.0);
    let used = totals.good;
    let check = |wanted: Wanted, got, what| wanted.check(got, used, n, what);
    check(
        Wanted(0.063_830_495_18, 0.004_254_399, 1.28e-4),
        totals.latency_mean_ms,
        "mean",
    );
    check(
        Wanted(0.044_243_927_77, 0.002_273_095, 4.42e-4),
        totals.latency_p50_ms,
        "p50",
    );
    check(
        Wanted(0.191_219_074_5, 0.018_262_614, 1.91e-3),
        totals.latency_p95_ms,
        "p95",
    );
    // Everyone gets exactly the same number.
    let counts: Vec<u64> = (0..4).map(|i| visits(&report, &format!("s{i}"))).collect();
    let (least, most) = (counts.iter().min(), counts.iter().max());
    assert!(
        most.zip(least)
            .is_some_and(|(most, least)| most - least <= 1),
        "{counts:?}"
    );
}

#[test]
fn least_outstanding_joins_the_shortest_queue() {
    let report = vector(2, "least_outstanding", 140.0, 400_000.0, 3);
    let (totals, n) = (focus(&report), 900_000.0);
    let used = totals.good;
    let check = |wanted: Wanted, got, what| wanted.check(got, used, n, what);
    check(
        Wanted(0.021_081_972_74, 0.000_369_461, 4.22e-5),
        totals.latency_mean_ms,
        "mean",
    );
    check(
        Wanted(0.015_024_564_65, 0.000_356_202, 1.50e-4),
        totals.latency_p50_ms,
        "p50",
    );
    check(
        Wanted(0.061_573_393_03, 0.001_850_598, 6.16e-4),
        totals.latency_p95_ms,
        "p95",
    );
    check(
        Wanted(0.093_294_975_86, 0.003_763_075, 9.33e-4),
        totals.latency_p99_ms,
        "p99",
    );
}

#[test]
fn the_shortest_line_cannot_tell_idle_from_busy() {
    let report = vector(2, "shortest_line", 140.0, 400_000.0, 4);
    let totals = focus(&report);
    Wanted(0.022_253_115_82, 0.000_481_832, 4.45e-5).check(
        totals.latency_mean_ms,
        totals.good,
        900_000.0,
        "mean",
    );
    let other = vector(2, "least_outstanding", 140.0, 400_000.0, 4);
    assert!(totals.latency_mean_ms > focus(&other).latency_mean_ms * 1.03);
}

#[test]
fn two_choices_are_enough() {
    for (n, rate, requests, mean, p99) in [
        (
            10,
            700.0,
            400_000.0,
            Wanted(0.016_769_936_11, 0.000_171_463, 3.35e-5),
            Wanted(0.068_516_991_02, 0.001_283_187, 6.85e-4),
        ),
        (
            100,
            7_000.0,
            400_000.0,
            Wanted(0.016_201_784_97, 0.000_192_194, 3.24e-5),
            Wanted(0.065_884_812_19, 0.001_201_992, 6.59e-4),
        ),
    ] {
        let report = vector(n, "power_of_two", rate, requests, 5);
        let totals = focus(&report);
        let used = totals.good;
        mean.check(
            totals.latency_mean_ms,
            used,
            1_800_000.0,
            &format!("mean, n = {n}"),
        );
        p99.check(
            totals.latency_p99_ms,
            used,
            1_800_000.0,
            &format!("p99, n = {n}"),
        );
    }
}

#[test]
fn weights_are_shares() {
    let drawing = fleet(3, "algorithm=weighted; weights=s0=1,s1=3");
    let report = run(&drawing, &scenario(60.0, 1_000, compute(0.0)), 1);
    let total = visits(&report, "lb") as f64;
    near(
        visits(&report, "s0") as f64 / total,
        0.25,
        0.03,
        "a quarter",
    );
    near(
        visits(&report, "s1") as f64 / total,
        0.75,
        0.02,
        "three quarters",
    );
    assert_eq!(visits(&report, "s2"), 0);
}

#[test]
fn a_dead_target_fails_requests_until_its_checks_have_failed() {
    let drawing = fleet(
        4,
        "health_interval_secs=10; unhealthy_threshold=2; healthy_threshold=3",
    );
    let mut crowd = scenario(100.0, 200, compute(0.0));
    crowd.faults = vec![kill(50, Some(100), "s0")];
    let report = run(&drawing, &crowd, 1);
    // First checks are spread over the interval: s0 is checked at 2.5, 12.5, …; so at 52.5 and 62.5.
    let out = events(&report, EventCode::Unhealthy);
    assert_eq!(out.len(), 1);
    near(
        out[0] as f64 / 1e9,
        62.5,
        1e-3,
        "taken out at the second failed check",
    );
    let back = events(&report, EventCode::Healthy);
    near(
        back[0] as f64 / 1e9,
        122.5,
        1e-3,
        "back after the third passed check",
    );
    // A quarter of 100 requests a second for 12.5 s.
    let bad = page(&report).failed_for(Reason::BadGateway502);
    // Arrivals are Poisson: the standard deviation is a quarter of 35.
    near(bad as f64, 312.0, 0.1, "502 meanwhile");
    assert_eq!(page(&report).failed_total(), bad);
    let healthy = column(&report, "lb", Metric::Healthy);
    assert_eq!((healthy[40], healthy[80], healthy[150]), (4.0, 3.0, 4.0));
}

#[test]
fn when_nobody_is_healthy_it_sends_to_all_or_refuses() {
    let mut crowd = scenario(50.0, 100, compute(0.0));
    crowd.faults = vec![kill(20, None, "s0"), kill(20, None, "s1")];
    let open = run(&fleet(2, "health_interval_secs=5"), &crowd, 1);
    let shut = run(&fleet(2, "health_interval_secs=5; fail_open=no"), &crowd, 1);
    assert_eq!(events(&open, EventCode::FailOpen).len(), 1);
    assert_eq!(page(&open).failed_for(Reason::Unavailable503), 0);
    assert_eq!(events(&shut, EventCode::FailOpen).len(), 0);
    assert!(page(&shut).failed_for(Reason::Unavailable503) > 3_000);
}

#[test]
fn a_check_that_gets_no_answer_fails_after_its_time_out() {
    let drawing = fleet(
        2,
        "health_interval_secs=10; health_timeout_secs=4; unhealthy_threshold=1; idle_timeout_secs=1",
    );
    let mut crowd = scenario(50.0, 60, compute(0.0));
    let link = LinkKey::new(id("lb"), id("s0"));
    crowd.faults = vec![fault(12, None, FaultAction::Cut, FaultTarget::Link(link))];
    let report = run(&drawing, &crowd, 1);
    let out = events(&report, EventCode::Unhealthy);
    // Checks of s0 at 5, 15; the one at 15 waits 4 s.
    near(out[0] as f64 / 1e9, 19.0, 1e-6, "15 s + 4 s");
    // Half of the requests of 7 s wait for nobody, 1 s each.
    let late = page(&report).failed_for(Reason::GatewayTimeout504);
    near(late as f64, 175.0, 0.2, "504");
    assert_eq!(page(&report).failed_total(), late);
}

#[test]
fn an_idle_time_out_answers_504_and_the_work_goes_on() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         lb load_balancer(idle_timeout_secs=1)
         s station(workers=1; service=constant; service_ms=3000; queue_capacity=100)
         c > lb
         lb > s",
    );
    let mut crowd = scenario(1.0, 100, compute(0.0));
    crowd.audiences[0].limit = Some(5);
    let report = run(&drawing, &crowd, 1);
    assert_eq!(page(&report).failed_for(Reason::GatewayTimeout504), 5);
    let station = report.components.iter().find(|c| c.id == id("s"));
    let busy = station.map_or(0.0, |s| s.utilisation) * 100.0;
    near(
        busy,
        15.0,
        1e-6,
        "five services of 3 s, though nobody waits",
    );
}

#[test]
fn a_killed_balancer_loses_what_it_holds_and_comes_back_empty() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         lb load_balancer(algorithm=least_outstanding)
         s0 station(workers=0; service_ms=1000)
         s1 station(workers=0; service_ms=1000)
         c > lb
         lb > s0
         lb > s1",
    );
    let mut crowd = scenario(50.0, 60, compute(0.0));
    crowd.faults = vec![kill(20, Some(30), "lb")];
    let report = run(&drawing, &crowd, 1);
    let lost = page(&report).failed_for(Reason::ConnectionLost);
    assert!((25..90).contains(&lost), "{lost}, fifty were inside");
    let refused = page(&report).failed_for(Reason::Refused);
    near(refused as f64, 500.0, 0.15, "ten seconds of refusals");
    let (a, b) = (visits(&report, "s0"), visits(&report, "s1"));
    near(a as f64, b as f64, 0.06, "both are used alike afterwards");
}

#[test]
fn a_sticky_visitor_stays() {
    let mut crowd = scenario(5.0, 200, compute(0.0));
    let step = crowd.journeys[0].steps[0].clone();
    crowd.journeys[0].steps = vec![step; 10];
    for step in &mut crowd.journeys[0].steps {
        step.think_secs = 1.0;
    }
    crowd.audiences[0].limit = Some(1);
    let used = |sticky: &str| {
        let report = run(&fleet(5, &format!("sticky={sticky}")), &crowd, 1);
        (0..5)
            .filter(|i| visits(&report, &format!("s{i}")) > 0)
            .count()
    };
    assert_eq!((used("yes"), used("no")), (1, 5));
}

#[test]
fn a_target_that_comes_back_gets_its_share_on_a_straight_line() {
    let mut crowd = scenario(80.0, 300, compute(0.0));
    crowd.faults = vec![kill(10, Some(30), "s0")];
    let drawing = fleet(
        2,
        "health_interval_secs=5; healthy_threshold=2; slow_start_secs=100; algorithm=random",
    );
    let report = run(&drawing, &crowd, 1);
    let back = events(&report, EventCode::Healthy)[0] / 1_000_000_000;
    let rate = column(&report, "s0", Metric::Rate);
    let mean = |from: usize| rate[from..from + 20].iter().sum::<f64>() / 20.0;
    let back = back as usize;
    // With share w it gets w / (1 + w) of two.
    near(mean(back), 80.0 * 0.1 / 1.1, 0.25, "at a tenth");
    near(mean(back + 40), 80.0 * 0.5 / 1.5, 0.12, "at half");
    near(mean(back + 120), 40.0, 0.08, "in full");
}

#[test]
fn only_targets_that_run_the_operation_get_it() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         lb load_balancer
         a server(handles=page)
         b server(handles=other)
         c > lb
         lb > a
         lb > b",
    );
    let mut crowd = scenario(20.0, 30, compute(1.0));
    let mut other = crowd.operations[0].clone();
    other.id = id("other");
    crowd.operations.push(other);
    let report = run(&drawing, &crowd, 1);
    assert_eq!(visits(&report, "b"), 0);
    assert_eq!(page(&report).failed_total(), 0);
}

#[test]
fn a_balancer_behind_a_balancer_is_checked_through() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         top load_balancer(health_interval_secs=5)
         l0 load_balancer(health_interval_secs=5; fail_open=no)
         l1 load_balancer(health_interval_secs=5; fail_open=no)
         s0 station(workers=0; service_ms=1)
         s1 station(workers=0; service_ms=1)
         c > top
         top > l0
         top > l1
         l0 > s0
         l1 > s1",
    );
    let mut crowd = scenario(20.0, 100, compute(0.0));
    crowd.faults = vec![kill(20, None, "s0")];
    let report = run(&drawing, &crowd, 1);
    let failed = column(&report, "l0", Metric::Rate);
    assert!(
        failed[10] > 5.0 && failed[60] == 0.0,
        "{} {}",
        failed[10],
        failed[60]
    );
}

#[test]
fn people_who_try_again_meet_another_target() {
    let mut crowd = scenario(20.0, 60, Demand::Seq(vec![compute(0.0)]));
    crowd.faults = vec![kill(5, None, "s0")];
    crowd.audiences[0].refresh = Refresh {
        probability: 1.0,
        max: 3,
        delay_secs: 0.1,
        ..Refresh::default()
    };
    let report = run(&fleet(4, ""), &crowd, 1);
    let lost = &report.whole.audiences[0].lost;
    let people = report.whole.audiences[0].arrived;
    let gone: u64 = lost.iter().map(|(_, n)| n).sum();
    assert!(gone * 50 < people, "{gone} of {people}");
}
