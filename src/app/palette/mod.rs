//! The palette: kinds to put on the canvas.

use yew::prelude::*;

/// The rail with the kinds.
#[component]
pub fn Rail() -> Html {
    html! { <div class="rail" /> }
}
