//! What becomes of a copy that dies and of a primary that was replaced: reads fall back and return, the former
//! primary comes back as a copy and brings nothing with it.

use archplay_model::scenario::{
    Consistency, Demand, FaultAction, FaultTarget, Filter, FilterOp, JourneyStep, OnConflict,
    Operation, Pick, Scenario, State,
};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, count, fault, measure, system};
use crate::support::{design, id, near, page, run, scenario};

fn read(consistency: Consistency, filters: Vec<Filter>) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters,
        order_by: None,
        offset: 0,
        consistency,
        key: Pick::Own,
    }
}

fn component(name: &str) -> FaultTarget {
    FaultTarget::Component(id(name))
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

#[test]
fn reads_go_to_the_primary_while_their_only_copy_is_dead_and_then_come_back() {
    for between in ["", "proxy", "cache"] {
        let front = match between {
            "proxy" => "x connection_proxy\ns > x\nx > a\nx > b",
            "cache" => "x cache(mode=through; ttl_secs=0.001)\ns > x\nx > a\nx > b",
            _ => "s > a\ns > b",
        };
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; db_pool=1000)
             a database(max_connections=10000)
             b database(max_connections=10000; apply_ms=0)
             c > s
             a > b
             {front}"
        ));
        let mut load = scenario(50.0, 90, read(Consistency::Eventual, Vec::new()));
        load.faults = vec![fault(30, Some(60), FaultAction::Kill, component("b"))];
        let report = run(&drawing, &load, 1);
        let failed = page(&report).failed_total();
        assert!(failed <= 5, "{between}: only what was inside: {failed}");
        let (a, b) = (
            column(&report, "a", Metric::Rate),
            column(&report, "b", Metric::Rate),
        );
        assert_eq!(sum(&a[..29]), 0.0, "{between}: the copy reads");
        near(sum(&a[31..59]), 28.0 * 50.0, 0.1, between);
        assert_eq!(sum(&b[31..59]), 0.0, "{between}");
        assert_eq!(sum(&a[62..]), 0.0, "{between}: and reads again");
        near(sum(&b[62..]), 28.0 * 50.0, 0.1, between);
    }
}

#[test]
fn of_two_copies_the_living_one_reads() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; db_pool=1000)
         a database
         b database(apply_ms=0)
         d database(apply_ms=0)
         c > s
         s > a
         s > b
         s > d
         a > b
         a > d",
    );
    let mut load = scenario(50.0, 60, read(Consistency::Eventual, Vec::new()));
    load.faults = vec![fault(30, None, FaultAction::Kill, component("b"))];
    let report = run(&drawing, &load, 1);
    assert!(page(&report).failed_total() <= 3);
    near(
        sum(&column(&report, "d", Metric::Rate)[31..]),
        29.0 * 50.0,
        0.1,
        "the other copy",
    );
    assert_eq!(sum(&column(&report, "a", Metric::Rate)), 0.0);
}

/// A query without a key asks all shards: of the shard whose copy is dead, the shard itself.
#[test]
fn a_query_over_copies_of_shards_falls_back_shard_by_shard() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; db_pool=1000)
         a1 database(sharding=hash)
         a2 database(sharding=hash)
         b1 database(apply_ms=0)
         b2 database(apply_ms=0)
         c > s
         s > a1
         s > a2
         s > b1
         s > b2
         a1 > b1
         a2 > b2",
    );
    let filter = Filter {
        column: id("brand"),
        op: FilterOp::Equal,
        selectivity: 0.5,
    };
    let mut load = scenario(20.0, 60, read(Consistency::Eventual, vec![filter]));
    load.faults = vec![fault(30, None, FaultAction::Kill, component("b2"))];
    let report = run(&drawing, &load, 1);
    assert!(page(&report).failed_total() <= 3);
    let asked = |name: &str| sum(&column(&report, name, Metric::Rate)[31..]);
    near(asked("b1"), 29.0 * 20.0, 0.15, "its copy lives");
    near(asked("a2"), 29.0 * 20.0, 0.15, "its copy is dead");
    assert_eq!(asked("a1"), 0.0);
}

/// Visitors add a row or change their own, and look for it half a minute later.
fn remembered(rate: f64, secs: u32, demand: Demand) -> Scenario {
    let mut load = scenario(rate, secs, demand);
    load.datasets[0].rows = 1_000_000;
    load.operations.push(Operation {
        id: id("look"),
        demand: read(Consistency::Strong, Vec::new()),
        ..load.operations[0].clone()
    });
    load.journeys[0].steps[0].gives = Some(State::OwnWrite);
    let step = JourneyStep {
        operation: id("look"),
        think_secs: 30.0,
        gives: None,
        needs: Some(State::OwnWrite),
        ..load.journeys[0].steps[0].clone()
    };
    load.journeys[0].steps.push(step);
    load
}

fn write() -> Demand {
    Demand::Write {
        dataset: id("product"),
        key: Pick::Own,
    }
}

fn pair(copy: &str) -> archplay_model::Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         a database(fencing=yes; promotion=automatic; promotion_secs=5; apply_ms=0.1; max_connections=100000; iops=1000000; commit_ms=0; write_cpu_ms=0)
         b database(fencing=yes; promotion=automatic; promotion_secs=5; {copy}; max_connections=100000; iops=1000000; commit_ms=0; write_cpu_ms=0)
         c > s
         s > a
         s > b
         a > b"
    ))
}

fn lost_write(report: &Report) -> u64 {
    report.whole.operations[1].failed_for(Reason::LostWrite)
}

/// The first takes over from the second again: it must have what was written meanwhile, and what it had to
/// give up stays lost.
#[test]
fn a_former_primary_comes_back_as_a_copy_and_can_take_over_again() {
    let mut load = remembered(100.0, 240, write());
    load.faults = vec![
        fault(60, Some(90), FaultAction::Kill, component("a")),
        fault(150, Some(180), FaultAction::Kill, component("b")),
    ];
    let report = run(&pair("apply_ms=0.1"), &load, 1);
    assert_eq!(count(&report, EventCode::Promoted), 2);
    assert_eq!(count(&report, EventCode::Fenced), 2);
    assert_eq!(count(&report, EventCode::Rejoined), 2);
    let good = system(&report, Metric::Good);
    assert!(sum(&good[70..149]) > 79.0 * 150.0, "the second serves");
    assert!(sum(&good[160..239]) > 79.0 * 150.0, "the first again");
    // Both keep up: of 24,000 writes only those on their way at the two deaths are lost.
    assert!(lost_write(&report) <= 6, "{}", lost_write(&report));
    let rate =
        |name: &str, from: usize, to: usize| sum(&column(&report, name, Metric::Rate)[from..to]);
    assert!(rate("a", 95, 149) == 0.0, "a copy that nobody reads");
    assert!(rate("a", 160, 239) > 79.0 * 150.0 && rate("b", 185, 239) == 0.0);
    assert_eq!(measure(&report, "b", Measure::LagBacklog), 0.0);
}

#[test]
fn what_a_former_primary_could_not_hand_over_is_lost_once_and_for_all() {
    // The copy falls behind by 50 a second until the first dies; the first comes back, and takes over again.
    let mut load = remembered(150.0, 300, write());
    load.faults = vec![
        fault(60, Some(90), FaultAction::Kill, component("a")),
        fault(200, None, FaultAction::Kill, component("b")),
    ];
    let report = run(&pair("apply_ms=10"), &load, 1);
    let undone: Vec<u32> = report
        .events
        .iter()
        .filter(|event| event.code == EventCode::Rejoined)
        .map(|event| event.to)
        .collect();
    let counted = measure(&report, "b", Measure::LostWrites);
    assert!(counted > 1_000.0, "{counted}");
    // What was on its way back to its writer when the first died was acknowledged to nobody.
    assert_eq!(undone.len(), 1);
    assert!(
        (f64::from(undone[0]) - counted).abs() < 10.0,
        "{undone:?} {counted}"
    );
    let seen = lost_write(&report);
    assert!(seen > 300 && seen as f64 <= counted, "{seen} of {counted}");
    // Those who look after the first has taken over again find theirs lost too, never alive.
    let late = column(&report, "a", Metric::Rate);
    assert!(sum(&late[210..]) > 80.0 * 250.0);
}

/// Pieces sold and rows added that were never handed over are there again to be sold and added.
#[test]
fn stock_and_identifiers_of_lost_writes_are_free_again() {
    let reserve = Demand::Reserve {
        dataset: id("product"),
        amount: 1,
        key: Pick::Hottest,
        read_then_write: false,
    };
    let insert = Demand::Insert {
        dataset: id("product"),
        on_conflict: OnConflict::Error,
    };
    let mut load = remembered(100.0, 240, Demand::Seq(vec![reserve, insert]));
    load.datasets[0].stock = Some(100_000);
    load.faults = vec![
        fault(60, Some(90), FaultAction::Kill, component("a")),
        fault(150, None, FaultAction::Kill, component("b")),
    ];
    let report = run(&pair("apply_ms=5.5"), &load, 1);
    assert_eq!(count(&report, EventCode::Rejoined), 1);
    let collisions = measure(&report, "a", Measure::Collisions);
    assert!(collisions.is_nan() || collisions == 0.0, "{collisions}");
    assert_eq!(page(&report).failed_for(Reason::DuplicateKey), 0);
    assert_eq!(page(&report).failed_for(Reason::Oversold), 0);
}

/// A primary with two copies, of which the second takes over when the first that did is dead, too.
fn three() -> archplay_model::Design {
    let rest = "max_connections=100000; iops=1000000; commit_ms=0; write_cpu_ms=0; apply_ms=0.1";
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         a database(fencing=yes; promotion=automatic; promotion_secs=9; {rest})
         b database(fencing=yes; promotion=automatic; promotion_secs=2; {rest})
         d database(fencing=yes; promotion=automatic; promotion_secs=5; {rest})
         c > s
         s > a
         s > b
         s > d
         a > b
         a > d"
    ))
}

/// Wherever the first primary is when the second dies, dead or a copy already, it becomes a copy of the third, has all
/// that was written meanwhile, and can take over again.
#[test]
fn a_former_primary_follows_whoever_took_over_last() {
    for back in [90, 160] {
        let mut load = remembered(50.0, 300, write());
        load.faults = vec![
            fault(60, Some(back), FaultAction::Kill, component("a")),
            fault(120, Some(180), FaultAction::Kill, component("b")),
            fault(220, None, FaultAction::Kill, component("d")),
        ];
        // Of the two that are left when the third dies, the second is quicker.
        let report = run(&three(), &load, 1);
        assert_eq!(count(&report, EventCode::Promoted), 3, "{back}");
        assert_eq!(count(&report, EventCode::Rejoined), 2, "{back}");
        let first = report.events.iter().rev();
        let mut first = first.filter(|event| event.code == EventCode::Promoted);
        assert_eq!(
            first.next().map(|event| event.id.as_str()),
            Some("b"),
            "the quicker"
        );
        assert!(lost_write(&report) <= 10, "{back}: {}", lost_write(&report));
        let good = system(&report, Metric::Good);
        for (from, to) in [(70, 119), (130, 219), (232, 299)] {
            let wanted = 0.92 * 100.0 * (to - from) as f64;
            let got = sum(&good[from..to]);
            assert!(got > wanted, "{back}: {from} to {to}: {got} of {wanted}");
        }
        for copy in ["a", "b"] {
            let backlog = measure(&report, copy, Measure::LagBacklog);
            assert!(
                backlog <= 1.0 || backlog.is_nan(),
                "{back}: {copy}: {backlog}"
            );
        }
    }
    // And the first takes over once more when it is the only one.
    let mut load = remembered(50.0, 300, write());
    load.faults = vec![
        fault(60, Some(160), FaultAction::Kill, component("a")),
        fault(120, None, FaultAction::Kill, component("b")),
        fault(220, None, FaultAction::Kill, component("d")),
    ];
    let report = run(&three(), &load, 1);
    assert_eq!(count(&report, EventCode::Promoted), 3);
    assert!(lost_write(&report) <= 10, "{}", lost_write(&report));
    let rate = column(&report, "a", Metric::Rate);
    assert!(sum(&rate[235..]) > 0.9 * 65.0 * 100.0);
}
