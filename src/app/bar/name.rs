//! The drawing's name, and whether the browser has kept the drawing.

use archplay_model::limits::MAX_NAME_CHARS;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::drawings::{rename, use_desk};
use crate::app::files::export_design;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::session::{use_dispatch, use_document};
use crate::app::store::keeper::SaveState;

/// The name, to be changed in place. It is taken when the field is left or Enter is pressed, so that
/// Korean being composed is never disturbed.
#[component]
pub fn DrawingName() -> Html {
    let lang = use_lang();
    let document = use_document();
    let dispatch = use_dispatch();
    let node = use_node_ref();
    let name = document.design.name.clone();
    let take = {
        let (node, dispatch) = (node.clone(), dispatch.clone());
        Callback::from(move |()| {
            let Some(input) = node.cast::<HtmlInputElement>() else {
                return;
            };
            let before = dispatch.design().name.clone();
            let typed: String = input.value().trim().chars().take(MAX_NAME_CHARS).collect();
            if typed.is_empty() || typed == before || rename(&dispatch, &typed).is_err() {
                input.set_value(&before);
            }
        })
    };
    let onkeydown = {
        let (node, dispatch) = (node.clone(), dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            let Some(input) = node.cast::<HtmlInputElement>() else {
                return;
            };
            match event.key().as_str() {
                "Enter" => {}
                "Escape" => input.set_value(&dispatch.design().name),
                _ => return,
            }
            // Leaving the field takes what it holds.
            let _ = input.blur();
        })
    };
    // Set by hand: the field is not drawn anew while someone types in it.
    use_effect_with(name.clone(), {
        let node = node.clone();
        move |name| {
            if let Some(input) = node.cast::<HtmlInputElement>()
                && input.value() != **name
            {
                input.set_value(name);
            }
        }
    });
    html! {
        <div class="drawing-title">
            <input ref={node} class="input" type="text" maxlength={MAX_NAME_CHARS.to_string()} spellcheck="false"
                autocomplete="off" aria-label={tr(lang, "bar.name")} title={name}
                placeholder={tr(lang, "drawings.untitled")}
                {onkeydown} onblur={take.reform(|_| ())} />
            <SaveMark />
        </div>
    }
}

/// Whether the drawing is kept; a failure is a button that exports.
#[component]
fn SaveMark() -> Html {
    let lang = use_lang();
    let desk = use_desk();
    let dispatch = use_dispatch();
    match desk.save {
        SaveState::Opening => Html::default(),
        SaveState::Kept => {
            let text = tr(lang, "save.kept");
            html! {
                <span class="save-mark" title={text.clone()}>
                    <Icon name={IconName::Check} size={14} /><span>{ text }</span>
                </span>
            }
        }
        SaveState::Waiting => {
            let text = tr(lang, "save.waiting");
            html! {
                <span class="save-mark" title={text.clone()}>
                    <Icon name={IconName::More} size={14} /><span>{ text }</span>
                </span>
            }
        }
        SaveState::Failed(error) => {
            let onclick = Callback::from(move |_: MouseEvent| export_design(&dispatch.design()));
            html! {
                <button type="button" class="chip chip-fail" {onclick}
                    title={tr(lang, &format!("save.{}", error.slug()))}>
                    <Icon name={IconName::Warning} size={14} />
                    { tr(lang, "save.failed") }
                </button>
            }
        }
    }
}
