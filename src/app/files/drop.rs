//! Files dropped anywhere on the page.

use std::cell::RefCell;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File};
use yew::prelude::*;

use super::folder::{Incoming, dropped};
use super::import::{list, use_import};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};

/// Takes files dropped anywhere on the page, and says so while one hovers over it.
#[component]
pub fn DropTarget() -> Html {
    let lang = use_lang();
    let over = use_state_eq(|| false);
    let import = use_import();
    use_effect_with(import, {
        let over = over.setter();
        move |import| {
            let listeners = listen(&over, import);
            move || drop(listeners)
        }
    });
    if !*over {
        return Html::default();
    }
    html! {
        <div class="drop-shade" aria-hidden="true">
            <div class="drop-card">
                <Icon name={IconName::Upload} size={32} />
                <p>{ tr(lang, "files.drop_here") }</p>
            </div>
        </div>
    }
}

thread_local! {
    /// Who gets dropped files instead of the import.
    static TAKER: RefCell<Option<Callback<Vec<Incoming>>>> = const { RefCell::new(None) };
}

/// While it lives, dropped files go elsewhere.
pub struct Taken(());

impl Drop for Taken {
    fn drop(&mut self) {
        TAKER.set(None);
    }
}

/// A room asks for all files and folders that are dropped while it is open.
pub fn take_drops(take: Callback<Vec<Incoming>>) -> Taken {
    TAKER.set(Some(take));
    Taken(())
}

/// Whether it is files that are dragged, and not a card or a text.
fn carries_files(event: &Event) -> Option<DragEvent> {
    let event = event.dyn_ref::<DragEvent>()?.clone();
    let types = event.data_transfer()?.types();
    types
        .iter()
        .any(|kind| kind.as_string().as_deref() == Some("Files"))
        .then_some(event)
}

fn listen(over: &UseStateSetter<bool>, import: &Callback<Vec<File>>) -> [EventListener; 3] {
    let window = gloo::utils::window();
    let options = EventListenerOptions::enable_prevent_default();
    let hover = {
        let over = over.clone();
        EventListener::new_with_options(&window, "dragover", options, move |event| {
            if let Some(event) = carries_files(event) {
                // Else the browser would open the file and leave the page.
                event.prevent_default();
                if let Some(data) = event.data_transfer() {
                    data.set_drop_effect("copy");
                }
                over.set(true);
            }
        })
    };
    let leave = {
        let over = over.clone();
        EventListener::new(&window, "dragleave", move |event| {
            let outside = event
                .dyn_ref::<DragEvent>()
                .is_none_or(|event| event.related_target().is_none());
            if outside {
                over.set(false);
            }
        })
    };
    let drop = {
        let (over, import) = (over.clone(), import.clone());
        EventListener::new_with_options(&window, "drop", options, move |event| {
            over.set(false);
            if let Some(event) = carries_files(event) {
                event.prevent_default();
                let Some(data) = event.data_transfer() else {
                    return;
                };
                match TAKER.with_borrow(Clone::clone) {
                    Some(taker) => taker.emit(dropped(&data)),
                    None => import.emit(list(data.files().as_ref())),
                }
            }
        })
    };
    [hover, leave, drop]
}
