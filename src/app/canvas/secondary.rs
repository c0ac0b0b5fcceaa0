//! The secondary button and the menu key: they select, and lead to what can be done with it by hand.

use archplay_editor::{Hit, Selection};
use gloo::timers::callback::Timeout;

use crate::app::inspector::focus_by_hand;
use crate::app::session::Dispatch;

/// The panel comes with the next drawing of the page.
const PANEL_MS: u32 = 30;

/// Selects what was hit, `None` for what is selected already. Says whether there was anything: else the menu
/// is the browser's.
pub fn press(dispatch: &Dispatch, hit: Option<&Hit>) -> bool {
    let selection = match hit {
        None => None,
        Some(Hit::Link(link)) => Some(Selection::link(link.clone())),
        Some(hit) => match hit.component() {
            Some(id) => Some(Selection::component(id.clone())),
            None => return false,
        },
    };
    match selection {
        Some(selection) => dispatch.update(|editor| editor.select(selection)),
        None if dispatch.read(|editor| editor.selection().is_empty()) => return false,
        None => {}
    }
    Timeout::new(PANEL_MS, || {
        // While nothing runs there is nothing to break; the inspector is open all the same.
        focus_by_hand();
    })
    .forget();
    true
}
