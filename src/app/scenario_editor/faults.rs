//! What breaks, and when.

use archplay_editor::scenario::{At, Choice, List, Word};
use archplay_model::scenario::{Fault, FaultAction, FaultTarget};
use archplay_model::{Kind, Place};
use archplay_text::Lang;
use yew::prelude::*;

use super::edit::use_shown;
use super::field::Fields;
use super::list::{Item, ItemList};
use super::text;
use super::timeline::FaultTimeline;
use crate::app::lang::{tr, use_lang};

/// The section.
#[component]
pub fn Faults() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let faults = &shown.scenario.faults;
    let items: Vec<Item> = faults
        .iter()
        .enumerate()
        .map(|(i, fault)| Item {
            name: what(lang, fault).into(),
            about: when(fault).into(),
            bad: !shown.problems_at(&format!("faults[{i}]"), true).is_empty(),
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    let names: Vec<String> = faults.iter().map(|fault| what(lang, fault)).collect();
    html! {
        <>
            <FaultTimeline scenario={shown.scenario.clone()} {names} selected={index} select={select.clone()} />
            <ItemList list={List::Faults} slug="faults" {items} selected={index} {select}>
                <section key={index} aria-label={tr(lang, "scenario.fault")}>
                    <h3>{ tr(lang, "scenario.fault") }</h3>
                    <Fields at={At::Fault(index)} />
                </section>
            </ItemList>
        </>
    }
}

/// A fault in a few words: what happens, and to whom.
fn what(lang: Lang, fault: &Fault) -> String {
    let of = |choice: Choice, slug: &str| text::word(lang, choice, slug);
    let action = of(FaultAction::CHOICE, fault.action.slug());
    let target = match &fault.target {
        FaultTarget::Component(id) => AttrValue::from(id.to_string()),
        FaultTarget::Place(place) => of(Place::CHOICE, place.slug()),
        FaultTarget::Kind(kind) | FaultTarget::OneOf(kind) => of(Kind::CHOICE, kind.slug()),
        FaultTarget::Link(key) => AttrValue::from(format!("{} → {}", key.from, key.to)),
        FaultTarget::OneServer => of(FaultTarget::CHOICE, fault.target.slug()),
    };
    format!("{target}: {action}")
}

fn when(fault: &Fault) -> String {
    match fault.until {
        Some(until) => format!("{} – {until}", fault.at),
        None => fault.at.to_string(),
    }
}
