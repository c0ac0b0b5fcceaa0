//! Rate limiters, API gateways and waiting rooms: who is let through, who is refused, who waits.

use archplay_model::scenario::{Arrivals, Fault, FaultAction, FaultTarget, RatePoint, Refresh};
use archplay_model::{Design, LinkKey, Scenario};
use archplay_report::{EventCode, Measure, Metric, Reason, Report, Subject};

use crate::reports::{clock, column};
use crate::support::{compute, design, id, near, page, run, scenario};

fn behind(gate: &str, station: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         g {gate}
         s station({station})
         c > g
         g > s"
    ))
}

const FAST: &str = "workers=0; service=constant; service_ms=1";

fn system(report: &Report, metric: Metric) -> Vec<f64> {
    let column = report.series.find(&Subject::System, metric);
    report.series.column(column.unwrap_or(usize::MAX)).collect()
}

fn measure(report: &Report, component: &str, wanted: Measure) -> f64 {
    let name = id(component);
    let found = report.components.iter().find(|c| c.id == name);
    let measures = found.map(|c| c.measures.as_slice()).unwrap_or_default();
    let value = measures.iter().find(|(m, _)| *m == wanted);
    value.map_or(f64::NAN, |(_, value)| *value)
}

fn even(rate: f64, secs: u32) -> Scenario {
    let mut crowd = scenario(rate, secs, compute(0.0));
    crowd.audiences[0].arrivals = Arrivals::Even;
    crowd
}

/// Visitors who ask `n` times, `think` seconds apart in the mean.
fn journeys(mut crowd: Scenario, n: usize, think: f64) -> Scenario {
    let step = crowd.journeys[0].steps[0].clone();
    crowd.journeys[0].steps = vec![step; n];
    for step in crowd.journeys[0].steps.iter_mut().skip(1) {
        step.think_secs = think;
    }
    crowd
}

#[test]
fn a_bucket_lets_the_burst_through_and_then_the_rate() {
    for gate in ["rate_limiter", "api_gateway"] {
        let gate = format!("{gate}(rate_per_sec=50; burst=300)");
        let report = run(&behind(&gate, FAST), &even(100.0, 60), 1);
        let (good, all) = (page(&report).good, page(&report).offered);
        near(
            good as f64,
            300.0 + 50.0 * 60.0,
            0.002,
            "burst + rate × time",
        );
        assert_eq!(page(&report).failed_for(Reason::Throttled429), all - good);
        let throttled = column(&report, "g", Metric::Throttled);
        assert!(throttled[3] == 0.0 && (throttled[30] - 50.0).abs() < 2.0);
        let noted = report
            .events
            .iter()
            .filter(|e| e.code == EventCode::Throttled);
        assert_eq!(noted.count(), 1);
    }
}

#[test]
fn one_greedy_visitor_spends_only_the_own_bucket() {
    // One visitor every 2 s asks 5 times at once, each may ask 3 times.
    let crowd = journeys(even(0.5, 60), 5, 0.0);
    let each = run(
        &behind("rate_limiter(rate_per_sec=0.1; burst=3; per=visitor)", FAST),
        &crowd,
        1,
    );
    let all = run(
        &behind("rate_limiter(rate_per_sec=0.1; burst=3; per=all)", FAST),
        &crowd,
        1,
    );
    let people = each.whole.audiences[0].arrived;
    assert_eq!(page(&each).good, 3 * people);
    assert_eq!(page(&each).failed_for(Reason::Throttled429), people);
    assert!(page(&all).good <= 3 + 6);
}

#[test]
fn a_gateway_answers_504_in_time_and_502_for_the_dead() {
    let gate = "api_gateway(integration_timeout_secs=0.5)";
    let slow = "workers=0; service=constant; service_ms=2000";
    let crowd = even(10.0, 60);
    let report = run(&behind(gate, slow), &crowd, 1);
    assert!(page(&report).failed_for(Reason::GatewayTimeout504) > 590);
    let mut crowd = crowd;
    crowd.faults = vec![Fault {
        at: clock(30),
        until: None,
        action: FaultAction::Kill,
        target: FaultTarget::Component(id("s")),
    }];
    let report = run(&behind("api_gateway", FAST), &crowd, 1);
    near(
        page(&report).failed_for(Reason::BadGateway502) as f64,
        300.0,
        0.02,
        "502",
    );
    // A limiter is no proxy: what is behind it shows through.
    let report = run(&behind("rate_limiter", FAST), &crowd, 1);
    near(
        page(&report).failed_for(Reason::Refused) as f64,
        300.0,
        0.02,
        "refused",
    );
}

#[test]
fn a_room_that_admits_at_a_rate_is_an_md1_queue() {
    let gate = "waiting_room(rate_per_sec=50)";
    let report = run(
        &behind(gate, "workers=0; service_ms=0"),
        &scenario(40.0, 4_000, compute(0.0)),
        3,
    );
    // M/D/1: wait = rho / (2 (1 - rho)) × 20 ms; nobody is in service in the room.
    near(
        page(&report).latency_mean_ms,
        0.8 / 0.4 * 20.0,
        0.04,
        "mean wait",
    );
    assert_eq!(page(&report).failed_total(), 0);
}

/// A crowd of so many within ten seconds.
fn flood(people: u64, secs: u32) -> Scenario {
    let mut crowd = scenario(people as f64 / 10.0, secs, compute(0.0));
    crowd.audiences[0].rate.push(RatePoint {
        at: clock(10),
        per_sec: people as f64 / 10.0,
    });
    crowd.audiences[0].rate.push(RatePoint {
        at: clock(11),
        per_sec: 0.0,
    });
    crowd.audiences[0].limit = Some(people);
    crowd.audiences[0].timeout_secs = 30.0;
    crowd
}

#[test]
fn the_lectures_line_is_let_in_at_its_rate_without_an_error() {
    let report = run(
        &behind("waiting_room(rate_per_sec=350)", FAST),
        &flood(172_573, 600),
        1,
    );
    let waiting = column(&report, "g", Metric::Backlog);
    near(waiting[12], 172_573.0 - 13.0 * 350.0, 0.01, "in line");
    assert_eq!(
        page(&report).failed_total(),
        0,
        "patience does not run in the line"
    );
    assert_eq!(page(&report).good, 172_573, "everyone in the end");
    let admitted = column(&report, "g", Metric::Admitted);
    assert!(
        admitted[1..490]
            .iter()
            .all(|rate| (*rate - 350.0).abs() < 1.5),
        "never more, never less"
    );
    // Everyone in the line looks every 20 s: that is load on the room.
    let looks = column(&report, "g", Metric::Rate);
    let mean = |list: &[f64]| list[60..80].iter().sum::<f64>() / 20.0;
    near(mean(&looks), mean(&waiting) / 20.0, 0.05, "looks a second");
}

#[test]
fn nobody_overtakes() {
    let crowd = flood(2_000, 100);
    let report = run(&behind("waiting_room(rate_per_sec=50)", FAST), &crowd, 1);
    // First come, first served: those of the first second are through before those of the fifth.
    near(
        measure(&report, "g", Measure::WaitMax),
        30_000.0,
        0.02,
        "the last waits longest",
    );
    let p50 = page(&report).latency_p50_ms;
    near(
        p50,
        15_000.0,
        0.03,
        "and the one in the middle half of that",
    );
}

#[test]
fn a_ceiling_lets_in_as_many_as_leave() {
    let gate = "waiting_room(mode=ceiling; ceiling=100)";
    let crowd = journeys(scenario(50.0, 300, compute(0.0)), 5, 2.0);
    let report = run(&behind(gate, FAST), &crowd, 1);
    // Four thoughts of 2 s: a hundred inside make 12.5 visitors a second.
    let done = system(&report, Metric::VisitorsDone);
    let rate = done[100..300].iter().sum::<f64>() / 200.0;
    near(rate, 12.5, 0.05, "Little's law");
    let admitted = column(&report, "g", Metric::Admitted);
    near(
        admitted[100..300].iter().sum::<f64>() / 200.0,
        12.5,
        0.05,
        "admitted",
    );
}

#[test]
fn an_admission_that_runs_out_frees_the_place() {
    let gate = "waiting_room(mode=ceiling; ceiling=10; admitted_secs=20)";
    // Each thinks for an hour after the first page.
    let crowd = journeys(scenario(5.0, 200, compute(0.0)), 2, 3_600.0);
    let report = run(&behind(gate, FAST), &crowd, 1);
    near(page(&report).good as f64, 100.0, 0.12, "ten each 20 s");
}

#[test]
fn early_comers_wait_for_the_doors_and_may_be_drawn_by_lot() {
    let crowd = flood(1_000, 120);
    let room =
        |draw: &str| format!("waiting_room(rate_per_sec=20; opens=00:01:00=1; early_draw={draw})");
    let line = run(&behind(&room("no"), FAST), &crowd, 1);
    let lots = run(&behind(&room("yes"), FAST), &crowd, 1);
    let opened = |report: &Report| {
        let event = report
            .events
            .iter()
            .find(|e| e.code == EventCode::OpenedDoors);
        event.map(|e| (e.at_ns / 1_000_000_000, e.to))
    };
    assert_eq!(opened(&line), Some((60, 1_000)));
    assert_eq!(page(&line).good, page(&lots).good);
    // In order, the first in is the one who waited 60 s and the last of 50 s of admission waited 100 s;
    // by lot it does not matter who came first.
    let spread = |report: &Report| page(report).latency_p95_ms - page(report).latency_p50_ms;
    assert!(
        spread(&lots) > spread(&line) * 1.02,
        "{} {}",
        spread(&lots),
        spread(&line)
    );
}

#[test]
fn a_refresh_keeps_the_place_or_goes_to_the_end() {
    // The room cannot answer everyone's look: pages break and are loaded again.
    let mut crowd = flood(3_000, 200);
    crowd.audiences[0].refresh = Refresh {
        probability: 1.0,
        max: 1_000,
        delay_secs: 1.0,
        ..Refresh::default()
    };
    let room = |keep: &str| {
        format!(
            "waiting_room(rate_per_sec=20; poll_secs=5; poll_limit_per_sec=400; keep_position={keep})"
        )
    };
    let kept = run(&behind(&room("yes"), FAST), &crowd, 1);
    let lost = run(&behind(&room("no"), FAST), &crowd, 1);
    assert!(page(&kept).failed_for(Reason::Refused) > 1_000);
    // Who keeps the place is let in in order of arrival; else the early ones fall behind and some wait longer.
    let longest = |report: &Report| report.whole.audiences[0].done;
    assert!(longest(&kept) > 0 && longest(&lost) > 0);
    let admitted = |report: &Report| column(report, "g", Metric::Admitted).iter().sum::<f64>();
    near(admitted(&kept), 20.0 * 200.0, 0.3, "the rate is used");
    assert!(
        measure(&kept, "g", Measure::WaitMax) > measure(&lost, "g", Measure::WaitMax),
        "a wait without a break is longer where the place is kept"
    );
}

#[test]
fn a_room_that_dies_forgets_everyone() {
    let mut crowd = flood(1_000, 100);
    crowd.faults = vec![Fault {
        at: clock(20),
        until: Some(clock(30)),
        action: FaultAction::Kill,
        target: FaultTarget::Component(id("g")),
    }];
    let report = run(&behind("waiting_room(rate_per_sec=10)", FAST), &crowd, 1);
    let lost = page(&report).failed_for(Reason::ConnectionLost);
    near(lost as f64, 800.0, 0.02, "all who waited");
    assert_eq!(column(&report, "g", Metric::Backlog)[50], 0.0);
}

#[test]
fn those_who_are_in_are_not_stopped_again() {
    let gate = "waiting_room(rate_per_sec=1)";
    let crowd = journeys(even(0.5, 100), 20, 0.1);
    let report = run(&behind(gate, FAST), &crowd, 1);
    assert!(page(&report).latency_max_ms < 1_100.0);
    assert!(page(&report).good > 900);
    let cut = LinkKey::new(id("g"), id("s"));
    assert!(
        report
            .series
            .find(&Subject::Link(cut), Metric::Rate)
            .is_some()
    );
}

#[test]
fn who_passes_through_in_no_time_is_counted_too() {
    let drawing = design(
        "c client
         n dns
         g rate_limiter(rate_per_sec=10; burst=1)
         s server
         c > n
         n > g
         g > s",
    );
    let report = run(&drawing, &scenario(20.0, 100, compute(1.0)), 1);
    let offered = page(&report).offered;
    assert!(offered > 1_500);
    for name in ["n", "g"] {
        let totals = crate::reports::part(&report, name);
        assert_eq!((totals.arrived, totals.left), (offered, offered), "{name}");
        assert_eq!(totals.time_secs, 0.0, "{name}");
    }
}
