//! What can be asked of the system, and what it takes.

use archplay_editor::scenario::{At, List, uses};
use archplay_model::scenario::Entry;
use yew::prelude::*;

use super::demands::Demands;
use super::edit::use_shown;
use super::field::Fields;
use super::list::{Item, ItemList};
use super::text;
use crate::app::lang::{tr, trf, use_lang};

/// The section.
#[component]
pub fn Operations() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let items: Vec<Item> = shown
        .scenario
        .operations
        .iter()
        .enumerate()
        .map(|(i, operation)| Item {
            name: text::called(lang, &operation.name, &operation.id),
            about: match operation.entry {
                Entry::Visitor => AttrValue::from(operation.id.to_string()),
                Entry::Admin => tr(lang, "scenario.choice.entry.admin"),
            },
            bad: !shown
                .problems_at(&format!("operations[{i}]"), true)
                .is_empty(),
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    let at = At::Operation(index);
    let count = uses(&shown.scenario, &at).to_string();
    html! {
        <ItemList list={List::Operations} slug="operations" {items} selected={index} {select}>
            <section key={index} aria-label={tr(lang, "scenario.operation")}>
                <h3>{ tr(lang, "scenario.operation") }</h3>
                <Fields {at} />
                <p class="field-help">{ trf(lang, "scenario.uses", &[("count", &count)]) }</p>
                <h3>{ tr(lang, "scenario.demands.title") }</h3>
                if let Some(operation) = shown.scenario.operations.get(index) {
                    <Demands operation={index} root={operation.demand.clone()} />
                }
            </section>
        </ItemList>
    }
}
