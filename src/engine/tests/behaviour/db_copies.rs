//! Copies of a database: lag, stale reads, waiting for copies, taking over, several primaries.

use archplay_model::scenario::{
    Consistency, Demand, FaultAction, FaultTarget, JourneyStep, Operation, Pick, Scenario, State,
};
use archplay_model::{Design, LinkKey};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, constant, count, fault, measure, system};
use crate::support::{design, id, near, page, run, scenario};

/// A primary `a` that takes no time, and its copy `b`.
fn pair(primary: &str, copy: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         a database({primary}; max_connections=100000; write_cpu_ms=0; commit_ms=0; iops=1000000)
         b database({copy}; max_connections=100000; read_cpu_ms=0)
         c > s
         s > a
         s > b
         a > b"
    ))
}

pub fn read(consistency: Consistency) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency,
        key: Pick::Own,
    }
}

pub fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// Visitors write their own row and look at it after a time.
pub fn own_write(rate: f64, secs: u32, delay_ms: f64, look: Demand) -> Scenario {
    let mut load = scenario(rate, secs, write(Pick::Own));
    load.datasets[0].rows = 1_000_000;
    load.operations.push(Operation {
        id: id("look"),
        demand: Demand::Seq(vec![constant(delay_ms), look]),
        ..load.operations[0].clone()
    });
    load.journeys[0].steps[0].gives = Some(State::OwnWrite);
    let step = JourneyStep {
        operation: id("look"),
        gives: None,
        needs: Some(State::OwnWrite),
        ..load.journeys[0].steps[0].clone()
    };
    load.journeys[0].steps.push(step);
    load
}

pub fn second(report: &Report) -> &archplay_report::OperationTotals {
    &report.whole.operations[1]
}

fn d(name: &str) -> FaultTarget {
    FaultTarget::Component(id(name))
}

/// The vector `replica-lag-l80`: lag is the sojourn in M/M/1 with 80 writes and 100 applied a second.
#[test]
fn the_lag_of_a_copy_is_that_of_an_m_m_1_queue() {
    let drawing = pair("iops=1000000", "apply=exponential; apply_ms=10");
    // The way between them takes 0.25 ms; so does each way between server and database.
    for (delay, tolerance, secs) in [
        (10.0, 0.0053, 4_000),
        (50.0, 0.0087, 1_500),
        (200.0, 0.0044, 1_500),
    ] {
        let look = read(Consistency::Eventual);
        let report = run(&drawing, &own_write(80.0, secs, delay, look), 1);
        let stale = second(&report).failed_for(Reason::StaleRead) as f64;
        assert_eq!(measure(&report, "b", Measure::StaleReads), stale);
        let share = stale / (stale + second(&report).good as f64);
        let wanted = libm::exp(-20.0 * (delay + 0.25) / 1e3);
        assert!(
            (share - wanted).abs() < tolerance * 1.5,
            "{delay} ms: {share} {wanted}"
        );
        if delay == 10.0 {
            let lag = |which| measure(&report, "b", which) - 0.25;
            near(lag(Measure::LagMean), 50.0, 0.03, "mean");
            near(lag(Measure::LagP50), 34.657, 0.031, "p50");
            near(lag(Measure::LagP95), 149.787, 0.052, "p95");
            near(lag(Measure::LagP99), 230.259, 0.085, "p99");
        }
    }
}

/// Two stores that hold the same rows, each asked by a server of its own; visitors write at one and look at the
/// other.
fn two_stores(first: &str, second: &str, link: &str) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         l load_balancer
         s server(vcpu=256; workers=100000; handles=page)
         t server(vcpu=256; workers=100000; handles=look)
         a {first}
         b {second}
         c > l
         l > s
         l > t
         s > a
         t > b
         {link}"
    ));
    let look = read(Consistency::Eventual);
    run(&drawing, &own_write(20.0, 60, 2_000.0, look), 1)
}

#[test]
fn what_was_written_to_one_of_two_unlinked_databases_is_not_in_the_other() {
    let report = two_stores("database", "database", "");
    let looked = second(&report);
    assert!(looked.offered > 1_000);
    assert_eq!(looked.good, 0);
    let stale = looked.failed_for(Reason::StaleRead) as f64;
    assert_eq!(measure(&report, "b", Measure::StaleReads), stale);
    assert!(stale > 1_000.0, "{stale}");
    // With a link it is, and so it is where both take writes.
    for link in ["a > b", "a > b\n b > a"] {
        let report = two_stores("database", "database", link);
        assert_eq!(second(&report).failed_for(Reason::StaleRead), 0, "{link}");
        assert!(second(&report).good > 1_000, "{link}");
    }
}

#[test]
fn nor_is_it_in_an_unlinked_table_or_in_a_store_of_another_kind() {
    for kinds in [
        ("key_value", "key_value"),
        ("database", "key_value"),
        ("key_value", "database"),
    ] {
        let report = two_stores(kinds.0, kinds.1, "");
        assert_eq!(second(&report).good, 0, "{kinds:?}");
        assert!(second(&report).failed_for(Reason::StaleRead) > 1_000);
    }
    let report = two_stores("key_value", "key_value", "a > b\n b > a");
    assert!(second(&report).good > 1_000);
}

/// The vector `replica-falling-behind`: 150 writes a second, 100 applied.
#[test]
fn a_copy_that_is_too_slow_falls_behind_without_end() {
    let drawing = pair("iops=1000000", "apply=exponential; apply_ms=10");
    let report = run(&drawing, &scenario(150.0, 60, write(Pick::Fresh)), 1);
    let backlog = measure(&report, "b", Measure::LagBacklog);
    assert!((backlog - 3_000.0).abs() < 560.0, "{backlog}");
    // Applied at 60 s is what was written at 40 s; a write of 60 s waits 30 s more.
    let lag = column(&report, "b", Metric::Lag);
    near(
        lag[59] / 1e3,
        20.0,
        0.15,
        "age of the oldest that is not applied",
    );
    assert!(lag[29] < lag[44] && lag[44] < lag[59]);
}

#[test]
fn the_primary_and_a_synchronous_copy_are_never_stale() {
    let drawing = |how: &str| pair("iops=1000000", &format!("replication={how}; apply_ms=5"));
    let look = |consistency| own_write(50.0, 60, 0.0, read(consistency));
    let report = run(&drawing("asynchronous"), &look(Consistency::Eventual), 1);
    assert!(second(&report).failed_for(Reason::StaleRead) > 2_500);
    let fast = page(&report).latency_p50_ms;
    let report = run(&drawing("asynchronous"), &look(Consistency::Strong), 1);
    assert_eq!(second(&report).failed, []);
    let report = run(&drawing("synchronous"), &look(Consistency::Eventual), 1);
    assert_eq!(second(&report).failed, []);
    // The commit waits: there and back 0.5 ms, 5 ms to apply.
    near(
        page(&report).latency_p50_ms - fast,
        5.5,
        0.05,
        "wait for the copy",
    );
}

#[test]
fn a_cut_line_delays_synchronous_commits_and_is_made_up_for() {
    let drawing = pair("iops=1000000", "replication=synchronous; apply_ms=1");
    let mut load = scenario(20.0, 120, write(Pick::Fresh));
    let link = || FaultTarget::Link(LinkKey::new(id("a"), id("b")));
    load.faults = vec![fault(30, Some(60), FaultAction::Cut, link())];
    let report = run(&drawing, &load, 1);
    let good = system(&report, Metric::Good);
    // Ten seconds of waiting, then on without the copy.
    assert!(
        good[31..39].iter().sum::<f64>() < 5.0,
        "{:?}",
        &good[28..45]
    );
    assert!(good[45..60].iter().sum::<f64>() > 200.0);
    assert_eq!(page(&report).failed, []);
    let lag = column(&report, "b", Metric::Lag);
    assert!(
        lag[58] > 25_000.0 && lag[65] < 100.0,
        "{} {}",
        lag[58],
        lag[65]
    );
    assert_eq!(measure(&report, "b", Measure::LagBacklog), 0.0);
    let told = |code| {
        let mut events = report.events.iter().filter(|event| event.code == code);
        let at = events.next().map(|event| {
            assert_eq!(event.id, id("b"));
            event.at_ns / 1_000_000_000
        });
        (at, events.count())
    };
    assert_eq!(told(EventCode::CopyBehind), (Some(40), 0));
    // Tried again each second.
    assert_eq!(told(EventCode::CopyCaughtUp), (Some(60), 0));
    // Nobody has waited for one that is not synchronous.
    let drawing = pair("iops=1000000", "replication=asynchronous; apply_ms=1");
    let report = run(&drawing, &load, 1);
    assert_eq!(count(&report, EventCode::CopyBehind), 0);
    assert_eq!(count(&report, EventCode::CopyCaughtUp), 0);
}

#[test]
fn a_dead_primary_is_replaced_and_what_was_not_applied_is_lost() {
    let lost = |copy: &str| {
        let drawing = pair(
            "fencing=yes",
            &format!("{copy}; promotion=automatic; promotion_secs=20"),
        );
        // Visitors look at their own writes half a minute later, on average.
        let mut load = own_write(150.0, 120, 0.0, read(Consistency::Strong));
        load.journeys[0].steps[1].think_secs = 30.0;
        load.faults = vec![fault(60, Some(90), FaultAction::Kill, d("a"))];
        let report = run(&drawing, &load, 1);
        assert_eq!(count(&report, EventCode::Promoted), 1);
        assert_eq!(count(&report, EventCode::Fenced), 1);
        let good = column(&report, "b", Metric::Rate);
        assert!(
            good[85] > 100.0 && good[110] > 100.0,
            "the new one serves: {good:?}"
        );
        let failed = page(&report).failed_for(Reason::ConnectionLost);
        near(failed as f64, 150.0 * 20.0, 0.06, "twenty seconds without");
        let seen = second(&report).failed_for(Reason::LostWrite);
        (measure(&report, "b", Measure::LostWrites), seen)
    };
    // It falls behind by 50 a second for 60 s, and goes on applying for 20 s.
    let (writes, seen) = lost("apply_ms=10");
    // Two sums of Poisson arrivals: a standard deviation of about 95.
    near(writes, 1_000.0, 0.3, "lost");
    assert!(seen > 200 && seen as f64 <= writes, "{seen}");
    // One that keeps up has lost next to nothing, one that is waited for nothing.
    let (writes, _) = lost("apply_ms=1");
    assert!(writes.is_nan() || writes <= 3.0, "{writes}");
    let (writes, seen) = lost("apply_ms=1; replication=synchronous");
    assert!(writes.is_nan() && seen == 0);
}

#[test]
fn without_automatic_promotion_nobody_takes_over_and_the_primary_comes_back_with_its_rows() {
    let drawing = pair("fencing=yes", "apply_ms=1");
    let mut load = own_write(50.0, 120, 0.0, read(Consistency::Strong));
    load.journeys[0].steps[1].think_secs = 30.0;
    load.faults = vec![fault(60, Some(90), FaultAction::Kill, d("a"))];
    let report = run(&drawing, &load, 1);
    assert_eq!(count(&report, EventCode::Promoted), 0);
    near(
        page(&report).failed_for(Reason::ConnectionLost) as f64,
        1_500.0,
        0.1,
        "half a minute",
    );
    assert!(system(&report, Metric::Good)[100] > 30.0);
    assert!(second(&report).good > 1_500);
    assert_eq!(second(&report).failed_for(Reason::LostWrite), 0);
    assert_eq!(measure(&report, "b", Measure::LagBacklog), 0.0);
}

/// The line between them is cut: the copy takes over although its primary lives.
#[test]
fn a_partition_makes_two_primaries_unless_the_old_one_is_fenced() {
    let run_with = |fencing: &str| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0; audiences=people)
             e client(access_rtt_ms=0; audiences=others)
             s server(vcpu=256; handles=page)
             t server(vcpu=256; handles=far)
             a database(fencing={fencing}; iops=100000; commit_ms=0)
             b database(promotion=automatic; promotion_secs=5; apply_ms=0.1; iops=100000; commit_ms=0)
             c > s
             e > t
             s > a
             t > b
             a > b"
        ));
        let mut load = scenario(50.0, 120, write(Pick::Fresh));
        load.datasets[0].rows = 100;
        load.operations.push(Operation {
            id: id("far"),
            ..load.operations[0].clone()
        });
        let mut journey = load.journeys[0].clone();
        journey.id = id("abroad");
        journey.steps[0].operation = id("far");
        load.journeys.push(journey);
        let mut others = load.audiences[0].clone();
        (others.id, others.journey) = (id("others"), id("abroad"));
        load.audiences.push(others);
        let link = FaultTarget::Link(LinkKey::new(id("a"), id("b")));
        load.faults = vec![fault(30, Some(60), FaultAction::Cut, link)];
        run(&drawing, &load, 1)
    };
    let split = run_with("no");
    assert_eq!(count(&split, EventCode::SplitBrain), 1);
    let lost = |report: &Report| -> f64 {
        let of = |name| measure(report, name, Measure::LostWrites);
        [of("a"), of("b")].iter().filter(|n| n.is_finite()).sum()
    };
    // Before it, the far ones could only read; then both write 100 rows for 25 s without knowing.
    assert!(second(&split).failed_for(Reason::NoRoute) > 1_000);
    assert!(second(&split).good > 3_500);
    assert!((90.0..800.0).contains(&lost(&split)), "{}", lost(&split));
    let fenced = run_with("yes");
    assert_eq!(
        count(&fenced, EventCode::Promoted),
        1,
        "one cut off takes nothing back"
    );
    assert_eq!(count(&fenced, EventCode::Rejoined), 1);
    assert_eq!(measure(&fenced, "b", Measure::LagBacklog), 0.0);
    assert_eq!(count(&fenced, EventCode::Fenced), 1);
    assert_eq!(count(&fenced, EventCode::SplitBrain), 0);
    // What the old one took after the cut is lost, and nothing since.
    near(lost(&fenced), 50.0 * 5.5, 0.2, "lost in the cut");
    assert!(page(&fenced).good > 5_500, "{:?}", page(&fenced));
}
