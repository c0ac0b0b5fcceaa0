//! The engine against the bare loop on the three workloads, in turns, so that a machine that slows down
//! slows both.

use std::io::BufRead as _;

use serde_json::{Map, Value, json};

use crate::bare::heap::{Heap, List, Plain};
use crate::bare::{Bare, Network, Single, ThreeTier, Turns};
use crate::clock::{median, timed};
use crate::workload::{Outcome, Workload};

/// The workloads by their names.
const NAMES: [&str; 3] = ["mm1", "mm4", "three-tier"];

/// A run of each on one workload, right after another: its seconds and what came of it.
struct Turn {
    ours: Result<(f64, Outcome), String>,
    /// With the standard library's heap, as one would write it.
    bare: Option<(f64, Outcome)>,
    /// With a heap of its own.
    tuned: Option<(f64, Outcome)>,
}

/// Seconds of each run, and what came of the last.
#[derive(Default)]
struct Side {
    secs: Vec<f64>,
    outcome: Option<Outcome>,
}

impl Side {
    /// Takes a run in; the one that warms up counts for nothing but its outcome.
    fn take(&mut self, run: Option<(f64, Outcome)>, counts: bool) {
        if let Some((secs, outcome)) = run {
            self.secs.extend(counts.then_some(secs));
            self.outcome = Some(outcome);
        }
    }

    fn per_sec(&self) -> f64 {
        let requests = self.outcome.as_ref().map_or(0, |o| o.requests);
        requests as f64 / median(&self.secs)
    }

    fn json(&self) -> Value {
        match &self.outcome {
            Some(outcome) => json!({
                "requests": outcome.requests,
                "events": outcome.events,
                "mean_ms": outcome.mean_ms,
                "cpu_secs": self.secs,
            }),
            None => Value::Null,
        }
    }
}

/// Measures all three.
pub fn measure(runs: usize) -> Value {
    // One alone, to look into it with a profiler.
    let only = std::env::var("ARCHPLAY_BENCH_ONLY").ok();
    let chosen = NAMES
        .into_iter()
        .filter(|name| only.as_deref().is_none_or(|only| only == *name));
    let results: Map<_, _> = chosen
        .map(|name| (name.to_owned(), race(name, runs)))
        .collect();
    Value::Object(results)
}

/// Runs the workload that each line of the standard input names and answers with a line of JSON: the seconds
/// of each. Somebody else measures in between, in a browser say, and both have the machine as it is then.
pub fn answer() {
    for line in std::io::stdin().lock().lines() {
        let Ok(name) = line else { return };
        let (mut ours, mut tuned) = (Side::default(), Side::default());
        let turn = turn(name.trim());
        ours.take(turn.ours.ok(), true);
        tuned.take(turn.tuned, true);
        println!("{}", json!({ "ours": ours.json(), "tuned": tuned.json() }));
    }
}

/// One workload.
fn race(name: &str, runs: usize) -> Value {
    let (mut bare, mut tuned, mut ours) = (Side::default(), Side::default(), Side::default());
    let mut missing = None;
    // The first round warms up.
    for round in 0..=runs {
        let turn = turn(name);
        bare.take(turn.bare, round > 0);
        tuned.take(turn.tuned, round > 0);
        match turn.ours {
            Ok(run) => ours.take(Some(run), round > 0),
            Err(error) => missing = Some(error),
        }
    }
    let note = Workload::named(name)
        .ok()
        .and_then(|workload| workload.note);
    println!(
        "{name}: bare {:.3} M requests/s of CPU, with faster parts {:.3} M, ours {}",
        bare.per_sec() / 1e6,
        tuned.per_sec() / 1e6,
        match &missing {
            Some(error) => format!("not measured: {error}"),
            None => format!(
                "{:.3} M, {:.2} of it{}",
                ours.per_sec() / 1e6,
                ours.per_sec() / bare.per_sec(),
                note.map_or(String::new(), |note| format!(" ({note})"))
            ),
        }
    );
    json!({ "bare": bare.json(), "tuned": tuned.json(), "ours": ours.json(), "missing": missing, "note": note })
}

/// Runs all three programs on a workload once.
fn turn(name: &str) -> Turn {
    match name {
        "mm1" => turn_of(name, 2.0, || Single::new(1)),
        "mm4" => turn_of(name, 2.0, || Single::new(4)),
        _ => turn_of(name, 3.2, || ThreeTier::new(Turns::RoundRobin)),
    }
}

/// The bare loop takes as many requests as ours, at so many events each.
fn turn_of<N: Network>(name: &str, events_each: f64, network: impl Fn() -> N) -> Turn {
    let ours = Workload::named(name).and_then(|workload| {
        let (secs, outcome) = timed(|| workload.run());
        Ok((secs, outcome?))
    });
    let requests = ours.as_ref().map_or(1.6e6, |(_, o)| o.requests as f64);
    let events = (requests * events_each) as u64;
    let bare = timed(|| run_bare::<N, Plain<N::Event>>(network(), events));
    let tuned = timed(|| run_bare::<N, Heap<N::Event>>(network(), events));
    let done = |(secs, outcome): (f64, Option<Outcome>)| Some((secs, outcome?));
    Turn {
        ours,
        bare: done(bare),
        tuned: done(tuned),
    }
}

fn run_bare<N: Network, L: List<N::Event>>(network: N, events: u64) -> Option<Outcome> {
    let mut bare = Bare::<N, L>::new(network, 1)?;
    bare.advance(events);
    Some(Outcome {
        requests: bare.requests(),
        events: bare.events(),
        mean_ms: bare.mean_ms(),
    })
}
