//! Several primaries that write the same rows, and what becomes of writes that conflict.

use archplay_model::LinkKey;
use archplay_model::scenario::{
    Audience, Consistency, Dataset, Demand, FaultAction, FaultTarget, OnConflict, Pick, Scenario,
};
use archplay_report::{Measure, Metric, Reason, Report};

use crate::db_copies::{own_write, read, second, write};
use crate::reports::{fault, mean, measure, system};
use crate::support::{design, id, near, page, run, scenario};

fn lost(report: &Report) -> f64 {
    let of = |name| measure(report, name, Measure::LostWrites);
    [of("a"), of("b")].iter().filter(|n| n.is_finite()).sum()
}

/// Two places, each with its own primary; both copy to the other.
fn two_primaries(a: &str, b: &str, rate: f64, demand: Demand) -> Report {
    let mut load = scenario(rate, 100, demand);
    load.datasets[0].rows = 1_000;
    at_both(a, b, load)
}

/// The same load from both places.
fn at_both(a: &str, b: &str, load: Scenario) -> Report {
    at_both_places(a, b, load, |_| {})
}

/// The same load from both places, but for what is done to the second's.
fn at_both_places(a: &str, b: &str, mut load: Scenario, change: impl Fn(&mut Audience)) -> Report {
    let drawing = design(&format!(
        "c client(place=seoul; access_rtt_ms=0; audiences=people)
         e client(place=tokyo; access_rtt_ms=0; audiences=others)
         k region(place=seoul)
         j region(place=tokyo)
         s server(vcpu=256; db_pool=1000) in k
         t server(vcpu=256; db_pool=1000) in j
         a database({a}; apply_ms=0.01; iops=100000; commit_ms=0; vcpu=64) in k
         b database({b}; apply_ms=0.01; iops=100000; commit_ms=0; vcpu=64) in j
         c > s
         e > t
         s > a
         t > b
         a > b
         b > a"
    ));
    let mut others = load.audiences[0].clone();
    others.id = id("others");
    others.place = archplay_model::Place::Tokyo;
    change(&mut others);
    load.audiences.push(others);
    run(&drawing, &load, 1)
}

#[test]
fn two_primaries_overwrite_each_other_as_often_as_they_meet() {
    for rule in ["last_write_wins", "first_write_wins"] {
        let with = format!("conflict={rule}");
        let report = two_primaries(&with, &with, 200.0, write(Pick::Fresh));
        assert_eq!(page(&report).failed, []);
        // Two writes of one row within the one-way time of 15.9 ms: 200 × 200 / 1,000 × 2 × 0.0159 a second.
        let one_way = (31.3 / 2.0 + 0.25) / 1e3;
        let wanted = 200.0 * 200.0 / 1_000.0 * 2.0 * one_way * 100.0;
        near(lost(&report), wanted, 0.2, rule);
    }
}

const ERROR: &str = "conflict=error";

/// What the first operation does it does in a transaction, or as it is.
fn in_transaction(mut load: Scenario, transaction: bool) -> Scenario {
    let demand = &mut load.operations[0].demand;
    if transaction {
        *demand = Demand::Transaction(vec![demand.clone()]);
    }
    load
}

#[test]
fn under_the_rule_error_no_write_that_was_answered_is_gone_later() {
    let synchronous = "conflict=error; replication=synchronous";
    for (with, transaction) in [(ERROR, false), (synchronous, false), (ERROR, true)] {
        let mut load = own_write(100.0, 100, 0.0, read(Consistency::Strong));
        load.datasets[0].rows = 100;
        load.journeys[0].steps[1].think_secs = 1.0;
        let report = at_both(with, with, in_transaction(load, transaction));
        // Of two writes of one row within the one-way time one fails: 100 × 100 / 100 × 2 × 0.0159 a second.
        let refused = page(&report).failed_for(Reason::ConflictingWrite) as f64;
        near(refused, 318.0, 0.25, "refused");
        assert_eq!(page(&report).failed_total() as f64, refused);
        assert_eq!(second(&report).failed, []);
        assert!(second(&report).good > 15_000);
        assert!(lost(&report) == 0.0);
        // Each waits for the other's word.
        assert!(page(&report).latency_p50_ms > 31.3);
    }
}

#[test]
fn what_was_refused_is_taken_back_everywhere() {
    let reserve = Demand::Reserve {
        dataset: id("product"),
        amount: 1,
        key: Pick::Hottest,
        read_then_write: false,
    };
    for demand in [reserve.clone(), Demand::Transaction(vec![reserve])] {
        let mut load = scenario(100.0, 100, demand);
        load.datasets[0].stock = Some(300);
        let report = at_both(ERROR, ERROR, load);
        assert!(page(&report).failed_for(Reason::ConflictingWrite) > 100);
        assert!(page(&report).failed_for(Reason::SoldOut) > 1_000);
        assert_eq!(page(&report).good, 300, "{:?}", page(&report));
        assert!(measure(&report, "a", Measure::Oversold).is_nan());
    }
}

#[test]
fn a_dead_primary_is_not_asked_and_one_that_is_cut_off_is() {
    for transaction in [false, true] {
        dead_and_cut_off(transaction);
    }
}

fn dead_and_cut_off(transaction: bool) {
    let with_fault = |action, target| {
        let mut load = own_write(20.0, 120, 0.0, read(Consistency::Strong));
        load.datasets[0].rows = 20;
        load.journeys[0].steps[1].think_secs = 15.0;
        load.faults = vec![fault(30, Some(60), action, target)];
        let report = at_both(ERROR, ERROR, in_transaction(load, transaction));
        let gone = |reason| second(&report).failed_for(reason);
        let of = (Reason::ConflictingWrite, Reason::LostWrite);
        assert_eq!((gone(of.0), gone(of.1)), (0, 0), "{:?}", second(&report));
        assert!(lost(&report) == 0.0);
        let good = system(&report, Metric::Good);
        assert!(mean(&good[80..115]) > 60.0, "{good:?}");
        report
    };
    let dead = with_fault(FaultAction::Kill, FaultTarget::Component(id("b")));
    assert_eq!(page(&dead).failed_for(Reason::CallTimeout), 0);
    // All of those who ask `b`, and a few who wrote the same row as another.
    let failed = page(&dead).failed_for(Reason::ConnectionLost);
    near(failed as f64, 600.0, 0.1, "without b");
    let link = LinkKey::new(id("a"), id("b"));
    let cut = with_fault(FaultAction::Cut, FaultTarget::Link(link));
    assert!(page(&cut).failed_for(Reason::CallTimeout) > 10);
}

#[test]
fn two_counters_collide_unless_they_take_turns() {
    let insert = || Demand::Insert {
        dataset: id("product"),
        on_conflict: OnConflict::Error,
    };
    let collisions = |report: &Report| measure(report, "a", Measure::Collisions);
    let same = two_primaries("commit_ms=0", "commit_ms=0", 100.0, insert());
    // Each goes on after what it has seen of the other: what both insert within the way between them meets.
    assert!(collisions(&same) > 1_000.0, "{}", collisions(&same));
    let turns = two_primaries(
        "auto_increment_step=2; auto_increment_offset=1",
        "auto_increment_step=2; auto_increment_offset=2",
        100.0,
        insert(),
    );
    assert!(collisions(&turns).is_nan());
}

/// From Seoul transactions on two rows, from Tokyo writes of one of them.
#[test]
fn a_transaction_is_certified_at_its_commit_and_taken_back_as_a_whole() {
    let reserve = |dataset| Demand::Reserve {
        dataset: id(dataset),
        amount: 1,
        key: Pick::Hottest,
        read_then_write: false,
    };
    let write = Demand::Write {
        dataset: id("product"),
        key: Pick::Hottest,
    };
    let both = vec![reserve("order"), write.clone()];
    let run_with = |stock, others: Option<&Demand>| {
        let mut load = scenario(20.0, 200, Demand::Transaction(both.clone()));
        load.datasets.push(Dataset {
            id: id("order"),
            stock: Some(stock),
            ..load.datasets[0].clone()
        });
        let mut tokyo = load.operations[0].clone();
        tokyo.id = id("tokyo");
        tokyo.demand = others.unwrap_or(&tokyo.demand).clone();
        load.operations.push(tokyo);
        let mut journey = load.journeys[0].clone();
        (journey.id, journey.steps[0].operation) = (id("tokyo"), id("tokyo"));
        load.journeys.push(journey);
        at_both_places(ERROR, ERROR, load, |audience| {
            audience.journey = id("tokyo")
        })
    };
    let report = run_with(300, Some(&write));
    let seoul = page(&report);
    assert!(seoul.failed_for(Reason::ConflictingWrite) > 50, "{seoul:?}");
    assert!(seoul.failed_for(Reason::SoldOut) > 500, "{seoul:?}");
    // What a transaction that failed had taken is there again, here ...
    assert_eq!(seoul.good, 300);
    // ... and there: the last pieces are sold by whoever comes, and none twice.
    let report = run_with(300, None);
    let sold: u64 = report.whole.operations.iter().map(|op| op.good).sum();
    assert_eq!(sold, 300);
    assert!(measure(&report, "a", Measure::Oversold).is_nan());
    // One round for both writes.
    let mut load = scenario(1.0, 200, Demand::Transaction(both.clone()));
    load.datasets.push(Dataset {
        id: id("order"),
        stock: Some(1_000_000),
        ..load.datasets[0].clone()
    });
    let median = |load: Scenario| page(&at_both(ERROR, ERROR, load)).latency_p50_ms;
    let mut apart = load.clone();
    apart.operations[0].demand = Demand::Seq(both.clone());
    let round = 31.3;
    near(median(load), round + 6.0, 0.1, "one round");
    near(median(apart), 2.0 * round + 6.0, 0.1, "two rounds");
}

/// Seoul sells a hundred a second, Tokyo one. Tokyo's write is older than all that Seoul has written when it arrives,
/// and loses; what Seoul wrote before it and arrives later loses in Tokyo. With the next write from Seoul the row says
/// the same in both places again, so the last piece goes at the same moment.
#[test]
fn the_last_write_says_what_is_left_in_both_places() {
    let reserve = Demand::Reserve {
        dataset: id("product"),
        amount: 1,
        key: Pick::Hottest,
        read_then_write: false,
    };
    let mut load = scenario(100.0, 100, reserve);
    load.datasets[0].stock = Some(3_000);
    let wins = "conflict=last_write_wins";
    let report = at_both_places(wins, wins, load, |tokyo| {
        tokyo.rate.iter_mut().for_each(|point| point.per_sec = 1.0);
    });
    let good = system(&report, Metric::Good);
    let soon = 3_000.0 / 101.0;
    let (before, after) = (
        good[..soon as usize - 2].iter().sum::<f64>(),
        good[soon as usize + 3..].iter().sum::<f64>(),
    );
    assert!(before > 2_600.0 && after == 0.0, "{before} {after}");
}
