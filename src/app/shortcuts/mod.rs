//! Keys of the whole page: the listener, the key sheet and the command list.
//!
//! Everything comes from one table (`table`). Keys that belong to the canvas alone are handled there; they
//! stand in the table to be shown. Must not live here: what the editor does.

mod clipboard;
mod focus;
mod list;
mod perform;
mod sheet;
mod table;

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::app::class::Share;
use crate::app::dialog::use_toasts;
use crate::app::glossary::Glossary;
use crate::app::lang::use_lang;
use crate::app::lesson::data::use_course;
use crate::app::route::use_route;
use crate::app::run::use_run_toggle;
use crate::app::session::use_dispatch;
use crate::app::shell::use_zones;

use self::list::CommandList;
use self::perform::Env;
use self::sheet::KeySheet;
use self::table::{Action, Scope, composing, find};

/// What is open over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// Nothing.
    #[default]
    None,
    /// The key sheet.
    Keys,
    /// The command list.
    Commands,
    /// The glossary.
    Glossary,
    /// The link to where one is.
    Share,
}

/// The event by which any room asks for the key sheet.
const SHOW_KEYS: &str = "archplay-show-keys";

/// The event by which any room asks for the glossary.
const SHOW_GLOSSARY: &str = "archplay-show-glossary";

/// The event by which any room asks for the link to where one is.
const SHOW_SHARE: &str = "archplay-show-share";

/// The event by which the canvas is asked to let the name of what is selected be typed.
pub const RENAME: &str = "archplay-rename";

/// Opens the key sheet, as the key does.
pub fn show_keys() {
    ask(SHOW_KEYS);
}

/// Opens the glossary.
pub fn show_glossary() {
    ask(SHOW_GLOSSARY);
}

/// Shows the link to where one is.
pub fn show_share() {
    ask(SHOW_SHARE);
}

fn ask(what: &str) {
    if let Ok(event) = Event::new(what) {
        // Nobody prevents it.
        let _ = gloo::utils::window().dispatch_event(&event);
    }
}

/// Listens to keys; shows the key sheet and the command list.
#[component]
pub fn Shortcuts() -> Html {
    let sheet = use_state_eq(Sheet::default);
    let open = {
        let sheet = sheet.setter();
        use_callback((), move |next: Sheet, ()| sheet.set(next))
    };
    let env = Env {
        lang: use_lang(),
        dispatch: use_dispatch(),
        run_toggle: use_run_toggle(),
        desk: use_route().desk,
        toasts: use_toasts(),
        open,
        zones: use_zones(),
        task: use_course().task(),
    };
    use_effect_with(env.clone(), |env| {
        let listeners = (listen(env), clipboard::listen(env));
        move || drop(listeners)
    });
    let on_close = {
        let open = env.open.clone();
        use_callback((), move |(), ()| open.emit(Sheet::None))
    };
    match *sheet {
        Sheet::None => Html::default(),
        Sheet::Keys => html! { <KeySheet {on_close} /> },
        Sheet::Commands => html! { <CommandList {env} {on_close} /> },
        Sheet::Glossary => html! { <Glossary {on_close} /> },
        Sheet::Share => html! { <Share {on_close} /> },
    }
}

fn listen(env: &Env) -> Vec<EventListener> {
    let window = gloo::utils::window();
    // Space is also held to move the view: it runs when let go, if nothing was pressed meanwhile.
    let space = Rc::new(Cell::new(false));
    let down = {
        let (env, space) = (env.clone(), space.clone());
        EventListener::new_with_options(
            &window,
            "keydown",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    key_down(&env, &space, event);
                }
            },
        )
    };
    let up = {
        let (env, space) = (env.clone(), space.clone());
        EventListener::new(&window, "keyup", move |event| {
            let code = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::code);
            if code.as_deref() == Some("Space") && space.replace(false) {
                env.perform(Action::RunPause);
            }
        })
    };
    let pressed = EventListener::new(&window, "pointerdown", move |_| space.set(false));
    let asked = [
        (SHOW_KEYS, Sheet::Keys),
        (SHOW_GLOSSARY, Sheet::Glossary),
        (SHOW_SHARE, Sheet::Share),
    ]
    .map(|(event, sheet)| {
        let open = env.open.clone();
        EventListener::new(&window, event, move |_| open.emit(sheet))
    });
    let mut listeners = vec![down, up, pressed];
    listeners.extend(asked);
    listeners
}

fn key_down(env: &Env, space: &Cell<bool>, event: &KeyboardEvent) {
    if event.default_prevented() || composing(event) || event.alt_key() || focus::in_dialog() {
        return;
    }
    let ctrl = event.ctrl_key() || event.meta_key();
    let Some(entry) = find(&event.code(), ctrl, event.shift_key()) else {
        return;
    };
    let works = match entry.scope {
        Scope::Everywhere => true,
        Scope::Page => !focus::in_text(),
        Scope::Canvas => focus::at_canvas(),
        Scope::Shown => false,
    };
    if !works {
        return;
    }
    event.prevent_default();
    if entry.action == Action::RunPause {
        if !event.repeat() {
            space.set(true);
        }
        return;
    }
    env.perform(entry.action);
}
