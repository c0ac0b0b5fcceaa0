//! Traces: spans add up, and keeping them changes nothing.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use archplay_engine::{Budget, Run};
use archplay_report::{Kept, Reason, Report};
use support::{compute, design, scenario};

const NETWORK: &str = "c client(access_rtt_ms=40)
    app station(workers=4; service_ms=30; then=call; call_timeout_ms=400; retries=1)
    pool station(workers=2; service_ms=35; fail_percent=15)
    c > app
    app > pool";

fn run(traced: bool) -> Report {
    let mut scenario = scenario(50.0, 60, compute(1.0));
    scenario.audiences[0].timeout_secs = 1.0;
    let mut run = Run::compile(&design(NETWORK), &scenario, 3).unwrap();
    if traced {
        run.keep_traces();
    }
    let budget = Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    };
    while !run.advance(budget).done {}
    assert_eq!(run.check_conservation(), Ok(()));
    run.report()
}

#[test]
fn keeping_traces_changes_nothing_else() {
    let mut traced = run(true);
    assert!(!traced.traces.is_empty());
    traced.traces.clear();
    assert_eq!(traced.to_json(), run(false).to_json());
}

#[test]
fn spans_add_up_and_lie_inside_their_parents() {
    let report = run(true);
    for trace in &report.traces {
        for span in &trace.spans {
            let sum =
                span.network_ns + span.queue_ns + span.pool_ns + span.others_ns + span.service_ns;
            assert_eq!(sum, span.took_ns, "{trace:?}");
            // Times are in microseconds where they come from a kind's own books.
            assert!(
                span.sent_ns + span.took_ns <= trace.took_ns + 1,
                "{trace:?}"
            );
            if let Some(parent) = span.parent {
                let parent = &trace.spans[parent as usize];
                assert!(span.sent_ns >= parent.sent_ns, "{trace:?}");
                assert!(
                    span.sent_ns + span.took_ns <= parent.sent_ns + parent.took_ns,
                    "{trace:?}"
                );
            }
        }
    }
}

#[test]
fn the_slowest_and_every_reason_are_there() {
    let report = run(true);
    let page = &report.whole.operations[0];
    let slowest = report
        .traces
        .iter()
        .filter(|t| t.failed.is_none())
        .map(|t| t.took_ns)
        .max();
    // Time-outs count with the time waited, so the longest good one is at most that.
    assert!(slowest.unwrap() as f64 / 1e6 <= page.latency_max_ms + 1e-6);
    assert_eq!(
        report
            .traces
            .iter()
            .filter(|t| t.kept == Kept::Slow)
            .count(),
        5
    );
    for (reason, _) in &page.failed {
        assert!(
            report.traces.iter().any(|t| t.failed == Some(*reason)),
            "{reason:?}"
        );
    }
    assert!(
        page.failed_for(Reason::Timeout) > 0,
        "the test wants visitors who give up"
    );
    let gave_up = report
        .traces
        .iter()
        .find(|t| t.failed == Some(Reason::Timeout))
        .unwrap();
    assert!(
        gave_up.spans.iter().any(|span| span.open),
        "where it was when they left"
    );
    assert!(page.failed_for(Reason::CallTimeout) + page.failed_for(Reason::ServiceFailed) > 0);
}

/// Waiting for a worker thread and for a connection is not work.
#[test]
fn a_server_tells_waiting_from_working() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=8; workers=4; backlog=1000; db_pool=1)
         d database(read_cpu_ms=20)
         c > s
         s > d",
    );
    let mut load = scenario(45.0, 60, compute(1.0));
    load.operations[0].demand = support::read("product");
    let mut run = Run::compile(&drawing, &load, 1).unwrap();
    run.keep_traces();
    let budget = Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    };
    while !run.advance(budget).done {}
    let report = run.report();
    let at_server = report
        .traces
        .iter()
        .flat_map(|t| &t.spans)
        .filter(|s| s.component.as_str() == "s");
    let (mut queue, mut pool, mut service) = (0, 0, 0);
    for span in at_server.filter(|span| !span.open) {
        (queue, pool, service) = (
            queue + span.queue_ns,
            pool + span.pool_ns,
            service + span.service_ns,
        );
    }
    assert!(queue > 0 && pool > 0, "{queue} {pool}");
    assert!(
        service < (queue + pool) / 10,
        "the server itself does next to nothing: {service}"
    );
}
