//! Traces: spans add up, and keeping them changes nothing.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::Design;
use archplay_model::scenario::{Consistency, Demand, Filter, FilterOp, Pick, Scenario};
use archplay_report::{Kept, Reason, Report, Span, Trace};

use crate::support::{self, compute, design, id, scenario};

const NETWORK: &str = "c client(access_rtt_ms=40)
    app station(workers=4; service_ms=30; then=call; call_timeout_ms=400; retries=1)
    pool station(workers=2; service_ms=35; fail_percent=15)
    c > app
    app > pool";

fn run(traced: bool) -> Report {
    let mut scenario = scenario(50.0, 60, compute(1.0));
    scenario.audiences[0].timeout_secs = 1.0;
    run_of(&design(NETWORK), &scenario, traced)
}

fn run_of(design: &Design, scenario: &Scenario, traced: bool) -> Report {
    let mut run = Run::compile(design, scenario, 3).unwrap();
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

/// Spans at a component, of traces that are wanted.
fn spans<'a>(
    report: &'a Report,
    component: &'a str,
    wanted: impl Fn(&Trace) -> bool,
) -> Vec<&'a Span> {
    let traces = report.traces.iter().filter(|trace| wanted(trace));
    let spans = traces.flat_map(|trace| &trace.spans);
    spans
        .filter(|span| span.component.as_str() == component)
        .collect()
}

fn sum(spans: &[&Span], of: impl Fn(&Span) -> u64) -> u64 {
    spans.iter().map(|span| of(span)).sum()
}

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
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
    let report = run_of(&drawing, &load, true);
    let done: Vec<&Span> = spans(&report, "s", |_| true)
        .into_iter()
        .filter(|span| !span.open)
        .collect();
    let queue = sum(&done, |span| span.queue_ns);
    let pool = sum(&done, |span| span.pool_ns);
    let service = sum(&done, |span| span.service_ns);
    assert!(queue > 0 && pool > 0, "{queue} {pool}");
    assert!(
        service < (queue + pool) / 10,
        "the server itself does next to nothing: {service}"
    );
}

/// Who gives up in a line was not worked on: neither in the backlog nor while waiting for a connection.
#[test]
fn a_wait_that_goes_on_when_the_visitor_leaves_is_a_wait() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=8; workers=4; backlog=1000; db_pool=1)
         d database(read_cpu_ms=40)
         c > s
         s > d",
    );
    let mut load = scenario(45.0, 60, support::read("product"));
    load.audiences[0].timeout_secs = 1.0;
    let report = run_of(&drawing, &load, true);
    let left = spans(&report, "s", |t| t.failed == Some(Reason::Timeout));
    let left: Vec<&Span> = left.into_iter().filter(|span| span.open).collect();
    assert!(!left.is_empty(), "the test wants visitors who give up");
    for span in &left {
        let waited = span.queue_ns + span.pool_ns + span.others_ns;
        assert!(waited > 990_000_000, "{span:?}");
    }
    assert!(sum(&left, |span| span.queue_ns) > sum(&left, |span| span.pool_ns));
}

/// Statements wait for a row, and for the disk; who was refused a row in the end had waited, too.
#[test]
fn a_database_tells_waiting_for_rows_and_disks_from_working() {
    let behind = |parameters: &str| {
        design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
             d database({parameters}; max_connections=100000; connection_mib=0)
             c > s
             s > d"
        ))
    };
    // A row is held for 100 ms and asked for 20 times a second; a second is waited at most.
    let rows = behind("write_cpu_ms=1; commit_ms=99; lock_timeout_secs=1");
    let report = run_of(&rows, &scenario(20.0, 60, write(Pick::Hottest)), true);
    let lost = spans(&report, "d", |t| t.failed == Some(Reason::LockTimeout));
    assert!(!lost.is_empty());
    for span in lost {
        assert!(span.queue_ns > 999_000_000, "{span:?}");
        assert!(span.service_ns < 1_000_000, "{span:?}");
    }
    for span in spans(&report, "d", |t| t.failed.is_none()) {
        assert!(
            (99_000_000..=101_000_000).contains(&span.service_ns),
            "{span:?}"
        );
    }
    // 120 writes a second on a disk for 100; each then takes 5 ms.
    let mut load = scenario(120.0, 30, write(Pick::Popular));
    load.audiences[0].timeout_secs = 2.0;
    let report = run_of(
        &behind("write_cpu_ms=0.1; commit_ms=5; iops=100"),
        &load,
        true,
    );
    let slow = spans(&report, "d", |t| t.kept == Kept::Slow);
    for span in slow.into_iter().filter(|span| !span.open) {
        assert!(span.queue_ns > 1_000_000_000, "{span:?}");
        assert!(span.service_ns < 10_000_000, "{span:?}");
    }
    let left = spans(&report, "d", |t| t.failed == Some(Reason::Timeout));
    let left: Vec<&Span> = left.into_iter().filter(|span| span.open).collect();
    assert!(!left.is_empty());
    assert!(
        sum(&left, |span| span.service_ns) > 0,
        "some have been computed before"
    );
    for span in left {
        assert!(span.queue_ns > 1_900_000_000, "{span:?}");
        assert!(span.service_ns < 6_000_000, "{span:?}");
    }
}

/// Who is refused at the door, and who is passed on, was on the way all the time.
#[test]
fn who_never_enters_is_not_worked_on() {
    let drawing = design(
        "c client(access_rtt_ms=40)
         b load_balancer()
         s server(vcpu=1; workers=1; backlog=1)
         c > b
         b > s",
    );
    let report = run_of(&drawing, &scenario(60.0, 20, compute(40.0)), true);
    let mut refused = spans(&report, "s", |_| true);
    refused.retain(|span| span.failed == Some(Reason::Refused));
    assert!(!refused.is_empty(), "{:?}", report.whole);
    for span in refused {
        assert_eq!(span.network_ns, span.took_ns, "{span:?}");
    }
    for span in spans(&report, "b", |_| true) {
        assert!(span.service_ns < 1_000_000, "{span:?}");
    }
}

/// Processors of shards, a line of tickets, a network card: who stands in line there is not worked on.
#[test]
fn lines_inside_components_are_waits() {
    let read = || support::read("product");
    let next_id = || Demand::NextId {
        dataset: id("product"),
    };
    let file = || Demand::Static {
        bytes: 125_000,
        objects: 1,
    };
    let kept = |what: &str| format!("s > x\nx {what}");
    // Each is asked 80 times a second and can do one each 10 ms; a generator of identifiers takes no time for that.
    for (demand, parts, at, each_ns) in [
        (
            read(),
            kept("cache(operation_us=10000; latency_ms=3)\nd database\ns > d"),
            "x",
            13_000_000,
        ),
        (
            next_id(),
            kept("id_generator(scheme=uuid_v4; rate_per_sec=100; latency_ms=3)"),
            "x",
            3_000_000,
        ),
        // A hundredth of a gigabit: 125 kB take 100 ms, so it is asked less often.
        (file(), String::new(), "s", 100_000_000),
    ] {
        let rate = if each_ns > 50_000_000 { 8.0 } else { 80.0 };
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=10000; memory_gib=4096; nic_gbps=0.01; static_cpu_ms=0)
             c > s
             {parts}"
        ));
        let mut load = scenario(rate, 100, demand);
        // All but the first find it in the cache.
        load.datasets[0].rows = 1;
        let report = run_of(&drawing, &load, true);
        let mut waited = 0;
        let mut seen = 0;
        for span in spans(&report, at, |t| t.failed.is_none()) {
            if span.open || (at == "s" && span.service_ns == 0) {
                continue;
            }
            seen += 1;
            waited += span.queue_ns;
            let off = span.service_ns.abs_diff(each_ns);
            assert!(off < 100_000, "{at}: {span:?}");
        }
        assert!(seen > 40, "{at}: {seen}");
        // Half of the time that a M/D/1 at 0.8 takes is before it: 2 services in the mean.
        assert!(
            waited > u64::from(seen as u32) * 5_000_000,
            "{at}: {waited}"
        );
    }
}

/// A query waits for the shard that is done last.
#[test]
fn a_search_tells_the_line_at_its_shards_from_the_query() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; memory_gib=4096)
         x search(shards=1; vcpu=1; query_cpu_ms=10)
         d database
         c > s
         s > x
         s > d
         x > d",
    );
    let query = Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: vec![Filter {
            column: id("brand"),
            op: FilterOp::Contains,
            selectivity: 0.1,
        }],
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    };
    let mut load = scenario(85.0, 300, query);
    load.datasets[0].rows = 1_000_000;
    let report = run_of(&drawing, &load, true);
    let drawn = spans(&report, "x", |t| t.kept == Kept::Sampled);
    let (queue, service) = (
        sum(&drawn, |span| span.queue_ns),
        sum(&drawn, |span| span.service_ns),
    );
    // M/M/1: for a service of one there are ρ / (1 − ρ) waits, of 60 requests not far from it.
    assert!(queue > 2 * service, "{queue} {service}");
    let each = service as f64 / drawn.len() as f64;
    assert!((6e6..14e6).contains(&each), "{each}");
}

/// A commit that waits for a synchronous copy, a cold start, and a fetch that another makes are no work.
#[test]
fn waiting_for_others_is_no_work() {
    let pair = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; db_pool=1000)
         a database(commit_ms=1; write_cpu_ms=0.1)
         b database(replication=synchronous; apply=constant; apply_ms=200)
         c > s
         s > a
         a > b",
    );
    let report = run_of(&pair, &scenario(2.0, 60, write(Pick::Popular)), true);
    let commits = spans(&report, "a", |t| t.failed.is_none());
    assert!(commits.len() > 20);
    for span in commits {
        assert!(span.others_ns >= 200_000_000, "{span:?}");
        assert!(span.service_ns < 10_000_000, "{span:?}");
    }
    let cold = design(
        "c client(access_rtt_ms=0)
         f function(cold_start_ms=700; keep_secs=0)
         c > f",
    );
    let report = run_of(&cold, &scenario(2.0, 60, compute(5.0)), true);
    for span in spans(&report, "f", |t| t.failed.is_none()) {
        assert!(
            (699_000_000..=701_000_000).contains(&span.queue_ns),
            "{span:?}"
        );
    }
    let flight = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; db_pool=1000)
         k cache(mode=through; single_flight=yes; ttl_secs=1; latency_ms=0)
         d database(read_cpu_ms=100)
         c > s
         s > k
         k > d",
    );
    let mut load = scenario(100.0, 30, support::read("product"));
    load.datasets[0].rows = 1;
    let report = run_of(&flight, &load, true);
    let slow = spans(&report, "k", |t| t.kept == Kept::Slow);
    assert!(!slow.is_empty());
    for span in slow {
        assert!(span.service_ns < 1_000_000, "{span:?}");
        assert!(span.others_ns > 50_000_000, "{span:?}");
    }
}
