//! Lines over an axis.

use archplay_figure::{Axis, Line, Lines};
use archplay_text::Lang;
use yew::prelude::*;

use super::WIDTH;
use super::labels;
use super::words::value;
use crate::app::lang::{tr, use_lang};

const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 22.0;
const HEIGHT: f64 = 124.0;
const BELOW: f64 = 38.0;
const INNER: f64 = WIDTH - LEFT - RIGHT;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct LinesProps {
    /// Whose texts.
    pub slug: &'static str,
    /// The lines.
    pub lines: Lines,
    /// What is read out in its place.
    pub label: AttrValue,
}

/// The drawing.
#[component]
pub fn LinesView(props: &LinesProps) -> Html {
    let lang = use_lang();
    let (slug, lines) = (props.slug, &props.lines);
    let name = |part: &str, name: &str| tr(lang, &format!("figure.{slug}.{part}.{name}"));
    let at = |x: f64, y: f64| (lines.x.place(x) * INNER, (1.0 - lines.y.place(y)) * HEIGHT);
    let path = |line: &Line| {
        let mut path = String::new();
        let mut before = None;
        for (x, y) in &line.points {
            let (x, y) = at(*x, *y);
            path.push_str(&match before {
                None => format!("M{x:.1} {y:.1}"),
                Some(_) if line.steps => format!("H{x:.1}V{y:.1}"),
                Some(()) => format!("L{x:.1} {y:.1}"),
            });
            before = Some(());
        }
        path
    };
    let texts: Vec<String> = lines
        .marks
        .iter()
        .map(|mark| value(lang, slug, mark.value))
        .collect();
    let points: Vec<(f64, f64, &str)> = lines
        .marks
        .iter()
        .zip(&texts)
        .map(|(mark, text)| {
            let (x, y) = at(mark.x, mark.y);
            (x, y, text.as_str())
        })
        .collect();
    let placed = labels::place(&points, INNER, HEIGHT);
    let view = format!("0 0 {WIDTH} {}", TOP + HEIGHT + BELOW);
    html! {
        <>
            <svg class="fig-svg" viewBox={view} role="img" aria-label={props.label.clone()}>
                <text class="fig-axis" x="0" y="12">{ name("axis", lines.y.slug) }</text>
                <g transform={format!("translate({LEFT} {TOP})")}>
                    for tick in lines.y.ticks() {
                        <path class="fig-grid" d={format!("M0 {:.1}H{INNER}", at(lines.x.from, tick).1)} />
                        <text class="fig-tick" text-anchor="end" x="-6" y={format!("{:.1}", at(lines.x.from, tick).1 + 4.0)}>
                            { value(lang, slug, lines.y.unit.of(tick)) }
                        </text>
                    }
                    for limit in &lines.limits {
                        <path class="fig-limit"
                            d={format!("M0 {:.1}H{INNER}", at(lines.x.from, limit.value.number).1)} />
                        <text class="fig-label" text-anchor="end" x={INNER.to_string()}
                            y={format!("{:.1}", at(lines.x.from, limit.value.number).1 - 5.0)}>
                            { name("limit", limit.slug) }
                        </text>
                    }
                    for (i, line) in lines.lines.iter().enumerate() {
                        <path class={format!("fig-line fig-line-{i}")} d={path(line)} />
                    }
                    for (mark, (x, y, _)) in lines.marks.iter().zip(&points) {
                        <circle class={format!("fig-mark fig-mark-{}", mark.line)} r="4.5"
                            cx={format!("{x:.1}")} cy={format!("{y:.1}")} />
                    }
                    for (label, text) in placed.iter().zip(&texts) {
                        <text class="fig-label fig-value" x={format!("{:.1}", label.left)}
                            y={format!("{:.1}", label.base)}>{ text.clone() }</text>
                    }
                    { time(lang, slug, &lines.x, HEIGHT, INNER) }
                </g>
            </svg>
            if lines.lines.len() > 1 {
                <ul class="fig-legend">
                    for (i, line) in lines.lines.iter().enumerate() {
                        <li key={line.slug}>
                            <svg class="fig-swatch" viewBox="0 0 26 8" aria-hidden="true">
                                <path class={format!("fig-line fig-line-{i}")} d="M1 4H25" />
                            </svg>
                            { name("line", line.slug) }
                        </li>
                    }
                </ul>
            }
        </>
    }
}

/// The axis to the right with its name, below a drawing of this height.
pub fn time(lang: Lang, slug: &str, x: &Axis, height: f64, inner: f64) -> Html {
    let ticks = x.ticks();
    let last = ticks.len().saturating_sub(1);
    let at = |tick: f64| x.place(tick) * inner;
    let mark = |(i, tick): (usize, &f64)| {
        // A label at the right edge would leave the drawing.
        let anchor = match i {
            i if i == last && at(*tick) > inner - 18.0 => "end",
            _ => "middle",
        };
        let to = if anchor == "end" {
            inner + 12.0
        } else {
            at(*tick)
        };
        html! {
            <>
                <path class="fig-base" d={format!("M{:.1} {height}v4", at(*tick))} />
                <text class="fig-tick" text-anchor={anchor} x={format!("{to:.1}")}
                    y={(height + 16.0).to_string()}>
                    { value(lang, slug, x.unit.of(*tick)) }
                </text>
            </>
        }
    };
    html! {
        <>
            <path class="fig-base" d={format!("M0 {height}H{inner}")} />
            { for ticks.iter().enumerate().map(mark) }
            <text class="fig-axis" text-anchor="end" x={(inner + 12.0).to_string()} y={(height + 33.0).to_string()}>
                { tr(lang, &format!("figure.{slug}.axis.{}", x.slug)) }
            </text>
        </>
    }
}
