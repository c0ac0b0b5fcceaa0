//! Starts the open drawing under the chosen scenario, for buttons and shortcuts.

use yew::prelude::*;

use crate::app::scenario::use_scenario;
use crate::app::session::use_dispatch;

use super::input::RunCommand;
use super::provider::use_run_dispatch;
use super::state::Status;

/// Returns what starts a run of the drawing as it is now; does nothing while no scenario is chosen.
#[hook]
pub fn use_run_start() -> Callback<()> {
    let editor = use_dispatch();
    let scenario = use_scenario();
    let dispatch = use_run_dispatch();
    use_callback(
        (editor, scenario, dispatch),
        |(), (editor, scenario, dispatch)| {
            if let Some(chosen) = scenario {
                dispatch.apply(RunCommand::Start {
                    design: editor.design(),
                    scenario: chosen.json.clone(),
                    seed: chosen.seed,
                    speed: dispatch.now().speed,
                });
            }
        },
    )
}

/// Returns what the play button and the space bar do: start, pause or go on.
#[hook]
pub fn use_run_toggle() -> Callback<()> {
    let start = use_run_start();
    let dispatch = use_run_dispatch();
    use_callback((start, dispatch), |(), (start, dispatch)| {
        match dispatch.now().status {
            Status::Starting | Status::Running => dispatch.apply(RunCommand::Pause),
            Status::Paused => dispatch.apply(RunCommand::Resume),
            _ => start.emit(()),
        }
    })
}
