//! Stores that are linked to others: tables and buckets in two regions, events on write, a graph and a counter
//! that are kept in a database.

use archplay_model::scenario::{
    Consistency, Demand, FaultAction, FaultTarget, JourneyStep, OnConflict, Operation, Pick,
    Scenario, State,
};
use archplay_model::{Design, LinkKey};
use archplay_report::{EventCode, Measure, Metric, Reason, Report};

use crate::reports::{self, column, constant, count, fault, measure};
use crate::support::{design, id, near, page, run, scenario};

fn component(name: &str) -> FaultTarget {
    FaultTarget::Component(id(name))
}

fn own(pick: Pick) -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: pick,
    }
}

fn write(key: Pick) -> Demand {
    Demand::Write {
        dataset: id("product"),
        key,
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Visitors of Seoul write where they are; what they then look at is in Tokyo, so many milliseconds later.
fn abroad(delay_ms: f64, rate: f64, secs: u32) -> Scenario {
    let mut load = scenario(rate, secs, write(Pick::Own));
    load.datasets[0].rows = 1_000_000;
    load.operations.push(Operation {
        id: id("look"),
        demand: Demand::Seq(vec![constant(delay_ms), own(Pick::Own)]),
        ..load.operations[0].clone()
    });
    load.journeys[0].steps[0].gives = Some(State::OwnWrite);
    let step = JourneyStep {
        operation: id("look"),
        gives: None,
        needs: Some(State::OwnWrite),
        ..load.journeys[0].steps[0].clone()
    };
    load.journeys[0].steps.push(step);
    load
}

/// A store of this kind in each of two places.
fn two_places(kind: &str, links: &str) -> Design {
    design(&format!(
        "k region(place=seoul)
         j region(place=tokyo)
         c client(access_rtt_ms=0)
         s server(vcpu=64; workers=10000; handles=page) in k
         t server(vcpu=64; workers=10000; handles=look) in j
         a {kind} in k
         b {kind} in j
         c > s
         c > t
         s > a
         t > b
         {links}"
    ))
}

const TABLE: &str = "key_value(read_units=100000; write_units=100000; latency_ms=0; copy_lag_ms=0)";

/// What is written in one place is in the other after the way there, 15.9 ms, and not before.
#[test]
fn tables_of_two_regions_copy_what_is_written_after_the_fact() {
    let stale = |kind: &str, links: &str, delay: f64| {
        let report = run(&two_places(kind, links), &abroad(delay, 50.0, 60), 1);
        assert_eq!(
            page(&report).failed,
            [],
            "a writer never waits for the other"
        );
        let looks = &report.whole.operations[1];
        assert_eq!(looks.failed_total(), looks.failed_for(Reason::StaleRead));
        (
            looks.failed_for(Reason::StaleRead) as f64 / looks.offered as f64,
            report,
        )
    };
    for links in ["a > b", "a > b\nb > a"] {
        let (_, report) = stale(TABLE, links, 5.0);
        near(
            measure(&report, "b", Measure::LagP50),
            15.9,
            0.02,
            "the way there",
        );
        assert!(measure(&report, "a", Measure::LagBacklog) <= 3.0);
        assert_eq!(stale(TABLE, links, 50.0).0, 0.0);
    }
    // One that takes 60 ms to take a write in has it after 76; who looks before 75.9 does not see it. The look
    // takes a way to Tokyo itself, and then as long as the table takes for anything.
    let slow = TABLE.replace("latency_ms=0; copy", "latency_ms=60; copy");
    let (share, report) = stale(&slow, "a > b", 0.0);
    near(
        measure(&report, "b", Measure::LagP50),
        75.9,
        0.02,
        "and its own time",
    );
    assert_eq!(share, 0.0);
    // Without a link the other never sees it; it is another table.
    let (_, apart) = stale(TABLE, "", 50.0);
    assert!(measure(&apart, "b", Measure::LagP50).is_nan());
    // Buckets do the same, and take the time of their bytes.
    let bucket = "object_store(first_byte_ms=30)";
    let (_, report) = stale(bucket, "a > b", 100.0);
    near(
        measure(&report, "b", Measure::LagP50),
        45.9,
        0.02,
        "the way and the first byte",
    );
}

#[test]
fn what_a_cut_or_a_death_keeps_back_is_copied_afterwards() {
    for (action, target) in [
        (
            FaultAction::Cut,
            FaultTarget::Link(LinkKey::new(id("a"), id("b"))),
        ),
        (FaultAction::Kill, component("b")),
    ] {
        let mut load = abroad(50.0, 50.0, 120);
        load.faults = vec![fault(30, Some(60), action, target)];
        let report = run(&two_places(TABLE, "a > b"), &load, 1);
        assert_eq!(page(&report).failed, []);
        let failed = column_of(&report, Reason::StaleRead);
        if action == FaultAction::Cut {
            near(sum(&failed[31..60]), 29.0 * 50.0, 0.15, "nothing new there");
        }
        assert_eq!(
            sum(&failed[64..]),
            0.0,
            "{action:?}: all of it is there again"
        );
        assert!(measure(&report, "a", Measure::LagBacklog) <= 3.0);
        assert!(measure(&report, "b", Measure::LagP99) > 20_000.0);
    }
}

fn column_of(report: &Report, reason: Reason) -> Vec<f64> {
    reports::system(report, Metric::Failed(reason))
}

/// Both places write the same rows: of two writes that did not know of each other one is lost.
#[test]
fn of_two_writes_to_one_row_the_later_stays() {
    let both = |links: &str| {
        let drawing = design(&format!(
            "k region(place=seoul)
             j region(place=tokyo)
             c client(place=seoul; access_rtt_ms=0; audiences=people)
             e client(place=tokyo; access_rtt_ms=0; audiences=others)
             s server(vcpu=64) in k
             t server(vcpu=64) in j
             a {TABLE} in k
             b {TABLE} in j
             c > s
             e > t
             s > a
             t > b
             {links}"
        ));
        let mut load = scenario(200.0, 100, write(Pick::Fresh));
        let mut others = load.audiences[0].clone();
        others.id = id("others");
        others.place = archplay_model::Place::Tokyo;
        load.audiences.push(others);
        let report = run(&drawing, &load, 1);
        assert_eq!(page(&report).failed, []);
        measure(&report, "a", Measure::LostWrites) + measure(&report, "b", Measure::LostWrites)
    };
    // Two writes of one of 1,000 rows within the one-way time of 15.9 ms.
    let wanted = 200.0 * 200.0 / 1_000.0 * 2.0 * 0.0159 * 100.0;
    near(both("a > b\nb > a"), wanted, 0.2, "lost");
    assert_eq!(both(""), 0.0);
}

/// One that is only linked to takes no writes of its own, and is read in the place of the other.
#[test]
fn a_table_that_only_gets_copies_is_read_and_not_written() {
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64)
         a {TABLE}
         b {TABLE}
         c > s
         s > a
         s > b
         a > b"
    ));
    let both = Demand::Seq(vec![write(Pick::Popular), own(Pick::Popular)]);
    let mut load = scenario(50.0, 60, both);
    load.faults = vec![fault(30, Some(40), FaultAction::Kill, component("b"))];
    let report = run(&drawing, &load, 1);
    let (a, b) = (
        column(&report, "a", Metric::Rate),
        column(&report, "b", Metric::Rate),
    );
    near(sum(&a[..29]), 29.0 * 50.0, 0.1, "writes");
    near(sum(&b[..29]), 29.0 * 50.0, 0.1, "reads");
    near(
        sum(&a[31..39]),
        8.0 * 100.0,
        0.15,
        "both, while the copy is dead",
    );
    near(sum(&b[42..]), 18.0 * 50.0, 0.15, "reads again");
    assert!(page(&report).failed_total() <= 2);
}

/// Visitors upload; a function, or a worker behind a queue, makes small pictures of it.
fn uploads(rate: f64, secs: u32) -> Scenario {
    let mut load = scenario(rate, secs, write(Pick::Fresh));
    load.operations.push(Operation {
        id: id("shrink"),
        demand: constant(50.0),
        ..load.operations[0].clone()
    });
    load
}

fn bucket(behind: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; handles=page)
         o object_store
         c > s
         s > o
         {behind}"
    ))
}

#[test]
fn a_write_to_a_bucket_calls_a_function_or_puts_a_message_into_a_queue() {
    for behind in [
        "f function(handles=shrink; cold_start_ms=0)\no > f",
        "q queue\nw worker(handles=shrink; vcpu=16; workers=64)\no > q\nq > w",
    ] {
        let report = run(&bucket(behind), &uploads(20.0, 60), 1);
        let (upload, shrink) = (page(&report), &report.whole.operations[1]);
        assert_eq!((upload.failed_total(), shrink.failed_total()), (0, 0));
        assert!(shrink.queued, "nobody waits for it");
        let written = upload.good;
        assert!(
            shrink.offered.abs_diff(written) <= 2 && shrink.good + 20 >= written,
            "{} {} of {written}",
            shrink.offered,
            shrink.good
        );
        assert!(shrink.latency_p50_ms >= 50.0, "{}", shrink.latency_p50_ms);
        // The upload does not wait for it.
        assert!(upload.latency_max_ms < 50.0 + upload.latency_p50_ms);
    }
}

#[test]
fn events_wait_for_who_is_dead_and_are_lost_when_refused_too_often() {
    let queue = "q queue\nw worker(handles=shrink; vcpu=16; workers=64)\no > q\nq > w";
    let mut load = uploads(20.0, 120);
    load.faults = vec![fault(30, Some(60), FaultAction::Kill, component("q"))];
    let report = run(&bucket(queue), &load, 1);
    let shrink = &report.whole.operations[1];
    assert!(
        shrink.good + 20 >= page(&report).good,
        "{} of {}",
        shrink.good,
        page(&report).good
    );
    assert_eq!(measure(&report, "o", Measure::DeadLetters), 0.0);
    // A function is called three times.
    let mut load = uploads(20.0, 120);
    load.faults = vec![fault(30, Some(60), FaultAction::Kill, component("f"))];
    let report = run(&bucket("f function(handles=shrink)\no > f"), &load, 1);
    let lost = measure(&report, "o", Measure::DeadLetters);
    near(
        lost,
        20.0 * 28.0,
        0.12,
        "all but those of the last two seconds",
    );
    assert_eq!(count(&report, EventCode::DeadLetter), 1);
    assert_eq!(report.whole.operations[1].failed_total() as f64, lost);
}

/// A graph that is kept in a database.
fn graph(link: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64)
         g graph_store(vcpu=16)
         d database(max_connections=1000; commit_ms=4)
         c > s
         s > g
         {link}"
    ))
}

#[test]
fn a_graph_is_written_to_its_database_and_read_from_there_after_a_death() {
    let link = "g > d";
    let alone = run(&graph(""), &scenario(50.0, 60, write(Pick::Fresh)), 1);
    let kept = run(&graph(link), &scenario(50.0, 60, write(Pick::Fresh)), 1);
    assert_eq!(page(&kept).failed, []);
    near(
        sum(&column(&kept, "d", Metric::Rate)),
        page(&kept).good as f64,
        0.01,
        "each write",
    );
    let longer = page(&kept).latency_p50_ms - page(&alone).latency_p50_ms;
    assert!(
        longer > 4.0,
        "it is done when the database has it: {longer}"
    );
    // Reads come from memory, until it has died and is empty.
    let mut load = scenario(100.0, 120, own(Pick::Fresh));
    load.datasets[0].rows = 500;
    load.faults = vec![fault(30, Some(40), FaultAction::Kill, component("g"))];
    let report = run(&graph(link), &load, 1);
    let asked = column(&report, "d", Metric::Rate);
    assert_eq!(sum(&asked[..39]), 0.0, "all of it is in memory");
    assert!(sum(&asked[40..44]) > 150.0, "{}", sum(&asked[40..44]));
    near(sum(&asked), 500.0, 0.02, "each row once");
    assert_eq!(sum(&asked[100..]), 0.0);
    // A dead database takes no writes; what is in memory is read.
    let mut load = scenario(50.0, 60, write(Pick::Fresh));
    load.faults = vec![fault(30, None, FaultAction::Kill, component("d"))];
    let report = run(&graph(link), &load, 1);
    near(
        page(&report).failed_for(Reason::ConnectionLost) as f64,
        30.0 * 50.0,
        0.1,
        "writes",
    );
    load.operations[0].demand = own(Pick::Fresh);
    assert_eq!(page(&run(&graph(link), &load, 1)).failed, []);
}

/// Both have links to the server: the graph answers, the database keeps.
#[test]
fn a_graph_that_names_its_data_takes_it_from_nobody() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64)
         g graph_store(holds=product)
         d database
         c > s
         s > g
         s > d
         g > d",
    );
    let report = run(&drawing, &scenario(50.0, 60, own(Pick::Fresh)), 1);
    assert_eq!(page(&report).failed, []);
    assert!(sum(&column(&report, "g", Metric::Rate)) > 2_500.0);
    assert_eq!(sum(&column(&report, "d", Metric::Rate)), 0.0);
}

/// A ticket server: the counter is a row of a database.
fn tickets(scheme: &str, link: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=100000; memory_gib=4096; db_pool=1000)
         g id_generator(scheme={scheme}; rate_per_sec=1000000; latency_ms=0)
         d database(max_connections=10000; commit_ms=4; iops=100000; write_cpu_ms=0; vcpu=64)
         c > s
         s > g
         s > d
         {link}"
    ))
}

fn sign_up() -> Demand {
    Demand::Seq(vec![
        Demand::NextId {
            dataset: id("product"),
        },
        Demand::Insert {
            dataset: id("product"),
            on_conflict: OnConflict::Error,
        },
    ])
}

#[test]
fn a_counter_in_a_database_costs_a_write_and_goes_one_after_the_other() {
    let rate = |scheme: &str, link: &str, per_sec: f64| {
        let load = scenario(per_sec, 30, sign_up());
        run(&tickets(scheme, link), &load, 1)
    };
    let asked =
        |report: &Report| sum(&column(report, "d", Metric::Rate)) / page(report).offered as f64;
    for scheme in ["ticket", "auto_increment"] {
        let kept = rate(scheme, "g > d", 50.0);
        assert_eq!(page(&kept).failed, [], "{scheme}");
        near(asked(&kept), 2.0, 0.01, "the counter and the row");
        near(asked(&rate(scheme, "", 50.0)), 1.0, 0.01, "the row");
    }
    // Those without a counter keep nothing there.
    near(
        asked(&rate("snowflake", "g > d", 50.0)),
        1.0,
        0.01,
        "the row",
    );
    // One row, 4 ms and the way each: the lock makes 250 a second of it at most, however fast the generator is.
    let fast = rate("ticket", "", 400.0);
    let slow = rate("ticket", "g > d", 400.0);
    assert!(page(&fast).good > 11_000, "{}", page(&fast).good);
    let most = 30.0 * 1_000.0 / 4.0;
    assert!((page(&slow).good as f64) < most, "{}", page(&slow).good);
    assert!(
        page(&slow).good as f64 > most * 0.85,
        "{}",
        page(&slow).good
    );
}

#[test]
fn without_the_database_there_are_no_tickets() {
    let mut load = scenario(
        50.0,
        60,
        Demand::NextId {
            dataset: id("product"),
        },
    );
    load.faults = vec![fault(30, Some(45), FaultAction::Kill, component("d"))];
    let report = run(&tickets("ticket", "g > d"), &load, 1);
    let failed = page(&report).failed_for(Reason::ConnectionLost) as f64;
    near(failed, 15.0 * 50.0, 0.12, "while it is dead");
    assert!(page(&report).good > 2_000);
}
