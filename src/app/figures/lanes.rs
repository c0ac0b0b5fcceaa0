//! What happens when, in lanes.

use archplay_figure::{Lanes, Span, Tone};
use yew::prelude::*;

use super::WIDTH;
use super::lines::time;
use crate::app::lang::{tr, use_lang};

const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const INNER: f64 = WIDTH - LEFT - RIGHT;
const NAME: f64 = 20.0;
const LANE: f64 = 22.0;
const BELOW: f64 = 38.0;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct LanesProps {
    /// Whose texts.
    pub slug: &'static str,
    /// The lanes.
    pub lanes: Lanes,
    /// What is read out in its place.
    pub label: AttrValue,
}

/// Top and height of what lasts, within a lane: what is meant differs in height too, not in colour alone.
const fn room(tone: Tone) -> (f64, f64) {
    match tone {
        Tone::Bad => (0.0, LANE),
        Tone::Strong => (4.0, LANE - 4.0),
        Tone::Plain => (8.0, LANE - 8.0),
        Tone::Good => (15.0, LANE - 15.0),
        Tone::Empty => (2.0, LANE - 3.0),
    }
}

/// The drawing.
#[component]
pub fn LanesView(props: &LanesProps) -> Html {
    let lang = use_lang();
    let (slug, lanes) = (props.slug, &props.lanes);
    let each = NAME + LANE;
    let height = lanes.lanes.len() as f64 * each + 4.0;
    let view = format!("0 0 {WIDTH} {}", height + BELOW);
    let span = |span: &Span| {
        let (from, to) = (
            lanes.x.place(span.from) * INNER,
            lanes.x.place(span.to) * INNER,
        );
        let (top, tall) = room(span.tone);
        html! {
            <rect class={format!("fig-bar fig-{}", span.tone.slug())} x={format!("{from:.1}")}
                y={(NAME + top).to_string()} width={format!("{:.1}", (to - from).max(0.5))}
                height={tall.to_string()} />
        }
    };
    let mut legend: Vec<(&'static str, Tone)> = Vec::new();
    for span in lanes.lanes.iter().flat_map(|lane| &lane.spans) {
        if span.to > span.from && !legend.contains(&(span.slug, span.tone)) {
            legend.push((span.slug, span.tone));
        }
    }
    html! {
        <>
            <svg class="fig-svg" viewBox={view} role="img" aria-label={props.label.clone()}>
                for (i, lane) in lanes.lanes.iter().enumerate() {
                    <g key={lane.slug} transform={format!("translate({LEFT} {})", i as f64 * each)}>
                        <text class="fig-axis" x={(-LEFT).to_string()} y="12">
                            { tr(lang, &format!("figure.{slug}.lane.{}", lane.slug)) }
                        </text>
                        { for lane.spans.iter().map(span) }
                    </g>
                }
                <g transform={format!("translate({LEFT} 0)")}>
                    { time(lang, slug, &lanes.x, height, INNER) }
                </g>
            </svg>
            <ul class="fig-legend">
                for (name, tone) in legend {
                    <li key={name}>
                        <svg class="fig-swatch" viewBox={format!("0 0 26 {LANE}")} aria-hidden="true">
                            <rect class={format!("fig-bar fig-{}", tone.slug())} x="1" width="24"
                                y={room(tone).0.to_string()} height={room(tone).1.to_string()} />
                        </svg>
                        { tr(lang, &format!("figure.{slug}.span.{name}")) }
                    </li>
                }
            </ul>
        </>
    }
}
