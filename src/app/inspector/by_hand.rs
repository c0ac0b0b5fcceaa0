//! Breaking what is selected while a run goes on. Which faults there are is the model's rule.

use archplay_model::by_hand::{LINK_FAULTS, faults_for};
use archplay_model::scenario::{FaultAction, FaultTarget};
use web_sys::{HtmlElement, HtmlInputElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use crate::app::charts::format::clock_text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunCommand, RunState, use_run, use_run_dispatch};
use crate::app::strip::{action_text, strength_scale, target_text};

use super::value::{format_number, parse_number};

/// Gives the first of the faults the focus; says whether there is one.
pub fn focus_by_hand() -> bool {
    use wasm_bindgen::JsCast;
    let button = gloo::utils::document()
        .query_selector(".by-hand button")
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    button.is_some_and(|button| button.focus().is_ok())
}

/// What is selected.
#[derive(Properties, PartialEq)]
pub struct ByHandProps {
    /// A component, a group or a link.
    pub target: FaultTarget,
}

/// The faults of what is selected; nothing while no run goes on, or in one that does not know it.
#[component]
pub fn ByHand(props: &ByHandProps) -> Html {
    let lang = use_lang();
    let run = use_run();
    let dispatch = use_run_dispatch();
    let told = use_state_eq(AttrValue::default);
    let Some(faults) = faults(&run, &props.target) else {
        return Html::default();
    };
    let act = {
        let (target, told, run) = (props.target.clone(), told.setter(), run.clone());
        Callback::from(move |action: FaultAction| {
            let (place, what) = (target_text(&target, &run, lang), action_text(&action, lang));
            told.set(trf(
                lang,
                "by_hand.told",
                &[("where", &place), ("what", &what)],
            ));
            dispatch.apply(RunCommand::Intervene {
                action,
                target: target.clone(),
            });
        })
    };
    let mend = act.reform(|_: MouseEvent| FaultAction::Restore);
    let done: Vec<(String, String)> = run
        .interventions
        .iter()
        .filter(|done| done.target == props.target && done.at_ns <= run.now_ns)
        .map(|done| {
            let clock = clock_text(run.clock_of(done.at_ns));
            (clock, action_text(&done.action, lang))
        })
        .collect();
    html! {
        <section class="by-hand" aria-label={tr(lang, "by_hand.title")}>
            <h3 class="param-group">{ tr(lang, "by_hand.title") }</h3>
            for fault in faults {
                <FaultRow key={fault.slug()} fault={*fault} act={act.clone()} />
            }
            <button type="button" class="btn" onclick={mend}>
                <Icon name={IconName::Reset} size={16} />{ tr(lang, "by_hand.restore") }
            </button>
            <p class="field-help">{ tr(lang, "by_hand.help") }</p>
            if !done.is_empty() {
                <ol class="by-hand-done" aria-label={tr(lang, "by_hand.done")}>
                    for (i, (clock, what)) in done.into_iter().enumerate() {
                        <li key={i}><time>{ clock }</time>{ what }</li>
                    }
                </ol>
            }
            <span class="visually-hidden" role="status">{ (*told).clone() }</span>
        </section>
    }
}

/// What can be done to the target in this run.
fn faults(run: &RunState, target: &FaultTarget) -> Option<&'static [FaultAction]> {
    if !run.status.is_active() {
        return None;
    }
    let design = run.design.as_ref()?;
    match target {
        FaultTarget::Component(id) => Some(faults_for(design.get(id)?.kind)),
        FaultTarget::Link(link) => design.links.contains_key(link).then_some(LINK_FAULTS),
        FaultTarget::OneServer
        | FaultTarget::OneOf(_)
        | FaultTarget::Kind(_)
        | FaultTarget::Place(_) => None,
    }
}

#[derive(Properties, PartialEq)]
struct FaultRowProps {
    fault: FaultAction,
    act: Callback<FaultAction>,
}

/// A fault with its strength, if it has one: a form, so that Enter in the field does it.
#[component]
fn FaultRow(props: &FaultRowProps) -> Html {
    let lang = use_lang();
    let fault = props.fault;
    let scale = strength_scale(&fault);
    let usual = fault.strength().map(|value| format_number(value * scale));
    let typed = use_state_eq(|| usual.clone().unwrap_or_default());
    let wrong = use_state_eq(|| false);
    let onsubmit = {
        let (typed, wrong, act) = (typed.clone(), wrong.clone(), props.act.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(range) = fault.strength_range() else {
                act.emit(fault);
                return;
            };
            let value = parse_number(&typed).map(|value| value / scale);
            match value.filter(|value| range.holds(*value)) {
                Some(value) => {
                    wrong.set(false);
                    act.emit(fault.with_strength(value));
                }
                None => wrong.set(true),
            }
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let what = tr(lang, &format!("by_hand.do.{}", fault.slug()));
    let help = format!("by-hand-{}-help", fault.slug());
    html! {
        <form class="by-hand-row" {onsubmit} novalidate=true>
            <button type="submit" class="btn" data-fault={fault.slug()}>{ what.clone() }</button>
            if usual.is_some() {
                <input class="input" inputmode="decimal" autocomplete="off" value={(*typed).clone()} {oninput}
                    aria-label={trf(lang, "by_hand.strength", &[("what", &what)])}
                    aria-invalid={wrong.to_string()} aria-describedby={wrong.then(|| help.clone())} />
                <span class="param-unit">{ tr(lang, &format!("by_hand.unit.{}", fault.slug())) }</span>
            }
            if let Some(range) = fault.strength_range().filter(|_| *wrong) {
                <p id={help} class="field-error" role="alert">
                    { trf(lang, "by_hand.wrong", &[
                        ("min", &format_number(range.min * scale)),
                        ("max", &format_number(range.max * scale)),
                    ]) }
                </p>
            }
        </form>
    }
}
