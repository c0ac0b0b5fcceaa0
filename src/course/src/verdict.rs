//! The verdict on a design.

use archplay_model::Id;
use archplay_report::Reason;
use serde::{Deserialize, Serialize};

use crate::Why;

/// Which way a target goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The measured value must not be greater.
    AtMost,
    /// The measured value must not be smaller.
    AtLeast,
}

/// One target in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetResult {
    /// The target's id in the task.
    pub target: String,
    /// The run's id in the task.
    pub run: String,
    /// The metric's name: its text is `target.<metric>.name`.
    pub metric: String,
    /// Which way.
    pub compare: Compare,
    /// What was wanted.
    pub wanted: f64,
    /// What was measured; `None` when nothing could be measured, which counts as failed.
    pub measured: Option<f64>,
    /// Whether it was met.
    pub passed: bool,
    /// When and where it went wrong, if it did and the report tells.
    pub why: Option<Why>,
}

/// The verdict: passed only if every target is met in every run that it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether all targets were met.
    pub passed: bool,
    /// How much was reached, 0 to 1: the weights of the targets that are met in every run that they name / all
    /// weights.
    pub score: f64,
    /// Targets in the task's order, by run.
    pub results: Vec<TargetResult>,
    /// The first failure in time of the first run that missed a target: run, component, reason,
    /// time in nanoseconds since the start, count.
    pub first_cause: Option<(String, Id, Reason, u64, u64)>,
    /// SHA-256 of the report of every run, in the task's order.
    pub fingerprints: Vec<(String, String)>,
}

impl Verdict {
    /// The ids of the targets that were met wherever they hold, in the task's order.
    #[must_use]
    pub fn reached(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for result in &self.results {
            let id = result.target.as_str();
            let all = self.results.iter().filter(|r| r.target == id);
            if !out.contains(&id) && all.clone().all(|r| r.passed) {
                out.push(id);
            }
        }
        out
    }
}
