//! The charts of a run.

use yew::prelude::*;

/// The charts.
#[component]
pub fn ChartsPanel() -> Html {
    html! { <div class="charts" /> }
}
