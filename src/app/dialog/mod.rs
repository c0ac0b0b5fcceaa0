//! Dialogs.

use yew::prelude::*;

/// Shows the dialog that is open.
#[component]
pub fn DialogHost() -> Html {
    Html::default()
}
