//! Databases, copies and proxies under every fault: nothing is lost or counted twice (`run` checks that),
//! and everything works again when the faults are over.

use archplay_model::LinkKey;
use archplay_model::scenario::{Demand, FaultAction, FaultTarget, OnConflict, Pick, Scenario};
use archplay_report::{EventCode, Metric};

use crate::reports::{constant, count, fault, read, system};
use crate::support::{design, id, run, scenario};

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

/// Reads, writes, inserts and transactions with locks that meet.
fn mixed(secs: u32) -> Scenario {
    let transaction = Demand::Transaction(vec![
        write(Pick::Hottest),
        constant(1.0),
        Demand::Reserve {
            dataset: id("product"),
            amount: 1,
            key: Pick::Fresh,
            read_then_write: false,
        },
    ]);
    let insert = Demand::Insert {
        dataset: id("product"),
        on_conflict: OnConflict::LastWins,
    };
    let demand = Demand::Seq(vec![
        read("product"),
        transaction,
        Demand::Optional(Box::new(insert)),
    ]);
    let mut load = scenario(60.0, secs, demand);
    load.datasets[0].stock = Some(1_000_000);
    load.audiences[0].timeout_secs = 5.0;
    load
}

#[test]
fn nothing_is_lost_under_any_faults_and_it_works_again_after_them() {
    for seed in 1..=24_u64 {
        let (promotion, fencing) = (
            ["manual", "automatic"][seed as usize % 2],
            ["yes", "no"][seed as usize / 2 % 2],
        );
        let (how, pinning) = (
            ["asynchronous", "synchronous"][seed as usize / 4 % 2],
            ["no", "yes"][seed as usize / 8 % 2],
        );
        let both_ways = if seed % 5 == 0 { "b > a" } else { "" };
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=16; workers=1000; backlog=10000; db_pool=20; db_pool_timeout_secs=3)
             t server(vcpu=16; workers=1000; db_pool=20; retries=1; call_timeout_ms=2000; propagate_deadline=yes)
             l load_balancer
             p connection_proxy(connections=25; pinning={pinning}; borrow_timeout_secs=2)
             a database(fencing={fencing}; lock_timeout_secs=2; memory_gib=1; commit_ms=0.5)
             b database(promotion={promotion}; promotion_secs=7; replication={how}; lock_timeout_secs=2; commit_ms=0.5)
             c > l
             l > s
             l > t
             s > a
             s > b
             t > p
             p > a
             p > b
             a > b
             {both_ways}"
        ));
        let mut load = mixed(150);
        let mut draw = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = |n: u64| {
            draw = draw
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (draw >> 33) % n
        };
        let link = |from: &str, to: &str| FaultTarget::Link(LinkKey::new(id(from), id(to)));
        let target = |n: u64| FaultTarget::Component(id(["a", "b", "p", "s", "t"][n as usize]));
        load.faults = (0..6)
            .map(|_| {
                let from = 10 + next(60) as u32;
                let until = Some(from + 1 + next(25) as u32);
                let (action, whom) = match next(7) {
                    0 | 1 => (FaultAction::Kill, target(next(5))),
                    2 => (FaultAction::Slow { factor: 20.0 }, target(next(5))),
                    3 => (FaultAction::Cut, link("a", "b")),
                    4 => (FaultAction::Lose { share: 0.2 }, link("a", "b")),
                    5 => (FaultAction::FillDisk, target(next(2))),
                    _ => (FaultAction::HogCpu { cores: 8.0 }, target(next(2))),
                };
                fault(from, until, action, whom)
            })
            .collect();
        let report = run(&drawing, &load, seed);
        let good = system(&report, Metric::Good);
        let after: f64 = good[130..150].iter().sum::<f64>() / 20.0;
        // One of the two servers may have run out of memory meanwhile and be on its way back.
        assert!(
            after > 20.0,
            "seed {seed}: {after} of 60 a second; {:?}",
            load.faults
        );
    }
}

/// The old primary comes back and nobody has told it that it is one no more.
#[test]
fn an_old_primary_that_comes_back_unfenced_is_a_second_one() {
    let drawing = |fencing: &str| {
        design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=16)
             a database(fencing={fencing}; commit_ms=0.5)
             b database(promotion=automatic; promotion_secs=5; commit_ms=0.5)
             c > s
             s > a
             s > b
             a > b"
        ))
    };
    let mut load = mixed(60);
    let d = FaultTarget::Component(id("a"));
    load.faults = vec![fault(10, Some(30), FaultAction::Kill, d)];
    for (fencing, split, fenced) in [("yes", 0, 1), ("no", 1, 0)] {
        let report = run(&drawing(fencing), &load, 1);
        assert_eq!(count(&report, EventCode::Promoted), 1);
        assert_eq!(count(&report, EventCode::SplitBrain), split);
        assert_eq!(count(&report, EventCode::Fenced), fenced);
        assert!(system(&report, Metric::Good)[50] > 40.0, "{fencing}");
    }
}
