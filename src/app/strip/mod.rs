//! The run strip: play, clock, time line with the load to come, one sentence about the run.
//!
//! Must not live here: what a run is (see `run`), charts.

mod by_hand;
mod curve;
mod disclosure;
mod more;
mod replayed;
mod timeline;
mod transport;
mod words;

pub use by_hand::{action_text, intervention_text, strength_scale, target_text};
pub use curve::load_curve;
pub use disclosure::Disclosure;
pub use words::event_text;

use std::rc::Rc;

use yew::prelude::*;

use crate::app::charts::format::clock_text;
use crate::app::feed::FeedButtons;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::route::Route;
use crate::app::run::{RunCommand, RunState, Status, use_run, use_run_dispatch};
use crate::app::scenario::{ScenarioButton, use_scenario};
use crate::app::session::use_document;
use crate::app::shell::{ZoneAction, use_zones};

use more::More;
use replayed::use_replay_verdict;
use timeline::Timeline;
use transport::Transport;
use words::{Tone, sentence};

/// The strip under the canvas.
#[component]
pub fn RunStrip() -> Html {
    let lang = use_lang();
    let run = use_run();
    let dispatch = use_run_dispatch();
    let chosen = use_scenario();
    let document = use_document();
    let zones = use_zones();
    use_fresh_start(&run);
    use_replay_verdict(&run);

    let scenario = chosen.as_ref().map(|chosen| chosen.scenario.clone());
    let clock = shown_clock(&run).or_else(|| scenario.as_ref().map(|s| s.start.secs()));
    let feeds = scenario
        .as_ref()
        .is_some_and(|scenario| scenario.feed.is_some());
    let stale = run.is_stale(&document.design);
    let (tone, text) = sentence(&run, scenario.as_deref(), &document.design, lang);
    let (tone_class, tone_icon) = match tone {
        Tone::Plain => ("plain", None),
        Tone::Good => ("good", Some(IconName::Check)),
        Tone::Bad => ("bad", Some(IconName::Alert)),
    };
    let to_now = Callback::from(move |_: MouseEvent| dispatch.apply(RunCommand::SetCursor(None)));
    let charts_open = zones.layout.charts_open;
    let on_charts = Callback::from(move |_: MouseEvent| zones.apply(ZoneAction::ToggleCharts));
    let charts_label = tr(
        lang,
        if charts_open {
            "run.charts_close"
        } else {
            "run.charts_open"
        },
    );
    let detail = run.trouble.as_ref().and_then(|trouble| trouble.detail());
    let title = detail.map_or_else(|| text.clone(), |detail| format!("{text} ({detail})"));
    html! {
        <div class="strip" data-status={status_slug(run.status)}>
            <Transport status={run.status} speed={run.speed} ready={chosen.is_some()} fresh={run.run == 0} />
            <output class="run-clock" aria-label={tr(lang, "run.clock")}>
                { clock.map_or_else(|| "--:--:--".to_owned(), clock_text) }
            </output>
            <div class="run-middle">
                if let Some(scenario) = scenario {
                    <Timeline {scenario} run={run.clone()} />
                } else {
                    <div class="timeline" />
                }
                <p class={classes!("run-words", tone_class)} title={title}>
                    if stale {
                        <span class="chip chip-tight">{ tr(lang, "run.stale") }</span>
                    }
                    if run.cursor.is_some() {
                        <button type="button" class="run-to-now" onclick={to_now}>{ tr(lang, "run.to_now") }</button>
                    }
                    if let Some(icon) = tone_icon {
                        <Icon name={icon} size={16} />
                    }
                    <span class="run-sentence">{ text.clone() }</span>
                </p>
                <span class="visually-hidden" role="status">
                    if run.status == Status::Finished || tone == Tone::Bad { { text } }
                </span>
            </div>
            <div class="run-end">
                if run.status == Status::Finished {
                    <a class="icon-btn run-believe" href={Route::Checks.hash()} aria-label={tr(lang, "run.believe")}
                        title={tr(lang, "run.believe")}>
                        <Icon name={IconName::Help} />
                    </a>
                }
                if feeds { <FeedButtons /> }
                <ScenarioButton />
                <button type="button" class="icon-btn" onclick={on_charts} aria-pressed={charts_open.to_string()}
                    aria-controls="charts" aria-label={charts_label.clone()} title={charts_label}>
                    <Icon name={IconName::Chart} />
                </button>
                <Disclosure class="run-more-button" label={tr(lang, "run.more")} icon={IconName::More}>
                    <More run={run.clone()} />
                </Disclosure>
            </div>
        </div>
    }
}

/// Results belong to a scenario: when another is chosen they go, and the first run opens the charts.
#[hook]
fn use_fresh_start(run: &Rc<RunState>) {
    let dispatch = use_run_dispatch();
    let chosen = use_scenario();
    let zones = use_zones();
    let last = use_mut_ref(|| None::<Rc<str>>);
    let json = chosen.map(|chosen| chosen.json.clone());
    use_effect_with(json, move |json| {
        if let Some(json) = json {
            let before = last.borrow_mut().replace(json.clone());
            if before.is_some_and(|before| before != *json) {
                dispatch.apply(RunCommand::Clear);
            }
        }
    });
    let first = run.run == 1 && run.status == Status::Running && run.previous.is_none();
    use_effect_with(first, move |first| {
        if *first {
            zones.apply(ZoneAction::OpenCharts);
        }
    });
}

/// The clock at the cursor, else the simulated time reached.
fn shown_clock(run: &RunState) -> Option<u32> {
    match run.cursor.and(run.shown_row()) {
        Some(row) => Some(run.data.table().time_of(row)),
        None if run.status == Status::Idle => None,
        None => run.clock_secs(),
    }
}

const fn status_slug(status: Status) -> &'static str {
    match status {
        Status::Idle => "idle",
        Status::Starting => "starting",
        Status::Running => "running",
        Status::Paused => "paused",
        Status::Finished => "finished",
        Status::Stopped => "stopped",
        Status::Failed => "failed",
        Status::Dead => "dead",
    }
}
