//! What a server keeps: sessions, identifiers, logs; and the faults that strike a machine.

use archplay_model::scenario::{Demand, FaultAction, FaultTarget, JourneyStep, State};
use archplay_model::{Kind, Scenario};
use archplay_report::{EventCode, Metric, Reason, Report};

use crate::reports::{column, constant, count, fault, insert, mean, system};
use crate::support::{compute, design, id, near, page, run, scenario, with_admin};

/// Visitors log in, and ask four times for what needs a session, with half a minute between.
fn members(rate: f64, secs: u32) -> Scenario {
    let mut load = scenario(rate, secs, constant(5.0));
    let first = load.journeys[0].steps[0].clone();
    let step = |gives, needs| JourneyStep {
        think_secs: 30.0,
        gives,
        needs,
        ..first.clone()
    };
    let mut steps = vec![step(Some(State::Session), None)];
    steps.extend((0..4).map(|_| step(None, Some(State::Session))));
    load.journeys[0].steps = steps;
    load
}

fn lost(report: &Report) -> f64 {
    page(report).failed_for(Reason::SessionLost) as f64 / page(report).offered as f64
}

fn two_servers(sessions: &str, more: &str) -> archplay_model::Design {
    design(&format!(
        "c client
         b load_balancer
         s1 server(sessions={sessions})
         s2 server(sessions={sessions})
         c > b
         b > s1
         b > s2
         {more}"
    ))
}

#[test]
fn sessions_in_memory_are_lost_on_another_server_those_in_a_store_are_not() {
    let load = members(5.0, 400);
    let memory = run(&two_servers("memory", ""), &load, 1);
    // Every second visitor's first page after the login comes to the other server, and they leave.
    assert!(lost(&memory) > 0.25, "{}", lost(&memory));
    let store = "k cache\ns1 > k\ns2 > k";
    let kept = run(&two_servers("store", store), &load, 1);
    assert_eq!(page(&kept).failed_total(), 0);
    let token = run(&two_servers("token", ""), &load, 1);
    assert_eq!(page(&token).failed_total(), 0);
    // Without anything to store them in they stay where they were made.
    let nowhere = run(&two_servers("store", ""), &load, 1);
    assert!(lost(&nowhere) > 0.25);
}

#[test]
fn a_cache_that_died_has_forgotten_the_sessions_a_database_has_not() {
    let mut load = members(5.0, 400);
    load.faults = vec![fault(
        200,
        Some(205),
        FaultAction::Kill,
        FaultTarget::Component(id("k")),
    )];
    let with = |kind: &str| {
        let text = format!("k {kind}\ns1 > k\ns2 > k");
        run(&two_servers("store", &text), &load, 1)
    };
    let (cache, database) = (with("cache"), with("database"));
    let lost_in = |report: &Report| page(report).failed_for(Reason::SessionLost);
    // Five a second for two minutes were on their way.
    assert!(lost_in(&cache) > 300, "{:?}", page(&cache).failed);
    assert_eq!(lost_in(&database), 0);
    assert!(
        page(&database).failed_total() > 50,
        "nobody reaches it meanwhile"
    );
}

#[test]
fn scaling_in_takes_the_sessions_of_a_unit_with_it() {
    let drawing = |sessions: &str, more: &str| {
        design(&format!(
            "c client
             b load_balancer(sticky=yes)
             g auto_scaling_group(min=1; max=4; desired=4; schedule=00:03=1)
             s server(sessions={sessions}) in g
             c > b
             b > s
             {more}"
        ))
    };
    let load = members(5.0, 400);
    let memory = run(&drawing("memory", ""), &load, 1);
    let store = run(&drawing("store", "k cache\ns > k"), &load, 1);
    assert_eq!(page(&store).failed_total(), 0, "{:?}", page(&store).failed);
    let lost = page(&memory).failed_for(Reason::SessionLost);
    assert!(lost > 100, "{:?}", page(&memory).failed);
    let good = system(&memory, Metric::Good);
    assert_eq!(
        system(&memory, Metric::Failed(Reason::SessionLost))[..180]
            .iter()
            .sum::<f64>(),
        0.0,
        "before the units go nobody loses anything: {good:?}"
    );
}

fn ids(scheme: &str, rate: f64, back_ms: f64) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         b load_balancer
         s1 server(id_scheme={scheme}; vcpu=8)
         s2 server(id_scheme={scheme}; vcpu=8)
         d database(vcpu=16; iops=100000)
         c > b
         b > s1
         b > s2
         s1 > d
         s2 > d"
    ));
    let demand = Demand::Seq(vec![
        Demand::NextId {
            dataset: id("product"),
        },
        insert("product"),
    ]);
    let mut load = scenario(rate, 60, demand);
    load.datasets[0].unique = true;
    if back_ms > 0.0 {
        load.faults = vec![fault(
            30,
            None,
            FaultAction::StepClock { ms: -back_ms },
            FaultTarget::Kind(Kind::Server),
        )];
    }
    run(&drawing, &load, 1)
}

#[test]
fn identifiers_collide_as_their_scheme_makes_them() {
    let twice = |report: &Report| page(report).failed_for(Reason::DuplicateKey);
    // Of Poisson arrivals at 200 a second a share of 1 - e^-0.2 … follow within the same millisecond.
    let clock = ids("timestamp_ms", 200.0, 0.0);
    let expected = 1.0 - (1.0 - libm::exp(-0.2)) / 0.2;
    near(
        twice(&clock) as f64 / page(&clock).offered as f64,
        expected,
        0.08,
        "share of ids taken",
    );
    for scheme in ["snowflake", "uuid_v4", "uuid_v7", "store"] {
        assert_eq!(twice(&ids(scheme, 200.0, 0.0)), 0, "{scheme}");
    }
    let random = twice(&ids("timestamp_ms_random; id_random_bits=4", 200.0, 0.0));
    assert!(random > 0 && random * 5 < twice(&clock), "{random}");
}

#[test]
fn a_clock_that_steps_back_repeats_times_but_a_snowflake_waits() {
    let twice = |report: &Report| page(report).failed_for(Reason::DuplicateKey) as f64;
    let clock = ids("timestamp_ms", 50.0, 20_000.0);
    let calm = ids("timestamp_ms", 50.0, 0.0);
    // A thousand identifiers meet the thousand of the twenty seconds that come again: 5 % of the milliseconds
    // are taken. The rest is as without.
    near(
        twice(&clock) - twice(&calm),
        50.0,
        0.5,
        "twenty seconds come again",
    );
    let flake = ids("snowflake", 20.0, 2_000.0);
    assert_eq!(page(&flake).failed_total(), 0);
    assert!(page(&flake).latency_max_ms > 1_500.0);
    assert_eq!(count(&flake, EventCode::ClockStepped), 2);
}

#[test]
fn logs_fill_the_disk_and_then_requests_fail() {
    let drawing = design("c client\ns server(disk_gib=1; log_kib=1024)\nc > s");
    let report = run(&drawing, &scenario(10.0, 200, compute(1.0)), 1);
    // A gibibyte has room for 1,024 of one mebibyte.
    assert_eq!(page(&report).good, 1_024);
    assert!(page(&report).failed_for(Reason::DiskFull) > 800);
    assert_eq!(count(&report, EventCode::DiskFull), 1);
    let used = column(&report, "s", Metric::DiskUsed);
    near(used[50], 0.5, 0.1, "half full after 51 s");
    assert_eq!(used[199], 1.0);
}

fn struck(action: FaultAction, until: Option<u32>, load: Scenario) -> Report {
    let mut load = load;
    load.faults = vec![fault(60, until, action, FaultTarget::Component(id("s")))];
    run(&design("c client\ns server\nc > s"), &load, 1)
}

#[test]
fn a_filled_disk_fails_requests_until_it_is_cleared() {
    let report = struck(
        FaultAction::FillDisk,
        Some(90),
        scenario(20.0, 120, compute(1.0)),
    );
    let good = system(&report, Metric::Good);
    assert!(good[61..90].iter().all(|rate| *rate == 0.0));
    assert!(mean(&good[91..]) > 15.0 && mean(&good[..60]) > 15.0);
}

#[test]
fn a_leak_ends_in_a_kill_and_begins_anew() {
    let leak = FaultAction::LeakMemory { mib_per_sec: 50.0 };
    let report = struck(leak, None, scenario(20.0, 320, compute(5.0)));
    // 3 GiB are free: 61 s at 50 MiB/s, then a minute to restart, and again.
    assert_eq!(count(&report, EventCode::OutOfMemory), 2);
    assert_eq!(count(&report, EventCode::Restarted), 2);
    let up = column(&report, "s", Metric::Instances);
    assert_eq!((up[115], up[125], up[185]), (1.0, 0.0, 1.0), "{up:?}");
    let memory = column(&report, "s", Metric::Memory);
    near(memory[90], 0.25 + 1_550.0 / 4_096.0, 0.03, "half a minute");
}

#[test]
fn another_program_takes_its_share_of_the_cores() {
    // One core of work on two: with three cores wanted besides, each gets 2 / (n + 3).
    let hog = FaultAction::HogCpu { cores: 3.0 };
    let report = struck(hog, Some(120), scenario(30.0, 240, constant(10.0)));
    let latency = system(&report, Metric::LatencyP50);
    assert!(mean(&latency[70..110]) > 1.3 * mean(&latency[..55]));
    near(
        mean(&latency[130..]),
        mean(&latency[..55]),
        0.05,
        "after it",
    );
    let cpu = column(&report, "s", Metric::Utilisation);
    assert!(cpu[70..110].iter().all(|share| *share > 0.999));
    near(mean(&cpu[..55]), 0.15, 0.1, "before it");
}

#[test]
fn the_load_average_follows_damped_over_a_minute() {
    let hog = FaultAction::HogCpu { cores: 3.0 };
    let report = struck(hog, None, scenario(0.01, 360, constant(1.0)));
    let load = column(&report, "s", Metric::LoadAverage);
    assert!(load[59] < 0.01);
    // 1 - 1/e of the way after a minute, nearly all after five.
    near(load[119], 3.0 * (1.0 - libm::exp(-1.0)), 0.01, "a minute");
    near(load[359], 3.0, 0.01, "five minutes");
}

#[test]
fn a_slow_machine_takes_so_many_times_as_long() {
    let slow = FaultAction::Slow { factor: 4.0 };
    let report = struck(slow, Some(120), scenario(20.0, 180, constant(10.0)));
    let latency = system(&report, Metric::LatencyP50);
    let extra = mean(&latency[65..115]) - mean(&latency[..55]);
    near(extra, 30.0, 0.2, "three times 10 ms more");
}

#[test]
fn one_server_of_several_dies_with_what_it_had() {
    let dead = |until| {
        let mut load = scenario(40.0, 240, compute(20.0));
        load.faults = vec![fault(70, until, FaultAction::Kill, FaultTarget::OneServer)];
        let drawing = design(
            "c client
             b load_balancer(health_interval_secs=5)
             g auto_scaling_group(min=3; max=3; desired=3; boot_secs=60)
             s server in g
             c > b
             b > s",
        );
        run(&drawing, &load, 1)
    };
    let (replaced, restored) = (dead(None), dead(Some(90)));
    let failed = page(&replaced).failed_total();
    assert!((40..200).contains(&failed), "{:?}", page(&replaced).failed);
    let at = |report: &Report, secs: usize| {
        let up = column(report, "s", Metric::Instances);
        (up[secs], column(report, "s", Metric::Booting)[secs])
    };
    // The group sees it with its next sample after two minutes, and needs a minute more.
    assert_eq!(at(&replaced, 100), (2.0, 0.0));
    assert_eq!(at(&replaced, 150), (2.0, 1.0));
    assert_eq!(at(&replaced, 200), (3.0, 0.0));
    assert_eq!(at(&restored, 100), (3.0, 0.0));
}

#[test]
fn the_one_that_dies_is_one_that_works() {
    // Before `s`, by id, stands one that nobody asks, and one that has hardly anything to do.
    let mut load = scenario(40.0, 120, compute(5.0));
    load.faults = vec![fault(60, None, FaultAction::Kill, FaultTarget::OneServer)];
    let drawing = design(
        "c client
         a server
         b server
         l load_balancer(algorithm=weighted; weights=b=1,s=49; health_interval_secs=300)
         s server
         c > l
         l > b
         l > s",
    );
    let report = run(&drawing, &load, 1);
    assert_eq!(column(&report, "a", Metric::Instances)[100], 1.0);
    assert_eq!(column(&report, "b", Metric::Instances)[100], 1.0);
    assert_eq!(column(&report, "s", Metric::Instances)[100], 0.0);
}

#[test]
fn administrators_come_through_the_bastion_host_if_there_is_one() {
    let mut load = with_admin(scenario(1.0, 120, compute(1.0)), 2.0);
    load.faults = vec![fault(
        60,
        None,
        FaultAction::Kill,
        FaultTarget::Component(id("h")),
    )];
    let logins = |report: &Report| report.whole.operations[1].clone();
    let direct = run(&design("c client\nh bastion\ns server\nc > s"), &load, 1);
    let through = run(
        &design("c client\nh bastion\ns server\nc > s\nh > s"),
        &load,
        1,
    );
    assert_eq!(logins(&direct).failed_total(), 0);
    near(
        logins(&through).failed_for(Reason::Refused) as f64,
        30.0,
        0.05,
        "logins after the bastion host is gone",
    );
    // 200 ms of its CPU come on top of the server's.
    assert!(logins(&through).latency_mean_ms > logins(&direct).latency_mean_ms + 100.0);
    near(
        mean(&column(&through, "h", Metric::Rate)[..60]),
        0.5,
        0.05,
        "logins a second",
    );
}
