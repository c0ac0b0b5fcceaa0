//! What key-value stores, object stores, search engines, graph stores and generators of identifiers have to
//! do, each so that it could not be its neighbour.

use archplay_model::scenario::{
    Consistency, Demand, Fault, FaultAction, FaultTarget, Filter, FilterOp, JourneyStep,
    OnConflict, Operation, Pick, State,
};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, measured};
use crate::support::{design, id, near, page, run, scenario};

fn read(key: Pick, consistency: Consistency) -> Demand {
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

fn any() -> Demand {
    read(Pick::Popular, Consistency::Eventual)
}

fn query(conditions: usize, rows: u32) -> Demand {
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

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// client → server → the store `d`.
fn behind(store: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096)
         d {store}
         c > s
         s > d"
    ))
}

fn own_write(plan: &mut Scenario, second: Demand, think: f64) {
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

fn fault(at: u32, until: Option<u32>, action: FaultAction, target: &str) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action,
        target: FaultTarget::Component(id(target)),
    }
}

/// Share of requests that failed, all for this reason.
fn failed(report: &Report, reason: Reason) -> f64 {
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
        let report = run(
            &behind("key_value(write_units=100000; latency_ms=20)"),
            &plan,
            7,
        );
        let oversold = page(&report).failed_for(Reason::Oversold);
        assert_eq!(measured(&report, "d", Measure::Oversold) as u64, oversold);
        (page(&report).good, oversold)
    };
    assert_eq!(sell(false), (1_000, 0));
    let (sold, beyond) = sell(true);
    assert_eq!(sold, 1_000);
    assert!(beyond > 3_000, "{beyond}");
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

// --- search ------------------------------------------------------------------------------------------

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

// --- identifiers -------------------------------------------------------------------------------------

fn next_id() -> Demand {
    Demand::NextId {
        dataset: id("product"),
    }
}

#[test]
fn identifiers_beyond_the_rate_wait_in_line() {
    let plan = scenario(80.0, 600, next_id());
    let report = run(
        &behind("id_generator(scheme=ticket; rate_per_sec=100; latency_ms=0)"),
        &plan,
        6,
    );
    let wanted = archplay_theory::mg1(80.0, 0.01, 0.0).sojourn_mean * 1e3 + 0.5;
    near(page(&report).latency_mean_ms, wanted, 0.04, "M/D/1");
    near(
        measured(&report, "d", Measure::IdsDrawn),
        48_000.0,
        0.02,
        "drawn",
    );
}

#[test]
fn a_snowflake_whose_clock_steps_back_waits_or_repeats() {
    let tell = |step_back: &str| {
        let insert = Demand::Seq(vec![
            next_id(),
            Demand::Insert {
                dataset: id("product"),
                on_conflict: OnConflict::Error,
            },
        ]);
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=10000; memory_gib=4096)
             g id_generator(scheme=snowflake; step_back={step_back})
             d key_value(write_units=100000)
             c > s
             s > g
             s > d"
        ));
        let mut plan = scenario(1_000.0, 30, insert);
        plan.faults.push(fault(
            10,
            None,
            FaultAction::StepClock { ms: -3_000.0 },
            "g",
        ));
        run(&drawing, &plan, 7)
    };
    let waits = tell("wait");
    assert_eq!(page(&waits).failed_total(), 0);
    assert!((2_500.0..3_100.0).contains(&page(&waits).latency_max_ms));
    let repeats = tell("repeat");
    assert!(page(&repeats).latency_max_ms < 10.0);
    // Of the 3,000 of the repeated seconds about those whose millisecond had one before.
    let taken = page(&repeats).failed_for(Reason::DuplicateKey);
    assert!((1_200..2_400).contains(&taken), "{taken}");
    let codes = waits
        .events
        .iter()
        .filter(|e| e.code == EventCode::ClockStepped);
    assert_eq!(codes.count(), 1);
}

#[test]
fn two_counters_interleave_or_collide() {
    let tell = |second: &str| {
        let insert = Demand::Seq(vec![
            next_id(),
            Demand::Insert {
                dataset: id("product"),
                on_conflict: OnConflict::Error,
            },
        ]);
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=1000; memory_gib=4096)
             g id_generator(scheme=auto_increment; step=2)
             h id_generator(scheme=auto_increment; step=2; {second})
             d key_value(write_units=100000)
             c > s
             s > g
             s > h
             s > d"
        ));
        let report = run(&drawing, &scenario(500.0, 20, insert), 8);
        page(&report).failed_for(Reason::DuplicateKey)
    };
    assert_eq!(tell("offset=2"), 0);
    assert!(tell("offset=1") > 4_900);
}

// --- search and its database -------------------------------------------------------------------------

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

#[test]
fn identifiers_by_the_server_and_rows_in_a_database() {
    let insert = Demand::Seq(vec![
        next_id(),
        Demand::Insert {
            dataset: id("product"),
            on_conflict: OnConflict::FirstWins,
        },
    ]);
    let collisions = |server: &str, generator: &str, store: &str| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=10000; memory_gib=4096; db_pool=1000;{server})
             d {store}
             {generator}
             c > s
             s > d"
        ));
        let report = run(&drawing, &scenario(500.0, 40, insert.clone()), 11);
        assert_eq!(page(&report).failed_total(), 0);
        // A database speaks only of what there was.
        let totals = report.components.iter().find(|c| c.id == id("d"));
        let found = totals.and_then(|c| c.measures.iter().find(|m| m.0 == Measure::Collisions));
        found.map_or(0.0, |m| m.1) / 40.0
    };
    let keys = archplay_theory::MsKeys {
        rate: 500.0,
        random_bits: 0,
    };
    let wanted = keys.collisions_per_second();
    let database = "database(vcpu=64; write_cpu_ms=0.1; commit_ms=1; iops=1000000)";
    let own = "id_scheme=timestamp_ms";
    near(
        collisions(own, "", database),
        wanted,
        0.05,
        "server's scheme, database",
    );
    near(
        collisions(own, "", "key_value"),
        wanted,
        0.05,
        "server's scheme, key-value store",
    );
    let linked = "g id_generator(scheme=timestamp_ms)\ns > g";
    near(
        collisions("", linked, database),
        wanted,
        0.05,
        "generator, database",
    );
    assert_eq!(collisions("id_scheme=snowflake", "", database), 0.0);
}
