//! The aggregated mode against the event engine, on the same documents at a scale where both can run.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Mode, RatePoint, Window};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{Measure, Reason, Report};

use crate::support::{self, compute, design, near, page, run, scenario};

const DAY: u32 = 86_400;

/// So many visitors a second at this second of the scenario's day.
fn at(secs: u32, per_sec: f64) -> RatePoint {
    RatePoint {
        at: ClockTime::from_secs(secs),
        per_sec,
    }
}

/// A day between `low` and `high` visitors a second: lowest at 4, highest at 21 o'clock.
fn day(low: f64, high: f64) -> Scenario {
    let mut scenario = scenario(1.0, DAY, compute(20.0));
    let point = |quarter: u32| {
        let hours = f64::from(quarter) / 4.0;
        // A triangle is a daily curve without platform mathematics.
        let from_low = (hours - 4.0).rem_euclid(24.0);
        let share = if from_low < 17.0 {
            from_low / 17.0
        } else {
            (24.0 - from_low) / 7.0
        };
        at(quarter * 900, low + (high - low) * share)
    };
    scenario.audiences[0].rate = (0..=96).map(point).collect();
    scenario.audiences[0].timeout_secs = 10.0;
    scenario
}

fn aggregated(mut scenario: Scenario) -> Scenario {
    scenario.mode = Mode::Aggregate;
    scenario
}

fn compare(drawing: &Design, scenario: &Scenario, station: Option<&str>) -> (Report, Report) {
    let events = run(drawing, scenario, 1);
    let aggregate = run(drawing, &aggregated(scenario.clone()), 1);
    let (e, a) = (page(&events), page(&aggregate));
    near(a.offered as f64, e.offered as f64, 0.01, "offered");
    near(a.good as f64, e.good as f64, 0.01, "good");
    near(a.latency_mean_ms, e.latency_mean_ms, 0.05, "mean");
    near(a.latency_p50_ms, e.latency_p50_ms, 0.05, "p50");
    near(a.latency_p95_ms, e.latency_p95_ms, 0.05, "p95");
    near(a.latency_p99_ms, e.latency_p99_ms, 0.05, "p99");
    if let Some(station) = station {
        let of = |report: &Report| {
            let part = report
                .components
                .iter()
                .find(|c| c.id.as_str() == station)
                .unwrap()
                .clone();
            part.utilisation
        };
        near(of(&aggregate), of(&events), 0.01, "utilisation");
        // What stands for many counts as many, and what was left out of the time is in the means.
        for (measure, tolerance) in [
            (Measure::Visits, 0.01),
            (Measure::Served, 0.01),
            (Measure::Throughput, 0.01),
            (Measure::Utilisation, 0.01),
            (Measure::InsideMean, 0.05),
            (Measure::SojournMean, 0.05),
            (Measure::SojournP95, 0.05),
            (Measure::WaitShare, 0.1),
            (Measure::WaitMean, 0.15),
            (Measure::QueueMean, 0.15),
        ] {
            let of = |report: &Report| {
                let mut parts = report.components.iter();
                let part = parts.find(|part| part.id.as_str() == station);
                part.and_then(|part| part.measure(measure)).unwrap()
            };
            near(of(&aggregate), of(&events), tolerance, measure.slug());
        }
    }
    // What stands at a component is what went through it, left out or not.
    for part in &events.components {
        let other = aggregate.components.iter().find(|c| c.id == part.id);
        let other = other.unwrap();
        let what = part.id.as_str();
        near(other.arrived as f64, part.arrived as f64, 0.01, what);
        near(other.time_secs, part.time_secs, 0.05, what);
        near(other.mean_inside, part.mean_inside, 0.05, what);
        near(other.instance_hours, part.instance_hours, 0.001, what);
        let area = other.mean_inside * aggregate.ran_ns as f64 / 1e9;
        near(area, other.time_secs, 1e-9, "Little's law");
    }
    near(aggregate.cost.total, events.cost.total, 0.01, "cost");
    (events, aggregate)
}

/// The mean of a column over an hour.
fn hour(report: &Report, id: &str, metric: archplay_report::Metric, hour: u32) -> f64 {
    let table = &report.series;
    let subject = archplay_report::Subject::Component(support::id(id));
    let column = table.find(&subject, metric).unwrap();
    archplay_report::column_mean(table, column, hour * 3_600, (hour + 1) * 3_600).unwrap()
}

#[test]
fn a_quiet_day_of_a_textbook_queue() {
    let drawing = design(
        "c client(access_rtt_ms=20)
         s station(workers=4; service_ms=50)
         c > s",
    );
    let load = day(6.0, 58.0);
    let (events, aggregate) = compare(&drawing, &load, Some("s"));
    let report = aggregate.aggregation.as_ref().unwrap();
    assert!(report.sampled * 10 > report.stretches * 8, "{report:?}");
    let mut sums = (0.0, 0.0);
    for h in 0..24 {
        let of = |report| hour(report, "s", archplay_report::Metric::Utilisation, h);
        sums = (sums.0 + of(&events), sums.1 + of(&aggregate));
        // An hour of the sample is six minutes: two to three times the noise of the whole.
        near(
            of(&aggregate),
            of(&events),
            0.06,
            &format!("utilisation at {h}"),
        );
    }
    near(sums.1, sums.0, 0.01, "utilisation of the day");
}

#[test]
fn a_day_of_servers_and_a_database() {
    let drawing = design(
        "c client
         b load_balancer
         s1 server(workers=50; db_pool=20)
         s2 server(workers=50; db_pool=20)
         d database
         c > b
         b > s1
         b > s2
         s1 > d
         s2 > d",
    );
    let mut load = day(5.0, 60.0);
    load.operations[0].demand =
        archplay_model::scenario::Demand::Seq(vec![compute(20.0), support::read("product")]);
    let (events, aggregate) = compare(&drawing, &load, None);
    let of = |report: &Report| {
        (0..24)
            .map(|h| hour(report, "s1", archplay_report::Metric::Utilisation, h))
            .sum::<f64>()
    };
    near(of(&aggregate), of(&events), 0.01, "utilisation of the day");
}

/// A request stands for as many when it ends as when it began, whatever stretches lie between: nobody is lost or
/// won where a stretch that is cut short follows one that is simulated whole.
#[test]
fn requests_that_live_in_two_stretches() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s station(workers=400; service_ms=2000)
         c > s",
    );
    let mut load = scenario(40.0, 3_600, compute(1.0));
    load.audiences[0].rate = vec![at(0, 40.0), at(3_000, 40.0), at(3_001, 0.0), at(3_600, 0.0)];
    load.audiences[0].timeout_secs = 600.0;
    load.focus = Some(Window {
        from: ClockTime::from_secs(600),
        to: ClockTime::from_secs(2_400),
    });
    for seed in 1..=5 {
        let report = run(&drawing, &aggregated(load.clone()), seed);
        assert!(report.aggregation.as_ref().unwrap().sampled > 20);
        let all = page(&report);
        // All have left: each of them stood for somebody.
        assert_eq!((all.good, all.inside), (all.offered, 0));
        let people = &report.whole.audiences[0];
        assert_eq!((people.done, people.inside), (people.arrived, 0));
        let focus = &report.focus.operations[0];
        assert_eq!((focus.good, focus.inside), (focus.offered, 0));
        let told = |measure| report.components[0].measure(measure).unwrap();
        assert_eq!(told(Measure::Visits) as u64, focus.offered);
        assert_eq!(told(Measure::Served) as u64, focus.good);
        // By Little's law, in the window.
        near(told(Measure::Throughput), 40.0, 0.05, "throughput");
        near(told(Measure::InsideMean), 80.0, 0.07, "inside");
        near(told(Measure::Utilisation), 0.2, 0.07, "utilisation");
    }
}

/// The load leaves the quiet day within a minute: every event is simulated from then on, and the collapse
/// begins when it begins.
#[test]
fn the_onset_of_a_collapse() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s station(workers=4; service_ms=50)
         c > s",
    );
    let mut load = scenario(40.0, 7_200, compute(1.0));
    load.audiences[0].rate = vec![
        at(0, 40.0),
        at(3_600, 40.0),
        at(3_630, 400.0),
        at(3_900, 400.0),
        at(3_930, 40.0),
    ];
    load.audiences[0].timeout_secs = 2.0;
    let onset = |report: &Report| {
        let first = report
            .causes
            .iter()
            .find(|cause| cause.reason == Reason::Timeout)
            .unwrap();
        first.first_ns as f64 / 1e9
    };
    for seed in 1..=5 {
        let events = run(&drawing, &load, seed);
        let aggregate = run(&drawing, &aggregated(load.clone()), seed);
        assert!(aggregate.aggregation.as_ref().unwrap().sampled > 20);
        let (e, a) = (onset(&events), onset(&aggregate));
        assert!((e - a).abs() <= 2.0, "{e} {a}");
        near(
            page(&aggregate).failed_total() as f64,
            page(&events).failed_total() as f64,
            0.05,
            "failures",
        );
    }
}

#[test]
fn a_drawing_that_reacts_is_simulated_whole() {
    let drawing = design(
        "c client
         b load_balancer
         g auto_scaling_group(policy=target_tracking; max=4)
         s server in g
         c > b
         b > s",
    );
    let mut load = scenario(20.0, 600, compute(10.0));
    load.mode = Mode::Aggregate;
    let report = run(&drawing, &load, 1);
    let aggregation = report.aggregation.unwrap();
    assert_eq!(
        (
            aggregation.sampled,
            aggregation.reacting.map(|id| id.to_string())
        ),
        (0, Some("g".into()))
    );
}

/// Ten million visitors a day: the plant's own time is what costs.
#[test]
fn ten_million_visitors_are_a_few_minutes_of_events() {
    let drawing = design(
        "c client(access_rtt_ms=20)
         s station(workers=40; service_ms=50)
         c > s",
    );
    let load = aggregated(day(50.0, 350.0));
    let mut whole_day = Run::compile(&drawing, &load, 1).unwrap();
    let everything = Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    };
    let events = whole_day.advance(everything).events as f64;
    let report = whole_day.report();
    let visitors = report.whole.audiences[0].arrived as f64;
    assert!(visitors > 1.5e7, "{visitors}");
    // A visitor is at least four of them: comes, is served, and the two ways in between.
    assert!(events < visitors, "{events} of {visitors}");
}
