//! Rows spread over several databases: who is asked, and what a query without a key costs.

use archplay_model::Design;
use archplay_model::scenario::{Demand, FaultAction, FaultTarget, Filter, FilterOp, Pick};
use archplay_report::{EventCode, Measure, Metric, Reason};

use crate::reports::{column, constant, fault, mean, measure};
use crate::support::{design, id, near, page, run, scenario};

fn shards(count: u32, parameters: &str) -> Design {
    let mut text = String::from(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         c > s\n",
    );
    for i in 1..=count {
        text += &format!(
            "d{i} database({parameters}; max_connections=100000; connection_mib=0)
             s > d{i}\n"
        );
    }
    design(&text)
}

fn read(filters: Vec<Filter>) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters,
        order_by: None,
        offset: 0,
        consistency: Default::default(),
        key: Pick::Fresh,
    }
}

fn by_brand() -> Vec<Filter> {
    vec![Filter {
        column: id("brand"),
        op: FilterOp::Equal,
        selectivity: 1e-9,
    }]
}

fn rates(report: &archplay_report::Report, count: u32) -> Vec<f64> {
    (1..=count)
        .map(|i| mean(&column(report, &format!("d{i}"), Metric::Rate)))
        .collect()
}

#[test]
fn a_key_asks_one_shard_and_a_query_without_it_all() {
    for sharding in ["hash", "range", "modulo", "consistent"] {
        let drawing = shards(4, &format!("sharding={sharding}"));
        let report = run(&drawing, &scenario(400.0, 60, read(Vec::new())), 1);
        for rate in rates(&report, 4) {
            // 100 points a shard on the ring are not quite even.
            let uneven = if sharding == "consistent" { 0.5 } else { 0.1 };
            near(rate, 100.0, uneven, sharding);
        }
        let report = run(&drawing, &scenario(20.0, 60, read(by_brand())), 1);
        for rate in rates(&report, 4) {
            near(rate, 20.0, 0.1, "all of them");
        }
        assert_eq!(page(&report).failed, []);
    }
}

#[test]
fn each_shard_looks_through_its_own_rows() {
    let cost = |count: u32| {
        let drawing = shards(count, "sharding=hash; row_cpu_us=100; vcpu=64");
        let report = run(&drawing, &scenario(2.0, 60, read(by_brand())), 1);
        (
            measure(&report, "d1", Measure::RowsExamined),
            page(&report).latency_p50_ms,
        )
    };
    // 1,000 rows of 0.1 ms.
    let (one, four) = (cost(1), cost(4));
    near(one.0, 1_000.0, 0.001, "rows");
    near(four.0, 250.0, 0.001, "rows of a shard");
    near(one.1, 101.0, 0.02, "one after the other");
    near(four.1, 26.0, 0.03, "side by side");
}

#[test]
fn a_query_over_shards_fails_with_any_of_them() {
    let drawing = shards(4, "sharding=hash");
    let mut load = scenario(100.0, 60, read(Vec::new()));
    let kill = |at| {
        fault(
            at,
            None,
            FaultAction::Kill,
            FaultTarget::Component(id("d2")),
        )
    };
    load.faults = vec![kill(30)];
    let report = run(&drawing, &load, 1);
    let failed = page(&report).failed_for(Reason::ConnectionLost) as f64;
    // The rows asked for are popular ones: their share of a shard is a quarter only by and large.
    near(failed, 100.0 * 30.0 / 4.0, 0.25, "a quarter of the rows");
    load.operations[0].demand = read(by_brand());
    let report = run(&drawing, &load, 1);
    let failed = page(&report).failed_for(Reason::ConnectionLost) as f64;
    near(failed, 100.0 * 30.0, 0.1, "every query");
}

/// Four shards have four buffer pools: what does not fit into one fits into four.
#[test]
fn shards_add_up_their_memory() {
    let hits = |count: u32| {
        let drawing = shards(
            count,
            "sharding=hash; memory_gib=1; buffer_pool_percent=10; iops=1000000; vcpu=64",
        );
        let mut load = scenario(500.0, 60, read(Vec::new()));
        (load.datasets[0].rows, load.datasets[0].row_bytes) = (20_000, 16_384);
        measure(&run(&drawing, &load, 1), "d1", Measure::HitRatio)
    };
    near(hits(1), 0.1 * 65_536.0 / 20_000.0, 0.03, "a third");
    assert_eq!(hits(4), 1.0);
}

/// Copies of shards are asked as their shards are: a visitor's own write is found where it belongs.
#[test]
fn a_copy_of_a_shard_has_the_rows_of_its_shard() {
    // In the order of ids the copies stand the other way round.
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; db_pool=1000)
         d1 database(sharding=hash; commit_ms=0)
         d2 database(sharding=hash; commit_ms=0)
         y-of-2 database(apply_ms=0)
         z-of-1 database(apply_ms=0)
         c > s
         s > d1
         s > d2
         s > y-of-2
         s > z-of-1
         d1 > z-of-1
         d2 > y-of-2",
    );
    let report = run(&drawing, &scenario(400.0, 60, read(Vec::new())), 1);
    for name in ["y-of-2", "z-of-1"] {
        near(mean(&column(&report, name, Metric::Rate)), 200.0, 0.1, name);
    }
    let write = Demand::Write {
        dataset: id("product"),
        key: Pick::Hottest,
    };
    let hottest = Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Default::default(),
        key: Pick::Hottest,
    };
    let report = run(
        &drawing,
        &scenario(50.0, 20, Demand::Seq(vec![write, hottest])),
        1,
    );
    let rate = |name: &str| mean(&column(&report, name, Metric::Rate));
    let (first, second) = (rate("d1") > 0.0, rate("d2") > 0.0);
    assert!(first != second);
    assert_eq!(
        (rate("z-of-1") > 0.0, rate("y-of-2") > 0.0),
        (first, second)
    );
}

/// Four shards, of which the last joins after 30 s.
fn growing(sharding: &str, parameters: &str) -> Design {
    let mut text = String::from(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         c > s\n",
    );
    for i in 1..=4 {
        let joins = if i == 4 { 30 } else { 0 };
        text += &format!(
            "d{i} database(sharding={sharding}; {parameters}; joins_secs={joins}; max_connections=100000; connection_mib=0)
             s > d{i}\n"
        );
    }
    design(&text)
}

fn moment(report: &archplay_report::Report, code: EventCode) -> (f64, u32, u32) {
    let Some(event) = report.events.iter().find(|e| e.code == code) else {
        panic!("{code:?} never happened");
    };
    (event.at_ns as f64 / 1e9, event.from, event.to)
}

#[test]
fn rows_move_to_a_shard_that_joins() {
    for (sharding, share) in [
        ("hash", 0.75),
        ("modulo", 0.75),
        ("range", 0.5),
        ("consistent", 0.25),
    ] {
        let mut load = scenario(400.0, 90, read(Vec::new()));
        load.datasets[0].rows = 100_000;
        let report = run(&growing(sharding, "iops=3000"), &load, 1);
        assert_eq!(page(&report).failed, [], "{sharding}");
        let (began, from, to) = moment(&report, EventCode::Rebalancing);
        assert_eq!((began, from, to), (30.0, 3, 4));
        // Hashing anew moves three quarters of the rows, consistent hashing only those of the new one.
        let (ended, _, moved) = moment(&report, EventCode::Rebalanced);
        let uneven = if sharding == "consistent" { 0.5 } else { 0.05 };
        near(f64::from(moved), share * 1e5, uneven, sharding);
        assert!(ended > 30.0 && ended < 60.0, "{sharding}: {ended}");
        let rate = |i: u32, from: usize, to: usize| {
            mean(&column(&report, &format!("d{i}"), Metric::Rate)[from..to])
        };
        assert_eq!(rate(4, 0, 29), 0.0, "{sharding}");
        let uneven = if sharding == "consistent" { 0.6 } else { 0.1 };
        for i in 1..=3 {
            near(rate(i, 0, 29), 400.0 / 3.0, uneven, sharding);
        }
        for i in 1..=4 {
            near(rate(i, 61, 90), 100.0, uneven, sharding);
        }
    }
}

/// Moving takes the disks: twice as long with half the operations, and who reads meanwhile waits for it.
#[test]
fn moving_rows_costs_disk_operations_and_time() {
    let moving = |iops: u32| {
        let mut load = scenario(
            20.0,
            400,
            Demand::Write {
                dataset: id("product"),
                key: Pick::Fresh,
            },
        );
        (load.datasets[0].rows, load.datasets[0].row_bytes) = (1_000_000, 1_000);
        let report = run(
            &growing("hash", &format!("iops={iops}; commit_ms=1")),
            &load,
            1,
        );
        let (ended, ..) = moment(&report, EventCode::Rebalanced);
        let slow = column(&report, "d1", Metric::Disk);
        (ended - 30.0, mean(&slow[32..40]) - mean(&slow[5..29]))
    };
    let ((fast, busy), (slow, _)) = (moving(2_000), moving(1_000));
    near(slow / fast, 2.0, 0.05, "half the operations");
    // A gigabyte in all; of 61,035 pages every old shard gives a quarter and takes a sixth. Half of the disk's time.
    let pages = 1e9 / 16_384.0;
    assert!(
        fast > pages / 4.0 / 2_000.0 && fast < pages / 2_000.0,
        "{fast}"
    );
    assert!(busy > 0.3, "{busy}");
}

/// Stock that was sold before is not there to be sold again at the new place, and own writes are found.
#[test]
fn what_is_known_of_rows_moves_with_them() {
    let reserve = Demand::Reserve {
        dataset: id("product"),
        amount: 1,
        key: Pick::Popular,
        read_then_write: false,
    };
    for sharding in ["hash", "modulo", "range", "consistent"] {
        let mut load = scenario(200.0, 120, reserve.clone());
        load.datasets[0].rows = 300;
        load.datasets[0].stock = Some(40);
        let report = run(&growing(sharding, "iops=10000"), &load, 1);
        moment(&report, EventCode::Rebalanced);
        assert_eq!(
            page(&report).good,
            300 * 40,
            "{sharding}: everything is sold once"
        );
        assert!(page(&report).failed_for(Reason::SoldOut) > 0);
    }
}

/// A transaction that fails gives its piece back, whether or not its row was to move meanwhile.
#[test]
fn a_row_that_a_transaction_holds_moves_when_it_has_ended() {
    let reserve = |amount| Demand::Reserve {
        dataset: id("product"),
        amount,
        key: Pick::Popular,
        read_then_write: false,
    };
    // It takes a piece, thinks, and wants more than there ever were: it always fails. Then one is bought.
    let fails = Demand::Transaction(vec![reserve(1), constant(100.0), reserve(1_000)]);
    let demand = Demand::Seq(vec![Demand::Optional(Box::new(fails)), reserve(1)]);
    for sharding in ["hash", "modulo", "range", "consistent"] {
        let mut load = scenario(200.0, 120, demand.clone());
        load.datasets[0].rows = 300;
        load.datasets[0].stock = Some(40);
        let report = run(&growing(sharding, "iops=10000"), &load, 1);
        moment(&report, EventCode::Rebalanced);
        assert_eq!(page(&report).good, 300 * 40, "{sharding}");
        assert!(page(&report).failed_for(Reason::SoldOut) > 1_000);
    }
}

/// Four shards, of which the last joins after 30 s and has a copy; it stands in Tokyo if it is `far`.
fn growing_with_copy(copy: &str, parameters: &str, far: bool) -> Design {
    let mut drawing = String::from(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         j region(place=tokyo)
         c > s\n",
    );
    for i in 1..=4 {
        let (joins, place) = if i == 4 { (30, far) } else { (0, false) };
        let place = if place { " in j" } else { "" };
        drawing += &format!(
            "d{i} database(sharding=hash; {parameters}; joins_secs={joins}; max_connections=100000; connection_mib=0){place}
             s > d{i}\n"
        );
    }
    if !copy.is_empty() {
        drawing +=
            &format!("e4 database({copy}; max_connections=100000; connection_mib=0)\nd4 > e4");
    }
    design(&drawing)
}

/// The copy that takes over from the shard that has joined knows what was sold before the rows came.
#[test]
fn rows_that_come_reach_the_copies_of_their_new_shard() {
    let reserve = Demand::Reserve {
        dataset: id("product"),
        amount: 1,
        key: Pick::Popular,
        read_then_write: false,
    };
    let mut load = scenario(200.0, 120, reserve);
    (load.datasets[0].rows, load.datasets[0].stock) = (300, Some(40));
    let target = FaultTarget::Component(id("d4"));
    load.faults = vec![fault(45, None, FaultAction::Kill, target)];
    let copy = "replication=synchronous; promotion=automatic; promotion_secs=1; apply_ms=0.1";
    let report = run(&growing_with_copy(copy, "iops=10000", false), &load, 1);
    let (ended, ..) = moment(&report, EventCode::Rebalanced);
    assert!(ended < 45.0);
    assert_eq!(moment(&report, EventCode::Promoted).2, 0);
    let sold = page(&report).good;
    // What was inside when it died may be sold without an answer.
    assert!((11_980..=12_000).contains(&sold), "{sold}");
}

/// A page of rows is one write to a copy, and waits in line with the others.
#[test]
fn a_copy_of_a_shard_that_joins_falls_behind_by_the_rows_that_come() {
    let mut load = scenario(1.0, 200, read(Vec::new()));
    (load.datasets[0].rows, load.datasets[0].row_bytes) = (1_000_000, 1_000);
    let drawing = growing_with_copy("apply_ms=5", "iops=2000", false);
    let report = run(&drawing, &load, 1);
    let (ended, ..) = moment(&report, EventCode::Rebalanced);
    let lag = column(&report, "e4", Metric::Lag);
    // A quarter of 61,035 pages, 5 ms each.
    let applied = 30.0 + 0.25 * 1e9 / 16_384.0 * 0.005;
    assert!(ended < applied - 20.0, "{ended} {applied}");
    let last = lag
        .iter()
        .rposition(|lag| *lag > 0.0)
        .map_or(0.0, |at| at as f64);
    near(last, applied, 0.05, "until all is applied");
    near(lag[ended as usize], (ended - 30.0) * 1e3, 0.5, "far behind");
}

/// Each part needs its way over the network, and what goes to another place is paid.
#[test]
fn rows_take_their_way_to_a_shard_that_is_far() {
    let moving = |far: bool| {
        let mut load = scenario(1.0, 90, read(Vec::new()));
        (load.datasets[0].rows, load.datasets[0].row_bytes) = (100_000, 1_000);
        let report = run(&growing_with_copy("", "iops=100000", far), &load, 1);
        let (ended, ..) = moment(&report, EventCode::Rebalanced);
        (ended, report.cost.traffic, load.prices.between_places_gb)
    };
    let ((here, paid_here, price), (far, paid_far, _)) = (moving(false), moving(true));
    // 50 parts, one way of 15.65 ms more each.
    near(far - here, 50.0 * 0.015_65, 0.02, "time");
    // A quarter of 0.1 GB.
    near(paid_far - paid_here, 0.025 * price, 0.03, "traffic");
}
