//! The run strip: play, time line, verdict.

use yew::prelude::*;

/// The strip under the canvas.
#[component]
pub fn RunStrip() -> Html {
    html! { <div class="strip" /> }
}
