//! Tells the editor which part of the canvas the inspector covers, and keeps what is selected in sight.

use archplay_editor::{SelectState, Tool};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::app::session::{use_dispatch, use_interaction, use_selection};

/// Below this width of the page the inspector is a sheet at the bottom.
const SHEET_BELOW: f64 = 1024.0;

fn page_width() -> f64 {
    let width = gloo::utils::window().inner_width();
    width
        .ok()
        .and_then(|width| width.as_f64())
        .unwrap_or(SHEET_BELOW)
}

/// Stands in the inspector for as long as it is shown; shows nothing itself.
#[component]
pub fn Cover() -> Html {
    let dispatch = use_dispatch();
    let selection = use_selection();
    let interaction = use_interaction();
    let node = use_node_ref();
    use_effect_with((), {
        let (node, dispatch) = (node.clone(), dispatch.clone());
        move |()| {
            let panel = node
                .cast::<HtmlElement>()
                .and_then(|node| node.parent_element());
            let width = panel.map_or(0.0, |panel| f64::from(panel.client_width()));
            if page_width() >= SHEET_BELOW {
                dispatch.update(|editor| editor.set_covered(width));
            }
            move || dispatch.update(|editor| editor.set_covered(0.0))
        }
    });
    // Not while the pointer is down: the drawing must not move away from under it.
    let idle = interaction.tool == Tool::Select(SelectState::Idle);
    use_effect_with((selection, idle), move |(_, idle)| {
        if *idle {
            dispatch.update(|editor| editor.uncover_selection());
        }
    });
    html! { <span ref={node} hidden=true /> }
}
