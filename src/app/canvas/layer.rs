//! A layer of the canvas: an `<svg>` of its own, so that what moves in one paints nothing of another.

use yew::prelude::*;

use crate::app::session::use_camera;

/// A layer.
#[derive(Properties, PartialEq)]
pub struct LayerProps {
    /// Its class.
    pub class: Classes,
    /// What is drawn in canvas units.
    pub children: Html,
}

/// Draws a layer; only its transform follows the camera.
#[component]
pub fn Layer(props: &LayerProps) -> Html {
    let camera = use_camera();
    let transform = format!(
        "scale({}) translate({} {})",
        camera.zoom, -camera.x, -camera.y
    );
    html! {
        <svg class={classes!("layer", props.class.clone())} aria-hidden={None::<AttrValue>}>
            <g {transform}>{ props.children.clone() }</g>
        </svg>
    }
}

/// The dots behind the drawing.
#[component]
pub fn Backdrop() -> Html {
    let camera = use_camera();
    let mut step = 24.0 * camera.zoom;
    while step < 14.0 {
        step *= 2.0;
    }
    let style = format!(
        "background-size:{step}px {step}px;background-position:{}px {}px",
        -camera.x * camera.zoom,
        -camera.y * camera.zoom
    );
    html! { <div class="backdrop" {style} /> }
}
