//! How fast the engine is, natively. Run with `cargo xtask bench`; CI never looks at the times.
#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]

use std::time::Instant;

use archplay_engine::{Budget, Run};
use archplay_model::format::{read_design, read_scenario};
use archplay_model::{Design, Scenario};

/// One workload.
struct Case {
    name: &'static str,
    design: Design,
    scenario: Scenario,
}

fn main() {
    let lesson = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../lessons/03-compute/tasks/flash-sale"
    );
    let mut cases = vec![mm1()];
    for (name, file) in [
        ("lesson 3, start, one hour", "start.json"),
        (
            "lesson 3, reference, one hour",
            "reference-scheduled-cdn.json",
        ),
    ] {
        let read = |file: &str| std::fs::read_to_string(format!("{lesson}/{file}")).ok();
        let design = read(file).and_then(|text| read_design(&text).ok());
        let scenario = read("scenario.json").and_then(|text| read_scenario(&text).ok());
        match (design, scenario) {
            (Some((design, _)), Some(scenario)) => cases.push(Case {
                name,
                design,
                scenario,
            }),
            _ => println!("{name}: {lesson}/{file} cannot be read"),
        }
    }
    println!(
        "{:<32} {:>12} {:>14} {:>14} {:>9}",
        "workload", "requests", "requests/s", "events/s", "seconds"
    );
    for case in cases {
        measure(&case);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock, the engine never"
)]
fn measure(case: &Case) {
    let mut best: Option<(f64, u64, u64)> = None;
    for seed in 1..=3 {
        let begin = Instant::now();
        let Ok(mut run) = Run::compile(&case.design, &case.scenario, seed) else {
            println!("{}: refused by the checker", case.name);
            return;
        };
        let mut events = 0;
        loop {
            let progress = run.advance(Budget {
                until_ns: u64::MAX,
                max_events: 1 << 20,
            });
            events += progress.events;
            if progress.done {
                break;
            }
        }
        let secs = begin.elapsed().as_secs_f64();
        let requests: u64 = run
            .report()
            .whole
            .operations
            .iter()
            .map(|o| o.offered)
            .sum();
        if best.is_none_or(|(least, ..)| secs < least) {
            best = Some((secs, requests, events));
        }
    }
    if let Some((secs, requests, events)) = best {
        let (rps, eps) = (requests as f64 / secs, events as f64 / secs);
        println!(
            "{:<32} {requests:>12} {rps:>14.0} {eps:>14.0} {secs:>9.3}",
            case.name
        );
    }
}

/// M/M/1 at 80 %: a server with one core and one worker.
fn mm1() -> Case {
    let design = r#"{"schema":"archplay/design/1","components":[
        {"id":"c","kind":"client","x":0,"y":0,"params":{"access_rtt_ms":0}},
        {"id":"s","kind":"server","x":0,"y":0,"params":{"vcpu":1,"workers":1,"backlog":1000000,"memory_gib":4096}}],
        "links":[{"from":"c","to":"s"}]}"#;
    let scenario = r#"{"schema":"archplay/scenario/1","id":"mm1","name":{"ko":"","en":""},"start":"00:00","duration_secs":20000,
        "operations":[{"id":"page","name":{"ko":"","en":""},"demand":{"compute":{"cpu_ms":10}}}],
        "journeys":[{"id":"visit","within_secs":1000000,"steps":[{"operation":"page"}]}],
        "audiences":[{"id":"people","name":{"ko":"","en":""},"journey":"visit","rate":[{"at":"00:00","per_sec":80}],"timeout_secs":80000}]}"#;
    let design = read_design(design)
        .unwrap_or_else(|error| panic!("{error}"))
        .0;
    let scenario = read_scenario(scenario).unwrap_or_else(|error| panic!("{error}"));
    Case {
        name: "M/M/1, 80 %",
        design,
        scenario,
    }
}
