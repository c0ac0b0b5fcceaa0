//! Bars beside each other, each under its name and beside its number.

use archplay_figure::Bars;
use yew::prelude::*;

use super::WIDTH;
use super::labels;
use super::words::value;
use crate::app::lang::{tr, trf, use_lang};

const ROW: f64 = 36.0;
const BAR: f64 = 11.0;
const BELOW: f64 = 18.0;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct BarsProps {
    /// Whose texts.
    pub slug: &'static str,
    /// The bars.
    pub bars: Bars,
    /// What is read out in its place.
    pub label: AttrValue,
}

/// The drawing.
#[component]
pub fn BarsView(props: &BarsProps) -> Html {
    let lang = use_lang();
    let (slug, bars) = (props.slug, &props.bars);
    let rows = bars.bars.len() as f64 * ROW;
    let below = if bars.limit.is_some() { BELOW } else { 0.0 };
    let view = format!("0 0 {WIDTH} {}", rows + below);
    let wide = |number: f64| (bars.scale.place(number) * WIDTH).max(1.5);
    let name = |bar: &archplay_figure::Bar| {
        let n = bar.n.map(|n| value(lang, slug, n)).unwrap_or_default();
        trf(
            lang,
            &format!("figure.{slug}.bar.{}", bar.slug),
            &[("n", &n)],
        )
    };
    let limit = bars.limit.as_ref().map(|limit| {
        let number = value(lang, slug, limit.value);
        let text = trf(
            lang,
            &format!("figure.{slug}.limit.{}", limit.slug),
            &[("n", &number)],
        );
        let at = bars.scale.place(limit.value.number) * WIDTH;
        let half = labels::width(&text) / 2.0;
        let middle = at.clamp(half, (WIDTH - half).max(half));
        html! {
            <>
                <path class="fig-limit" d={format!("M{at:.1} 0V{:.0}", rows - 4.0)} />
                <text class="fig-label" text-anchor="middle" x={format!("{middle:.1}")}
                    y={(rows + 13.0).to_string()}>{ text }</text>
            </>
        }
    });
    html! {
        <>
            <p class="fig-scale">{ tr(lang, &format!("figure.{slug}.axis.{}", bars.scale.slug)) }</p>
            <svg class="fig-svg" viewBox={view} role="img" aria-label={props.label.clone()}>
                for (i, bar) in bars.bars.iter().enumerate() {
                    <g key={i} transform={format!("translate(0 {})", i as f64 * ROW)}>
                        <text class="fig-name" x="0" y="13">{ name(bar) }</text>
                        <text class="fig-name fig-value" text-anchor="end" x={WIDTH.to_string()} y="13">
                            { value(lang, slug, bar.value) }
                        </text>
                        <rect class="fig-rail" x="0" y="18" width={WIDTH.to_string()} height={BAR.to_string()} />
                        <rect class={format!("fig-bar fig-{}", bar.tone.slug())} x="0" y="18"
                            width={format!("{:.1}", wide(bar.value.number))} height={BAR.to_string()} />
                    </g>
                }
                { limit }
            </svg>
        </>
    }
}
