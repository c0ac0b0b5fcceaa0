//! An audience's rate over time as a curve to be drawn: the picture.
//!
//! Must not live here: what pointer and keys do to it (see `curve_hands`, and the editor crate's `curve`).

use archplay_editor::scenario::curve::{Frame, expected, rate_at};
use archplay_model::Scenario;
use archplay_model::scenario::{Audience, RatePoint};
use archplay_text::Lang;
use yew::prelude::*;

use super::curve_hands::{Mode, use_hands};
use crate::app::charts::format::{clock_text, figure, grouped};
use crate::app::lang::{tr, trf, use_lang};

/// The drawing's size in its own units.
pub const WIDTH: f64 = 760.0;
/// The same, upright.
pub const HEIGHT: f64 = 250.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 18.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;
/// With more points than this, only the chosen one has a handle.
const MOST_HANDLES: usize = 240;

/// Where a place of the frame, each from 0 to 1, lies in the picture.
pub fn at(x: f64, y: f64) -> (f64, f64) {
    let (w, h) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    (LEFT + x * w, TOP + (1.0 - y) * h)
}

/// The place of the frame at a spot of the picture.
pub fn from(px: f64, py: f64) -> (f64, f64) {
    let (w, h) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    ((px - LEFT) / w, 1.0 - (py - TOP) / h)
}

/// What the curve belongs to.
#[derive(Properties, PartialEq)]
pub struct CurveProps {
    /// The audience's number.
    pub audience: usize,
    /// The audience.
    pub of: Audience,
    /// The scenario's frame for this curve.
    pub frame: Frame,
    /// What is counted for the verdict, as shares of the length.
    pub focus: Option<(f64, f64)>,
    /// The chosen point.
    pub selected: usize,
    /// Chooses another.
    pub select: Callback<usize>,
}

/// The stretch that counts for the verdict, as shares of a frame's length.
pub fn focus_of(scenario: &Scenario, frame: &Frame) -> Option<(f64, f64)> {
    let share = |at| {
        let (x, _) = frame.place(RatePoint { at, per_sec: 0.0 });
        x.clamp(0.0, 1.0)
    };
    let focus = scenario.focus?;
    Some((share(focus.from), share(focus.to)))
}

/// A point as it is read out.
fn point_text(lang: Lang, point: RatePoint) -> String {
    let at = clock_text(point.at.secs());
    let rate = figure(point.per_sec);
    trf(
        lang,
        "scenario.curve.point",
        &[("at", &at), ("rate", &rate)],
    )
    .to_string()
}

/// The curve.
#[component]
pub fn Curve(props: &CurveProps) -> Html {
    let lang = use_lang();
    let mode = use_state_eq(Mode::default);
    let (frame, points) = (props.frame, &props.of.rate);
    let hands = use_hands(props, *mode);
    let spot = |point: &RatePoint| {
        let (x, y) = frame.place(*point);
        at(x, y.min(1.05))
    };
    // Before the first point and after the last the rate stays.
    let edge = |x: f64, secs: u32| at(x, rate_at(points, f64::from(secs)) / frame.top);
    let inside = |point: &&RatePoint| (frame.from..=frame.to).contains(&point.at.secs());
    let line: Vec<(f64, f64)> = std::iter::once(edge(0.0, frame.from))
        .chain(points.iter().filter(inside).map(spot))
        .chain([edge(1.0, frame.to)])
        .collect();
    let path: Vec<String> = line.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let path = path.join(" ");
    let (bottom_left, bottom_right) = (at(0.0, 0.0), at(1.0, 0.0));
    let area = format!(
        "{:.1},{:.1} {path} {:.1},{:.1}",
        bottom_left.0, bottom_left.1, bottom_right.0, bottom_right.1
    );
    let modes = Mode::ALL.map(|other| {
        let onchange = {
            let mode = mode.setter();
            Callback::from(move |_: Event| mode.set(other))
        };
        html! {
            <label class="segment" key={other.slug()}>
                <input type="radio" name="curve-mode" value={other.slug()} checked={*mode == other} {onchange} />
                { tr(lang, &format!("scenario.curve.{}", other.slug())) }
            </label>
        }
    });
    let handles = points.iter().enumerate().filter(|(index, point)| {
        let few = points.len() <= MOST_HANDLES || *index == props.selected;
        few && inside(point)
    });
    html! {
        <div class="sced-curve">
            <div class="segments" role="group" aria-label={tr(lang, "scenario.curve.mode")}>{ for modes }</div>
            <svg ref={hands.node.clone()} viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="group" data-mode={mode.slug()}
                aria-label={tr(lang, "scenario.curve.title")} aria-describedby="sced-curve-help"
                onpointerdown={hands.down} onpointermove={hands.moved} onpointerup={hands.up}
                onpointercancel={hands.cancel} onkeydown={hands.key}>
                { axes(lang, &frame) }
                if let Some((from, to)) = props.focus {
                    <rect class="sced-focus" x={at(from, 0.0).0.to_string()} y={TOP.to_string()}
                        width={(at(to, 0.0).0 - at(from, 0.0).0).max(0.0).to_string()} height={(HEIGHT - TOP - BOTTOM).to_string()} />
                }
                <polygon class="sced-area" points={area} />
                <polyline class="sced-line" points={path} />
                for (index, point) in handles {
                    { handle(lang, index, *point, spot(point), index == props.selected, &frame) }
                }
            </svg>
            <p id="sced-curve-help" class="field-help">{ tr(lang, "scenario.curve.help") }</p>
            <p class="sced-sum">{ sum(lang, &props.of, &frame) }</p>
            <p class="visually-hidden" role="status">
                if let Some(point) = points.get(props.selected) { { point_text(lang, *point) } }
            </p>
        </div>
    }
}

fn handle(
    lang: Lang,
    index: usize,
    point: RatePoint,
    (x, y): (f64, f64),
    selected: bool,
    frame: &Frame,
) -> Html {
    let number = (index + 1).to_string();
    html! {
        <g key={index} id={format!("curve-point-{index}")} class={classes!("sced-point", selected.then_some("selected"))}
            role="slider" tabindex={if selected { "0" } else { "-1" }} aria-orientation="vertical"
            aria-label={trf(lang, "scenario.curve.number", &[("number", &number)])}
            aria-valuemin="0" aria-valuemax={frame.top.max(point.per_sec).to_string()}
            aria-valuenow={point.per_sec.to_string()} aria-valuetext={point_text(lang, point)}>
            <circle class="sced-reach" cx={x.to_string()} cy={y.to_string()} r="13" />
            <circle class="sced-dot" cx={x.to_string()} cy={y.to_string()} r="5.5" />
        </g>
    }
}

/// Lines and figures of both axes.
fn axes(lang: Lang, frame: &Frame) -> Html {
    let length = f64::from(frame.to - frame.from);
    let times = frame.time_marks().into_iter().map(|secs| {
        let (x, bottom) = at(f64::from(secs - frame.from) / length, 0.0);
        html! {
            <g key={format!("t{secs}")}>
                <line class="sced-grid" x1={x.to_string()} x2={x.to_string()} y1={TOP.to_string()} y2={bottom.to_string()} />
                <text class="sced-tick" x={x.to_string()} y={(bottom + 18.0).to_string()} text-anchor="middle">
                    { short_clock(secs, frame) }
                </text>
            </g>
        }
    });
    let rates = frame.rate_marks().into_iter().map(|rate| {
        let (left, y) = at(0.0, rate / frame.top);
        let (right, _) = at(1.0, 0.0);
        html! {
            <g key={format!("r{rate}")}>
                <line class="sced-grid" x1={left.to_string()} x2={right.to_string()} y1={y.to_string()} y2={y.to_string()} />
                <text class="sced-tick" x={(left - 8.0).to_string()} y={(y + 4.0).to_string()} text-anchor="end">{ figure(rate) }</text>
            </g>
        }
    });
    html! {
        <g aria-hidden="true">
            { for times }
            { for rates }
            <text class="sced-tick" x={(LEFT + 6.0).to_string()} y={(TOP + 4.0).to_string()}>{ tr(lang, "scenario.unit.per_sec") }</text>
        </g>
    }
}

/// A time for an axis: without seconds where all of them are whole minutes.
pub fn short_clock(secs: u32, frame: &Frame) -> String {
    let text = clock_text(secs);
    let whole = frame
        .time_marks()
        .iter()
        .all(|mark| mark.is_multiple_of(60));
    match text.rsplit_once(':') {
        Some((minutes, _)) if whole => minutes.to_owned(),
        _ => text,
    }
}

/// How many come, and how many at the busiest moment.
fn sum(lang: Lang, audience: &Audience, frame: &Frame) -> AttrValue {
    let each = audience.batch.map_or(1.0, |batch| batch.mean);
    let all = expected(&audience.rate, frame.from, frame.to) * each;
    let all = audience.limit.map_or(all, |limit| all.min(limit as f64));
    let peak = audience.rate.iter().map(|p| p.per_sec).fold(0.0, f64::max) * each;
    let (all, peak) = (grouped(all.round() as u64), figure(peak));
    trf(
        lang,
        "scenario.curve.sum",
        &[("all", &all), ("peak", &peak)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_leads_back_to_its_place() {
        for (x, y) in [(0.0, 0.0), (0.25, 0.5), (1.0, 1.0)] {
            let (px, py) = at(x, y);
            let (back_x, back_y) = from(px, py);
            assert!((back_x - x).abs() < 1e-9 && (back_y - y).abs() < 1e-9);
        }
    }
}
