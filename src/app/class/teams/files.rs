//! Files come in: several at once, whole folders, picked or dropped on the page; those that are no drawings are listed.
//!
//! Must not live here: how they are read (`intake`).

use archplay_course::class::intake::{MOST_BYTES, MOST_SEEN};
use archplay_course::class::teams::MOST_FILES;
use archplay_model::limits::MAX_FILE_BYTES;
use archplay_text::Lang;
use web_sys::File;
use yew::prelude::*;

use super::board::{Bad, Reading, Why};
use super::desk::desk;
use crate::app::charts::format::grouped;
use crate::app::files::{Incoming, Pick, pick, picked, refusal, size, take_drops};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// What is there.
#[derive(Properties, PartialEq)]
pub struct FilesProps {
    /// The files that were not taken.
    pub bad: Vec<Bad>,
    /// How many were.
    pub teams: usize,
    /// How many were passed over because they are no drawings by their name.
    pub beside: usize,
    /// How far the reading is, while files are read.
    pub reading: Option<Reading>,
}

/// How many files that were not taken are named.
const MOST_NAMED: usize = 100;

/// Buttons, and the files that were not taken.
#[component]
pub fn Files(props: &FilesProps) -> Html {
    let lang = use_lang();
    use_effect_with((), move |()| {
        // A file that is dropped by itself is meant; what a folder holds is looked at.
        let taken = take_drops(Callback::from(|incoming: Vec<Incoming>| {
            desk().take(incoming, true);
        }));
        move || drop(taken)
    });
    let choose = |what: Pick| {
        Callback::from(move |_: MouseEvent| {
            let take = move |files: Vec<File>| desk().take(picked(files), what != Pick::Folder);
            pick(what, Callback::from(take));
        })
    };
    let hidden = props.bad.len().saturating_sub(MOST_NAMED);
    html! {
        <section class="class-files" aria-label={tr(lang, "class.teams.files")}>
            <div class="class-actions">
                <button type="button" class="btn" onclick={choose(Pick::Several)}>
                    <Icon name={IconName::Upload} size={16} />
                    { tr(lang, "class.teams.open") }
                </button>
                <button type="button" class="btn" onclick={choose(Pick::Folder)}>
                    <Icon name={IconName::Folder} size={16} />
                    { tr(lang, "class.teams.open_folder") }
                </button>
                <span class="quiet">
                    { tr(lang, if props.teams == 0 { "class.teams.drop" } else { "class.teams.more" }) }
                </span>
            </div>
            if let Some(reading) = props.reading {
                { progress(lang, reading) }
            }
            if props.beside > 0 {
                <p class="quiet" role="status">
                    { trf(lang, "class.teams.beside", &[("count", &props.beside.to_string())]) }
                </p>
            }
            if !props.bad.is_empty() {
                <div class="notice notice-bad" role="alert">
                    <Icon name={IconName::Alert} size={18} />
                    <div>
                        <p>{ trf(lang, "class.teams.bad", &[("count", &props.bad.len().to_string())]) }</p>
                        <ul class="class-bad">
                            for (i, bad) in props.bad.iter().take(MOST_NAMED).enumerate() {
                                <li key={i}><strong>{ bad.file.clone() }</strong>{ ": " }{ why(lang, &bad.why) }</li>
                            }
                            if hidden > 0 {
                                <li>{ trf(lang, "class.teams.bad_more", &[("count", &hidden.to_string())]) }</li>
                            }
                        </ul>
                    </div>
                </div>
            }
        </section>
    }
}

/// How far the reading is, and a way to end it.
fn progress(lang: Lang, reading: Reading) -> Html {
    let all = (reading.done + reading.waiting).max(1) as f64;
    let share = reading.done as f64 / all;
    let done = reading.done.to_string();
    let stop = |_: MouseEvent| desk().stop_reading();
    html! {
        <div class="class-going">
            <p role="status">{ tr(lang, "class.teams.reading") }</p>
            <progress max="1" value={share.to_string()} aria-label={tr(lang, "class.teams.reading")} />
            <span class="quiet">{ trf(lang, "class.teams.reading_now", &[("done", &done)]) }</span>
            <button type="button" class="btn" onclick={stop}>{ tr(lang, "class.teams.stop_reading") }</button>
        </div>
    }
}

/// Why a file was not taken, as a sentence.
pub fn why(lang: Lang, why: &Why) -> String {
    match why {
        Why::TooBig(bytes) => {
            let (found, most) = (size(lang, *bytes), size(lang, MAX_FILE_BYTES as f64));
            let args = [("size", found.as_str()), ("max", &most)];
            trf(lang, "class.teams.too_big", &args).to_string()
        }
        Why::Unreadable => tr(lang, "class.teams.unreadable").to_string(),
        Why::Refused(error) => refusal(lang, error),
        Why::TooMany => {
            let most = MOST_FILES.to_string();
            trf(lang, "class.teams.too_many", &[("max", &most)]).to_string()
        }
        Why::TooMuch => {
            let most = size(lang, MOST_BYTES as f64);
            trf(lang, "class.teams.too_much", &[("max", &most)]).to_string()
        }
        Why::TooManySeen => {
            let most = grouped(MOST_SEEN as u64);
            trf(lang, "class.teams.too_many_seen", &[("max", &most)]).to_string()
        }
    }
}
