//! Files

use yew::prelude::*;

///  import, export, drop.:Takes files dropped anywhere on the page.
#[component]
pub fn DropTarget() -> Html {
    Html::default()
}
