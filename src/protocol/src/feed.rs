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

#[cfg(test)]
mod tests {
    use archplay_model::Id;
    use archplay_report::{HandPost, Kept, Reason, Via};

    use super::*;
    use crate::{FromWorker, ToWorker, decode, encode};

    #[test]
    fn requests_and_answers_survive_the_way() {
        let asks = [None, Some(7)].map(|cursor| HandAsk::Read { cursor });
        for ask in asks.into_iter().chain([HandAsk::Post]) {
            let (number, user) = (u32::MAX, 3);
            let message = ToWorker::ByHand(HandRequest { number, user, ask });
            let bytes = encode(&message).unwrap_or_default();
            assert_eq!(decode(&bytes).as_ref(), Ok(&message));
        }
        let trace = Trace {
            kept: Kept::Sampled,
            operation: Id::numbered("get", 1),
            visitor: "1".into(),
            began_ns: 5,
            took_ns: 4,
            failed: None,
            spans: Vec::new(),
        };
        let post = HandPost {
            id: u64::MAX,
            author: 9,
            at_ns: 0,
            via: Via::Pulled,
        };
        let page = HandOutcome::Page {
            posts: vec![post],
            next: Some(u64::MAX),
            missing: 1,
        };
        let reason = Reason::Timeout;
        for (outcome, trace) in [
            (page, Some(trace)),
            (HandOutcome::Posted { post: None }, None),
            (HandOutcome::Failed { reason }, None),
        ] {
            let answer = archplay_report::HandAnswer {
                place: 0,
                asked_ns: 5,
                answered_ns: 9,
                outcome,
                trace: trace.clone(),
            };
            let message = FromWorker::Answered {
                run: 1,
                answer: HandAnswer::pack(4, &answer),
            };
            let bytes = encode(&message).unwrap_or_default();
            let Ok(FromWorker::Answered { answer: read, .. }) = decode(&bytes) else {
                panic!("not read");
            };
            assert_eq!((read.number, read.trace()), (4, trace));
            assert_eq!(read.outcome, answer.outcome);
        }
    }
}
