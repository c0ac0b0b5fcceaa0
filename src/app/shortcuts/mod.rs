//! Keys of the whole page

use yew::prelude::*;

///  key sheet and command list.:Listens to keys; shows the key sheet and the command list.
#[component]
pub fn Shortcuts() -> Html {
    Html::default()
}
