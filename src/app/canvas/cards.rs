//! The layer of cards.

use std::fmt::Write;

use archplay_model::Component;
use yew::prelude::*;

use crate::app::session::{use_live_document, use_seen, use_selection};
use crate::app::shell::use_zones;

use super::card::Card;
use super::{CARD_H, CARD_W};

/// All cards that are drawn, by id. Far away they are one shape; the selected one is a card wherever it is, since it
/// is the element that the canvas names as active.
#[component]
pub fn Cards() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let seen = use_seen();
    let aws = use_zones().layout.aws_captions;
    let single = selection.single();
    let shown = |component: &&Component| {
        single == Some(&component.id) || (!seen.is_far() && seen.shows(&component.rect()))
    };
    let cards = || {
        let all = document.design.components.values();
        all.filter(|component| !component.kind.is_group())
    };
    let near = cards().filter(shown).map(|component| {
        html! {
            <Card key={component.id.as_str()} component={component.clone()} {aws}
                selected={selection.components.contains(&component.id)} />
        }
    });
    // A list of its own, in which each has its key.
    let near: Html = near.collect();
    if !seen.is_far() {
        return near;
    }
    html! {
        <>
            <g class="card"><path class="card-box" d={boxes(cards().filter(|c| seen.shows(&c.rect())))} /></g>
            { near }
        </>
    }
}

/// Cards as one shape: path data.
pub fn boxes<'a>(cards: impl Iterator<Item = &'a Component>) -> String {
    let mut out = String::new();
    for card in cards {
        // Writing into a text cannot fail.
        let _ = write!(out, "M{} {}h{CARD_W}v{CARD_H}h-{CARD_W}z", card.x, card.y);
    }
    out
}
