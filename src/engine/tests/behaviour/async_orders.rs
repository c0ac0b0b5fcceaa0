//! Queues between servers and workers: orders, logins, order by key, and whatever may break, at random.

use archplay_model::scenario::{
    Business, Demand, Entry, FaultAction, FaultTarget, LocalText, Operation, Pick, RatePoint, State,
};
use archplay_model::{Design, LinkKey, Scenario};
use archplay_report::{Measure, Metric, OperationTotals, Reason, Report, Subject};
use proptest::prelude::*;

use crate::reports::{clock, fault, measure};
use crate::support::{compute, design, id, near, page, run, scenario};

fn series(report: &Report, subject: &Subject, metric: Metric) -> Vec<f64> {
    let found = report.series.find(subject, metric);
    let column = found.unwrap_or_else(|| panic!("{subject:?} {metric:?}"));
    report.series.column(column).collect()
}

fn work(report: &Report) -> &OperationTotals {
    &report.whole.operations[1]
}

/// Visitors order; the order is `first` and then a message, and `then` is what its consumer does.
fn ordering(rate: f64, secs: u32, first: Demand, then: Demand) -> Scenario {
    let publish = Demand::Publish { topic: id("work") };
    let mut load = scenario(rate, secs, Demand::Seq(vec![first, publish]));
    load.operations.push(Operation {
        id: id("work"),
        name: LocalText::default(),
        entry: Entry::Visitor,
        demand: then,
    });
    load.business = Some(Business {
        order: id("page"),
        revenue: 10.0,
    });
    load
}

fn shop(queue: &str, worker: &str, more: &str) -> Design {
    design(&format!(
        "c client
         s server(vcpu=8; workers=500)
         q queue({queue})
         w worker({worker}; handles=work)
         c > s
         s > q
         q > w
         {more}"
    ))
}

/// A rush of 100 a second for half a minute, at a worker that does 25: with a queue all are taken in and
/// done later; without, three of four fail.
#[test]
fn a_queue_flattens_a_rush() {
    let rush = |mut load: Scenario| {
        for (at, per_sec) in [(0, 5.0), (59, 5.0), (60, 100.0), (90, 100.0), (91, 5.0)] {
            let at = clock(at);
            load.audiences[0].rate.push(RatePoint { at, per_sec });
        }
        load.audiences[0].rate.remove(0);
        load.audiences[0].timeout_secs = 5.0;
        load
    };
    let queued = run(
        &shop("visibility_secs=600", "vcpu=1; workers=10", ""),
        &rush(ordering(5.0, 400, compute(1.0), compute(40.0))),
        1,
    );
    assert_eq!(page(&queued).failed_total(), 0);
    assert!(page(&queued).latency_p99_ms < 200.0);
    assert!(work(&queued).good > 4_000 && work(&queued).inside < 5);
    let orders = series(&queued, &Subject::System, Metric::Orders);
    assert!(
        orders.iter().all(|orders| *orders < 3_600.0),
        "never more than the worker does"
    );
    let direct = run(
        &design("c client\ns server(vcpu=1; workers=10; backlog=8192)\nc > s"),
        &rush(scenario(5.0, 400, compute(40.0))),
        1,
    );
    assert!(
        page(&direct).failed_for(Reason::Timeout) > 1_500,
        "{:?}",
        page(&direct).failed
    );
    assert!(work(&queued).queued && !page(&queued).queued);
}

/// All orders are about the same product: in order by key they are done one at a time.
#[test]
fn one_key_is_worked_on_by_one_at_a_time() {
    let read = Demand::Write {
        dataset: id("product"),
        key: Pick::Hottest,
    };
    let load = ordering(50.0, 60, read, compute(50.0));
    let done = |queue: &str| {
        let more = "db station(workers=0; service_ms=1)\ns > db";
        let queue = format!("visibility_secs=4000; {queue}");
        measure(
            &run(
                &shop(&queue, "vcpu=64; workers=64; poll_ms=1", more),
                &load,
                1,
            ),
            "q",
            Measure::Consumed,
        )
    };
    near(done("fifo=no"), 3_000.0, 0.05, "all at once");
    near(done("fifo=yes"), 60.0 / 0.0505, 0.06, "one after the other");
    near(
        done("partitions=8"),
        60.0 / 0.0505,
        0.06,
        "one partition has them all",
    );
}

#[test]
fn the_first_of_a_journey_is_a_login_the_rest_are_checks() {
    let mut load = scenario(20.0, 60, Demand::Authenticate);
    let mut step = load.journeys[0].steps[0].clone();
    load.journeys[0].steps[0].gives = Some(State::Session);
    load.operations.push(Operation {
        id: id("again"),
        name: LocalText::default(),
        entry: Entry::Visitor,
        demand: Demand::Authenticate,
    });
    step.operation = id("again");
    step.needs = Some(State::Session);
    load.journeys[0].steps.push(step);
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(sessions=token)
         who identity(login_ms=400; check_ms=20)
         c > s
         s > who",
    );
    let report = run(&drawing, &load, 1);
    let mean = |i: usize| report.whole.operations[i].latency_mean_ms;
    near(mean(0), 400.0, 0.02, "login");
    near(mean(1), 20.0, 0.15, "check");
    load.faults = vec![fault(
        30,
        None,
        FaultAction::Kill,
        FaultTarget::Component(id("who")),
    )];
    let down = run(&drawing, &load, 1);
    assert!(down.whole.operations[0].failed_for(Reason::Refused) > 500);
}

/// A million messages wait, and are none the slower for it.
#[test]
fn a_million_messages_wait() {
    let mut load = scenario(10_000.0, 110, compute(0.0));
    load.audiences[0].rate.push(RatePoint {
        at: clock(100),
        per_sec: 10_000.0,
    });
    load.audiences[0].rate.push(RatePoint {
        at: clock(101),
        per_sec: 0.0,
    });
    let drawing = design(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0; fifo=yes; capacity=2000000)
         w station(workers=1; service_ms=100; service=constant)
         c > p
         p > q
         q > w",
    );
    let report = run(&drawing, &load, 1);
    let depth = series(&report, &Subject::Component(id("q")), Metric::Backlog);
    assert!(depth[105] > 990_000.0, "{}", depth[105]);
    near(
        measure(&report, "q", Measure::Consumed),
        1_100.0,
        0.02,
        "at its pace",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever dies, is cut or too slow: orders published = done + given up + still in a queue, Little's law
    /// holds everywhere, and nothing is done more often than it was given out.
    #[test]
    fn no_order_is_lost_or_counted_twice(
        seed in 0_u64..1_000,
        (visibility, receives, capacity) in (1_u32..8, 0_u32..4, 5_u32..200),
        (partitions, fifo, full) in (1_u32..4, any::<bool>(), any::<bool>()),
        (threads, batch, poll) in (1_u32..6, 1_u32..12, 1_u32..3_000),
        fails in 0_u32..60,
        with_dead in any::<bool>(),
        faults in proptest::collection::vec((0_u32..60, 1_u32..20, 0_usize..6, any::<bool>()), 0..6),
    ) {
        let (fifo, full) = (if fifo { "yes" } else { "no" }, if full { "wait" } else { "refuse" });
        let queue = format!(
            "visibility_secs={visibility}; max_receives={receives}; capacity={capacity}; \
             partitions={partitions}; fifo={fifo}; when_full={full}"
        );
        let worker = format!("vcpu=1; workers={threads}; batch={batch}; poll_ms={poll}");
        let dead = if with_dead {
            "dead queue(capacity=20)\nd worker(workers=1; handles=work)\nq > dead\ndead > d\nd > db"
        } else {
            ""
        };
        let more = format!(
            "w2 worker({worker}; handles=work)
             db station(workers=1; service_ms=10; fail_percent={fails})
             q > w2
             w > db
             w2 > db
             {dead}"
        );
        let then = Demand::Seq(vec![
            compute(20.0),
            Demand::Write { dataset: id("product"), key: Pick::Own },
        ]);
        let mut load = ordering(30.0, 60, compute(1.0), then);
        load.audiences[0].timeout_secs = 3.0;
        for (at, long, which, cut) in faults {
            let link = |from: &str, to: &str| FaultTarget::Link(LinkKey::new(id(from), id(to)));
            let target = match (which, cut) {
                (0, true) => link("q", "w"),
                (1, true) => link("s", "q"),
                (2, true) => link("w", "db"),
                (3, true) if with_dead => link("q", "dead"),
                (which, _) => FaultTarget::Component(id(["q", "w", "s", "db", "w2", "c"][which])),
            };
            let action = if cut { FaultAction::Cut } else { FaultAction::Kill };
            load.faults.push(fault(at, Some(at + long), action, target));
        }
        let drawing = shop(&queue, &worker, &more);
        let report = run(&drawing, &load, seed);
        let done = work(&report);
        prop_assert_eq!(done.offered, done.good + done.failed_total() + done.inside);
        let again = run(&drawing, &load, seed);
        prop_assert_eq!(report.to_json(), again.to_json());
    }
}
