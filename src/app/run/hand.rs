//! What a person has asked of the run's news feed by hand, with the answers, in the order of asking. Pure.
//!
//! Texts of posts stay here: the engine knows posts by their size. Must not live here: how it is shown.

use std::rc::Rc;

use archplay_model::scenario::{Asked, HandAsk};
use archplay_protocol::{HandAnswer, HandRequest};
use archplay_report::{HandOutcome, Met, Trace};

/// How many requests are remembered; the oldest go first.
const MOST: usize = 100;

/// A request with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Its number.
    pub number: u32,
    /// Who asked.
    pub user: u32,
    /// What for.
    pub ask: HandAsk,
    /// What a new post says; absent in a repetition, which knows no texts.
    pub text: Option<Rc<str>>,
    /// The answer, once it is there.
    pub answer: Option<Answer>,
}

/// An answer, with its way unpacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// When the request was made, in simulated nanoseconds since the start.
    pub asked_ns: u64,
    /// When its maker had the answer, or gave up.
    pub answered_ns: u64,
    /// What it said.
    pub outcome: HandOutcome,
    /// Where its time went; absent if it was never sent.
    pub trace: Option<Rc<Trace>>,
}

/// Everything of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    /// Who the person is, and whom that one knows.
    pub met: Option<Rc<Met>>,
    /// Requests in the order of asking.
    pub turns: Vec<Turn>,
    /// The request whose way is shown.
    pub shown: Option<u32>,
    next: u32,
}

impl Hand {
    /// Notes a request that is about to be made and gives it its number, which nobody in this run has had.
    pub fn ask(
        &mut self,
        user: u32,
        ask: HandAsk,
        text: Option<Rc<str>>,
        recorded: usize,
    ) -> HandRequest {
        let number = self.next.max(u32::try_from(recorded).unwrap_or(u32::MAX));
        self.next = number.saturating_add(1);
        self.add(Turn {
            number,
            user,
            ask,
            text,
            answer: None,
        });
        HandRequest { number, user, ask }
    }

    fn add(&mut self, turn: Turn) {
        if self.turns.len() >= MOST {
            self.turns.remove(0);
        }
        self.turns.push(turn);
    }

    /// Takes an answer. One that was not asked for here belongs to a repetition: what it answers stands in the
    /// list of what was asked in the run that is repeated.
    pub fn answered(&mut self, answer: &HandAnswer, recorded: &[Asked]) {
        let number = answer.number;
        if !self.turns.iter().any(|turn| turn.number == number) {
            let Some(asked) = recorded.get(number as usize) else {
                return;
            };
            self.next = self.next.max(number.saturating_add(1));
            self.add(Turn {
                number,
                user: asked.user,
                ask: asked.ask,
                text: None,
                answer: None,
            });
        }
        if let Some(turn) = self.turns.iter_mut().find(|turn| turn.number == number) {
            turn.answer = Some(Answer {
                asked_ns: answer.asked_ns,
                answered_ns: answer.answered_ns,
                outcome: answer.outcome.clone(),
                trace: answer.trace().map(Rc::new),
            });
            self.shown = Some(number);
        }
    }

    /// Whether an answer is still out.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.turns.iter().any(|turn| turn.answer.is_none())
    }

    /// The request whose way is shown, if it has been answered.
    #[must_use]
    pub fn shown(&self) -> Option<(&Turn, &Answer)> {
        let number = self.shown?;
        let turn = self.turns.iter().find(|turn| turn.number == number)?;
        Some((turn, turn.answer.as_ref()?))
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;
    use archplay_report::Kept;

    use super::*;

    fn answer(number: u32) -> HandAnswer {
        let trace = Trace {
            kept: Kept::Sampled,
            operation: Id::numbered("read", 1),
            visitor: String::new(),
            began_ns: 1,
            took_ns: 2,
            failed: None,
            spans: Vec::new(),
        };
        let told = archplay_report::HandAnswer {
            place: number,
            asked_ns: 1,
            answered_ns: 3,
            outcome: HandOutcome::Posted { post: Some(9) },
            trace: Some(trace),
        };
        HandAnswer::pack(number, &told)
    }

    #[test]
    fn numbers_are_never_given_twice() {
        let mut hand = Hand::default();
        assert_eq!(hand.ask(1, HandAsk::Post, None, 0).number, 0);
        // The first is not in the list yet.
        assert_eq!(hand.ask(1, HandAsk::Post, None, 0).number, 1);
        assert_eq!(hand.ask(1, HandAsk::Post, None, 7).number, 7);
        for _ in 0..2 * MOST {
            hand.ask(1, HandAsk::Post, None, 0);
        }
        assert_eq!(hand.turns.len(), MOST);
    }

    #[test]
    fn answers_find_their_requests_also_those_of_a_repetition() {
        let mut hand = Hand::default();
        hand.ask(4, HandAsk::Post, Some("안녕".into()), 0);
        assert!(hand.waits() && hand.shown().is_none());
        hand.answered(&answer(0), &[]);
        assert!(!hand.waits());
        assert_eq!(hand.shown().map(|(turn, _)| turn.user), Some(4));
        // Nobody has asked for this one.
        hand.answered(&answer(1), &[]);
        assert_eq!(hand.turns.len(), 1);
        let asked = Asked {
            at_ns: 1,
            user: 5,
            ask: HandAsk::Read { cursor: None },
        };
        hand.answered(&answer(1), &[asked, asked]);
        assert_eq!(hand.shown().map(|(turn, _)| turn.user), Some(5));
        assert_eq!(hand.ask(4, HandAsk::Post, None, 2).number, 2);
    }
}
