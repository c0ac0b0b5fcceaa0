//! A number. What is typed becomes a value with Enter, with an arrow key, or when the field is left.

use archplay_model::Value;
use archplay_model::catalogue::ValueRefusal;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};
use crate::app::palette::drag::focus_canvas;

use super::field::{ControlProps, unit_text};
use super::value::{format_number, parse_number, stepped};

/// Reads what was typed.
fn read(text: &str) -> Result<Value, ValueRefusal> {
    parse_number(text)
        .map(Value::Number)
        .ok_or(ValueRefusal::NotANumber)
}

/// The field of a number.
#[component]
pub fn NumberControl(props: &ControlProps) -> Html {
    let lang = use_lang();
    let control = &props.control;
    // What is typed and not yet a value. Also kept outside of the state, for when the field disappears.
    let draft = use_state_eq(|| None::<String>);
    let pending = use_mut_ref(|| None::<String>);

    let shown = match &control.value {
        Some(Value::Number(number)) => format_number(*number),
        Some(Value::Text(text)) => text.clone(),
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
                if let Some(Ok(value)) = left.as_deref().map(read) {
                    commit_last.emit(value);
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
            let unchanged = text.trim() == shown || (text.trim().is_empty() && shown.is_empty());
            if unchanged {
                draft.set(None);
                control.forget.emit(());
                return;
            }
            let value = read(&text);
            let fine = value
                .as_ref()
                .is_ok_and(|value| control.spec.accepts(value).is_ok());
            control.commit.emit(value);
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
            let key = event.key();
            match key.as_str() {
                "Enter" => settle(),
                "Escape" => {
                    *pending.borrow_mut() = None;
                    if draft.is_none() && !control.invalid {
                        focus_canvas();
                    }
                    draft.set(None);
                    control.forget.emit(());
                }
                "ArrowUp" | "ArrowDown" => {
                    let typed = pending.borrow().as_deref().and_then(parse_number);
                    let known = control
                        .value
                        .clone()
                        .unwrap_or(control.spec.default_value());
                    let start = typed.or(match known {
                        Value::Number(number) => Some(number),
                        Value::Text(_) | Value::Flag(_) => None,
                    });
                    if let Some(start) = start {
                        let next =
                            stepped(control.spec, start, key == "ArrowUp", event.shift_key());
                        *pending.borrow_mut() = None;
                        draft.set(None);
                        control.commit.emit(Ok(Value::Number(next)));
                    }
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let mixed = control.value.is_none();
    html! {
        <div class="param-number">
            <input id={control.id.clone()} class="input" type="text" inputmode="decimal" autocomplete="off"
                spellcheck="false" value={(*draft).clone().unwrap_or(shown)}
                placeholder={mixed.then(|| tr(lang, "inspector.mixed"))}
                aria-invalid={control.invalid.to_string()}
                aria-describedby={(!control.described_by.is_empty()).then(|| control.described_by.clone())}
                {oninput} {onblur} {onkeydown} />
            if let Some(unit) = unit_text(lang, control.unit) {
                <span class="param-unit">{ unit }</span>
            }
        </div>
    }
}
