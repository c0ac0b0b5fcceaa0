//! The calculation on the back of an envelope: what is asked of the service, what follows from it with its
//! formula, and beside it what the run has measured.
//!
//! The arithmetic is `archplay_feed::sizing`. Must not live here: formulas.

mod inputs;
mod measured;
mod table;

use std::rc::Rc;

use archplay_feed::sizing::Requirements;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::inputs::{FIELDS, Field, given};
use self::table::{Table, amount};
use crate::app::dialog::Modal;
use crate::app::icons::{Icon, IconName};
use crate::app::inspector::format_number;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::number::read_number;
use crate::app::run::use_run;
use crate::app::scenario::{lasts, use_scenario};
use crate::app::session::use_document;

use super::scale::FeedScale;

/// What the dialog works with.
#[derive(Properties, PartialEq)]
pub struct EnvelopeProps {
    /// What a person has set instead of what scenario and drawing say.
    pub own: Option<Own>,
    /// Sets it; `None` goes back.
    pub on_own: Callback<Option<Own>>,
    /// It is closed.
    pub on_close: Callback<()>,
}

/// Requirements of a person's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Own(Requirements);

/// The dialog; nothing where the scenario has no feed.
#[component]
pub fn EnvelopeDialog(props: &EnvelopeProps) -> Html {
    let lang = use_lang();
    let run = use_run();
    let chosen = use_scenario();
    let document = use_document();
    let Some((chosen, given)) = chosen.and_then(|chosen| {
        let given = given(&chosen.scenario, &document.design)?;
        Some((chosen, given))
    }) else {
        return Html::default();
    };
    let now = props.own.map_or(given, |own| own.0);
    let set = {
        let on_own = props.on_own.clone();
        Callback::from(move |next: Requirements| on_own.emit(Some(Own(next))))
    };
    let reset = props.on_own.reform(|_: MouseEvent| None);
    let fields = |first: bool| {
        let set = set.clone();
        FIELDS
            .into_iter()
            .filter(move |field| field.first == first)
            .map(move |field| {
                html! {
                    <NumberField key={field.key} name={field.key} value={field.get(&now)} most={field.most}
                        onset={set.reform(move |value: f64| with(field, now, value))} />
                }
            })
    };
    let scenario = &chosen.scenario;
    let begun = run.data.rows() > 0;
    html! {
        <Modal title={tr(lang, "feed.envelope.title")} onclose={props.on_close.clone()} class="envelope">
            <p class="envelope-about">{ tr(lang, "feed.envelope.about") }</p>
            <div class="envelope-columns">
                <form class="envelope-inputs" aria-label={tr(lang, "feed.envelope.inputs")}
                    onsubmit={|event: SubmitEvent| event.prevent_default()}>
                    <div class="envelope-inputs-head">
                        <h3>{ tr(lang, "feed.envelope.inputs") }</h3>
                        <button type="button" class="btn" disabled={now == given} onclick={reset}>
                            <Icon name={IconName::Reset} size={14} />{ tr(lang, "feed.envelope.reset") }
                        </button>
                    </div>
                    { for fields(true) }
                    <details>
                        <summary>{ tr(lang, "feed.envelope.more") }</summary>
                        { for fields(false) }
                    </details>
                </form>
                <section class="envelope-results" tabindex="0" aria-label={tr(lang, "feed.envelope.results")}>
                    if begun {
                        <p class="field-help">{ tr(lang, "feed.envelope.measured_how") }</p>
                    } else {
                        <p class="notice" role="status">{ tr(lang, "feed.envelope.empty") }</p>
                    }
                    if scenario.duration_secs < 86_400 {
                        <p class="field-help">
                            { trf(lang, "feed.envelope.part_of_day", &[("lasts", &lasts(lang, scenario))]) }
                        </p>
                    }
                    <Table requirements={Asked(now)} run={run.clone()} />
                    <FeedScale run={run.clone()} />
                </section>
            </div>
        </Modal>
    }
}

/// The requirements with one number changed.
fn with(field: Field, mut all: Requirements, value: f64) -> Requirements {
    // Out of range it stays as it was; the field has said so.
    field.set(&mut all, value);
    all
}

/// Requirements on their way into a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked(Requirements);

#[derive(Properties, PartialEq)]
struct NumberFieldProps {
    name: &'static str,
    value: f64,
    most: f64,
    onset: Callback<f64>,
}

/// A number to type; what it means is worked out at once.
#[component]
fn NumberField(props: &NumberFieldProps) -> Html {
    let NumberFieldProps { name, value, .. } = props;
    let lang = use_lang();
    let draft = use_state_eq(|| None::<Rc<str>>);
    let most = props.most;
    let read = move |text: &str| {
        let plain = text.replace([',', ' '], "");
        read_number(&plain).filter(|value| (0.0..=most).contains(value))
    };
    let wrong = draft.as_deref().is_some_and(|text| read(text).is_none());
    let oninput = {
        let (draft, onset) = (draft.setter(), props.onset.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let text = input.value();
                if let Some(value) = read(&text) {
                    onset.emit(value);
                }
                draft.set(Some(text.into()));
            }
        })
    };
    // Left, it shows the number that holds.
    let onblur = {
        let draft = draft.setter();
        Callback::from(move |_: FocusEvent| draft.set(None))
    };
    let shown = draft
        .as_deref()
        .map_or_else(|| format_number(*value), str::to_owned);
    let id = format!("envelope-{name}");
    let error = format!("{id}-error");
    html! {
        <div class="field">
            <label for={id.clone()}>{ tr(lang, &format!("feed.size.{name}")) }</label>
            <input class="input" {id} type="text" inputmode="decimal" autocomplete="off" value={shown}
                aria-invalid={wrong.to_string()} aria-describedby={wrong.then(|| error.clone())} {oninput} {onblur} />
            if wrong {
                <p class="field-error" id={error}>
                    { trf(lang, "feed.envelope.wrong", &[("most", &amount(most))]) }
                </p>
            }
        </div>
    }
}
