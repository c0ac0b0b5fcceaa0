//! What is sent over a cut link: sent again until it arrives, given up by the system or by whoever asked. Other
//! faults do not live here.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{ClockTime, LinkKey};
use archplay_report::{Measure, Metric, Reason, Report, Subject};

use crate::reports::measure;
use crate::support::{compute, design, id, near, page, scenario};

const STATION: &str = "s station(workers=0; service_ms=1; service=constant)";

/// 50 requests in a second by `caller`, which asks a station over a link that is cut for a while.
fn cut(caller: &str, patience: f64, secs: u32, (at, until): (u32, Option<u32>)) -> (Run, Report) {
    let drawing = design(&format!("c client(access_rtt_ms=0)\n{caller}\n{STATION}"));
    let mut load = scenario(50.0, secs, compute(1.0));
    load.audiences[0].timeout_secs = patience;
    let from = if caller.contains("a > s") { "a" } else { "c" };
    load.faults = vec![Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action: FaultAction::Cut,
        target: FaultTarget::Link(LinkKey::new(id(from), id("s"))),
    }];
    let mut run = Run::compile(&drawing, &load, 1).unwrap();
    run.advance(Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    });
    assert_eq!(run.check_conservation(), Ok(()));
    let report = run.report();
    (run, report)
}

fn good(run: &Run, from: u32, to: u32) -> f64 {
    let table = run.table();
    let column = table.find(&Subject::System, Metric::Good).unwrap();
    archplay_report::column_mean(table, column, from, to).unwrap()
}

#[test]
fn a_cut_of_a_second_is_over_a_second_later() {
    for caller in [
        "c > s",
        "a station(workers=8; service_ms=0; service=constant; then=call)\nc > a\na > s",
    ] {
        let (run, report) = cut(caller, 5.0, 60, (10, Some(11)));
        assert!(good(&run, 10, 11) < 2.0, "nothing arrives");
        // Tried again 0.2, 0.6 and 1.4 s after it was sent, each at its own time.
        near(good(&run, 11, 14), 200.0 / 3.0, 0.2, "all that was lost");
        near(good(&run, 14, 60), 50.0, 0.1, "as before");
        assert_eq!(page(&report).failed, [], "{caller}");
    }
}

#[test]
fn after_a_cut_the_tries_lie_far_apart() {
    // Sent in the second from 10 on, tried 6.2 and 12.6 s later, when the link is whole.
    let (run, report) = cut("c > s", 1e4, 40, (10, Some(20)));
    assert!(good(&run, 10, 20) < 1.0);
    assert!(good(&run, 20, 23) > 100.0, "what was sent late comes first");
    near(good(&run, 23, 30), 50.0, 0.6, "the rest");
    near(good(&run, 33, 40), 50.0, 0.2, "as before");
    assert_eq!(page(&report).failed, []);
}

#[test]
fn the_system_gives_up_after_two_minutes() {
    let (run, report) = cut("c > s", 1e4, 300, (10, None));
    assert!(good(&run, 10, 300) < 0.1);
    let total = page(&report);
    let failed: Vec<Reason> = total.failed.iter().map(|(reason, _)| *reason).collect();
    assert_eq!(failed, [Reason::Timeout]);
    // All that was sent from 10 to 173 s.
    near(total.failed[0].1 as f64, 50.0 * 163.0, 0.05, "given up");
    // A link that is whole just before still helps nobody whose next try would be later.
    let (run, _) = cut("c > s", 1e4, 300, (10, Some(130)));
    near(good(&run, 260, 300), 50.0, 0.1, "as before");
}

#[test]
fn what_nobody_waits_for_is_not_sent_again() {
    let visits = |caller: &str, patience: f64| {
        let (run, report) = cut(caller, patience, 100, (10, Some(40)));
        near(good(&run, 75, 100), 50.0, 0.1, caller);
        measure(&report, "s", Measure::Visits) / 50.0
    };
    // Visitors who left, and a caller whose time-out has passed.
    near(visits("c > s", 0.5), 70.0, 0.05, "visitors");
    let caller =
        "a station(workers=0; service_ms=0; service=constant; then=call; call_timeout_ms=500)";
    let caller = format!("{caller}\nc > a\na > s");
    near(visits(&caller, 5.0), 70.0, 0.05, "calls");
    // Who still waits is served in the end.
    near(visits("c > s", 1e4), 100.0, 0.05, "patient ones");
}
