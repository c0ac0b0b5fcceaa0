//! What the sampled users stand for, and which numbers that touches: a line that opens into three lists.

use std::rc::Rc;

use archplay_feed::{EXTENTS, Extent};
use archplay_model::Scenario;
use yew::prelude::*;

use crate::app::charts::format::{figure, grouped};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;
use crate::app::scenario::use_scenario;

/// How a quantity of the sample speaks for the whole, with the end of its text keys, in the order of the lists.
const GROUPS: [(Extent, &str); 3] = [
    (Extent::Exact, "exact"),
    (Extent::Scaled, "scaled"),
    (Extent::Tail, "tail"),
];

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct FeedScaleProps {
    /// The run, for the factor once it is known.
    pub run: Rc<RunState>,
    /// Of this scenario rather than of the chosen one.
    #[prop_or_default]
    pub scenario: Option<Rc<Scenario>>,
}

/// The line; nothing where the scenario has no feed.
#[component]
pub fn FeedScale(props: &FeedScaleProps) -> Html {
    let lang = use_lang();
    let chosen = use_scenario();
    let chosen = chosen.map(|chosen| chosen.scenario.clone());
    let scenario = props.scenario.clone().or(chosen);
    let Some((sampled, factor)) = scenario.and_then(|scenario| sample(&scenario, &props.run))
    else {
        return Html::default();
    };
    let text = |key: &str| {
        trf(
            lang,
            key,
            &[
                ("sampled", &grouped(sampled.into())),
                ("factor", &figure(factor)),
            ],
        )
    };
    let line = text(if factor > 1.0 {
        "feed.scale.line"
    } else {
        "feed.scale.whole"
    });
    html! {
        <details class="feed-scale">
            <summary>{ line }{ " " }<u>{ tr(lang, "feed.scale.why") }</u></summary>
            <div class="feed-scale-lists">
                for (extent, slug) in GROUPS {
                    <section key={slug}>
                        <h4>{ text(&format!("feed.scale.{slug}")) }</h4>
                        <ul>
                            for (key, _) in EXTENTS.iter().filter(|(_, of)| *of == extent) {
                                <li key={*key}>{ tr(lang, &format!("feed.extent.{key}")) }</li>
                            }
                        </ul>
                    </section>
                }
            </div>
        </details>
    }
}

/// How many users are sampled and how many real ones each stands for: as the run has it, else about that, by the
/// share of those who read at all.
fn sample(scenario: &Scenario, run: &RunState) -> Option<(u32, f64)> {
    let feed = scenario.feed.as_ref()?;
    let told = run
        .summary
        .as_ref()
        .and_then(|summary| summary.feed.as_ref());
    if let Some(told) = told {
        return Some((told.sampled, told.factor));
    }
    let readers = f64::from(feed.users) * (1.0 - feed.dormant);
    let factor = match feed.visitors_per_day {
        Some(visitors) if readers > 0.0 => (visitors / readers).max(1.0),
        _ => 1.0,
    };
    // Which users are dormant is drawn: to three figures it is the same.
    Some((feed.users, factor))
}

#[cfg(test)]
mod tests {
    use archplay_model::format::read_scenario;
    use archplay_protocol::Summary;
    use archplay_report::FeedTotals;
    use archplay_text::Lang;

    use super::*;

    const LECTURE: &str = include_str!("../../engine/tests/feed_support/lecture.scenario.json");

    #[test]
    fn the_factor_is_the_runs_as_soon_as_there_is_one() {
        let scenario = read_scenario(LECTURE).unwrap_or_else(|e| panic!("{e}"));
        let mut run = RunState::default();
        let about = sample(&scenario, &run).map(|(sampled, factor)| (sampled, factor.round()));
        assert_eq!(about, Some((100_000, 143.0)));
        run.summary = Some(Rc::new(Summary {
            feed: Some(FeedTotals {
                sampled: 100_000,
                factor: 142.5,
                measures: Vec::new(),
            }),
            ..Summary::default()
        }));
        assert_eq!(sample(&scenario, &run), Some((100_000, 142.5)));
    }

    #[test]
    fn every_extent_has_its_text() {
        for lang in Lang::ALL {
            for (key, _) in EXTENTS {
                let key = format!("feed.extent.{key}");
                assert!(archplay_text::find(lang, &key).is_some(), "{key}");
            }
        }
    }
}
