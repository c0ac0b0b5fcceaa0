//! What stands on the phone: worked out of the requests and their answers. Pure.

use std::rc::Rc;

use archplay_model::scenario::HandAsk;
use archplay_report::{HandOutcome, HandPost};

use crate::app::run::Turn;

/// The pages that somebody has read since the last refresh, as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// Posts, as they came.
    pub posts: Vec<HandPost>,
    /// Asks for the next page; absent at the end of the feed.
    pub next: Option<u64>,
    /// Posts that belong on these pages and are not there.
    pub missing: u32,
    /// When the newest page was read, in simulated nanoseconds since the start.
    pub read_ns: u64,
}

/// The screen of a user; `None` before the first page. A failed request leaves what was there.
pub fn screen(turns: &[Turn], user: u32) -> Option<Screen> {
    let mut out: Option<Screen> = None;
    for turn in turns.iter().filter(|turn| turn.user == user) {
        let Some(answer) = &turn.answer else { continue };
        let HandOutcome::Page {
            posts,
            next,
            missing,
        } = &answer.outcome
        else {
            continue;
        };
        match (turn.ask, &mut out) {
            // What a page repeats stands twice: that is what its reader gets.
            (HandAsk::Read { cursor: Some(_) }, Some(screen)) => {
                screen.posts.extend(posts);
                screen.next = *next;
                screen.missing += missing;
            }
            _ => {
                out = Some(Screen {
                    posts: posts.clone(),
                    next: *next,
                    missing: *missing,
                    read_ns: answer.answered_ns,
                });
            }
        }
    }
    out
}

/// Who read a page last.
pub fn reader(turns: &[Turn]) -> Option<u32> {
    let read = |turn: &&Turn| matches!(turn.ask, HandAsk::Read { .. });
    turns.iter().rfind(read).map(|turn| turn.user)
}

/// What a post says, if it was made by hand. One that was only accepted has no id yet: it is found by its author
/// and as the first that was made after it was sent.
pub fn text_of(turns: &[Turn], post: &HandPost) -> Option<Rc<str>> {
    let mine = || {
        turns
            .iter()
            .filter(|turn| turn.ask == HandAsk::Post && turn.user == post.author)
    };
    let by_id = mine().find(|turn| id_of(turn) == Some(post.id));
    let waiting = || {
        mine().rfind(|turn| {
            turn.answer.as_ref().is_some_and(|answer| {
                matches!(answer.outcome, HandOutcome::Posted { post: None })
                    && answer.asked_ns <= post.at_ns
            })
        })
    };
    by_id.or_else(waiting)?.text.clone()
}

fn id_of(turn: &Turn) -> Option<u64> {
    match turn.answer.as_ref()?.outcome {
        HandOutcome::Posted { post } => post,
        _ => None,
    }
}

#[cfg(test)]
pub mod tests {
    use archplay_report::Via;

    use super::*;
    use crate::app::run::Answer;

    pub fn post(id: u64, author: u32, at_ns: u64) -> HandPost {
        HandPost {
            id,
            author,
            at_ns,
            via: Via::Pushed,
        }
    }

    pub fn turn(user: u32, ask: HandAsk, outcome: HandOutcome) -> Turn {
        Turn {
            number: 0,
            user,
            ask,
            text: (ask == HandAsk::Post).then(|| "안녕".into()),
            answer: Some(Answer {
                asked_ns: 10,
                answered_ns: 20,
                outcome,
                trace: None,
            }),
        }
    }

    fn page(cursor: Option<u64>, ids: &[u64], next: Option<u64>) -> Turn {
        let posts = ids.iter().map(|id| post(*id, 2, 5)).collect();
        let missing = 1;
        turn(
            1,
            HandAsk::Read { cursor },
            HandOutcome::Page {
                posts,
                next,
                missing,
            },
        )
    }

    #[test]
    fn pages_follow_one_another_until_a_refresh() {
        let ids = |turns: &[Turn]| {
            let screen = screen(turns, 1).unwrap_or_default();
            let ids: Vec<u64> = screen.posts.iter().map(|post| post.id).collect();
            (ids, screen.next, screen.missing)
        };
        assert_eq!(screen(&[], 1), None);
        let mut turns = vec![page(None, &[9, 8], Some(8)), page(Some(8), &[8, 7], None)];
        assert_eq!(ids(&turns), (vec![9, 8, 8, 7], None, 2));
        assert_eq!(screen(&turns, 3), None, "another person's");
        turns.push(page(None, &[10, 9], Some(9)));
        assert_eq!(ids(&turns), (vec![10, 9], Some(9), 1));
        turns.push(turn(
            1,
            HandAsk::Read { cursor: None },
            HandOutcome::Failed {
                reason: archplay_report::Reason::Timeout,
            },
        ));
        assert_eq!(ids(&turns).0, [10, 9], "a failure leaves what was there");
        turns.push(turn(8, HandAsk::Post, HandOutcome::Posted { post: None }));
        assert_eq!((reader(&turns), reader(&[])), (Some(1), None));
    }

    #[test]
    fn texts_are_found_by_id_or_by_author_and_time() {
        let stored = turn(4, HandAsk::Post, HandOutcome::Posted { post: Some(7) });
        let accepted = turn(5, HandAsk::Post, HandOutcome::Posted { post: None });
        let turns = [stored, accepted];
        for (post, known) in [
            (post(7, 4, 12), true),
            (post(8, 4, 12), false),
            (post(8, 5, 12), true),
            (post(8, 5, 9), false),
            (post(8, 6, 12), false),
        ] {
            assert_eq!(text_of(&turns, &post).is_some(), known, "{post:?}");
        }
    }
}
