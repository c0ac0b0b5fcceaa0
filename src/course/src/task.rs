//! A task: what is to be reached, in which runs. The same types stand in `task.toml` and in the bundle.
//! Targets are in `target.rs`, measuring in `measure`, the verdict in `grade.rs`. Must not live here: what is only read, such as
//! the prompt; see `bundle.rs`.

use archplay_model::Id;
use archplay_model::scenario::{Fault, LocalText};
use archplay_report::Reason;
use serde::{Deserialize, Serialize};

use crate::{Later, Step, Target};

/// What a student is asked to reach. Graded by outcome, never by the shape of the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The name of its folder.
    pub id: Id,
    /// The name people see.
    pub title: LocalText,
    /// The runs that are graded, in order.
    pub runs: Vec<TaskRun>,
    /// What has to be reached, in order.
    pub targets: Vec<Target>,
}

/// One graded run: the scenario as it is, or with more load, another seed, or a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskRun {
    /// Its name within the task.
    pub id: Id,
    /// The name people see.
    pub name: LocalText,
    /// Factor on every visitor rate.
    #[serde(default = "one")]
    pub load: f64,
    /// Factor on the rows of every dataset.
    #[serde(default = "one")]
    pub data: f64,
    /// Added to the seed.
    #[serde(default)]
    pub seed_offset: u64,
    /// Faults besides those of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// How much later the scenario's faults come: each at a moment of its own. A target's `since` that is the
    /// beginning of one of them moves with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later_secs: Option<Later>,
    /// Whether its faults are instead of the scenario's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub instead: bool,
}

/// How long teams discuss a task that says nothing of it, in minutes: the lecture's five.
pub(crate) const fn discussion() -> u32 {
    5
}

const fn one() -> f64 {
    1.0
}

/// A design that passes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The file in the task's folder.
    pub file: String,
    /// The name people see.
    pub name: LocalText,
    /// What it does and what it costs.
    pub about: LocalText,
    /// The way to it from the drawing at the start; empty if it is shown as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// A design that looks right and fails, with the reason by which it has to fail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// The file in the task's folder.
    pub file: String,
    /// The name people see: what somebody hoped.
    pub name: LocalText,
    /// Why it fails.
    pub why: LocalText,
    /// Targets that it misses in the first run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Id>,
    /// Targets that it reaches in the first run: the failure is not just total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<Id>,
    /// Runs in which it misses a target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fails_in: Vec<Id>,
    /// Targets that it misses in each of those.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fails_by: Vec<Id>,
    /// The reason of most failures in the first run that misses a target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::main_reason")
    )]
    pub main_reason: Option<Reason>,
}
