//! A hundred million requests, and how much memory they take: it may depend on what is inside and on the
//! rows of the series, never on how many requests there were.

use serde_json::{Value, json};

use crate::clock::{peak_mib, timed};
use crate::workload::Workload;

/// So many requests, about.
const REQUESTS: f64 = 100e6;

/// Runs the three tiers for long, or M/M/1 when they cannot be run.
pub fn measure(_runs: usize) -> Value {
    let named = |name| Workload::named(name).map(|workload| (name, workload));
    let (name, mut workload) = match named("three-tier").or_else(|_| named("mm1")) {
        Ok(found) => found,
        Err(error) => {
            println!("long run: not measured: {error}");
            return Value::Null;
        }
    };
    let points = workload.scenario.audiences.iter().flat_map(|a| &a.rate);
    let per_sec = points.map(|point| point.per_sec).sum::<f64>();
    workload.scenario.duration_secs = (REQUESTS / per_sec) as u32;
    println!("long run, {name}: about {:.0} M requests …", REQUESTS / 1e6);
    match timed(|| workload.run()) {
        (secs, Ok(outcome)) => {
            let peak = peak_mib();
            println!(
                "long run, {name}: {} requests in {secs:.0} s of CPU, at most {} of memory",
                outcome.requests,
                peak.map_or("?".to_owned(), |mib| format!("{mib:.0} MiB"))
            );
            json!({
                "workload": name,
                "requests": outcome.requests,
                "events": outcome.events,
                "cpu_secs": [secs],
                "peak_mib": peak,
            })
        }
        (_, Err(error)) => {
            println!("long run, {name}: not measured: {error}");
            Value::Null
        }
    }
}
