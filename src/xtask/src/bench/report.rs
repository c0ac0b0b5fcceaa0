//! The tables of a benchmark, as Markdown: printed, written to `target/bench/report.md`, and committed as
//! `BENCHMARKS.md`.

use std::fmt::Write as _;

use serde_json::Value;

use super::Results;
use super::numbers::{Table, best_speed, mean, median, millions, of, ratio, speed, text};
use crate::command;
use crate::setup::Toolbox;

/// The workloads by their keys in the JSON.
const WORKLOADS: [(&str, &str); 3] = [
    ("mm1", "M/M/1"),
    ("mm4", "M/M/4"),
    ("three-tier", "three tiers"),
];

const HEAD: &str = "\
# How fast

Written by `cargo xtask bench --commit`; `cargo xtask bench` prints the same for your machine. Compare ratios, \
not speeds of different machines. Speeds are per second of CPU time, in millions (M), medians of several \
rounds of several runs, each after one that warms up; in every round all programs take their turn. What is so much of \
another (\"of the bare loop\", \"of native Archplay\") is the median of the turns: in each, one runs right after the \
other, so that both have the machine as it is then.

- **Workloads**, all stations 80 % busy, first come first served, exponential service: *M/M/1* and *M/M/4* at 800 \
requests/s; *three tiers* at 1,280 requests/s: a balancer in turns over 4 servers of 8 workers (20 ms), a cache \
(1 ms) that answers 80 %, a database with 20 connections (62.5 ms).
- **Bare loop**: the workload written by hand, with one binary heap, ring buffers and one histogram update a request; \
no plant, no series. It is the limit of a simulator with an event list (`src/engine/benches/bare`). Once with the \
standard library's heap and the crate `hdrhistogram`, as one would write it, and once with *faster parts*: a heap of \
its own that moves less, and the crate `histogram`, which the engine has too.
- **Archplay**: the drawing and scenario in `src/engine/benches/workloads`, compiled and run to the report, with \
series and histograms. In the browser it is the published page's worker, from the press on run to the end.
- **SimPy**: the same in Python, a process for each request (`src/engine/benches/peers/simpy_bench.py`).
- **By the best runs**: what else a machine does makes a run slower, never faster. Where the best run is much faster \
than the median, the machine was busy with something else, and the medians tell of that as well.
";

/// What the numbers were measured on.
pub struct Machine {
    /// The processor, the system and the compiler.
    pub about: String,
}

impl Machine {
    /// Looks around.
    pub fn look(toolbox: &Toolbox) -> Self {
        let rustc = command::answer(toolbox.command("rustc").arg("--version"));
        let rustc = rustc.unwrap_or_default();
        let version = rustc.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = info
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
            .map_or("unknown processor", |(_, name)| name.trim());
        let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
        Self {
            about: format!("{processor}, {system} {architecture}, {version}"),
        }
    }
}

/// Makes the report.
pub fn markdown(results: &Results, machine: &Machine) -> String {
    let mut out = HEAD.to_owned();
    let mut programs = vec![machine.about.clone()];
    if let Some(version) = results.browser["version"].as_str() {
        programs.push(format!("Chromium {version}"));
    }
    if let (Some(simpy), Some(python)) = (
        results.simpy["simpy"].as_str(),
        results.simpy["python"].as_str(),
    ) {
        programs.push(format!("SimPy {simpy} on Python {python}"));
    }
    let _ = write!(out, "\nMeasured on: {}.\n", programs.join("; "));
    section(&mut out, "Natively", &native(results));
    if let Some(why) = &results.simpy_missing {
        let first = why.lines().next().unwrap_or_default();
        let _ = write!(out, "\nSimPy was left out: {first}\n");
    }
    section(&mut out, "In a worker of Chromium", &browser(results));
    section(&mut out, "By the best runs", &best(results));
    section(&mut out, "Mean time of a request, ms", &means(results));
    section(&mut out, "Lessons, natively", &lessons(results));
    section(
        &mut out,
        "Components that a request never meets",
        &components(results),
    );
    section(&mut out, "Events that wait", &pending(results));
    section(&mut out, "A long run", &long(results));
    for note in notes(results) {
        let _ = write!(out, "\n{note}\n");
    }
    out
}

fn section(out: &mut String, title: &str, table: &Table) {
    if !table.is_empty() {
        let _ = write!(out, "\n## {title}\n\n{table}");
    }
}

fn native(results: &Results) -> Table {
    let mut table = Table::new(&[
        "",
        "bare loop, requests/s",
        "with faster parts",
        "Archplay, requests/s",
        "Archplay, events/s",
        "of the bare loop (wanted 0.5)",
        "of the one with faster parts",
        "SimPy, requests/s",
        "times SimPy (wanted 35)",
    ]);
    for (key, name) in WORKLOADS {
        let race = &results.native["race"][key];
        let simpy = &results.simpy["workloads"][key];
        if race.is_null() && simpy.is_null() {
            continue;
        }
        let (bare, ours) = (&race["bare"], &race["ours"]);
        table.row([
            name.to_owned(),
            millions(speed(bare, "requests")),
            millions(speed(&race["tuned"], "requests")),
            millions(speed(ours, "requests")),
            millions(speed(ours, "events")),
            text(of(ours, bare), 2),
            text(of(ours, &race["tuned"]), 2),
            millions(speed(simpy, "requests")),
            ratio(speed(ours, "requests"), speed(simpy, "requests"), 1),
        ]);
    }
    table
}

fn browser(results: &Results) -> Table {
    let mut table = Table::new(&[
        "",
        "bare loop with faster parts, requests/s",
        "of the native one",
        "Archplay, requests/s",
        "Archplay, events/s",
        "of native Archplay (wanted 0.7)",
        "of the bare loop",
    ]);
    for (key, name) in WORKLOADS {
        let race = &results.browser["workloads"][key];
        if race.is_null() {
            continue;
        }
        let (bare, ours, native) = (&race["bare"], &race["ours"], &race["native"]);
        // The same run has the same events everywhere.
        let each = native["ours"]["events"]
            .as_f64()
            .zip(native["ours"]["requests"].as_f64())
            .map(|(events, requests)| events / requests);
        let requests = speed(ours, "requests");
        table.row([
            name.to_owned(),
            millions(speed(bare, "requests")),
            text(of(bare, &native["tuned"]), 2),
            millions(requests),
            millions(requests.zip(each).map(|(speed, each)| speed * each)),
            text(of(ours, &native["ours"]), 2),
            text(of(ours, bare), 2),
        ]);
    }
    table
}

/// The ratios of the fastest runs instead of the medians, and how far apart these are.
fn best(results: &Results) -> Table {
    let mut table = Table::new(&[
        "",
        "natively, of the bare loop",
        "best over median, natively",
        "in Chromium, of native Archplay",
        "best over median, in Chromium",
    ]);
    for (key, name) in WORKLOADS {
        let native = &results.native["race"][key];
        let browser = &results.browser["workloads"][key];
        if native.is_null() {
            continue;
        }
        let best = |side: &Value| best_speed(side, "requests");
        let over_median = |side: &Value| ratio(best(side), speed(side, "requests"), 2);
        table.row([
            name.to_owned(),
            ratio(best(&native["ours"]), best(&native["bare"]), 2),
            over_median(&native["ours"]),
            ratio(best(&browser["ours"]), best(&browser["native"]["ours"]), 2),
            over_median(&browser["ours"]),
        ]);
    }
    table
}

/// Programs that simulate the same agree on what it takes.
fn means(results: &Results) -> Table {
    let mut table = Table::new(&[
        "",
        "bare loop",
        "Archplay",
        "SimPy",
        "bare loop in Chromium",
    ]);
    for (key, name) in WORKLOADS {
        let race = &results.native["race"][key];
        if race.is_null() {
            continue;
        }
        table.row([
            name.to_owned(),
            mean(&race["bare"]),
            mean(&race["ours"]),
            mean(&results.simpy["workloads"][key]),
            mean(&results.browser["workloads"][key]["bare"]),
        ]);
    }
    table
}

fn lessons(results: &Results) -> Table {
    let mut table = Table::new(&["", "requests/s", "events/s"]);
    for (name, run) in results.native["lessons"].as_object().into_iter().flatten() {
        table.row([
            name.clone(),
            millions(speed(run, "requests")),
            millions(speed(run, "events")),
        ]);
    }
    table
}

fn components(results: &Results) -> Table {
    let mut table = Table::new(&[
        "components in the drawing",
        "a request on its way, ns",
        "beside 10 (wanted 1.10 at most)",
        "a row of the series, µs",
        "the whole run for each request, ns",
    ]);
    let rows = results.native["components"].as_array();
    for row in rows.into_iter().flatten() {
        table.row([
            text(row["components"].as_f64(), 0),
            text(row["request_ns"].as_f64(), 0),
            text(row["beside_first"].as_f64(), 2),
            text(row["row_us"].as_f64(), 1),
            text(row["all_ns"].as_f64(), 0),
        ]);
    }
    table
}

fn pending(results: &Results) -> Table {
    let mut table = Table::new(&[
        "events that wait",
        "an event in the bare loop, ns",
        "an event in Archplay, ns",
        "more than with a tenth, ns",
    ]);
    let mut before: Option<f64> = None;
    for row in results.native["pending"].as_array().into_iter().flatten() {
        let ours = row["ours_ns"].as_f64();
        table.row([
            text(row["pending"].as_f64(), 0),
            text(row["bare_ns"].as_f64(), 1),
            text(ours, 1),
            text(ours.zip(before).map(|(ours, before)| ours - before), 1),
        ]);
        before = ours;
    }
    table
}

fn long(results: &Results) -> Table {
    let run = &results.native["long"];
    let mut table = Table::new(&[
        "",
        "requests",
        "requests/s",
        "memory at most, MiB (wanted under 300)",
    ]);
    if let Some(key) = run["workload"].as_str() {
        let name = WORKLOADS.iter().find(|(known, _)| *known == key);
        table.row([
            name.map_or(key, |(_, name)| name).to_owned(),
            millions(run["requests"].as_f64()),
            millions(speed(run, "requests")),
            text(run["peak_mib"].as_f64(), 0),
        ]);
    }
    table
}

/// What must be known to read the numbers.
fn notes(results: &Results) -> Vec<String> {
    let mut notes = Vec::new();
    for (key, name) in WORKLOADS {
        let native = &results.native["race"][key];
        if let Some(note) = native["note"].as_str() {
            notes.push(format!("{name}: Archplay {note}."));
        }
        let browser = &results.browser["workloads"][key];
        // What is missing natively is missing in the browser for the same reason.
        let mut races = [("natively", native), ("in the browser", browser)].into_iter();
        let missing = races.find_map(|(place, race)| Some((place, race["missing"].as_str()?)));
        if let Some((place, why)) = missing {
            let why = why.lines().last().unwrap_or_default();
            notes.push(format!("{name}: Archplay was not measured {place}: {why}"));
        }
        let wall = &browser["ours"]["wall_secs"];
        if browser["ours"]["cpu_secs"]
            .as_array()
            .is_some_and(Vec::is_empty)
            && median(wall).is_some()
        {
            notes.push(format!(
                "{name}: in the browser by time on the wall, for want of CPU time."
            ));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_tables_hold_what_was_measured_and_say_what_was_not() {
        let side = |requests: u32, secs: f64| json!({ "requests": requests, "events": 2 * requests, "mean_ms": 5.0, "cpu_secs": [9.0 * secs, secs, 0.5 * secs] });
        let results = Results {
            native: json!({
                "race": {
                    "mm1": { "bare": side(4_000_000, 1.0), "tuned": side(4_000_000, 0.8), "ours": side(4_000_000, 2.0) },
                    "mm4": { "bare": side(4_000_000, 1.0), "ours": null, "missing": "why\nno station" },
                },
                "components": [
                    { "components": 10, "request_ns": 100.0, "row_us": 1.0, "all_ns": 101.0, "beside_first": 1.0 },
                    { "components": 1_000, "request_ns": 108.0, "row_us": 100.0, "all_ns": 208.0, "beside_first": 1.08 },
                ],
            }),
            simpy: json!({ "simpy": "4", "python": "3", "workloads": { "mm1": side(100_000, 1.0) } }),
            browser: json!({
                "version": "1",
                "workloads": { "mm1": {
                    "bare": side(4_000_000, 2.0), "ours": side(4_000_000, 2.5),
                    "native": { "ours": side(4_000_000, 2.0), "tuned": side(4_000_000, 0.8) },
                } },
            }),
            ..Results::default()
        };
        let machine = Machine {
            about: "a machine".into(),
        };
        let report = markdown(&results, &machine);
        for line in [
            "| M/M/1 | 4.000 M | 5.000 M | 2.000 M | 4.000 M | 0.50 | 0.40 | 0.100 M | 20.0 |",
            "| M/M/4 | 4.000 M | – | – | – | – | – | – | – |",
            "| M/M/1 | 2.000 M | 0.40 | 1.600 M | 3.200 M | 0.80 | 0.80 |",
            "| M/M/1 | 0.50 | 2.00 | 0.80 | 2.00 |",
            "| M/M/1 | 5.000 | 5.000 | 5.000 | 5.000 |",
            "| 1000 | 108 | 1.08 | 100.0 | 208 |",
            "M/M/4: Archplay was not measured natively: no station",
            "Measured on: a machine; Chromium 1; SimPy 4 on Python 3.",
        ] {
            assert!(report.contains(line), "{line}\n{report}");
        }
        assert!(!report.contains("A long run") && !report.contains("NaN"));
    }
}
