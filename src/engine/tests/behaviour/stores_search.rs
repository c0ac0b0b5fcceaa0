//! What search engines have to do: alone, and beside the database whose rows they hold.

use archplay_model::Design;
use archplay_model::scenario::{Consistency, Demand, FaultAction, Pick};
use archplay_report::{Measure, Metric, Reason};

use crate::reports::{column, measured};
use crate::stores_data::{any, behind, fault, own_write, query};
use crate::support::{design, id, near, page, run, scenario};

#[test]
fn a_query_waits_for_the_slowest_shard() {
    let rate = 100.0;
    for (shards, rows) in [(1, 1_000_000_u64), (2, 2_000_000)] {
        let mut plan = scenario(rate, 600, query(1, 10));
        plan.datasets[0].rows = rows;
        let store = format!("search(shards={shards}; vcpu=1; query_cpu_ms=7)");
        let report = run(&behind(&store), &plan, 2);
        // A million rows a shard: what the parameter says.
        let service = 0.007;
        let wanted = match shards {
            1 => archplay_theory::mmc_sojourn(1, rate, service),
            _ => archplay_theory::fork_join_two(rate, service),
        };
        near(
            page(&report).latency_mean_ms,
            wanted * 1e3 + 0.5,
            0.04,
            "sojourn",
        );
        let busy = report.components.iter().find(|c| c.id == id("d"));
        near(busy.map_or(0.0, |c| c.utilisation), 0.7, 0.02, "busy");
    }
    let mut plan = scenario(500.0, 300, query(1, 10));
    plan.datasets[0].rows = 1_000_000;
    let report = run(
        &behind("search(shards=1; vcpu=4; query_cpu_ms=6)"),
        &plan,
        3,
    );
    let wanted = archplay_theory::mmc_sojourn(4, 500.0, 0.006) * 1e3 + 0.5;
    near(page(&report).latency_mean_ms, wanted, 0.03, "four cores");
}

#[test]
fn a_query_costs_neither_by_condition_nor_by_row() {
    let took = |conditions, rows: u64| {
        let mut plan = scenario(20.0, 200, query(conditions, 10));
        plan.datasets[0].rows = rows;
        page(&run(&behind("search"), &plan, 4)).latency_mean_ms
    };
    let one = took(1, 1_000_000);
    near(took(3, 1_000_000), one, 1e-9, "three conditions");
    let many = took(1, 100_000_000);
    // A hundred times as many rows take less than half as long again.
    assert!((1.2..1.6).contains(&(many / one)), "{one} {many}");
    // The same query at a key-value store looks at row after row: the database's tests say the same of it.
}

fn searched(search: &str, links: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=4096; db_pool=1000)
         d database
         x search({search})
         c > s
         s > d
         s > x
         {links}"
    ))
}

fn own_query() -> Demand {
    match query(1, 1) {
        Demand::Read {
            dataset,
            rows,
            filters,
            ..
        } => Demand::Read {
            dataset,
            rows,
            filters,
            order_by: None,
            offset: 0,
            consistency: Consistency::Eventual,
            key: Pick::Own,
        },
        other => other,
    }
}

#[test]
fn a_search_engine_shows_a_write_after_its_next_refresh() {
    let stale = |search: &str, links: &str, think: f64| {
        let mut plan = scenario(50.0, 200, any());
        own_write(&mut plan, own_query(), think);
        let report = run(&searched(search, links), &plan, 9);
        let look = &report.whole.operations[1];
        assert_eq!(look.failed_total(), look.failed_for(Reason::StaleRead));
        assert_eq!(
            measured(&report, "x", Measure::StaleReads) as u64,
            look.failed_total()
        );
        look.failed_total() as f64 / look.offered as f64
    };
    // Exponential thinking of mean m against a refresh each R: 1 − m/R (1 − e^(−R/m)).
    // The bracket is also the hit ratio of a key asked for every m seconds that expires R after its last use.
    let bracket = |m: f64, r: f64| archplay_theory::ttl_sliding(&[1.0], 1.0 / m, r).hit_ratio;
    let wanted = |m: f64, r: f64| 1.0 - m / r * bracket(m, r);
    near(
        stale("refresh_secs=5", "x > d", 2.0),
        wanted(2.0, 5.0),
        0.04,
        "R = 5, m = 2",
    );
    near(
        stale("refresh_secs=1", "x > d", 2.0),
        wanted(2.0, 1.0),
        0.06,
        "R = 1, m = 2",
    );
    // Nobody tells it anything.
    assert_eq!(stale("refresh_secs=1", "", 2.0), 1.0);
}

#[test]
fn a_search_engine_falls_behind_a_database_that_is_gone() {
    let mut plan = scenario(20.0, 60, query(1, 1));
    plan.faults
        .push(fault(20, Some(40), FaultAction::Kill, "d"));
    let report = run(&searched("refresh_secs=1", "x > d"), &plan, 10);
    let lag = column(&report, "x", Metric::Lag);
    assert!(
        lag[15] < 1_100.0 && lag[38] > 17_000.0 && lag[45] < 1_100.0,
        "{lag:?}"
    );
    // What it has it still shows.
    assert_eq!(page(&report).failed_total(), 0);
}
