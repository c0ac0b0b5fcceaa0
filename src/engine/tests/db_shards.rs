//! Rows spread over several databases: who is asked, and what a query without a key costs.

mod server_support;
mod support;

use archplay_model::Design;
use archplay_model::scenario::{Demand, Filter, FilterOp, Pick};
use archplay_report::{Measure, Metric, Reason};
use server_support::{column, fault, mean, measure};
use support::{design, id, near, page, run, scenario};

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
            archplay_model::scenario::FaultAction::Kill,
            archplay_model::scenario::FaultTarget::Component(id("d2")),
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
