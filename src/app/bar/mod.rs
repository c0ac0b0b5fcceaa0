//! The top bar.

use yew::prelude::*;

/// The bar.
#[component]
pub fn Bar() -> Html {
    html! { <div class="bar" /> }
}
