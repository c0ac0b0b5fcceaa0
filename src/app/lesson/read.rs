//! A session's text alone, to read at leisure and to print: text, tasks with their targets, sources.
//!
//! Hints and model answers are not in it: a print would show them to whom has not asked. Must not live here: how a text is
//! drawn (`prose`).

use std::rc::Rc;

use archplay_course::Target;
use archplay_model::format::{read_design, read_scenario};
use archplay_text::Lang;
use yew::prelude::*;

use super::data::{Remote, TaskRef, use_course};
use super::prose::{Lesson, Part, Prose};
use super::status::Status;
use super::text::Sources;
use super::{figure, local_text};
use crate::app::canvas::{Same, Still};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::page::{Back, Print, use_title};
use crate::app::route::{Desk, OWN, use_route};

/// The page.
#[component]
pub fn ReadPage() -> Html {
    let lang = use_lang();
    let desk = use_route().desk;
    let course = use_course();
    let title = use_title(());
    let number = match desk {
        Desk::Session(number) => number,
        Desk::Free => OWN,
    };
    let session = match number {
        OWN => tr(lang, "lesson.own"),
        _ => trf(lang, "bar.session", &[("number", &number.to_string())]),
    };
    let (name, body) = match &course.lesson {
        Remote::Ready(lesson) => {
            let name = local_text(lang, &lesson.title);
            let tasks = (0..lesson.tasks.len()).map(|index| TaskRef {
                lesson: lesson.clone(),
                index,
            });
            let several = lesson.tasks.len() > 1;
            let lesson = Lesson(lesson.clone());
            let body = html! {
                <>
                    <p class="read-summary">{ local_text(lang, &lesson.0.summary) }</p>
                    <Prose lesson={lesson.clone()} part={Part::Text} />
                    for task in tasks {
                        <Task key={task.index} task={task.clone()} {several} />
                    }
                    <Sources {lesson} />
                </>
            };
            (AttrValue::from(name), body)
        }
        Remote::Loading => (
            session.clone(),
            html! { <Status error={None} retry={course.retry.clone()} /> },
        ),
        Remote::Failed(error) => (
            session.clone(),
            html! { <Status error={Some(error.clone())} retry={course.retry.clone()} /> },
        ),
    };
    html! {
        <main class="page read" aria-labelledby="read-title">
            <div class="page-body read-body">
                <header class="page-head">
                    <Back />
                    <span class="bar-gap" />
                    <Print />
                </header>
                <p class="lesson-session">{ session }</p>
                <h1 id="read-title" ref={title} tabindex="-1">{ name }</h1>
                { body }
            </div>
        </main>
    }
}

#[derive(Properties, PartialEq)]
struct TaskProps {
    task: TaskRef,
    /// Whether the lesson has other tasks too.
    several: bool,
}

/// A task with what has to be reached.
#[component]
fn Task(props: &TaskProps) -> Html {
    let lang = use_lang();
    let task = &props.task;
    let scenario = read_scenario(&task.scenario).ok();
    let head = if props.several {
        format!("{} {}", tr(lang, "lesson.tab.task"), task.index + 1)
    } else {
        tr(lang, "lesson.tab.task").to_string()
    };
    let title = local_text(lang, &task.task.title);
    let start = use_memo(task.clone(), |task| {
        let (design, _) = read_design(&task.start).ok()?;
        Some(Same(Rc::new(design)))
    });
    html! {
        <section class="read-task">
            <h2>{ format!("{head}: {title}") }</h2>
            <Prose lesson={Lesson(task.lesson.clone())} part={Part::Prompt(task.index)} />
            if let Some(design) = &*start {
                <Still design={design.clone()} label={tr(lang, "class.read.start")} />
            }
            <h3>{ tr(lang, "task.targets") }</h3>
            <ul>
                for target in &task.task.targets {
                    <li key={target.id.as_str()}>
                        { format!("{}: {}", figure::name(lang, target, scenario.as_ref()), wanted(lang, task, target)) }
                    </li>
                }
            </ul>
        </section>
    }
}

/// What is wanted, and in which runs if not in all.
fn wanted(lang: Lang, task: &TaskRef, target: &Target) -> String {
    let wanted = figure::wanted(lang, target);
    let only = task
        .task
        .runs
        .iter()
        .filter(|run| target.runs.contains(&run.id));
    let only: Vec<String> = only.map(|run| local_text(lang, &run.name)).collect();
    if only.is_empty() {
        wanted
    } else {
        format!("{wanted} ({})", only.join(", "))
    }
}
