//! What key-value stores, object stores and graph stores have to do, each so that it could not be its neighbour.
//! Search engines are in `stores_search`, generators of identifiers in `stores_ids`; both use the demands here.

use archplay_model::scenario::{
    Consistency, Demand, Fault, FaultAction, FaultTarget, Filter, FilterOp, JourneyStep,
    OnConflict, Operation, Pick, State,
};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, measured};
use crate::support::{design, id, near, page, run, scenario};

pub(crate) fn read(key: Pick, consistency: Consistency) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency,
        key,
    }
}

pub(crate) fn any() -> Demand {
    read(Pick::Popular, Consistency::Eventual)
}

pub(crate) fn query(conditions: usize, rows: u32) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows,
        filters: (0..conditions)
            .map(|i| Filter {
                column: id(["name", "brand", "price"][i]),
                op: FilterOp::Contains,
                selectivity: 0.1,
            })
            .collect(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    }
}

pub(crate) fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// client → server → the store `d`.
pub(crate) fn behind(store: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096)
         d {store}
         c > s
         s > d"
    ))
}

pub(crate) fn own_write(plan: &mut Scenario, second: Demand, think: f64) {
    plan.operations[0].demand = write(Pick::Own);
    plan.operations.push(Operation {
        id: id("look"),
        demand: second,
        ..plan.operations[0].clone()
    });
    plan.journeys[0].steps[0].gives = Some(State::OwnWrite);
    let step = JourneyStep {
        operation: id("look"),
        think_secs: think,
        gives: None,
        needs: Some(State::OwnWrite),
        ..plan.journeys[0].steps[0].clone()
    };
    plan.journeys[0].steps.push(step);
}

pub(crate) fn fault(at: u32, until: Option<u32>, action: FaultAction, target: &str) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action,
        target: FaultTarget::Component(id(target)),
    }
}

/// Share of requests that failed, all for this reason.
pub(crate) fn failed(report: &Report, reason: Reason) -> f64 {
    assert_eq!(page(report).failed_total(), page(report).failed_for(reason));
    page(report).failed_total() as f64 / page(report).offered as f64
}

// --- key-value store ---------------------------------------------------------------------------------

#[test]
fn beyond_its_units_a_key_value_store_throttles_instead_of_waiting() {
    let store = "key_value(read_units=500; partitions=1; burst_secs=0)";
    let report = run(&behind(store), &scenario(1_000.0, 60, any()), 1);
    // A bucket of one token that takes 2 ms to come back: M/D/1/1 loses ρ/(1 + ρ), here of ρ = 2.
    near(
        failed(&report, Reason::Throttled429),
        2.0 / 3.0,
        0.02,
        "lost",
    );
    // Nobody waits: those let in take the 4 ms and the way.
    near(page(&report).latency_p99_ms, 4.5, 0.02, "p99");
    assert!(column(&report, "d", Metric::Throttled)[30] > 400.0);
    assert_eq!(
        report
            .events
            .iter()
            .filter(|e| e.code == EventCode::Throttled)
            .count(),
        1
    );
}

#[test]
fn what_was_saved_up_carries_a_burst() {
    let store = "key_value(read_units=500; partitions=1; burst_secs=30)";
    let report = run(&behind(store), &scenario(1_000.0, 60, any()), 1);
    // 15,000 tokens saved, 500 a second too many: 30 seconds.
    let refused = column(&report, "d", Metric::Throttled);
    assert!(refused[27] < 1.0 && refused[33] > 400.0, "{refused:?}");
}

#[test]
fn a_hot_partition_throttles_while_the_others_have_units_left() {
    let store = "key_value(read_units=2000; partitions=4; burst_secs=1)";
    let spread = run(&behind(store), &scenario(1_000.0, 60, any()), 2);
    let hot = scenario(1_000.0, 60, read(Pick::Hottest, Consistency::Eventual));
    let hot = run(&behind(store), &hot, 2);
    assert!(failed(&spread, Reason::Throttled429) < 0.001);
    near(
        failed(&hot, Reason::Throttled429),
        0.5,
        0.05,
        "half is beyond the partition's 500",
    );
    assert!(column(&hot, "d", Metric::Utilisation)[30] > 0.98);
    assert!(column(&spread, "d", Metric::Utilisation)[30] < 0.65);
}

#[test]
fn strong_reads_cost_twice_and_are_never_old() {
    let share = |consistency, plan: Demand| {
        let store = format!("key_value(read_units=1000; burst_secs=1; consistency={consistency})");
        failed(
            &run(&behind(&store), &scenario(750.0, 60, plan), 3),
            Reason::Throttled429,
        )
    };
    assert!(share("eventual", any()) < 0.001);
    near(
        share("strong", any()),
        1.0 / 3.0,
        0.1,
        "1,500 units asked, 1,000 there",
    );
    let strong = read(Pick::Popular, Consistency::Strong);
    near(
        share("eventual", strong),
        1.0 / 3.0,
        0.1,
        "the read asks for the leader itself",
    );
}

#[test]
fn a_copy_is_old_until_the_lag_has_passed() {
    let stale = |think: f64, consistency: &str| {
        let mut plan = scenario(100.0, 100, any());
        own_write(&mut plan, read(Pick::Own, Consistency::Eventual), think);
        let store = format!("key_value(copy_lag_ms=500; latency_ms=1; consistency={consistency})");
        let report = run(&behind(&store), &plan, 4);
        let look = &report.whole.operations[1];
        assert_eq!(look.failed_total(), look.failed_for(Reason::StaleRead));
        assert_eq!(
            measured(&report, "d", Measure::StaleReads) as u64,
            look.failed_total()
        );
        look.failed_total() as f64 / look.offered as f64
    };
    // Thinking varies around its mean; two of three copies lag.
    let soon = stale(0.01, "eventual");
    near(soon, 2.0 / 3.0, 0.05, "within the lag");
    assert!(stale(30.0, "eventual") < 0.03);
    assert_eq!(stale(0.01, "strong"), 0.0);
}

#[test]
fn a_query_without_the_key_pays_for_every_row_it_looks_at() {
    let share = |demand| {
        let store = "key_value(read_units=10000; burst_secs=1)";
        failed(
            &run(&behind(store), &scenario(100.0, 30, demand), 5),
            Reason::Throttled429,
        )
    };
    assert!(share(any()) < 0.001);
    // 1,000 rows, a tenth fits: all of them for 100 rows, ten for one.
    assert!(share(query(1, 100)) > 0.85);
    assert!(share(query(1, 1)) < 0.001);
}

#[test]
fn identifiers_that_are_taken() {
    let tell = |on_conflict| {
        let insert = Demand::Seq(vec![
            Demand::NextId {
                dataset: id("product"),
            },
            Demand::Insert {
                dataset: id("product"),
                on_conflict,
            },
        ]);
        let drawing = design(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=1000; memory_gib=4096)
             g id_generator(scheme=timestamp_ms)
             d key_value(write_units=100000)
             c > s
             s > g
             s > d",
        );
        let report = run(&drawing, &scenario(1_000.0, 20, insert), 6);
        let collisions = measured(&report, "d", Measure::Collisions);
        near(collisions, 367.9 * 20.0, 0.05, "collisions");
        (
            page(&report).failed_for(Reason::DuplicateKey) as f64 / collisions,
            measured(&report, "d", Measure::LostWrites) / collisions,
        )
    };
    assert_eq!(tell(OnConflict::Error), (1.0, 0.0));
    assert_eq!(tell(OnConflict::FirstWins), (0.0, 0.0));
    assert_eq!(tell(OnConflict::LastWins), (0.0, 1.0));
}

#[test]
fn stock_is_sold_once_unless_reading_and_writing_are_two() {
    for store in [
        "key_value(write_units=100000; read_units=100000; latency_ms=20)",
        "object_store(first_byte_ms=20; rate_per_sec=100000)",
        "graph_store(vcpu=256; lookup_cpu_ms=20; row_cpu_us=0)",
    ] {
        let sell = |read_then_write| {
            let mut plan = scenario(
                400.0,
                20,
                Demand::Reserve {
                    dataset: id("product"),
                    amount: 1,
                    key: Pick::Hottest,
                    read_then_write,
                },
            );
            plan.datasets[0].stock = Some(1_000);
            plan.datasets[0].rows = 1;
            let report = run(&behind(store), &plan, 7);
            let oversold = page(&report).failed_for(Reason::Oversold);
            assert_eq!(measured(&report, "d", Measure::Oversold) as u64, oversold);
            let latency = page(&report).latency_mean_ms;
            (page(&report).good, oversold, latency)
        };
        let (sold, beyond, once) = sell(false);
        assert_eq!((sold, beyond), (1_000, 0), "{store}");
        near(once, 20.5, 0.05, store);
        // The asker has the value half a millisecond later, and needs as long again to write.
        let (sold, beyond, twice) = sell(true);
        assert_eq!(sold, 1_000, "{store}");
        assert!(beyond > 3_000, "{store} {beyond}");
        near(twice, 41.0, 0.05, store);
    }
}

// --- object store ------------------------------------------------------------------------------------

#[test]
fn an_object_takes_its_first_byte_and_its_bytes() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         d object_store(first_byte_ms=40; transfer_mbps=80; rate_per_sec=100)
         s server
         c > d
         c > s",
    );
    let files = Demand::Static {
        bytes: 1_000_000,
        objects: 1,
    };
    let report = run(&drawing, &scenario(20.0, 60, files.clone()), 1);
    // 8 Mbit at 80 Mbit/s, however many transfers there are.
    near(page(&report).latency_p50_ms, 140.0, 0.01, "median");
    near(page(&report).latency_p99_ms, 140.0, 0.01, "p99");
    near(
        column(&report, "d", Metric::Egress)[30..50]
            .iter()
            .sum::<f64>(),
        400.0,
        0.2,
        "MB",
    );
    let crowd = run(&drawing, &scenario(200.0, 60, files), 1);
    near(
        failed(&crowd, Reason::Unavailable503),
        0.5,
        0.05,
        "beyond 100 a second",
    );
    near(page(&crowd).latency_p99_ms, 140.0, 0.01, "nobody waits");
}

/// It has no index: a search lists all names and fetches every object.
#[test]
fn a_search_in_an_object_store_fetches_all_objects() {
    let took = |demand, rows, limit: u32| {
        let store =
            format!("object_store(first_byte_ms=20; transfer_mbps=80; rate_per_sec={limit})");
        let mut plan = scenario(0.02, 2_000, demand);
        (plan.datasets[0].rows, plan.datasets[0].row_bytes) = (rows, 1_000);
        let report = run(&behind(&store), &plan, 1);
        (page(&report).latency_p50_ms, page(&report).failed_total())
    };
    near(took(any(), 10_000, 100_000).0, 20.6, 0.01, "one by its key");
    // A tenth of the rows fits and all of those are wanted: ten lists, then 10 MB at 10 MB/s.
    let all = took(query(1, 1_000), 10_000, 100_000);
    near(all.0, 11.0 * 20.0 + 1_000.5, 0.01, "all");
    // A tenth of them is enough for 100.
    near(
        took(query(1, 100), 10_000, 100_000).0,
        2.0 * 20.0 + 100.5,
        0.01,
        "some",
    );
    // No more than 1,000 requests a second: 9,010 have to wait.
    let slow = took(query(1, 1_000), 10_000, 1_000);
    near(slow.0, all.0 + 9_010.0, 0.01, "beyond the limit");
    assert!(slow.1 > 0, "nothing is left for others meanwhile");
}

// --- graph store -------------------------------------------------------------------------------------

#[test]
fn a_graph_store_shares_its_cores_and_costs_by_the_neighbours() {
    let demand = |rows| Demand::Read {
        dataset: id("product"),
        rows,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    };
    let store = "graph_store(vcpu=1; lookup_cpu_ms=1; row_cpu_us=10)";
    for (rows, service) in [(100, 0.002), (300, 0.004)] {
        let mut plan = scenario(200.0, 400, demand(rows));
        // However many there are.
        plan.datasets[0].rows = 10_000_000;
        let report = run(&behind(store), &plan, 5);
        let wanted = archplay_theory::mg1_ps_sojourn(200.0, service) * 1e3 + 0.5;
        near(page(&report).latency_mean_ms, wanted, 0.05, "sojourn");
    }
}

#[test]
fn a_query_in_a_graph_without_a_node_to_begin_at_looks_at_row_after_row() {
    let took = |rows, order: bool| {
        let mut demand = query(1, 10);
        if let Demand::Read { order_by, .. } = &mut demand {
            *order_by = order.then(|| id("name"));
        }
        let mut plan = scenario(0.2, 5_000, demand);
        plan.datasets[0].rows = rows;
        let store = "graph_store(vcpu=4; lookup_cpu_ms=1; row_cpu_us=10)";
        page(&run(&behind(store), &plan, 1)).latency_mean_ms
    };
    // Ten of those of which every tenth fits, or all that are there.
    near(
        took(10_000, false),
        2.0 + 0.5,
        0.1,
        "until enough are found",
    );
    near(took(10_000, true), 101.0 + 0.5, 0.1, "in order");
    near(took(50, false), 1.5 + 0.5, 0.1, "no more than there are");
}
