//! The lecture's day: 10 million visitors with a peak factor of 3, as a class runs it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod feed_support;
mod support;

use archplay_model::format::{read_design, read_scenario};
use archplay_model::{Design, Scenario};

fn documents() -> (Design, Scenario) {
    let (design, mended) = read_design(include_str!("feed_support/lecture.design.json")).unwrap();
    let scenario = read_scenario(include_str!("feed_support/lecture.scenario.json")).unwrap();
    assert_eq!(mended, []);
    (design, scenario)
}

#[test]
#[ignore = "measures; run it in release"]
fn the_day() {
    let (design, scenario) = documents();
    let begun = std::time::Instant::now();
    let report = support::run(&design, &scenario, 1);
    println!("{:?}", begun.elapsed());
    println!("{:#?}", report.feed);
    println!("{:?}", report.aggregation);
    for operation in &report.whole.operations {
        println!("{operation:?}");
    }
    for component in &report.components {
        println!(
            "{} {:.3} {:?}",
            component.id, component.utilisation, component.measures
        );
    }
    println!("{:?} {:?}", report.causes, report.cost);
}

#[test]
#[ignore = "measures; run it in release"]
fn ten_seconds() {
    let (design, mut scenario) = documents();
    scenario.duration_secs = 10;
    scenario.mode = archplay_model::scenario::Mode::Events;
    let begun = std::time::Instant::now();
    let run = archplay_engine::Run::compile(&design, &scenario, 1).unwrap();
    println!("compiled {:?} {:?}", begun.elapsed(), run.warnings());
    drop(run);
    let begun = std::time::Instant::now();
    let report = support::run(&design, &scenario, 1);
    println!("{:?}", begun.elapsed());
    println!("{:#?}", report.feed);
    for operation in &report.whole.operations {
        println!("{operation:?}");
    }
    for component in &report.components {
        println!(
            "{} {:.3} {:?}",
            component.id, component.utilisation, component.measures
        );
    }
    println!("{:?} {:?}", report.causes, report.cost);
}
