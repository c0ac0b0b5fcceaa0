//! Rows with owners and amounts: stock, identifiers, who reads whose row.

use archplay_model::Design;
use archplay_model::scenario::{
    Consistency, Demand, FaultAction, FaultTarget, JourneyStep, OnConflict, Operation, Pick,
    Scenario,
};
use archplay_report::{Measure, Reason};

use crate::reports::{fault, measure};
use crate::support::{self, design, id, page, run, scenario};

fn behind(server: &str, database: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server({server}; vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         d database({database}; max_connections=100000; connection_mib=0; vcpu=64; iops=1000000)
         c > s
         s > d"
    ))
}

fn reserve(amount: u32, read_then_write: bool) -> Demand {
    Demand::Reserve {
        dataset: id("product"),
        amount,
        key: Pick::Hottest,
        read_then_write,
    }
}

fn insert(on_conflict: OnConflict) -> Demand {
    let dataset = id("product");
    Demand::Seq(vec![
        Demand::NextId {
            dataset: dataset.clone(),
        },
        Demand::Insert {
            dataset,
            on_conflict,
        },
    ])
}

/// After the first operation another one, at once.
fn then(mut load: Scenario, name: &str, demand: Demand) -> Scenario {
    let operation = Operation {
        id: id(name),
        demand,
        ..load.operations[0].clone()
    };
    load.operations.push(operation);
    let step = JourneyStep {
        operation: id(name),
        ..load.journeys[0].steps[0].clone()
    };
    load.journeys[0].steps.push(step);
    load
}

#[test]
fn stock_is_sold_exactly_unless_the_write_does_not_look() {
    let drawing = behind("", "commit_ms=2");
    let mut load = scenario(300.0, 20, reserve(2, false));
    load.datasets[0].stock = Some(1_000);
    let report = run(&drawing, &load, 1);
    assert_eq!(page(&report).good, 500);
    let ended = page(&report).offered - page(&report).inside;
    assert_eq!(page(&report).failed_for(Reason::SoldOut), ended - 500);
    // A read, then a write of what was worked out from it: whoever wrote in between is forgotten, so that pieces seem
    // to be there long after the last is sold.
    load.operations[0].demand = reserve(2, true);
    let report = run(&drawing, &load, 1);
    let oversold = page(&report).failed_for(Reason::Oversold);
    assert_eq!(page(&report).good, 500);
    assert!(oversold > 500, "{oversold}");
    assert_eq!(
        measure(&report, "d", Measure::Oversold),
        (oversold * 2) as f64
    );
    // Who has locked the row before reading it is alone with it.
    let first = Demand::Write {
        dataset: id("product"),
        key: Pick::Hottest,
    };
    load.operations[0].demand = Demand::Transaction(vec![first, reserve(2, true)]);
    load.audiences[0].rate[0].per_sec = 100.0;
    let report = run(&drawing, &load, 1);
    assert_eq!(page(&report).good, 500);
    assert_eq!(page(&report).failed_for(Reason::Oversold), 0);
    assert!(page(&report).failed_for(Reason::SoldOut) > 1_000);
}

#[test]
fn the_stores_own_counter_never_collides() {
    let load = scenario(
        500.0,
        20,
        Demand::Insert {
            dataset: id("product"),
            on_conflict: OnConflict::Error,
        },
    );
    let report = run(&behind("id_scheme=store", ""), &load, 1);
    assert_eq!(page(&report).failed, []);
    assert_eq!(
        measure(&report, "d", Measure::IdsDrawn) as u64 / 100,
        page(&report).good / 100
    );
    assert!(measure(&report, "d", Measure::Collisions).is_nan());
}

/// Identifiers of the clock's milliseconds: who comes second in a millisecond collides.
#[test]
fn milliseconds_collide_as_often_as_poisson_says() {
    let drawing = behind("id_scheme=timestamp_ms", "");
    let report = run(
        &drawing,
        &scenario(500.0, 100, insert(OnConflict::Error)),
        1,
    );
    let failed = page(&report).failed_for(Reason::DuplicateKey);
    assert_eq!(measure(&report, "d", Measure::Collisions), failed as f64);
    // Of 0.5 a millisecond, 0.5 − (1 − e^−0.5) come later.
    let wanted = 100_000.0 * (0.5 - (1.0 - libm::exp(-0.5)));
    support::near(failed as f64, wanted, 0.05, "collisions");
}

#[test]
fn who_shares_an_identifier_meets_somebody_elses_row() {
    let drawing = behind("id_scheme=timestamp_ms", "");
    let own = Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Strong,
        key: Pick::Own,
    };
    let strangers = |rule: OnConflict, think: f64| {
        let mut load = then(scenario(500.0, 50, insert(rule)), "look", own.clone());
        load.journeys[0].steps[1].think_secs = think;
        let report = run(&drawing, &load, 1);
        let collisions = measure(&report, "d", Measure::Collisions);
        assert_eq!(page(&report).failed, []);
        let wrong = report.whole.operations[1].failed_for(Reason::WrongIdentity);
        (collisions, wrong as f64)
    };
    // The first keeps the row: the second of each pair sees a stranger, at once.
    let (collisions, wrong) = strangers(OnConflict::FirstWins, 0.0);
    assert!(
        collisions > 3_000.0 && wrong == collisions,
        "{collisions} {wrong}"
    );
    // The last takes the row: the first sees a stranger, if it comes back later.
    let (collisions, wrong) = strangers(OnConflict::LastWins, 0.1);
    assert!(
        wrong > collisions * 0.9 && wrong <= collisions,
        "{collisions} {wrong}"
    );
}

/// An insert that leaves the row that was there is no write: a copy hears nothing of it, and the first stays the owner.
#[test]
fn an_insert_that_left_the_row_alone_is_not_copied() {
    let with = |copy: &str| {
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=10000; memory_gib=1024; db_pool=1000; id_scheme=timestamp_ms)
             d database(max_connections=10000)
             {copy}
             c > s
             s > d"
        ));
        let own = Demand::Read {
            dataset: id("product"),
            rows: 1,
            filters: Vec::new(),
            order_by: None,
            offset: 0,
            consistency: Consistency::Strong,
            key: Pick::Own,
        };
        let rule = OnConflict::FirstWins;
        let mut load = then(scenario(500.0, 50, insert(rule)), "look", own);
        load.journeys[0].steps[1].think_secs = 0.5;
        let report = run(&drawing, &load, 1);
        let wrong = report.whole.operations[1].failed_for(Reason::WrongIdentity);
        (measure(&report, "d", Measure::Collisions), wrong as f64)
    };
    let (collisions, alone) = with("");
    let (_, copied) = with("e database(max_connections=10000)\n d > e");
    assert!(collisions > 3_000.0);
    support::near(alone, collisions, 0.03, "the second of each pair");
    support::near(copied, alone, 0.01, "with a copy");
}

/// Random keys need pages from everywhere, rising ones only the last.
#[test]
fn random_identifiers_miss_the_buffer_pool() {
    let hits = |scheme: &str| {
        let drawing = behind(
            &format!("id_scheme={scheme}"),
            "memory_gib=1; buffer_pool_percent=1",
        );
        let mut load = scenario(500.0, 30, insert(OnConflict::Error));
        (load.datasets[0].rows, load.datasets[0].row_bytes) = (1_000_000, 1_638);
        measure(&run(&drawing, &load, 1), "d", Measure::HitRatio)
    };
    assert!(hits("uuid_v7") > 0.99);
    assert!(hits("uuid_v4") < 0.02);
}

/// An order draws its identifier from the clock, takes a piece, and finds the identifier taken.
fn order(together: bool) -> Demand {
    let dataset = id("product");
    let parts = vec![
        reserve(1, false),
        Demand::Insert {
            dataset: dataset.clone(),
            on_conflict: OnConflict::Error,
        },
    ];
    let rest = match together {
        true => Demand::Transaction(parts),
        false => Demand::Seq(parts),
    };
    Demand::Seq(vec![Demand::NextId { dataset }, rest])
}

fn sale(demand: Demand) -> Scenario {
    let mut load = scenario(500.0, 20, demand);
    load.audiences[0].timeout_secs = 1e4;
    load.datasets[0].stock = Some(5_000);
    load
}

#[test]
fn a_failed_transaction_gives_its_pieces_back() {
    let drawing = behind(
        "id_scheme=timestamp_ms",
        "write_cpu_ms=0.01; commit_ms=0.01",
    );
    let sold = |together: bool| {
        let report = run(&drawing, &sale(order(together)), 1);
        let page = page(&report);
        assert!(page.failed_for(Reason::SoldOut) > 100, "{page:?}");
        assert!(page.failed_for(Reason::DuplicateKey) > 500, "{page:?}");
        page.good
    };
    assert_eq!(sold(true), 5_000, "every piece has found its buyer");
    // Every fifth piece went to nobody.
    assert!((3_500..4_500).contains(&sold(false)));
}

#[test]
fn a_copy_that_takes_over_has_got_the_pieces_back_too() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000; id_scheme=timestamp_ms)
         a database(max_connections=100000; connection_mib=0; vcpu=64; iops=1000000; write_cpu_ms=0.01; commit_ms=0.01)
         b database(max_connections=100000; connection_mib=0; vcpu=64; iops=1000000; write_cpu_ms=0.01; commit_ms=0.01; replication=synchronous; apply_ms=0; promotion=automatic; promotion_secs=1)
         c > s
         s > a
         s > b
         a > b",
    );
    let mut load = sale(order(true));
    load.faults = vec![fault(
        8,
        None,
        FaultAction::Kill,
        FaultTarget::Component(id("a")),
    )];
    let report = run(&drawing, &load, 1);
    let page = page(&report);
    assert!(page.failed_for(Reason::SoldOut) > 100, "{page:?}");
    // What was open when the primary died is gone with it.
    assert!((4_950..=5_000).contains(&page.good), "{page:?}");
}
