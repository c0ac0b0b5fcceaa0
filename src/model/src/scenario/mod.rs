//! The scenario: who comes, what they do, which data exists, what breaks, what things cost.

mod asked;
mod audience;
mod demand;
mod fault;
mod feed;
mod felt;
mod journey;
mod prices;
mod reach;

use serde::{Deserialize, Serialize};

pub use asked::{Asked, HandAsk};
pub use audience::{Arrivals, Audience, Batch, Growth, RatePoint, Refresh};
pub use demand::{Consistency, Demand, Filter, FilterOp, OnConflict, Pick, Spread};
pub use fault::{Fault, FaultAction, FaultTarget, Intervention, StrengthRange};
pub use feed::{Celebrity, Feed};
pub use journey::{Alternative, Journey, JourneyStep, State};
pub use prices::{Business, Prices};

use crate::{ClockTime, Id, Kind};

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    /// Korean, the original.
    pub ko: String,
    /// English.
    pub en: String,
}

/// Everything about a run that is not the drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name and version of the format: `archplay/scenario/1`.
    pub schema: String,
    /// Short name, used in reports and on the command line.
    pub id: Id,
    /// The name people see.
    pub name: LocalText,
    /// Time of day at which it begins.
    pub start: ClockTime,
    /// How long it lasts, in seconds of simulated time.
    pub duration_secs: u32,
    /// What is counted for the verdict; the whole run if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Window>,
    /// The news feed that operations read and write; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<Feed>,
    /// Data that operations read and write.
    #[serde(default)]
    pub datasets: Vec<Dataset>,
    /// What can be asked of the system.
    pub operations: Vec<Operation>,
    /// What one visitor does.
    pub journeys: Vec<Journey>,
    /// Who comes.
    pub audiences: Vec<Audience>,
    /// What breaks.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// What things cost.
    #[serde(default)]
    pub prices: Prices,
    /// What the visitors are worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<Business>,
    /// Event by event, or in aggregate.
    #[serde(default, skip_serializing_if = "Mode::is_default")]
    pub mode: Mode,
    /// Kinds that may be used; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<Kind>>,
}

/// The schema name that this version writes and reads.
pub const SCHEMA: &str = "archplay/scenario/1";

/// A stretch of the scenario's clock, `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Begin.
    pub from: ClockTime,
    /// End.
    pub to: ClockTime,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Its name.
    pub id: Id,
    /// How many rows it has at the start, at least 1.
    pub rows: u64,
    /// Size of a row in bytes.
    pub row_bytes: u32,
    /// How much the popular rows are asked for: rank i with weight i^-α (Zipf); 0 for all alike.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub zipf_alpha: f64,
    /// Pieces in stock of each row, for `reserve`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u32>,
    /// Whether a row's id must be unique even where an insert does not ask for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(n: &f64) -> bool {
    *n == 0.0
}

/// Who starts an operation and where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A visitor, by the links of a client.
    #[default]
    Visitor,
    /// An administrator, straight to each server (SSH), past load balancers and worker threads.
    Admin,
}

/// Something that can be asked of the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its name.
    pub id: Id,
    /// The name people see.
    pub name: LocalText,
    /// Who asks.
    #[serde(default)]
    pub entry: Entry,
    /// What it takes.
    pub demand: Demand,
}

/// How the engine goes through the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every request, event by event.
    #[default]
    Events,
    /// In aggregate, for long horizons; its assumptions stand beside the results.
    Aggregate,
}

impl Mode {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Scenario {
    /// Finds an operation.
    #[must_use]
    pub fn operation(&self, id: &Id) -> Option<&Operation> {
        self.operations.iter().find(|operation| &operation.id == id)
    }

    /// Whether visitors themselves ask for an operation, in a step of a journey: not only services of one another, or
    /// queues.
    #[must_use]
    pub fn walks(&self, operation: &Id) -> bool {
        let mut steps = self.journeys.iter().flat_map(|journey| &journey.steps);
        steps.any(|step| step.operation == *operation)
    }

    /// Finds a journey.
    #[must_use]
    pub fn journey(&self, id: &Id) -> Option<&Journey> {
        self.journeys.iter().find(|journey| &journey.id == id)
    }

    /// The time of day at the end.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.start.secs().saturating_add(self.duration_secs)
    }

    /// When the clock shows this time for the first time, in seconds after the start.
    #[must_use]
    pub(crate) fn since_start(&self, at: ClockTime) -> u32 {
        const DAY_SECS: u32 = 86_400;
        let (at, start) = (at.secs(), self.start.secs());
        let next_day = if at < start { DAY_SECS } else { 0 };
        (at + next_day).saturating_sub(start)
    }

    /// The same without anything that breaks: the pair that losses are counted against.
    #[must_use]
    pub fn without_faults(mut self) -> Self {
        self.faults.clear();
        self
    }

    /// Multiplies every arrival rate by a factor (for graded runs with more or less load).
    /// Administrators, who are no load curve, stay as they are.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for audience in &mut self.audiences {
            let admin = self
                .journeys
                .iter()
                .find(|journey| journey.id == audience.journey)
                .and_then(|journey| journey.steps.first())
                .and_then(|step| self.operations.iter().find(|o| o.id == step.operation))
                .is_some_and(|operation| operation.entry == Entry::Admin);
            if !admin {
                for point in &mut audience.rate {
                    point.per_sec *= factor;
                }
            }
        }
        self
    }
}
