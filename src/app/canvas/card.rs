//! A component's card: what does not change while a run goes on.

use super::{CARD_H, CARD_W};
use archplay_model::{Component, Id};
use yew::prelude::*;

use crate::app::icons::IconName;
use crate::app::lang::use_lang;

use super::names::{display_name, size_line};
use super::text;

/// Room for the name beside the icon.
pub const NAME_ROOM: f64 = 82.0;
/// The name's size.
pub const NAME_PX: f64 = 13.0;

/// One card. Its texts are looked up only when something of this changes, not with every step of a drag.
#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// Whose.
    pub component: Component,
    /// Whether the AWS name is wanted.
    pub aws: bool,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether it only stands in a picture: then it is not the element of its component.
    #[prop_or_default]
    pub still: bool,
}

/// The id of a component's element, for `aria-activedescendant`.
pub fn element_id(id: &Id) -> String {
    format!("c-{id}")
}

/// Draws a card.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let lang = use_lang();
    let component = &props.component;
    let full_name = display_name(component, lang);
    let full_line = size_line(component, lang);
    let caption = component.kind.aws_name().filter(|_| props.aws);
    let (name, _) = text::fit(&full_name, NAME_ROOM, NAME_PX);
    let (line, _) = text::fit(&full_line, 112.0, 12.0);
    let class = classes!("card", props.selected.then_some("selected"));
    html! {
        <g {class} id={(!props.still).then(|| element_id(&component.id))} role="img" aria-label={format!("{full_name} {full_line}")}
            transform={format!("translate({} {})", component.x, component.y)}>
            <rect class="card-box" width={CARD_W.to_string()} height={CARD_H.to_string()} rx="8" />
            <path class="card-icon" transform="translate(9 7) scale(1.1666)" d={IconName::of(component.kind).path()} />
            <text class="card-name" x="45" y="26">{ name }</text>
            <text class="card-line" x="10" y="50">{ line }</text>
            if let Some(caption) = caption {
                <text class="card-caption" x="66" y="79">{ caption }</text>
            }
        </g>
    }
}
