//! What can be done with the scenario as a whole: undo, copy, files, removal; and whether it is kept.

use archplay_text::Lang;
use yew::prelude::*;

use super::dialog::Target;
use super::edit::{use_edit, use_shown};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::scenario::{shown_name, use_own_scenarios};
use crate::app::store::keeper::SaveState;

/// What is wanted of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A copy, to go on with.
    Duplicate,
    /// A file.
    Export,
    /// Another from a file.
    Import,
    /// Away with it.
    Delete,
}

/// What the tools are for.
#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    /// What is edited.
    pub target: Target,
    /// Does what is wanted.
    pub wish: Callback<Wish>,
}

/// The line of tools.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let lang = use_lang();
    let (edit, shown, own) = (use_edit(), use_shown(), use_own_scenarios());
    let (Some(edit), Some(shown)) = (edit, shown) else {
        return Html::default();
    };
    let step = |icon: IconName, key: &str, enabled: bool, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="icon-btn" disabled={!enabled} {onclick} title={tr(lang, key)} aria-label={tr(lang, key)}>
                <Icon name={icon} size={18} />
            </button>
        }
    };
    let wish = |icon: IconName, key: &str, wanted: Wish| {
        let onclick = props.wish.reform(move |_: MouseEvent| wanted);
        html! {
            <button type="button" class="btn btn-quiet" {onclick}>
                <Icon name={icon} size={16} />
                { tr(lang, key) }
            </button>
        }
    };
    let undo = {
        let edit = edit.clone();
        Callback::from(move |_: MouseEvent| edit.undo())
    };
    let redo = Callback::from(move |_: MouseEvent| edit.redo());
    let is_own = matches!(props.target, Target::Own(_));
    html! {
        <div class="sced-bar">
            <p class="sced-name">{ shown_name(lang, &shown.scenario.name) }</p>
            { step(IconName::Undo, "bar.undo", shown.can_undo, undo) }
            { step(IconName::Redo, "bar.redo", shown.can_redo, redo) }
            if is_own {
                { wish(IconName::Copy, "scenario.duplicate", Wish::Duplicate) }
            }
            { wish(IconName::Download, "scenario.export", Wish::Export) }
            { wish(IconName::Upload, "scenario.import_file", Wish::Import) }
            if is_own {
                { wish(IconName::Trash, "scenario.delete", Wish::Delete) }
            }
            <span class="sced-kept" role="status">{ kept(lang, is_own, &own.save) }</span>
        </div>
    }
}

fn kept(lang: Lang, is_own: bool, save: &SaveState) -> Html {
    if !is_own {
        return html! {
            <>
                <span class="field-help">{ tr(lang, "scenario.copy_help") }</span>
                <span class="chip">{ tr(lang, "scenario.copy") }</span>
            </>
        };
    }
    match save {
        SaveState::Failed(error) => html! {
            <span class="field-error">{ tr(lang, &format!("scenario.save.{}", error.slug())) }</span>
        },
        SaveState::Waiting => html! { <span class="chip">{ tr(lang, "save.waiting") }</span> },
        SaveState::Kept | SaveState::Opening => {
            html! { <span class="chip">{ tr(lang, "save.kept") }</span> }
        }
    }
}
