//! The lesson's text and its sources.

use archplay_course::prose::{Address, link_address};
use yew::prelude::*;

use super::prose::{Lesson, Part, Prose, outside};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};

/// What is read.
#[derive(Properties, PartialEq)]
pub struct TextTabProps {
    /// The lesson.
    pub lesson: Lesson,
    /// Goes on to the task.
    pub to_task: Callback<()>,
}

/// The text, a way on, and where the facts come from.
#[component]
pub fn TextTab(props: &TextTabProps) -> Html {
    let lang = use_lang();
    let lesson = &props.lesson.0;
    html! {
        <>
            <Prose lesson={props.lesson.clone()} part={Part::Text} />
            if !lesson.tasks.is_empty() {
                <button type="button" class="btn btn-primary lesson-on"
                    onclick={props.to_task.reform(|_| ())}>
                    <Icon name={IconName::Flag} size={16} />
                    { tr(lang, "lesson.to_task") }
                </button>
            }
            <Sources lesson={props.lesson.clone()} />
        </>
    }
}

/// Whose sources.
#[derive(Properties, PartialEq)]
pub struct SourcesProps {
    /// The lesson.
    pub lesson: Lesson,
}

/// Where the facts come from.
#[component]
pub fn Sources(props: &SourcesProps) -> Html {
    let lang = use_lang();
    let lesson = &props.lesson.0;
    html! {
        if !lesson.sources.is_empty() {
            <section class="sources">
                <h2>{ tr(lang, "lesson.sources") }</h2>
                <ol>
                    for source in &lesson.sources {
                        <li key={source.id.clone()}>
                            { match link_address(&source.url) {
                                Some(Address::Outside(address)) => outside(&address, html! { { source.title.clone() } }),
                                _ => html! { { source.title.clone() } },
                            } }
                        </li>
                    }
                </ol>
            </section>
        }
    }
}
