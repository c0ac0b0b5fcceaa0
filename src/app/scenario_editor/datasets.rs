//! Which data there is.

use archplay_editor::scenario::{At, List, uses};
use yew::prelude::*;

use super::edit::use_shown;
use super::field::Fields;
use super::list::{Item, ItemList};
use super::text;
use crate::app::charts::format::grouped;
use crate::app::lang::{tr, trf, use_lang};

/// The section.
#[component]
pub fn Datasets() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let rows = text::unit(lang, archplay_editor::scenario::Unit::Rows).unwrap_or_default();
    let items: Vec<Item> = shown
        .scenario
        .datasets
        .iter()
        .enumerate()
        .map(|(i, dataset)| Item {
            name: AttrValue::from(dataset.id.to_string()),
            about: format!("{} {rows}", grouped(dataset.rows)).into(),
            bad: !shown
                .problems_at(&format!("datasets[{i}]"), true)
                .is_empty(),
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    let at = At::Dataset(index);
    let count = uses(&shown.scenario, &at).to_string();
    html! {
        <ItemList list={List::Datasets} slug="datasets" {items} selected={index} {select}>
            <section key={index} aria-label={tr(lang, "scenario.dataset")}>
                <h3>{ tr(lang, "scenario.dataset") }</h3>
                <Fields {at} />
                <p class="field-help">{ trf(lang, "scenario.uses", &[("count", &count)]) }</p>
            </section>
        </ItemList>
    }
}
