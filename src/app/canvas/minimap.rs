//! The minimap: all of the drawing in a corner, with the part in view; shown when something is out of view.

use archplay_editor::{Camera, MANY};
use archplay_model::Rect;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use super::cards::boxes;
use crate::app::session::{use_camera, use_dispatch, use_live_document, use_viewport};

const W: f64 = 168.0;
const H: f64 = 104.0;
/// What stays free around it.
const EDGE: f64 = 5.0;

/// The minimap.
#[component]
pub fn Minimap() -> Html {
    let document = use_live_document();
    let camera = use_camera();
    let viewport = use_viewport();
    let dispatch = use_dispatch();
    // Of a large drawing one shape, made anew only when the drawing changes.
    let many = document.design.components.len() >= MANY;
    let cards = use_memo(document.clone(), |document| {
        let all = document.design.components.values();
        let cards = all.filter(|component| many && !component.kind.is_group());
        AttrValue::from(boxes(cards))
    });
    let Some(bounds) = document.design.bounds() else {
        return Html::default();
    };
    let seen = camera.visible(viewport);
    if seen.contains_rect(&bounds) {
        return Html::default();
    }
    let all = bounds.union(&seen);
    let scale = ((W - 2.0 * EDGE) / all.w.max(1.0)).min((H - 2.0 * EDGE) / all.h.max(1.0));
    let (left, top) = ((W - all.w * scale) / 2.0, (H - all.h * scale) / 2.0);
    let place = |r: Rect| {
        [
            left + (r.x - all.x) * scale,
            top + (r.y - all.y) * scale,
            (r.w * scale).max(2.0),
            (r.h * scale).max(2.0),
        ]
        .map(|n| format!("{n:.1}"))
    };
    let go = Callback::from(move |event: PointerEvent| {
        let pressed = event.type_() == "pointerdown" || event.buttons() & 1 == 1;
        let element = event
            .target()
            .and_then(|t| t.dyn_into::<Element>().ok())
            .and_then(|t| t.closest(".minimap").ok().flatten());
        let Some(element) = element.filter(|_| pressed) else {
            return;
        };
        let frame = element.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - frame.left() - left) / scale + all.x;
        let y = (f64::from(event.client_y()) - frame.top() - top) / scale + all.y;
        dispatch.update(|editor| {
            editor.set_camera(Camera {
                x: x - seen.w / 2.0,
                y: y - seen.h / 2.0,
                zoom: camera.zoom,
            });
        });
    });
    html! {
        <svg class="minimap" data-float="" width={W.to_string()} height={H.to_string()} aria-hidden="true"
            onpointerdown={go.clone()} onpointermove={go}>
            if many {
                <g transform={format!("translate({} {}) scale({scale})", left - all.x * scale, top - all.y * scale)}>
                    <path class="mini-card" d={(*cards).clone()} />
                </g>
            }
            for component in document.design.components.values().filter(|_| !many) {
                { {
                    let [x, y, width, height] = place(component.rect());
                    let class = if component.kind.is_group() { "mini-group" } else { "mini-card" };
                    html! { <rect key={component.id.as_str()} {class} {x} {y} {width} {height} rx="1" /> }
                } }
            }
            { {
                let [x, y, width, height] = place(seen);
                html! { <rect class="mini-view" {x} {y} {width} {height} rx="2" /> }
            } }
        </svg>
    }
}
