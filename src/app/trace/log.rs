//! What happened, as a list: events and what was done by hand, in order of time.

use archplay_model::Id;
use archplay_model::scenario::FaultTarget;
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::charts::format::{clock_text, grouped};
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
            let (at_ns, id) = (entry.at_ns, entry.id.clone());
            Callback::from(move |_: MouseEvent| {
                let row = dispatch.now().row_of(at_ns);
                dispatch.apply(RunCommand::SetCursor(row));
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
    let done: Vec<_> = run
        .interventions
        .iter()
        .filter(|done| done.at_ns <= run.now_ns)
        .collect();
    // What is done by hand stands before what follows from it.
    let mut all: Vec<(u64, Result<usize, usize>)> = Vec::with_capacity(events.len() + done.len());
    all.extend((0..done.len()).map(|i| (done[i].at_ns, Err(i))));
    all.extend((0..events.len()).map(|i| (events[i].at_ns, Ok(i))));
    all.sort_by_key(|(at_ns, _)| *at_ns);
    let left_out = all.len().saturating_sub(MOST);
    let entries = all.drain(left_out..).map(|(at_ns, which)| match which {
        Ok(i) => Entry {
            at_ns,
            text: event_text(&events[i], run, lang),
            id: Some(events[i].id.clone()),
            by_hand: false,
        },
        Err(i) => Entry {
            at_ns,
            text: intervention_text(done[i], run, lang),
            id: match &done[i].target {
                FaultTarget::Component(id) => Some(id.clone()),
                _ => None,
            },
            by_hand: true,
        },
    });
    (entries.collect(), left_out)
}
