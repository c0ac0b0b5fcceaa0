//! The layer of cards.

use yew::prelude::*;

use crate::app::session::{use_live_document, use_selection};
use crate::app::shell::use_zones;

use super::card::Card;

/// All cards, by id.
#[component]
pub fn Cards() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let aws = use_zones().layout.aws_captions;
    html! {
        for component in document.design.components.values().filter(|c| !c.kind.is_group()) {
            <Card key={component.id.as_str()} component={component.clone()} {aws}
                selected={selection.components.contains(&component.id)} />
        }
    }
}
