//! One drawing in the list.

use archplay_text::Lang;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::OWN;
use crate::app::store::record::DrawingRecord;

/// What a person wants of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum RowAction {
    /// Work on it.
    Open,
    /// Another name.
    Rename(String),
    /// A copy.
    Duplicate,
    /// Into the trash.
    Trash,
    /// Out of the trash.
    Restore,
    /// Away for good.
    Delete,
}

/// What a row shows.
#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// The drawing.
    pub record: DrawingRecord,
    /// Whether it is the one on the screen.
    pub open: bool,
    /// Does what is wanted.
    pub act: Callback<(DrawingRecord, RowAction)>,
}

/// A row of the list.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let lang = use_lang();
    let renaming = use_state_eq(|| false);
    let sure = use_state_eq(|| false);
    let record = &props.record;
    let act = |action: RowAction| {
        let (act, record) = (props.act.clone(), record.clone());
        Callback::from(move |_: MouseEvent| act.emit((record.clone(), action.clone())))
    };
    let button = |icon: IconName, key: &str, onclick: Callback<MouseEvent>| {
        let label = trf(lang, key, &[("name", &record.name)]);
        html! {
            <button type="button" class="icon-btn" {onclick} title={label.clone()} aria-label={label}>
                <Icon name={icon} size={18} />
            </button>
        }
    };
    let set = |state: &UseStateHandle<bool>, value: bool| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(value))
    };
    let name = if *renaming {
        let rename = {
            let (renaming, act, record) = (renaming.clone(), props.act.clone(), record.clone());
            Callback::from(move |name: Option<String>| {
                renaming.set(false);
                if let Some(name) = name.filter(|name| *name != record.name) {
                    act.emit((record.clone(), RowAction::Rename(name)));
                }
            })
        };
        html! { <NameField name={record.name.clone()} done={rename} /> }
    } else if record.is_trashed() {
        html! { <span class="drawing-name">{ shown_name(lang, record) }</span> }
    } else {
        html! {
            <button type="button" class="drawing-name" onclick={act(RowAction::Open)}>
                { shown_name(lang, record) }
            </button>
        }
    };
    let tools = if record.is_trashed() {
        html! {
            <>
                <button type="button" class="btn" onclick={act(RowAction::Restore)}>
                    { tr(lang, "drawings.restore") }
                </button>
                if *sure {
                    <button type="button" class="btn btn-danger" onclick={act(RowAction::Delete)}>
                        { tr(lang, "drawings.delete_sure") }
                    </button>
                } else {
                    { button(IconName::Trash, "drawings.delete", set(&sure, true)) }
                }
            </>
        }
    } else {
        html! {
            <>
                { button(IconName::Pencil, "drawings.rename", set(&renaming, true)) }
                { button(IconName::Copy, "drawings.duplicate", act(RowAction::Duplicate)) }
                { button(IconName::Trash, "drawings.to_trash", act(RowAction::Trash)) }
            </>
        }
    };
    html! {
        <li class={classes!("drawing", props.open.then_some("drawing-open"))}>
            <div class="drawing-text">
                { name }
                <span class="drawing-about">
                    { place(lang, record.session) }
                    { " · " }
                    { when(lang, record.modified_ms) }
                    if props.open {
                        <span class="chip chip-ok">{ tr(lang, "drawings.open_now") }</span>
                    }
                </span>
            </div>
            <div class="drawing-tools">{ tools }</div>
        </li>
    }
}

fn shown_name(lang: Lang, record: &DrawingRecord) -> AttrValue {
    if record.name.trim().is_empty() {
        tr(lang, "drawings.untitled")
    } else {
        record.name.clone().into()
    }
}

fn place(lang: Lang, session: Option<u8>) -> AttrValue {
    session.map_or_else(
        || tr(lang, "bar.free"),
        |number| match number {
            OWN => tr(lang, "lesson.own"),
            number => trf(lang, "bar.session", &[("number", &number.to_string())]),
        },
    )
}

/// A time as the browser says it in the page's language.
fn when(lang: Lang, ms: f64) -> String {
    let date = js_sys::Date::new(&ms.into());
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Without options the browser's own style is shown.
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_string(lang.tag(), &options).into()
}

#[derive(Properties, PartialEq)]
struct NameFieldProps {
    name: String,
    done: Callback<Option<String>>,
}

/// A field for a name: Enter or leaving takes it, Esc does not. Korean being composed is left alone.
#[component]
fn NameField(props: &NameFieldProps) -> Html {
    let lang = use_lang();
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                // Without focus the field still works by a click.
                let _ = input.focus();
                input.select();
            }
        }
    });
    let take = {
        let (node, done) = (node.clone(), props.done.clone());
        move || {
            let value = node
                .cast::<HtmlInputElement>()
                .map(|input| input.value().trim().to_owned())
                .filter(|value| !value.is_empty());
            done.emit(value);
        }
    };
    let onkeydown = {
        let (take, done) = (take.clone(), props.done.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() {
                return;
            }
            match event.key().as_str() {
                "Enter" => take(),
                "Escape" => {
                    // Esc ends the field, not the dialog.
                    event.prevent_default();
                    event.stop_propagation();
                    done.emit(None);
                }
                _ => {}
            }
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| take());
    html! {
        <input ref={node} class="input" type="text" value={props.name.clone()} maxlength="80"
            aria-label={tr(lang, "bar.name")} {onkeydown} {onblur} />
    }
}
