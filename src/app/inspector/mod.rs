//! The inspector: parameters of what is selected.

use yew::prelude::*;

/// The inspector of the selection; nothing while nothing is selected.
#[component]
pub fn Inspector() -> Html {
    html! { <div class="inspector" /> }
}
