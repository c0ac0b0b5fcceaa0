//! Failover controllers: they look through the network, take their time, and die with their zone.

mod support;

use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{ClockTime, Design, LinkKey, Scenario};
use archplay_report::{EventCode, Report};
use support::{compute, design, id, run, scenario};

fn times(report: &Report, code: EventCode, who: &str) -> Vec<f64> {
    let events = report.events.iter();
    let found = events.filter(|event| event.code == code && event.id == id(who));
    found.map(|event| event.at_ns as f64 / 1e9).collect()
}

fn fault(at: u32, until: Option<u32>, action: FaultAction, target: FaultTarget) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action,
        target,
    }
}

fn kill(at: u32, until: Option<u32>, target: &str) -> Fault {
    fault(
        at,
        until,
        FaultAction::Kill,
        FaultTarget::Component(id(target)),
    )
}

/// A main site, and a second one that is cold until the controller starts it.
fn two_sites(controller_in: &str) -> Design {
    design(&format!(
        "c client
         main zone
         spare zone
         elsewhere zone
         w station(service_ms=5) in main
         s station(service_ms=5) in spare
         k controller(watches=w; acts_on=s; action=start; interval_secs=10; failure_threshold=3; takes_secs=30) in {controller_in}
         c > w
         c > s
         k > w
         k > s"
    ))
}

fn day(faults: Vec<Fault>) -> Scenario {
    let mut load = scenario(5.0, 300, compute(0.0));
    load.faults = faults;
    // The spare is not running.
    load.faults.push(kill(1, None, "s"));
    load
}

/// Kakao, 15 October 2022: the tool that switches sites stood in the site that burnt.
#[test]
fn a_controller_in_the_burning_site_never_acts() {
    let fire = || day(vec![kill(60, None, "main")]);
    let inside = run(&two_sites("main"), &fire(), 1);
    assert!(times(&inside, EventCode::ControllerActed, "k").is_empty());
    assert!(times(&inside, EventCode::Restored, "s").is_empty());
    let outside = run(&two_sites("elsewhere"), &fire(), 1);
    let acted = times(&outside, EventCode::ControllerActed, "k");
    // Three looks of 10 s, and the switch-over of 30 s.
    assert_eq!(acted.len(), 1);
    assert!((110.0..=121.0).contains(&acted[0]), "{acted:?}");
    assert_eq!(times(&outside, EventCode::Restored, "s"), acted);
}

#[test]
fn what_comes_back_in_time_is_left_alone() {
    let report = run(
        &two_sites("elsewhere"),
        &day(vec![kill(61, Some(79), "w")]),
        1,
    );
    assert!(
        times(&report, EventCode::ControllerActed, "k").is_empty(),
        "two failed looks"
    );
}

#[test]
fn a_cut_link_looks_like_a_death() {
    let link = FaultTarget::Link(LinkKey::new(id("k"), id("w")));
    let cut = fault(60, None, FaultAction::Cut, link);
    let report = run(&two_sites("elsewhere"), &day(vec![cut]), 1);
    let acted = times(&report, EventCode::ControllerActed, "k");
    assert_eq!(acted.len(), 1, "though the other side lives");
    assert!(times(&report, EventCode::Killed, "w").is_empty());
}

#[test]
fn a_controller_that_dies_while_it_switches_over_does_not_finish() {
    let faults = vec![kill(60, None, "w"), kill(95, Some(98), "k")];
    let report = run(&two_sites("elsewhere"), &day(faults), 1);
    // It begins anew when it is back: three looks, 30 s.
    let acted = times(&report, EventCode::ControllerActed, "k");
    assert_eq!(acted.len(), 1);
    assert!((149.0..=160.0).contains(&acted[0]), "{acted:?}");
}

#[test]
fn a_box_is_alive_as_long_as_anything_in_it_answers() {
    let drawing = design(
        "c client
         main zone
         w station(service_ms=5) in main
         x station(service_ms=5) in main
         s station(service_ms=5)
         k controller(watches=main; acts_on=s; action=start; takes_secs=0)
         c > w
         c > x
         c > s
         k > w
         k > s",
    );
    let one = run(&drawing, &day(vec![kill(60, None, "w")]), 1);
    assert!(times(&one, EventCode::ControllerActed, "k").is_empty());
    let both = run(
        &drawing,
        &day(vec![kill(60, None, "w"), kill(60, None, "x")]),
        1,
    );
    assert_eq!(times(&both, EventCode::ControllerActed, "k").len(), 1);
}
