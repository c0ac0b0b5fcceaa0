//! The scenario: who comes, what they do, which data exists, what breaks, what things cost.

use serde::{Deserialize, Serialize};

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

/// What an operation takes: one demand, or several put together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Demand {
    /// Files that are the same for everyone; a CDN can serve them.
    Static {
        /// All objects together, in bytes.
        bytes: u64,
        /// How many objects.
        objects: u32,
    },
    /// CPU time on a server.
    Compute {
        /// Mean CPU time in milliseconds.
        cpu_ms: f64,
        /// How it varies.
        #[serde(default)]
        spread: Spread,
    },
    /// Reads rows by key.
    Read {
        /// From which dataset.
        dataset: Id,
        /// How many rows, at least 1.
        #[serde(default = "one")]
        rows: u32,
    },
    /// Writes one row by key.
    Write {
        /// To which dataset.
        dataset: Id,
    },
    /// A remote login: CPU time beside the requests, without a worker thread.
    Login {
        /// Mean CPU time in milliseconds.
        cpu_ms: f64,
    },
    /// One after the other.
    Seq(Vec<Demand>),
    /// One after the other, holding one database connection from the first statement to the last.
    Transaction(Vec<Demand>),
    /// The same several times in a row.
    Repeat {
        /// How often, at least 1.
        times: u32,
        /// What.
        demand: Box<Demand>,
    },
}

const fn one() -> u32 {
    1
}

/// How a time varies about its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Exponentially distributed (coefficient of variation 1).
    #[default]
    Exponential,
    /// Always the mean.
    Constant,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrivals {
    /// Independently of each other (a Poisson process with the rate of the curve).
    #[default]
    Poisson,
    /// Evenly: the n-th comes when the curve has summed up to n.
    Even,
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
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            probability: 0.0,
            max: 0,
            delay_secs: 1.0,
        }
    }
}

/// Something that breaks or comes back at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// When.
    pub at: ClockTime,
    /// What happens.
    pub action: FaultAction,
    /// To whom.
    pub target: FaultTarget,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultAction {
    /// It dies with all that is in it.
    Kill,
    /// What was killed comes back, empty.
    Restore,
}

/// To whom it happens. Selectors name nothing of the drawing, so a scenario fits any drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultTarget {
    /// A component or group of this name, if the drawing has it.
    Component(Id),
    /// One instance of the first server (by id).
    OneServer,
    /// Everything that stands in this place, also outside region boxes. CDN edges are not in it.
    Place(Place),
}

/// What things cost, in neutral units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Prices {
    /// One vCPU of a server for an hour.
    pub server_vcpu_hour: f64,
    /// One vCPU of a database for an hour.
    pub database_vcpu_hour: f64,
    /// A load balancer for an hour.
    pub load_balancer_hour: f64,
    /// A gigabyte (10^9 bytes) out of a CDN.
    pub cdn_gb: f64,
    /// A gigabyte out of a server to the visitors.
    pub server_gb: f64,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            server_vcpu_hour: 1.0,
            database_vcpu_hour: 2.0,
            load_balancer_hour: 0.5,
            cdn_gb: 0.05,
            server_gb: 0.05,
        }
    }
}

impl Scenario {
    /// Finds an operation.
    #[must_use]
    pub fn operation(&self, id: &Id) -> Option<&Operation> {
        self.operations.iter().find(|operation| &operation.id == id)
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
