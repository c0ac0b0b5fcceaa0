//! Opens the drawing of a case in the free playground, under its own scenario and seed.

use std::rc::Rc;

use archplay_model::format::{read_design, read_scenario};
use archplay_model::{Design, Scenario};
use archplay_report::check::Check;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::data::with_documents;
use super::words;
use crate::app::dialog::{Toast, say, say_with, use_toasts};
use crate::app::drawings::use_desk;
use crate::app::lang::use_lang;
use crate::app::route::use_route;
use crate::app::scenario::{Source, use_own_actions, use_scenario_setter};

/// Returns what opens a run of a case, by its position.
#[hook]
pub fn use_open_check() -> Callback<(Rc<Check>, usize)> {
    let lang = use_lang();
    let here = use_route().desk;
    let desk = use_desk().actions;
    let setter = use_scenario_setter();
    let own = use_own_actions();
    let toasts = use_toasts();
    Callback::from(move |(check, index): (Rc<Check>, usize)| {
        let (desk, setter, toasts) = (desk.clone(), setter.clone(), toasts.clone());
        let own = own.clone();
        spawn_local(async move {
            let title = words::title(lang, &check);
            let whole = with_documents(&check).await.ok();
            let read = whole.and_then(|whole| documents(&whole, index, &title));
            let Some((design, scenario, seed)) = read else {
                toasts.emit(Toast::bad(say("checks.open_failed")));
                return;
            };
            // The same case keeps one place among one's own scenarios, however often it is opened.
            let id: Rc<str> = format!("check-{}-{index}", check.id).into();
            own.update(&id, &scenario);
            setter.choose_free.emit(Source::Own(id));
            setter.seed.emit(seed);
            desk.open_new(design, here);
            let args = [("title", title.as_str())];
            toasts.emit(Toast::done(say_with("checks.opened", &args)));
        });
    })
}

/// The drawing, the scenario and the seed of a run, both called as the case is.
pub fn documents(check: &Check, index: usize, title: &str) -> Option<(Design, Scenario, u64)> {
    let run = check.runs.get(index)?;
    let (mut design, _) = read_design(&run.design.as_ref()?.to_string()).ok()?;
    let mut scenario = read_scenario(&run.scenario.as_ref()?.to_string()).ok()?;
    title.clone_into(&mut design.name);
    title.clone_into(&mut scenario.name.ko);
    title.clone_into(&mut scenario.name.en);
    Some((design, scenario, run.seed))
}
