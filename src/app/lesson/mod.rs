//! The lesson: text, tasks, hints.

pub mod data;

use yew::prelude::*;

/// The panel on the left.
#[component]
pub fn LessonPanel() -> Html {
    html! { <div class="lesson" /> }
}
