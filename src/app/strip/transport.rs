//! Play, pause, step, stop, speed.

use archplay_protocol::Speed;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{
    RunCommand, SPEEDS, Status, use_run_dispatch, use_run_start, use_run_toggle,
};

/// What the buttons hang on.
#[derive(Properties, PartialEq)]
pub struct TransportProps {
    /// Where the run stands.
    pub status: Status,
    /// How fast time goes.
    pub speed: Speed,
    /// Whether there is a scenario to run.
    pub ready: bool,
    /// Whether nothing was ever run: the button asks for attention once.
    pub fresh: bool,
}

/// The buttons.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let lang = use_lang();
    let dispatch = use_run_dispatch();
    let toggle = use_run_toggle();
    let start = use_run_start();
    let status = props.status;
    let (icon, key) = match status {
        Status::Starting | Status::Running => (IconName::Pause, "run.pause"),
        Status::Paused => (IconName::Play, "run.resume"),
        Status::Idle => (IconName::Play, "run.start"),
        Status::Dead => (IconName::Reset, "run.restart"),
        Status::Finished | Status::Stopped | Status::Failed => (IconName::Play, "run.again"),
    };
    let label = tr(lang, key);
    let ontoggle = Callback::from(move |_: MouseEvent| toggle.emit(()));
    let onstep = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if !status.is_active() {
                start.emit(());
            }
            dispatch.apply(RunCommand::Step);
        })
    };
    let onstop = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.apply(RunCommand::Stop))
    };
    let onspeed = Callback::from(move |event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        let chosen = select.and_then(|s| s.value().parse::<usize>().ok());
        if let Some(speed) = chosen.and_then(|index| SPEEDS.get(index)) {
            dispatch.apply(RunCommand::SetSpeed(*speed));
        }
    });
    let (step, stop, speed) = (
        tr(lang, "run.step"),
        tr(lang, "run.stop"),
        tr(lang, "run.speed"),
    );
    html! {
        <div class="run-buttons" role="group" aria-label={tr(lang, "run.controls")}>
            <button type="button" class={classes!("run-play", props.fresh.then_some("pulse"))}
                onclick={ontoggle} disabled={!props.ready} aria-label={label.clone()} title={trf(lang, "run.with_key", &[("label", &label), ("key", "Space")])}>
                <Icon name={icon} size={18} /><span>{ label }</span>
            </button>
            <button type="button" class="icon-btn" onclick={onstep} disabled={!props.ready} aria-label={step.clone()} title={step}>
                <Icon name={IconName::Step} />
            </button>
            <button type="button" class="icon-btn" onclick={onstop} disabled={!status.is_active()} aria-label={stop.clone()} title={stop}>
                <Icon name={IconName::Stop} />
            </button>
            <select class="select run-speed" aria-label={speed.clone()} title={speed} onchange={onspeed}>
                for (index, choice) in SPEEDS.iter().enumerate() {
                    <option key={index} value={index.to_string()} selected={*choice == props.speed}>
                        { speed_text(*choice, &tr(lang, "run.full_speed")) }
                    </option>
                }
            </select>
        </div>
    }
}

fn speed_text(speed: Speed, full: &str) -> String {
    match speed {
        Speed::Times(times) => format!("{times}×"),
        Speed::Full => full.to_owned(),
    }
}
