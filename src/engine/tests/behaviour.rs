//! What every kind has to do, each in the smallest drawing that shows it. Conservation and Little's law
//! are checked on every run.

mod support;

use archplay_model::scenario::{Demand, Fault, FaultAction, FaultTarget, RatePoint, Refresh};
use archplay_model::{ClockTime, Place};
use archplay_report::{EventCode, Metric, Reason, Report, Subject};
use support::{compute, design, id, near, page, run, scenario, with_admin};

fn clock(secs: u32) -> ClockTime {
    ClockTime::from_secs(secs)
}

fn column(report: &Report, component: &str, metric: Metric) -> Vec<f64> {
    let subject = Subject::Component(id(component));
    let found = report.series.find(&subject, metric);
    let column = found.unwrap_or_else(|| panic!("{component} {metric:?}"));
    report.series.column(column).collect()
}

fn system(report: &Report, metric: Metric) -> Vec<f64> {
    let column = report
        .series
        .find(&Subject::System, metric)
        .unwrap_or(usize::MAX);
    report.series.column(column).collect()
}

fn count(report: &Report, code: EventCode) -> usize {
    report
        .events
        .iter()
        .filter(|event| event.code == code)
        .count()
}

fn fault(at: u32, action: FaultAction, target: FaultTarget) -> Fault {
    Fault {
        at: clock(at),
        action,
        target,
    }
}

#[test]
fn a_deep_queue_gives_time_outs_a_short_one_refusals() {
    let mut crowd = scenario(200.0, 75, compute(20.0));
    crowd.audiences[0].timeout_secs = 10.0;
    let deep = run(
        &design("c client\ns server(backlog=8192)\nc > s"),
        &crowd,
        1,
    );
    let short = run(
        &design("c client\ns server(workers=20; backlog=20)\nc > s"),
        &crowd,
        1,
    );
    assert!(page(&deep).failed_for(Reason::Timeout) > 10 * page(&deep).failed_for(Reason::Refused));
    assert_eq!(page(&short).failed_for(Reason::Timeout), 0);
    // Two cores of 20 ms are good for 100 a second either way; the deep queue wastes them.
    near(
        page(&short).good as f64,
        7_500.0,
        0.05,
        "goodput of the short queue",
    );
    assert!(
        page(&deep).good < page(&short).good / 2,
        "{}",
        page(&deep).good
    );
    assert_eq!(
        (
            count(&short, EventCode::BacklogFull),
            count(&deep, EventCode::BacklogFull)
        ),
        (1, 0)
    );
}

#[test]
fn work_for_visitors_who_left_goes_on() {
    let mut crowd = scenario(200.0, 60, compute(20.0));
    crowd.audiences[0].timeout_secs = 1.0;
    crowd.audiences[0].rate.push(RatePoint {
        at: clock(29),
        per_sec: 200.0,
    });
    crowd.audiences[0].rate.push(RatePoint {
        at: clock(30),
        per_sec: 0.0,
    });
    let report = run(
        &design("c client\ns server(backlog=8192)\nc > s"),
        &crowd,
        1,
    );
    let cpu = column(&report, "s", Metric::Utilisation);
    assert!(
        cpu[40] > 0.99,
        "nobody waits any more, the CPU is still busy: {}",
        cpu[40]
    );
    assert_eq!(system(&report, Metric::Inside)[40], 0.0);
}

#[test]
fn refreshes_add_load_that_a_patient_crowd_does_not() {
    let mut crowd = scenario(150.0, 60, compute(20.0));
    crowd.audiences[0].timeout_secs = 2.0;
    let drawing = design("c client\ns server(backlog=8192)\nc > s");
    let patient = run(&drawing, &crowd, 1);
    crowd.audiences[0].refresh = Refresh {
        probability: 1.0,
        max: 3,
        delay_secs: 1.0,
    };
    let impatient = run(&drawing, &crowd, 1);
    let visitors = |report: &Report| report.whole.audiences[0].arrived;
    assert_eq!(
        visitors(&patient),
        visitors(&impatient),
        "the same people under one seed"
    );
    assert!(page(&impatient).offered > page(&patient).offered * 2);
}

#[test]
fn an_administrator_cannot_log_in_to_a_busy_server() {
    let busy = with_admin(scenario(200.0, 120, compute(20.0)), 5.0);
    let calm = with_admin(scenario(10.0, 120, compute(20.0)), 5.0);
    let drawing = design("c client\ns server(backlog=8192)\nc > s");
    let logins = |report: &Report| report.whole.operations[1].clone();
    let (busy, calm) = (
        logins(&run(&drawing, &busy, 1)),
        logins(&run(&drawing, &calm, 1)),
    );
    assert_eq!(calm.failed_total(), 0);
    assert!(calm.latency_max_ms < 2_000.0);
    // 200 workers share two cores: 0.2 s of CPU take about 20 s, twice the patience.
    assert!(
        busy.failed_for(Reason::Timeout) >= busy.offered / 2,
        "{busy:?}"
    );
}

#[test]
fn a_load_balancer_spreads_and_takes_dead_targets_out() {
    let drawing = design(
        "c client
         b load_balancer(health_interval_secs=5)
         s1 server
         s2 server
         c > b
         b > s1
         b > s2",
    );
    let mut load = scenario(40.0, 120, compute(20.0));
    load.faults = vec![fault(
        30,
        FaultAction::Kill,
        FaultTarget::Component(id("s1")),
    )];
    let report = run(&drawing, &load, 1);
    let (one, two) = (
        column(&report, "s1", Metric::Rate),
        column(&report, "s2", Metric::Rate),
    );
    near(
        one[..30].iter().sum(),
        two[..30].iter().sum(),
        0.02,
        "round robin",
    );
    let failed = page(&report).failed_for(Reason::BadGateway502);
    // Half of 40 a second fails until two checks in a row, at most 10 s and a little.
    assert!((100..=260).contains(&failed), "{failed}");
    assert_eq!(count(&report, EventCode::Unhealthy), 1);
    assert_eq!(column(&report, "b", Metric::Healthy)[60], 1.0);
    assert!(one[60..].iter().all(|rate| *rate == 0.0));
}

#[test]
fn a_load_balancer_without_targets_says_503_and_a_dead_server_refuses() {
    let all_dead = vec![fault(
        10,
        FaultAction::Kill,
        FaultTarget::Place(Place::Seoul),
    )];
    let mut load = scenario(10.0, 60, compute(5.0));
    load.faults = all_dead;
    let direct = run(&design("c client\ns server\nc > s"), &load, 1);
    assert!(page(&direct).failed_for(Reason::Refused) > 400);
    let group = design(
        "c client
         b load_balancer
         g auto_scaling_group(min=0; max=2; desired=0)
         s server in g
         c > b
         b > s",
    );
    let none = run(&group, &scenario(10.0, 60, compute(5.0)), 1);
    assert_eq!(
        page(&none).failed_for(Reason::Unavailable503),
        page(&none).offered
    );
}

#[test]
fn least_outstanding_beats_round_robin_on_unequal_servers() {
    let with = |algorithm: &str| {
        let drawing = design(&format!(
            "c client
             b load_balancer(algorithm={algorithm})
             s1 server(vcpu=1)
             s2 server(vcpu=8)
             c > b
             b > s1
             b > s2"
        ));
        page(&run(&drawing, &scenario(120.0, 120, compute(20.0)), 1)).latency_p95_ms
    };
    let (round, least, two) = (
        with("round_robin"),
        with("least_outstanding"),
        with("power_of_two"),
    );
    assert!(
        least < round / 3.0 && two < round / 3.0,
        "{round} {least} {two}"
    );
}

#[test]
fn a_cdn_takes_static_files_off_the_servers_and_its_hit_ratio_is_a_result() {
    let demand = Demand::Seq(vec![
        compute(5.0),
        Demand::Static {
            bytes: 400_000,
            objects: 8,
        },
    ]);
    let load = scenario(40.0, 120, demand);
    let without = run(&design("c client\ns server\nc > s"), &load, 1);
    let with = |ttl: u32| {
        let text = format!("c client\ne cdn(ttl_secs={ttl})\ns server\nc > e\nc > s\ne > s");
        run(&design(&text), &load, 1)
    };
    let (long, none) = (with(3_600), with(0));
    let cpu = |report: &Report| {
        column(report, "s", Metric::Utilisation)[10..]
            .iter()
            .sum::<f64>()
            / 110.0
    };
    // 40 × (5 + 12) ms on two cores against 40 × 5 ms.
    near(cpu(&without), 0.34, 0.05, "CPU without a CDN");
    near(cpu(&long), 0.10, 0.07, "CPU with a CDN");
    near(
        cpu(&none),
        0.34,
        0.05,
        "CPU behind a CDN that keeps nothing",
    );
    let hits = |report: &Report| column(report, "e", Metric::HitRatio);
    assert!(hits(&long)[20..].iter().all(|ratio| *ratio == 1.0));
    assert!(hits(&none)[20..].iter().all(|ratio| *ratio == 0.0));
    near(
        column(&long, "e", Metric::Egress)[20..].iter().sum::<f64>() / 100.0,
        16.0,
        0.05,
        "MB/s",
    );
}

#[test]
fn a_slow_network_card_limits_what_a_server_sends() {
    let demand = Demand::Static {
        bytes: 1_000_000,
        objects: 1,
    };
    let drawing = design("c client\ns server(nic_gbps=0.08; workers=5; backlog=5)\nc > s");
    let report = run(&drawing, &scenario(20.0, 100, demand), 1);
    // 80 Mbit/s are ten megabytes a second.
    near(page(&report).good as f64, 1_000.0, 0.03, "answers");
    assert!(column(&report, "s", Metric::Nic)[50] > 0.99);
}

#[test]
fn memory_runs_out_and_the_process_comes_back() {
    let mut crowd = scenario(300.0, 120, compute(20.0));
    crowd.audiences[0].timeout_secs = 10.0;
    let drawing = design(
        "c client\ns server(backlog=100000; memory_gib=2; connection_memory_kib=256)\nc > s",
    );
    let report = run(&drawing, &crowd, 1);
    assert!(
        page(&report).failed_for(Reason::OutOfMemory) > 500,
        "{:?}",
        page(&report)
    );
    assert!(count(&report, EventCode::OutOfMemory) >= 1);
    assert!(count(&report, EventCode::Restarted) >= 1);
    assert!(
        column(&report, "s", Metric::Memory)
            .iter()
            .any(|share| *share > 0.95)
    );
}

#[test]
fn a_database_runs_out_of_connection_slots() {
    let drawing = |pool: u32| {
        design(&format!(
            "c client
             b load_balancer
             s1 server(db_pool={pool})
             s2 server(db_pool={pool})
             d database(max_connections=30; vcpu=1; read_cpu_ms=20)
             c > b
             b > s1
             b > s2
             s1 > d
             s2 > d"
        ))
    };
    let load = scenario(
        60.0,
        60,
        Demand::Read {
            dataset: id("product"),
            rows: 1,
        },
    );
    let (fits, breaks) = (run(&drawing(15), &load, 1), run(&drawing(40), &load, 1));
    assert_eq!(page(&fits).failed_for(Reason::DbConnectionLimit), 0);
    assert!(page(&breaks).failed_for(Reason::DbConnectionLimit) > 300);
    assert!(
        column(&breaks, "d", Metric::Connections)
            .iter()
            .all(|n| *n <= 30.0)
    );
    assert_eq!(count(&breaks, EventCode::ConnectionLimit), 1);
    let first = &breaks.causes[0];
    assert_eq!(
        (first.component.as_str(), first.reason),
        ("d", Reason::DbConnectionLimit)
    );
}

#[test]
fn who_waits_too_long_for_the_pool_fails_and_a_transaction_keeps_its_connection() {
    let drawing = design(
        "c client
         s server(db_pool=1; db_pool_timeout_secs=1; vcpu=8)
         d database
         c > s
         s > d",
    );
    let reads = |n: usize| {
        vec![
            Demand::Read {
                dataset: id("product"),
                rows: 1
            };
            n
        ]
    };
    let mut inside = reads(1);
    inside.push(compute(100.0));
    inside.extend(reads(1));
    let loose = run(
        &drawing,
        &scenario(20.0, 60, Demand::Seq(inside.clone())),
        1,
    );
    let tight = run(
        &drawing,
        &scenario(20.0, 60, Demand::Transaction(inside)),
        1,
    );
    assert_eq!(page(&loose).failed_total(), 0);
    assert!(
        page(&tight).failed_for(Reason::PoolTimeout) > 300,
        "{:?}",
        page(&tight)
    );
}

#[test]
fn nobody_holds_the_dataset() {
    let demand = Demand::Read {
        dataset: id("product"),
        rows: 1,
    };
    let drawing = design("c client\ns server\nd database(holds=other)\nc > s\ns > d");
    let report = run(&drawing, &scenario(10.0, 20, demand), 1);
    assert_eq!(
        page(&report).failed_for(Reason::NoRoute),
        page(&report).offered
    );
}

#[test]
fn a_group_follows_the_cpu_late_and_the_schedule_in_time() {
    let drawing = |params: &str| {
        design(&format!(
            "c client
             b load_balancer
             g auto_scaling_group(min=1; max=8; desired=1; {params})
             s server in g
             c > b
             b > s"
        ))
    };
    let mut load = scenario(20.0, 1_800, compute(20.0));
    load.audiences[0].rate.push(RatePoint {
        at: clock(600),
        per_sec: 20.0,
    });
    load.audiences[0].rate.push(RatePoint {
        at: clock(630),
        per_sec: 300.0,
    });
    load.audiences[0].timeout_secs = 10.0;
    let reactive = run(&drawing("policy=target_tracking"), &load, 1);
    let up = column(&reactive, "s", Metric::Instances);
    assert_eq!((up[599], up[700]), (1.0, 1.0));
    // Three samples of a minute above the target, then 180 s of booting and a health check.
    let first = up.iter().position(|n| *n > 1.0).unwrap_or(0);
    assert!((940..=1_080).contains(&first), "{first}");
    assert!(count(&reactive, EventCode::ScaleOut) >= 1);
    let scheduled = run(&drawing("schedule=00:05=8"), &load, 1);
    assert_eq!(column(&scheduled, "s", Metric::Instances)[500], 8.0);
    assert!(page(&scheduled).failed_total() * 100 < page(&scheduled).offered);
    assert!(page(&reactive).failed_total() * 5 > page(&reactive).offered);
}

#[test]
fn a_group_scales_in_and_drains() {
    let drawing = design(
        "c client
         b load_balancer
         g auto_scaling_group(min=1; max=4; desired=4; policy=target_tracking; in_datapoints=3)
         s server in g
         c > b
         b > s",
    );
    let report = run(&drawing, &scenario(20.0, 900, compute(10.0)), 1);
    assert_eq!(column(&report, "s", Metric::Instances)[890], 1.0);
    assert_eq!(
        page(&report).failed_total(),
        0,
        "{:?}",
        page(&report).failed
    );
}

#[test]
fn a_group_replaces_what_died_and_spreads_over_zones() {
    let drawing = design(
        "c client
         b load_balancer(health_interval_secs=5)
         r region
         z1 zone in r
         z2 zone in r
         g auto_scaling_group(min=4; max=6; desired=4; boot_secs=60) in r
         s server in g
         c > b
         b > s",
    );
    let mut load = scenario(20.0, 600, compute(10.0));
    load.faults = vec![fault(
        100,
        FaultAction::Kill,
        FaultTarget::Component(id("z1")),
    )];
    let report = run(&drawing, &load, 1);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!(
        (up[99], up[101]),
        (4.0, 2.0),
        "half of the instances stood in the zone"
    );
    // Two of the three places in the other zone are taken, so one more finds room.
    assert_eq!(up[400], 3.0);
    load.faults[0].target = FaultTarget::OneServer;
    let report = run(&drawing, &load, 1);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!((up[101], up[400]), (3.0, 4.0));
}

#[test]
fn a_region_dies_with_all_in_it_and_comes_back() {
    let drawing = design(
        "c client
         b load_balancer(health_interval_secs=5; healthy_threshold=2)
         s server
         d database
         c > b
         b > s
         s > d",
    );
    let mut load = scenario(
        20.0,
        300,
        Demand::Read {
            dataset: id("product"),
            rows: 1,
        },
    );
    load.faults = vec![
        fault(60, FaultAction::Kill, FaultTarget::Place(Place::Seoul)),
        fault(120, FaultAction::Restore, FaultTarget::Place(Place::Seoul)),
    ];
    let report = run(&drawing, &load, 1);
    let good = system(&report, Metric::Good);
    assert!(good[61..120].iter().all(|rate| *rate == 0.0));
    assert!(good[150..].iter().sum::<f64>() > 2_800.0);
    let far = design("c client\nr region(place=tokyo)\ns server in r\nc > s");
    let elsewhere = run(&far, &load, 1);
    assert_eq!(page(&elsewhere).failed_for(Reason::Refused), 0);
    let near_place = run(
        &design("c client\ns server(vcpu=8)\nc > s"),
        &scenario(1.0, 300, compute(1.0)),
        1,
    );
    let over_sea = run(&far, &scenario(1.0, 300, compute(1.0)), 1);
    let extra = page(&over_sea).latency_mean_ms - page(&near_place).latency_mean_ms;
    near(extra, 31.3, 0.02, "round trip to Tokyo");
}

#[test]
fn a_load_balancer_answers_504_when_the_server_takes_too_long() {
    let drawing = design(
        "c client
         b load_balancer(idle_timeout_secs=2; health_timeout_secs=60; health_interval_secs=300)
         s server(workers=1; backlog=1000)
         c > b
         b > s",
    );
    let mut load = scenario(4.0, 120, compute(1_000.0));
    load.audiences[0].timeout_secs = 30.0;
    let report = run(&drawing, &load, 1);
    assert!(
        page(&report).failed_for(Reason::GatewayTimeout504) > 200,
        "{:?}",
        page(&report).failed
    );
    assert_eq!(page(&report).failed_for(Reason::Timeout), 0);
    assert!(page(&report).latency_max_ms < 2_100.0);
}

#[test]
fn overloaded_servers_fail_their_health_checks_and_the_balancer_fails_open() {
    let drawing = design(
        "c client
         b load_balancer(health_interval_secs=5; health_timeout_secs=2)
         s1 server(backlog=8192)
         s2 server(backlog=8192)
         c > b
         b > s1
         b > s2",
    );
    let mut crowd = scenario(400.0, 120, compute(20.0));
    crowd.audiences[0].timeout_secs = 10.0;
    let report = run(&drawing, &crowd, 1);
    assert!(count(&report, EventCode::Unhealthy) >= 2);
    assert!(count(&report, EventCode::FailOpen) >= 1);
    assert!(
        column(&report, "s1", Metric::Rate)[100] > 0.0,
        "it still sends"
    );
}

#[test]
fn an_unrelated_component_changes_nothing_else() {
    let load = scenario(
        60.0,
        120,
        Demand::Seq(vec![
            compute(20.0),
            Demand::Read {
                dataset: id("product"),
                rows: 1,
            },
        ]),
    );
    let base = "c client\nb load_balancer(algorithm=random)\ns1 server\ns2 server\nd database\nc > b\nb > s1\nb > s2\ns1 > d\ns2 > d";
    let plain = run(&design(base), &load, 1);
    let more = run(
        &design(&format!("a-cdn cdn\n{base}\nother server\nz database")),
        &load,
        1,
    );
    assert_eq!(plain.whole, more.whole);
    for name in ["s1", "s2", "d"] {
        let metric = Metric::Utilisation;
        assert_eq!(
            column(&plain, name, metric),
            column(&more, name, metric),
            "{name}"
        );
    }
}
