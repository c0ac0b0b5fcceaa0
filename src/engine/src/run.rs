//! One run, from compiling to the report.

use archplay_model::{Design, Problem, Scenario};
use archplay_report::{Event, Report, SeriesTable};

/// How far a slice may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Simulated time not to pass, in nanoseconds since the start.
    pub until_ns: u64,
    /// Events not to exceed.
    pub max_events: u64,
}

/// How far a slice came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Simulated time reached, in nanoseconds since the start.
    pub now_ns: u64,
    /// Whether the end of the scenario is reached.
    pub done: bool,
    /// Events of this slice.
    pub events: u64,
}

/// A run under way.
#[derive(Debug)]
pub struct Run {
    table: SeriesTable,
}

impl Run {
    /// Compiles the plant.
    ///
    /// # Errors
    /// The checker's problems when the design cannot run.
    pub fn compile(design: &Design, scenario: &Scenario, _seed: u64) -> Result<Self, Vec<Problem>> {
        let problems = archplay_model::check::check(design, scenario);
        if archplay_model::check::has_errors(&problems) {
            return Err(problems);
        }
        Ok(Self { table: SeriesTable::default() })
    }

    /// What the checker warns of.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &[]
    }

    /// Goes on for a slice.
    pub fn advance(&mut self, budget: Budget) -> Progress {
        Progress { now_ns: budget.until_ns, done: true, events: 0 }
    }

    /// The complete buckets so far.
    #[must_use]
    pub fn table(&self) -> &SeriesTable {
        &self.table
    }

    /// How many rows there will be.
    #[must_use]
    pub fn rows_total(&self) -> usize {
        0
    }

    /// What has happened so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &[]
    }

    /// Length of a bucket in nanoseconds.
    #[must_use]
    pub fn bucket_ns(&self) -> u64 {
        1_000_000_000
    }

    /// Length of the run in nanoseconds.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        0
    }

    /// The report on what has been run.
    #[must_use]
    pub fn report(&self) -> Report {
        unimplemented!("the engine is being built")
    }
}

/// Runs to the end.
///
/// # Errors
/// The checker's problems when the design cannot run.
pub fn simulate(design: &Design, scenario: &Scenario, seed: u64) -> Result<Report, Vec<Problem>> {
    let mut run = Run::compile(design, scenario, seed)?;
    while !run.advance(Budget { until_ns: u64::MAX, max_events: 1 << 20 }).done {}
    Ok(run.report())
}
