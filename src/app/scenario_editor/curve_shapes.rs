//! A curve from a shape: steady, a day, a crowd, a climb, a jump.

use archplay_editor::scenario::curve::Frame;
use archplay_editor::scenario::shape::Shape;
use archplay_editor::scenario::{ScenarioCommand, ScenarioRefusal};
use archplay_model::limits::MAX_RATE_PER_SEC;
use archplay_model::scenario::RatePoint;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::edit::use_edit;
use super::text;
use crate::app::charts::format::figure;
use crate::app::lang::{tr, use_lang};
use crate::app::number::read_number;

/// What the shapes are for.
#[derive(Properties, PartialEq)]
pub struct ShapesProps {
    /// The audience's number.
    pub audience: usize,
    /// Its frame.
    pub frame: Frame,
    /// Its curve as it is.
    pub points: Vec<RatePoint>,
    /// Told when the curve is a new one.
    pub done: Callback<()>,
}

fn rate(text: &str) -> Result<f64, ScenarioRefusal> {
    let rate = read_number(&text.replace([',', ' '], ""));
    let rate = rate.ok_or(ScenarioRefusal::WrongValue)?;
    if (0.0..=MAX_RATE_PER_SEC).contains(&rate) {
        Ok(rate)
    } else {
        Err(ScenarioRefusal::OutOfRange {
            min: 0.0,
            max: MAX_RATE_PER_SEC,
        })
    }
}

/// The form.
#[component]
pub fn Shapes(props: &ShapesProps) -> Html {
    let lang = use_lang();
    let edit = use_edit();
    let shape = use_state_eq(|| Shape::FlashCrowd);
    let refused = use_state_eq(|| None::<ScenarioRefusal>);
    // Proposals: what the curve has now; of a flat one a shape would be flat again.
    let rates = || props.points.iter().map(|point| point.per_sec);
    let least = rates().fold(f64::INFINITY, f64::min).min(MAX_RATE_PER_SEC);
    let most = rates().fold(0.0, f64::max);
    let flat = props.points.len() < 2 || most <= least;
    let most = if flat { most.max(1.0) * 10.0 } else { most };
    let quiet = use_state_eq(|| figure(least));
    let busy = use_state_eq(|| figure(most.min(MAX_RATE_PER_SEC)));
    let onshape = {
        let shape = shape.setter();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let slug = select.map(|select| select.value()).unwrap_or_default();
            if let Some(chosen) = Shape::ALL.into_iter().find(|other| other.slug() == slug) {
                shape.set(chosen);
            }
        })
    };
    let typed = |state: &UseStateHandle<String>| {
        let state = state.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                state.set(input.value());
            }
        })
    };
    let (onquiet, onbusy) = (typed(&quiet), typed(&busy));
    let onsubmit = {
        let (shape, quiet, busy) = (*shape, (*quiet).clone(), (*busy).clone());
        let (audience, frame) = (props.audience, props.frame);
        let (refused, done) = (refused.setter(), props.done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(edit) = &edit else { return };
            let points = rate(&quiet).and_then(|quiet| {
                let busy = rate(&busy)?;
                Ok(shape.points(&frame, quiet, busy))
            });
            let result = points.and_then(|points| {
                edit.apply(ScenarioCommand::Curve {
                    audience,
                    points,
                    moved: None,
                })
            });
            refused.set(result.err());
            done.emit(());
        })
    };
    let unit = tr(lang, "scenario.unit.per_sec");
    html! {
        <form class="sced-shapes" {onsubmit}>
            <div class="field">
                <label for="sced-shape">{ tr(lang, "scenario.curve.shapes") }</label>
                <select id="sced-shape" class="select" onchange={onshape}>
                    for other in Shape::ALL {
                        <option key={other.slug()} value={other.slug()} selected={other == *shape}>
                            { tr(lang, &format!("scenario.shape.{}", other.slug())) }
                        </option>
                    }
                </select>
            </div>
            <div class="field">
                <label for="sced-quiet">{ tr(lang, "scenario.curve.quiet") }{ " (" }{ unit.clone() }{ ")" }</label>
                <input id="sced-quiet" class="input" inputmode="decimal" autocomplete="off" value={(*quiet).clone()}
                    oninput={onquiet} disabled={*shape == Shape::Steady} />
            </div>
            <div class="field">
                <label for="sced-busy">{ tr(lang, "scenario.curve.busy") }{ " (" }{ unit }{ ")" }</label>
                <input id="sced-busy" class="input" inputmode="decimal" autocomplete="off" value={(*busy).clone()} oninput={onbusy} />
            </div>
            <button type="submit" class="btn">{ tr(lang, "scenario.curve.use_shape") }</button>
            if let Some(why) = &*refused {
                <p class="field-error" role="alert">{ text::refusal(lang, why) }</p>
            }
        </form>
    }
}
