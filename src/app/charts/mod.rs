//! The charts of a run: small multiples with one cursor through all of them and through the drawing.
//!
//! `spec` says what there is, `scale`, `sample`, `labels` and `scene` work it out without a browser,
//! `paint` draws. Must not live here: anything that changes a run or a drawing.

mod chart;
pub mod format;
mod labels;
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

pub use chart::step_cursor;
pub use observe::SizeObserver;
pub use spec::component_name;

use std::rc::Rc;

use gloo::render::request_animation_frame;
use web_sys::Element;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang, use_theme};
use crate::app::lesson::data::use_course;
use crate::app::run::use_run;
use crate::app::store::local;
use crate::app::strip::Disclosure;

use chart::Chart;
use pointer::use_pointer_cursor;
use spec::ChartId;
use table::ValuesTable;
use theme::Theme;

const CHOICE_KEY: &str = "archplay/charts";

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
    let charts = use_state_eq(read_choice);
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
        let charts = charts.clone();
        Callback::from(move |chart: ChartId| {
            let next = toggled(&charts, chart);
            local::set(CHOICE_KEY, &slugs(&next));
            charts.set(next);
        })
    };
    let on_table = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    let has_ghost = run.previous.is_some() && run.data.rows() > 0;
    html! {
        <div class="charts" ref={panel}>
            <div class="charts-head">
                <Disclosure class="charts-chooser" label={tr(lang, "charts.choose")} icon={IconName::Chart} with_text={true}>
                    <div class="charts-menu">
                        for chart in ChartId::ALL {
                            { choice(chart, charts.contains(&chart), &toggle, &tr(lang, &chart.title_key())) }
                        }
                    </div>
                </Disclosure>
                <button class="btn btn-quiet" aria-pressed={as_table.to_string()} onclick={on_table}>
                    <Icon name={IconName::List} size={16} />
                    { tr(lang, if *as_table { "charts.as_lines" } else { "charts.as_table" }) }
                </button>
                if has_ghost {
                    <span class="charts-ghost">{ tr(lang, "charts.ghost") }</span>
                }
            </div>
            if *as_table {
                <ValuesTable charts={(*charts).clone()} run={run.clone()} {lang} />
            } else {
                <div class="charts-grid" ref={grid} style={format!("--charts:{}", charts.len())}>
                    for chart in charts.iter() {
                        <Chart key={chart.slug()} chart={*chart} run={run.clone()} theme={(*theme).clone()}
                            task={task.clone()} {lang} />
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

fn read_choice() -> Rc<[ChartId]> {
    local::get(CHOICE_KEY)
        .map(|kept| chosen(&kept))
        .filter(|charts| !charts.is_empty())
        .unwrap_or_else(|| ChartId::FIRST.into())
}

fn chosen(kept: &str) -> Rc<[ChartId]> {
    ChartId::ALL
        .into_iter()
        .filter(|chart| kept.split(',').any(|slug| slug == chart.slug()))
        .collect()
}
