//! A database whose memory is used up: by connections, by a leak.

use archplay_model::Scenario;
use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_report::{EventCode, Metric, Reason, Report};

use crate::reports::{column, count, fault, read, system};
use crate::support::{design, id, near, page, run, scenario};

/// A crowd that opens as many connections as the limit lets it; (1,024 − 256) / 4 = 192 of them have room.
fn crowd(limit: u32) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=1000)
         d database(memory_gib=1; connection_mib=4; max_connections={limit}; vcpu=1; read_cpu_ms=10; restart_secs=1)
         c > s
         s > d"
    ));
    run(&drawing, &scenario(300.0, 40, read("product")), 1)
}

#[test]
fn more_connections_than_memory_end_in_a_kill() {
    let report = crowd(192);
    assert_eq!(count(&report, EventCode::OutOfMemory), 0);
    assert!(page(&report).failed_for(Reason::DbConnectionLimit) > 1_000);
    let report = crowd(193);
    let kills = count(&report, EventCode::OutOfMemory);
    // 200 of 300 a second stay: about a second to the next, and one to start again.
    assert!((10..30).contains(&kills), "{kills}");
    assert!(kills - count(&report, EventCode::Restarted) <= 1);
    // All that were inside, but for the one whose connection was too many.
    let lost = page(&report).failed_for(Reason::OutOfMemory) as f64;
    near(lost, 192.0 * kills as f64, 0.01, "lost");
    assert_eq!(page(&report).failed_for(Reason::DbConnectionLimit), 0);
    let last = report.events.iter().map(|event| event.at_ns).max();
    assert!(last > Some(36_000_000_000), "again and again: {last:?}");
    let open = column(&report, "d", Metric::Connections);
    assert!(open.iter().all(|open| *open <= 193.0), "{open:?}");
}

/// Seconds at which the process was killed, under a leak of 50 MiB/s from 60 s on.
fn kills(rate: f64, until: Option<u32>) -> (Vec<f64>, Report) {
    let mut load = scenario(rate, 240, read("product"));
    let leak = FaultAction::LeakMemory { mib_per_sec: 50.0 };
    load.faults = vec![fault(60, until, leak, FaultTarget::Component(id("d")))];
    let drawing = design(
        "c client
         s server(db_pool=100)
         d database(memory_gib=4; connection_mib=10; vcpu=1)
         c > s
         s > d",
    );
    let report = run(&drawing, &load, 1);
    let of = report.events.iter();
    let of = of.filter(|event| event.code == EventCode::OutOfMemory);
    (of.map(|event| event.at_ns as f64 / 1e9).collect(), report)
}

#[test]
fn a_leak_ends_in_a_kill_whether_somebody_comes_or_not() {
    // 3,840 MiB are free: 76.8 s; and 10 s to start again.
    let (at, report) = kills(1e-9, None);
    assert_eq!(page(&report).offered, 0);
    assert!(
        at.len() == 2 && (at[0] - 136.8).abs() < 1e-6 && (at[1] - 223.6).abs() < 1e-6,
        "{at:?}"
    );
    let memory = column(&report, "d", Metric::Memory);
    assert!(memory[135] > 0.98 && memory[147] < 0.83, "{memory:?}");
    assert!(memory[137..146].iter().all(|share| *share == 0.0));
    // Each open connection takes a fifth of a second from it.
    let (at, report) = kills(50.0, None);
    let open = column(&report, "d", Metric::Connections)[130];
    assert!(open >= 1.0 && at.len() == 2, "{at:?}");
    assert!((at[0] - (136.8 - 0.2 * open)).abs() < 0.01, "{at:?} {open}");
    let good = system(&report, Metric::Good);
    assert!(good[137..146].iter().all(|good| *good == 0.0) && good[148] > 25.0);
    // A leak that has ended kills nobody.
    assert_eq!(kills(50.0, Some(130)).0, [0.0; 0]);
}

/// When something happened, in seconds.
fn times(report: &Report, code: EventCode) -> Vec<f64> {
    let events = report.events.iter().filter(|event| event.code == code);
    events.map(|event| event.at_ns as f64 / 1e9).collect()
}

/// A leak that fills 3,840 MiB 30.4 s after the start and never again.
fn one_kill(secs: u32) -> Scenario {
    let mut load = scenario(50.0, secs, read("product"));
    let leak = FaultAction::LeakMemory {
        mib_per_sec: 9_600.0,
    };
    load.faults = vec![fault(30, Some(31), leak, FaultTarget::Component(id("d")))];
    load
}

const ALONE: &str = "c client
     s server(db_pool=100)
     d database(memory_gib=4; connection_mib=0; restart_secs=20)
     c > s
     s > d";

#[test]
fn a_fast_leak_kills_no_oftener_than_the_process_can_start() {
    let mut load = scenario(1.0, 60, read("product"));
    let leak = FaultAction::LeakMemory { mib_per_sec: 1e6 };
    load.faults = vec![fault(10, None, leak, FaultTarget::Component(id("d")))];
    let report = run(&design(ALONE), &load, 1);
    assert_eq!(count(&report, EventCode::OutOfMemory), 3);
    assert_eq!(count(&report, EventCode::Restarted), 2);
}

/// Health checks, pools of connection proxies and copies see a database that restarts as a dead one.
#[test]
fn while_it_restarts_it_is_dead_to_everybody() {
    let report = run(&design(ALONE), &one_kill(60), 1);
    near(times(&report, EventCode::Restarted)[0], 50.4, 1e-6, "back");
    let lost = page(&report).failed_for(Reason::ConnectionLost) as f64;
    near(lost, 20.0 * 50.0, 0.1, "refused");
    let proxied = design(
        "c client
         s server(db_pool=100)
         p connection_proxy
         d database(memory_gib=4; connection_mib=0; restart_secs=20)
         c > s
         s > p
         p > d",
    );
    let lost = page(&run(&proxied, &one_kill(60), 1)).failed_for(Reason::ConnectionLost) as f64;
    near(lost, 20.0 * 50.0, 0.1, "refused behind a proxy");
    for (promotion, promoted) in [(5, 1), (25, 0)] {
        let drawing = design(&format!(
            "c client
             s server(db_pool=100)
             d database(memory_gib=4; connection_mib=0; restart_secs=20)
             e database(promotion=automatic; promotion_secs={promotion})
             c > s
             s > d
             d > e"
        ));
        let report = run(&drawing, &one_kill(90), 1);
        assert_eq!(count(&report, EventCode::Promoted), promoted);
        assert_eq!(count(&report, EventCode::Fenced), promoted);
        assert_eq!(count(&report, EventCode::Rejoined), promoted);
    }
}

#[test]
fn a_fault_keeps_it_dead_and_an_order_does_not_hurry_it() {
    let mut load = one_kill(90);
    let target = FaultTarget::Component(id("d"));
    let kill = fault(40, Some(70), FaultAction::Kill, target);
    load.faults.push(kill);
    let report = run(&design(ALONE), &load, 1);
    assert_eq!(times(&report, EventCode::Killed), [40.0]);
    assert_eq!(times(&report, EventCode::Restored), [70.0]);
    assert_eq!(count(&report, EventCode::Restarted), 0);
    let good = system(&report, Metric::Good);
    assert!(good[32..69].iter().all(|good| *good == 0.0) && good[72] > 25.0);
    // A monitor that finds it dead orders it to start, every few seconds.
    let watched = design(&format!(
        "{ALONE}
         m monitor(metric=heartbeat; period_secs=5; missing=breaching; action=restart)
         m > d"
    ));
    let report = run(&watched, &one_kill(60), 1);
    assert!(count(&report, EventCode::AlarmRaised) >= 1);
    near(times(&report, EventCode::Restarted)[0], 50.4, 1e-6, "back");
    assert_eq!(count(&report, EventCode::Restored), 0);
}
