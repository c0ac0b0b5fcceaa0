//! Workers whose resolver fails: they reach nobody new, and keep the connections that they have. Servers, name servers
//! and the resolvers of visitors do not live here.

use archplay_model::scenario::{FaultAction, FaultTarget};
use archplay_report::Metric;

use crate::reports::{column, fault};
use crate::support::{design, id, read, run, scenario};

/// Connections of a database that a worker asks, which has no resolver from 20 to 60 s.
fn connections(restart: bool, target: FaultTarget) -> Vec<f64> {
    let drawing = design(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0; max_receives=0; visibility_secs=1)
         r region
         w worker(vcpu=2) in r
         d database in r
         c > p
         p > q
         q > w
         w > d",
    );
    let mut load = scenario(20.0, 100, read("product"));
    load.faults = vec![fault(20, Some(60), FaultAction::FailResolver, target)];
    if restart {
        let store = FaultTarget::Component(id("d"));
        load.faults
            .push(fault(30, Some(32), FaultAction::Kill, store));
    }
    column(&run(&drawing, &load, 1), "d", Metric::Connections)
}

#[test]
fn a_worker_without_a_resolver_opens_no_connection() {
    for target in ["w", "r"] {
        let open = connections(true, FaultTarget::Component(id(target)));
        assert!(open[10..30].iter().all(|n| *n > 0.0), "{open:?}");
        assert!(open[31..60].iter().all(|n| *n == 0.0), "{open:?}");
        assert!(open[65..].iter().all(|n| *n > 0.0), "{open:?}");
        // What it has, it keeps.
        let open = connections(false, FaultTarget::Component(id(target)));
        assert!(open[10..].iter().all(|n| *n > 0.0), "{open:?}");
    }
}
