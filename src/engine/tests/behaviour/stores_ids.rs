//! What generators of identifiers have to do.

use archplay_model::scenario::{Demand, FaultAction, OnConflict};
use archplay_report::{EventCode, Measure, Reason};

use crate::reports::measured;
use crate::stores_data::{behind, fault};
use crate::support::{design, id, near, page, run, scenario};

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
    // They wait as in M/D/1, and take no time of their own besides the latency.
    let wanted = (archplay_theory::mg1(80.0, 0.01, 0.0).sojourn_mean - 0.01) * 1e3 + 0.5;
    near(page(&report).latency_mean_ms, wanted, 0.04, "M/D/1");
    let alone = "id_generator(scheme=ticket; rate_per_sec=1; latency_ms=4)";
    let lone = run(&behind(alone), &scenario(0.001, 3_000, next_id()), 6);
    near(page(&lone).latency_p50_ms, 4.5, 0.01, "nobody before");
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
