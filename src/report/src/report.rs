//! The report of a run, its JSON and its fingerprint.

use archplay_model::Id;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Event, Measure, Reason, SeriesTable};

/// The schema name of a report file.
pub const REPORT_SCHEMA: &str = "archplay/report/1";

/// Everything a run tells. The same design, scenario and seed give the same bytes of JSON everywhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    pub schema: &'static str,
    /// The engine's version: another version may tell other numbers.
    pub engine: u32,
    /// SHA-256 of the design's JSON.
    pub design_sha256: String,
    /// The scenario's id.
    pub scenario: Id,
    /// SHA-256 of the scenario's JSON.
    pub scenario_sha256: String,
    /// The seed.
    pub seed: u64,
    /// Simulated time that was run, in nanoseconds.
    pub ran_ns: u64,
    /// How the aggregated mode went, if the scenario asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregation: Option<Aggregation>,
    /// What was counted over the whole run.
    pub whole: Totals,
    /// What was counted for visitors and requests that began inside the scenario's focus window;
    /// equal to `whole` when it has none.
    pub focus: Totals,
    /// By component, in id order.
    pub components: Vec<ComponentTotals>,
    /// What became of the news feed, if the scenario has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<FeedTotals>,
    /// What it cost.
    pub cost: Cost,
    /// Where requests failed, by component and reason, the earliest first.
    pub causes: Vec<Cause>,
    /// What happened, in order of time.
    pub events: Vec<Event>,
    /// Single requests, if the run was asked to keep some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<crate::Trace>,
    /// What people did by hand while it ran, with the moments: enough to replay it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<archplay_model::scenario::Intervention>,
    /// What people asked of the news feed by hand while it ran, with the moments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<archplay_model::scenario::Asked>,
    /// All series.
    pub series: SeriesTable,
}

impl Report {
    /// The report of a run in which nothing has happened yet; what a test is about is set on top of it.
    #[must_use]
    pub fn empty(scenario: Id) -> Self {
        Self {
            schema: REPORT_SCHEMA,
            engine: 1,
            design_sha256: String::new(),
            scenario,
            scenario_sha256: String::new(),
            seed: 1,
            ran_ns: 0,
            aggregation: None,
            whole: Totals::default(),
            focus: Totals::default(),
            components: Vec::new(),
            feed: None,
            cost: Cost::default(),
            causes: Vec::new(),
            events: Vec::new(),
            traces: Vec::new(),
            interventions: Vec::new(),
            requests: Vec::new(),
            series: SeriesTable::default(),
        }
    }
}

/// How the aggregated mode went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregation {
    /// A stretch that was not simulated whole stands for so many times the part that was.
    pub weight: u64,
    /// Length of a stretch in seconds.
    pub stretch_secs: u32,
    /// How many stretches there were so far.
    pub stretches: u32,
    /// How many of them were simulated only in part.
    pub sampled: u32,
    /// A component whose own rules react to measurements over minutes: because of it every event was simulated.
    pub reacting: Option<Id>,
}

/// What became of the news feed, over the focus window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedTotals {
    /// How many users are sampled.
    pub sampled: u32,
    /// How many real users a sampled one stands for.
    pub factor: f64,
    /// What was counted; what does not exist is NaN. Requests, deliveries and pages are those of the whole, as far
    /// as they were simulated; lists lost and rebuilt are the sample's.
    pub measures: Vec<(Measure, f64)>,
}

impl FeedTotals {
    /// A measure; `None` if there is none of this name.
    #[must_use]
    pub fn measure(&self, measure: Measure) -> Option<f64> {
        self.measures
            .iter()
            .find(|(name, _)| *name == measure)
            .map(|(_, value)| *value)
    }
}

/// Counts over a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Totals {
    /// By operation, in the scenario's order.
    pub operations: Vec<OperationTotals>,
    /// By audience, in the scenario's order.
    pub audiences: Vec<AudienceTotals>,
}

/// What became of the requests of one operation. `offered = good + failed + inside`, always.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OperationTotals {
    /// The operation.
    pub operation: String,
    /// Whether administrators ask it.
    pub admin: bool,
    /// Whether it is run from queues alone: its requests begin when their message is published, and nobody
    /// waits for the answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
    /// Requests that began.
    pub offered: u64,
    /// Requests answered well.
    pub good: u64,
    /// Requests that failed, by reason, only reasons that occurred.
    pub failed: Vec<(Reason, u64)>,
    /// Requests begun and not ended at the end of the run.
    pub inside: u64,
    /// Mean time to the answer in ms; time-outs count with the time waited, refusals do not count.
    pub latency_mean_ms: f64,
    /// Median of the same; NaN without answers, like the rest.
    pub latency_p50_ms: f64,
    /// 90th percentile.
    pub latency_p90_ms: f64,
    /// 95th percentile.
    pub latency_p95_ms: f64,
    /// 99th percentile.
    pub latency_p99_ms: f64,
    /// The longest.
    pub latency_max_ms: f64,
}

/// What became of the visitors of one audience. `arrived = done + lost + inside`, always.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AudienceTotals {
    /// The audience.
    pub audience: String,
    /// Whether they are administrators.
    pub admin: bool,
    /// Visitors who came.
    pub arrived: u64,
    /// Visitors who got through their journey in time.
    pub done: u64,
    /// Visitors who did not, by the reason of their last failure; `late` apart.
    pub lost: Vec<(Reason, u64)>,
    /// Visitors who got through, but later than the journey allows.
    pub late: u64,
    /// Visitors still there at the end.
    pub inside: u64,
}

/// Means and peaks of one component.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentTotals {
    /// The component.
    pub id: Id,
    /// CPU busy time / CPU capacity over the run, 0 to 1; NaN for kinds without a CPU.
    pub utilisation: f64,
    /// The highest number of instances in service at once; 0 for kinds without instances.
    pub max_instances: u32,
    /// Instance-hours in service or booting.
    pub instance_hours: f64,
    /// Time-average number of requests inside (Little's law: = rate × mean time).
    pub mean_inside: f64,
    /// Requests that came.
    pub arrived: u64,
    /// Requests that left.
    pub left: u64,
    /// Total time requests spent there, in seconds.
    pub time_secs: f64,
    /// More that this kind measures, over the focus window; what does not exist is NaN.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<(Measure, f64)>,
}

impl ComponentTotals {
    /// A measure; `None` if the kind has none of this name.
    #[must_use]
    pub fn measure(&self, measure: Measure) -> Option<f64> {
        self.measures
            .iter()
            .find(|(name, _)| *name == measure)
            .map(|(_, value)| *value)
    }

    /// The measures that tell something: neither what does not exist nor what never happened.
    pub fn told(&self) -> impl Iterator<Item = (Measure, f64)> {
        let told = |(_, value): &(Measure, f64)| value.is_finite() && *value != 0.0;
        self.measures.iter().copied().filter(told)
    }
}

/// What the run cost, in the scenario's price units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cost {
    /// Servers.
    pub servers: f64,
    /// Databases.
    pub databases: f64,
    /// Load balancers.
    pub load_balancers: f64,
    /// Traffic to the visitors and between places.
    pub traffic: f64,
    /// All other kinds, by the hour.
    pub others: f64,
    /// What is paid by the request.
    pub requests: f64,
    /// The sum.
    pub total: f64,
}

/// Failures that arose at one component for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// Where; the client for time-outs.
    pub component: Id,
    /// Why.
    pub reason: Reason,
    /// Simulated time of the first, in nanoseconds.
    pub first_ns: u64,
    /// How many.
    pub count: u64,
}

impl OperationTotals {
    /// All failures together.
    #[must_use]
    pub fn failed_total(&self) -> u64 {
        self.failed.iter().map(|(_, n)| n).sum()
    }

    /// Failures for one reason.
    #[must_use]
    pub fn failed_for(&self, reason: Reason) -> u64 {
        self.failed
            .iter()
            .find(|(r, _)| *r == reason)
            .map_or(0, |(_, n)| *n)
    }
}

impl Report {
    /// The report as JSON: the bytes that are exported and fingerprinted.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The SHA-256 of a text, in hexadecimal.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
