//! Monitors: what they see of what happens, when they raise an alarm, what comes of it.

use archplay_model::scenario::{Business, Fault, FaultAction, FaultTarget, RatePoint};
use archplay_model::{Design, LinkKey};
use archplay_report::{EventCode, Measure, Metric, Report, Subject};

use crate::reports::clock;
use crate::support::{compute, design, id, run, scenario};

/// When something happened, in seconds.
fn times(report: &Report, code: EventCode) -> Vec<f64> {
    let events = report.events.iter().filter(|event| event.code == code);
    events.map(|event| event.at_ns as f64 / 1e9).collect()
}

fn fault(at: u32, until: Option<u32>, action: FaultAction, target: &str) -> Fault {
    Fault {
        at: clock(at),
        until: until.map(clock),
        action,
        target: FaultTarget::Component(id(target)),
    }
}

fn watched(monitor: &str, more: &str) -> Design {
    design(&format!(
        "c client
         w station(service_ms=50; workers=1)
         m monitor({monitor})
         c > w
         m > w
         {more}"
    ))
}

fn kill_at(secs: u32, at: u32, until: Option<u32>, target: &str) -> archplay_model::Scenario {
    let mut load = scenario(2.0, secs, compute(0.0));
    load.faults = vec![fault(at, until, FaultAction::Kill, target)];
    load
}

#[test]
fn half_a_minute_is_not_seen_in_five() {
    let mut load = scenario(8.0, 1_200, compute(0.0));
    for (at, per_sec) in [(600, 8.0), (601, 60.0), (630, 60.0), (631, 8.0)] {
        let at = clock(at);
        load.audiences[0].rate.push(RatePoint { at, per_sec });
    }
    // 1,740 requests of 50 ms keep one server busy for 87 s.
    load.audiences[0].limit = None;
    let alarms = |period: u32| {
        let monitor = format!("metric=utilisation; threshold=80; period_secs={period}");
        let report = run(&watched(&monitor, ""), &load, 1);
        (
            times(&report, EventCode::AlarmRaised),
            times(&report, EventCode::AlarmCleared),
        )
    };
    let (basic, _) = alarms(300);
    assert!(basic.is_empty(), "{basic:?}");
    let (fine, cleared) = alarms(10);
    assert!(fine[0] > 600.0 && fine[0] <= 620.0, "{fine:?}");
    assert!(!cleared.is_empty());
    // With 3 of 3 of a minute each it is over before it is known.
    let slow = run(
        &watched(
            "metric=utilisation; threshold=80; period_secs=60; datapoints=3; of=3",
            "",
        ),
        &load,
        1,
    );
    assert!(times(&slow, EventCode::AlarmRaised).is_empty());
}

#[test]
fn what_is_missing_counts_as_the_rule_says() {
    let load = kill_at(300, 100, Some(200), "w");
    let with = |missing: &str| {
        let monitor = format!("metric=heartbeat; period_secs=10; missing={missing}");
        run(&watched(&monitor, ""), &load, 1)
    };
    let missing = with("missing");
    assert_eq!(times(&missing, EventCode::NoData), [100.0]);
    assert!(times(&missing, EventCode::AlarmRaised).is_empty());
    let breaching = with("breaching");
    assert_eq!(times(&breaching, EventCode::AlarmRaised), [100.0]);
    assert_eq!(times(&breaching, EventCode::AlarmCleared), [200.0]);
    // The dead server is fine.
    for silent in ["not_breaching", "ignore"] {
        let report = with(silent);
        let told = report.events.iter().filter(|event| event.id == id("m"));
        assert_eq!(told.count(), 0, "{silent}");
    }
    let subject = Subject::Component(id("m"));
    let column = breaching
        .series
        .find(&subject, Metric::Alarm)
        .unwrap_or(usize::MAX);
    let alarm: Vec<f64> = breaching.series.column(column).collect();
    assert_eq!((alarm[99], alarm[150], alarm[250]), (0.0, 1.0, 0.0));
}

#[test]
fn m_of_n_forgives_a_single_sample() {
    let mut load = scenario(2.0, 300, compute(0.0));
    for at in [95, 155, 165, 175] {
        load.faults
            .push(fault(at, Some(at + 8), FaultAction::Kill, "w"));
    }
    let with = |m: u32, n: u32| {
        let monitor =
            format!("metric=heartbeat; period_secs=10; missing=breaching; datapoints={m}; of={n}");
        times(
            &run(&watched(&monitor, ""), &load, 1),
            EventCode::AlarmRaised,
        )
    };
    assert_eq!(with(1, 1), [100.0, 160.0], "every sample");
    assert_eq!(with(2, 3), [170.0], "two of three");
    assert_eq!(with(3, 3), [180.0], "three in a row");
}

#[test]
fn a_dead_monitor_and_a_cut_path_see_nothing() {
    let mut load = kill_at(300, 100, None, "w");
    load.faults.push(fault(50, None, FaultAction::Kill, "m"));
    let dead = run(
        &watched("metric=heartbeat; period_secs=10; missing=breaching", ""),
        &load,
        1,
    );
    assert!(times(&dead, EventCode::AlarmRaised).is_empty());
    load.faults = vec![Fault {
        at: clock(100),
        until: Some(clock(150)),
        action: FaultAction::Cut,
        target: FaultTarget::Link(LinkKey::new(id("m"), id("w"))),
    }];
    let cut = run(
        &watched("metric=heartbeat; period_secs=10; missing=breaching", ""),
        &load,
        1,
    );
    assert_eq!(
        times(&cut, EventCode::AlarmRaised),
        [100.0],
        "it lives, but cannot be seen"
    );
    assert_eq!(times(&cut, EventCode::AlarmCleared), [150.0]);
}

#[test]
fn a_person_comes_later_than_an_automatic_restart() {
    let load = kill_at(1_000, 100, None, "w");
    let with = |action: &str| {
        let monitor = format!("metric=heartbeat; period_secs=10; missing=breaching; {action}");
        run(&watched(&monitor, ""), &load, 1)
    };
    let automatic = with("action=restart");
    assert_eq!(times(&automatic, EventCode::Restored), [100.0]);
    let person = with("action=call_person; person_secs=600");
    assert_eq!(times(&person, EventCode::PersonCalled), [100.0]);
    assert_eq!(times(&person, EventCode::PersonActed), [700.0]);
    assert_eq!(times(&person, EventCode::Restored), [700.0]);
    // Who finds that all is well again does nothing.
    let mut load = load;
    load.faults = vec![fault(100, Some(300), FaultAction::Kill, "w")];
    let monitor = "metric=heartbeat; period_secs=10; missing=breaching; action=call_person";
    let over = run(&watched(monitor, ""), &load, 1);
    assert_eq!(times(&over, EventCode::PersonCalled), [100.0]);
    assert!(times(&over, EventCode::PersonActed).is_empty());
}

#[test]
fn nothing_starts_on_ground_that_is_gone() {
    let mut load = kill_at(400, 100, None, "house");
    let drawing = design(
        "c client
         house zone
         w station in house
         m monitor(metric=heartbeat; period_secs=10; missing=breaching; action=restart)
         c > w
         m > w",
    );
    let gone = run(&drawing, &load, 1);
    assert_eq!(times(&gone, EventCode::AlarmRaised), [100.0]);
    assert!(times(&gone, EventCode::Restored).is_empty());
    load.faults[0].until = Some(clock(300));
    assert_eq!(
        times(&run(&drawing, &load, 1), EventCode::Restored),
        [300.0]
    );
}

#[test]
fn the_mean_hides_what_the_percentile_shows() {
    // Exponential times of 50 ms, hardly a line: a mean of 53 ms, a 99th percentile of 243.
    let load = scenario(1.0, 1_000, compute(0.0));
    let alarms = |metric: &str, threshold: f64| {
        let monitor = format!("metric={metric}; threshold={threshold}; period_secs=500");
        times(
            &run(&watched(&monitor, ""), &load, 1),
            EventCode::AlarmRaised,
        )
        .len()
    };
    assert_eq!(alarms("latency_mean", 75.0), 0);
    assert_eq!(alarms("latency_mean", 40.0), 1);
    assert_eq!(alarms("latency_p99", 150.0), 1);
    assert_eq!(alarms("latency_p99", 500.0), 0);
}

#[test]
fn each_metric_is_what_its_name_says() {
    let load = scenario(10.0, 300, compute(0.0));
    let raised = |monitor: &str, more: &str| {
        let monitor = format!("{monitor}; period_secs=60");
        let report = run(&watched(&monitor, more), &load, 1);
        let alarms = report.components.iter().find(|c| c.id == id("m"));
        alarms
            .and_then(|c| c.measure(Measure::Alarms))
            .unwrap_or(f64::NAN)
            > 0.0
    };
    // Half a server at 10 a second.
    assert!(raised("metric=utilisation; threshold=40", ""));
    assert!(!raised("metric=utilisation; threshold=60", ""));
    assert!(raised("metric=rate; threshold=8", ""));
    assert!(!raised("metric=rate; threshold=12", ""));
    assert!(raised("metric=rate; threshold=12; comparison=below", ""));
    // A third of the calls of `x` fail; `w` passes its answers on.
    let fails = "x station(service_ms=1; fail_percent=33)\nc > x";
    assert!(raised(
        "metric=error_percent; threshold=25; watches=x",
        fails
    ));
    assert!(!raised(
        "metric=error_percent; threshold=40; watches=x",
        fails
    ));
    assert!(!raised(
        "metric=error_percent; threshold=25; watches=w",
        fails
    ));
    // A line of hundreds at a server that does half of what comes.
    let slow = "x station(service_ms=400)\nc > x";
    assert!(raised("metric=backlog; threshold=100; watches=x", slow));
    assert!(!raised("metric=backlog; threshold=100; watches=w", slow));
}

#[test]
fn fewer_orders_than_usual_are_an_alarm_that_no_server_gives() {
    let mut load = scenario(10.0, 600, compute(0.0));
    load.business = Some(Business {
        order: id("page"),
        revenue: 1.0,
    });
    // The server is up and bored: nobody comes any more.
    for (at, per_sec) in [(300, 10.0), (301, 0.5)] {
        let at = clock(at);
        load.audiences[0].rate.push(RatePoint { at, per_sec });
    }
    let report = run(
        &watched(
            "metric=orders_per_min; comparison=below; threshold=300; period_secs=60",
            "",
        ),
        &load,
        1,
    );
    assert_eq!(times(&report, EventCode::AlarmRaised), [360.0]);
}

/// A group behind one alarm: another instance each minute while it lasts.
#[test]
fn an_alarm_scales_a_group_out() {
    let drawing = |action: &str| {
        design(&format!(
            "c client
             g auto_scaling_group(min=1; max=4; desired=1; boot_secs=30)
             s server(vcpu=2; backlog=8192) in g
             m monitor(metric=utilisation; threshold=80; period_secs=10; acts_on=g; action={action})
             c > s
             m > s"
        ))
    };
    let mut load = scenario(170.0, 600, compute(20.0));
    load.audiences[0].timeout_secs = 5.0;
    let report = run(&drawing("scale_out"), &load, 1);
    let out = times(&report, EventCode::ScaleOut);
    // The first with the alarm; the next only a minute later, if it still is one.
    assert_eq!(times(&report, EventCode::AlarmRaised)[0], 10.0);
    assert_eq!(out[0], 10.0, "{out:?}");
    assert!(
        out.iter().zip(&out[1..]).all(|(a, b)| b - a >= 60.0),
        "{out:?}"
    );
    assert!(times(&run(&drawing("none"), &load, 1), EventCode::ScaleOut).is_empty());
    // Whom it would have saved.
    let good = |report: &Report| report.whole.operations[0].good;
    assert!(good(&report) > 2 * good(&run(&drawing("none"), &load, 1)));
}

/// Threads that wait for a slow store use no CPU: the CPU says that all is well, the visitors do not.
#[test]
fn the_cpu_is_bored_while_everyone_waits() {
    let drawing = |metric: &str, threshold: u32| {
        design(&format!(
            "c client
             s server(vcpu=2; workers=200; backlog=8192)
             db station(workers=2; service_ms=100)
             m monitor(metric={metric}; threshold={threshold}; period_secs=60; watches=s)
             c > s
             s > db
             m > s"
        ))
    };
    let read = serde_json::json!({ "seq": [
        { "compute": { "cpu_ms": 1.0 } },
        { "read": { "dataset": "product" } },
    ] });
    let demand = serde_json::from_value(read).unwrap_or_else(|error| panic!("{error}"));
    let load = scenario(40.0, 600, demand);
    let alarms = |metric, threshold| {
        times(
            &run(&drawing(metric, threshold), &load, 1),
            EventCode::AlarmRaised,
        )
        .len()
    };
    assert_eq!(alarms("utilisation", 30), 0);
    assert_eq!(alarms("latency_mean", 1_000), 1);
    // Who waits for the network does not count for the load average, as on Linux.
    assert_eq!(alarms("load_average", 3), 0);
    let busy = scenario(120.0, 600, compute(20.0));
    let report = run(&drawing("load_average", 3), &busy, 1);
    assert_eq!(times(&report, EventCode::AlarmRaised).len(), 1);
}

#[test]
fn a_series_is_followed_at_the_monitor_s_own_pace() {
    // Hits of a cache that becomes warm: low in the first minute, high later.
    let drawing = design(
        "c client
         s server
         k cache(entries=1000)
         db station(workers=0; service_ms=1)
         m monitor(metric=hit_ratio; comparison=below; threshold=70; period_secs=30; watches=k)
         c > s
         s > k
         s > db
         m > k",
    );
    let demand = serde_json::from_value(serde_json::json!({ "read": { "dataset": "product" } }));
    let load = scenario(50.0, 300, demand.unwrap_or_else(|error| panic!("{error}")));
    let report = run(&drawing, &load, 1);
    assert_eq!(times(&report, EventCode::AlarmRaised), [30.0]);
    assert_eq!(times(&report, EventCode::AlarmCleared).len(), 1);
}
