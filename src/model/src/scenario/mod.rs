//! The scenario: who comes, what they do, which data exists, what breaks, what things cost.

mod asked;
mod demand;
mod fault;
mod feed;
mod felt;
mod reach;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use asked::{Asked, HandAsk};
pub use demand::{Consistency, Demand, Filter, FilterOp, OnConflict, Pick, Spread};
pub use fault::{Fault, FaultAction, FaultTarget, Intervention, StrengthRange};
pub use feed::{Celebrity, Feed};

use crate::{ClockTime, Id, Kind, Place};

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

/// What a vCPU of a graph store costs where a scenario says nothing: as much as a database's. It is not written,
/// so that scenarios from before there was this price keep their fingerprints.
const GRAPH_STORE_VCPU_HOUR: f64 = 2.0;

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_usual_graph_price(n: &f64) -> bool {
    *n == GRAPH_STORE_VCPU_HOUR
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

/// What things cost, in neutral units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    /// One vCPU of a server for an hour.
    pub server_vcpu_hour: f64,
    /// One vCPU of a database for an hour.
    pub database_vcpu_hour: f64,
    /// A gibibyte of a database's memory for an hour.
    #[serde(skip_serializing_if = "is_zero")]
    pub database_memory_gib_hour: f64,
    /// A thousand disk accesses a second of a database for an hour, used or not.
    #[serde(skip_serializing_if = "is_zero")]
    pub database_kiops_hour: f64,
    /// A gibibyte of a cache's memory for an hour, beside what the cache costs (`hour`).
    #[serde(skip_serializing_if = "is_zero")]
    pub cache_memory_gib_hour: f64,
    /// One vCPU of a graph store for an hour, beside what the store costs (`hour`).
    #[serde(skip_serializing_if = "is_usual_graph_price")]
    pub graph_store_vcpu_hour: f64,
    /// One vCPU of a shard of a search engine for an hour, beside what the shard costs (`hour`).
    #[serde(skip_serializing_if = "is_zero")]
    pub search_vcpu_hour: f64,
    /// A load balancer for an hour.
    pub load_balancer_hour: f64,
    /// A gigabyte (10^9 bytes) out of a CDN.
    pub cdn_gb: f64,
    /// A gigabyte out of a server to the visitors.
    pub server_gb: f64,
    /// A thousand read units of a key-value store for an hour, used or not, beside what the store costs (`hour`).
    #[serde(skip_serializing_if = "is_zero")]
    pub key_value_kread_hour: f64,
    /// A thousand write units of a key-value store for an hour, used or not.
    #[serde(skip_serializing_if = "is_zero")]
    pub key_value_kwrite_hour: f64,
    /// A gigabyte from one place to another.
    #[serde(skip_serializing_if = "is_zero")]
    pub between_places_gb: f64,
    /// What a component of a kind costs for an hour, for kinds without a price of their own above.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hour: BTreeMap<Kind, f64>,
    /// What a million requests to a kind cost.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub million_requests: BTreeMap<Kind, f64>,
}

/// What the visitors are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// The operation whose success is an order (a conversion).
    pub order: Id,
    /// Revenue of one order, in price units.
    pub revenue: f64,
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

impl Default for Prices {
    fn default() -> Self {
        Self {
            server_vcpu_hour: 1.0,
            database_vcpu_hour: 2.0,
            database_memory_gib_hour: 0.0,
            database_kiops_hour: 0.0,
            cache_memory_gib_hour: 0.0,
            graph_store_vcpu_hour: GRAPH_STORE_VCPU_HOUR,
            search_vcpu_hour: 0.0,
            load_balancer_hour: 0.5,
            cdn_gb: 0.05,
            server_gb: 0.05,
            key_value_kread_hour: 0.0,
            key_value_kwrite_hour: 0.0,
            between_places_gb: 0.0,
            hour: BTreeMap::new(),
            million_requests: BTreeMap::new(),
        }
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
