//! What targets measure where they name operations, components, series or events; on a hand-made report (`fixture`).

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; a panic is the report"
)]

mod fixture;

use archplay_course::{
    Compare, Grader, Moved, PlannedRun, Target, TargetUnit, Task, TaskRun, plan,
};
use archplay_model::connection_limit;
use archplay_model::scenario::LocalText;
use archplay_report::Reason;

use fixture::{clock, design, faulty, id, measured, measured_of, report, scenario, target};
#[test]
fn an_alarm_is_false_while_no_fault_acts() {
    let alarms = target(r#""metric":"false_alarms""#);
    assert_eq!(measured_of(&scenario(), &[], &alarms), Some(2.0));
    // The first is two seconds after a fault's end, the second 44 s after it.
    assert_eq!(measured_of(&faulty(), &[], &alarms), Some(0.0));
    let mut early = faulty();
    early.faults[0].at = clock("13:59:00");
    early.faults[0].until = Some(clock("13:59:10"));
    assert_eq!(measured_of(&early, &[], &alarms), Some(1.0));
    // A fault that comes after the alarm excuses nothing.
    early.faults.remove(0);
    assert_eq!(measured_of(&early, &[], &alarms), Some(2.0));
    let before = target(r#""metric":"false_alarms","since":"14:00""#);
    assert_eq!(measured_of(&faulty(), &[], &before), Some(1.0));
}

#[test]
fn what_is_timed_from_a_fault_goes_with_it_when_it_comes_at_another_time() {
    let detection = target(r#""metric":"detection_secs","since":"13:59:25""#);
    assert_eq!(measured_of(&faulty(), &[], &detection), Some(5.0));
    let moved = [Moved {
        from: clock("13:59:25"),
        to: clock("14:00:02"),
    }];
    assert_eq!(measured_of(&faulty(), &moved, &detection), Some(10.5));
    let other = target(r#""metric":"detection_secs","since":"13:59:20""#);
    assert_eq!(measured_of(&faulty(), &moved, &other), Some(10.0));
}

#[test]
fn a_run_may_have_its_faults_at_other_times_by_its_seed() {
    let run =
        |id_: &str, more: &str| format!(r#"{{"id":"{id_}","name":{{"ko":"k","en":"e"}}{more}}}"#);
    let text = format!(
        r#"{{"id":"t","title":{{"ko":"k","en":"e"}},"runs":[{},{}],"targets":[]}}"#,
        run("as-told", ""),
        run(
            "later",
            r#","seed_offset":7,"later_secs":{"from":10,"to":20},"faults":[{"at":"14:00","action":"kill","target":"one_server"}]"#
        ),
    );
    let task: Task = serde_json::from_str(&text).unwrap();
    let runs = plan(&task, &faulty(), 1);
    assert_eq!(runs[0].scenario.faults, faulty().faults);
    assert!(runs[0].moved.is_empty());
    // The run's own fault comes when it says, the scenario's come later and are told of.
    let at: Vec<u32> = runs[1]
        .scenario
        .faults
        .iter()
        .map(|f| f.at.secs())
        .collect();
    assert_eq!(at.len(), 3);
    assert_eq!(at[1], clock("14:00").secs());
    let moved: Vec<u32> = runs[1].moved.iter().map(|m| m.to.secs()).collect();
    assert_eq!(moved, [at[0], at[2]]);
    for (moved, given) in runs[1].moved.iter().zip(faulty().faults) {
        let by = moved.to.secs() - given.at.secs();
        assert!((10..=20).contains(&by), "{by}");
    }
    assert_eq!(plan(&task, &faulty(), 1)[1], runs[1]);
    let seeds = (0..20).map(|seed| plan(&task, &faulty(), seed)[1].moved[0].to.secs());
    assert!(seeds.collect::<std::collections::BTreeSet<_>>().len() > 5);
}

#[test]
fn each_metric_counts_what_it_says() {
    let limit = connection_limit(&design().components[&id("db-1")]) as f64;
    let cases: &[(&str, Option<f64>)] = &[
        // Shares of requests: queues count only where they are named.
        (r#""metric":"success_share""#, Some(0.9)),
        (
            r#""metric":"success_share","of":{"operations":["tail"]}"#,
            Some(0.9),
        ),
        (
            r#""metric":"error_share","of":{"operations":["hot"]}"#,
            Some(0.1),
        ),
        (
            r#""metric":"error_share","of":{"operations":["mail"]}"#,
            Some(0.5),
        ),
        (r#""metric":"timeout_share""#, Some(0.06)),
        (
            r#""metric":"failed_share","of":{"reasons":["wrong_identity"]}"#,
            Some(0.01),
        ),
        (
            r#""metric":"failed_share","of":{"reasons":["stale_read","wrong_identity"],"operations":["tail"]}"#,
            Some(0.1),
        ),
        (
            r#""metric":"failed_count","of":{"reasons":["stale_read"]}"#,
            Some(3.0),
        ),
        (r#""metric":"failed_count""#, Some(10.0)),
        (
            r#""metric":"failed_count","of":{"reasons":["lost_write"]}"#,
            Some(0.0),
        ),
        // The window's rows 8 and 9: 8 and 1, 0 and 1 of 100 each.
        (
            r#""metric":"error_share","window":{"from":"14:00:20","to":"14:00:40"}"#,
            Some(0.05),
        ),
        (
            r#""metric":"timeout_share","window":{"from":"14:00:20","to":"14:00:40"}"#,
            Some(0.04),
        ),
        (
            r#""metric":"failed_share","of":{"reasons":["stale_read"]},"window":{"from":"14:00:20","to":"14:00:40"}"#,
            Some(0.01),
        ),
        // Visitors of an audience.
        (r#""metric":"visitors_done_share""#, Some(0.7)),
        (
            r#""metric":"visitors_done_share","of":{"audiences":["seoul"]}"#,
            Some(0.5),
        ),
        (
            r#""metric":"visitors_done_share","of":{"audiences":["mars"]}"#,
            None,
        ),
        // Latencies.
        (r#""metric":"latency_p95_ms""#, Some(250.0)),
        (
            r#""metric":"latency_p95_ms","of":{"operations":["hot"]}"#,
            Some(100.0),
        ),
        (
            r#""metric":"latency_mean_ms","of":{"operations":["hot"]}"#,
            Some(25.0),
        ),
        (
            r#""metric":"latency_p50_ms","of":{"operations":["hot"]}"#,
            Some(50.0),
        ),
        (
            r#""metric":"latency_p99_ms","of":{"operations":["hot"]}"#,
            Some(200.0),
        ),
        (
            r#""metric":"latency_max_ms","of":{"operations":["hot"]}"#,
            Some(300.0),
        ),
        (
            r#""metric":"latency_p95_ms","of":{"operations":["tail"]},"than":{"operations":["hot"]}"#,
            Some(2.5),
        ),
        // Cost and lines.
        (r#""metric":"cost_per_hour""#, Some(250.0)),
        (r#""metric":"wait_max_secs""#, Some(30.5)),
        // 110 of db-1; db-2 refused a connection.
        (
            r#""metric":"connections_share","of":{"components":["db-1"]}"#,
            Some(110.0 / limit),
        ),
        (r#""metric":"connections_share""#, Some(1.0)),
        // Measures: counted ones are 0 where nothing happened, others do not exist.
        (
            r#""metric":"measure","of":{"measure":"lost_writes","across":"sum"}"#,
            Some(3.0),
        ),
        (
            r#""metric":"measure","of":{"kind":"cache","measure":"lost_writes"}"#,
            Some(0.0),
        ),
        (
            r#""metric":"measure","of":{"kind":"database","measure":"lag_p95"}"#,
            Some(40.0),
        ),
        (
            r#""metric":"measure","of":{"kind":"database","measure":"lag_p95","across":"min"}"#,
            Some(10.0),
        ),
        (
            r#""metric":"measure","of":{"kind":"database","measure":"lag_p95","across":"imbalance"}"#,
            Some(1.6),
        ),
        (
            r#""metric":"measure","of":{"kind":"cdn","measure":"hit_ratio"}"#,
            None,
        ),
        (
            r#""metric":"measure","of":{"kind":"cdn","measure":"hit_ratio"},"absent":1"#,
            Some(1.0),
        ),
        (
            r#""metric":"measure","of":{"components":["cache"],"measure":"hit_ratio"}"#,
            Some(0.9),
        ),
        // Those of the news feed are the whole system's; what was not there to measure is not 0.
        (
            r#""metric":"measure","of":{"measure":"friends_delivery_p95"}"#,
            Some(700.0),
        ),
        (
            r#""metric":"measure","of":{"kind":"cache","measure":"friends_delivery_p95"}"#,
            None,
        ),
        (
            r#""metric":"measure","of":{"measure":"delivery_p95"}"#,
            None,
        ),
        // Series.
        (
            r#""metric":"series","of":{"kind":"database","series":"utilisation"}"#,
            Some(0.9),
        ),
        (
            r#""metric":"series","of":{"kind":"database","series":"utilisation","stat":"p50"}"#,
            Some(0.3),
        ),
        (
            r#""metric":"series","of":{"kind":"database","series":"connections"}"#,
            Some(140.0),
        ),
        (
            r#""metric":"series","of":{"kind":"database","series":"connections","across":"sum"}"#,
            Some(200.0),
        ),
        (
            r#""metric":"series","of":{"kind":"database","series":"connections","across":"mean","stat":"min"}"#,
            Some(100.0),
        ),
        (
            r#""metric":"series","of":{"components":["db-1"],"series":"connections","stat":"last"}"#,
            Some(110.0),
        ),
        (
            r#""metric":"series","of":{"components":["db-1"],"series":"connections","stat":"mean"},"window":{"from":"13:59","to":"13:59:20"}"#,
            Some(5.0),
        ),
        (
            r#""metric":"series","of":{"series":"orders","stat":"total"}"#,
            Some(60.0),
        ),
        (r#""metric":"series","of":{"series":"failed"}"#, Some(9.0)),
        (
            r#""metric":"series","of":{"series":"failed","reasons":["timeout"],"stat":"total"}"#,
            Some(160.0),
        ),
        (
            r#""metric":"series","of":{"operations":["tail"],"series":"latency_p95","stat":"mean"}"#,
            Some(900.0),
        ),
        (
            r#""metric":"series","of":{"kind":"cache","series":"hit_ratio"}"#,
            None,
        ),
        // Outages: 14:00:20 to :30 and :40 to :50.
        (r#""metric":"recovery_secs""#, Some(50.0)),
        (r#""metric":"bad_secs""#, Some(20.0)),
        (r#""metric":"bad_secs","since":"14:00:30""#, Some(10.0)),
        // Alarms: a false one at 13:59:30, the true one at 14:00:12.5, the first failures at 14:00.
        (r#""metric":"detection_secs""#, Some(12.5)),
        (r#""metric":"detection_secs","since":"14:00:10""#, Some(2.5)),
        (
            r#""metric":"detection_secs","of":{"components":["shop-watch"]}"#,
            None,
        ),
        (r#""metric":"detection_secs","since":"14:01""#, None),
        (r#""metric":"person_secs","since":"14:00""#, Some(15.0)),
        (r#""metric":"false_alarms","since":"14:00""#, Some(1.0)),
        (r#""metric":"false_alarms""#, Some(2.0)),
        (
            r#""metric":"false_alarms","of":{"components":["watch"]},"since":"14:00""#,
            Some(0.0),
        ),
        (r#""metric":"alarm_lead_secs""#, Some(-12.5)),
        (
            r#""metric":"alarm_lead_secs","of":{"events":["connection_limit"]}"#,
            Some(17.5),
        ),
        (
            r#""metric":"alarm_lead_secs","of":{"events":["disk_full"]}"#,
            Some(107.5),
        ),
        (
            r#""metric":"event_count","of":{"events":["promoted","connection_limit"]}"#,
            Some(2.0),
        ),
        (
            r#""metric":"event_count","of":{"events":["alarm_raised"],"kind":"monitor"},"window":{"from":"14:00","to":"14:01"}"#,
            Some(1.0),
        ),
        (
            r#""metric":"event_secs","of":{"events":["promoted"]},"since":"14:00:10""#,
            Some(30.0),
        ),
    ];
    for (fields, expected) in cases {
        let found = measured(&target(fields));
        let near = match (found, *expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        assert!(near, "{fields}: {found:?}, expected {expected:?}");
    }
}

#[test]
fn the_worst_of_at_least_is_the_least() {
    let mut wanted = target(r#""metric":"series","of":{"kind":"database","series":"connections"}"#);
    wanted.compare = Compare::AtLeast;
    assert_eq!(measured(&wanted), Some(60.0), "row 6 of db-1");
}

#[test]
fn units_follow_what_is_measured() {
    let unit = |fields: &str| target(fields).unit();
    assert_eq!(
        unit(r#""metric":"series","of":{"series":"orders"}"#),
        TargetUnit::PerMinute
    );
    assert_eq!(
        unit(r#""metric":"series","of":{"series":"orders","stat":"total"}"#),
        TargetUnit::Count
    );
    assert_eq!(
        unit(r#""metric":"measure","of":{"measure":"lag_p95"}"#),
        TargetUnit::Milliseconds
    );
    assert_eq!(
        unit(r#""metric":"cost","than_run":"first""#),
        TargetUnit::Times
    );
    assert_eq!(unit(r#""metric":"failed_count""#), TargetUnit::Count);
}

#[test]
fn a_missed_target_has_its_moment() {
    let moment = |fields: &str, value: f64| {
        let target = Target {
            value,
            ..target(fields)
        };
        let text = LocalText::default();
        let task = Task {
            id: id("task"),
            title: text.clone(),
            runs: vec![run("first", 1.0)],
            targets: vec![target],
        };
        let mut grader = Grader::new(&task, &design());
        grader.add(&plan(&task, &scenario(), 1)[0], &report());
        let verdict = grader.finish();
        let result = verdict.results[0].clone();
        assert!(!result.passed, "{fields}");
        result.why.map(|why| {
            let component = why.component;
            (
                why.at_ns / 1_000_000_000,
                component.unwrap_or_default(),
                why.reason,
            )
        })
    };
    let db = |n: u8| format!("db-{n}");
    // The earliest failure of all, and of a reason.
    assert_eq!(
        moment(r#""metric":"error_share""#, 0.0),
        Some((5, db(2), Some(Reason::StaleRead)))
    );
    assert_eq!(
        moment(r#""metric":"timeout_share""#, 0.0),
        Some((80, db(1), Some(Reason::Timeout)))
    );
    // A latency: the first bucket above the limit.
    let tail = r#""metric":"latency_p95_ms","of":{"operations":["tail"]}"#;
    assert_eq!(moment(tail, 200.0), Some((90, String::new(), None)));
    // A series: whose it is.
    let cpu = r#""metric":"series","of":{"kind":"database","series":"utilisation"}"#;
    assert_eq!(moment(cpu, 0.5), Some((70, db(1), None)));
    // An alarm too many; one that did not come has the moment from which it was waited for.
    assert_eq!(
        moment(r#""metric":"false_alarms""#, 1.0),
        Some((72, "watch".into(), None))
    );
    let never = r#""metric":"detection_secs","since":"14:01""#;
    assert_eq!(moment(never, 60.0), Some((120, String::new(), None)));
    // The outage that did not end in time, and what money went into.
    assert_eq!(
        moment(r#""metric":"recovery_secs""#, 30.0).map(|(at, ..)| at),
        Some(100)
    );
    assert_eq!(
        moment(r#""metric":"cost""#, 1.0),
        Some((170, String::new(), None))
    );
}

fn run(name: &str, data: f64) -> TaskRun {
    TaskRun {
        instead: false,
        later_secs: None,
        id: id(name),
        name: LocalText::default(),
        load: 1.0,
        data,
        seed_offset: 0,
        faults: Vec::new(),
    }
}

#[test]
fn runs_can_have_more_data_and_targets_compare_runs() {
    let task = Task {
        id: id("task"),
        title: LocalText::default(),
        runs: vec![run("small", 1.0), run("big", 10.0)],
        targets: vec![
            Target {
                runs: vec![id("big")],
                value: 1.5,
                ..target(r#""metric":"latency_p95_ms","than_run":"small""#)
            },
            Target {
                id: id("cost"),
                weight: 3.0,
                ..target(r#""metric":"cost""#)
            },
        ],
    };
    let runs: Vec<PlannedRun> = plan(&task, &scenario(), 1);
    let rows = |run: &PlannedRun| run.scenario.datasets[0].rows;
    assert_eq!(rows(&runs[1]), 10 * rows(&runs[0]));
    let mut slower = report();
    slower.focus.operations[1].latency_p95_ms = 500.0;
    let mut grader = Grader::new(&task, &design());
    grader.add(&runs[0], &report());
    grader.add(&runs[1], &slower);
    let verdict = grader.finish();
    let growth = verdict.results.iter().find(|r| r.target == "t").unwrap();
    assert_eq!((growth.run.as_str(), growth.measured), ("big", Some(2.0)));
    assert_eq!(verdict.score, 0.0);
    assert_eq!(verdict.reached(), Vec::<&str>::new());
}

#[test]
fn the_score_is_the_weight_of_what_was_reached() {
    let with = |name: &str, value: f64, weight: f64| Target {
        id: id(name),
        value,
        weight,
        ..target(r#""metric":"cost""#)
    };
    let task = Task {
        id: id("task"),
        title: LocalText::default(),
        runs: vec![run("first", 1.0), run("second", 1.0)],
        targets: vec![with("cheap", 13.0, 3.0), with("cheaper", 1.0, 1.0)],
    };
    let runs = plan(&task, &scenario(), 1);
    let mut grader = Grader::new(&task, &design());
    grader.add(&runs[0], &report());
    // A target counts only when all its runs were made.
    assert_eq!(grader.clone().finish().score, 0.0);
    grader.add(&runs[1], &report());
    let verdict = grader.finish();
    assert_eq!((verdict.score, verdict.passed), (0.75, false));
    assert_eq!(verdict.reached(), ["cheap"]);
}
