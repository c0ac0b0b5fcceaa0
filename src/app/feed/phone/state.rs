//! Where the phone stands, and what it says of it. Pure.

use archplay_model::scenario::HandAsk;
use archplay_report::HandOutcome;
use archplay_text::Lang;
use yew::AttrValue;

use crate::app::charts::format::grouped;
use crate::app::lang::{tr, trf};
use crate::app::run::{Answer, RunState, Status, Turn};
use crate::app::trace::waterfall::milliseconds;

/// Where the run stands, as far as the phone cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing has been run.
    Empty,
    /// It is being made.
    Starting,
    /// Requests can be made.
    Live,
    /// Requests can be made and move the run on by themselves.
    Still,
    /// Over.
    Ended,
    /// It came to nothing.
    Failed,
}

impl Stage {
    /// Whether requests can be made.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Still)
    }

    /// Whether it is bad news.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failed)
    }

    /// Whether a run can be begun.
    pub const fn can_start(self) -> bool {
        matches!(self, Self::Empty | Self::Ended | Self::Failed)
    }

    /// What a person is told to do; nothing while there is nothing to do but ask.
    pub fn words(self, run: &RunState, lang: Lang) -> Option<AttrValue> {
        let key = match self {
            Self::Live if run.hand.met.is_some() => return None,
            // Whoever has asked once knows how it goes.
            Self::Still if run.hand.met.is_some() => match run.hand.turns.is_empty() {
                true => "feed.phone.still",
                false => return None,
            },
            Self::Empty => "feed.phone.empty",
            Self::Starting | Self::Live | Self::Still => "feed.phone.starting",
            Self::Ended => "feed.phone.ended",
            Self::Failed => "feed.phone.failed",
        };
        Some(tr(lang, key))
    }
}

/// Where the run stands.
pub const fn stage(run: &RunState) -> Stage {
    match run.status {
        _ if run.preparing => Stage::Starting,
        Status::Idle => Stage::Empty,
        Status::Starting => Stage::Starting,
        Status::Running => Stage::Live,
        Status::Paused => Stage::Still,
        Status::Finished | Status::Stopped => Stage::Ended,
        Status::Failed | Status::Dead => Stage::Failed,
    }
}

/// Whether the last request came to nothing.
pub fn went_wrong(run: &RunState, stage: Stage) -> bool {
    run.hand
        .turns
        .last()
        .is_some_and(|turn| match &turn.answer {
            Some(answer) => matches!(answer.outcome, HandOutcome::Failed { .. }),
            None => !stage.is_live(),
        })
}

/// One sentence about the last request.
pub fn said(run: &RunState, stage: Stage, lang: Lang) -> AttrValue {
    let Some(turn) = run.hand.turns.last() else {
        return AttrValue::default();
    };
    match &turn.answer {
        Some(answer) => told(turn, answer, lang),
        None if stage.is_live() => tr(lang, "feed.phone.waiting"),
        None => tr(lang, "feed.phone.unanswered"),
    }
}

/// What became of a request.
pub fn told(turn: &Turn, answer: &Answer, lang: Lang) -> AttrValue {
    let ms = milliseconds(answer.answered_ns.saturating_sub(answer.asked_ns));
    match &answer.outcome {
        HandOutcome::Posted { post: Some(_) } => trf(lang, "feed.phone.posted", &[("ms", &ms)]),
        HandOutcome::Posted { post: None } => trf(lang, "feed.phone.accepted", &[("ms", &ms)]),
        HandOutcome::Page {
            posts,
            next,
            missing,
        } => {
            let key = match (turn.ask, missing, posts.is_empty() && next.is_none()) {
                (_, 0, true) => "feed.phone.read_none",
                (HandAsk::Read { cursor: Some(_) }, 0, _) => "feed.phone.read_on",
                (_, 0, _) => "feed.phone.read",
                _ => "feed.phone.read_missing",
            };
            let posts = grouped(posts.len() as u64);
            let missing = grouped((*missing).into());
            trf(
                lang,
                key,
                &[("ms", &ms), ("posts", &posts), ("missing", &missing)],
            )
        }
        HandOutcome::Failed { reason } => {
            let reason = tr(lang, &format!("reason.{}.name", reason.slug()));
            trf(
                lang,
                "feed.phone.failed_by",
                &[("ms", &ms), ("reason", &reason)],
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use archplay_report::Reason;

    use super::super::screen::tests::{post, turn};
    use super::*;
    use crate::app::run::Hand;

    #[test]
    fn a_run_that_stands_still_from_its_beginning_is_made_first() {
        let mut run = RunState {
            status: Status::Paused,
            preparing: true,
            ..RunState::default()
        };
        assert_eq!(stage(&run), Stage::Starting);
        run.preparing = false;
        assert_eq!(stage(&run), Stage::Still);
        let mut asked = turn(1, HandAsk::Post, HandOutcome::Posted { post: None });
        asked.answer = None;
        Rc::make_mut(&mut run.hand).turns.push(asked);
        assert!(!went_wrong(&run, Stage::Still) && went_wrong(&run, Stage::Ended));
    }

    #[test]
    fn every_answer_has_its_sentence() {
        let page = |posts: usize, missing| HandOutcome::Page {
            posts: vec![post(1, 2, 3); posts],
            next: None,
            missing,
        };
        let read = HandAsk::Read { cursor: None };
        for lang in Lang::ALL {
            for (ask, outcome, part) in [
                (HandAsk::Post, HandOutcome::Posted { post: Some(1) }, "0"),
                (HandAsk::Post, HandOutcome::Posted { post: None }, "0"),
                (read, page(3, 0), "3"),
                (read, page(3, 2), "2"),
                (read, page(0, 0), "0"),
                (HandAsk::Read { cursor: Some(1) }, page(4, 0), "4"),
                (
                    read,
                    HandOutcome::Failed {
                        reason: Reason::PoolTimeout,
                    },
                    "0",
                ),
            ] {
                let mut hand = Hand::default();
                hand.turns.push(turn(1, ask, outcome));
                let run = RunState {
                    hand: Rc::new(hand),
                    ..RunState::default()
                };
                let failed = matches!(run.hand.turns[0].answer.as_ref(), Some(a) if matches!(a.outcome, HandOutcome::Failed { .. }));
                assert_eq!(went_wrong(&run, Stage::Live), failed);
                let said = said(&run, Stage::Live, lang);
                assert!(said.contains(part), "{said}");
                assert!(!said.contains("feed.") && !said.contains('{'), "{said}");
            }
        }
    }
}
