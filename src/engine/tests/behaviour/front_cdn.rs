//! Content delivery networks: what they keep, for how long, and what becomes of those who ask meanwhile.

use archplay_model::scenario::{Consistency, Demand, Fault, FaultAction, FaultTarget, Pick, State};
use archplay_model::{ClockTime, Kind, LinkKey, Scenario};
use archplay_report::{Measure, Metric, Reason, Report};

use crate::reports::column;
use crate::support::{compute, design, id, near, page, run, scenario};

fn read(key: Pick) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::default(),
        key,
    }
}

fn files(bytes: u64) -> Demand {
    Demand::Static { bytes, objects: 1 }
}

fn drawing(edge: &str, origin: &str) -> archplay_model::Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         e cdn({edge})
         o station({origin})
         c > e
         e > o"
    ))
}

const FAST: &str = "workers=0; service_ms=1";

fn arrived(report: &Report, component: &str) -> u64 {
    let wanted = id(component);
    let found = report.components.iter().find(|c| c.id == wanted);
    found.map_or(0, |component| component.arrived)
}

fn hit_ratio(report: &Report) -> f64 {
    let wanted = id("e");
    let found = report.components.iter().find(|c| c.id == wanted);
    let measures = found.map(|c| c.measures.as_slice()).unwrap_or_default();
    let ratio = measures.iter().find(|(m, _)| *m == Measure::HitRatio);
    ratio.map_or(f64::NAN, |(_, value)| *value)
}

fn struck(mut scenario: Scenario, at: u32, action: FaultAction, target: FaultTarget) -> Scenario {
    scenario.faults.push(Fault {
        at: ClockTime::from_secs(at),
        until: None,
        action,
        target,
    });
    scenario
}

#[test]
fn a_static_file_is_fetched_once_in_its_time_to_live() {
    let report = run(
        &drawing("ttl_secs=10", FAST),
        &scenario(50.0, 100, files(2_000_000)),
        1,
    );
    assert_eq!(arrived(&report, "o"), 10, "one fetch each 10 s");
    let megabytes: f64 = column(&report, "e", Metric::Egress).iter().sum();
    near(
        megabytes,
        page(&report).good as f64 * 2.0,
        1e-9,
        "all bytes go out of the edge",
    );
    assert!(hit_ratio(&report) > 0.99);
}

#[test]
fn the_hit_ratio_of_popular_reads_is_that_of_theory() {
    for (alpha, rows, rate, ttl) in [(0.0, 200, 100.0, 4.0), (1.0, 2_000, 200.0, 10.0)] {
        let mut crowd = scenario(
            rate,
            600,
            Demand::Seq(vec![compute(1.0), read(Pick::Popular)]),
        );
        crowd.datasets[0].rows = rows;
        crowd.datasets[0].zipf_alpha = alpha;
        let plan = format!("ttl_secs={ttl}; cacheable=static_and_reads");
        let report = run(&drawing(&plan, "workers=0; service_ms=0"), &crowd, 2);
        // A key asked for at rate l is fetched once in ttl + 1 / l.
        let weight = |i: u64| if alpha > 0.0 { 1.0 / i as f64 } else { 1.0 };
        let sum: f64 = (1..=rows).map(weight).sum();
        let wanted: f64 = (1..=rows)
            .map(|i| weight(i) / sum)
            .map(|share| share * (share * rate * ttl) / (1.0 + share * rate * ttl))
            .sum();
        // The run begins with an empty edge.
        near(hit_ratio(&report), wanted, 0.02, &format!("alpha {alpha}"));
    }
}

#[test]
fn only_what_is_the_same_for_everyone_is_kept() {
    let plan = "cacheable=static_and_reads";
    let none = |demand: Demand| {
        let report = run(&drawing(plan, FAST), &scenario(20.0, 20, demand), 1);
        arrived(&report, "o") == page(&report).offered
    };
    assert!(!none(read(Pick::Hottest)));
    assert!(none(read(Pick::Own)));
    assert!(none(read(Pick::Fresh)));
    assert!(
        none(compute(1.0)),
        "nothing says that it is the same for everyone"
    );
    let write = Demand::Write {
        dataset: id("product"),
        key: Pick::Hottest,
    };
    assert!(none(Demand::Seq(vec![read(Pick::Hottest), write])));
    // Reads of one who is logged in are not.
    let mut crowd = scenario(20.0, 20, read(Pick::Hottest));
    crowd.journeys[0].steps[0].gives = Some(State::Session);
    let report = run(&drawing(plan, FAST), &crowd, 1);
    assert_eq!(arrived(&report, "o"), page(&report).offered);
    // And by default only files are kept.
    let report = run(
        &drawing("", FAST),
        &scenario(20.0, 20, read(Pick::Hottest)),
        1,
    );
    assert_eq!(arrived(&report, "o"), page(&report).offered);
}

#[test]
fn those_who_miss_at_once_wait_for_one_fetch() {
    let slow = "workers=0; service=constant; service_ms=2000";
    let crowd = scenario(100.0, 10, files(1_000));
    let report = run(&drawing("ttl_secs=3600", slow), &crowd, 1);
    assert_eq!(arrived(&report, "o"), 1, "the origin is shielded");
    // Those of the first two seconds wait until the fetch is back, all others do not wait.
    near(page(&report).latency_max_ms, 2_000.0, 0.02, "the first");
    assert_eq!(page(&report).failed_total(), 0);
    let mean = page(&report).latency_mean_ms;
    near(mean, 200.0, 0.2, "a fifth wait one second in the mean");
    // Without a time to live nobody gets another's answer.
    let report = run(&drawing("ttl_secs=0", slow), &crowd, 1);
    assert_eq!(arrived(&report, "o"), page(&report).offered);
}

#[test]
fn all_that_is_kept_can_expire_at_once() {
    let crowd = scenario(50.0, 60, files(1_000));
    let crowd = struck(crowd, 30, FaultAction::Expire, FaultTarget::Kind(Kind::Cdn));
    let report = run(&drawing("ttl_secs=3600", FAST), &crowd, 1);
    assert_eq!(arrived(&report, "o"), 2);
}

#[test]
fn an_origin_that_does_not_answer_gives_504_one_that_is_dead_502() {
    let crowd = scenario(10.0, 30, compute(1.0));
    let link = FaultTarget::Link(LinkKey::new(id("e"), id("o")));
    let silent = struck(crowd.clone(), 0, FaultAction::Cut, link);
    let report = run(&drawing("origin_timeout_secs=5", FAST), &silent, 1);
    assert!(page(&report).failed_for(Reason::GatewayTimeout504) > 200);
    let dead = struck(crowd, 0, FaultAction::Kill, FaultTarget::Component(id("o")));
    let report = run(&drawing("", FAST), &dead, 1);
    assert_eq!(
        page(&report).failed_for(Reason::BadGateway502),
        page(&report).offered
    );
    // A fetch that comes to nothing fails all who wait for it.
    let files = scenario(10.0, 30, files(1));
    let link = FaultTarget::Link(LinkKey::new(id("e"), id("o")));
    let silent = struck(files, 0, FaultAction::Cut, link);
    let report = run(&drawing("origin_timeout_secs=5", FAST), &silent, 1);
    assert!(page(&report).failed_for(Reason::GatewayTimeout504) > 200);
    assert!(page(&report).latency_max_ms.is_nan() || page(&report).good == 0);
}

#[test]
fn what_is_kept_outlives_the_origin_but_not_the_edge() {
    let crowd = struck(
        scenario(20.0, 60, files(1_000)),
        20,
        FaultAction::Kill,
        FaultTarget::Component(id("o")),
    );
    let report = run(&drawing("ttl_secs=3600", FAST), &crowd, 1);
    assert_eq!(page(&report).failed_total(), 0);
    let mut crowd = crowd;
    crowd.faults.push(Fault {
        at: ClockTime::from_secs(30),
        until: Some(ClockTime::from_secs(40)),
        action: FaultAction::Kill,
        target: FaultTarget::Component(id("e")),
    });
    let report = run(&drawing("ttl_secs=3600", FAST), &crowd, 1);
    near(
        page(&report).failed_for(Reason::Refused) as f64,
        200.0,
        0.2,
        "no edge",
    );
    near(
        page(&report).failed_for(Reason::BadGateway502) as f64,
        400.0,
        0.2,
        "an empty edge",
    );
}
