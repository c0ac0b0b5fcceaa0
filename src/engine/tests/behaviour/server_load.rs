//! What a server does under load: threads, backlog, processor, network card, memory, administrators.

use archplay_model::scenario::{Demand, RatePoint, Refresh};
use archplay_report::{EventCode, Metric, Reason, Report};

use crate::reports::{clock, column, count, read, system};
use crate::support::{compute, design, near, page, run, scenario, with_admin};

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
        ..Refresh::default()
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
fn nobody_holds_the_dataset() {
    let demand = read("product");
    let drawing = design("c client\ns server\nd database(holds=other)\nc > s\ns > d");
    let report = run(&drawing, &scenario(10.0, 20, demand), 1);
    assert_eq!(
        page(&report).failed_for(Reason::NoRoute),
        page(&report).offered
    );
}
