//! The layer of cards.

use yew::prelude::*;

use crate::app::lang::use_lang;
use crate::app::session::{use_live_document, use_selection};
use crate::app::shell::use_zones;

use super::card::Card;
use super::names::{display_name, size_line};

/// All cards, by id.
#[component]
pub fn Cards() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let lang = use_lang();
    let aws = use_zones().layout.aws_captions;
    html! {
        for component in document.design.components.values().filter(|c| !c.kind.is_group()) {
            <Card key={component.id.as_str()} id={component.id.clone()} kind={component.kind}
                x={component.x} y={component.y}
                name={display_name(component, lang)} line={size_line(component, lang)}
                caption={component.kind.aws_name().filter(|_| aws).unwrap_or_default()}
                selected={selection.components.contains(&component.id)} />
        }
    }
}
