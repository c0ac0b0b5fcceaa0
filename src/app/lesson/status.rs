//! What is shown in place of a lesson that is not here.

use yew::prelude::*;

use super::data::FetchError;
use super::panel::first_session;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// Why, and what to do.
#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// What went wrong; nothing while it is under way.
    pub error: Option<FetchError>,
    /// Tries again.
    pub retry: Callback<()>,
}

/// Loading, or what went wrong with a way on.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let lang = use_lang();
    let Some(error) = &props.error else {
        return html! {
            <div class="lesson-wait" role="status">
                <span class="visually-hidden">{ tr(lang, "lesson.loading") }</span>
                <i /><i /><i /><i /><i />
            </div>
        };
    };
    let text = trf(
        lang,
        &format!("fetch.{}", error.slug()),
        &[("detail", &error.detail())],
    );
    if matches!(error, FetchError::NotYet | FetchError::NoOwn) {
        return html! {
            <div class="lesson-error">
                <Icon name={IconName::Clock} size={28} />
                <p>{ text }</p>
                <a class="btn" href={first_session()}>{ tr(lang, "lesson.to_first") }</a>
            </div>
        };
    }
    html! {
        <div class="lesson-error" role="alert">
            <Icon name={IconName::Warning} size={28} />
            <p>{ text }</p>
            <button type="button" class="btn" onclick={props.retry.reform(|_| ())}>
                { tr(lang, "lesson.retry") }
            </button>
        </div>
    }
}
