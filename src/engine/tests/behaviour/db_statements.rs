//! What a statement costs and waits for in a database: processor, pages, disk, rows' locks, connections.

use archplay_model::Design;
use archplay_model::scenario::{
    Demand, FaultAction, FaultTarget, Filter, FilterOp, Pick, Scenario,
};
use archplay_report::{EventCode, Measure, Metric, Reason};

use crate::reports::{column, constant, count, fault, mean, measure};
use crate::support::{design, id, near, page, run, scenario};

/// client → server without limits → database `d`; the way there and back takes 0.5 ms.
fn behind(parameters: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         d database({parameters}; max_connections=100000; connection_mib=0)
         c > s
         s > d"
    ))
}

fn with_indexes(mut drawing: Design, text: &str) -> Design {
    if let Some(d) = drawing.components.get_mut(&id("d")) {
        d.params
            .insert("indexes".into(), archplay_model::Value::Text(text.into()));
    }
    drawing
}

const WAY_MS: f64 = 0.5;

fn read(key: Pick) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Default::default(),
        key,
    }
}

fn query(filters: &[(&str, FilterOp, f64)], order: Option<&str>, offset: u32) -> Demand {
    let filter = |(column, op, selectivity): &(&str, FilterOp, f64)| Filter {
        column: id(column),
        op: *op,
        selectivity: *selectivity,
    };
    Demand::Read {
        dataset: id("product"),
        rows: 20,
        filters: filters.iter().map(filter).collect(),
        order_by: order.map(id),
        offset,
        consistency: Default::default(),
        key: Pick::Popular,
    }
}

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// So many rows of so many bytes, and how unevenly they are asked for.
fn rows(mut load: Scenario, rows: u64, row_bytes: u32, alpha: f64) -> Scenario {
    let dataset = &mut load.datasets[0];
    (dataset.rows, dataset.row_bytes, dataset.zipf_alpha) = (rows, row_bytes, alpha);
    load
}

#[test]
fn a_read_takes_processor_and_a_write_also_its_commit() {
    let drawing = behind("");
    let reads = run(&drawing, &scenario(10.0, 60, read(Pick::Popular)), 1);
    near(page(&reads).latency_p50_ms, WAY_MS + 0.5, 0.01, "read");
    let writes = run(&drawing, &scenario(10.0, 60, write(Pick::Popular)), 1);
    near(
        page(&writes).latency_p50_ms,
        WAY_MS + 1.0 + 2.0,
        0.01,
        "write",
    );
    // Everything is in memory from the beginning.
    assert!(
        column(&reads, "d", Metric::HitRatio)[5..]
            .iter()
            .all(|hits| *hits == 1.0)
    );
    assert!(
        column(&reads, "d", Metric::Disk)
            .iter()
            .all(|busy| *busy == 0.0)
    );
    let indexed = run(
        &with_indexes(behind(""), "product(a); product(b, c)"),
        &scenario(10.0, 60, write(Pick::Popular)),
        1,
    );
    near(
        page(&indexed).latency_p50_ms,
        WAY_MS + 3.2,
        0.01,
        "two indexes",
    );
}

/// Hardly any page is in memory: the disk is an M/D/1 queue.
#[test]
fn the_disk_is_an_m_d_1_queue() {
    let drawing =
        behind("memory_gib=0.5; buffer_pool_percent=0; iops=100; disk_read_ms=10; read_cpu_ms=0");
    let load = rows(
        scenario(80.0, 3_000, read(Pick::Fresh)),
        10_000_000,
        16_384,
        0.0,
    );
    let report = run(&drawing, &load, 1);
    assert!(measure(&report, "d", Measure::HitRatio) < 0.001);
    let wait = 0.8 * 10.0 / (2.0 * 0.2);
    near(
        page(&report).latency_mean_ms,
        WAY_MS + 10.0 + wait,
        0.03,
        "mean",
    );
    near(mean(&column(&report, "d", Metric::Disk)), 0.8, 0.01, "busy");
    let theory = archplay_theory::mg1(80.0, 0.01, 0.0);
    near(
        page(&report).latency_mean_ms - WAY_MS,
        theory.sojourn_mean * 1e3,
        0.03,
        "M/D/1",
    );
}

/// The buffer pool is an LRU cache over pages: Che's approximation.
#[test]
fn the_hit_ratio_of_the_buffer_pool_is_that_of_theory() {
    // 62.5 MiB: 4,000 pages of 20,000.
    let drawing =
        behind("memory_gib=1; buffer_pool_percent=6.103515625; iops=1000000; disk_read_ms=0");
    let load = rows(
        scenario(2_000.0, 100, read(Pick::Fresh)),
        20_000,
        16_384,
        0.8,
    );
    let report = run(&drawing, &load, 1);
    let shares = archplay_theory::zipf_shares(0.8, 20_000);
    let che = archplay_theory::lru_che(&shares, 4_000);
    near(
        measure(&report, "d", Measure::HitRatio),
        che.hit_ratio,
        0.01,
        "hit ratio",
    );
}

#[test]
fn a_restart_empties_the_pool_and_reads_fill_it_again() {
    let drawing = behind("iops=500");
    let mut load = rows(scenario(200.0, 300, read(Pick::Fresh)), 10_000, 16_384, 0.0);
    let target = FaultTarget::Component(id("d"));
    load.faults = vec![fault(60, Some(90), FaultAction::Kill, target)];
    let report = run(&drawing, &load, 1);
    let hits = column(&report, "d", Metric::HitRatio);
    assert!(
        hits[50] == 1.0 && hits[92] < 0.1,
        "{} {}",
        hits[50],
        hits[92]
    );
    assert!(hits[299] > 0.95, "{}", hits[299]);
    assert!(page(&report).failed_for(Reason::ConnectionLost) > 5_000);
}

/// Every connection takes memory from the buffer pool.
#[test]
fn open_connections_push_pages_out() {
    let hit_ratio = |pool: u32| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=256; workers=100000; memory_gib=4096; db_pool={pool})
             d database(memory_gib=4; connection_mib=10; max_connections=1000; read_cpu_ms=20; vcpu=64; iops=1000000)
             c > s
             s > d"
        ));
        // 2 GiB of rows; a crowd opens as many connections as it may.
        let mut load = rows(
            scenario(4_000.0, 60, read(Pick::Fresh)),
            131_072,
            16_384,
            0.0,
        );
        load.audiences[0].timeout_secs = 10.0;
        let report = run(&drawing, &load, 1);
        let memory = column(&report, "d", Metric::Memory);
        (
            column(&report, "d", Metric::HitRatio)[59],
            memory[59],
            memory[0],
        )
    };
    let (few, many) = (hit_ratio(50), hit_ratio(300));
    assert_eq!(few.0, 1.0);
    // 4,096 − 256 − 3,000 MiB of 2,048 MiB are left.
    near(
        many.0,
        840.0 / 2_048.0,
        0.02,
        "hit ratio with 300 connections",
    );
    assert!(many.1 > 0.999 && few.1 < 0.95, "{many:?} {few:?}");
}

#[test]
fn a_hot_row_is_written_once_in_a_hold_time() {
    let drawing = behind("write_cpu_ms=1; commit_ms=9; iops=1000000");
    // Hold 10 ms: at most 100 a second; below, an M/D/1 queue.
    let mut much = scenario(200.0, 60, write(Pick::Hottest));
    much.audiences[0].timeout_secs = 1e4;
    let report = run(&drawing, &much, 1);
    near(page(&report).good as f64 / 60.0, 100.0, 0.01, "throughput");
    assert!(column(&report, "d", Metric::LockWaiting)[59] > 5_000.0);
    let report = run(&drawing, &scenario(80.0, 2_000, write(Pick::Hottest)), 1);
    let wait = 0.8 * 10.0 / (2.0 * 0.2);
    near(
        page(&report).latency_mean_ms,
        WAY_MS + 10.0 + wait,
        0.03,
        "mean",
    );
    // Other rows do not wait.
    let report = run(&drawing, &scenario(80.0, 200, write(Pick::Fresh)), 1);
    assert!(page(&report).latency_mean_ms < WAY_MS + 11.0);
}

#[test]
fn a_transaction_holds_its_rows_to_its_end() {
    let drawing = behind("write_cpu_ms=1; commit_ms=2");
    let inside = vec![write(Pick::Hottest), constant(16.0)];
    let mut tight = scenario(200.0, 60, Demand::Transaction(inside.clone()));
    tight.audiences[0].timeout_secs = 1e4;
    let report = run(&drawing, &tight, 1);
    // From the statement to the end: 3 ms, the way back, 16 ms of computing.
    near(
        page(&report).good as f64 / 60.0,
        1e3 / 19.25,
        0.02,
        "held to the end",
    );
    tight.operations[0].demand = Demand::Seq(inside);
    let report = run(&drawing, &tight, 1);
    assert!(page(&report).good as f64 / 60.0 > 190.0);
}

#[test]
fn who_waits_too_long_for_a_row_fails() {
    let drawing = behind("write_cpu_ms=1; commit_ms=99; lock_timeout_secs=1");
    let report = run(&drawing, &scenario(20.0, 60, write(Pick::Hottest)), 1);
    let failed = page(&report).failed_for(Reason::LockTimeout);
    assert!((400..620).contains(&failed), "{failed}");
    near(page(&report).good as f64 / 60.0, 10.0, 0.03, "throughput");
}

/// Two orders of the same two rows meet in each other's way: one goes back at once, the other goes on.
#[test]
fn a_deadlock_is_found_at_once_and_one_of_the_two_goes_on() {
    let drawing = behind("write_cpu_ms=1; commit_ms=99; lock_timeout_secs=1000");
    let both = Demand::Transaction(vec![write(Pick::Fresh), write(Pick::Fresh)]);
    let mut load = scenario(4.0, 60, both);
    load.audiences[0].timeout_secs = 1e4;
    load.datasets[0].rows = 2;
    let report = run(&drawing, &load, 1);
    let page = page(&report);
    assert!(page.failed_for(Reason::Deadlock) > 5, "{page:?}");
    assert_eq!(page.failed_for(Reason::LockTimeout), 0);
    // Nobody waits for a time-out.
    assert!(page.latency_max_ms < 10_000.0, "{page:?}");
    let ended = page.good + page.failed_for(Reason::Deadlock);
    assert_eq!(ended + page.inside, page.offered);
}

/// Rows looked at: 1,000,000 of them, 20 wanted.
#[test]
fn the_planner_uses_an_index_from_the_left() {
    let examined = |indexes: &str, demand: Demand| {
        let drawing = with_indexes(behind("row_cpu_us=1; vcpu=64"), indexes);
        let load = rows(scenario(2.0, 60, demand), 1_000_000, 100, 0.0);
        let report = run(&drawing, &load, 1);
        (
            measure(&report, "d", Measure::RowsExamined) * 20.0,
            page(&report).latency_p50_ms,
        )
    };
    let filters = [
        ("brand", FilterOp::Equal, 0.001),
        ("price", FilterOp::Range, 0.1),
    ];
    let q = || query(&filters, Some("date"), 0);
    let (all, slow) = examined("", q());
    near(all, 1e6, 1e-6, "no index, sorted");
    near(slow, WAY_MS + 0.5 + 1_000.0, 0.01, "a second of processor");
    near(
        examined("product(brand, price)", q()).0,
        100.0,
        1e-6,
        "both columns",
    );
    near(
        examined("product(price, brand)", q()).0,
        1e5,
        1e-6,
        "the range first",
    );
    near(
        examined("product(date)", q()).0,
        2e5,
        1e-6,
        "in the order of an index",
    );
    let word = query(&[("title", FilterOp::Contains, 1e-4)], None, 0);
    near(
        examined("product(title)", word).0,
        2e5,
        1e-6,
        "inside a text",
    );
    let deep = query(&[], Some("date"), 100_000);
    near(
        examined("product(date)", deep).0,
        100_020.0,
        1e-6,
        "a deep page",
    );
}

/// A scan of a table that is not in memory reads its pages from the disk, and does not push others out.
#[test]
fn a_scan_reads_the_pages_that_are_not_there() {
    let demand = query(&[("brand", FilterOp::Equal, 0.001)], Some("date"), 0);
    // 1,600 pages, 400 of them in memory; 10,000 reads a second.
    let drawing = behind(
        "memory_gib=1; buffer_pool_percent=0.6103515625; iops=10000; disk_read_ms=0; row_cpu_us=0",
    );
    let load = rows(scenario(0.5, 120, demand), 16_000, 1_638, 0.0);
    let report = run(&drawing, &load, 1);
    near(
        page(&report).latency_p50_ms,
        WAY_MS + 0.5 + 120.0,
        0.03,
        "1,200 pages",
    );
    near(
        measure(&report, "d", Measure::HitRatio),
        0.25,
        0.02,
        "hit ratio",
    );
}

#[test]
fn a_full_disk_takes_no_writes() {
    let drawing = behind("");
    let mut load = scenario(
        20.0,
        90,
        Demand::Seq(vec![read(Pick::Popular), write(Pick::Popular)]),
    );
    let target = FaultTarget::Component(id("d"));
    load.faults = vec![fault(30, Some(60), FaultAction::FillDisk, target)];
    let report = run(&drawing, &load, 1);
    let failed = page(&report).failed_for(Reason::DiskFull);
    assert!((480..720).contains(&failed), "{failed}");
    assert_eq!(count(&report, EventCode::DiskFull), 1);
    assert_eq!(column(&report, "d", Metric::DiskUsed)[45], 1.0);
    // Growth fills it too: 1 GiB in a minute.
    let small = behind("disk_gib=1; vcpu=64; iops=1000000");
    let insert = Demand::Insert {
        dataset: id("product"),
        on_conflict: Default::default(),
    };
    let load = rows(scenario(1_000.0, 60, insert), 1_000, 16_384, 0.0);
    let report = run(&small, &load, 1);
    let used = column(&report, "d", Metric::DiskUsed);
    near(used[15], 0.5, 0.05, "half after 16 s of rows and log");
    assert!(page(&report).failed_for(Reason::DiskFull) > 20_000);
}

#[test]
fn another_program_takes_processor_and_a_slow_one_everything() {
    let mut load = scenario(100.0, 90, read(Pick::Popular));
    let d = || FaultTarget::Component(id("d"));
    load.faults = vec![
        fault(30, Some(45), FaultAction::HogCpu { cores: 3.0 }, d()),
        fault(60, Some(75), FaultAction::Slow { factor: 10.0 }, d()),
    ];
    let report = run(&behind("vcpu=4; read_cpu_ms=4"), &load, 1);
    let busy = column(&report, "d", Metric::Utilisation);
    near(mean(&busy[5..30]), 0.1, 0.1, "alone");
    near(mean(&busy[31..45]), 0.85, 0.03, "with a program of 3 cores");
    near(mean(&busy[61..75]), 1.0, 0.03, "ten times as slow");
}
