//! A button with a small panel that goes away by Escape, a click elsewhere or leaving it by Tab.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, Node};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};

/// What the button and the panel hold.
#[derive(Properties, PartialEq)]
pub struct DisclosureProps {
    /// The button's name.
    pub label: AttrValue,
    /// Its icon.
    pub icon: IconName,
    /// Whether the name stands beside the icon.
    #[prop_or_default]
    pub with_text: bool,
    /// Class of the whole.
    #[prop_or_default]
    pub class: Classes,
    /// The panel.
    pub children: Html,
}

/// The button with its panel.
#[component]
pub fn Disclosure(props: &DisclosureProps) -> Html {
    let open = use_state_eq(|| false);
    let whole = use_node_ref();
    let button = use_node_ref();
    {
        let (open, whole) = (open.clone(), whole.clone());
        use_effect_with(*open, move |shown| {
            let listener = shown.then(|| {
                EventListener::new(&gloo::utils::document(), "pointerdown", move |event| {
                    let target = event.target().and_then(|t| t.dyn_into::<Node>().ok());
                    let inside = whole
                        .cast::<Element>()
                        .is_some_and(|whole| whole.contains(target.as_ref()));
                    if !inside {
                        open.set(false);
                    }
                })
            });
            move || drop(listener)
        });
    }
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                event.stop_propagation();
                open.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    let _ = button.focus();
                }
            }
        })
    };
    let onfocusout = {
        let (open, whole) = (open.clone(), whole.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|t| t.dyn_into::<Node>().ok());
            let inside = whole
                .cast::<Element>()
                .is_some_and(|whole| whole.contains(to.as_ref()));
            if to.is_some() && !inside {
                open.set(false);
            }
        })
    };
    let class = if props.with_text {
        "btn btn-quiet"
    } else {
        "icon-btn"
    };
    html! {
        <div class={classes!("disclosure", props.class.clone())} ref={whole} {onkeydown} {onfocusout}>
            <button ref={button} type="button" {class} {onclick} aria-expanded={open.to_string()}
                aria-label={props.label.clone()} title={(!props.with_text).then(|| props.label.clone())}>
                <Icon name={props.icon} size={if props.with_text { 16 } else { 20 }} />
                if props.with_text { { props.label.clone() } }
            </button>
            if *open {
                <div class="disclosure-panel popover" role="group" aria-label={props.label.clone()}>
                    { props.children.clone() }
                </div>
            }
        </div>
    }
}
