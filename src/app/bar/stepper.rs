//! The sessions of the lecture as steps, and the free playground.

use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::lesson::local_text;
use crate::app::lesson::progress::{passed, remember};
use crate::app::route::{Desk, OWN, Route, SESSIONS, use_route};
use crate::app::run::{GradeState, use_grade};

/// Where one is in the lecture.
#[component]
pub fn Stepper() -> Html {
    let lang = use_lang();
    let desk = use_route().desk;
    let course = use_course();
    let grade = use_grade();
    let just_passed = match &*grade {
        GradeState::Done { task, verdict, .. } if verdict.passed => Some(task.clone()),
        _ => None,
    };
    // Rises once the browser has taken note, so that the step shows it.
    let noted = use_state_eq(|| None);
    use_effect_with(just_passed, {
        let noted = noted.setter();
        move |task| {
            if let Some(task) = task {
                remember(task);
                noted.set(Some(task.clone()));
            }
        }
    });
    let free = desk == Desk::Free;
    let step = |number: u8| {
        let name = trf(lang, "bar.session", &[("number", &number.to_string())]);
        let title = tr(lang, &format!("session.{number}"));
        let entry = course.index.ready().and_then(|index| {
            index
                .lessons
                .iter()
                .find(|entry| entry.session == u32::from(number))
        });
        let here = desk == Desk::Session(number);
        let done = entry.is_some_and(passed);
        if entry.is_none() && !here {
            let args = [("session", &*name), ("title", &*title)];
            let label = trf(lang, "bar.not_yet", &args);
            return html! {
                <li key={number}>
                    <span class="step step-off" role="link" aria-disabled="true" tabindex="0"
                        title={label.clone()} aria-label={label}>
                        { number }
                    </span>
                </li>
            };
        }
        let state = if done {
            format!(" · {}", tr(lang, "bar.passed"))
        } else {
            String::new()
        };
        let label = format!("{name} · {title}{state}");
        html! {
            <li key={number}>
                <a class={classes!("step", here.then_some("step-here"), done.then_some("step-done"))}
                    href={Route::Desk(Desk::Session(number)).hash()} title={label.clone()} aria-label={label}
                    aria-current={here.then_some("page")}>
                    if done && !here {
                        <Icon name={IconName::Check} size={14} />
                    } else {
                        { number }
                    }
                    if here {
                        <span class="step-title">{ title }</span>
                    }
                </a>
            </li>
        }
    };
    let at_own = desk == Desk::Session(OWN);
    let own = course.own.as_ref().filter(|_| !at_own);
    let own = own.map(|title| local_text(lang, title));
    html! {
        <nav class="stepper" aria-label={tr(lang, "bar.sessions")}>
            <ol>
                for number in 1..=SESSIONS {
                    { step(number) }
                }
                if at_own {
                    <li>
                        <a class="step step-here" href={Route::Desk(desk).hash()} aria-current="page">
                            <Icon name={IconName::Book} size={14} />
                            <span class="step-title">{ tr(lang, "lesson.own") }</span>
                        </a>
                    </li>
                }
                if let Some(title) = own {
                    <li>
                        <a class="step" href={Route::Desk(Desk::Session(OWN)).hash()} title={title.clone()} aria-label={title}>
                            <Icon name={IconName::Book} size={14} />
                        </a>
                    </li>
                }
            </ol>
            <a class={classes!("btn", "btn-quiet", "step-free", free.then_some("step-free-here"))}
                href={Route::Desk(Desk::Free).hash()} aria-current={free.then_some("page")}
                title={tr(lang, "bar.free")}>
                <Icon name={IconName::Pencil} size={16} />
                <span>{ tr(lang, "bar.free_short") }</span>
            </a>
        </nav>
    }
}
