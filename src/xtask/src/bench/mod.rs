//! `cargo xtask bench`: the engine's speed natively and in a browser's worker, beside a bare loop and
//! SimPy, in one run; and the page's own times.
//!
//! Each part writes or prints JSON; `report` makes tables of it. Nothing is judged but by the reader: a
//! number says as much about the machine as about the program, so only ratios within one run are compared.

mod browser;
mod numbers;
mod report;
mod simpy;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command;
use crate::dist;
use crate::failure::{Failure, OrFail, Result};
use crate::files;
use crate::progress::Steps;
use crate::project::Project;
use crate::setup::{self, Need, Toolbox};

use numbers::join;

/// What can be measured, in this order.
const PARTS: [(&str, &str); 4] = [
    ("native", "the engine and the bare loop, natively"),
    ("simpy", "SimPy"),
    (
        "browser",
        "the engine and the bare loop in a browser's worker",
    ),
    ("page", "the page"),
];
/// Where the committed tables are.
const COMMITTED: &str = "BENCHMARKS.md";

/// What to measure and what to do with it.
#[derive(Default)]
pub struct Options {
    /// Only these parts, or all.
    pub only: Vec<String>,
    /// Also a hundred million requests, for their memory.
    pub long: bool,
    /// Also into [`COMMITTED`].
    pub commit: bool,
    /// The site in `dist/` is taken as it is.
    pub no_build: bool,
    /// Runs of each thing in each round; the median of all counts.
    pub runs: u32,
    /// So often all that is compared takes turns: a machine that is slower for some minutes is so for all.
    pub rounds: u32,
}

/// What was measured; null where it was not.
#[derive(Default)]
pub struct Results {
    /// What `src/engine/benches/speed` wrote.
    pub native: Value,
    /// What `simpy_bench.py` printed.
    pub simpy: Value,
    /// Why there is nothing of SimPy.
    pub simpy_missing: Option<String>,
    /// What `tests/e2e/bench-engine.mjs` wrote.
    pub browser: Value,
}

/// Measures, prints the tables and writes them down.
pub fn run(project: &Project, options: &Options) -> Result {
    for name in &options.only {
        if !PARTS.iter().any(|(part, _)| part == name) {
            let names = PARTS.map(|(part, _)| part).join(", ");
            return Err(Failure::new(format!("there is no part \"{name}\""))
                .advise(format!("the parts are {names}")));
        }
    }
    let chosen = |part: &str| options.only.is_empty() || options.only.iter().any(|o| o == part);
    let chosen: Vec<_> = PARTS.into_iter().filter(|(part, _)| chosen(part)).collect();
    let folder = project.target().join("bench");
    files::make_folder(&folder)?;
    let toolbox = toolbox(project, &chosen, options)?;
    let tells = chosen.iter().any(|(part, _)| *part != "page");
    let mut results = Results::default();
    let mut steps = Steps::new(chosen.len());
    for round in 0..options.rounds {
        for (part, about) in &chosen {
            if round == 0 {
                steps.heading(&format!("{part}: {about}"));
            }
            if round == 0 || *part != "page" {
                take_part(&toolbox, &folder, part, (round, options), &mut results)?;
            }
        }
    }
    if !tells {
        return Ok(());
    }
    let report = report::markdown(&results, &report::Machine::look(&toolbox));
    println!("\n{report}");
    let file = folder.join("report.md");
    files::write(&file, &report)?;
    println!("written to {}", file.display());
    if options.commit {
        files::write(&project.path(COMMITTED), report)?;
        println!("and to {COMMITTED}");
    }
    Ok(())
}

/// One part's turn in a round.
fn take_part(
    toolbox: &Toolbox,
    folder: &Path,
    part: &str,
    (round, options): (u32, &Options),
    results: &mut Results,
) -> Result {
    if round > 0 {
        println!("{part}, round {} of {}", round + 1, options.rounds);
    }
    match part {
        "native" => join(
            &mut results.native,
            native(toolbox, folder, (round, options))?,
        ),
        "simpy" if results.simpy_missing.is_some() => {}
        "simpy" => match simpy::measure(toolbox, folder, options.runs) {
            Ok(measured) => join(&mut results.simpy, measured),
            Err(why) => {
                println!("SimPy is left out: {why}");
                results.simpy_missing = Some(why);
            }
        },
        "browser" => join(
            &mut results.browser,
            browser::measure(toolbox, folder, options.runs)?,
        ),
        _ => browser::page(toolbox)?,
    }
    Ok(())
}

/// Finds the tools that the parts need, and builds the site when a browser is to see it.
fn toolbox(project: &Project, chosen: &[(&str, &str)], options: &Options) -> Result<Toolbox> {
    if chosen
        .iter()
        .all(|(part, _)| ["native", "simpy"].contains(part))
    {
        return setup::ensure(project, &[]);
    }
    let needs: Vec<Need> = [Need::Browser, Need::BrowserTests]
        .into_iter()
        .chain(Need::BUILD)
        .collect();
    let toolbox = setup::ensure(project, &needs)?;
    if !options.no_build {
        dist::build(&toolbox)?;
    }
    Ok(toolbox)
}

/// Runs the native benchmark, optimised for speed: all of it in the first round, then what others are compared
/// with. The long run has a process of its own, because it is asked how much memory it had.
fn native(toolbox: &Toolbox, folder: &Path, (round, options): (u32, &Options)) -> Result<Value> {
    let parts = (round > 0).then_some("race");
    let mut results = speed(toolbox, &folder.join("native.json"), options.runs, parts)?;
    if options.long && round == 0 {
        let mut long = speed(toolbox, &folder.join("long.json"), 1, Some("long"))?;
        results["long"] = long["long"].take();
    }
    Ok(results)
}

/// The command that builds and runs the native benchmark.
fn native_bench(toolbox: &Toolbox) -> Command {
    let mut cargo = toolbox.command("cargo");
    cargo
        .args(["bench", "--quiet", "--profile", "native"])
        .args(["--package", "archplay-engine", "--bench", "speed"]);
    cargo
}

fn speed(toolbox: &Toolbox, json: &PathBuf, runs: u32, parts: Option<&str>) -> Result<Value> {
    let mut cargo = native_bench(toolbox);
    cargo
        .args(["--", "--runs", &runs.to_string(), "--json"])
        .arg(json);
    if let Some(parts) = parts {
        cargo.args(["--parts", parts]);
    }
    command::run(&mut cargo)?;
    read_json(json)
}

/// Reads what a part wrote.
fn read_json(file: &Path) -> Result<Value> {
    serde_json::from_str(&files::read_text(file)?)
        .or_fail(|| format!("cannot read {}", file.display()))
}
