//! How fast the engine is, natively, beside the bare loop. Run by `cargo xtask bench`; CI never looks at
//! the times.
//!
//! Prints a line as each part is measured, and writes all of it as JSON for the report:
//! `speed [--parts race,lessons,components,pending,long] [--runs N] [--json FILE]`. `speed --answer` runs what
//! it is asked for on its standard input instead.
#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]

#[path = "../bare/mod.rs"]
#[expect(dead_code, reason = "drawing lots is for the test")]
mod bare;
mod clock;
mod lessons;
mod long;
mod race;
mod scaling;
mod workload;

use serde_json::{Map, Value};

/// Measures one part; `runs` says how often.
type Part = fn(runs: usize) -> Value;

const PARTS: [(&str, Part); 5] = [
    ("race", race::measure),
    ("lessons", lessons::measure),
    ("components", scaling::components),
    ("pending", scaling::pending),
    ("long", long::measure),
];

/// What is measured when nothing is chosen: all but the long run.
const USUAL: &str = "race,lessons,components,pending";

/// Runs of each thing when nothing is chosen; the median counts.
const RUNS: usize = 5;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.iter().any(|word| word == "--answer") {
        return race::answer();
    }
    let value = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1).cloned()
    };
    let chosen = value("--parts").unwrap_or_else(|| USUAL.to_owned());
    let runs = value("--runs").and_then(|runs| runs.parse().ok());
    let mut results = Map::new();
    for (name, part) in PARTS {
        if chosen.split(',').any(|chosen| chosen == name) {
            results.insert(name.to_owned(), part(runs.unwrap_or(RUNS)));
        }
    }
    let Some(file) = value("--json") else { return };
    if let Err(error) = std::fs::write(&file, Value::Object(results).to_string()) {
        println!("cannot write {file}: {error}");
    }
}
