//! A small list written as text: weights of components, indexes. It becomes a value with Enter, or when
//! the field is left.

use archplay_model::Value;
use archplay_model::catalogue::ParamKind;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};
use crate::app::palette::drag::focus_canvas;
use crate::app::session::{use_document, use_selection};

use super::field::ControlProps;

/// The field of a list.
#[component]
pub fn ListControl(props: &ControlProps) -> Html {
    let lang = use_lang();
    let example = use_example(props.control.spec.kind);
    let control = &props.control;
    // What is typed and not yet a value. Also kept outside of the state, for when the field disappears.
    let draft = use_state_eq(|| None::<String>);
    let pending = use_mut_ref(|| None::<String>);

    let shown = match &control.value {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Flag(flag)) => flag.to_string(),
        None => String::new(),
    };
    use_effect_with(shown.clone(), {
        let (draft, pending) = (draft.setter(), pending.clone());
        move |_| {
            *pending.borrow_mut() = None;
            draft.set(None);
        }
    });
    use_effect_with(control.commit_last.clone(), {
        let pending = pending.clone();
        move |commit_last| {
            let commit_last = commit_last.clone();
            move || {
                let left = pending.borrow_mut().take();
                if let Some(text) = left {
                    commit_last.emit(Value::Text(text.trim().to_owned()));
                }
            }
        }
    });
    let oninput = {
        let (draft, pending) = (draft.clone(), pending.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                *pending.borrow_mut() = Some(input.value());
                draft.set(Some(input.value()));
            }
        })
    };
    let settle = {
        let (draft, pending) = (draft.clone(), pending.clone());
        let (control, shown) = (control.clone(), shown.clone());
        move || {
            let Some(text) = pending.borrow_mut().take() else {
                return;
            };
            let text = text.trim();
            if text == shown {
                draft.set(None);
                control.forget.emit(());
                return;
            }
            let value = Value::Text(text.to_owned());
            let fine = control.spec.accepts(&value).is_ok();
            control.commit.emit(Ok(value));
            if fine {
                draft.set(None);
                control.seal.emit(());
            }
        }
    };
    let onblur = {
        let (settle, seal) = (settle.clone(), control.seal.clone());
        Callback::from(move |_: FocusEvent| {
            settle();
            seal.emit(());
        })
    };
    let onkeydown = {
        let (draft, pending, control) = (draft.clone(), pending.clone(), control.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == 229 {
                return;
            }
            match event.key().as_str() {
                "Enter" => settle(),
                "Escape" => {
                    *pending.borrow_mut() = None;
                    if draft.is_none() && !control.invalid {
                        focus_canvas();
                    }
                    draft.set(None);
                    control.forget.emit(());
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let placeholder = match control.value {
        None => tr(lang, "inspector.mixed"),
        Some(_) => example,
    };
    html! {
        <input id={control.id.clone()} class="input" type="text" autocomplete="off" autocapitalize="off"
            spellcheck="false" value={(*draft).clone().unwrap_or(shown)} {placeholder}
            aria-invalid={control.invalid.to_string()}
            aria-describedby={(!control.described_by.is_empty()).then(|| control.described_by.clone())}
            {oninput} {onblur} {onkeydown} />
    }
}

/// What could stand in the field, told with the names of the drawing where that is possible.
#[hook]
fn use_example(kind: ParamKind) -> AttrValue {
    let lang = use_lang();
    let document = use_document();
    let selection = use_selection();
    let linked: Vec<String> = selection
        .single()
        .into_iter()
        .flat_map(|id| document.design.outgoing(id))
        .zip([1, 3])
        .map(|(key, weight)| format!("{}={weight}", key.to))
        .collect();
    match kind {
        ParamKind::Weights if !linked.is_empty() => linked.join(", ").into(),
        ParamKind::Weights => tr(lang, "inspector.weights_example"),
        ParamKind::Indexes => tr(lang, "inspector.indexes_example"),
        ParamKind::Number { .. }
        | ParamKind::Choice { .. }
        | ParamKind::Names(_)
        | ParamKind::Schedule => AttrValue::default(),
    }
}
