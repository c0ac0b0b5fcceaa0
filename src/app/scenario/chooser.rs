//! Choosing a scenario: the task's, the presets, one's own; and the way into the editor.

use std::rc::Rc;

use archplay_model::format::read_scenario;
use archplay_model::presets::Preset;
use archplay_text::Lang;
use yew::prelude::*;

use super::{
    Source, use_lesson_source, use_own_actions, use_own_scenarios, use_scenario,
    use_scenario_setter,
};
use crate::app::files::{pick_file, use_import};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::lesson::local_text;
use crate::app::route::{Route, navigate};
use crate::app::store::keeper::SaveState;
use crate::app::strip::Disclosure;

/// The button in the strip; the choice is in its panel.
#[component]
pub fn ScenarioButton() -> Html {
    let lang = use_lang();
    html! {
        <Disclosure class="run-scenario" label={tr(lang, "free.scenario")} icon={IconName::Client}>
            <ScenarioChooser group="strip-scenario" />
        </Disclosure>
    }
}

/// What the choice is made in.
#[derive(Properties, PartialEq)]
pub struct ChooserProps {
    /// The name of the group of radio buttons: the choice may be shown twice on a page.
    pub group: AttrValue,
}

/// The choice.
#[component]
pub fn ScenarioChooser(props: &ChooserProps) -> Html {
    let lang = use_lang();
    let own = use_own_scenarios();
    let actions = use_own_actions();
    let import = use_import();
    use_effect_with((), move |()| actions.load());
    let edit = Callback::from(|_: MouseEvent| navigate(Route::Scenario));
    let failed = match &own.save {
        SaveState::Failed(error) => Some(tr(lang, &format!("scenario.save.{}", error.slug()))),
        _ => None,
    };
    html! {
        <div class="scenario-chooser">
            <Choices group={props.group.clone()} />
            if let Some(failed) = failed {
                <p class="field-error" role="alert">{ failed }</p>
            }
            <div class="scenario-actions">
                <button type="button" class="btn" onclick={edit}>
                    <Icon name={IconName::Pencil} size={16} />
                    { tr(lang, "scenario.edit") }
                </button>
                <button type="button" class="btn" onclick={Callback::from(move |_: MouseEvent| pick_file(import.clone()))}>
                    <Icon name={IconName::Upload} size={16} />
                    { tr(lang, "free.load_scenario") }
                </button>
            </div>
        </div>
    }
}

/// The radio buttons.
#[component]
fn Choices(props: &ChooserProps) -> Html {
    let lang = use_lang();
    let setter = use_scenario_setter();
    let own = use_own_scenarios();
    let lesson = use_lesson_source();
    let lesson_name = use_lesson_name(lang);
    let bundle = use_course().lesson.ready().cloned();
    let bundle = bundle.filter(|_| lesson.is_some());
    let extras = bundle.iter().flat_map(|bundle| {
        bundle.extras.iter().map(|extra| {
            let source = Source::Extra {
                lesson: bundle.id.clone(),
                id: extra.id.clone(),
            };
            (source, local_text(lang, &extra.title))
        })
    });
    let source = use_scenario().map(|chosen| chosen.source.clone());
    let choice = |id: String, wanted: Source, name: AttrValue, about: AttrValue| {
        let chosen = source.as_ref() == Some(&wanted);
        let onchange = setter.choose.reform(move |_: Event| wanted.clone());
        html! {
            <label key={id.clone()} class={classes!("scenario", chosen.then_some("scenario-chosen"))}>
                <input type="radio" name={props.group.clone()} value={id} checked={chosen} {onchange} />
                <span>
                    <strong>{ name }</strong>
                    <small>{ about }</small>
                </span>
            </label>
        }
    };
    html! {
        <fieldset class="scenarios">
            <legend>{ tr(lang, "free.scenario") }</legend>
            if let Some(lesson) = lesson {
                { choice("lesson".into(), lesson, lesson_name, tr(lang, "scenario.of_task")) }
                for (source, name) in extras {
                    { choice(format!("extra-{name}"), source, name.into(), tr(lang, "extra.choice")) }
                }
            }
            for preset in Preset::ALL {
                { choice(preset.slug().into(), Source::Preset(preset),
                    tr(lang, &format!("preset.{}.name", preset.slug())),
                    tr(lang, &format!("preset.{}.about", preset.slug()))) }
            }
            for record in own.list.iter().flat_map(|list| list.iter()) {
                { choice(format!("own-{}", record.id), Source::Own(record.id.as_str().into()),
                    shown_name(lang, &record.name), tr(lang, "scenario.mine")) }
            }
        </fieldset>
    }
}

/// The name of a scenario; one without a name is called so.
pub fn shown_name(lang: Lang, name: &archplay_model::scenario::LocalText) -> AttrValue {
    let name = local_text(lang, name);
    if name.trim().is_empty() {
        tr(lang, "scenario.untitled")
    } else {
        name.into()
    }
}

/// The name of the open task's scenario.
#[hook]
fn use_lesson_name(lang: Lang) -> AttrValue {
    let task = use_course().task();
    let json: Option<Rc<str>> = task.map(|task| Rc::from(&*task.scenario));
    let name = use_memo(json, |json| {
        let scenario = json.as_deref().and_then(|json| read_scenario(json).ok());
        scenario.map(|scenario| scenario.name)
    });
    name.as_ref()
        .as_ref()
        .map_or_else(AttrValue::default, |name| shown_name(lang, name))
}

/// What a scenario is about, in a line: from when and how long.
pub fn lasts(lang: Lang, scenario: &archplay_model::Scenario) -> AttrValue {
    let (minutes, secs) = (scenario.duration_secs / 60, scenario.duration_secs);
    let start = scenario.start.to_string();
    let (key, unit, length) = if minutes < 2 {
        ("free.lasts_secs", "secs", secs)
    } else if minutes >= 120 && secs.is_multiple_of(3_600) {
        ("free.lasts_hours", "hours", secs / 3_600)
    } else {
        ("free.lasts", "minutes", minutes)
    };
    trf(lang, key, &[("start", &start), (unit, &length.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_hours_and_a_minute_seconds() {
        let mut scenario = Preset::Steady.scenario().unwrap_or_else(|e| panic!("{e}"));
        for (secs, words) in [(86_400, "24시간"), (5_400, "90분"), (40, "40초")] {
            scenario.duration_secs = secs;
            let text = lasts(Lang::Ko, &scenario);
            assert!(text.contains(words), "{text}");
        }
    }
}
