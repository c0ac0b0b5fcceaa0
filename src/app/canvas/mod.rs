//! The canvas: the drawing, live figures on it, and the hands that change it.

use yew::prelude::*;

/// The canvas.
#[component]
pub fn Canvas() -> Html {
    html! { <div class="canvas" id="canvas" /> }
}
