//! What became of the feed in the run that has ended, as a table; each share says of what.

use std::rc::Rc;

use archplay_report::{Measure, MetricUnit};
use yew::prelude::*;

use crate::app::charts::format::grouped;
use crate::app::inspector::{amount, window};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{RunState, use_run};

/// The section; nothing while no run with a feed has ended.
#[component]
pub fn FeedMeasured() -> Html {
    let lang = use_lang();
    let run = use_run();
    let Some(measures) = told(&run) else {
        return Html::default();
    };
    let judged = measures
        .iter()
        .find(|(measure, _)| *measure == Measure::FeedJudged)
        .map_or(0.0, |(_, count)| *count);
    html! {
        <details class="param-more measured feed-measured">
            <summary>{ tr(lang, "feed.measured.title") }</summary>
            <table class="counts">
                <caption class="field-help">{ window(&run, lang) }</caption>
                <tbody>
                    for (measure, value) in measures.iter().filter(|(_, value)| value.is_finite()) {
                        <tr key={measure.slug()} data-measure={measure.slug()}>
                            <th scope="row">
                                { tr(lang, &format!("measure.{}", measure.slug())) }
                                if measure.unit() == MetricUnit::Share {
                                    <small>
                                        { trf(lang, &format!("feed.of.{}", measure.slug()),
                                            &[("judged", &grouped(judged as u64))]) }
                                    </small>
                                }
                            </th>
                            <td>{ amount(*measure, *value, lang) }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </details>
    }
}

/// The measures of the feed, if the run had one.
fn told(run: &Rc<RunState>) -> Option<Vec<(Measure, f64)>> {
    let feed = run.summary.as_ref()?.feed.as_ref()?;
    Some(feed.measures.clone())
}
