//! What a visitor does: steps, and what is carried from one to the next.

use serde::{Deserialize, Serialize};

use super::Id;

/// What one visitor does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// Its name.
    pub id: Id,
    /// Operations in order. A visitor who leaves in between has failed.
    pub steps: Vec<JourneyStep>,
    /// A visitor has succeeded who is through within this time, in seconds.
    pub within_secs: f64,
}

/// One step of a journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JourneyStep {
    /// Which operation.
    pub operation: Id,
    /// Mean time for reading and thinking before this step (exponential), in seconds.
    #[serde(default)]
    pub think_secs: f64,
    /// Share of the visitors who take this step, 0 to 1; the others go on to the next.
    #[serde(default = "always")]
    pub probability: f64,
    /// Other steps of which a visitor takes one instead, by weight; this one has weight 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<Alternative>,
    /// What a success gives the visitor for the steps that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives: Option<State>,
    /// What the step needs; a visitor whose state was lost fails with `session_lost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<State>,
}

/// Another operation in the place of a step's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Which operation.
    pub operation: Id,
    /// How often, against 1 for the step's own operation.
    pub weight: f64,
}

/// What a visitor carries from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A session, kept where the servers keep theirs: in memory, or in a store.
    Session,
    /// A row that the visitor wrote and must see again.
    OwnWrite,
}

const fn always() -> f64 {
    1.0
}
