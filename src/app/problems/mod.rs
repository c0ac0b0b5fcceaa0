//! What the checker found.

use yew::prelude::*;

/// The chip with the number of problems; opens the list.
#[component]
pub fn ProblemsChip() -> Html {
    html! { <div class="problems" /> }
}
