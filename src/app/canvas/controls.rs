//! Zoom, fit, minimap and AWS names: the small controls in the canvas's corner.

use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::session::{use_camera, use_dispatch};
use crate::app::shell::{ZoneAction, use_zones};

/// The controls.
#[component]
pub fn Controls() -> Html {
    let lang = use_lang();
    let zoom = use_camera().zoom;
    let dispatch = use_dispatch();
    let zones = use_zones();
    let zoom_to = |factor: f64| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.update(|editor| {
                let zoom = editor.camera().zoom * factor;
                editor.zoom_to(zoom);
            });
        })
    };
    let actual = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.update(|editor| editor.zoom_to(1.0)))
    };
    let fit = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.update(|editor| editor.fit()))
    };
    let toggle = |action: ZoneAction| {
        let zones = zones.clone();
        Callback::from(move |_: MouseEvent| zones.apply(action))
    };
    let percent = format!("{}", (zoom * 100.0).round());
    let button =
        |name: IconName, key: &str, pressed: Option<bool>, onclick: Callback<MouseEvent>| {
            let label = tr(lang, key);
            html! {
                <button class="icon-btn" title={label.clone()} aria-label={label}
                    aria-pressed={pressed.map(|pressed| pressed.to_string())} {onclick}>
                    <Icon {name} size={18} />
                </button>
            }
        };
    html! {
        <div class="canvas-controls" role="group" aria-label={tr(lang, "canvas.controls")} data-float="">
            <button class="icon-btn aws-toggle" aria-pressed={zones.layout.aws_captions.to_string()}
                title={tr(lang, "canvas.aws")} aria-label={tr(lang, "canvas.aws")}
                onclick={toggle(ZoneAction::ToggleAws)}>{ "AWS" }</button>
            { button(IconName::Map, "canvas.minimap", Some(zones.layout.minimap), toggle(ZoneAction::ToggleMinimap)) }
            <span class="sep" />
            { button(IconName::Minus, "canvas.zoom_out", None, zoom_to(1.0 / 1.25)) }
            <button class="zoom-value" title={tr(lang, "canvas.zoom_actual")}
                aria-label={trf(lang, "canvas.zoom_now", &[("n", &percent)])} onclick={actual}>
                { format!("{percent}%") }
            </button>
            { button(IconName::Plus, "canvas.zoom_in", None, zoom_to(1.25)) }
            { button(IconName::Fit, "canvas.fit", None, fit) }
        </div>
    }
}
