//! Name servers: policies, checks, and how long resolvers go on to lead to those who are gone. How long a failover
//! takes is held to theory in `vectors/dns.rs`.

use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{Design, Kind, Place, Scenario};
use archplay_report::{EventCode, Metric, Reason, Report, Subject};

use crate::reports::clock;
use crate::support::{compute, design, id, near, page, run, scenario};

fn strike(crowd: &mut Scenario, at: u32, until: Option<u32>, action: FaultAction, whom: &str) {
    crowd.faults.push(Fault {
        at: clock(at),
        until: until.map(clock),
        action,
        target: FaultTarget::Component(id(whom)),
    });
}

/// Two sites behind a name.
fn sites(names: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         d dns({names})
         a station(workers=0; service_ms=0)
         b station(workers=0; service_ms=0)
         c > d
         d > a
         d > b"
    ))
}

/// Two regions, visitors in both.
fn regions(names: &str) -> (Design, Scenario) {
    let drawing = design(&format!(
        "seoul region(place=seoul)
         tokyo region(place=tokyo)
         cs client(access_rtt_ms=20; place=seoul)
         ct client(access_rtt_ms=20; place=tokyo)
         d dns({names})
         a station(workers=0; service_ms=0) in seoul
         b station(workers=0; service_ms=0) in tokyo
         cs > d
         ct > d
         d > a
         d > b"
    ));
    let mut crowd = scenario(20.0, 200, compute(0.0));
    let mut other = crowd.audiences[0].clone();
    other.id = id("others");
    other.place = Place::Tokyo;
    crowd.audiences.push(other);
    (drawing, crowd)
}

fn column(report: &Report, subject: &Subject, metric: Metric) -> Vec<f64> {
    let found = report.series.find(subject, metric);
    let column = found.unwrap_or_else(|| panic!("{subject:?} {metric:?}"));
    report.series.column(column).collect()
}

fn rate(report: &Report, component: &str) -> Vec<f64> {
    column(report, &Subject::Component(id(component)), Metric::Rate)
}

fn visits(report: &Report, component: &str) -> f64 {
    let wanted = id(component);
    let found = report.components.iter().find(|c| c.id == wanted);
    found.map_or(0.0, |component| component.arrived as f64)
}

fn when(report: &Report, code: EventCode) -> Vec<f64> {
    let of = report.events.iter().filter(|event| event.code == code);
    of.map(|event| event.at_ns as f64 / 1e9).collect()
}

#[test]
fn the_record_changes_at_the_last_failed_check_and_its_time_out() {
    let out = |timeout: u32| {
        let mut crowd = scenario(1.0, 200, compute(0.0));
        strike(&mut crowd, 50, None, FaultAction::Kill, "a");
        let names = format!("policy=failover; check=shallow; check_timeout_secs={timeout}");
        when(&run(&sites(&names), &crowd, 1), EventCode::TargetOut)[0]
    };
    let at = out(0);
    assert!(
        (110.0..140.0).contains(&at),
        "the third check after 50 s: {at}"
    );
    near(out(4), at + 4.0, 1e-9, "with its time-out");
}

#[test]
fn without_checks_a_name_leads_to_the_dead_for_ever() {
    for names in [
        "policy=simple; check=shallow; ttl_secs=0",
        "policy=weighted; check=none; ttl_secs=0",
    ] {
        let mut crowd = scenario(50.0, 400, compute(0.0));
        strike(&mut crowd, 0, None, FaultAction::Kill, "a");
        let report = run(&sites(names), &crowd, 1);
        near(
            page(&report).failed_for(Reason::Refused) as f64,
            10_000.0,
            0.03,
            "half",
        );
    }
    let mut crowd = scenario(50.0, 400, compute(0.0));
    strike(&mut crowd, 0, None, FaultAction::Kill, "a");
    let checked = run(
        &sites("policy=weighted; check=shallow; ttl_secs=0"),
        &crowd,
        1,
    );
    assert!(
        page(&checked).failed_total() < 3_000,
        "half of 94 s at most"
    );
}

/// Three sites a time of 20 ms away.
fn three(names: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=20)
         d dns({names})
         a station(workers=0; service_ms=0)
         b station(workers=0; service_ms=0)
         e station(workers=0; service_ms=0)
         c > d
         d > a
         d > b
         d > e"
    ))
}

#[test]
fn of_several_addresses_the_next_is_tried_when_nobody_is_at_the_first() {
    let names = "policy=multivalue; check=none; ttl_secs=60";
    let dead = |whom: &[&str]| {
        let mut crowd = scenario(50.0, 400, compute(0.0));
        for name in whom {
            strike(&mut crowd, 0, None, FaultAction::Kill, name);
        }
        run(&three(names), &crowd, 1)
    };
    let one = dead(&["a"]);
    assert_eq!(page(&one).failed, [], "nobody fails");
    // A third goes there and back in vain first: 20 ms more. A look-up is made once.
    near(
        page(&one).latency_mean_ms,
        20.0 * 4.0 / 3.0,
        0.02,
        "one dead",
    );
    near(page(&one).latency_max_ms, 40.0, 0.01, "one dead");
    near(
        visits(&one, "b"),
        visits(&one, "e") * 2.0,
        0.06,
        "the next in turn",
    );
    let looked = rate(&one, "d").iter().sum::<f64>();
    assert_eq!(looked as u64, page(&one).offered);
    let two = dead(&["a", "e"]);
    assert_eq!(page(&two).failed, []);
    near(page(&two).latency_max_ms, 60.0, 0.01, "two dead");
    let all = dead(&["a", "b", "e"]);
    let failed = page(&all).failed_for(Reason::Refused);
    assert_eq!(failed + page(&all).inside, page(&all).offered);
    // What is counted as a failure is the last address, beside those tried before.
    let crowd = scenario(50.0, 400, compute(0.0));
    let single = run(
        &three("policy=weighted; check=none; ttl_secs=60"),
        &crowd,
        1,
    );
    near(page(&single).latency_max_ms, 20.0, 0.01, "all alive");
}

/// Who is there and refuses because it is full is passed over too.
#[test]
fn the_next_address_is_tried_when_the_first_is_full() {
    let drawing = |policy: &str| {
        design(&format!(
            "c client(access_rtt_ms=0)
             d dns(policy={policy}; ttl_secs=0)
             a station(workers=1; service_ms=1000; queue_capacity=0)
             b station(workers=0; service_ms=0)
             c > d
             d > a
             d > b"
        ))
    };
    let crowd = scenario(20.0, 100, compute(0.0));
    let full = page(&run(&drawing("weighted"), &crowd, 1)).failed_for(Reason::Refused);
    assert!(full > 500, "{full}");
    assert_eq!(page(&run(&drawing("multivalue"), &crowd, 1)).failed, []);
}

#[test]
fn weights_are_shares_of_the_answers() {
    let report = run(
        &sites("policy=weighted; weights=a=1,b=4; ttl_secs=0"),
        &scenario(50.0, 400, compute(0.0)),
        1,
    );
    near(
        visits(&report, "a") / visits(&report, "d").max(page(&report).offered as f64),
        0.2,
        0.03,
        "a fifth",
    );
}

#[test]
fn latency_leads_home_and_the_way_there_takes_its_time() {
    let (drawing, crowd) = regions("policy=latency");
    let report = run(&drawing, &crowd, 1);
    near(
        visits(&report, "a"),
        visits(&report, "b"),
        0.06,
        "each place its own",
    );
    near(
        page(&report).latency_max_ms,
        20.0,
        0.01,
        "the access network there and back",
    );
    // All by the way to Seoul: from Tokyo 31.3 ms more.
    let (drawing, crowd) = regions("policy=failover; primary=a");
    let report = run(&drawing, &crowd, 1);
    near(page(&report).latency_max_ms, 51.3, 0.01, "across the sea");
    near(
        page(&report).latency_mean_ms,
        (20.0 + 51.3) / 2.0,
        0.02,
        "half of them",
    );
}

#[test]
fn a_region_that_dies_is_left_by_its_visitors() {
    for policy in ["latency", "geolocation", "failover", "weighted"] {
        let (drawing, mut crowd) = regions(&format!(
            "policy={policy}; check=shallow; check_interval_secs=10; failure_threshold=2; ttl_secs=10; resolvers=20"
        ));
        strike(&mut crowd, 60, None, FaultAction::Kill, "seoul");
        let report = run(&drawing, &crowd, 1);
        // 2 × 10 s, 4 s of time-out and 10 s to live.
        let failed: Vec<f64> = [Reason::Refused, Reason::DnsStale]
            .iter()
            .map(|reason| column(&report, &Subject::System, Metric::Failed(*reason)))
            .fold(vec![0.0; 200], |sum, next| {
                sum.iter().zip(&next).map(|(a, b)| a + b).collect()
            });
        assert!(failed[60..70].iter().sum::<f64>() > 50.0, "{policy}");
        assert!(failed[95..].iter().all(|n| *n == 0.0), "{policy}");
        let b = rate(&report, "b");
        near(b[120..].iter().sum::<f64>() / 80.0, 40.0, 0.05, policy);
    }
}

#[test]
fn those_who_ignore_the_time_to_live_are_late() {
    let lost = |stragglers: u32| {
        let mut crowd = scenario(50.0, 900, compute(0.0));
        strike(&mut crowd, 300, None, FaultAction::Kill, "a");
        let names = format!(
            "policy=failover; primary=a; check=shallow; check_interval_secs=10; failure_threshold=1; ttl_secs=5; resolvers=200; straggler_ttl_secs=86400; stragglers_percent={stragglers}"
        );
        let report = run(&sites(&names), &crowd, 1);
        let stale = column(&report, &Subject::System, Metric::Failed(Reason::DnsStale));
        stale[400..].iter().sum::<f64>() / 500.0
    };
    assert_eq!(lost(0), 0.0);
    near(lost(10), 5.0, 0.45, "a tenth of the resolvers");
}

#[test]
fn each_visitor_keeps_an_answer_but_newcomers_are_led_right() {
    // Each asks once more after a long thought; new visitors have resolvers of their own.
    let mut crowd = scenario(20.0, 600, compute(0.0));
    let mut step = crowd.journeys[0].steps[0].clone();
    step.think_secs = 30.0;
    crowd.journeys[0].steps.push(step);
    strike(&mut crowd, 300, None, FaultAction::Kill, "a");
    let stale = |ttl: u32| {
        let names = format!(
            "policy=failover; primary=a; check=shallow; check_interval_secs=10; failure_threshold=1; ttl_secs={ttl}"
        );
        let report = run(&sites(&names), &crowd, 1);
        page(&report).failed_for(Reason::DnsStale)
    };
    assert_eq!(stale(0), 0);
    let (short, long) = (stale(20), stale(300));
    assert!(short > 0 && long > short * 10, "{short} {long}");
}

#[test]
fn a_deep_check_sees_the_store_a_shallow_one_does_not() {
    let lost = |check: &str| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             d dns(policy=failover; primary=a; check={check}; check_interval_secs=10; failure_threshold=2; ttl_secs=0)
             a station(workers=0; service_ms=0; then=call)
             store station(workers=0; service_ms=0)
             b station(workers=0; service_ms=0)
             c > d
             d > a
             d > b
             a > store"
        ));
        let mut crowd = scenario(20.0, 200, compute(0.0));
        strike(&mut crowd, 50, None, FaultAction::Kill, "store");
        page(&run(&drawing, &crowd, 1)).failed_total() as f64
    };
    near(lost("shallow"), 20.0 * 150.0, 0.05, "green all the time");
    assert!(lost("deep") < 20.0 * 21.0, "two checks");
}

#[test]
fn what_resolvers_remember_outlives_the_name_server() {
    let mut crowd = scenario(50.0, 300, compute(0.0));
    strike(&mut crowd, 100, Some(200), FaultAction::Kill, "d");
    let report = run(
        &sites("policy=multivalue; ttl_secs=60; resolvers=50"),
        &crowd,
        1,
    );
    let lost = column(
        &report,
        &Subject::System,
        Metric::Failed(Reason::NameUnresolved),
    );
    let mean = |from: usize, to: usize| lost[from..to].iter().sum::<f64>() / (to - from) as f64;
    assert!(mean(100, 110) < 15.0, "{}", mean(100, 110));
    near(mean(165, 200), 50.0, 0.1, "nobody knows the name any more");
    assert_eq!(mean(201, 300), 0.0);
}

#[test]
fn resolvers_of_one_place_can_fail_by_themselves() {
    let (drawing, mut crowd) = regions("policy=latency");
    crowd.faults.push(Fault {
        at: clock(50),
        until: Some(clock(100)),
        action: FaultAction::FailResolver,
        target: FaultTarget::Place(Place::Tokyo),
    });
    let report = run(&drawing, &crowd, 1);
    let lost = page(&report).failed_for(Reason::NameUnresolved) as f64;
    near(lost, 20.0 * 50.0, 0.1, "the visitors of Tokyo");
    assert_eq!(page(&report).failed_total() as f64, lost);
    assert!(rate(&report, "b")[60..99].iter().all(|n| *n == 0.0));
    assert!(rate(&report, "a")[60..99].iter().all(|n| *n > 0.0));
}

#[test]
fn a_place_that_dies_does_not_take_names_with_it() {
    let (drawing, mut crowd) = regions("policy=latency; check=shallow; ttl_secs=0");
    crowd.faults.push(Fault {
        at: clock(50),
        until: None,
        action: FaultAction::Kill,
        target: FaultTarget::Place(Place::Seoul),
    });
    let report = run(&drawing, &crowd, 1);
    assert_eq!(page(&report).failed_for(Reason::NameUnresolved), 0);
    assert_eq!(when(&report, EventCode::TargetOut).len(), 1);
    assert_eq!(Kind::from_slug("dns"), Some(Kind::Dns));
}
