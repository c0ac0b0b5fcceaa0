//! The engine against the bare loop on the three workloads, in turns, so that a machine that slows down
//! slows both.

use serde_json::{Map, Value, json};

use crate::bare::heap::{Heap, List, Plain};
use crate::bare::{Bare, Network, Single, ThreeTier, Turns};
use crate::clock::{median, timed};
use crate::workload::{Outcome, Workload};

/// Seconds of each run, and what came of the last.
#[derive(Default)]
struct Side {
    secs: Vec<f64>,
    outcome: Option<Outcome>,
}

impl Side {
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
    let mut results = Map::new();
    // One alone, to look into it with a profiler.
    let only = std::env::var("ARCHPLAY_BENCH_ONLY").ok();
    let mut add = |name: &str, measure: &dyn Fn() -> Value| {
        if only.as_deref().is_none_or(|only| only == name) {
            results.insert(name.to_owned(), measure());
        }
    };
    add("mm1", &|| race("mm1", 2.0, runs, || Single::new(1)));
    add("mm4", &|| race("mm4", 2.0, runs, || Single::new(4)));
    add("three-tier", &|| {
        race("three-tier", 3.2, runs, || {
            ThreeTier::new(Turns::RoundRobin)
        })
    });
    Value::Object(results)
}

/// One workload; the bare loop takes as many requests as ours, at so many events each.
fn race<N: Network>(name: &str, events_each: f64, runs: usize, network: impl Fn() -> N) -> Value {
    let workload = Workload::named(name);
    let mut requests = 1.6e6;
    let (mut bare, mut tuned, mut ours) = (Side::default(), Side::default(), Side::default());
    let mut missing = workload.as_ref().err().cloned();
    // The first round warms up.
    for round in 0..=runs {
        if let (Ok(workload), None) = (&workload, &missing) {
            match timed(|| workload.run()) {
                (_, Err(error)) => missing = Some(error),
                (secs, Ok(outcome)) => {
                    requests = outcome.requests as f64;
                    ours.outcome = Some(outcome);
                    ours.secs.extend((round > 0).then_some(secs));
                }
            }
        }
        let events = (requests * events_each) as u64;
        let (secs, outcome) = timed(|| run_bare::<N, Plain<N::Event>>(network(), events));
        bare.outcome = outcome;
        bare.secs.extend((round > 0).then_some(secs));
        let (secs, outcome) = timed(|| run_bare::<N, Heap<N::Event>>(network(), events));
        tuned.outcome = outcome;
        tuned.secs.extend((round > 0).then_some(secs));
    }
    let note = workload.as_ref().ok().and_then(|workload| workload.note);
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

fn run_bare<N: Network, L: List<N::Event>>(network: N, events: u64) -> Option<Outcome> {
    let mut bare = Bare::<N, L>::new(network, 1)?;
    bare.advance(events);
    Some(Outcome {
        requests: bare.requests(),
        events: bare.events(),
        mean_ms: bare.mean_ms(),
    })
}
