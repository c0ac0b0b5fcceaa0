//! The page's frame: where each room stands, on every size of screen.
//!
//! The grid itself is CSS (`static/css/app.css`). Must not live here: what the rooms show.

mod splitter;
mod zones;

pub use splitter::{Axis, Splitter};
pub use zones::{CHARTS_H, LESSON_W, Layout, Pane, ZoneAction, Zones, ZonesProvider, use_zones};

use yew::prelude::*;

use crate::app::bar::Bar;
use crate::app::canvas::Canvas;
use crate::app::charts::ChartsPanel;
use crate::app::checks::ChecksPage;
use crate::app::class::{Bell, ClassPage, Join, PresentBar};
use crate::app::dialog::DialogHost;
use crate::app::feed::{FeedHost, use_feeds};
use crate::app::files::DropTarget;
use crate::app::inspector::Inspector;
use crate::app::lang::{tr, use_lang};
use crate::app::lesson::{LessonPanel, ReadPage};
use crate::app::palette::Rail;
use crate::app::problems::ProblemsChip;
use crate::app::route::use_route;
use crate::app::shortcuts::Shortcuts;
use crate::app::strip::RunStrip;

/// The frame with all rooms in their places.
#[component]
pub fn Shell() -> Html {
    let lang = use_lang();
    let route = use_route();
    let checks = route.checks;
    let feeds = use_feeds();
    let zones = use_zones();
    let layout = zones.layout;
    let percent = |value: f64, (min, max): (f64, f64)| ((value - min) / (max - min) * 100.0) as u32;
    let act = |action: fn(f64, Layout) -> ZoneAction| {
        let zones = zones.clone();
        Callback::from(move |value: f64| zones.apply(action(value, zones.layout)))
    };
    let toggle = |action: ZoneAction| {
        let zones = zones.clone();
        Callback::from(move |_: MouseEvent| zones.apply(action))
    };
    let class = classes!(
        "app",
        layout.lesson_open.then_some("lesson-open"),
        layout.drawer_open.then_some("drawer-open"),
        layout.charts_open.then_some("charts-open"),
        checks.then_some("at-checks"),
        (route.class.is_some() || route.read).then_some("at-page"),
        route.read.then_some("at-read"),
    );
    let style = format!(
        "--lesson-w:{}px;--charts-share:{}",
        layout.lesson_width, layout.charts_share
    );
    html! {
        <div {class} {style} data-pane={layout.pane.slug()} data-stage={layout.present.then(|| layout.stage.slug())}>
            <a class="skip" href="#canvas">{ tr(lang, "shell.skip") }</a>
            <header class="zone-bar">
                if layout.present {
                    <PresentBar />
                } else {
                    <Bar />
                }
                <Bell />
            </header>
            <button class="drawer-shade" tabindex="-1" aria-hidden="true"
                onclick={toggle(ZoneAction::CloseDrawer)} />
            <aside class="zone-lesson" id="lesson" aria-label={tr(lang, "shell.lesson")}>
                <LessonPanel />
            </aside>
            // Between two landmarks, so it needs one of its own.
            <section class="lesson-edge" aria-label={tr(lang, "shell.lesson_width")}>
                <Splitter axis={Axis::X} class="lesson-splitter" label={tr(lang, "shell.lesson_width")}
                    percent={percent(layout.lesson_width, LESSON_W)}
                    on_drag={act(|x, _| ZoneAction::LessonWidth(x))}
                    on_step={act(|step, now| ZoneAction::LessonWidth(now.lesson_width + 16.0 * step))} />
            </section>
            <main class="zone-main">
                <section class="zone-canvas" aria-label={tr(lang, "shell.canvas")}>
                    <Rail />
                    <Canvas />
                    <ProblemsChip />
                    <Inspector />
                </section>
                <section class="zone-strip" aria-label={tr(lang, "shell.strip")}><RunStrip /></section>
                <Splitter axis={Axis::Y} class="charts-splitter" label={tr(lang, "shell.charts_height")}
                    percent={percent(layout.charts_share, CHARTS_H)}
                    on_drag={act(|y, _| ZoneAction::ChartsShare(share_below(y)))}
                    on_step={act(|step, now| ZoneAction::ChartsShare(now.charts_share - 0.02 * step))} />
                <section class="zone-charts" id="charts" aria-label={tr(lang, "shell.charts")}>
                    <ChartsPanel />
                </section>
            </main>
            <nav class="zone-tabs" aria-label={tr(lang, "shell.panes")}>
                for pane in Pane::ALL {
                    <button key={pane.slug()} aria-current={(layout.pane == pane).then_some("page")}
                        onclick={toggle(ZoneAction::Show(pane))}>
                        { tr(lang, &format!("shell.pane.{}", pane.slug())) }
                    </button>
                }
            </nav>
            if checks {
                <ChecksPage />
            }
            if let Some(tool) = route.class {
                <ClassPage {tool} />
            }
            if route.read {
                <ReadPage />
            }
            if let Some(token) = route.join {
                <Join {token} desk={route.desk} />
            }
            <Shortcuts />
            <DialogHost />
            if feeds { <FeedHost /> }
            <DropTarget />
        </div>
    }
}

/// The share of the room under the bar that lies below a line of the page.
fn share_below(y: f64) -> f64 {
    let height = gloo::utils::window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or(620.0);
    (height - y) / (height - 44.0).max(1.0)
}
