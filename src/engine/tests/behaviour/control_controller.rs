//! Failover controllers: they look through the network, take their time, and die with their zone.

use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{Design, LinkKey, Scenario};
use archplay_report::{EventCode, Report};

use crate::reports::fault;
use crate::support::{compute, design, id, run, scenario};

fn times(report: &Report, code: EventCode, who: &str) -> Vec<f64> {
    let events = report.events.iter();
    let found = events.filter(|event| event.code == code && event.id == id(who));
    found.map(|event| event.at_ns as f64 / 1e9).collect()
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

/// The primary burns with its zone. A controller elsewhere promotes the copy after its looks and its time;
/// a person promotes it later; without either nobody writes any more.
#[test]
fn a_controller_promotes_sooner_than_a_person() {
    let drawing = |watcher: &str| {
        design(&format!(
            "c client
             a zone
             b zone
             s server in b
             db database in a
             copy database in b
             c > s
             s > db
             s > copy
             db > copy
             {watcher}"
        ))
    };
    let write = serde_json::json!({ "write": { "dataset": "product" } });
    let demand = serde_json::from_value(write).unwrap_or_else(|error| panic!("{error}"));
    let mut load = scenario(20.0, 600, demand);
    load.audiences[0].timeout_secs = 5.0;
    load.faults = vec![kill(60, None, "a")];
    let good_until = |watcher: &str| {
        let report = run(&drawing(watcher), &load, 1);
        let promoted = times(&report, EventCode::Promoted, "copy");
        (promoted.first().copied(), report.whole.operations[0].good)
    };
    let by_controller =
        "k controller(watches=db; acts_on=copy; takes_secs=30) in b\nk > db\nk > copy";
    let by_person = "m monitor(metric=heartbeat; period_secs=60; missing=breaching; action=call_person; person_secs=300; watches=db; acts_on=copy) in b\nm > db\nm > copy";
    let by_alarm = "m monitor(metric=heartbeat; period_secs=10; missing=breaching; action=fail_over; watches=db; acts_on=copy) in b\nm > db\nm > copy";
    let (alarm, _) = good_until(by_alarm);
    let (controller, saved) = good_until(by_controller);
    let (person, later) = good_until(by_person);
    let (nobody, lost) = good_until("");
    let (alarm, controller, person) = (
        alarm.unwrap_or(f64::NAN),
        controller.unwrap_or(f64::NAN),
        person.unwrap_or(f64::NAN),
    );
    assert!(
        alarm < controller && controller < person,
        "{alarm} {controller} {person}"
    );
    assert!((110.0..200.0).contains(&controller), "{controller}");
    assert!(person > 360.0, "{person}");
    assert_eq!(nobody, None);
    assert!(lost < later && later < saved, "{lost} {later} {saved}");
}
