//! Further scenarios of a lesson, which are run and not graded: a button under the task, what it runs, and what of
//! it is exact and what is scaled.
//!
//! Must not live here: what a scenario does; how a model answer is locked (see `class` and `progress`).

use std::rc::Rc;

use archplay_course::bundle::Extra;
use archplay_course::class::Gate;
use archplay_course::is_empty_canvas;
use archplay_model::Scenario;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::Mode;
use archplay_protocol::Speed;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::data::fetch_answers;
use super::panel::local_text;
use super::progress::{give_up, may_see_answers};
use super::prose::Lesson;
use crate::app::class::{released, use_gate};
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::drawings::{replace, take_back};
use crate::app::feed::FeedScale;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::OWN;
use crate::app::run::{RunCommand, RunState, use_run_dispatch, use_run_start};
use crate::app::scenario::{Source, lasts, use_scenario, use_scenario_setter};
use crate::app::session::{use_dispatch, use_document};

/// Whose further scenarios.
#[derive(Properties, PartialEq)]
pub struct ExtrasProps {
    /// The lesson.
    pub lesson: Lesson,
}

/// All of them; nothing where a lesson has none.
#[component]
pub fn Extras(props: &ExtrasProps) -> Html {
    html! {
        for extra in &props.lesson.0.extras {
            <Row key={extra.id.as_str()} lesson={props.lesson.clone()} extra={extra.clone()} />
        }
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    lesson: Lesson,
    extra: Extra,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let lang = use_lang();
    let RowProps { lesson, extra } = props;
    let scenario = use_memo(extra.scenario.clone(), |json| {
        read_scenario(json).ok().map(Rc::new)
    });
    let begin = use_begin(lesson, extra);
    let drawing = use_document().design;
    let is_empty = drawing.components.is_empty() || is_empty_canvas(&drawing);
    let session = u8::try_from(lesson.0.session).unwrap_or(OWN);
    let gate = use_gate(session);
    let drawn = extra.drawn && gate == Gate::Open;
    let with_answer = use_with_answer(lesson, extra, begin.clone());
    let asks = use_state_eq(|| false);
    let wish = {
        let (asks, with_answer, lesson) = (asks.clone(), with_answer.clone(), lesson.clone());
        Callback::from(move |_: MouseEvent| {
            if released(session) || task_names(&lesson).any(|name| may_see_answers(&name)) {
                with_answer.emit(());
            } else {
                asks.set(true);
            }
        })
    };
    let give_up = {
        let (asks, lesson) = (asks.clone(), lesson.clone());
        Callback::from(move |_: MouseEvent| {
            // The drawing is an answer of the first task.
            if let Some(name) = task_names(&lesson).next() {
                give_up(&name);
            }
            asks.set(false);
            with_answer.emit(());
        })
    };
    let Some(scenario) = &*scenario else {
        return Html::default();
    };
    let title = local_text(lang, &extra.title);
    let help = format!("extra-{}-help", extra.id);
    html! {
        <section class="extra" aria-label={title.clone()} data-extra={extra.id.to_string()}>
            <p class="extra-buttons">
                <button type="button" class="btn" disabled={is_empty} aria-describedby={is_empty.then(|| help.clone())}
                    onclick={begin.reform(|_: MouseEvent| ())}>
                    <Icon name={IconName::Play} size={16} />
                    { trf(lang, "extra.run", &[("title", &title)]) }
                </button>
                if drawn {
                    <button type="button" class="btn" onclick={wish}>
                        { tr(lang, "extra.with_answer") }
                    </button>
                }
            </p>
            if drawn && *asks {
                <div class="give-up" role="status">
                    <p>{ tr(lang, "steps.give_up_about") }</p>
                    <button type="button" class="btn" onclick={give_up}>{ tr(lang, "extra.give_up") }</button>
                </div>
            }
            if is_empty {
                <p id={help} class="quiet">
                    { tr(lang, if drawn { "extra.empty_drawn" } else { "extra.empty" }) }
                </p>
            }
            <details>
                <summary>{ tr(lang, "extra.what") }</summary>
                <p>{ local_text(lang, &extra.about) }</p>
                <p class="quiet">{ lasts(lang, scenario) }{ " " }{ tr(lang, "extra.not_graded") }</p>
                if scenario.mode == Mode::Aggregate {
                    <p class="quiet">{ tr(lang, "aggregation.running") }</p>
                }
                <Scale scenario={scenario.clone()} />
            </details>
        </section>
    }
}

/// The names of a lesson's tasks, as progress is kept by them.
fn task_names(lesson: &Lesson) -> impl Iterator<Item = String> {
    let id = &lesson.0.id;
    let tasks = lesson.0.tasks.iter();
    tasks.map(move |task| format!("{id}/{}", task.graded.task.id))
}

#[derive(Properties, PartialEq)]
struct ScaleProps {
    scenario: Rc<Scenario>,
}

/// What is exact and what is scaled, before anything has run.
#[component]
fn Scale(props: &ScaleProps) -> Html {
    let run = use_memo((), |()| RunState::default());
    html! { <FeedScale {run} scenario={props.scenario.clone()} /> }
}

/// Returns what chooses the scenario and runs the open drawing under it, as fast as it goes: it may last a day.
#[hook]
fn use_begin(lesson: &Lesson, extra: &Extra) -> Callback<()> {
    let setter = use_scenario_setter();
    let start = use_run_start();
    let dispatch = use_run_dispatch();
    let wanted = use_state_eq(|| false);
    let source = Source::Extra {
        lesson: lesson.0.id.clone(),
        id: extra.id.clone(),
    };
    let chosen = use_scenario().is_some_and(|chosen| chosen.source == source);
    use_effect_with((chosen, *wanted), {
        let wanted = wanted.setter();
        move |(chosen, asked)| {
            if *chosen && *asked {
                wanted.set(false);
                // Choosing another scenario clears the results, which must not hit this run.
                Timeout::new(0, move || {
                    dispatch.apply(RunCommand::SetSpeed(Speed::Full));
                    start.emit(());
                })
                .forget();
            }
        }
    });
    let wanted = wanted.setter();
    Callback::from(move |()| {
        setter.choose.emit(source.clone());
        wanted.set(true);
    })
}

/// Returns what opens the drawing that is among the answers, and runs that.
#[hook]
fn use_with_answer(lesson: &Lesson, extra: &Extra, begin: Callback<()>) -> Callback<()> {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let (lesson, id, title) = (
        lesson.clone(),
        extra.id.clone(),
        local_text(lang, &extra.title),
    );
    Callback::from(move |()| {
        let (lesson, id, title) = (lesson.clone(), id.clone(), title.clone());
        let (dispatch, toasts, begin) = (dispatch.clone(), toasts.clone(), begin.clone());
        spawn_local(async move {
            let answers = match fetch_answers(&lesson.0).await {
                Ok(answers) => answers,
                Err(error) => {
                    let key = format!("fetch.{}", error.slug());
                    let detail = error.detail();
                    toasts.emit(Toast::bad(say_with(key, &[("detail", &detail)])));
                    return;
                }
            };
            let text = answers.extras.get(&id);
            let read = text.and_then(|text| read_design(text).ok());
            let replaced = read.and_then(|(mut design, _)| {
                if lang == archplay_text::Lang::En {
                    lesson.0.name_in_english(&mut design);
                }
                // The drawing stays the person's own, by its name.
                design.name.clone_from(&dispatch.design().name);
                replace(&dispatch, design).ok()
            });
            let Some(replaced) = replaced else {
                let args = [("name", title.as_str())];
                toasts.emit(Toast::bad(say_with("answers.broken", &args)));
                return;
            };
            let back = Callback::from(move |()| take_back(&dispatch, &replaced));
            toasts.emit(Toast::done(say("extra.opened")).with_action(say("bar.undo"), back));
            begin.emit(());
        });
    })
}
