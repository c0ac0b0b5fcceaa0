//! What a visitor does: steps one after the other, with others in their place.

use archplay_editor::scenario::{At, List, ScenarioCommand, Way, uses};
use archplay_model::scenario::JourneyStep;
use yew::prelude::*;

use super::edit::{use_edit, use_shown};
use super::field::{Fields, Problems};
use super::list::{Item, ItemList};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// The section.
#[component]
pub fn Journeys() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let steps = |count: usize| trf(lang, "scenario.steps", &[("count", &count.to_string())]);
    let items: Vec<Item> = shown
        .scenario
        .journeys
        .iter()
        .enumerate()
        .map(|(i, journey)| Item {
            name: AttrValue::from(journey.id.to_string()),
            about: steps(journey.steps.len()),
            bad: !shown
                .problems_at(&format!("journeys[{i}]"), true)
                .is_empty(),
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    let at = At::Journey(index);
    let count = uses(&shown.scenario, &at).to_string();
    let journey = shown.scenario.journeys.get(index);
    let list = journey.map(|journey| {
        let last = journey.steps.len().saturating_sub(1);
        journey
            .steps
            .iter()
            .enumerate()
            .map(|(number, step)| {
                html! { <Step key={number} journey={index} {number} step={step.clone()} last={number == last} /> }
            })
            .collect::<Html>()
    });
    html! {
        <ItemList list={List::Journeys} slug="journeys" {items} selected={index} {select}>
            <section key={index} aria-label={tr(lang, "scenario.journey")}>
                <h3>{ tr(lang, "scenario.journey") }</h3>
                <Fields {at} />
                <p class="field-help">{ trf(lang, "scenario.uses", &[("count", &count)]) }</p>
                <h3>{ tr(lang, "scenario.tab.steps") }</h3>
                <Problems path={format!("journeys[{index}].steps")} />
                <ol class="sced-steps">{ list }</ol>
                <Add list={List::Steps(index)} slug="steps" />
            </section>
        </ItemList>
    }
}

/// A step.
#[derive(Properties, PartialEq)]
struct StepProps {
    journey: usize,
    number: usize,
    step: JourneyStep,
    last: bool,
}

#[component]
fn Step(props: &StepProps) -> Html {
    let lang = use_lang();
    let at = At::Step(props.journey, props.number);
    let name = (props.number + 1).to_string();
    let title = trf(lang, "scenario.step", &[("number", &name)]);
    let others = (0..props.step.or.len()).map(|n| {
        let at = At::Alternative(props.journey, props.number, n);
        html! {
            <li key={n} class="sced-or">
                <Fields at={at.clone()} />
                <Tool command={ScenarioCommand::Remove(at)} icon={IconName::Minus} label={tr(lang, "scenario.remove_or")} />
            </li>
        }
    });
    let shift = |way| ScenarioCommand::Shift(at.clone(), way);
    html! {
        <li class="sced-step">
            <fieldset>
                <legend>{ title.clone() }</legend>
                <div class="sced-step-tools">
                    <Tool command={shift(Way::Up)} icon={IconName::ChevronUp} enabled={props.number > 0}
                        label={trf(lang, "scenario.move_up", &[("name", &title)])} />
                    <Tool command={shift(Way::Down)} icon={IconName::ChevronDown} enabled={!props.last}
                        label={trf(lang, "scenario.move_down", &[("name", &title)])} />
                    <Tool command={ScenarioCommand::Duplicate(at.clone())} icon={IconName::Copy}
                        label={trf(lang, "scenario.duplicate_it", &[("name", &title)])} />
                    <Tool command={ScenarioCommand::Remove(at.clone())} icon={IconName::Trash}
                        enabled={props.number > 0 || !props.last} label={trf(lang, "scenario.remove", &[("name", &title)])} />
                </div>
                <Fields at={at.clone()} />
                if !props.step.or.is_empty() {
                    <p class="field-help">{ tr(lang, "scenario.or") }</p>
                    <ul class="sced-ors">{ for others }</ul>
                }
                <Add list={List::Alternatives(props.journey, props.number)} slug="alternatives" />
            </fieldset>
        </li>
    }
}

/// A small button that does one thing.
#[derive(Properties, PartialEq)]
pub struct ToolProps {
    /// What it does.
    pub command: ScenarioCommand,
    /// Its icon.
    pub icon: IconName,
    /// Its name.
    pub label: AttrValue,
    /// Whether it can be done.
    #[prop_or(true)]
    pub enabled: bool,
}

/// A small button.
#[component]
pub fn Tool(props: &ToolProps) -> Html {
    let edit = use_edit();
    let onclick = {
        let command = props.command.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(edit) = &edit {
                // Buttons for what cannot be done are off.
                let _ = edit.apply(command.clone());
            }
        })
    };
    html! {
        <button type="button" class="icon-btn" disabled={!props.enabled} {onclick}
            title={props.label.clone()} aria-label={props.label.clone()}>
            <Icon name={props.icon} size={16} />
        </button>
    }
}

/// A button that adds an entry to a list.
#[derive(Properties, PartialEq)]
pub struct AddProps {
    /// Which list.
    pub list: List,
    /// Its name in text keys.
    pub slug: &'static str,
}

/// A button that adds an entry to a list.
#[component]
pub fn Add(props: &AddProps) -> Html {
    let lang = use_lang();
    let edit = use_edit();
    let refused = use_state_eq(|| None);
    let onclick = {
        let (list, refused) = (props.list.clone(), refused.setter());
        Callback::from(move |_: MouseEvent| {
            let Some(edit) = &edit else { return };
            let command = ScenarioCommand::Add {
                list: list.clone(),
                name: String::new(),
            };
            refused.set(edit.apply(command).err());
        })
    };
    html! {
        <>
            <button type="button" class="btn" {onclick}>
                <Icon name={IconName::Plus} size={14} />
                { tr(lang, &format!("scenario.add.{}", props.slug)) }
            </button>
            if let Some(why) = &*refused {
                <p class="field-error" role="alert">{ super::text::refusal(lang, why) }</p>
            }
        </>
    }
}
