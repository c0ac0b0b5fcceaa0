//! A text that is committed while it is typed, but never in the middle of a syllable.

use gloo::events::EventListener;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::app::palette::drag::focus_canvas;

/// What the field shows and tells.
#[derive(Properties, PartialEq)]
pub struct TextFieldProps {
    /// The element's id.
    pub id: AttrValue,
    /// The text as the design has it.
    pub value: AttrValue,
    /// Shown while it is empty.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// The most characters.
    pub max: usize,
    /// Told the text with every change.
    pub on_text: Callback<String>,
    /// Told when the field is left.
    pub on_leave: Callback<()>,
}

/// The field.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    // What is typed; the element's own text is never rewritten while it has the focus.
    let draft = use_state_eq(|| None::<AttrValue>);
    let node = use_node_ref();
    let oninput = {
        let (draft, on_text) = (draft.clone(), props.on_text.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                draft.set(Some(input.value().into()));
                if !event.is_composing() {
                    on_text.emit(input.value());
                }
            }
        })
    };
    // Yew knows no composition events: the end of a syllable is heard natively.
    use_effect_with(props.on_text.clone(), {
        let node = node.clone();
        move |on_text| {
            let on_text = on_text.clone();
            let listener = node.cast::<HtmlInputElement>().map(|input| {
                let own = input.clone();
                EventListener::new(&input, "compositionend", move |_| on_text.emit(own.value()))
            });
            move || drop(listener)
        }
    });
    let onblur = {
        let (draft, on_leave) = (draft.clone(), props.on_leave.clone());
        Callback::from(move |_: FocusEvent| {
            draft.set(None);
            on_leave.emit(());
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        if matches!(event.key().as_str(), "Enter" | "Escape") {
            event.prevent_default();
            event.stop_propagation();
            focus_canvas();
        }
    });
    html! {
        <input ref={node} id={props.id.clone()} class="input" type="text" autocomplete="off" spellcheck="false"
            maxlength={props.max.to_string()} placeholder={props.placeholder.clone()}
            value={(*draft).clone().unwrap_or_else(|| props.value.clone())}
            {oninput} {onblur} {onkeydown} />
    }
}
