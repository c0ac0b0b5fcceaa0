//! The panel of a link: its ends and a note on it.

use archplay_editor::{Command, Selection};
use archplay_model::limits::MAX_NAME_CHARS;
use archplay_model::scenario::FaultTarget;
use archplay_model::{Id, LinkKey};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::palette::drag::focus_canvas;
use crate::app::problems::label_of;
use crate::app::session::{EditorAction, use_dispatch, use_document};

use super::by_hand::ByHand;
use super::text_field::TextField;

/// Which link.
#[derive(Properties, PartialEq)]
pub struct LinkPanelProps {
    /// Its ends.
    pub link: LinkKey,
}

/// The panel.
#[component]
pub fn LinkPanel(props: &LinkPanelProps) -> Html {
    let lang = use_lang();
    let document = use_document();
    let dispatch = use_dispatch();
    let design = &document.design;
    let Some(link) = design.links.get(&props.link) else {
        return Html::default();
    };
    let end = |key: &str, id: &Id| {
        let onclick = {
            let (id, dispatch) = (id.clone(), dispatch.clone());
            move |_: MouseEvent| {
                let selection = Selection::component(id.clone());
                // Selecting is never refused.
                let _ = dispatch.apply(EditorAction::Select(selection));
                // This panel goes, and the focus must not go with it.
                focus_canvas();
            }
        };
        let kind = design.get(id).map(|c| c.kind);
        html! {
            <div class="link-end">
                <span class="param-name">{ tr(lang, key) }</span>
                <button type="button" class="btn" {onclick}>
                    if let Some(kind) = kind { <Icon name={IconName::of(kind)} size={16} /> }
                    { label_of(design, id, lang) }
                </button>
            </div>
        }
    };
    let on_text = {
        let (link, dispatch) = (props.link.clone(), dispatch.clone());
        Callback::from(move |label: String| {
            let command = Command::SetLabel {
                link: link.clone(),
                label,
            };
            // The field takes no more than a note may have.
            let _ = dispatch.update(|editor| editor.apply(command));
        })
    };
    let on_leave = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.update(|editor| editor.seal()))
    };
    let remove = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.update(|editor| editor.remove_selection());
            focus_canvas();
        })
    };
    html! {
        <div class="inspector-body">
            <header class="inspector-head">
                <Icon name={IconName::Link} size={24} />
                <h2>{ tr(lang, "inspector.link") }</h2>
            </header>
            <ByHand target={FaultTarget::Link(props.link.clone())} />
            { end("inspector.from", &props.link.from) }
            { end("inspector.to", &props.link.to) }
            <div class="field">
                <label for="link-label">{ tr(lang, "inspector.note") }</label>
                <TextField id="link-label" value={link.label.clone()} max={MAX_NAME_CHARS}
                    placeholder={tr(lang, "inspector.note_hint")} {on_text} {on_leave} />
            </div>
            <div class="inspector-actions">
                <button type="button" class="btn btn-danger" onclick={remove}>
                    <Icon name={IconName::Trash} size={16} />
                    { tr(lang, "command.delete") }
                </button>
            </div>
        </div>
    }
}
