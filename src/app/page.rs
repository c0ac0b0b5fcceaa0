//! What pages over the rooms share: checks, tools for a class, a session's text alone.
//!
//! Must not live here: what such a page shows.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::route::{Route, use_route};

/// Returns the place of a page's title, which has the focus when the page opens and whenever `about` changes, so that it
/// is read out.
#[hook]
pub fn use_title<T: PartialEq + 'static>(about: T) -> NodeRef {
    let title = use_node_ref();
    use_effect_with(about, {
        let title = title.clone();
        move |_| {
            if let Some(title) = title.cast::<HtmlElement>() {
                // Without focus the page can still be used.
                let _ = title.focus();
            }
        }
    });
    title
}

/// The way back to what was open before.
#[component]
pub fn Back() -> Html {
    let lang = use_lang();
    let desk = use_route().desk;
    html! {
        <a class="btn" href={Route::Desk(desk).hash()}>
            <Icon name={IconName::ChevronLeft} size={16} />
            { tr(lang, "checks.back") }
        </a>
    }
}

/// Prints the page.
#[component]
pub fn Print() -> Html {
    let lang = use_lang();
    let onclick = |_: MouseEvent| {
        // A browser that cannot print leaves the page as it is.
        let _ = gloo::utils::window().print();
    };
    html! { <button type="button" class="btn" {onclick}>{ tr(lang, "checks.print") }</button> }
}
