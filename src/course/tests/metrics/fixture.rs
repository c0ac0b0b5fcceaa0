//! What is measured in these tests: a small scenario, a drawing, and a report made by hand.

use archplay_course::{Moved, Parts, Sight, Target};
use archplay_model::format::read_scenario;
use archplay_model::presets::Preset;
use archplay_model::scenario::{Fault, FaultAction, FaultTarget, Window};
use archplay_model::{ClockTime, Component, Design, Id, Kind, Scenario};
use archplay_report::{
    AudienceTotals, Cause, ComponentTotals, Cost, Event, EventCode, FeedTotals, Measure, Metric,
    OperationTotals, Reason, Report, SeriesKey, SeriesTable, Subject, Totals,
};

pub fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub fn clock(text: &str) -> ClockTime {
    text.parse().unwrap()
}

pub fn scenario() -> Scenario {
    Scenario {
        start: clock("13:59"),
        duration_secs: 180,
        focus: Some(Window {
            from: clock("14:00"),
            to: clock("14:01"),
        }),
        ..read_scenario(Preset::FlashCrowd.json()).unwrap()
    }
}

pub fn design() -> Design {
    let kinds = [
        ("db-1", Kind::Database),
        ("db-2", Kind::Database),
        ("room", Kind::WaitingRoom),
        ("cache", Kind::Cache),
        ("watch", Kind::Monitor),
        ("shop-watch", Kind::Monitor),
    ];
    let mut design = Design::default();
    for (name, kind) in kinds {
        design
            .components
            .insert(id(name), Component::new(id(name), kind, 0.0, 0.0));
    }
    design
}

fn operation(name: &str, offered: u64, failed: &[(Reason, u64)], p95: f64) -> OperationTotals {
    OperationTotals {
        operation: name.into(),
        offered,
        good: offered - failed.iter().map(|(_, n)| n).sum::<u64>(),
        failed: failed.to_vec(),
        latency_mean_ms: p95 / 4.0,
        latency_p50_ms: p95 / 2.0,
        latency_p95_ms: p95,
        latency_p99_ms: p95 * 2.0,
        latency_max_ms: p95 * 3.0,
        ..OperationTotals::default()
    }
}

fn part(name: &str, measures: &[(Measure, f64)]) -> ComponentTotals {
    ComponentTotals {
        id: id(name),
        utilisation: 0.5,
        max_instances: 1,
        instance_hours: 1.0,
        mean_inside: 0.0,
        arrived: 0,
        left: 0,
        time_secs: 0.0,
        measures: measures.to_vec(),
    }
}

fn event(at_secs: f64, code: EventCode, name: &str) -> Event {
    Event {
        at_ns: (at_secs * 1e9) as u64,
        code,
        id: id(name),
        from: 0,
        to: 1,
    }
}

/// Three minutes from 13:59 in buckets of 10 s; the focus is rows 6 to 11. Requests fail in rows 8 and 10.
pub fn report() -> Report {
    let component = |name: &str, metric| SeriesKey::new(Subject::Component(id(name)), metric);
    let keys = vec![
        SeriesKey::new(Subject::System, Metric::Offered),
        SeriesKey::new(Subject::System, Metric::Failed(Reason::Timeout)),
        SeriesKey::new(Subject::System, Metric::Failed(Reason::StaleRead)),
        SeriesKey::new(Subject::System, Metric::Orders),
        SeriesKey::new(Subject::System, Metric::CostRate),
        SeriesKey::new(Subject::Operation(id("tail")), Metric::LatencyP95),
        component("db-1", Metric::Connections),
        component("db-2", Metric::Connections),
        component("db-1", Metric::Utilisation),
        component("db-2", Metric::Utilisation),
    ];
    let mut values = Vec::new();
    for row in 0..18 {
        let failing = row == 8 || row == 10;
        let n = f64::from(row);
        values.extend([100.0, if failing { 8.0 } else { 0.0 }, 1.0, 60.0, n]);
        values.push(if row == 9 { 900.0 } else { f64::NAN });
        values.extend([10.0 * n, 200.0 - 10.0 * n]);
        values.extend([if row == 7 { 0.9 } else { 0.3 }, 0.1]);
    }
    let focus = Totals {
        operations: vec![
            operation("hot", 60, &[(Reason::Timeout, 6)], 100.0),
            operation(
                "tail",
                40,
                &[(Reason::StaleRead, 3), (Reason::WrongIdentity, 1)],
                250.0,
            ),
            OperationTotals {
                queued: true,
                ..operation("mail", 100, &[(Reason::Timeout, 50)], 9_000.0)
            },
        ],
        audiences: vec![
            AudienceTotals {
                audience: "seoul".into(),
                arrived: 60,
                done: 30,
                ..AudienceTotals::default()
            },
            AudienceTotals {
                audience: "tokyo".into(),
                arrived: 40,
                done: 40,
                ..AudienceTotals::default()
            },
        ],
    };
    Report {
        ran_ns: 180_000_000_000,
        whole: focus.clone(),
        focus,
        components: vec![
            part(
                "db-1",
                &[(Measure::LostWrites, 3.0), (Measure::LagP95, 40.0)],
            ),
            part("db-2", &[(Measure::LagP95, 10.0)]),
            part("room", &[(Measure::WaitMax, 30_500.0)]),
            part("cache", &[(Measure::HitRatio, 0.9)]),
        ],
        cost: Cost {
            total: 12.5,
            ..Cost::default()
        },
        causes: vec![
            Cause {
                component: id("db-2"),
                reason: Reason::StaleRead,
                first_ns: 5_000_000_000,
                count: 3,
            },
            Cause {
                component: id("db-1"),
                reason: Reason::Timeout,
                first_ns: 80_000_000_000,
                count: 6,
            },
        ],
        events: vec![
            event(30.0, EventCode::AlarmRaised, "shop-watch"),
            event(40.0, EventCode::AlarmCleared, "shop-watch"),
            event(72.5, EventCode::AlarmRaised, "watch"),
            event(75.0, EventCode::PersonCalled, "watch"),
            event(90.0, EventCode::ConnectionLimit, "db-2"),
            event(100.0, EventCode::Promoted, "db-2"),
        ],
        series: SeriesTable {
            start_secs: clock("13:59").secs(),
            bucket_secs: 10,
            keys,
            values,
        },
        feed: Some(FeedTotals {
            sampled: 100,
            factor: 10.0,
            measures: vec![
                (Measure::FriendsDeliveryP95, 700.0),
                (Measure::DeliveryP95, f64::NAN),
            ],
        }),
        ..Report::empty(id("s"))
    }
}

/// A target from the JSON of what stands in a task's file.
pub fn target(fields: &str) -> Target {
    let text = format!(r#"{{"id":"t","compare":"at_most","value":1,{fields}}}"#);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

pub fn measured(target: &Target) -> Option<f64> {
    target.measure(Sight {
        report: &report(),
        scenario: &scenario(),
        moved: &[],
        parts: &Parts::of(&design()),
    })
}

/// Two faults: 13:59:25 to 13:59:28, and 14:01:10 for good. The alarms are at 13:59:30 and 14:00:12.5.
pub fn faulty() -> Scenario {
    let fault = |at: &str, until: Option<&str>| Fault {
        at: clock(at),
        until: until.map(clock),
        action: FaultAction::Kill,
        target: FaultTarget::OneServer,
    };
    Scenario {
        faults: vec![fault("13:59:25", Some("13:59:28")), fault("14:01:10", None)],
        ..scenario()
    }
}

pub fn measured_of(scenario: &Scenario, moved: &[Moved], target: &Target) -> Option<f64> {
    target.measure(Sight {
        report: &report(),
        scenario,
        moved,
        parts: &Parts::of(&design()),
    })
}
