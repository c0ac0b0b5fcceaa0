//! The place of a figure in a text: empty until it comes near the view or the page is printed.

use gloo::events::EventListener;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::prelude::*;

use super::frame::Figure;

/// How far outside the view it is drawn already, so that nobody sees it come.
const MARGIN: &str = "240px 0px";

/// Which figure.
#[derive(Properties, PartialEq)]
pub struct FigurePlaceProps {
    /// Its name.
    pub name: AttrValue,
}

/// The place.
#[component]
pub fn FigurePlace(props: &FigurePlaceProps) -> Html {
    let near = use_state_eq(|| false);
    let node = use_node_ref();
    use_effect_with((), {
        let (near, node) = (near.setter(), node.clone());
        move |()| {
            let printed = {
                let near = near.clone();
                EventListener::once(&gloo::utils::window(), "beforeprint", move |_| {
                    near.set(true)
                })
            };
            let watch = node.cast::<Element>().and_then(|place| {
                let seen = near.clone();
                Watch::new(&place, move || seen.set(true))
            });
            if watch.is_none() {
                // A browser that cannot tell shows it at once.
                near.set(true);
            }
            move || drop((printed, watch))
        }
    });
    html! {
        <div ref={node} class="fig-place">
            if *near {
                <Figure name={props.name.clone()} />
            }
        </div>
    }
}

/// Calls when an element comes near the view; stops when dropped.
struct Watch {
    observer: IntersectionObserver,
    _closure: Closure<dyn FnMut(Array)>,
}

impl Watch {
    fn new(element: &Element, call: impl Fn() + 'static) -> Option<Self> {
        let closure = Closure::new(move |entries: Array| {
            let near = entries.iter().any(|entry| {
                entry
                    .dyn_into::<IntersectionObserverEntry>()
                    .is_ok_and(|entry| entry.is_intersecting())
            });
            if near {
                call();
            }
        });
        let options = IntersectionObserverInit::new();
        // The margin counts only around what scrolls.
        if let Ok(Some(scrolls)) = element.closest(".lesson-body") {
            options.set_root(Some(&scrolls));
        }
        options.set_root_margin(MARGIN);
        let observer =
            IntersectionObserver::new_with_options(closure.as_ref().unchecked_ref(), &options)
                .ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _closure: closure,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
