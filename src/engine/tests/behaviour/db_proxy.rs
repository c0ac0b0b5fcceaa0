//! A connection proxy: few connections for many clients, and what makes it useless.

use archplay_model::Design;
use archplay_model::scenario::{Consistency, Demand, FaultAction, FaultTarget, Pick};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{self, column, constant, count, fault, measure, read};
use crate::support::{design, id, near, page, run, scenario};

/// Servers with pools of 50 before a database with 60 slots, with a proxy between or not.
fn drawing(proxy: Option<&str>, servers: u32) -> Design {
    let mut text = String::from(
        "c client(access_rtt_ms=0)
         b load_balancer(health_interval_secs=300)
         d database(max_connections=60; vcpu=64; read_cpu_ms=20)
         c > b\n",
    );
    if let Some(parameters) = proxy {
        text += &format!("p connection_proxy({parameters})\np > d\n");
    }
    for i in 1..=servers {
        let to = if proxy.is_some() { "p" } else { "d" };
        text += &format!(
            "s{i} server(vcpu=64; workers=10000; memory_gib=4096; db_pool=50)\nb > s{i}\ns{i} > {to}\n"
        );
    }
    design(&text)
}

#[test]
fn many_clients_share_few_connections() {
    // 2,000 statements a second of 20 ms want 40 connections and more; four servers open up to 200.
    let load = scenario(2_000.0, 30, read("product"));
    let without = run(&drawing(None, 4), &load, 1);
    assert!(page(&without).failed_for(Reason::DbConnectionLimit) > 0);
    assert_eq!(count(&without, EventCode::ConnectionLimit), 1);
    let with = run(&drawing(Some("connections=55"), 4), &load, 1);
    assert_eq!(page(&with).failed, []);
    let (clients, open) = (
        column(&with, "p", Metric::Connections),
        column(&with, "d", Metric::Connections),
    );
    assert!(
        clients[29] > 60.0 && open[29] <= 55.0,
        "{} {}",
        clients[29],
        open[29]
    );
}

/// The line for a connection is that of M/D/c.
#[test]
fn the_wait_for_a_connection_is_that_of_theory() {
    // 20 ms of work and 0.5 ms of way: 20.5 ms a statement, four connections, 85 % of them busy.
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=4096; db_pool=10000)
         p connection_proxy(connections=4; overhead_ms=0)
         d database(vcpu=64; read_cpu_ms=20)
         c > s
         s > p
         p > d",
    );
    let rate = 0.85 * 4.0 / 0.0205;
    let report = run(&drawing, &scenario(rate, 1_500, read("product")), 1);
    let wait = measure(&report, "p", Measure::PoolWaitMean);
    let theory = archplay_theory::Mdc::new(4, rate, 0.0205).steady();
    near(wait, theory.wait_mean * 1e3, 0.04, "wait");
    near(page(&report).latency_mean_ms, wait + 21.0, 0.01, "latency");
}

#[test]
fn who_waits_too_long_for_a_connection_fails() {
    let proxy = "connections=10; borrow_timeout_secs=1";
    let report = run(
        &drawing(Some(proxy), 2),
        &scenario(1_000.0, 60, read("product")),
        1,
    );
    // Ten connections carry 487 statements a second.
    assert!(
        page(&report).failed_for(Reason::PoolTimeout) > 0,
        "{:?}",
        page(&report)
    );
    near(
        page(&report).good as f64 / 60.0,
        10.0 / 0.021,
        0.06,
        "throughput",
    );
}

#[test]
fn a_transaction_keeps_its_connection_while_the_server_computes() {
    let inside = vec![read("product"), constant(80.0), read("product")];
    let throughput = |demand: Demand| {
        let mut load = scenario(400.0, 60, demand);
        load.audiences[0].timeout_secs = 1e4;
        let report = run(&drawing(Some("connections=20"), 4), &load, 1);
        page(&report).good as f64 / 60.0
    };
    // 20 ms + 80 ms + 20 ms and the ways against twice 20 ms.
    near(
        throughput(Demand::Transaction(inside.clone())),
        20.0 / 0.1225,
        0.05,
        "transactions",
    );
    assert!(throughput(Demand::Seq(inside)) > 350.0);
}

#[test]
fn pinned_clients_keep_their_connections() {
    let run_with = |pinning: &str| {
        let proxy = format!("connections=30; pinning={pinning}; borrow_timeout_secs=5");
        let load = scenario(1_000.0, 60, read("product"));
        run(&drawing(Some(&proxy), 4), &load, 1)
    };
    let shared = run_with("no");
    assert_eq!(page(&shared).failed, []);
    let pinned = run_with("yes");
    // More than 30 client connections are open; those that came later never get one.
    assert!(
        page(&pinned).failed_for(Reason::PoolTimeout) > 50,
        "{:?}",
        page(&pinned)
    );
    assert!(page(&pinned).good < page(&shared).good);
}

#[test]
fn its_death_cuts_everybody_off_and_the_databases_death_too() {
    let target = |name: &str| FaultTarget::Component(id(name));
    for name in ["p", "d"] {
        let mut load = scenario(200.0, 90, read("product"));
        load.faults = vec![fault(30, Some(60), FaultAction::Kill, target(name))];
        let report = run(&drawing(Some("connections=20"), 2), &load, 1);
        let lost = page(&report).failed_total() as f64;
        near(lost, 200.0 * 30.0, 0.06, name);
        let good = reports::system(&report, Metric::Good);
        assert!(good[70] > 150.0, "{name}: back again");
        assert!(column(&report, "d", Metric::Connections)[80] <= 20.0);
    }
}

/// A server behind which proxies stand side by side.
fn side_by_side(links: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=4096; db_pool=1000)
         p connection_proxy(connections=100)
         q connection_proxy(connections=100)
         d database(max_connections=1000; vcpu=64; write_cpu_ms=1; commit_ms=2)
         c > s
         s > p
         p > d
         {links}"
    ))
}

#[test]
fn equal_proxies_share_and_a_transaction_stays_with_one() {
    let asked =
        |report: &Report, name: &str| column(report, name, Metric::Rate).iter().sum::<f64>();
    let two = side_by_side("s > q\nq > d");
    let report = run(&two, &scenario(100.0, 30, read("product")), 1);
    assert!((asked(&report, "p") - asked(&report, "q")).abs() <= 1.0);
    near(asked(&report, "d"), 3_000.0, 0.1, "all");
    // A row is locked to the end of the transaction, also if a statement comes in between.
    let write = |key| Demand::Write {
        dataset: id("product"),
        key,
    };
    let (hottest, other) = (write(Pick::Hottest), write(Pick::Fresh));
    let demand = Demand::Transaction(vec![hottest, other, constant(16.0)]);
    let mut tight = scenario(200.0, 60, demand);
    tight.audiences[0].timeout_secs = 1e4;
    let throughput = |drawing: &Design| page(&run(drawing, &tight, 1)).good as f64;
    near(
        throughput(&two),
        throughput(&side_by_side("")),
        0.01,
        "locked",
    );
}

/// The one proxy leads to the primary, the other to its copy.
#[test]
fn a_proxy_before_copies_gets_the_reads_that_copies_may_answer() {
    let apart = side_by_side("e database\nd > e\ns > q\nq > e");
    let rates = |demand: Demand, kill: Option<&str>| {
        let mut load = scenario(100.0, 60, demand);
        let target = |name: &str| FaultTarget::Component(id(name));
        load.faults
            .extend(kill.map(|name| fault(30, None, FaultAction::Kill, target(name))));
        let report = run(&apart, &load, 1);
        assert!(page(&report).failed_total() <= 5, "{:?}", page(&report));
        ["p", "q"].map(|name| {
            column(&report, name, Metric::Rate)[31..]
                .iter()
                .sum::<f64>()
        })
    };
    let write = Demand::Write {
        dataset: id("product"),
        key: Pick::Own,
    };
    assert_eq!(rates(write, None)[1], 0.0);
    let Demand::Read {
        dataset,
        rows,
        filters,
        order_by,
        offset,
        key,
        ..
    } = read("product")
    else {
        panic!();
    };
    let read = |consistency| Demand::Read {
        dataset: dataset.clone(),
        rows,
        filters: filters.clone(),
        order_by: order_by.clone(),
        offset,
        consistency,
        key,
    };
    assert_eq!(rates(read(Consistency::Eventual), None)[0], 0.0);
    assert_eq!(rates(read(Consistency::Strong), None)[1], 0.0);
    let [p, q] = rates(read(Consistency::Eventual), Some("q"));
    near(p, 2_900.0, 0.1, "past the dead one");
    assert_eq!(q, 0.0);
}
