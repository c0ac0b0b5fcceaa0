//! The key sheet.

use archplay_text::Lang;
use yew::prelude::*;

use crate::app::dialog::Modal;
use crate::app::lang::{tr, use_lang};

use super::table::{Entry, Group, TABLE, labels};

/// Whether the keyboard is one of a Mac.
pub fn is_mac() -> bool {
    let platform = gloo::utils::window().navigator().platform();
    platform.is_ok_and(|platform| platform.starts_with("Mac"))
}

/// The keys of a command.
pub fn keys(entry: &Entry, lang: Lang, mac: bool) -> Html {
    // Keys of the number block are the same to a reader.
    let shown = entry
        .chords
        .iter()
        .filter(|chord| !chord.code.starts_with("Numpad"));
    html! {
        <span class="keys">
            for (i, chord) in shown.enumerate() {
                <span key={i} class="chord">
                    for label in labels(*chord, lang, mac) { <kbd>{ label }</kbd> }
                </span>
            }
        </span>
    }
}

/// What the sheet tells.
#[derive(Properties, PartialEq)]
pub struct KeySheetProps {
    /// It is closed.
    pub on_close: Callback<()>,
}

/// The sheet.
#[component]
pub fn KeySheet(props: &KeySheetProps) -> Html {
    let lang = use_lang();
    let mac = is_mac();
    html! {
        <Modal title={tr(lang, "keys.title")} onclose={props.on_close.clone()} class="key-sheet">
            <div class="key-groups">
                for group in Group::ALL {
                    <section key={group.slug()}>
                        <h3 class="panel-title">{ tr(lang, &format!("keys.group.{}", group.slug())) }</h3>
                        <dl>
                            for entry in TABLE.iter().filter(|e| e.group == group && !e.chords.is_empty()) {
                                <div key={entry.slug} class="key-row">
                                    <dt>{ tr(lang, &format!("command.{}", entry.slug)) }</dt>
                                    <dd>{ keys(entry, lang, mac) }</dd>
                                </div>
                            }
                        </dl>
                    </section>
                }
            </div>
            <p class="field-help">{ tr(lang, "keys.note") }</p>
        </Modal>
    }
}
