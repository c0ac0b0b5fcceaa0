//! What the engine is given: a design and a scenario, read from files like a person's own.

use std::path::PathBuf;

use archplay_engine::{Budget, Run};
use archplay_model::check::has_errors;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::{Design, Scenario};

/// A design and the scenario it runs under.
#[derive(Clone)]
pub struct Workload {
    /// The drawing.
    pub design: Design,
    /// Who comes.
    pub scenario: Scenario,
    /// What must be known to read the numbers.
    pub note: Option<&'static str>,
}

/// What came of a run.
pub struct Outcome {
    /// Requests that came in.
    pub requests: u64,
    /// Events that happened.
    pub events: u64,
    /// Mean time of a request.
    pub mean_ms: f64,
}

impl Workload {
    /// Reads a design and a scenario.
    pub fn read(design: &str, scenario: &str) -> Result<Self, String> {
        let text = |path: &str| {
            std::fs::read_to_string(project(path)).map_err(|error| format!("{path}: {error}"))
        };
        let (read, problems) =
            read_design(&text(design)?).map_err(|error| format!("{design}: {error}"))?;
        if has_errors(&problems) {
            return Err(format!("{design}: {problems:?}"));
        }
        let scenario =
            read_scenario(&text(scenario)?).map_err(|error| format!("{scenario}: {error}"))?;
        Ok(Self {
            design: read,
            scenario,
            note: None,
        })
    }

    /// One of the three workloads of `workloads/`, or what stands in for it.
    pub fn named(name: &str) -> Result<Self, String> {
        let folder = "src/engine/benches/workloads";
        let scenario = format!("{folder}/{name}.scenario.json");
        Self::read(&format!("{folder}/{name}.design.json"), &scenario)
            .or_else(|error| stand_in(folder, name, &scenario).map_err(|_| error))
    }

    /// Compiles it.
    pub fn compile(&self) -> Result<Run, String> {
        Run::compile(&self.design, &self.scenario, 1).map_err(|problems| format!("{problems:?}"))
    }

    /// Compiles it, runs it to the end and makes the report.
    pub fn run(&self) -> Result<Outcome, String> {
        let mut run = self.compile()?;
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
        let operations = run.report().whole.operations;
        Ok(Outcome {
            requests: operations.iter().map(|o| o.offered).sum(),
            events,
            mean_ms: operations.first().map_or(f64::NAN, |o| o.latency_mean_ms),
        })
    }
}

/// For as long as there is no kind `station`: the same through a server with as many workers as cores.
fn stand_in(folder: &str, name: &str, scenario: &str) -> Result<Workload, String> {
    Ok(Workload {
        note: Some("through the kind `server`"),
        ..Workload::read(&format!("{folder}/stand-in/{name}.design.json"), scenario)?
    })
}

/// A path in the project, from wherever this is run.
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path)
}
