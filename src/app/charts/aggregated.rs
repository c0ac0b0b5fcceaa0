//! What the aggregated mode has left out, and what it takes for granted.

use archplay_model::scenario::Mode;
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, trf};
use crate::app::run::RunState;

use super::called::component_name;
use super::format::grouped;

/// The assumptions, as their text keys end.
const ASSUMES: [&str; 5] = ["time_only", "calm", "whole", "rules", "piles"];

/// The note above the charts; nothing for runs that were simulated event by event.
pub fn aggregated(run: &RunState, lang: Lang) -> Html {
    let Some(line) = line(run, lang) else {
        return Html::default();
    };
    html! {
        <details class="charts-aggregated">
            <summary>{ line }{ " " }<u>{ tr(lang, "aggregation.why") }</u></summary>
            <ul>
                for assumption in ASSUMES {
                    <li key={assumption}>{ tr(lang, &format!("aggregation.{assumption}")) }</li>
                }
            </ul>
        </details>
    }
}

fn line(run: &RunState, lang: Lang) -> Option<AttrValue> {
    let scenario = run.scenario.as_ref()?;
    if scenario.mode != Mode::Aggregate || run.data.rows() == 0 {
        return None;
    }
    let mode = run.summary.as_ref().and_then(|s| s.aggregation.as_ref());
    Some(match mode {
        None => tr(lang, "aggregation.running"),
        Some(mode) => match &mode.reacting {
            Some(id) => {
                let name = component_name(run.design.as_deref(), id, lang);
                trf(lang, "aggregation.reacting", &[("id", &name)])
            }
            None => trf(
                lang,
                "aggregation.line",
                &[
                    ("stretches", &grouped(mode.stretches.into())),
                    ("secs", &mode.stretch_secs.to_string()),
                    ("sampled", &grouped(mode.sampled.into())),
                    ("weight", &mode.weight.to_string()),
                ],
            ),
        },
    })
}
