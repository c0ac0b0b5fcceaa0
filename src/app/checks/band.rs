//! The small bar that shows where a value lies within its tolerance.

use archplay_report::check::CheckRow;
use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};

/// Half of the bar is this many tolerances.
const REACH: f64 = 1.25;

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct BandProps {
    /// The row.
    pub row: CheckRow,
    /// The value of a run here and now.
    #[prop_or_default]
    pub live: Option<f64>,
}

/// The band around the expected value, with a mark for each measured one.
#[component]
pub fn Band(props: &BandProps) -> Html {
    let lang = use_lang();
    let row = &props.row;
    let offset = row.offset(row.measured);
    let label = if offset == 0.0 {
        tr(lang, "checks.bar_exact")
    } else {
        let percent = (offset.abs() * 100.0).ceil().min(999.0).to_string();
        trf(lang, "checks.bar_inside", &[("percent", &percent)])
    };
    let mark = |value: f64, class: &'static str| {
        let left = format!("left:{:.1}%", place(row.offset(value)));
        html! { <i {class} style={left} /> }
    };
    html! {
        <span class={classes!("check-band", (!row.passes()).then_some("check-off"))} role="img"
            aria-label={label.clone()} title={label}>
            { mark(row.measured, "check-mark") }
            if let Some(live) = props.live {
                { mark(live, "check-live") }
            }
        </span>
    }
}

/// Where on the bar, in percent; what is beyond it stands at its end.
pub fn place(offset: f64) -> f64 {
    let offset = if offset.is_nan() { REACH } else { offset };
    50.0 + offset.clamp(-REACH, REACH) / REACH * 50.0
}
