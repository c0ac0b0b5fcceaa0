//! The name of a component, typed in place.

use archplay_editor::{Command, Point};
use archplay_model::{Id, limits};
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};
use crate::app::session::{use_camera, use_dispatch, use_live_document};

use super::names::kind_name;

/// Whose name, and what to do when it is typed.
#[derive(Properties, PartialEq)]
pub struct RenameProps {
    /// The component.
    pub id: Id,
    /// The field is closed.
    pub on_close: Callback<()>,
}

/// The field over the name.
#[component]
pub fn Rename(props: &RenameProps) -> Html {
    let lang = use_lang();
    let camera = use_camera();
    let document = use_live_document();
    let dispatch = use_dispatch();
    let input = use_node_ref();
    let cancelled = use_mut_ref(|| false);
    use_effect_with((), {
        let input = input.clone();
        move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                // An element that cannot be focused can still be clicked.
                let _ = input.focus();
                input.select();
            }
        }
    });
    let Some(component) = document.design.get(&props.id) else {
        return Html::default();
    };
    let onblur = {
        let (id, input, cancelled) = (props.id.clone(), input.clone(), cancelled.clone());
        let (on_close, before) = (props.on_close.clone(), component.name.clone());
        Callback::from(move |_: FocusEvent| {
            let name = input.cast::<HtmlInputElement>().map(|input| input.value());
            if let Some(name) = name
                .map(|name| name.trim().to_owned())
                .filter(|name| !*cancelled.borrow() && *name != before)
            {
                // The field takes no more characters than a name may have.
                let _ = dispatch.update(|editor| {
                    editor.apply(Command::Rename {
                        id: id.clone(),
                        name,
                    })
                });
            }
            on_close.emit(());
        })
    };
    let onkeydown = {
        let input = input.clone();
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            let key = event.key();
            if key == "Enter" || key == "Escape" {
                event.prevent_default();
                *cancelled.borrow_mut() = key == "Escape";
                if let Some(input) = input.cast::<HtmlInputElement>() {
                    // Leaving the field is what commits.
                    let _ = input.blur();
                }
            }
        })
    };
    let group = component.kind.is_group();
    let corner = if group {
        Point::new(component.x + 4.0, component.y - 4.0)
    } else {
        Point::new(component.x + 36.0, component.y + 6.0)
    };
    let at = camera.screen_from_canvas(corner);
    let width = (if group { 180.0 } else { 94.0 } * camera.zoom).max(120.0);
    let style = format!("left:{}px;top:{}px;width:{width}px", at.x, at.y);
    html! {
        <input ref={input} class="rename input" data-float="" {style} type="text" spellcheck="false"
            value={component.name.clone()} placeholder={kind_name(component.kind, lang)}
            maxlength={limits::MAX_NAME_CHARS.to_string()} aria-label={tr(lang, "canvas.rename")}
            {onblur} {onkeydown} />
    }
}
