//! Live figures on cards and groups: what each is doing at the moment that is shown.

use std::collections::BTreeMap;

use archplay_model::{Component, Design, Id};
use yew::prelude::*;

use crate::app::icons::IconName;
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{Live, live_all, use_run};
use crate::app::session::{use_live_document, use_seen};
use crate::app::shell::use_zones;

use super::cards::boxes;
use super::figure::{Condition, Figure};
use super::text;
use super::{CARD_H, CARD_W};

/// The figures of all components that a run knows.
#[component]
pub fn LiveCards() -> Html {
    let document = use_live_document();
    let run = use_run();
    let lang = use_lang();
    let aws = use_zones().layout.aws_captions;
    let seen = use_seen();
    if run.shown_row().is_none() {
        return Html::default();
    }
    let all = live_all(&run).components;
    let design = &document.design;
    let figures: Vec<(&Component, Figure)> = design
        .components
        .values()
        .filter(|c| !c.kind.is_group() && seen.shows(&c.rect()))
        .filter_map(|c| Some((c, Figure::of(c, all.get(&c.id)?, lang))))
        .collect();
    let any_down = all.values().any(|live| live.down);
    let down = |c: &&Component| any_down && seen.shows(&c.rect()) && is_down(design, &all, c);
    if seen.is_far() {
        return far(&figures);
    }
    html! {
        <>
        for group in design.components.values().filter(down) {
            <DownGroup key={group.id.as_str()} x={group.x} y={group.y} w={group.w} h={group.h} />
        }
        for (component, figure) in figures {
            <LiveCard key={component.id.as_str()} x={component.x} y={component.y} {figure} {aws} />
        }
        </>
    }
}

/// Far away: the frames of those that have something to tell, one shape for each state.
fn far(figures: &[(&Component, Figure)]) -> Html {
    let frames = |condition: Condition| {
        let of = figures.iter().filter(|(_, f)| f.condition == condition);
        boxes(of.map(|(component, _)| *component))
    };
    html! {
        for condition in [Condition::Tight, Condition::Failing, Condition::Down] {
            <g key={condition.class()} class={classes!("live-card", condition.class())}>
                <path class="live-frame" d={frames(condition)} />
            </g>
        }
    }
}

/// Whether a group was killed, or everything in it.
fn is_down(design: &Design, all: &BTreeMap<Id, Live>, group: &Component) -> bool {
    if !group.kind.is_group() {
        return false;
    }
    let down = |id: &Id| all.get(id).is_some_and(|live| live.down);
    let mut cards = design
        .descendants(&group.id)
        .into_iter()
        .filter(|c| !c.kind.is_group())
        .peekable();
    down(&group.id) || (cards.peek().is_some() && cards.all(|card| down(&card.id)))
}

#[derive(Properties, PartialEq)]
struct LiveCardProps {
    x: f64,
    y: f64,
    figure: Figure,
    /// Whether the card carries its AWS name, which stands where failures would.
    aws: bool,
}

#[component]
fn LiveCard(props: &LiveCardProps) -> Html {
    let lang = use_lang();
    let figure = &props.figure;
    let share = f64::from(figure.fill.unwrap_or(0)) / 1000.0;
    let (main, _) = text::fit(&figure.main, 112.0, 12.0);
    let side_room = 108.0 - text::width(&main, 12.0);
    let side = if text::width(&figure.side, 12.0) <= side_room {
        figure.side.clone()
    } else {
        AttrValue::default()
    };
    let mut badges: Vec<(&'static str, String)> = Vec::new();
    if figure.condition == Condition::Down {
        badges.push(("badge-down", tr(lang, "canvas.live.down").to_string()));
    } else {
        if figure.booting > 0 {
            let n = figure.booting.to_string();
            badges.push((
                "badge-boot",
                trf(lang, "canvas.live.booting", &[("n", &n)]).to_string(),
            ));
        }
        if let Some(n) = figure.instances.filter(|n| *n != 1) {
            badges.push(("badge-count", format!("×{n}")));
        }
    }
    html! {
        <g class={classes!("live-card", figure.condition.class())}
            transform={format!("translate({} {})", props.x, props.y)}>
            <rect class="live-frame" width={CARD_W.to_string()} height={CARD_H.to_string()} rx="8" />
            <text class="live-main" x="10" y="49">{ main }</text>
            <text class="live-side" x="122" y="49">{ side }</text>
            if figure.fill.is_some() {
                <rect class="live-track" x="10" y="55" width="112" height="4" rx="2" />
                <rect class="live-fill" x="10" y="55" width={(112.0 * share).to_string()} height="4" rx="2"
                    style={format!("--u:{share:.2}")} />
            }
            { badge_row(&badges) }
            if !figure.failures.is_empty() {
                { failure_badge(&figure.failures, if props.aws { 86.0 } else { 71.0 }) }
            }
        </g>
    }
}

/// Badges on the card's upper edge, from the right.
fn badge_row(badges: &[(&'static str, String)]) -> Html {
    let mut right = CARD_W + 4.0;
    html! {
        for (class, label) in badges.iter().rev() {
            { {
                let width = text::width(label, 12.0) + 14.0;
                right -= width + 4.0;
                html! {
                    <g class={classes!("badge", *class)} transform={format!("translate({} -10)", right + 4.0)}>
                        <rect width={width.to_string()} height="20" rx="10" />
                        <text x={(width / 2.0).to_string()} y="14">{ label }</text>
                    </g>
                }
            } }
        }
    }
}

/// Failures a second, under the card.
fn failure_badge(label: &str, top: f64) -> Html {
    let width = text::width(label, 12.0) + 32.0;
    html! {
        <g class="badge badge-fail" transform={format!("translate({} {top})", (CARD_W - width) / 2.0)}>
            <rect width={width.to_string()} height="20" rx="10" />
            <path transform="translate(6 3) scale(.58)" d={IconName::Warning.path()} />
            <text x={(width / 2.0 + 8.0).to_string()} y="14">{ label.to_owned() }</text>
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct DownGroupProps {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

#[component]
fn DownGroup(props: &DownGroupProps) -> Html {
    let lang = use_lang();
    let label = tr(lang, "canvas.live.down");
    let width = text::width(&label, 12.0) + 14.0;
    html! {
        <g class="live-group down" transform={format!("translate({} {})", props.x, props.y)}>
            <rect class="live-frame" width={props.w.to_string()} height={props.h.to_string()} rx="10" />
            <g class="badge badge-down" transform={format!("translate({} -10)", props.w - width)}>
                <rect width={width.to_string()} height="20" rx="10" />
                <text x={(width / 2.0).to_string()} y="14">{ label }</text>
            </g>
        </g>
    }
}
