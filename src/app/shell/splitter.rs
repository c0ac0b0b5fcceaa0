//! A handle between two zones: drag it, or focus it and press the arrow keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// Which way the handle moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Left and right.
    X,
    /// Up and down.
    Y,
}

/// The handle.
#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    /// Which way it moves.
    pub axis: Axis,
    /// Its name for assistive technology.
    pub label: AttrValue,
    /// Where it stands between its bounds, 0 to 100.
    pub percent: u32,
    /// Extra class.
    #[prop_or_default]
    pub class: Classes,
    /// The pointer's place on the page while it drags.
    pub on_drag: Callback<f64>,
    /// Arrow keys: one step back (-1) or forth (1).
    pub on_step: Callback<f64>,
}

/// A handle between two zones.
#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    let axis = props.axis;
    let onpointerdown = Callback::from(move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let Some(target) = event.current_target_element() {
            // Without capture the drag only ends earlier.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
    });
    let onpointermove = {
        let on_drag = props.on_drag.clone();
        Callback::from(move |event: PointerEvent| {
            let held = event
                .current_target_element()
                .is_some_and(|target| target.has_pointer_capture(event.pointer_id()));
            if held {
                on_drag.emit(match axis {
                    Axis::X => f64::from(event.client_x()),
                    Axis::Y => f64::from(event.client_y()),
                });
            }
        })
    };
    let onkeydown = {
        let on_step = props.on_step.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = match (axis, event.key().as_str()) {
                (Axis::X, "ArrowLeft") | (Axis::Y, "ArrowUp") => -1.0,
                (Axis::X, "ArrowRight") | (Axis::Y, "ArrowDown") => 1.0,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on_step.emit(step);
        })
    };
    let orientation = match axis {
        Axis::X => "vertical",
        Axis::Y => "horizontal",
    };
    html! {
        <div
            class={classes!("splitter", orientation, props.class.clone())}
            role="separator"
            tabindex="0"
            aria-orientation={orientation}
            aria-label={props.label.clone()}
            aria-valuenow={props.percent.to_string()}
            aria-valuemin="0"
            aria-valuemax="100"
            {onpointerdown} {onpointermove} {onkeydown}
        />
    }
}

trait CurrentElement {
    fn current_target_element(&self) -> Option<Element>;
}

impl CurrentElement for PointerEvent {
    /// Yew listens at the root, so the handle is looked for from the event's own target upwards.
    fn current_target_element(&self) -> Option<Element> {
        let target = self.target()?.dyn_into::<Element>().ok()?;
        target.closest(".splitter").ok().flatten()
    }
}
