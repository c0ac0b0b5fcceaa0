//! Where the focus is, and so which keys are whose.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::app::palette::drag::canvas;

fn active() -> Option<Element> {
    gloo::utils::document().active_element()
}

/// Whether the canvas has the focus, or nothing has.
pub fn at_canvas() -> bool {
    let Some(active) = active() else { return true };
    active.tag_name() == "BODY" || canvas().is_some_and(|canvas| **canvas == *active)
}

/// Whether a text is being typed.
pub fn in_text() -> bool {
    let Some(active) = active() else { return false };
    let editable = active
        .dyn_ref::<HtmlElement>()
        .is_some_and(HtmlElement::is_content_editable);
    editable || matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// Whether a dialog is open, which then has all keys.
pub fn in_dialog() -> bool {
    let open = gloo::utils::document().query_selector("dialog[open]");
    open.ok().flatten().is_some()
}
