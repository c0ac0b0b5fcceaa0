//! The free playground's side: a drawing of one's own under a scenario of one's choice.

use archplay_model::presets::Preset;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::panel::local_text;
use crate::app::files::{pick_file, use_import};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::scenario::{Source, use_own_scenario, use_scenario, use_scenario_setter};

/// What to draw, under which scenario, with which seed.
#[component]
pub fn FreePanel() -> Html {
    let lang = use_lang();
    let chosen = use_scenario();
    let own = use_own_scenario();
    let setter = use_scenario_setter();
    let import = use_import();
    let source = chosen.as_ref().map(|chosen| chosen.source.clone());
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
                <fieldset class="scenarios">
                    <legend>{ tr(lang, "free.scenario") }</legend>
                    for preset in Preset::ALL {
                        <ScenarioChoice key={preset.slug()} id={preset.slug()}
                            name={tr(lang, &format!("preset.{}.name", preset.slug()))}
                            about={tr(lang, &format!("preset.{}.about", preset.slug()))}
                            chosen={source == Some(Source::Preset(preset))}
                            choose={setter.preset.reform(move |()| preset)} />
                    }
                    if let Some(own) = own {
                        <ScenarioChoice key="own" id="own" name={local_text(lang, &own.name)}
                            about={tr(lang, "free.own")} chosen={source == Some(Source::Own)}
                            choose={setter.choose_own.clone()} />
                    }
                </fieldset>
                <button type="button" class="btn" onclick={Callback::from(move |_: MouseEvent| pick_file(import.clone()))}>
                    <Icon name={IconName::Upload} size={16} />
                    { tr(lang, "free.load_scenario") }
                </button>
                <div class="field seed">
                    <label for="seed">{ tr(lang, "free.seed") }</label>
                    <input id="seed" class="input" type="text" inputmode="numeric" pattern="[0-9]*"
                        value={seed.to_string()} {onchange} aria-describedby="seed-help" />
                    <p id="seed-help" class="field-help">{ tr(lang, "free.seed_help") }</p>
                </div>
                if let Some(chosen) = chosen {
                    <p class="quiet">
                        { trf(lang, "free.lasts", &[
                            ("start", &chosen.scenario.start.to_string()),
                            ("minutes", &(chosen.scenario.duration_secs / 60).to_string()),
                        ]) }
                    </p>
                }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ScenarioChoiceProps {
    id: AttrValue,
    name: AttrValue,
    about: AttrValue,
    chosen: bool,
    choose: Callback<()>,
}

#[component]
fn ScenarioChoice(props: &ScenarioChoiceProps) -> Html {
    html! {
        <label class={classes!("scenario", props.chosen.then_some("scenario-chosen"))}>
            <input type="radio" name="scenario" value={props.id.clone()} checked={props.chosen}
                onchange={props.choose.reform(|_| ())} />
            <span>
                <strong>{ props.name.clone() }</strong>
                <small>{ props.about.clone() }</small>
            </span>
        </label>
    }
}
