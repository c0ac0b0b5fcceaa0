//! What is counted of the focus window alone, and windows that are not within the run.

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{FaultAction, FaultTarget, RatePoint, Scenario, Window};
use archplay_model::{ClockTime, Design};
use archplay_report::{Measure, Report};

use crate::reports::{fault, part};
use crate::support::{compute, design, id, run, scenario};

/// The component's measure, if it has one.
fn told(report: &Report, name: &str, measure: Measure) -> Option<f64> {
    part(report, name).measure(measure)
}

fn within(mut load: Scenario, from: u32, to: u32) -> Scenario {
    let (from, to) = (ClockTime::from_secs(from), ClockTime::from_secs(to));
    load.focus = Some(Window { from, to });
    load
}

/// A measure before and after a moment, and over the whole run.
fn split(drawing: &Design, load: &Scenario, at: u32, name: &str, measure: Measure) -> [f64; 3] {
    let of = |load: &Scenario| told(&run(drawing, load, 1), name, measure).unwrap_or(0.0);
    let before = within(load.clone(), 0, at);
    let after = within(load.clone(), at, load.duration_secs);
    [of(&before), of(&after), of(load)]
}

#[test]
fn counts_are_of_the_window() {
    // Two seconds without a database.
    let mut outage = scenario(50.0, 60, crate::support::read("product"));
    let target = FaultTarget::Component(id("d"));
    outage.faults = vec![fault(10, Some(12), FaultAction::Kill, target)];
    let drawing = design(
        "c client
         s server(vcpu=64; workers=10000; memory_gib=4096; retries=3; backoff=fixed; backoff_ms=100)
         d database
         c > s
         s > d",
    );
    let [before, after, whole] = split(&drawing, &outage, 30, "s", Measure::Retries);
    assert!(before > 100.0, "{before}");
    assert_eq!((after, whole), (0.0, before));
    let [before, after, whole] = split(&drawing, &outage, 30, "s", Measure::BackoffMean);
    assert_eq!(after, 0.0);
    assert!(before > whole * 1.8 && whole > 0.0, "{before} {whole}");

    // A function's instances are started at first and then kept.
    let drawing = design("c client\nf function(cold_start_ms=400)\nc > f");
    let load = scenario(20.0, 200, compute(50.0));
    let [before, after, whole] = split(&drawing, &load, 100, "f", Measure::ColdStarts);
    assert!(before >= 2.0 && before > after, "{before} {after}");
    assert_eq!(before + after, whole);

    // A visit a second pays a connection dearly only while all come at once.
    let drawing = design(
        "c client\ns server(vcpu=64; workers=1000; memory_gib=512; db_pool=1)\nd database\nc > s\ns > d",
    );
    let mut crowd = scenario(2_000.0, 60, crate::support::read("product"));
    for (at, per_sec) in [(5, 2_000.0), (6, 1.0)] {
        let at = ClockTime::from_secs(at);
        crowd.audiences[0].rate.push(RatePoint { at, per_sec });
    }
    let [before, after, whole] = split(&drawing, &crowd, 30, "s", Measure::PoolWaitMean);
    assert!(
        after < 0.1 * before && after < whole,
        "{before} {after} {whole}"
    );
}

#[test]
fn a_waiting_room_tells_of_those_who_came_in_the_window() {
    let drawing = design("c client\nw waiting_room(rate_per_sec=5)\ns server\nc > w\nw > s");
    let mut load = scenario(10.0, 100, compute(0.0));
    load.audiences[0].timeout_secs = 1_000.0;
    let [before, after, whole] = split(&drawing, &load, 20, "w", Measure::Served);
    // 5 a second more than go in.
    assert!((before - 200.0).abs() < 40.0, "{before}");
    assert_eq!(before + after, whole);
    let [before, after, whole] = split(&drawing, &load, 20, "w", Measure::WaitMax);
    assert!(before < 30_000.0 && after > 40_000.0, "{before} {after}");
    assert_eq!(after, whole);
}

#[test]
fn the_most_that_wait_are_those_of_the_window() {
    // Ten a second more than go in, for ten seconds; after fifty it is quiet.
    let mut load = scenario(20.0, 100, compute(0.0));
    load.audiences[0].timeout_secs = 1_000.0;
    for (at, per_sec) in [(10, 20.0), (11, 1.0)] {
        let at = ClockTime::from_secs(at);
        load.audiences[0].rate.push(RatePoint { at, per_sec });
    }
    for line in [
        "q waiting_room(rate_per_sec=10)\ns server\nc > q\nq > s",
        "q station(workers=1; service_ms=100; service=constant)\nc > q",
    ] {
        let drawing = design(&format!("c client\n{line}"));
        let [before, after, whole] = split(&drawing, &load, 60, "q", Measure::QueueMax);
        assert!((60.0..140.0).contains(&before), "{line}: {before}");
        assert!(after < 10.0, "{line}: {after}");
        assert_eq!(before, whole, "{line}");
        // Who waits as the window begins belongs to it.
        let [before, after, whole] = split(&drawing, &load, 15, "q", Measure::QueueMax);
        assert!(after > 0.3 * before && after < before, "{line}: {after}");
        assert_eq!(before, whole, "{line}");
    }
}

#[test]
fn a_window_outside_of_the_run_is_empty() {
    let drawing = design("c client\nq station(workers=1; service_ms=20)\nc > q");
    let mut load = scenario(20.0, 100, compute(0.0));
    load.start = ClockTime::from_secs(7_200);
    for point in &mut load.audiences[0].rate {
        point.at = load.start;
    }
    let whole = run(&drawing, &load, 1);
    assert!(told(&whole, "q", Measure::InsideMean).unwrap() > 0.1);
    for (from, to) in [(0, 3_600), (0, 7_200), (7_300, 7_400), (10_800, 14_400)] {
        let report = run(&drawing, &within(load.clone(), from, to), 1);
        let visits = told(&report, "q", Measure::Visits);
        assert_eq!(visits, Some(0.0), "{from} {to}");
        let inside = told(&report, "q", Measure::InsideMean).unwrap_or(f64::NAN);
        assert!(inside.is_nan(), "{from} {to}: {inside}");
    }
}

#[test]
fn a_report_before_the_window_changes_nothing_of_it() {
    let drawing = design("c client\nq station(workers=1; service_ms=20)\nc > q");
    let load = within(scenario(20.0, 100, compute(0.0)), 50, 80);
    let inside = |stops: &[u64]| {
        let mut run = Run::compile(&drawing, &load, 1).unwrap();
        let mut seen = Vec::new();
        for secs in stops {
            run.advance(Budget {
                until_ns: secs * 1_000_000_000,
                max_events: u64::MAX,
            });
            seen.push(told(&run.report(), "q", Measure::InsideMean).unwrap_or(f64::NAN));
        }
        seen
    };
    let seen = inside(&[10, 60, 70, 100]);
    assert!(seen[0].is_nan(), "{seen:?}");
    assert_eq!(seen[1], inside(&[60])[0]);
    assert_eq!(seen[2], inside(&[70])[0]);
    assert_eq!(seen[3], inside(&[100])[0]);
    assert!(seen[1] != seen[2], "{seen:?}");
}
