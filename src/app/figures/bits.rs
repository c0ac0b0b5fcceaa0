//! The bits of a number of 64.

use archplay_figure::Bits;
use yew::prelude::*;

use super::WIDTH;
use super::words::value;
use crate::app::lang::{trf, use_lang};

const TOTAL: f64 = 64.0;
const TALL: f64 = 34.0;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct BitsProps {
    /// Whose texts.
    pub slug: &'static str,
    /// The bits.
    pub bits: Bits,
    /// What is read out in its place.
    pub label: AttrValue,
}

/// The drawing.
#[component]
pub fn BitsView(props: &BitsProps) -> Html {
    let lang = use_lang();
    let (slug, bits) = (props.slug, &props.bits);
    let mut from = 0.0;
    let parts = bits
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.bits > 0);
    let parts = parts.map(|(i, field)| {
        let wide = f64::from(field.bits) / TOTAL * WIDTH;
        let left = from;
        from += wide;
        let lines: String = (1..field.bits)
            .map(|bit| format!("M{:.2} 24v10", left + f64::from(bit) / TOTAL * WIDTH))
            .collect();
        html! {
            <g key={field.slug}>
                <rect class={format!("fig-bits fig-bits-{i}")} x={format!("{left:.2}")} y="0"
                    width={format!("{wide:.2}")} height={TALL.to_string()} />
                <path class="fig-bit" d={lines} />
                if field.bits > 1 {
                    <text class="fig-name fig-value" text-anchor="middle" x={format!("{:.1}", left + wide / 2.0)}
                        y="17">{ field.bits.to_string() }</text>
                }
            </g>
        }
    });
    let parts: Html = parts.collect();
    html! {
        <>
            <svg class="fig-svg" viewBox={format!("0 0 {WIDTH} {TALL}")} role="img"
                aria-label={props.label.clone()}>{ parts }</svg>
            <ul class="fig-legend">
                for (i, field) in bits.fields.iter().enumerate() {
                    <li key={field.slug}>
                        <svg class="fig-swatch" viewBox="0 0 26 14" aria-hidden="true">
                            <rect class={format!("fig-bits fig-bits-{i}")} x="1" y="1" width="24" height="12" />
                        </svg>
                        {
                            trf(lang, &format!("figure.{slug}.bits.{}", field.slug), &[
                                ("bits", field.bits.to_string().as_str()),
                                ("holds", value(lang, slug, field.holds).as_str()),
                            ])
                        }
                    </li>
                }
            </ul>
        </>
    }
}
