//! Beside the charts: single requests with where their time went, and the log of what happened.
//!
//! Must not live here: which requests are kept (the engine's), charts.

mod filter;
mod list;
mod log;
pub mod waterfall;

pub use list::TracesPanel;
pub use log::EventLog;

use archplay_editor::Selection;
use archplay_model::Id;
use yew::prelude::*;

use crate::app::session::use_dispatch;

/// Returns what selects a component on the canvas and brings it into view. The focus stays where it is.
#[hook]
pub fn use_go_to() -> Callback<Id> {
    let dispatch = use_dispatch();
    use_callback(dispatch, |id: Id, dispatch| {
        if dispatch.design().get(&id).is_some() {
            dispatch.update(|editor| {
                editor.select(Selection::component(id));
                editor.show_selection();
            });
        }
    })
}
