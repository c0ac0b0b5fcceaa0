//! What an empty canvas shows: a ghost of the first drawing and three sentences.

use archplay_model::Kind;
use yew::prelude::*;

use crate::app::icons::IconName;
use crate::app::lang::{tr, use_lang};
use crate::app::session::use_live_document;

use super::names::kind_name;

/// The hint; nothing when there is a drawing.
#[component]
pub fn EmptyHint() -> Html {
    let lang = use_lang();
    let document = use_live_document();
    if !document.design.components.is_empty() {
        return Html::default();
    }
    let kinds = [Kind::Client, Kind::Server, Kind::Database];
    html! {
        <div class="empty-hint">
            <svg viewBox="0 0 516 64" width="516" height="64" aria-hidden="true">
                for (i, kind) in kinds.into_iter().enumerate() {
                    <g key={kind.slug()} transform={format!("translate({} 0)", i * 192)}>
                        <rect class="hint-box" x="1" y="1" width="130" height="62" rx="8" />
                        <path class="hint-icon" transform="translate(12 20)" d={IconName::of(kind).path()} />
                        <text class="hint-name" x="44" y="37">{ kind_name(kind, lang) }</text>
                        if i < 2 {
                            <path class="hint-arrow" d="M138 32h46m-7-5 7 5-7 5" />
                        }
                    </g>
                }
            </svg>
            <ol>
                for key in ["canvas.hint.place", "canvas.hint.connect", "canvas.hint.run"] {
                    <li {key}>{ tr(lang, key) }</li>
                }
            </ol>
        </div>
    }
}
