//! The chip with the number of problems, and the list it opens.

use archplay_editor::Selection;
use archplay_model::check::{check, check_design};
use archplay_model::{Location, Problem, Severity};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::palette::drag::focus_canvas;
use crate::app::scenario::use_scenario;
use crate::app::session::{Dispatch, use_dispatch, use_document};

use super::text::problem_text;

/// The chip; opens the list.
#[component]
pub fn ProblemsChip() -> Html {
    let lang = use_lang();
    let document = use_document();
    let chosen = use_scenario();
    let dispatch = use_dispatch();
    let open = use_state_eq(|| false);
    let problems = use_memo((document.clone(), chosen.clone()), |(document, chosen)| {
        let mut found = match chosen {
            Some(chosen) => check(&document.design, &chosen.scenario),
            None => check_design(&document.design),
        };
        found.sort_by_key(|problem| problem.severity);
        found
    });
    // An empty canvas has its own words.
    if document.design.components.is_empty() {
        return Html::default();
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.prevent_default();
                event.stop_propagation();
                open.set(false);
                focus_canvas();
            }
        })
    };
    let errors = problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    let (class, icon, text) = match (errors, problems.len()) {
        (_, 0) => ("chip-quiet", IconName::Check, tr(lang, "problems.none")),
        (0, warnings) => (
            "chip-tight",
            IconName::Warning,
            trf(
                lang,
                "problems.warnings",
                &[("count", &warnings.to_string())],
            ),
        ),
        (errors, all) if errors == all => (
            "chip-fail",
            IconName::Alert,
            trf(lang, "problems.errors", &[("count", &errors.to_string())]),
        ),
        (errors, all) => (
            "chip-fail",
            IconName::Alert,
            trf(
                lang,
                "problems.both",
                &[
                    ("errors", &errors.to_string()),
                    ("warnings", &(all - errors).to_string()),
                ],
            ),
        ),
    };
    let listed = *open && !problems.is_empty();
    html! {
        <div class="problems" {onkeydown}>
            if listed {
                <div class="problems-list popover" id="problems-list">
                    <h2 class="panel-title">{ tr(lang, "problems.title") }</h2>
                    <ul>
                        for (i, problem) in problems.iter().enumerate() {
                            <li key={i}>
                                { row(problem, problem_text(problem, &document.design,
                                    chosen.as_ref().map(|c| &*c.scenario), lang), &dispatch,
                                    tr(lang, severity_key(problem.severity))) }
                            </li>
                        }
                    </ul>
                </div>
            }
            <button type="button" class={classes!("chip", class)} aria-expanded={listed.to_string()}
                aria-controls="problems-list" disabled={problems.is_empty()} onclick={toggle}>
                <Icon name={icon} size={16} />
                { text }
            </button>
        </div>
    }
}

const fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "severity.error",
        Severity::Warning => "severity.warning",
    }
}

fn row(problem: &Problem, text: AttrValue, dispatch: &Dispatch, severity: AttrValue) -> Html {
    let icon = match problem.severity {
        Severity::Error => IconName::Alert,
        Severity::Warning => IconName::Warning,
    };
    let class = match problem.severity {
        Severity::Error => "problem problem-error",
        Severity::Warning => "problem problem-warning",
    };
    let content = html! {
        <>
            <Icon name={icon} size={16} />
            <span class="visually-hidden">{ severity }</span>
            <span>{ text }</span>
        </>
    };
    let Some(selection) = place_of(problem) else {
        return html! { <div {class}>{ content }</div> };
    };
    let onclick = {
        let (dispatch, at) = (dispatch.clone(), problem.at.clone());
        move |_: MouseEvent| {
            dispatch.update(|editor| {
                editor.select(selection.clone());
                editor.show_selection();
            });
            match &at {
                Location::Param(_, key) => focus_field(key),
                _ => focus_canvas(),
            }
        }
    };
    html! { <button type="button" {class} {onclick}>{ content }</button> }
}

/// What to select to see a problem's place; `None` when it is about the whole.
fn place_of(problem: &Problem) -> Option<Selection> {
    match &problem.at {
        Location::Component(id) | Location::Param(id, _) => Some(Selection::component(id.clone())),
        Location::Link(key) => Some(Selection::link(key.clone())),
        Location::Design | Location::Scenario(_) => None,
    }
}

/// Gives a parameter's field the focus once the inspector shows it.
fn focus_field(key: &str) {
    let id = format!("param-{key}");
    Timeout::new(50, move || {
        let Some(field) = gloo::utils::document().get_element_by_id(&id) else {
            return;
        };
        if let Some(details) = field.closest("details").ok().flatten() {
            // A section that stays closed only hides the field, which is named in the list.
            let _ = Element::set_attribute(&details, "open", "");
        }
        if let Ok(field) = field.dyn_into::<HtmlElement>() {
            let _ = field.focus();
        }
    })
    .forget();
}
