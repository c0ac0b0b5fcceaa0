//! What a message queue has to do, with textbook queues as publishers and consumers: no network, no pools.

use archplay_model::ClockTime;
use archplay_model::scenario::{Fault, FaultAction, FaultTarget, RatePoint};
use archplay_report::check::{CheckKind, CheckUnit, Figures};
use archplay_report::{EventCode, Measure, Metric, Reason};

use crate::reports::{column, count, measure};
use crate::support::checks::{self, Expected, Sheet};
use crate::support::{compute, design, id, near, page, run, scenario};

fn fault(at: u32, until: Option<u32>, action: FaultAction, target: &str) -> Fault {
    Fault {
        at: ClockTime::from_secs(at),
        until: until.map(ClockTime::from_secs),
        action,
        target: FaultTarget::Component(id(target)),
    }
}

/// A publisher that hands its requests to a queue, and one that takes them.
fn drawing(queue: &str, consumer: &str) -> archplay_model::Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue({queue})
         w station({consumer})
         c > p
         p > q
         q > w"
    ))
}

/// Through a queue that adds no time, a consumer with c servers is M/M/c: the queue holds the line.
#[test]
fn a_queue_before_c_servers_is_the_textbook_queue() {
    let load = scenario(160.0, 2_000, compute(0.0));
    let mut sheet = Sheet::new("queue-mmc-c2-rho80", "queue");
    let report = sheet.run(
        &drawing(
            "publish_ms=0; visibility_secs=4000",
            "workers=2; service_ms=10",
        ),
        &load,
        1,
    );
    let sojourn = archplay_theory::mmc_sojourn(2, 160.0, 0.010);
    let tail = archplay_theory::mmc_sojourn_quantile(2, 160.0, 0.010, 0.99);
    for (metric, figure, value, tolerance) in [
        ("sojourn_mean", "delivery_mean", sojourn, 0.04),
        ("sojourn_p99", "delivery_p99", tail, 0.06),
    ] {
        // From being published to the end of the work.
        let read = checks::measure("q", figure).times(1e-3);
        let measured = read.of(&Figures::of(&report)).unwrap_or(f64::NAN);
        let expected = Expected {
            value,
            tolerance: value * tolerance,
            kind: CheckKind::Exact,
            unit: CheckUnit::Seconds,
        };
        sheet.add(metric, expected, measured, Some(read), 160.0 * 2_000.0);
    }
    sheet.finish();
    let depth = column(&report, "q", Metric::Backlog);
    let mean = depth.iter().sum::<f64>() / depth.len() as f64;
    near(mean, 160.0 * (sojourn - 0.010), 0.08, "messages waiting");
    assert_eq!(
        measure(&report, "w", Measure::QueueMax),
        0.0,
        "the line is in the queue"
    );
    assert_eq!(measure(&report, "q", Measure::Redelivered), 0.0);
    // The visitor was answered long before.
    assert!(page(&report).latency_max_ms < 1.0);
}

#[test]
fn a_full_queue_refuses_or_lets_its_publishers_wait() {
    let load = scenario(200.0, 60, compute(0.0));
    let with = |full: &str| {
        let queue = format!("publish_ms=0; capacity=50; visibility_secs=4000; when_full={full}");
        run(&drawing(&queue, "workers=1; service_ms=10"), &load, 1)
    };
    let (refuses, waits) = (with("refuse"), with("wait"));
    let refused = page(&refuses).failed_for(Reason::QueueFull);
    near(refused as f64, 6_000.0, 0.05, "what one server cannot do");
    assert_eq!(count(&refuses, EventCode::QueueFull), 1);
    assert!(
        column(&refuses, "q", Metric::Backlog)
            .iter()
            .all(|depth| *depth <= 50.0)
    );
    // Nobody is refused; those who publish wait longer and longer.
    assert_eq!(page(&waits).failed_total(), 0);
    near(
        page(&waits).inside as f64,
        6_000.0,
        0.05,
        "publishers who wait",
    );
    assert!(page(&waits).latency_max_ms > 20_000.0);
}

#[test]
fn what_is_not_finished_in_time_is_delivered_again_and_done_twice() {
    let load = scenario(5.0, 600, compute(0.0));
    let slow = "workers=20; service_ms=1500; service=constant";
    let report = run(
        &drawing("publish_ms=0; visibility_secs=1; max_receives=0", slow),
        &load,
        1,
    );
    let (published, again) = (
        measure(&report, "q", Measure::Published),
        measure(&report, "q", Measure::Redelivered),
    );
    // Each is visible again after 1 s, while the first still has it; the second's receipt replaces the
    // first's, is late itself, and so on: nothing is ever finished.
    assert!(again > published, "{again} of {published}");
    assert_eq!(measure(&report, "q", Measure::Consumed), 0.0);
    let patient = run(&drawing("publish_ms=0; visibility_secs=2", slow), &load, 1);
    assert_eq!(measure(&patient, "q", Measure::Redelivered), 0.0);
    // One that is not taken again in the meantime may still be given back late.
    let late = run(
        &drawing(
            "publish_ms=0; visibility_secs=1; max_receives=0",
            "workers=1; service_ms=1500; service=constant",
        ),
        &scenario(0.1, 600, compute(0.0)),
        1,
    );
    assert!(measure(&late, "q", Measure::Consumed) > 50.0);
}

#[test]
fn a_message_that_fails_too_often_goes_to_the_dead_letters() {
    let load = scenario(10.0, 300, compute(0.0));
    let all_fail = "workers=100; service_ms=1; fail_percent=100";
    let alone = run(
        &drawing("publish_ms=0; visibility_secs=5; max_receives=3", all_fail),
        &load,
        1,
    );
    let published = measure(&alone, "q", Measure::Published);
    let dead = measure(&alone, "q", Measure::DeadLetters);
    // All but those of the last 15 s.
    near(dead, published * 285.0 / 300.0, 0.02, "dead letters");
    assert_eq!(count(&alone, EventCode::DeadLetter), 1);
    near(
        measure(&alone, "q", Measure::Redelivered),
        2.0 * dead,
        0.05,
        "three times each",
    );

    let linked = design(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0; visibility_secs=5; max_receives=3)
         w station(workers=100; service_ms=1; fail_percent=100)
         dead queue(publish_ms=0)
         clerk station(workers=1; service_ms=1)
         c > p
         p > q
         q > w
         q > dead
         dead > clerk",
    );
    let report = run(&linked, &load, 1);
    assert_eq!(measure(&report, "dead", Measure::Published), dead);
    assert_eq!(measure(&report, "dead", Measure::Consumed), dead);
    // A dead letter keeps its age: three times 5 s and a little.
    near(
        measure(&report, "dead", Measure::DeliveryMean),
        15_000.0,
        0.01,
        "age",
    );
}

#[test]
fn messages_survive_a_dead_queue_and_publishes_meanwhile_fail() {
    let mut load = scenario(20.0, 120, compute(0.0));
    load.audiences[0].rate.push(RatePoint {
        at: ClockTime::from_secs(60),
        per_sec: 20.0,
    });
    load.audiences[0].rate.push(RatePoint {
        at: ClockTime::from_secs(61),
        per_sec: 0.0,
    });
    load.faults = vec![fault(30, Some(40), FaultAction::Kill, "q")];
    let slow = "workers=1; service_ms=100; service=constant";
    let report = run(&drawing("publish_ms=0", slow), &load, 1);
    let refused = page(&report).failed_for(Reason::Refused);
    near(refused as f64, 200.0, 0.2, "10 s of publishes");
    let depth = column(&report, "q", Metric::Backlog);
    near(depth[35], 10.0 * 30.0, 0.2, "kept while it is dead");
    let (published, consumed) = (
        measure(&report, "q", Measure::Published),
        measure(&report, "q", Measure::Consumed),
    );
    assert_eq!(consumed, published, "none is lost");
    let again = measure(&report, "q", Measure::Redelivered);
    assert_eq!(again, 1.0, "the one whose answer found the queue dead");
    assert!(column(&report, "q", Metric::OldestAge)[39] > 15.0);
}

#[test]
fn a_dead_consumer_s_messages_come_back_after_their_time() {
    let mut load = scenario(10.0, 120, compute(0.0));
    load.faults = vec![fault(60, Some(70), FaultAction::Kill, "w")];
    let report = run(
        &drawing(
            "publish_ms=0; visibility_secs=20",
            "workers=5; service_ms=300; service=constant",
        ),
        &load,
        1,
    );
    let again = measure(&report, "q", Measure::Redelivered);
    assert!((1.0..=5.0).contains(&again), "{again} were in hand");
    // They wait for the end of their 20 s although the consumer is back after 10.
    let age = column(&report, "q", Metric::OldestAge);
    assert!(age[78] > 17.0 && age[85] < 5.0, "{:?}", &age[70..90]);
}

/// Partitions bound how many work at once; the order within one is kept.
#[test]
fn partitions_are_read_one_batch_at_a_time() {
    let load = scenario(100.0, 60, compute(0.0));
    let consumer = "workers=100; service_ms=100; service=constant";
    let done = |queue: &str| {
        let queue = format!("publish_ms=0; visibility_secs=4000; {queue}");
        measure(
            &run(&drawing(&queue, consumer), &load, 1),
            "q",
            Measure::Consumed,
        )
    };
    // 100 a second need ten at once.
    near(
        done("partitions=1"),
        6_000.0,
        0.05,
        "no partitions: as many as there are servers",
    );
    near(done("partitions=4"), 4.0 * 600.0, 0.02, "four at once");
    near(done("fifo=yes"), 6_000.0, 0.05, "every visitor is a lane");
}
