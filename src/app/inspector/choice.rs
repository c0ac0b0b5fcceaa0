//! One of a few words: buttons side by side for two, a list for more.

use archplay_model::Value;
use archplay_model::catalogue::{ParamKind, text_area};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};

use super::field::ControlProps;

/// The most options that stand side by side.
const SIDE_BY_SIDE: usize = 2;

/// The control of a choice.
#[component]
pub fn ChoiceControl(props: &ControlProps) -> Html {
    let lang = use_lang();
    let control = &props.control;
    let ParamKind::Choice { options, .. } = control.spec.kind else {
        return Html::default();
    };
    let chosen = match &control.value {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let key = control.spec.key;
    let area = text_area(control.kind, key);
    let text = |option: &str| tr(lang, &format!("choice.{area}.{key}.{option}"));
    let label_id = format!("{}-label", control.id);
    let take = {
        let (commit, seal) = (control.commit.clone(), control.seal.clone());
        move |option: String| {
            commit.emit(Ok(Value::Text(option)));
            seal.emit(());
        }
    };
    if options.len() <= SIDE_BY_SIDE {
        return html! {
            <div class="segments" role="radiogroup" aria-labelledby={label_id}>
                for option in options {
                    <label key={*option} class="segment">
                        <input type="radio" name={control.id.clone()} value={*option}
                            checked={chosen == Some(*option)}
                            onchange={{
                                let take = take.clone();
                                move |_: Event| take((*option).to_owned())
                            }} />
                        <span>{ text(option) }</span>
                    </label>
                }
            </div>
        };
    }
    let onchange = Callback::from(move |event: Event| {
        if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
            take(select.value());
        }
    });
    html! {
        <select id={control.id.clone()} class="select" aria-labelledby={label_id} {onchange}>
            if chosen.is_none() {
                <option value="" selected=true disabled=true>{ tr(lang, "inspector.mixed") }</option>
            }
            for option in options {
                <option key={*option} value={*option} selected={chosen == Some(*option)}>{ text(option) }</option>
            }
        </select>
    }
}
