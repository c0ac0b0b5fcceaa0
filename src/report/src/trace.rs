//! Traces: where single requests spent their time.

use archplay_model::Id;
use serde::{Deserialize, Serialize};

use crate::Reason;

/// Why a request was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// By lot: any request.
    Sampled,
    /// Among the slowest of its operation.
    Slow,
    /// Among the first that failed for their reason.
    Failed,
}

impl Kept {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Slow, Self::Failed, Self::Sampled];

    /// The name in text keys: `trace.kept.<slug>`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Sampled => "sampled",
            Self::Slow => "slow",
            Self::Failed => "failed",
        }
    }
}

/// One request of a visitor, from the click to the answer or to giving up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// Why it was kept.
    pub kept: Kept,
    /// The operation.
    pub operation: Id,
    /// The visitor's number in this run.
    pub visitor: String,
    /// When it began, in nanoseconds since the start.
    pub began_ns: u64,
    /// How long the visitor waited.
    pub took_ns: u64,
    /// Why it failed; absent if it was good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Reason>,
    /// Its spans: each after the one that it belongs to.
    pub spans: Vec<Span>,
}

/// The stay of a request at one component.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// Where.
    pub component: Id,
    /// Which of its instances; absent for kinds without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<u32>,
    /// Position of the span that asked for this one; absent for those that the visitor sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
    /// When it was sent, in nanoseconds since the request began.
    pub sent_ns: u64,
    /// From sending to the answer's return.
    pub took_ns: u64,
    /// Of this: on the network, there and back.
    pub network_ns: u64,
    /// Waiting for a place to be worked on.
    pub queue_ns: u64,
    /// Waiting for a connection.
    pub pool_ns: u64,
    /// Waiting for the answers of others.
    pub others_ns: u64,
    /// Worked on: what remains.
    pub service_ns: u64,
    /// Why it failed; absent if it was good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Reason>,
    /// Whether its answer was still out when the visitor stopped waiting.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}
