//! Targets and verdicts on hand-made reports: what each metric counts, and what it must not.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

use archplay_course::{
    Compare, Grader, Parts, PlannedRun, Sight, Target, TargetMetric, Task, grade, plan,
};
use archplay_model::format::read_scenario;
use archplay_model::presets::Preset;
use archplay_model::scenario::{Fault, FaultAction, FaultTarget, LocalText, Window};
use archplay_model::{ClockTime, Design, Id, Scenario};
use archplay_report::{
    AudienceTotals, Cause, Cost, Metric, OperationTotals, Reason, Report, SeriesKey, SeriesTable,
    Subject, Totals,
};

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn clock(text: &str) -> ClockTime {
    text.parse().unwrap()
}

fn scenario() -> Scenario {
    let scenario = read_scenario(Preset::FlashCrowd.json()).unwrap();
    let focus = Some(Window {
        from: clock("14:00"),
        to: clock("14:01"),
    });
    Scenario {
        start: clock("13:59"),
        duration_secs: 180,
        focus,
        ..scenario
    }
}

fn operation(name: &str, admin: bool, offered: u64, failed: &[(Reason, u64)]) -> OperationTotals {
    let lost: u64 = failed.iter().map(|(_, n)| n).sum();
    OperationTotals {
        operation: name.into(),
        admin,
        offered,
        good: offered - lost,
        failed: failed.to_vec(),
        latency_p95_ms: if admin {
            4_000.0
        } else {
            10.0 * offered as f64
        },
        latency_p99_ms: f64::NAN,
        latency_max_ms: 2_500.0,
        ..OperationTotals::default()
    }
}

/// Three minutes in buckets of 10 s; the busy one of two servers has a step at 14:00.
fn report() -> Report {
    let component = |name: &str, metric| SeriesKey::new(Subject::Component(id(name)), metric);
    let keys = vec![
        SeriesKey::new(Subject::System, Metric::Offered),
        SeriesKey::new(Subject::System, Metric::Failed(Reason::Timeout)),
        SeriesKey::new(Subject::System, Metric::Failed(Reason::Refused)),
        component("server-1", Metric::Workers),
        component("server-1", Metric::Utilisation),
        component("server-2", Metric::Workers),
        component("server-2", Metric::Utilisation),
        component("database-1", Metric::Utilisation),
    ];
    let mut values = Vec::new();
    for row in 0..18 {
        let failing = row == 7 || row == 9;
        let focus = (6..12).contains(&row);
        values.extend([
            100.0,
            if failing { 2.0 } else { 0.0 },
            if row == 9 { 1.5 } else { 0.0 },
        ]);
        values.extend([
            0.1,
            if focus { 0.6 } else { 1.0 },
            0.1,
            if focus { 0.7 } else { 0.0 },
            1.0,
        ]);
    }
    let audience = |admin, arrived, done| AudienceTotals {
        audience: "a".into(),
        admin,
        arrived,
        done,
        ..AudienceTotals::default()
    };
    let focus = Totals {
        operations: vec![
            operation(
                "page",
                false,
                60,
                &[(Reason::Timeout, 6), (Reason::Refused, 3)],
            ),
            operation("order", false, 30, &[]),
            operation("login", true, 4, &[(Reason::Timeout, 1)]),
        ],
        audiences: vec![
            audience(false, 40, 10),
            audience(false, 60, 50),
            audience(true, 9, 9),
        ],
    };
    let cause = |component: &str, reason, first_ns| Cause {
        component: id(component),
        reason,
        first_ns,
        count: 5,
    };
    Report {
        ran_ns: 180_000_000_000,
        whole: focus.clone(),
        focus,
        cost: Cost {
            total: 12.5,
            ..Cost::default()
        },
        causes: vec![
            cause("database-1", Reason::DbConnectionLimit, 9_000),
            cause("server-1", Reason::Refused, 7_000),
        ],
        series: SeriesTable {
            start_secs: clock("13:59").secs(),
            bucket_secs: 10,
            keys,
            values,
        },
        ..Report::empty(id("s"))
    }
}

fn measured(metric: TargetMetric, since: Option<&str>) -> Option<f64> {
    let target = Target {
        since: since.map(clock),
        ..Target::new(id("t"), metric, Compare::AtMost, 1.0)
    };
    measured_in(&report(), &target)
}

fn measured_in(report: &Report, target: &Target) -> Option<f64> {
    target.measure(Sight {
        report,
        scenario: &scenario(),
        moved: &[],
        parts: &Parts::default(),
    })
}

#[test]
fn metrics_count_what_they_say() {
    use TargetMetric::*;
    let check = |metric, expected: Option<f64>| {
        let found = measured(metric, None);
        let near = match (found, expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-12,
            (a, b) => a == b,
        };
        assert!(near, "{metric:?}: {found:?}, expected {expected:?}");
    };
    // All visitors of both audiences, the administrators not.
    check(VisitorsDoneShare, Some(60.0 / 100.0));
    check(TimeoutShare, Some(6.0 / 90.0));
    check(ErrorShare, Some(9.0 / 90.0));
    // The slowest operation of the visitors; the login is slower but not theirs.
    check(LatencyP95Ms, Some(600.0));
    // Only the focus window, only servers, the busier one.
    check(CpuP95, Some(0.7));
    check(LoginMaxSecs, Some(2.5));
    check(LoginFailedShare, Some(0.25));
    // A latency without answers does not exist.
    check(LoginP99Ms, None);
    check(Cost, Some(12.5));
}

#[test]
fn recovery_ends_with_the_last_bad_stretch() {
    let metric = TargetMetric::RecoverySecs;
    // 2 of 100 are not more than 2 %; 3.5 of 100 at 14:00:30 are, until 14:00:40.
    assert_eq!(measured(metric, None), Some(40.0));
    assert_eq!(measured(metric, Some("14:00:40")), Some(0.0));
    let mut failing = report();
    let last = failing.series.values.len() - failing.series.keys.len();
    failing.series.values[last + 1] = 50.0;
    assert_eq!(
        measured_in(
            &failing,
            &Target::new(id("t"), metric, Compare::AtMost, 1.0)
        ),
        None,
        "it fails to the end"
    );
}

#[test]
fn slugs_find_their_metric() {
    for metric in TargetMetric::ALL {
        assert_eq!(TargetMetric::from_slug(metric.slug()), Some(metric));
        let json = serde_json::to_string(&metric).unwrap();
        assert_eq!(json.trim_matches('"'), metric.slug());
    }
}

fn task() -> Task {
    let text = || LocalText {
        ko: "글".into(),
        en: "text".into(),
    };
    let run = |name: &str, load, seed_offset, faults| archplay_course::TaskRun {
        instead: false,
        later_secs: None,
        id: id(name),
        name: text(),
        load,
        data: 1.0,
        seed_offset,
        faults,
    };
    let target = |name: &str, metric, compare, value, runs: &[&str]| Target {
        runs: runs.iter().map(|r| id(r)).collect(),
        ..Target::new(id(name), metric, compare, value)
    };
    let kill = Fault {
        at: clock("14:00"),
        until: None,
        action: FaultAction::Kill,
        target: FaultTarget::OneServer,
    };
    Task {
        id: id("task"),
        title: text(),
        runs: vec![
            run("first", 1.0, 0, vec![]),
            run("second", 1.5, 10, vec![kill]),
        ],
        targets: vec![
            target("cost", TargetMetric::Cost, Compare::AtMost, 12.5, &[]),
            target(
                "done",
                TargetMetric::VisitorsDoneShare,
                Compare::AtLeast,
                0.6,
                &["first"],
            ),
            target(
                "errors",
                TargetMetric::ErrorShare,
                Compare::AtMost,
                0.05,
                &["second"],
            ),
        ],
    }
}

#[test]
fn plans_runs_with_load_seed_and_faults() {
    let runs = plan(&task(), &scenario(), u64::MAX);
    let rate = |run: &PlannedRun| run.scenario.audiences[0].rate[0].per_sec;
    assert_eq!(runs[0].scenario, scenario());
    assert_eq!((runs[0].seed, runs[1].seed), (u64::MAX, 9), "seeds wrap");
    assert_eq!(rate(&runs[1]), 1.5 * rate(&runs[0]));
    assert_eq!(runs[1].scenario.faults.len(), scenario().faults.len() + 1);
}

#[test]
fn verdicts_name_each_target_and_the_first_cause() {
    let task = task();
    let runs = plan(&task, &scenario(), 1);
    let reports: Vec<_> = runs.iter().cloned().map(|run| (run, report())).collect();
    let verdict = grade(&task, &Design::default(), &reports);
    let results: Vec<_> = verdict
        .results
        .iter()
        .map(|r| (r.run.as_str(), r.target.as_str(), r.passed))
        .collect();
    // A limit that is just met is met.
    assert_eq!(
        results,
        [
            ("first", "cost", true),
            ("first", "done", true),
            ("second", "cost", true),
            ("second", "errors", false)
        ]
    );
    assert!(!verdict.passed);
    let (run, component, reason, first_ns, count) = verdict.first_cause.unwrap();
    assert_eq!(
        (run.as_str(), component, reason),
        ("second", id("server-1"), Reason::Refused)
    );
    assert_eq!(
        (first_ns, count),
        (7_000, 5),
        "the earliest cause, not the first in the list"
    );
    assert_eq!(verdict.fingerprints.len(), 2);
}

#[test]
fn a_run_that_was_not_made_is_no_pass() {
    let task = task();
    let runs = plan(&task, &scenario(), 1);
    let mut grader = Grader::new(&task, &Design::default());
    grader.add(&runs[0], &report());
    let verdict = grader.finish();
    assert!(verdict.results.iter().all(|r| r.passed));
    assert!(!verdict.passed);
}
