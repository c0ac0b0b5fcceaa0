//! A person's own requests to the news feed, and their answers, on their way between page and worker.
//!
//! The text of a post stays in the page, by the id that comes back: the engine knows posts by size only.

use archplay_model::scenario::HandAsk;
use archplay_report::{HandOutcome, Trace};
use serde::{Deserialize, Serialize};

use crate::TraceBook;

/// A request, made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandRequest {
    /// A number that the answer carries. Requests of a repetition have their places in the list, from 0 on.
    pub number: u32,
    /// Who asks: a user of the sample.
    pub user: u32,
    /// What is asked for.
    pub ask: HandAsk,
}

/// Its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandAnswer {
    /// The request's number.
    pub number: u32,
    /// When it was made, in simulated nanoseconds since the start.
    pub asked_ns: u64,
    /// When its maker had the answer, or gave up.
    pub answered_ns: u64,
    /// What the answer said.
    pub outcome: HandOutcome,
    trace: TraceBook,
}

impl HandAnswer {
    /// Packs an answer.
    #[must_use]
    pub fn pack(number: u32, answer: &archplay_report::HandAnswer) -> Self {
        Self {
            number,
            asked_ns: answer.asked_ns,
            answered_ns: answer.answered_ns,
            outcome: answer.outcome.clone(),
            trace: TraceBook::pack(answer.trace.as_slice()),
        }
    }

    /// Where its time went: component, network, waits and service of each span. `None` if there was nothing to ask.
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        self.trace.unpack().pop()
    }
}
