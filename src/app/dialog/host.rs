//! Shows the dialogs that the address opens.

use yew::prelude::*;

use crate::app::drawings::DrawingsDialog;
use crate::app::route::use_route;
use crate::app::scenario_editor::ScenarioDialog;

/// The dialog that is open, if any.
#[component]
pub fn DialogHost() -> Html {
    let route = use_route();
    html! {
        <>
            if route.drawings {
                <DrawingsDialog />
            }
            if route.scenario {
                <ScenarioDialog />
            }
        </>
    }
}
