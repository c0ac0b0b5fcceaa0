//! The charts of a run: small multiples with one cursor through all of them and through the drawing.
//!
//! `spec` says what there is, `scale`, `sample`, `labels` and `scene` work it out without a browser,
//! `paint` draws. Must not live here: anything that changes a run or a drawing.

mod aggregated;
mod called;
mod chart;
pub mod format;
mod ids;
mod labels;
mod losses;
mod observe;
mod paint;
mod pointer;
mod queue;
mod sample;
mod scale;
mod scene;
mod spec;
mod table;
#[cfg(test)]
mod tests;
mod theme;
mod views;

pub use called::component_name;
pub use chart::step_cursor;
pub use losses::rows as loss_rows;
pub use observe::SizeObserver;

use std::rc::Rc;

use gloo::render::request_animation_frame;
use web_sys::Element;
use yew::prelude::*;

use crate::app::feed::{EnvelopeButton, FeedScale};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang, use_theme};
use crate::app::lesson::data::use_course;
use crate::app::run::{RunState, use_run};
use crate::app::scenario::use_scenario;
use crate::app::store::local;
use crate::app::strip::Disclosure;
use crate::app::trace::{EventLog, TracesPanel};

use aggregated::aggregated;
use chart::Chart;
use losses::LossesLine;
use pointer::use_pointer_cursor;
use spec::ChartId;
use table::ValuesTable;
use theme::Theme;
use views::{View, tabs};

const CHOICE_KEY: &str = "archplay/charts";
/// The choice for scenarios with a news feed, which have other charts.
const FEED_CHOICE_KEY: &str = "archplay/charts-feed";

const fn choice_key(feeds: bool) -> &'static str {
    if feeds { FEED_CHOICE_KEY } else { CHOICE_KEY }
}

/// The charts with their chooser.
#[component]
pub fn ChartsPanel() -> Html {
    let lang = use_lang();
    let shown_theme = use_theme();
    let run = use_run();
    let task = use_course().task();
    let panel = use_node_ref();
    let grid = use_node_ref();
    let theme = use_state_eq(|| None::<Rc<Theme>>);
    let view = use_state_eq(View::default);
    let feeds = use_scenario().is_some_and(|chosen| chosen.scenario.feed.is_some());
    let kept = use_state_eq(|| [read_choice(false), read_choice(true)]);
    let charts = shown_charts(kept[usize::from(feeds)].as_ref(), &run, feeds);
    let as_table = use_state_eq(|| false);
    let width = use_state_eq(|| 0_u32);
    use_pointer_cursor(&grid);
    {
        // The tokens' values hang on the theme and, with the projector, on the root's size.
        let (panel, theme) = (panel.clone(), theme.setter());
        use_effect_with((shown_theme, *width), move |_| {
            // A frame later: the providers around write the theme to the root after this effect.
            let frame = request_animation_frame(move |_| {
                let read = panel.cast::<Element>().and_then(|e| Theme::read(&e));
                theme.set(read.map(Rc::new));
            });
            move || drop(frame)
        });
    }
    {
        let (panel, width) = (panel.clone(), width.setter());
        use_effect_with((), move |()| {
            let observer = panel
                .cast::<Element>()
                .and_then(|e| SizeObserver::new(&e, move |w, _| width.set(w as u32)));
            move || drop(observer)
        });
    }
    let toggle = {
        let (charts, kept) = (charts.clone(), kept.clone());
        Callback::from(move |chart: ChartId| {
            let next = toggled(&charts, chart);
            local::set(choice_key(feeds), &slugs(&next));
            let mut both = (*kept).clone();
            both[usize::from(feeds)] = Some(next);
            kept.set(both);
        })
    };
    let on_table = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    let choose = {
        let view = view.setter();
        Callback::from(move |next: View| view.set(next))
    };
    let offered = |of_feed: bool| {
        ChartId::ALL
            .into_iter()
            .filter(move |chart| ChartId::FEED.contains(chart) == of_feed)
    };
    let has_ghost = run.previous.is_some() && run.data.rows() > 0;
    html! {
        <div class="charts" ref={panel}>
            <div class="charts-head">
                { tabs(*view, &choose, lang) }
                if *view == View::Lines {
                <Disclosure class="charts-chooser" label={tr(lang, "charts.choose")} icon={IconName::Chart} with_text={true}>
                    <div class="charts-menu">
                        if feeds {
                            <p class="charts-menu-group">{ tr(lang, "feed.charts") }</p>
                            for chart in offered(true) {
                                { choice(chart, charts.contains(&chart), &toggle, &tr(lang, &chart.title_key())) }
                            }
                            <p class="charts-menu-group">{ tr(lang, "feed.charts_other") }</p>
                        }
                        for chart in offered(false).filter(|chart| charts.contains(chart) || chart.is_offered(&run)) {
                            { choice(chart, charts.contains(&chart), &toggle, &tr(lang, &chart.title_key())) }
                        }
                    </div>
                </Disclosure>
                <button class="btn btn-quiet" aria-pressed={as_table.to_string()} onclick={on_table}>
                    <Icon name={IconName::List} size={16} />
                    { tr(lang, if *as_table { "charts.as_lines" } else { "charts.as_table" }) }
                </button>
                if feeds { <EnvelopeButton /> }
                if has_ghost {
                    <span class="charts-ghost">{ tr(lang, "charts.ghost") }</span>
                }
                }
            </div>
            { aggregated(&run, lang) }
            if feeds { <FeedScale run={run.clone()} /> }
            if *view == View::Lines { <LossesLine run={run.clone()} /> }
            if *view != View::Lines {
                <div class="charts-view" id="charts-view" role="tabpanel" aria-labelledby={views::element_id(*view)}>
                    if *view == View::Traces { <TracesPanel /> } else { <EventLog /> }
                </div>
            } else if *as_table {
                <div class="charts-view" id="charts-view" role="tabpanel" aria-labelledby={views::element_id(View::Lines)}>
                    <ValuesTable charts={charts.clone()} run={run.clone()} />
                </div>
            } else {
                <div class="charts-grid" id="charts-view" role="tabpanel" aria-labelledby={views::element_id(View::Lines)} ref={grid} style={format!("--charts:{}", charts.len())}>
                    for chart in charts.iter() {
                        <Chart key={chart.slug()} chart={*chart} run={run.clone()} theme={(*theme).clone()}
                            task={task.clone()} />
                    }
                </div>
            }
        </div>
    }
}

fn choice(chart: ChartId, on: bool, toggle: &Callback<ChartId>, title: &AttrValue) -> Html {
    let toggle = toggle.clone();
    let onchange = Callback::from(move |_: Event| toggle.emit(chart));
    html! {
        <label key={chart.slug()} class="menu-item">
            <input type="checkbox" checked={on} {onchange} />{ title.clone() }
        </label>
    }
}

/// With or without a chart, in the panel's order; the last one stays.
fn toggled(charts: &[ChartId], chart: ChartId) -> Rc<[ChartId]> {
    let next: Rc<[ChartId]> = ChartId::ALL
        .into_iter()
        .filter(|c| charts.contains(c) != (*c == chart))
        .collect();
    if next.is_empty() { charts.into() } else { next }
}

fn slugs(charts: &[ChartId]) -> String {
    let slugs: Vec<&str> = charts.iter().map(|chart| chart.slug()).collect();
    slugs.join(",")
}

/// What a person has chosen, now or on an earlier visit.
fn read_choice(feeds: bool) -> Option<Rc<[ChartId]>> {
    local::get(choice_key(feeds))
        .map(|kept| chosen(&kept))
        .filter(|charts| !charts.is_empty())
}

/// What was chosen; else the first five and what is particular to this run.
fn shown_charts(kept: Option<&Rc<[ChartId]>>, run: &RunState, feeds: bool) -> Rc<[ChartId]> {
    match kept {
        Some(kept) => kept
            .iter()
            .copied()
            .filter(|chart| feeds || !ChartId::FEED.contains(chart))
            .collect(),
        None if feeds => ChartId::ALL
            .into_iter()
            .filter(|chart| ChartId::FEED.contains(chart) || ChartId::BESIDE_FEED.contains(chart))
            .collect(),
        None => ChartId::ALL
            .into_iter()
            .filter(|chart| {
                ChartId::FIRST.contains(chart)
                    || (ChartId::TELLING.contains(chart) && chart.is_measured(run))
            })
            .collect(),
    }
}

fn chosen(kept: &str) -> Rc<[ChartId]> {
    ChartId::ALL
        .into_iter()
        .filter(|chart| kept.split(',').any(|slug| slug == chart.slug()))
        .collect()
}
