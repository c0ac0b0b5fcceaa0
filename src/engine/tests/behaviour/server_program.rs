//! Programs: connections, transactions, branches, answers that do without, names that lead nowhere.

use archplay_model::Scenario;
use archplay_model::scenario::{Demand, FaultAction, FaultTarget};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{column, constant, count, fault, measure, read, system, with_service};
use crate::support::{compute, design, id, near, page, run, scenario};

fn call(service: &str) -> Demand {
    Demand::Call {
        service: id(service),
    }
}

/// A front server that asks three services of 10, 50 and 200 ms; the fourth stands nowhere.
fn three_services(demand: Demand) -> Report {
    let drawing = design(
        "c client(access_rtt_ms=0)
         front server(handles=page; vcpu=8)
         quick server(handles=quick; vcpu=8)
         middle server(handles=middle; vcpu=8)
         slow server(handles=slow; vcpu=8)
         c > front
         front > quick
         front > middle
         front > slow",
    );
    let mut load = scenario(2.0, 200, demand);
    for (name, ms) in [("quick", 10.0), ("middle", 50.0), ("slow", 200.0)] {
        load = with_service(load, name, constant(ms));
    }
    load = with_service(load, "nowhere", constant(1.0));
    run(&drawing, &load, 1)
}

fn par(wait_for: Option<u32>, services: &[&str]) -> Demand {
    Demand::Par {
        wait_for,
        demands: services.iter().map(|service| call(service)).collect(),
    }
}

#[test]
fn a_fork_waits_for_as_many_as_it_needs() {
    let mean = |wait_for| {
        let report = three_services(par(wait_for, &["quick", "middle", "slow"]));
        assert_eq!(page(&report).failed_total(), 0);
        page(&report).latency_mean_ms
    };
    // Half a millisecond there and back, and the wait of the slowest that counts.
    near(mean(Some(1)), 10.5, 0.02, "one of three");
    near(mean(Some(2)), 50.5, 0.02, "two of three");
    near(mean(None), 200.5, 0.02, "all three");
    let one_after_the_other = three_services(Demand::Seq(vec![
        call("quick"),
        call("middle"),
        call("slow"),
    ]));
    near(
        page(&one_after_the_other).latency_mean_ms,
        261.5,
        0.02,
        "one after the other",
    );
}

#[test]
fn a_fork_fails_as_soon_as_too_few_can_succeed() {
    let enough = three_services(par(Some(2), &["quick", "middle", "nowhere"]));
    assert_eq!(page(&enough).failed_total(), 0);
    near(
        page(&enough).latency_mean_ms,
        50.5,
        0.02,
        "the second answer",
    );
    let too_few = three_services(par(None, &["slow", "nowhere"]));
    assert_eq!(
        page(&too_few).failed_for(Reason::NoRoute),
        page(&too_few).offered
    );
    // Nobody waits for the slow one any more.
    assert_eq!(
        (
            too_few.causes[0].component.as_str(),
            too_few.causes[0].reason
        ),
        ("front", Reason::NoRoute)
    );
}

#[test]
fn a_late_answer_of_one_fork_does_not_count_for_the_next() {
    let twice = three_services(Demand::Seq(vec![
        par(Some(1), &["quick", "middle"]),
        par(None, &["middle", "slow"]),
    ]));
    assert_eq!(page(&twice).failed_total(), 0);
    near(page(&twice).latency_mean_ms, 211.0, 0.02, "10 and then 200");
}

#[test]
fn what_is_optional_is_done_without() {
    let optional = |demand| Demand::Optional(Box::new(demand));
    let degraded = three_services(Demand::Seq(vec![
        call("quick"),
        optional(call("nowhere")),
        call("middle"),
    ]));
    assert_eq!(page(&degraded).failed_total(), 0);
    near(page(&degraded).latency_mean_ms, 61.0, 0.02, "the other two");
    // A failure inside goes to the innermost that can do without; what follows it there is done.
    let nested = three_services(optional(Demand::Seq(vec![
        optional(call("nowhere")),
        call("quick"),
        call("nowhere"),
        call("slow"),
    ])));
    assert_eq!(page(&nested).failed_total(), 0);
    near(
        page(&nested).latency_mean_ms,
        10.5,
        0.02,
        "up to the failure",
    );
    // A branch that fails is not saved by what is around the fork.
    let around = three_services(optional(Demand::Seq(vec![
        par(None, &["quick", "nowhere"]),
        call("slow"),
    ])));
    assert_eq!(page(&around).failed_total(), 0);
    assert!(page(&around).latency_mean_ms < 2.0, "{:?}", page(&around));
}

#[test]
fn worker_threads_are_held_while_waiting_downstream() {
    let drawing = |workers: u32| {
        design(&format!(
            "c client(access_rtt_ms=0)
             front server(handles=page; workers={workers}; backlog=0)
             slow server(handles=slow; vcpu=64)
             c > front
             front > slow"
        ))
    };
    let load = with_service(scenario(40.0, 300, call("slow")), "slow", constant(200.0));
    // Eight on average wait for the slow service: with eight threads Erlang B refuses.
    let report = run(&drawing(8), &load, 1);
    let share = page(&report).failed_total() as f64 / page(&report).offered as f64;
    let offered = 40.0 * 0.2005;
    near(
        share,
        archplay_theory::erlang_b(8, offered),
        0.05,
        "refused",
    );
    assert!(column(&report, "front", Metric::Utilisation)[100] < 0.01);
    assert_eq!(page(&run(&drawing(100), &load, 1)).failed_total(), 0);
}

fn with_pool(pool: u32) -> archplay_model::Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(db_pool={pool}; db_pool_timeout_secs=1; vcpu=8)
         d database
         c > s
         s > d"
    ))
}

#[test]
fn who_waits_too_long_for_the_pool_fails_and_a_transaction_keeps_its_connection() {
    let inside = vec![read("product"), compute(100.0), read("product")];
    let loose = scenario(20.0, 60, Demand::Seq(inside.clone()));
    let loose = run(&with_pool(1), &loose, 1);
    let tight = scenario(20.0, 60, Demand::Transaction(inside));
    let tight = run(&with_pool(1), &tight, 1);
    assert_eq!(page(&loose).failed_total(), 0);
    assert!(
        page(&tight).failed_for(Reason::PoolTimeout) > 300,
        "{:?}",
        page(&tight)
    );
    assert!(measure(&tight, "s", Measure::PoolWaitMean) > 200.0);
    assert!(measure(&loose, "s", Measure::PoolWaitMean) < 5.0);
    // A connection for each of about two at a time, and nobody waits.
    let wide = scenario(
        20.0,
        60,
        Demand::Transaction(vec![read("product"), compute(100.0)]),
    );
    assert_eq!(page(&run(&with_pool(20), &wide, 1)).failed_total(), 0);
}

fn two_datasets() -> archplay_model::Design {
    design(
        "c client(access_rtt_ms=0)
         s server(db_pool=1; db_pool_timeout_secs=1)
         d database(holds=product)
         e database(holds=nowhere)
         c > s
         s > d",
    )
}

/// Another dataset, which the server has no way to.
fn nowhere(mut load: Scenario) -> Scenario {
    let mut dataset = load.datasets[0].clone();
    dataset.id = id("nowhere");
    load.datasets.push(dataset);
    load
}

#[test]
fn a_transaction_ends_where_its_optional_part_fails() {
    // The transaction stands inside what is optional: its connection must come back when it fails.
    let inside = Demand::Optional(Box::new(Demand::Transaction(vec![
        read("product"),
        read("nowhere"),
    ])));
    let report = run(&two_datasets(), &nowhere(scenario(50.0, 60, inside)), 1);
    assert_eq!(page(&report).failed_total(), 0);
    // And the other way round: the transaction goes on, with the same connection.
    let around = Demand::Transaction(vec![
        read("product"),
        Demand::Optional(Box::new(read("nowhere"))),
        compute(50.0),
        read("product"),
    ]);
    let report = run(&two_datasets(), &nowhere(scenario(10.0, 60, around)), 1);
    assert_eq!(page(&report).failed_total(), 0);
    // 50 ms each on one connection: M/G/1 with half the time taken, so somebody waits for it.
    let wait = measure(&report, "s", Measure::PoolWaitMean);
    assert!((20.0..120.0).contains(&wait), "{wait}");
}

#[test]
fn a_dead_database_loses_connections_and_gets_new_ones() {
    let mut load = scenario(20.0, 60, Demand::Seq(vec![compute(2.0), read("product")]));
    load.faults = vec![fault(
        20,
        Some(30),
        FaultAction::Kill,
        FaultTarget::Component(id("d")),
    )];
    let report = run(&with_pool(4), &load, 1);
    let good = system(&report, Metric::Good);
    assert!(good[21..30].iter().all(|rate| *rate == 0.0), "{good:?}");
    assert!(good[31..].iter().sum::<f64>() > 500.0);
    let failed = page(&report);
    assert_eq!(
        failed.failed_for(Reason::ConnectionLost),
        failed.failed_total()
    );
    let open = column(&report, "d", Metric::Connections);
    assert!(open[25] == 0.0 && open[50] > 0.0, "{open:?}");
}

/// The resolver of a region fails; everything else there goes on.
fn resolver(demand: Demand) -> (Scenario, archplay_model::Design) {
    let mut load = with_service(scenario(20.0, 120, demand), "inner", constant(1.0));
    load.faults = vec![fault(
        40,
        Some(80),
        FaultAction::FailResolver,
        FaultTarget::Component(id("r")),
    )];
    let drawing = design(
        "c client
         r region
         s server(handles=page) in r
         inner server(handles=inner) in r
         d database in r
         c > s
         s > inner
         s > d",
    );
    (load, drawing)
}

#[test]
fn without_a_resolver_nobody_new_is_reached_but_open_connections_go_on() {
    let (load, drawing) = resolver(call("inner"));
    let report = run(&drawing, &load, 1);
    let good = system(&report, Metric::Good);
    assert!(good[..40].iter().sum::<f64>() > 700.0);
    assert!(good[41..80].iter().all(|rate| *rate == 0.0));
    assert!(good[81..].iter().sum::<f64>() > 700.0);
    assert_eq!(
        page(&report).failed_for(Reason::NameUnresolved),
        page(&report).failed_total()
    );
    assert_eq!(
        count(&report, EventCode::FaultBegan),
        2,
        "the servers in the region: its database looks up no names"
    );
    // The pool has the connections that it needs: names do not matter to it.
    let (load, drawing) = resolver(read("product"));
    assert_eq!(page(&run(&drawing, &load, 1)).failed_total(), 0);
    // A database that restarts meanwhile cuts them, and then it does.
    let (mut load, drawing) = resolver(read("product"));
    load.faults.push(fault(
        50,
        Some(51),
        FaultAction::Kill,
        FaultTarget::Component(id("d")),
    ));
    let report = run(&drawing, &load, 1);
    let good = system(&report, Metric::Good);
    assert!(good[41..50].iter().sum::<f64>() > 100.0);
    assert!(good[52..80].iter().all(|rate| *rate == 0.0), "{good:?}");
    assert!(page(&report).failed_for(Reason::NameUnresolved) > 400);
}
