//! A component's card: what does not change while a run goes on.

use super::{CARD_H, CARD_W};
use archplay_model::{Id, Kind};
use yew::prelude::*;

use crate::app::icons::IconName;

use super::text;

/// Room for the name beside the icon.
pub const NAME_ROOM: f64 = 82.0;
/// The name's size.
pub const NAME_PX: f64 = 13.0;

/// One card.
#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// Whose.
    pub id: Id,
    /// Of which kind.
    pub kind: Kind,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// The name shown.
    pub name: AttrValue,
    /// The line under it while nothing runs.
    pub line: AttrValue,
    /// The AWS name, when it is wanted.
    #[prop_or_default]
    pub caption: AttrValue,
    /// Whether it is selected.
    #[prop_or_default]
    pub selected: bool,
    /// Whether the checker has an error for it.
    #[prop_or_default]
    pub problem: bool,
}

/// The id of a component's element, for `aria-activedescendant`.
pub fn element_id(id: &Id) -> String {
    format!("c-{id}")
}

/// Draws a card.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let (name, _) = text::fit(&props.name, NAME_ROOM, NAME_PX);
    let (line, _) = text::fit(&props.line, 112.0, 12.0);
    let class = classes!(
        "card",
        props.selected.then_some("selected"),
        props.problem.then_some("problem"),
    );
    html! {
        <g {class} id={element_id(&props.id)} role="img" aria-label={format!("{} {}", props.name, props.line)}
            transform={format!("translate({} {})", props.x, props.y)}>
            <rect class="card-box" width={CARD_W.to_string()} height={CARD_H.to_string()} rx="8" />
            <path class="card-icon" transform="translate(9 7) scale(1.1666)" d={IconName::of(props.kind).path()} />
            <text class="card-name" x="45" y="26">{ name }</text>
            <text class="card-line" x="10" y="50">{ line }</text>
            if !props.caption.is_empty() {
                <text class="card-caption" x="66" y="79">{ props.caption.clone() }</text>
            }
        </g>
    }
}
