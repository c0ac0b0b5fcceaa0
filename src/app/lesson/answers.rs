//! Prepared designs: what if one did this, and the model answers. Fetched only when asked for.

use archplay_course::bundle::{AnswersBundle, TaskAnswers};
use archplay_course::class::Gate;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::data::{Remote, TaskRef, fetch_answers};
use super::panel::local_text;
use crate::app::class::{Locked, use_gate};
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::drawings::{replace, take_back};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::OWN;
use crate::app::session::use_dispatch;

/// Whose answers.
#[derive(Properties, PartialEq)]
pub struct AnswersProps {
    /// The task.
    pub task: TaskRef,
}

/// Designs that look right and fail.
#[component]
pub fn WhatIf(props: &AnswersProps) -> Html {
    html! { <Answers task={props.task.clone()} wrong={true} /> }
}

/// Designs that pass, with the sentence that they are a reconstruction.
#[component]
pub fn ModelAnswers(props: &AnswersProps) -> Html {
    html! { <Answers task={props.task.clone()} wrong={false} /> }
}

#[derive(Properties, PartialEq)]
struct FoldProps {
    task: TaskRef,
    wrong: bool,
}

/// One design as it is listed.
#[derive(Clone, PartialEq)]
struct Prepared {
    name: String,
    about: String,
    design: String,
}

#[component]
fn Answers(props: &FoldProps) -> Html {
    let lang = use_lang();
    let open = use_state_eq(|| false);
    let bundle = use_state_eq(|| None::<Remote<AnswersBundle>>);
    let fetch = {
        let (bundle, lesson) = (bundle.clone(), props.task.lesson.clone());
        Callback::from(move |()| {
            bundle.set(Some(Remote::Loading));
            let (bundle, lesson) = (bundle.clone(), lesson.clone());
            spawn_local(async move {
                bundle.set(Some(match fetch_answers(&lesson).await {
                    Ok(answers) => Remote::Ready(answers),
                    Err(error) => Remote::Failed(error),
                }));
            });
        })
    };
    let toggle = {
        let (open, bundle, fetch) = (open.clone(), bundle.clone(), fetch.clone());
        Callback::from(move |_: MouseEvent| {
            if !*open && bundle.is_none() {
                fetch.emit(());
            }
            open.set(!*open);
        })
    };
    let section = if props.wrong { "what_if" } else { "answers" };
    let session = u8::try_from(props.task.lesson.session).unwrap_or(OWN);
    let gate = use_gate(session);
    let content = match &*bundle {
        _ if !props.wrong && gate != Gate::Open => match gate {
            Gate::Closed(opens_ms) => html! { <Locked {session} {opens_ms} name="answers" /> },
            Gate::Open => Html::default(),
        },
        None | Some(Remote::Loading) => {
            html! { <p class="quiet" role="status">{ tr(lang, "lesson.loading") }</p> }
        }
        Some(Remote::Failed(error)) => html! {
            <div class="notice notice-bad" role="alert">
                <Icon name={IconName::Alert} size={18} />
                <p>{ trf(lang, &format!("fetch.{}", error.slug()), &[("detail", &error.detail())]) }</p>
                <button type="button" class="btn" onclick={fetch.reform(|_| ())}>{ tr(lang, "lesson.retry") }</button>
            </div>
        },
        Some(Remote::Ready(answers)) => {
            let mine = answers.tasks.iter().find(|t| t.task == props.task.task.id);
            let list = mine
                .map(|mine| prepared(mine, props.wrong, lang))
                .unwrap_or_default();
            html! {
                if list.is_empty() {
                    <p class="quiet">{ tr(lang, "answers.none") }</p>
                } else {
                    <ul class="prepared">
                        for (i, item) in list.into_iter().enumerate() {
                            <PreparedRow key={i} task={props.task.clone()} {item} wrong={props.wrong} />
                        }
                    </ul>
                }
            }
        }
    };
    html! {
        <section class="fold">
            <button type="button" class="fold-head" aria-expanded={open.to_string()} onclick={toggle}>
                <Icon name={if *open { IconName::ChevronDown } else { IconName::ChevronRight }} size={16} />
                { tr(lang, &format!("{section}.title")) }
            </button>
            if *open {
                <p class="quiet">
                    { tr(lang, if props.wrong { "what_if.about" } else { "verdict.reconstruction" }) }
                </p>
                { content }
            }
        </section>
    }
}

fn prepared(answers: &TaskAnswers, wrong: bool, lang: archplay_text::Lang) -> Vec<Prepared> {
    if wrong {
        let list = answers.wrongs.iter().map(|wrong| Prepared {
            name: local_text(lang, &wrong.about.name),
            about: local_text(lang, &wrong.about.why),
            design: wrong.design.clone(),
        });
        return list.collect();
    }
    let list = answers.references.iter().map(|reference| Prepared {
        name: local_text(lang, &reference.about.name),
        about: local_text(lang, &reference.about.about),
        design: reference.design.clone(),
    });
    list.collect()
}

#[derive(Properties, PartialEq)]
struct PreparedRowProps {
    task: TaskRef,
    item: Prepared,
    wrong: bool,
}

#[component]
fn PreparedRow(props: &PreparedRowProps) -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let toasts = use_toasts();
    let why = use_state_eq(|| false);
    let item = &props.item;
    let open = {
        let (item, task) = (item.clone(), props.task.clone());
        Callback::from(move |_: MouseEvent| {
            let replaced = task.prepared(lang, &item.design).and_then(|mut design| {
                // The drawing stays the person's own, by its name.
                design.name.clone_from(&dispatch.design().name);
                replace(&dispatch, design).ok()
            });
            let args = [("name", item.name.as_str())];
            let toast = match replaced {
                Some(replaced) => {
                    let dispatch = dispatch.clone();
                    let back = Callback::from(move |()| take_back(&dispatch, &replaced));
                    Toast::done(say_with("answers.opened", &args))
                        .with_action(say("bar.undo"), back)
                }
                None => Toast::bad(say_with("answers.broken", &args)),
            };
            toasts.emit(toast);
        })
    };
    let toggle = {
        let why = why.clone();
        Callback::from(move |_: MouseEvent| why.set(!*why))
    };
    html! {
        <li>
            <div class="prepared-head">
                <strong>{ item.name.clone() }</strong>
                <button type="button" class="btn" onclick={open}>{ tr(lang, "answers.open") }</button>
            </div>
            if props.wrong && !*why {
                <button type="button" class="link-btn" aria-expanded="false" onclick={toggle}>
                    { tr(lang, "what_if.why") }
                </button>
            } else {
                <p>{ item.about.clone() }</p>
            }
        </li>
    }
}
