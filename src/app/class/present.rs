//! The projector view: large type, one zone at a time, led by arrow keys or a clicker.
//!
//! Which zone is shown is the shell's (`Layout::stage`); sizes and colours are CSS. A run goes on in it as anywhere. Must
//! not live here: what a zone shows.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::timer::Discussion;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{is_here, tr, trf, use_lang};
use crate::app::lesson::data::use_course;
use crate::app::lesson::local_text;
use crate::app::route::{Desk, OWN, use_route};
use crate::app::session::{Dispatch, use_dispatch};
use crate::app::shell::{Pane, ZoneAction, Zones, use_zones};
use crate::app::shortcuts::show_share;

/// How long the page takes to give the canvas its size, in milliseconds.
const MEASURED_MS: u32 = 150;
/// How large a small drawing becomes at most.
const LARGEST: f64 = 2.0;
/// The share of the canvas that a drawing fills.
const FILLED: f64 = 0.84;

/// What lies over the zones: tools, checks, a text alone.
const OVER: &str = ".page, .checks";

/// What a key means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// On or back, from a clicker: what can be scrolled is scrolled first.
    Page(bool),
    /// To the next zone or the one before.
    Zone(bool),
    /// Full screen on or off.
    Full,
    /// Out of this view.
    Leave,
}

/// The wish behind a key, by its place on the keyboard.
fn wish(code: &str) -> Option<Wish> {
    Some(match code {
        "PageDown" => Wish::Page(true),
        "PageUp" => Wish::Page(false),
        "ArrowRight" => Wish::Zone(true),
        "ArrowLeft" => Wish::Zone(false),
        "KeyF" => Wish::Full,
        "Escape" => Wish::Leave,
        _ => return None,
    })
}

/// The bar of this view, in place of the usual one, with its keys.
#[component]
pub fn PresentBar() -> Html {
    let lang = use_lang();
    let zones = use_zones();
    let course = use_course();
    let desk = use_route().desk;
    let dispatch = use_dispatch();
    use_effect_with(zones.clone(), {
        let dispatch = dispatch.clone();
        move |zones| {
            let listener = listen(zones.clone(), dispatch);
            move || drop(listener)
        }
    });
    // Outside of this view the drawing is seen as usual.
    use_effect_with((), {
        let dispatch = dispatch.clone();
        move |()| {
            move || {
                let fit = move || dispatch.update(|editor| editor.fit());
                Timeout::new(MEASURED_MS, fit).forget();
            }
        }
    });
    use_effect_with(zones.layout.stage, {
        let dispatch = dispatch.clone();
        move |stage| {
            let soon = (*stage == Pane::Run).then(|| {
                // When the canvas has its new size.
                Timeout::new(MEASURED_MS, move || enlarge(&dispatch))
            });
            move || drop(soon)
        }
    });
    let title = match (desk, course.lesson.ready()) {
        (Desk::Session(_), Some(lesson)) => local_text(lang, &lesson.title),
        _ => tr(lang, "bar.free").to_string(),
    };
    let session = match desk {
        Desk::Session(number) if number != OWN => {
            Some(trf(lang, "bar.session", &[("number", &number.to_string())]))
        }
        _ => None,
    };
    let show = |pane: Pane| {
        let zones = zones.clone();
        Callback::from(move |_: MouseEvent| zones.apply(ZoneAction::Stage(pane)))
    };
    let leave = {
        let zones = zones.clone();
        Callback::from(move |_: MouseEvent| leave(&zones))
    };
    let task = course.task().filter(|_| desk != Desk::Free);
    if !is_here(lang, "class.present.zones") {
        // Buttons without names help nobody; the keys work already.
        return html! { <div class="bar present-bar" aria-busy="true" /> };
    }
    html! {
        <div class="bar present-bar">
            <nav class="present-zones" aria-label={tr(lang, "class.present.zones")}>
                for pane in Pane::ALL {
                    <button key={pane.slug()} type="button" class="btn" onclick={show(pane)}
                        aria-current={(pane == zones.layout.stage).then_some("page")}>
                        { tr(lang, &format!("class.present.{}", pane.slug())) }
                    </button>
                }
            </nav>
            <p class="present-title">
                if let Some(session) = session {
                    <span class="present-session">{ session }</span>
                }
                { title }
            </p>
            if let Some(task) = task {
                <Discussion {task} />
            }
            <button type="button" class="icon-btn" onclick={|_| show_share()} aria-label={tr(lang, "class.present.share")}
                title={tr(lang, "class.present.share")}>
                <Icon name={IconName::Qr} size={22} />
            </button>
            <button type="button" class="icon-btn" onclick={|_| full_screen()} aria-label={tr(lang, "class.present.full")}
                title={tr(lang, "class.present.full_key")}>
                <Icon name={IconName::Fit} size={22} />
            </button>
            <button type="button" class="icon-btn" onclick={leave} aria-label={tr(lang, "class.present.leave")}
                title={tr(lang, "class.present.leave_key")}>
                <Icon name={IconName::Close} size={22} />
            </button>
        </div>
    }
}

/// Before anything else on the page: a clicker must work wherever the focus is.
fn listen(zones: Zones, dispatch: Dispatch) -> EventListener {
    let options = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    EventListener::new_with_options(&gloo::utils::window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        let composing = event.is_composing() || event.key_code() == 229;
        if modified || composing {
            return;
        }
        if let Some(wish) = wish(&event.code())
            && is_ours(wish, event, &dispatch)
        {
            event.prevent_default();
            event.stop_propagation();
            grant(wish, &zones);
        }
    })
}

/// Whether a key is for this view: not while a dialog, a menu or a text field has it, and not what the drawing, tabs or
/// sliders need it for.
fn is_ours(wish: Wish, event: &KeyboardEvent, dispatch: &Dispatch) -> bool {
    let page = gloo::utils::document();
    let any = |query: &str| page.query_selector(query).ok().flatten().is_some();
    if any("dialog[open], .menu, .disclosure-panel") {
        return false;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let within = |query: &str| {
        let element = target.as_ref();
        element.is_some_and(|element| element.closest(query).ok().flatten().is_some())
    };
    if within("input:not([type=range]), textarea, select, [contenteditable]") {
        return false;
    }
    let drawing = within("#canvas")
        && dispatch.read(|editor| !editor.selection().is_empty() || editor.in_gesture());
    match wish {
        Wish::Page(_) => true,
        // A page lies over the zones: the timetable can be shown large too.
        Wish::Zone(_) => {
            !any(OVER)
                && !drawing
                && !within("[role=tablist], [role=slider], [role=separator], input, canvas")
        }
        Wish::Full | Wish::Leave => !drawing,
    }
}

fn grant(wish: Wish, zones: &Zones) {
    match wish {
        Wish::Page(on) => {
            if !scrolled(zones.layout.stage, on) {
                grant(Wish::Zone(on), zones);
            }
        }
        Wish::Zone(on) => {
            if let Some(pane) = zones.layout.stage.beside(on) {
                zones.apply(ZoneAction::Stage(pane));
            }
        }
        Wish::Full => full_screen(),
        Wish::Leave => leave(zones),
    }
}

/// Shows the whole drawing, and a small one larger than it is: it is looked at from afar.
fn enlarge(dispatch: &Dispatch) {
    dispatch.update(|editor| {
        editor.fit();
        let (width, height) = editor.viewport();
        if let Some(all) = editor.design().bounds() {
            let fits = (width / all.w.max(1.0)).min(height / all.h.max(1.0)) * FILLED;
            let zoom = fits.min(LARGEST);
            if zoom > editor.camera().zoom {
                editor.zoom_to(zoom);
            }
        }
    });
}

/// Scrolls what a zone shows by most of a page; tells whether there was anything left to scroll.
fn scrolled(pane: Pane, on: bool) -> bool {
    let find = |query: &str| {
        let found = gloo::utils::document().query_selector(query);
        found.ok().flatten()
    };
    let over = find(OVER);
    let covered = over.is_some();
    let element = over.or_else(|| match pane {
        Pane::Read => find(".lesson-body"),
        Pane::Watch => find(".zone-charts"),
        Pane::Run => None,
    });
    let Some(element) = element else {
        return false;
    };
    let (top, page) = (element.scroll_top(), element.client_height());
    let last = element.scroll_height() - page;
    let step = page * 9 / 10;
    let to = if on { top + step } else { top - step }.clamp(0, last.max(0));
    element.set_scroll_top(to);
    // A few pixels are nothing that anyone has not seen.
    covered || (to - top).abs() > 4
}

fn leave(zones: &Zones) {
    let page = gloo::utils::document();
    if page.fullscreen_element().is_some() {
        page.exit_fullscreen();
    }
    zones.apply(ZoneAction::TogglePresent);
}

/// Full screen on or off.
pub fn full_screen() {
    let page = gloo::utils::document();
    if page.fullscreen_element().is_some() {
        page.exit_fullscreen();
    } else if let Some(root) = page.document_element() {
        // A browser that cannot leaves the page as it is.
        let _ = root.request_fullscreen();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_clickers_are_known() {
        assert_eq!(wish("PageDown"), Some(Wish::Page(true)));
        assert_eq!(wish("PageUp"), Some(Wish::Page(false)));
        assert_eq!(wish("ArrowRight"), Some(Wish::Zone(true)));
        assert_eq!(wish("KeyF"), Some(Wish::Full));
        assert_eq!(wish("Space"), None, "a run starts and stops here too");
    }
}
