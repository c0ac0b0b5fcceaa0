//! The free playground's side: a drawing of one's own under a scenario of one's choice.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::lang::{tr, use_lang};
use crate::app::scenario::{ScenarioChooser, lasts, use_scenario, use_scenario_setter};

/// What to draw, under which scenario, with which seed.
#[component]
pub fn FreePanel() -> Html {
    let lang = use_lang();
    let chosen = use_scenario();
    let setter = use_scenario_setter();
    let seed = chosen.as_ref().map_or(1, |chosen| chosen.seed);
    let onchange = {
        let set = setter.seed.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                match input.value().trim().parse::<u64>() {
                    Ok(value) => set.emit(value),
                    Err(_) => input.set_value(&seed.to_string()),
                }
            }
        })
    };
    html! {
        <>
            <header class="lesson-head">
                <h1>{ tr(lang, "bar.free") }</h1>
            </header>
            <div class="lesson-body" tabindex="0">
                <p>{ tr(lang, "free.about") }</p>
                <ScenarioChooser group="scenario" />
                <div class="field seed">
                    <label for="seed">{ tr(lang, "free.seed") }</label>
                    <input id="seed" class="input" type="text" inputmode="numeric" pattern="[0-9]*"
                        value={seed.to_string()} {onchange} aria-describedby="seed-help" />
                    <p id="seed-help" class="field-help">{ tr(lang, "free.seed_help") }</p>
                </div>
                if let Some(chosen) = chosen {
                    <p class="quiet">{ lasts(lang, &chosen.scenario) }</p>
                }
            </div>
        </>
    }
}
