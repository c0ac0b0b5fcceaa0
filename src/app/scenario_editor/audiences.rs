//! Who comes: each audience with its curve.

use archplay_editor::scenario::curve::Frame;
use archplay_editor::scenario::{At, List};
use yew::prelude::*;

use super::curve::{Curve, focus_of};
use super::curve_shapes::Shapes;
use super::edit::use_shown;
use super::field::{Fields, Problems};
use super::list::{Item, ItemList};
use super::points::Points;
use super::text;
use crate::app::lang::{tr, use_lang};

/// The section.
#[component]
pub fn Audiences() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let items: Vec<Item> = shown
        .scenario
        .audiences
        .iter()
        .enumerate()
        .map(|(i, audience)| Item {
            name: text::called(lang, &audience.name, &audience.id),
            about: AttrValue::from(audience.journey.to_string()),
            bad: !shown
                .problems_at(&format!("audiences[{i}]"), true)
                .is_empty(),
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    html! {
        <ItemList list={List::Audiences} slug="audiences" {items} selected={index} {select}>
            <OneAudience key={index} {index} />
        </ItemList>
    }
}

/// Which audience.
#[derive(Properties, PartialEq)]
struct OneProps {
    index: usize,
}

/// An audience: its curve first, then the rest.
#[component]
fn OneAudience(props: &OneProps) -> Html {
    let lang = use_lang();
    let index = props.index;
    let selected = use_state_eq(|| 0_usize);
    let kept = use_mut_ref(|| None::<Frame>);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let Some(audience) = shown.scenario.audiences.get(index) else {
        return Html::default();
    };
    // While a point is dragged the axes stand still under it.
    let known = kept.borrow().filter(|_| shown.busy);
    let frame = known.unwrap_or_else(|| Frame::of(&shown.scenario, &audience.rate));
    *kept.borrow_mut() = Some(frame);
    let point = (*selected).min(audience.rate.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |point| selected.set(point))
    };
    let done = {
        let selected = selected.setter();
        Callback::from(move |()| selected.set(0))
    };
    html! {
        <>
            <section aria-label={tr(lang, "scenario.curve.title")}>
                <h3>{ tr(lang, "scenario.curve.title") }</h3>
                <div class="sced-curve-and-table">
                    <div>
                        <Curve audience={index} of={audience.clone()} {frame} focus={focus_of(&shown.scenario, &frame)}
                            selected={point} select={select.clone()} />
                        <Shapes audience={index} {frame} points={audience.rate.clone()} {done} />
                    </div>
                    <Points audience={index} {frame} points={audience.rate.clone()} selected={point} {select} />
                </div>
                <Problems path={format!("audiences[{index}].rate")} />
            </section>
            <section aria-label={tr(lang, "scenario.audience")}>
                <h3>{ tr(lang, "scenario.audience") }</h3>
                <Fields at={At::Audience(index)} />
            </section>
        </>
    }
}
