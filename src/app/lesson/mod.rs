//! The lesson: text, tasks, hints.

use yew::prelude::*;

/// The panel on the left.
#[component]
pub fn LessonPanel() -> Html {
    html! { <div class="lesson" /> }
}
