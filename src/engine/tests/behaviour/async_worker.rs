//! Workers, and what they ask: processors that are shared, batches, polling, orders that count when they
//! have been worked on, logins and messages to devices.

use archplay_model::scenario::{
    Business, Demand, Entry, Fault, FaultAction, FaultTarget, LocalText, Operation, RatePoint,
};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{EventCode, Measure, Metric, OperationTotals, Reason, Report, Subject};

use crate::reports::{count, measure};
use crate::support::{compute, design, id, near, page, run, scenario};

fn series(report: &Report, subject: &Subject, metric: Metric) -> Vec<f64> {
    let found = report.series.find(subject, metric);
    let column = found.unwrap_or_else(|| panic!("{subject:?} {metric:?}"));
    report.series.column(column).collect()
}

fn column(report: &Report, component: &str, metric: Metric) -> Vec<f64> {
    series(report, &Subject::Component(id(component)), metric)
}

/// Visitors put their requests into a queue by way of a textbook queue; a worker runs them.
fn drawing(queue: &str, worker: &str, more: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0; {queue})
         w worker({worker})
         c > p
         p > q
         q > w
         {more}"
    ))
}

fn delivery(design: &Design, load: &Scenario) -> f64 {
    measure(&run(design, load, 1), "q", Measure::DeliveryMean)
}

#[test]
fn a_worker_shares_its_processors_and_no_more_than_its_threads_do_run() {
    let load = scenario(140.0, 400, compute(10.0));
    let with = |worker: &str| run(&drawing("visibility_secs=4000", worker, ""), &load, 1);
    // Two cores and two threads: M/M/2, but for the network there and back and the looks.
    let two = with("vcpu=2; workers=2; poll_ms=1");
    let cpu = column(&two, "w", Metric::Utilisation);
    near(cpu.iter().sum::<f64>() / cpu.len() as f64, 0.7, 0.03, "CPU");
    // A thread is taken while the message travels there and the answer back, 0.5 ms.
    let sojourn = archplay_theory::mmc_sojourn(2, 140.0, 0.0105) * 1e3;
    near(
        measure(&two, "q", Measure::DeliveryMean),
        sojourn,
        0.08,
        "M/M/2",
    );
    // One thread uses one core, and is too slow.
    let one = with("vcpu=2; workers=1; poll_ms=1");
    let cpu = column(&one, "w", Metric::Utilisation);
    near(cpu[300], 0.5 / 1.05, 0.05, "half of the CPU");
    assert!(column(&one, "q", Metric::Backlog)[399] > 10_000.0);
    let threads = column(&one, "w", Metric::Workers);
    near(
        threads[100..].iter().sum::<f64>() / 300.0,
        1.0 / 1.05,
        0.02,
        "the rest is on the way",
    );
    // Many threads on two cores: sharing, none of them faster than the cores.
    let many = with("vcpu=2; workers=100; poll_ms=1");
    assert!(column(&many, "w", Metric::Runnable)[300] > 0.5);
    assert!(measure(&many, "q", Measure::DeliveryMean) < sojourn * 1.2);
}

#[test]
fn an_idle_worker_finds_a_message_with_its_next_look() {
    let load = scenario(1.0, 2_000, compute(1.0));
    let slow = delivery(&drawing("visibility_secs=40", "poll_ms=1000", ""), &load);
    let quick = delivery(&drawing("visibility_secs=40", "poll_ms=10", ""), &load);
    near(slow, 500.0 + 1.5, 0.05, "half a second until the look");
    near(quick, 5.0 + 1.5, 0.1, "5 ms until the look");
}

#[test]
fn a_batch_saves_ways_and_is_given_back_as_a_whole() {
    // One thread and work of 0.1 ms: alone each message costs a round trip of 0.5 ms.
    let load = scenario(4_000.0, 20, compute(0.1));
    let with = |batch: u32, visibility: f64| {
        let worker = format!("vcpu=1; workers=1; batch={batch}; poll_ms=1");
        let queue = format!("visibility_secs={visibility}; max_receives=0");
        run(&drawing(&queue, &worker, ""), &load, 1)
    };
    let (single, batch) = (with(1, 4_000.0), with(100, 4_000.0));
    near(
        measure(&single, "q", Measure::Consumed),
        20.0 / 0.0006,
        0.05,
        "0.6 ms each",
    );
    near(
        measure(&batch, "q", Measure::Consumed),
        80_000.0,
        0.02,
        "all of them",
    );
    // A batch that takes longer than the messages stay hidden is delivered again as a whole.
    let slow = scenario(20.0, 100, compute(20.0));
    let big = |visibility: f64| {
        let worker = "vcpu=1; workers=1; batch=100; poll_ms=1000";
        let queue = format!("visibility_secs={visibility}; max_receives=0");
        run(
            &drawing(
                &queue,
                worker,
                "w2 worker(vcpu=1; workers=1; batch=100; poll_ms=1000)\nq > w2",
            ),
            &slow,
            1,
        )
    };
    assert_eq!(measure(&big(60.0), "q", Measure::Redelivered), 0.0);
    assert!(measure(&big(0.3), "q", Measure::Redelivered) > 100.0);
}

#[test]
fn a_killed_worker_loses_what_it_works_on_and_the_queue_gives_it_again() {
    let mut load = scenario(20.0, 120, compute(50.0));
    load.faults = vec![Fault {
        at: ClockTime::from_secs(60),
        until: Some(ClockTime::from_secs(65)),
        action: FaultAction::Kill,
        target: FaultTarget::Component(id("w")),
    }];
    let report = run(
        &drawing("visibility_secs=15", "vcpu=2; workers=10", ""),
        &load,
        1,
    );
    let again = measure(&report, "q", Measure::Redelivered);
    assert!((1.0..=10.0).contains(&again), "{again}");
    let left = measure(&report, "q", Measure::Published) - measure(&report, "q", Measure::Consumed);
    assert!(left < 5.0, "{left} are lost");
}

/// The page is an order that is only published; `work` works on it.
fn ordering(rate: f64, secs: u32, work: Demand) -> Scenario {
    let mut load = scenario(rate, secs, Demand::Publish { topic: id("work") });
    load.operations.push(Operation {
        id: id("work"),
        name: LocalText::default(),
        entry: Entry::Visitor,
        demand: work,
    });
    load.business = Some(Business {
        order: id("page"),
        revenue: 10.0,
    });
    load
}

fn work(report: &Report) -> &OperationTotals {
    &report.whole.operations[1]
}

/// A front worker publishes into a second queue, whose worker does the orders.
fn two_queues(second: &str, worker: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0)
         w worker(vcpu=8; workers=1000; poll_ms=1; handles=page)
         orders queue({second})
         clerk worker({worker}; handles=work)
         c > p
         p > q
         q > w
         w > orders
         orders > clerk"
    ))
}

#[test]
fn an_order_counts_when_it_has_been_worked_on() {
    let mut load = ordering(50.0, 120, compute(40.0));
    load.audiences[0].rate.push(RatePoint {
        at: ClockTime::from_secs(60),
        per_sec: 50.0,
    });
    load.audiences[0].rate.push(RatePoint {
        at: ClockTime::from_secs(61),
        per_sec: 0.0,
    });
    let report = run(
        &two_queues("visibility_secs=4000", "vcpu=1; workers=5"),
        &load,
        1,
    );
    // One core does 25 a second: twice as long as the visitors come.
    let orders = series(&report, &Subject::System, Metric::Orders);
    near(
        orders[10..110].iter().sum::<f64>() / 100.0,
        25.0 * 60.0,
        0.05,
        "orders a minute",
    );
    let (asked, done) = (page(&report), work(&report));
    assert_eq!(asked.good, asked.offered, "everyone was answered");
    near(done.offered as f64, asked.good as f64, 0.001, "published");
    assert_eq!(done.offered, done.good + done.inside);
    assert!(done.latency_p99_ms > 50_000.0, "{}", done.latency_p99_ms);
    assert!(asked.latency_p99_ms < 100.0, "{}", asked.latency_p99_ms);
    // What visitors ask is one thing, what messages cause another.
    let offered: f64 = series(&report, &Subject::System, Metric::Offered)
        .iter()
        .sum();
    assert_eq!(offered as u64, asked.offered);
}

#[test]
fn orders_that_nobody_can_work_on_fail_and_those_in_the_dead_letters_may_still_succeed() {
    // No database: every order fails.
    let read = Demand::Write {
        dataset: id("product"),
        key: Default::default(),
    };
    let load = ordering(5.0, 100, read);
    let alone = run(
        &two_queues("visibility_secs=1; max_receives=2", "vcpu=1; workers=50"),
        &load,
        1,
    );
    let lost = work(&alone);
    assert_eq!(lost.good, 0);
    assert_eq!(lost.failed_for(Reason::NoRoute), lost.failed_total());
    near(
        lost.failed_total() as f64,
        lost.offered as f64,
        0.05,
        "given up",
    );
    assert_eq!(count(&alone, EventCode::DeadLetter), 1);
    assert!(column(&alone, "orders", Metric::DeadLetters)[99] > 400.0);

    let mut drawing = two_queues("visibility_secs=1; max_receives=2", "vcpu=1; workers=50");
    let more = design(
        "dead queue
         helper station(workers=1; service_ms=1)
         orders queue
         dead > helper
         orders > dead",
    );
    for (key, link) in more.links {
        drawing.links.insert(key, link);
    }
    for (key, component) in more.components {
        drawing.components.entry(key).or_insert(component);
    }
    let saved = run(&drawing, &load, 1);
    assert_eq!(work(&saved).failed_total(), 0);
    near(
        work(&saved).good as f64,
        work(&saved).offered as f64,
        0.05,
        "saved",
    );
    near(
        work(&saved).latency_mean_ms,
        2_000.0,
        0.05,
        "since the order, not since the dead letter",
    );
}

#[test]
fn two_queues_of_one_worker_take_turns() {
    let mut load = ordering(200.0, 60, compute(10.0));
    // The front's own work is as long; both share one worker with one thread, which does 95 a second.
    load.operations[0].demand =
        Demand::Seq(vec![compute(10.0), Demand::Publish { topic: id("work") }]);
    let drawing = design(
        "c client(access_rtt_ms=0)
         p station(workers=0; service_ms=0)
         q queue(publish_ms=0)
         orders queue
         w worker(vcpu=1; workers=1; poll_ms=1)
         c > p
         p > q
         q > w
         w > orders
         orders > w",
    );
    let report = run(&drawing, &load, 1);
    let (fronts, orders) = (
        measure(&report, "q", Measure::Consumed),
        measure(&report, "orders", Measure::Consumed),
    );
    near(orders, fronts, 0.05, "neither starves the other");
}

#[test]
fn an_identity_service_checks_up_to_its_rate() {
    let load = scenario(100.0, 60, Demand::Authenticate);
    let with = |identity: &str| {
        let more = format!("who identity({identity})\nw > who");
        run(
            &drawing(
                "max_receives=1; visibility_secs=1",
                "vcpu=4; workers=1000; poll_ms=1",
                &more,
            ),
            &load,
            1,
        )
    };
    let fine = with("check_ms=20; rate_per_sec=200; burst=200");
    assert_eq!(count(&fine, EventCode::Throttled), 0);
    // 20 ms and the ways there and back.
    near(
        measure(&fine, "q", Measure::DeliveryMean),
        21.5,
        0.05,
        "a check, not a login of 100 ms",
    );
    let small = with("check_ms=20; rate_per_sec=60; burst=30");
    near(
        measure(&small, "q", Measure::Consumed),
        60.0 * 60.0 + 30.0,
        0.02,
        "the rate and the burst",
    );
    assert_eq!(count(&small, EventCode::Throttled), 1);
    let throttled = column(&small, "who", Metric::Throttled);
    near(
        throttled[10..].iter().sum::<f64>() / 50.0,
        40.0,
        0.1,
        "the rest, each second",
    );
}

#[test]
fn devices_are_reached_one_after_the_other_and_nobody_waits_for_them() {
    let load = scenario(50.0, 100, Demand::Notify);
    let with = |notification: &str| {
        let more = format!("push notification({notification})\nw > push");
        run(
            &drawing(
                "max_receives=1; visibility_secs=1",
                "vcpu=4; workers=1000; poll_ms=1",
                &more,
            ),
            &load,
            1,
        )
    };
    let quick = with("rate_per_sec=1000; delivery_ms=300");
    near(
        measure(&quick, "push", Measure::DeliveryMean),
        300.0,
        0.01,
        "at once",
    );
    // Turns in even steps behind random arrivals are M/D/1: a mean wait of 32 ms at 80 % of the rate.
    let even = with("rate_per_sec=62.5; delivery_ms=0");
    let wait = 0.8 * 16.0 / (2.0 * 0.2);
    near(
        measure(&even, "push", Measure::DeliveryMean),
        wait,
        0.2,
        "M/D/1",
    );
    let slow = with("rate_per_sec=25; delivery_ms=300");
    near(
        measure(&slow, "push", Measure::Consumed),
        2_500.0,
        0.01,
        "its rate",
    );
    assert!(measure(&slow, "push", Measure::DeliveryP99) > 45_000.0);
    near(
        measure(&slow, "q", Measure::DeliveryMean),
        measure(&quick, "q", Measure::DeliveryMean),
        0.01,
        "the asker does not wait",
    );
    let small = with("rate_per_sec=25; delivery_ms=300; capacity=100");
    let full = small
        .causes
        .iter()
        .find(|cause| cause.reason == Reason::QueueFull);
    near(
        full.map_or(0.0, |cause| cause.count as f64),
        5_000.0 - 2_500.0 - 100.0,
        0.1,
        "refused",
    );
    assert_eq!(count(&small, EventCode::QueueFull), 1);
    assert!(
        column(&small, "push", Metric::Backlog)
            .iter()
            .all(|waiting| *waiting <= 100.0)
    );
}
