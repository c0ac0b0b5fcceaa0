//! Files come in: several at once, a whole folder, or dropped on the page; those that are no drawings are listed.

use archplay_text::Lang;
use web_sys::File;
use yew::prelude::*;

use super::board::{Bad, Why};
use super::desk::desk;
use archplay_course::class::teams::MOST_FILES;
use archplay_model::limits::MAX_FILE_BYTES;

use crate::app::files::{Pick, pick, refusal, size, take_drops};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// What is there.
#[derive(Properties, PartialEq)]
pub struct FilesProps {
    /// The files that were not taken.
    pub bad: Vec<Bad>,
    /// How many were.
    pub teams: usize,
}

/// Buttons, and the files that were not taken.
#[component]
pub fn Files(props: &FilesProps) -> Html {
    let lang = use_lang();
    let beside = use_state_eq(|| 0_usize);
    use_effect_with((), {
        let beside = beside.setter();
        move |()| {
            let taken = take_drops(Callback::from(move |files: Vec<File>| {
                beside.set(0);
                desk().take(files);
            }));
            move || drop(taken)
        }
    });
    let choose = |what: Pick| {
        let beside = beside.clone();
        Callback::from(move |_: MouseEvent| {
            let beside = beside.clone();
            pick(
                what,
                Callback::from(move |files: Vec<File>| {
                    // A folder holds other things too; what is chosen by name is meant.
                    let mine = |file: &File| {
                        what != Pick::Folder || file.name().to_lowercase().ends_with(".json")
                    };
                    let (mine, others): (Vec<File>, Vec<File>) = files.into_iter().partition(mine);
                    beside.set(others.len());
                    desk().take(mine);
                }),
            );
        })
    };
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
            if *beside > 0 {
                <p class="quiet" role="status">
                    { trf(lang, "class.teams.beside", &[("count", &beside.to_string())]) }
                </p>
            }
            if !props.bad.is_empty() {
                <div class="notice notice-bad" role="alert">
                    <Icon name={IconName::Alert} size={18} />
                    <div>
                        <p>{ trf(lang, "class.teams.bad", &[("count", &props.bad.len().to_string())]) }</p>
                        <ul class="class-bad">
                            for (i, bad) in props.bad.iter().enumerate() {
                                <li key={i}><strong>{ bad.file.clone() }</strong>{ ": " }{ why(lang, &bad.why) }</li>
                            }
                        </ul>
                    </div>
                </div>
            }
        </section>
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
    }
}
