//! Who comes, when, and what they do after an error.

use serde::{Deserialize, Serialize};

use super::{Id, LocalText, Spread};
use crate::{ClockTime, Place};

/// Who comes: a stream of visitors, or administrators who log in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Its name.
    pub id: Id,
    /// The name people see.
    pub name: LocalText,
    /// Where they are: clients standing there serve them first.
    #[serde(default)]
    pub place: Place,
    /// What they do.
    pub journey: Id,
    /// Arrivals over time: straight lines between the points, constant before and after.
    pub rate: Vec<RatePoint>,
    /// How they come.
    #[serde(default)]
    pub arrivals: Arrivals,
    /// How many come together; one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// How many come at most; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// How long one waits for an answer before the page counts as timed out, in seconds.
    pub timeout_secs: f64,
    /// What one does after an error.
    #[serde(default)]
    pub refresh: Refresh,
}

/// A point of a rate curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RatePoint {
    /// When.
    pub at: ClockTime,
    /// New visitors per second.
    pub per_sec: f64,
}

/// How arrivals are spaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// Independently of each other (a Poisson process with the rate of the curve).
    #[default]
    Poisson,
    /// Evenly: the n-th comes when the curve has summed up to n.
    Even,
    /// One after the other, with gaps of this spread about the curve's mean gap.
    Gaps(Spread),
}

/// Visitors who come together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Mean number, at least 1. The rate of the curve then counts batches.
    pub mean: f64,
    /// Whether the number varies geometrically; else it is always the mean, rounded.
    #[serde(default)]
    pub geometric: bool,
}

/// What a visitor does after an error or a time-out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// Share who try again, 0 to 1.
    pub probability: f64,
    /// How often at most per step.
    pub max: u32,
    /// Mean time before trying again (exponential), in seconds.
    pub delay_secs: f64,
    /// How the time grows from try to try.
    #[serde(default, skip_serializing_if = "Growth::is_default")]
    pub growth: Growth,
}

/// How the wait between tries grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Growth {
    /// Exponentially distributed about the same mean each time, as people do.
    #[default]
    Random,
    /// Always the same.
    Fixed,
    /// Doubled each time.
    Doubling,
    /// Uniform between nothing and the doubled time (full jitter).
    FullJitter,
}

impl Growth {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            probability: 0.0,
            max: 0,
            delay_secs: 1.0,
            growth: Growth::Random,
        }
    }
}
