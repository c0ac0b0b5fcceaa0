//! The task: what is asked, the targets, grading, the verdict.

use std::rc::Rc;

use yew::prelude::*;

use super::answers::{ModelAnswers, WhatIf};
use super::data::{TaskRef, use_course};
use super::extra::Extras;
use super::panel::local_text;
use super::progress::Record;
use super::prose::{Lesson, Part, Prose};
use super::results::Targets;
use super::why::Cause;
use crate::app::class::Discussion;
use crate::app::dialog::{Toast, say, use_toasts};
use crate::app::drawings::{replace, take_back};
use crate::app::files::warnings_about;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{GradeState, RunCommand, same_behaviour, use_grade, use_run_dispatch};
use crate::app::scenario::use_scenario;
use crate::app::session::{use_dispatch, use_document};

/// Whose tasks.
#[derive(Properties, PartialEq)]
pub struct TaskTabProps {
    /// The lesson.
    pub lesson: Lesson,
}

/// The open task, with a choice if there are several.
#[component]
pub fn TaskTab(props: &TaskTabProps) -> Html {
    let lang = use_lang();
    let course = use_course();
    let Some(task) = course.task() else {
        return html! { <p class="quiet">{ tr(lang, "task.none") }</p> };
    };
    html! {
        <>
            if props.lesson.0.tasks.len() > 1 {
                <TaskChoice task={task.clone()} />
            }
            <OpenTask key={task.task.id.as_str()} task={task.clone()} />
            if !props.lesson.0.extras.is_empty() {
                <Extras lesson={props.lesson.clone()} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OpenTaskProps {
    task: TaskRef,
}

/// The tasks of a lesson. Another one brings its first drawing along if nothing has been drawn; else a button
/// does, because what a person has drawn may be what they want to go on with.
#[component]
fn TaskChoice(props: &OpenTaskProps) -> Html {
    let lang = use_lang();
    let course = use_course();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let task = &props.task;
    let begin = Callback::from({
        let dispatch = dispatch.clone();
        move |task: TaskRef| {
            let own = dispatch.design().name.clone();
            // A name that a person has given stays; one that a first drawing has brought goes with it.
            let brought = (task.lesson.tasks.iter())
                .filter_map(|other| task.prepared(lang, &other.graded.start))
                .any(|start| start.name == own);
            let start = task.prepared(lang, &task.start).map(|mut start| {
                if !brought {
                    start.name = own;
                }
                start
            });
            let Some(replaced) = start.and_then(|start| replace(&dispatch, start).ok()) else {
                return;
            };
            let dispatch = dispatch.clone();
            let back = Callback::from(move |()| take_back(&dispatch, &replaced));
            toasts.emit(Toast::done(say("bar.was_reset")).with_action(say("bar.undo"), back));
        }
    });
    let choose = |index: usize| {
        let (set_task, begin, dispatch) =
            (course.set_task.clone(), begin.clone(), dispatch.clone());
        let task = task.clone();
        Callback::from(move |_: MouseEvent| {
            if index == task.index {
                return;
            }
            let untouched = task
                .prepared(lang, &task.start)
                .is_some_and(|start| same_behaviour(&start, &dispatch.design()));
            set_task.emit(index);
            if untouched {
                let lesson = task.lesson.clone();
                begin.emit(TaskRef { lesson, index });
            }
        })
    };
    let open = {
        let task = task.clone();
        begin.reform(move |_: MouseEvent| task.clone())
    };
    html! {
        <>
            <div class="task-choice" role="group" aria-label={tr(lang, "task.choose")}>
                for (i, other) in task.lesson.tasks.iter().enumerate() {
                    <button type="button" key={other.graded.task.id.as_str()} class="btn"
                        aria-pressed={(i == task.index).to_string()} onclick={choose(i)}>
                        { format!("{}. {}", i + 1, local_text(lang, &other.graded.task.title)) }
                    </button>
                }
            </div>
            <button type="button" class="link-btn" onclick={open}>{ tr(lang, "task.open_start") }</button>
        </>
    }
}

#[component]
fn OpenTask(props: &OpenTaskProps) -> Html {
    let lang = use_lang();
    let grade = use_grade();
    let task = &props.task;
    let name = task_name(task);
    let lesson = Lesson(task.lesson.clone());
    let mine = grade.task() == Some(&name);
    let verdict = match &*grade {
        GradeState::Done { verdict, .. } if mine => Some(verdict.clone()),
        _ => None,
    };
    let (recorded, shown) = (name.clone(), verdict.clone());
    html! {
        <>
            <h2 class="task-title">{ local_text(lang, &task.task.title) }</h2>
            <Prose lesson={lesson.clone()} part={Part::Prompt(task.index)} />
            <Discussion task={task.clone()} />
            <Targets task={task.clone()} verdict={verdict.clone()} />
            <GradeButton task={task.clone()} name={name.clone()} />
            <GradeNews {name} />
            if let Some(verdict) = verdict {
                if !verdict.passed {
                    <Cause task={task.clone()} verdict={verdict.clone()} />
                }
                <section class="think">
                    <h3>{ tr(lang, "task.think") }</h3>
                    <Prose {lesson} part={Part::Think(task.index)} />
                </section>
            }
            <Record task={task.clone()} name={recorded} verdict={shown} />
            <WhatIf task={task.clone()} />
            <ModelAnswers task={task.clone()} />
        </>
    }
}

/// The name by which the grading of a task comes back.
pub fn task_name(task: &TaskRef) -> String {
    format!("{}/{}", task.lesson.id, task.task.id)
}

#[derive(Properties, PartialEq)]
struct GradeButtonProps {
    task: TaskRef,
    name: String,
}

#[component]
fn GradeButton(props: &GradeButtonProps) -> Html {
    let lang = use_lang();
    let grade = use_grade();
    let run = use_run_dispatch();
    let dispatch = use_dispatch();
    let seed = use_scenario().map_or(1, |chosen| chosen.seed);
    let start = {
        let (task, name, run) = (props.task.clone(), props.name.clone(), run.clone());
        Callback::from(move |_: MouseEvent| {
            let Ok(json) = serde_json::to_string(&*task) else {
                return;
            };
            run.apply(RunCommand::Grade {
                design: dispatch.design(),
                task: name.as_str().into(),
                task_json: json.into(),
                seed,
            });
        })
    };
    if let GradeState::Running {
        part, parts, share, ..
    } = &*grade
    {
        let stop = Callback::from(move |_: MouseEvent| run.apply(RunCommand::StopGrade));
        let (part, parts) = ((part + 1).to_string(), parts.to_string());
        let args = [("part", part.as_str()), ("parts", parts.as_str())];
        return html! {
            <div class="grading" role="status">
                <span>{ trf(lang, "task.grading", &args) }</span>
                <progress max="1" value={share.to_string()} aria-label={tr(lang, "task.progress")} />
                <button type="button" class="btn" onclick={stop}>{ tr(lang, "task.stop") }</button>
            </div>
        };
    }
    let runs = props.task.task.runs.len().to_string();
    html! {
        <div class="grade">
            <button type="button" class="btn btn-primary" onclick={start}>
                <Icon name={IconName::Check} size={16} />
                { tr(lang, "task.grade") }
            </button>
            <span class="quiet">{ trf(lang, "task.grade_about", &[("runs", &runs)]) }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct GradeNewsProps {
    name: String,
}

/// What else there is to say about the grading: that it could not be done, or that it is out of date.
#[component]
fn GradeNews(props: &GradeNewsProps) -> Html {
    let lang = use_lang();
    let grade = use_grade();
    let document = use_document();
    if grade.task() != Some(&props.name) {
        return Html::default();
    }
    match &*grade {
        GradeState::Idle | GradeState::Running { .. } => Html::default(),
        GradeState::Done { design, .. } => {
            let stale =
                !Rc::ptr_eq(design, &document.design) && !same_behaviour(design, &document.design);
            html! {
                if stale {
                    <p class="notice"><Icon name={IconName::Reset} size={18} />{ tr(lang, "task.stale") }</p>
                }
            }
        }
        GradeState::Refused { problems, .. } => html! {
            <div class="notice notice-bad" role="alert">
                <Icon name={IconName::Alert} size={18} />
                <div>
                    <p>{ tr(lang, "task.refused") }</p>
                    <ul>
                        for line in warnings_about(lang, problems, &document.design) {
                            <li>{ line }</li>
                        }
                    </ul>
                </div>
            </div>
        },
        GradeState::Failed { trouble, .. } => html! {
            <p class="notice notice-bad" role="alert">
                <Icon name={IconName::Alert} size={18} />
                { tr(lang, trouble.key()) }
            </p>
        },
    }
}
