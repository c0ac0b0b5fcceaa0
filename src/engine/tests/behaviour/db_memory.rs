//! A database whose memory is used up: by connections, by a leak.

use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_report::{EventCode, Metric, Reason, Report};

use crate::reports::{column, count, fault, read, system};
use crate::support::{design, id, near, page, run, scenario};

/// A crowd that opens as many connections as the limit lets it; (1,024 − 256) / 4 = 192 of them have room.
fn crowd(limit: u32) -> Report {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=1000)
         d database(memory_gib=1; connection_mib=4; max_connections={limit}; vcpu=1; read_cpu_ms=10)
         c > s
         s > d"
    ));
    run(&drawing, &scenario(300.0, 20, read("product")), 1)
}

#[test]
fn more_connections_than_memory_end_in_a_kill() {
    let report = crowd(192);
    assert_eq!(count(&report, EventCode::OutOfMemory), 0);
    assert!(page(&report).failed_for(Reason::DbConnectionLimit) > 1_000);
    let report = crowd(193);
    let kills = count(&report, EventCode::OutOfMemory);
    // 200 of 300 a second stay: about a second to the next.
    assert!((10..30).contains(&kills), "{kills}");
    assert_eq!(count(&report, EventCode::Restarted), kills);
    // All that were inside, but for the one whose connection was too many.
    let lost = page(&report).failed_for(Reason::OutOfMemory) as f64;
    near(lost, 192.0 * kills as f64, 0.01, "lost");
    assert_eq!(page(&report).failed_for(Reason::DbConnectionLimit), 0);
    let last = report.events.iter().map(|event| event.at_ns).max();
    assert!(last > Some(18_000_000_000), "again and again: {last:?}");
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
    // 3,840 MiB are free: 76.8 s.
    let (at, report) = kills(1e-9, None);
    assert_eq!(page(&report).offered, 0);
    assert!(
        at.len() == 2 && (at[0] - 136.8).abs() < 1e-6 && (at[1] - 213.6).abs() < 1e-6,
        "{at:?}"
    );
    let memory = column(&report, "d", Metric::Memory);
    assert!(memory[135] > 0.98 && memory[137] < 0.83, "{memory:?}");
    // Each open connection takes a fifth of a second from it.
    let (at, report) = kills(50.0, None);
    let open = column(&report, "d", Metric::Connections)[130];
    assert!(open >= 1.0 && at.len() == 2, "{at:?}");
    assert!((at[0] - (136.8 - 0.2 * open)).abs() < 0.01, "{at:?} {open}");
    assert!(system(&report, Metric::Good)[145] > 25.0);
    // A leak that has ended kills nobody.
    assert_eq!(kills(50.0, Some(130)).0, [0.0; 0]);
}
