//! A model answer step by step: what was changed, what it moved, and the drawing of each step to open.
//!
//! Must not live here: what differs between two drawings (`archplay_model::Difference`), what was measured
//! (the lesson's file).

use std::rc::Rc;

use archplay_course::bundle::ReferenceDesign;
use archplay_course::{Move, STEP_SEED, Step};
use archplay_model::format::read_scenario;
use archplay_model::{Design, Difference, Scenario};
use archplay_text::Lang;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::data::TaskRef;
use super::figure;
use super::panel::local_text;
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::drawings::{Replaced, bring_back, replace, take_back, use_desk};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::session::{Dispatch, use_dispatch};

mod changes;

use changes::Changes;

/// Puts a prepared design in the place of the open drawing, which keeps its name, and offers to take that
/// back. Says so if the design cannot be read.
pub fn open_prepared(
    dispatch: &Dispatch,
    toasts: &Callback<Toast>,
    task: &TaskRef,
    lang: Lang,
    name: &str,
    design: &str,
) -> Option<Replaced> {
    let replaced = task.prepared(lang, design).and_then(|mut design| {
        design.name.clone_from(&dispatch.design().name);
        replace(dispatch, design).ok()
    });
    let args = [("name", name)];
    let toast = match &replaced {
        Some(replaced) => {
            let (dispatch, replaced) = (dispatch.clone(), replaced.clone());
            let back = Callback::from(move |()| take_back(&dispatch, &replaced));
            Toast::done(say_with("answers.opened", &args)).with_action(say("bar.undo"), back)
        }
        None => Toast::bad(say_with("answers.broken", &args)),
    };
    toasts.emit(toast);
    replaced
}

/// Gives an element the focus.
pub fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Without focus the page can still be used.
        let _ = element.focus();
    }
}

/// Whose steps.
#[derive(Properties, PartialEq)]
pub struct StepsProps {
    /// The task.
    pub task: TaskRef,
    /// The model answer's name.
    pub name: String,
    /// The model answer.
    pub answer: Rc<ReferenceDesign>,
}

/// A button that shows the steps, and the steps.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let lang = use_lang();
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let all = props.answer.about.steps.len().to_string();
    let label = if *open {
        tr(lang, "steps.hide")
    } else {
        trf(lang, "steps.show", &[("all", &all)])
    };
    html! {
        <>
            <button type="button" class="link-btn" aria-expanded={open.to_string()} onclick={toggle}>
                { label }
            </button>
            if *open {
                <Stepper task={props.task.clone()} name={props.name.clone()} answer={props.answer.clone()} />
            }
        </>
    }
}

/// The drawings with names in the reader's language, that at the start first.
fn drawings(task: &TaskRef, answer: &ReferenceDesign, lang: Lang) -> Vec<Rc<Design>> {
    let all = std::iter::once(task.start.as_str()).chain(answer.step_designs());
    all.map(|text| Rc::new(task.prepared(lang, text).unwrap_or_default()))
        .collect()
}

#[component]
fn Stepper(props: &StepsProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let desk = use_desk().actions.open_id();
    let at = use_state_eq(|| 0_usize);
    // The person's own drawing, from before the first step that was opened, and where it was open.
    let mine = use_state(|| None::<(Option<String>, Replaced)>);
    let opener = use_node_ref();
    let scenario = use_memo(props.task.clone(), |task| {
        read_scenario(&task.scenario).ok().map(Rc::new)
    });
    let drawings = use_memo(
        (props.task.clone(), props.answer.clone(), lang),
        |(task, answer, lang)| drawings(task, answer, *lang),
    );
    let steps = &props.answer.about.steps;
    let last = steps.len().saturating_sub(1);
    let now = (*at).min(last);
    let (Some(step), Some(before), Some(after)) =
        (steps.get(now), drawings.get(now), drawings.get(now + 1))
    else {
        return Html::default();
    };
    let go = |to: Option<usize>| {
        let at = at.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(to) = to {
                at.set(to);
            }
        })
    };
    let (previous, next) = (now.checked_sub(1), (now < last).then_some(now + 1));
    let name = local_text(lang, &step.name);
    let open = {
        let (dispatch, toasts, task) = (dispatch.clone(), toasts.clone(), props.task.clone());
        let (mine, desk, name) = (mine.clone(), desk.clone(), name.clone());
        let design = props
            .answer
            .step_designs()
            .nth(now)
            .unwrap_or_default()
            .to_owned();
        Callback::from(move |_: MouseEvent| {
            let replaced = open_prepared(&dispatch, &toasts, &task, lang, &name, &design);
            let kept = mine.as_ref().is_some_and(|(place, _)| *place == desk);
            if let Some(replaced) = replaced.filter(|_| !kept) {
                mine.set(Some((desk.clone(), replaced)));
            }
        })
    };
    let back = (*mine).clone().filter(|(place, _)| *place == desk);
    let back = back.map(|(_, replaced)| {
        let (dispatch, toasts, mine) = (dispatch.clone(), toasts.clone(), mine.clone());
        let opener = opener.clone();
        Callback::from(move |_: MouseEvent| {
            bring_back(&dispatch, &replaced);
            mine.set(None);
            focus(&opener);
            toasts.emit(Toast::done(say("steps.mine_is_back")));
        })
    });
    let (number, all) = ((now + 1).to_string(), steps.len().to_string());
    let count = trf(lang, "steps.count", &[("step", &number), ("all", &all)]);
    let difference = Difference::between(before, after);
    let seed = STEP_SEED.to_string();
    html! {
        <div class="steps" role="group" aria-label={trf(lang, "steps.label", &[("name", &props.name)])}>
            <div class="step-head" aria-live="polite">
                <span class="step-count">{ count }</span>
                <h3>{ name }</h3>
            </div>
            <p>{ local_text(lang, &step.about) }</p>
            if !step.moves.is_empty() {
                <h4>{ tr(lang, "steps.moved") }</h4>
                <Moves task={props.task.clone()} step={step.clone()} scenario={(*scenario).clone()} />
            }
            <h4>{ tr(lang, if now == 0 { "steps.changed_at_start" } else { "steps.changed" }) }</h4>
            if difference.is_empty() {
                <p class="quiet">{ tr(lang, "steps.unchanged") }</p>
            } else {
                <Changes {difference} before={before.clone()} after={after.clone()}
                    scenario={(*scenario).clone()} />
            }
            <div class="step-ways">
                <button type="button" class="btn" aria-disabled={previous.is_none().to_string()}
                    onclick={go(previous)}>{ tr(lang, "steps.previous") }</button>
                <button ref={opener} type="button" class="btn btn-primary" onclick={open}>{ tr(lang, "steps.open") }</button>
                <button type="button" class="btn" aria-disabled={next.is_none().to_string()}
                    onclick={go(next)}>{ tr(lang, "steps.next") }</button>
            </div>
            if let Some(onclick) = back {
                <button type="button" class="link-btn" {onclick}>
                    <Icon name={IconName::Undo} size={14} />
                    { tr(lang, "steps.mine") }
                </button>
            }
            <p class="quiet">{ trf(lang, "steps.seed", &[("seed", &seed)]) }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MovesProps {
    task: TaskRef,
    step: Step,
    scenario: Option<Rc<Scenario>>,
}

/// What a step moved: the value before and after, and what is wanted.
#[component]
fn Moves(props: &MovesProps) -> Html {
    html! {
        <ul class="step-moves">
            for (i, moved) in props.step.moves.iter().enumerate() {
                <MoveRow key={i} task={props.task.clone()} moved={moved.clone()}
                    scenario={props.scenario.clone()} />
            }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct MoveRowProps {
    task: TaskRef,
    moved: Move,
    scenario: Option<Rc<Scenario>>,
}

#[component]
fn MoveRow(props: &MoveRowProps) -> Html {
    let lang = use_lang();
    let (task, moved) = (&props.task.task, &props.moved);
    let Some((target, run)) = moved.target(task).zip(moved.run(task)) else {
        return Html::default();
    };
    let name = figure::name(lang, target, props.scenario.as_deref());
    let first = task.runs.first().is_some_and(|first| first.id == run.id);
    let met = moved.after.is_some_and(|value| target.is_met(value));
    let (class, icon, word) = if met {
        ("met", IconName::Check, "verdict.passed")
    } else {
        ("missed", IconName::Close, "verdict.failed")
    };
    let wanted = figure::wanted(lang, target);
    html! {
        <li>
            <span class="move-name">
                { name }
                if !first {
                    <span class="move-run">{ local_text(lang, &run.name) }</span>
                }
            </span>
            <span class="move-values">
                <span>{ figure::measured(lang, target, moved.before) }</span>
                <span aria-hidden="true">{ "→" }</span>
                <span class="visually-hidden">{ tr(lang, "steps.becomes") }</span>
                <strong>{ figure::measured(lang, target, moved.after) }</strong>
            </span>
            <span class={classes!("move-target", class)}>
                <Icon name={icon} size={14} />
                <span class="visually-hidden">{ tr(lang, word) }</span>
                { trf(lang, "steps.wanted", &[("wanted", &wanted)]) }
            </span>
        </li>
    }
}
