//! The layer of interaction: ports, targets, the link being drawn, marquee, guides, handles, ghosts.

use archplay_editor::{ConnectMode, Connecting, Handle, Hit, Point, SelectState, Side, Tool};
use archplay_model::{Component, Design, Id, Rect};
use yew::prelude::*;

use crate::app::icons::IconName;
use crate::app::session::{
    Interaction, use_camera, use_interaction, use_live_document, use_selection,
};

use super::{CARD_H, CARD_W};

/// What is drawn over the drawing while hands are at work.
#[component]
pub fn OverlayMarks() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let interaction = use_interaction();
    let pixel = 1.0 / use_camera().zoom;
    let design = &document.design;
    let idle = matches!(interaction.tool, Tool::Select(SelectState::Idle));
    let handles = selection
        .single()
        .and_then(|id| design.get(id))
        .filter(|c| idle && c.kind.is_group());
    html! {
        <>
            if let Tool::Connect(connecting) = &interaction.tool {
                { targets(design, connecting, pixel) }
            }
            for guide in &interaction.overlay.guides {
                <line class="guide" x1={guide.from.x.to_string()} y1={guide.from.y.to_string()}
                    x2={guide.to.x.to_string()} y2={guide.to.y.to_string()} />
            }
            if let Some(rect) = interaction.overlay.marquee {
                { rectangle("marquee", rect, 0.0) }
            }
            if let Some((kind, rect)) = interaction.overlay.ghost {
                <g class="ghost">
                    { rectangle("ghost-box", rect, 8.0) }
                    <path class="ghost-icon" d={IconName::of(kind).path()}
                        transform={format!("translate({} {}) scale(1.1666)", rect.x + rect.w / 2.0 - 14.0, rect.y + rect.h / 2.0 - 14.0)} />
                </g>
            }
            if let Some((from, to, fine)) = interaction.overlay.connect {
                { connect_line(from, to, fine, pixel) }
            }
            if let Some(group) = handles {
                for handle in Handle::ALL {
                    { handle_mark(handle.place(group.rect()), pixel) }
                }
            }
            if idle {
                { ports(design, &interaction, selection.single(), pixel) }
            }
        </>
    }
}

fn rectangle(class: &'static str, rect: Rect, radius: f64) -> Html {
    html! {
        <rect {class} x={rect.x.to_string()} y={rect.y.to_string()} width={rect.w.to_string()}
            height={rect.h.to_string()} rx={radius.to_string()} />
    }
}

/// Four ports at the card under the pointer and at the selected one.
fn ports(design: &Design, interaction: &Interaction, selected: Option<&Id>, pixel: f64) -> Html {
    let hot = match &interaction.hover {
        Some(Hit::Port { id, side }) => Some((id, *side)),
        _ => None,
    };
    let hovered = match &interaction.hover {
        Some(Hit::Card(id) | Hit::Port { id, .. }) => Some(id),
        _ => None,
    };
    let mut ids: Vec<&Id> = hovered.into_iter().chain(selected).collect();
    ids.dedup();
    let cards: Vec<&Component> = ids
        .into_iter()
        .filter_map(|id| design.get(id))
        .filter(|c| !c.kind.is_group())
        .collect();
    html! {
        for card in cards {
            for side in Side::ALL {
                { port(side.port(card.rect()), hot == Some((&card.id, side)), pixel) }
            }
        }
    }
}

fn port(at: Point, hot: bool, pixel: f64) -> Html {
    let radius = if hot { 7.0 } else { 4.5 } * pixel.min(1.6);
    html! {
        <circle class={classes!("port", hot.then_some("hot"))} cx={at.x.to_string()} cy={at.y.to_string()}
            r={radius.to_string()} />
    }
}

fn handle_mark(at: Point, pixel: f64) -> Html {
    let side = 8.0 * pixel;
    html! {
        <rect class="handle" x={(at.x - side / 2.0).to_string()} y={(at.y - side / 2.0).to_string()}
            width={side.to_string()} height={side.to_string()} rx={(1.5 * pixel).to_string()} />
    }
}

/// Rings around the cards that a link could go to; a veil over those that it could not.
fn targets(design: &Design, connecting: &Connecting, pixel: f64) -> Html {
    html! {
        <>
        for (card, candidate) in connecting.candidates.iter().filter_map(|c| Some((design.get(&c.id)?, c))) {
            <rect key={card.id.as_str()}
                class={classes!(
                    "target",
                    if candidate.refusal.is_none() { "target-yes" } else { "target-no" },
                    (connecting.target.as_ref() == Some(&card.id)).then_some("chosen"),
                )}
                x={(card.x - 4.0).to_string()} y={(card.y - 4.0).to_string()}
                width={(CARD_W + 8.0).to_string()} height={(CARD_H + 8.0).to_string()} rx="11"
                stroke-width={(2.0 * pixel.max(1.0)).to_string()} />
        }
        if connecting.mode == ConnectMode::Keyboard {
            if let Some(from) = design.get(&connecting.from) {
                <rect class="target target-from" x={(from.x - 4.0).to_string()} y={(from.y - 4.0).to_string()}
                    width={(CARD_W + 8.0).to_string()} height={(CARD_H + 8.0).to_string()} rx="11" />
            }
        }
        </>
    }
}

fn connect_line(from: Point, to: Point, fine: Option<bool>, pixel: f64) -> Html {
    let class = classes!(
        "connect",
        match fine {
            Some(true) => "yes",
            Some(false) => "no",
            None => "open",
        }
    );
    let reach = (to.x - from.x).abs().max((to.y - from.y).abs()) * 0.35;
    let level = (to.x - from.x).abs() >= (to.y - from.y).abs();
    let (c1, c2) = if level {
        let sign = (to.x - from.x).signum();
        ((from.x + reach * sign, from.y), (to.x - reach * sign, to.y))
    } else {
        let sign = (to.y - from.y).signum();
        ((from.x, from.y + reach * sign), (to.x, to.y - reach * sign))
    };
    let d = format!(
        "M{} {}C{} {} {} {} {} {}",
        from.x, from.y, c1.0, c1.1, c2.0, c2.1, to.x, to.y
    );
    html! {
        <g {class}>
            <path {d} />
            <circle cx={to.x.to_string()} cy={to.y.to_string()} r={(5.0 * pixel).to_string()} />
        </g>
    }
}
