//! What happened, as a list: events, and what was done and asked by hand, in order of time.

use archplay_model::Id;
use archplay_model::scenario::FaultTarget;
use archplay_text::Lang;
use yew::prelude::*;

use archplay_model::scenario::Asked;

use crate::app::charts::format::{clock_text, grouped};
use crate::app::feed::{told, user_name};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, use_run, use_run_dispatch};
use crate::app::strip::{event_text, intervention_text};

use super::use_go_to;

/// At most so many entries are listed, the newest.
const MOST: usize = 300;

/// One entry.
struct Entry {
    at_ns: u64,
    text: String,
    /// What it is about, where that is one component.
    id: Option<Id>,
    by_hand: bool,
    /// The request by hand that it is, by its number, if its answer is here.
    turn: Option<u32>,
}

/// Which list an entry stands in, in the order of what happens at the same moment.
#[derive(Clone, Copy)]
enum Which {
    Done(usize),
    Asked(usize),
    Event(usize),
}

/// The list.
#[component]
pub fn EventLog() -> Html {
    let lang = use_lang();
    let run = use_run();
    let dispatch = use_run_dispatch();
    let go_to = use_go_to();
    let (entries, left_out) = entries(&run, lang);
    if entries.is_empty() {
        return html! { <p class="charts-note">{ tr(lang, "log.empty") }</p> };
    }
    let entry = |i: usize, entry: Entry| {
        let onclick = {
            let (dispatch, go_to) = (dispatch.clone(), go_to.clone());
            let (at_ns, id, turn) = (entry.at_ns, entry.id.clone(), entry.turn);
            Callback::from(move |_: MouseEvent| {
                let row = dispatch.now().row_of(at_ns);
                dispatch.apply(RunCommand::SetCursor(row));
                if turn.is_some() {
                    dispatch.apply(RunCommand::ShowTurn(turn));
                }
                if let Some(id) = id.clone() {
                    go_to.emit(id);
                }
            })
        };
        html! {
            <li key={i}>
                <button type="button" class="log-entry" {onclick}>
                    <time>{ clock_text(run.clock_of(entry.at_ns)) }</time>
                    if entry.by_hand { <span class="chip">{ tr(lang, "log.by_hand") }</span> }
                    <span>{ entry.text }</span>
                </button>
            </li>
        }
    };
    html! {
        <div class="log">
            if left_out > 0 {
                <p class="field-help">{ trf(lang, "log.more", &[("count", &grouped(left_out as u64))]) }</p>
            }
            <ol aria-label={tr(lang, "log.list")}>
                for (i, one) in entries.into_iter().enumerate() {
                    { entry(left_out + i, one) }
                }
            </ol>
        </div>
    }
}

/// The newest entries in order of time, and how many are left out before them.
fn entries(run: &RunState, lang: Lang) -> (Vec<Entry>, usize) {
    let events = run.data.events();
    let past = |at_ns: u64| at_ns <= run.now_ns;
    let (done, asked) = (&run.interventions, &run.requests);
    // What is done by hand stands before what follows from it.
    let done_by_hand = (0..done.len()).map(|i| (done[i].at_ns, Which::Done(i)));
    let asked_by_hand = (0..asked.len()).map(|i| (asked[i].at_ns, Which::Asked(i)));
    let by_hand = done_by_hand.chain(asked_by_hand);
    let mut all: Vec<(u64, Which)> = by_hand.filter(|(at_ns, _)| past(*at_ns)).collect();
    all.extend((0..events.len()).map(|i| (events[i].at_ns, Which::Event(i))));
    all.sort_by_key(|(at_ns, _)| *at_ns);
    let left_out = all.len().saturating_sub(MOST);
    let entries = all.drain(left_out..).map(|(at_ns, which)| match which {
        Which::Event(i) => Entry {
            at_ns,
            text: event_text(&events[i], run, lang),
            id: Some(events[i].id.clone()),
            by_hand: false,
            turn: None,
        },
        Which::Done(i) => Entry {
            at_ns,
            text: intervention_text(&done[i], run, lang),
            id: match &done[i].target {
                FaultTarget::Component(id) => Some(id.clone()),
                _ => None,
            },
            by_hand: true,
            turn: None,
        },
        Which::Asked(i) => asked_entry(&asked[i], run, lang),
    });
    (entries.collect(), left_out)
}

/// What a person asked of the news feed, and what became of it as far as that is still known.
fn asked_entry(asked: &Asked, run: &RunState, lang: Lang) -> Entry {
    let turn = run.hand.turns.iter().find(|turn| {
        let answer = turn.answer.as_ref();
        turn.user == asked.user && answer.is_some_and(|answer| answer.asked_ns == asked.at_ns)
    });
    let name = user_name(asked.user, lang);
    let said = turn.and_then(|turn| turn.text.as_deref());
    let mut text = match said {
        Some(said) => trf(lang, "log.asked.said", &[("name", &name), ("text", said)]),
        None => trf(
            lang,
            &format!("log.asked.{}", asked.ask.slug()),
            &[("name", &name)],
        ),
    }
    .to_string();
    if let Some((turn, answer)) = turn.and_then(|turn| Some((turn, turn.answer.as_ref()?))) {
        text.push(' ');
        text.push_str(&told(turn, answer, lang));
    }
    Entry {
        at_ns: asked.at_ns,
        text,
        id: None,
        by_hand: true,
        turn: turn.map(|turn| turn.number),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use archplay_model::scenario::HandAsk;
    use archplay_report::HandOutcome;

    use super::*;
    use crate::app::run::{Answer, Hand, Turn};

    #[test]
    fn requests_by_hand_are_listed_with_what_became_of_them() {
        let asked = |at_ns, ask| Asked {
            at_ns,
            user: 4,
            ask,
        };
        let mut hand = Hand::default();
        hand.turns.push(Turn {
            number: 7,
            user: 4,
            ask: HandAsk::Post,
            text: Some("<b>점심</b>".into()),
            answer: Some(Answer {
                asked_ns: 5_000_000,
                answered_ns: 9_000_000,
                outcome: HandOutcome::Posted { post: Some(1) },
                trace: None,
            }),
        });
        let run = RunState {
            now_ns: 10_000_000,
            requests: Rc::new(vec![
                asked(1, HandAsk::Read { cursor: None }),
                asked(5_000_000, HandAsk::Post),
                // Of a repetition: still to come.
                asked(20_000_000, HandAsk::Post),
            ]),
            hand: Rc::new(hand),
            ..RunState::default()
        };
        for lang in Lang::ALL {
            let (entries, left_out) = entries(&run, lang);
            assert_eq!((entries.len(), left_out), (2, 0));
            assert_eq!((entries[0].turn, entries[1].turn), (None, Some(7)));
            assert!(entries.iter().all(|entry| entry.by_hand));
            let text = &entries[1].text;
            assert!(text.contains("<b>점심</b>") && text.contains('4'), "{text}");
            assert!(!text.contains('{') && !text.contains("log."), "{text}");
        }
    }
}
