//! What holds exactly on every run, counted over many random drawings: how often it did not. `properties.rs`
//! looks for counterexamples in other ways; here the count goes to the page.

use std::collections::BTreeSet;

use archplay_engine::{Budget, Run};
use archplay_model::{Component, Design, Kind, Scenario};
use archplay_report::{Report, sha256_hex};

use crate::random;
use crate::support::checks::Sheet;
use crate::support::{compute, design, id, scenario};

/// How many numbers random drawings are made from. Some of them are refused by the checker and do not run.
const RANDOM: u64 = 150;
/// Random drawings run for seconds and may be heavy; these take no longer than this many events.
const MOST: u64 = 300_000;

/// Writes a case that counts violations on so many runs.
fn count(id: &str, violations: usize, runs: usize) {
    assert!(runs > 30, "{id}: only {runs} runs");
    let mut sheet = Sheet::of_vector(id);
    sheet.value("violations", violations as f64, runs as f64);
    sheet.finish();
}

/// Random drawings that run, each with its number, advanced by at most [`MOST`] events.
fn each(mut look: impl FnMut(u64, Run)) -> usize {
    let mut runs = 0;
    for seed in 0..RANDOM {
        let (design, scenario) = random::both(seed);
        if let Ok(run) = Run::compile(&design, &scenario, seed) {
            look(seed, run);
            runs += 1;
        }
    }
    runs
}

fn whole(run: &mut Run) {
    run.advance(Budget {
        until_ns: u64::MAX,
        max_events: MOST,
    });
}

#[test]
fn nothing_is_lost() {
    let mut wrong = 0;
    let runs = each(|_, mut run| {
        // In the middle as at the end.
        run.advance(Budget {
            until_ns: 20_000_000_000,
            max_events: MOST / 2,
        });
        wrong += usize::from(run.check_conservation().is_err());
        whole(&mut run);
        wrong += usize::from(run.check_conservation().is_err());
    });
    count("invariant-conservation", wrong, runs);
}

#[test]
fn numbers_inside_are_rates_times_times() {
    let mut wrong = 0;
    let runs = each(|_, mut run| {
        whole(&mut run);
        let report = run.report();
        // Only where nobody is inside at the end do the totals of those who left say it all.
        for part in report.components.iter().filter(|c| c.arrived == c.left) {
            let area = part.mean_inside * report.ran_ns as f64 / 1e9;
            wrong += usize::from((area - part.time_secs).abs() > 1e-6 * (1.0 + area));
        }
    });
    count("invariant-little", wrong, runs);
}

fn sha(report: &Report) -> String {
    sha256_hex(&report.to_json())
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let mut wrong = 0;
    let runs = each(|seed, mut run| {
        let (design, scenario) = random::both(seed);
        let mut again = Run::compile(&design, &scenario, seed).unwrap();
        whole(&mut run);
        whole(&mut again);
        wrong += usize::from(sha(&run.report()) != sha(&again.report()));
    });
    let mut sheet = Sheet::of_vector("invariant-seed");
    // One of them for the page, which runs it again and compares the fingerprints.
    let (drawing, load) = small();
    sheet.run(&drawing, &load, 1);
    sheet.value("violations", wrong as f64, runs as f64);
    sheet.finish();
}

fn small() -> (Design, Scenario) {
    let drawing = design(
        "c client
         b load_balancer(algorithm=power_of_two)
         s server
         t server
         d database
         c > b
         b > s
         b > t
         s > d
         t > d",
    );
    (drawing, scenario(30.0, 20, compute(5.0)))
}

fn run_small(drawing: &Design, load: &Scenario, seed: u64) -> Report {
    archplay_engine::simulate(drawing, load, seed).unwrap()
}

#[test]
fn another_seed_gives_another_run() {
    let (drawing, load) = small();
    let all: BTreeSet<String> = (0..100)
        .map(|seed| {
            let report = run_small(&drawing, &load, seed);
            // Without the seed itself.
            format!("{:?}{:?}", report.whole, report.components)
        })
        .collect();
    count("invariant-seed-differs", 100 - all.len(), 100);
}

#[test]
fn slices_change_nothing() {
    let mut wrong = 0;
    let runs = each(|seed, run| {
        let (mut one, mut cut) = (run.clone(), run);
        let until_ns = 5_000_000_000;
        one.advance(Budget {
            until_ns,
            max_events: MOST,
        });
        for part in 1..=10_u64 {
            let max_events = MOST;
            let until_ns = until_ns / 10 * part + seed % 7 * u64::from(part < 10);
            cut.advance(Budget {
                until_ns,
                max_events,
            });
        }
        wrong += usize::from(sha(&one.report()) != sha(&cut.report()));
    });
    count("invariant-step", wrong, runs);
}

#[test]
fn a_neighbour_changes_nothing() {
    let (drawing, load) = small();
    let mut more = drawing.clone();
    let alone = Component::new(id("a-lonely-cache"), Kind::Cache, 0.0, 0.0);
    more.components.insert(alone.id.clone(), alone);
    let mut wrong = 0;
    for seed in 0..40 {
        let (without, with) = (
            run_small(&drawing, &load, seed),
            run_small(&more, &load, seed),
        );
        let same = without.whole == with.whole
            && without.components.iter().all(|part| {
                with.components
                    .iter()
                    .any(|other| format!("{part:?}") == format!("{other:?}"))
            });
        wrong += usize::from(!same);
    }
    count("invariant-isolation", wrong, 40);
}
