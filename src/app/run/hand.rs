//! What a person has asked of the run's news feed by hand, with the answers, in the order of asking. Pure.
//!
//! Texts of posts stay here, and go from here into the run's file: the engine knows posts by their size. Must not live
//! here: how it is shown.

use std::collections::BTreeMap;
use std::rc::Rc;

use archplay_model::format::is_post_text;

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
    /// What a new post says; absent in the repetition of a run whose file has no texts.
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

/// What a post says that was asked for, however long ago.
#[derive(Clone, Debug, PartialEq)]
struct Written {
    number: u32,
    user: u32,
    /// When it was asked for, once that is known.
    asked_ns: Option<u64>,
    text: Rc<str>,
}

/// What posts say, by the place of their request in a run's list.
pub type Texts = BTreeMap<u32, Rc<str>>;

/// Everything of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    /// Who the person is, and whom that one knows.
    pub met: Option<Rc<Met>>,
    /// Requests in the order of asking.
    pub turns: Vec<Turn>,
    /// The request whose way is shown.
    pub shown: Option<u32>,
    written: Vec<Written>,
    /// In a repetition: what the posts say that are still to come.
    planned: Texts,
    next: u32,
}

impl Hand {
    /// Of a run that repeats posts which say this.
    #[must_use]
    pub fn planned(planned: Texts) -> Self {
        Self {
            planned,
            ..Self::default()
        }
    }

    /// What the posts of the run say, by the place of their request in what was recorded.
    #[must_use]
    pub fn texts(&self, recorded: &[Asked]) -> Texts {
        let text = |asked: &Asked| {
            let mine = |w: &&Written| w.user == asked.user && w.asked_ns == Some(asked.at_ns);
            let written = self.written.iter().find(mine)?;
            is_post_text(&written.text).then(|| written.text.clone())
        };
        (0..)
            .zip(recorded)
            .filter(|(_, asked)| asked.ask == HandAsk::Post)
            .filter_map(|(place, asked)| Some((place, text(asked)?)))
            .collect()
    }

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
        self.write(number, user, text.as_ref());
        self.add(Turn {
            number,
            user,
            ask,
            text,
            answer: None,
        });
        HandRequest { number, user, ask }
    }

    fn write(&mut self, number: u32, user: u32, text: Option<&Rc<str>>) {
        self.written.extend(text.map(|text| Written {
            number,
            user,
            asked_ns: None,
            text: text.clone(),
        }));
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
            let text = self.planned.remove(&number);
            self.next = self.next.max(number.saturating_add(1));
            self.write(number, asked.user, text.as_ref());
            self.add(Turn {
                number,
                user: asked.user,
                ask: asked.ask,
                text,
                answer: None,
            });
        }
        // The latest of a number: a repetition that a person goes on with by hand may give one again.
        if let Some(written) = self.written.iter_mut().rfind(|w| w.number == number) {
            written.asked_ns = Some(answer.asked_ns);
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

    #[test]
    fn texts_find_their_requests_and_come_again_in_a_repetition() {
        let asked = |at_ns, user, ask| Asked { at_ns, user, ask };
        let recorded = [
            asked(1, 9, HandAsk::Read { cursor: None }),
            asked(1, 4, HandAsk::Post),
            asked(2, 4, HandAsk::Post),
        ];
        let mut hand = Hand::default();
        // Another number than the place: what was planned for later had been in the list.
        hand.ask(4, HandAsk::Post, Some("안녕".into()), 7);
        assert!(hand.texts(&recorded).is_empty(), "not answered yet");
        hand.answered(&answer(7), &recorded);
        let texts = hand.texts(&recorded);
        assert_eq!(texts, Texts::from([(1, "안녕".into())]));

        let mut again = Hand::planned(texts.clone());
        again.answered(&answer(1), &recorded);
        let said = again.shown().and_then(|(turn, _)| turn.text.clone());
        assert_eq!(said.as_deref(), Some("안녕"));
        assert_eq!(again.texts(&recorded), texts);

        let mut hand = Hand::default();
        hand.ask(4, HandAsk::Post, Some("\u{1b}[2J".into()), 1);
        hand.answered(&answer(1), &recorded);
        assert!(hand.texts(&recorded).is_empty(), "no file takes that");
    }
}
