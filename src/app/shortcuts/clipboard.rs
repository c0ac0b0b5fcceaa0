//! The clipboard: the browser's own copy, cut and paste events on the canvas, and the same from the list.
//!
//! Events need no permission. The command list has no event, so it asks the browser's clipboard and keeps
//! its own copy for browsers that refuse.

use std::cell::RefCell;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::ClipboardEvent;

use crate::app::dialog::{Toast, say};

use super::focus::at_canvas;
use super::perform::Env;

const PLAIN: &str = "text/plain";

thread_local! {
    /// The last copy made on this page.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn keep(text: &str) {
    LAST.with(|last| *last.borrow_mut() = Some(text.to_owned()));
}

/// Whether a person has marked text on the page, which is then what is copied.
fn text_is_marked() -> bool {
    let selection = gloo::utils::window().get_selection().ok().flatten();
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Listens to the browser's copy, cut and paste.
pub fn listen(env: &Env) -> Vec<EventListener> {
    let on = |name: &'static str, handler: fn(&Env, &ClipboardEvent) -> bool| {
        let env = env.clone();
        EventListener::new_with_options(
            &gloo::utils::document(),
            name,
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                let Some(event) = event.dyn_ref::<ClipboardEvent>() else {
                    return;
                };
                if !event.default_prevented() && at_canvas() && handler(&env, event) {
                    event.prevent_default();
                }
            },
        )
    };
    vec![
        on("copy", |env, event| {
            !text_is_marked() && put(event, env.dispatch.read(|editor| editor.copy()))
        }),
        on("cut", |env, event| {
            !text_is_marked() && put(event, env.dispatch.update(|editor| editor.cut()))
        }),
        on("paste", |env, event| {
            let data = event.clipboard_data();
            let text = data
                .and_then(|data| data.get_data(PLAIN).ok())
                .unwrap_or_default();
            if text.is_empty() {
                return false;
            }
            env.tell(env.dispatch.update(|editor| editor.paste_in_view(&text)));
            true
        }),
    ]
}

fn put(event: &ClipboardEvent, text: Option<String>) -> bool {
    let (Some(text), Some(data)) = (text, event.clipboard_data()) else {
        return false;
    };
    keep(&text);
    data.set_data(PLAIN, &text).is_ok()
}

/// Copies from the command list.
pub fn copy(env: &Env) {
    let text = env.dispatch.read(|editor| editor.copy());
    write(env, text);
}

/// Cuts from the command list.
pub fn cut(env: &Env) {
    let text = env.dispatch.update(|editor| editor.cut());
    write(env, text);
}

fn write(env: &Env, text: Option<String>) {
    let Some(text) = text else {
        env.toasts.emit(Toast::bad(say("edit_refusal.empty")));
        return;
    };
    keep(&text);
    let written = gloo::utils::window()
        .navigator()
        .clipboard()
        .write_text(&text);
    spawn_local(async move {
        // A browser that refuses leaves the page's own copy.
        let _ = JsFuture::from(written).await;
    });
}

/// Pastes from the command list.
pub fn paste(env: &Env) {
    let read = gloo::utils::window().navigator().clipboard().read_text();
    let env = env.clone();
    spawn_local(async move {
        let text = JsFuture::from(read)
            .await
            .ok()
            .and_then(|text| text.as_string());
        let text = text.or_else(|| LAST.with(|last| last.borrow().clone()));
        match text {
            Some(text) => env.tell(env.dispatch.update(|editor| editor.paste_in_view(&text))),
            None => env.toasts.emit(Toast::bad(say("edit_refusal.empty"))),
        }
    });
}
