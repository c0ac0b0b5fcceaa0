//! Shows the dialogs that the address opens.

use yew::prelude::*;

/// The dialog that is open, if any.
#[component]
pub fn DialogHost() -> Html {
    Html::default()
}
