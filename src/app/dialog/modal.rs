//! A dialog over the page.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};

/// What a dialog shows.
#[derive(Properties, PartialEq)]
pub struct ModalProps {
    /// Its heading; also its accessible name.
    pub title: AttrValue,
    /// Asked to close: Esc, the button, or a click beside it.
    pub onclose: Callback<()>,
    /// An extra class, for its width.
    #[prop_or_default]
    pub class: Classes,
    /// Its content.
    pub children: Html,
}

/// Shows a modal dialog for as long as it is rendered.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let lang = use_lang();
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        let onclose = props.onclose.clone();
        move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listeners = dialog.as_ref().map(|dialog| {
                if !dialog.open() {
                    // Refused only for an element that is not in the page, where nobody could see it.
                    let _ = dialog.show_modal();
                }
                listen(dialog, &onclose)
            });
            move || {
                drop(listeners);
                if let Some(dialog) = dialog
                    && dialog.open()
                {
                    // Gives the focus back to where it was.
                    dialog.close();
                }
            }
        }
    });
    let close = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(()))
    };
    html! {
        <dialog ref={node} class={classes!("modal", props.class.clone())} aria-label={props.title.clone()}>
            <div class="modal-body">
                <div class="modal-head">
                    <h2>{ props.title.clone() }</h2>
                    <button type="button" class="icon-btn" onclick={close}
                        aria-label={tr(lang, "dialog.close")} title={tr(lang, "dialog.close")}>
                        <Icon name={IconName::Close} size={18} />
                    </button>
                </div>
                { props.children.clone() }
            </div>
        </dialog>
    }
}

/// Closes by the owner's will only: the page's state decides whether a dialog is open.
fn listen(dialog: &HtmlDialogElement, onclose: &Callback<()>) -> [EventListener; 3] {
    let cancel = {
        let onclose = onclose.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(dialog, "cancel", options, move |event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    // A second Esc closes in spite of a prevented `cancel`.
    let closed = {
        let onclose = onclose.clone();
        EventListener::new(dialog, "close", move |_| onclose.emit(()))
    };
    let beside = {
        let onclose = onclose.clone();
        let own = dialog.clone();
        EventListener::new(dialog, "pointerdown", move |event| {
            let on_backdrop = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|element| element == **own);
            if on_backdrop {
                onclose.emit(());
            }
        })
    };
    [cancel, closed, beside]
}
