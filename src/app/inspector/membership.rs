//! In which group a component stands; the keyboard's way into and out of groups.

use archplay_editor::Command;
use archplay_model::{Component, Id};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::dialog::{Toast, use_toasts};
use crate::app::lang::{tr, use_lang};
use crate::app::problems::{label_of, refused};
use crate::app::session::{use_dispatch, use_document};

/// Whose group.
#[derive(Properties, PartialEq)]
pub struct MembershipProps {
    /// The component.
    pub id: Id,
}

/// A list of the groups that may hold it.
#[component]
pub fn Membership(props: &MembershipProps) -> Html {
    let lang = use_lang();
    let document = use_document();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let design = &document.design;
    let Some(component) = design.get(&props.id) else {
        return Html::default();
    };
    let fits = |group: &&Component| {
        component.kind.may_be_in(Some(group.kind))
            && group.id != component.id
            && design
                .ancestors(&group.id)
                .iter()
                .all(|a| a.id != component.id)
    };
    let groups: Vec<&Component> = design.components.values().filter(fits).collect();
    if groups.is_empty() {
        return Html::default();
    }
    let onchange = {
        let id = props.id.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target_dyn_into::<HtmlSelectElement>() else {
                return;
            };
            let command = Command::SetParent {
                id: id.clone(),
                parent: Id::new(&select.value()).ok(),
            };
            if let Err(refusal) = dispatch.update(|editor| editor.apply(command)) {
                toasts.emit(Toast::bad(refused(lang, refusal)));
            }
        })
    };
    html! {
        <div class="field">
            <label for="inspector-parent">{ tr(lang, "inspector.parent") }</label>
            <select id="inspector-parent" class="select" {onchange}>
                <option value="" selected={component.parent.is_none()}>{ tr(lang, "inspector.no_parent") }</option>
                for group in groups {
                    <option key={group.id.as_str()} value={group.id.to_string()}
                        selected={component.parent.as_ref() == Some(&group.id)}>
                        { label_of(design, &group.id, lang) }
                    </option>
                }
            </select>
        </div>
    }
}
