//! The stage: the canvas's element with its listeners, its layers and the small windows over it.

use std::rc::Rc;

use archplay_editor::{EditRefusal, Hit, Outcome, Point, Selection, Tool};
use archplay_model::{Id, Kind};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, KeyboardEvent, ResizeObserver};
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::run::{Status, use_run, use_run_toggle};
use crate::app::session::{Dispatch, use_dispatch, use_interaction, use_selection};
use crate::app::shell::use_zones;
use crate::app::shortcuts::RENAME;

use super::announce::Announcer;
use super::card::element_id;
use super::cards::Cards;
use super::controls::Controls;
use super::feed_path::FeedPath;
use super::groups::Groups;
use super::hands::{Listening, Reactions, listen};
use super::hint::EmptyHint;
use super::keys::{Pressed, press, rename};
use super::layer::{Backdrop, Layer};
use super::links::{LinkLabels, Links, LiveLinks};
use super::live_cards::LiveCards;
use super::minimap::Minimap;
use super::overlay::OverlayMarks;
use super::place::PlaceSearch;
use super::rename::Rename;
use super::tip::{Tips, refusal_text};

/// The small window that is open over the canvas.
#[derive(Clone, Debug, PartialEq)]
enum Popup {
    None,
    Place(f64, f64),
    Rename(Id),
}

/// What hands and keys ask of the stage.
#[derive(Clone, PartialEq)]
struct Asks {
    /// Opens a small window, or closes it.
    open: Callback<Popup>,
    /// Told what became of an edit.
    done: Callback<Result<Outcome, EditRefusal>>,
    /// Shows a text by its key for a moment.
    tell: Callback<&'static str>,
    /// Starts, pauses or goes on.
    toggle_run: Callback<()>,
}

/// How long a refusal stays in sight, in milliseconds.
const NOTICE_MS: u32 = 5_000;

/// Why something just tried was refused. The same again is new, so that it stays its full time.
#[derive(Clone, Debug, PartialEq)]
struct Notice {
    text: AttrValue,
    at_ms: u64,
}

impl Notice {
    fn new(text: AttrValue) -> Self {
        Self {
            text,
            at_ms: js_sys::Date::now() as u64,
        }
    }
}

/// The canvas.
#[component]
pub fn Canvas() -> Html {
    let lang = use_lang();
    let dispatch = use_dispatch();
    let zones = use_zones();
    let popup = use_state_eq(|| Popup::None);
    let element = use_node_ref();
    let open = {
        let popup = popup.setter();
        use_callback((), move |next: Popup, ()| popup.set(next))
    };
    let notice = use_state_eq(|| None::<Notice>);
    let done = {
        let notice = notice.setter();
        use_callback(lang, move |result: Result<Outcome, EditRefusal>, lang| {
            notice.set(
                result
                    .err()
                    .map(|refusal| Notice::new(refusal_text(*lang, &refusal))),
            );
        })
    };
    use_effect_with((*notice).clone(), {
        let notice = notice.setter();
        move |shown| {
            let timer = shown
                .is_some()
                .then(|| Timeout::new(NOTICE_MS, move || notice.set(None)));
            move || drop(timer)
        }
    });
    use_measure(&element, &dispatch);
    let tell = {
        let notice = notice.setter();
        use_callback(lang, move |key: &'static str, lang| {
            notice.set(Some(Notice::new(tr(*lang, key))));
        })
    };
    let asks = Asks {
        open: open.clone(),
        done: done.clone(),
        tell,
        toggle_run: use_run_toggle(),
    };
    use_hands(&element, &dispatch, asks);

    let focus = {
        let element = element.clone();
        move || {
            if let Some(element) = element.cast::<HtmlElement>() {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // An element that cannot be focused can still be clicked.
                let _ = element.focus_with_options(&options);
            }
        }
    };
    let on_close = {
        let (open, focus) = (open.clone(), focus.clone());
        Callback::from(move |()| {
            open.emit(Popup::None);
            focus();
        })
    };
    let on_place = {
        let (dispatch, on_close, done) = (dispatch.clone(), on_close.clone(), done.clone());
        Callback::from(move |(kind, at): (Kind, Point)| {
            on_close.emit(());
            done.emit(dispatch.update(|editor| {
                let at = editor.camera().canvas_from_screen(at);
                // Enter asks for the middle of the view, where something may stand already.
                editor.place_near(kind, at)
            }));
        })
    };
    html! {
        <div class="canvas" ref={element.clone()} id="canvas" tabindex="0" role="application"
            aria-label={tr(lang, "canvas.label")} aria-describedby="canvas-help">
            <p id="canvas-help" class="visually-hidden">{ tr(lang, "canvas.help") }</p>
            <Backdrop />
            <Layer class="layer-groups"><Groups /></Layer>
            <Layer class="layer-links"><Links /></Layer>
            <Layer class="layer-live-links"><LiveLinks /></Layer>
            <Layer class="layer-labels"><LinkLabels /></Layer>
            <Layer class="layer-cards"><Cards /></Layer>
            <Layer class="layer-live-cards"><LiveCards /></Layer>
            <Layer class="layer-feed-path"><FeedPath /></Layer>
            <Layer class="layer-marks"><OverlayMarks /></Layer>
            <EmptyHint />
            <Tips />
            <Signs {element} />
            <div class="canvas-corner">
                if zones.layout.minimap { <Minimap /> }
                <Controls />
            </div>
            if let Popup::Place(x, y) = *popup {
                <PlaceSearch at={(x, y)} {on_place} on_close={on_close.clone()} />
            }
            if let Popup::Rename(id) = &*popup {
                <Rename key={id.as_str()} id={id.clone()} {on_close} />
            }
            <div class="canvas-notice" role="status">
                if let Some(Notice { text, .. }) = &*notice {
                    <p><Icon name={IconName::Alert} size={16} />{ text }</p>
                }
            </div>
            <Announcer />
        </div>
    }
}

/// Keeps the editor's viewport as large as the element.
#[hook]
fn use_measure(element: &NodeRef, dispatch: &Dispatch) {
    use_effect_with((), {
        let (element, dispatch) = (element.clone(), dispatch.clone());
        move |()| {
            let observed = element.cast::<Element>().and_then(|element| {
                let measured = element.clone();
                let measure = Closure::<dyn Fn()>::new(move || {
                    let (w, h) = (measured.client_width(), measured.client_height());
                    if w > 0 && h > 0 {
                        dispatch.measure(f64::from(w), f64::from(h));
                    }
                });
                let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok()?;
                observer.observe(&element);
                Some((observer, measure))
            });
            move || {
                if let Some((observer, _)) = &observed {
                    observer.disconnect();
                }
            }
        }
    });
}

/// Listens to pointers, wheel and keys.
#[hook]
fn use_hands(element: &NodeRef, dispatch: &Dispatch, asks: Asks) {
    let element = element.clone();
    use_effect_with((dispatch.clone(), asks), move |(dispatch, asks)| {
        let Asks { open, done, .. } = asks;
        let listening = element.cast::<HtmlElement>().map(|element| {
            let read_only = is_phone();
            let reactions = Reactions {
                done: {
                    let done = done.clone();
                    Box::new(move |result| done.emit(result))
                },
                double: {
                    let (open, dispatch) = (open.clone(), dispatch.clone());
                    Box::new(move |hit, at| open.emit(double_click(&dispatch, hit, at)))
                },
                pressed: {
                    let (open, element) = (open.clone(), element.clone());
                    Box::new(move || {
                        // Leaving an open field commits it, so the focus goes first.
                        let _ = element.focus();
                        open.emit(Popup::None);
                    })
                },
            };
            let hands = Rc::new(listen(
                element.clone().into(),
                dispatch.clone(),
                reactions,
                read_only,
            ));
            let keys = if read_only {
                Vec::new()
            } else {
                listen_keys(&element, &hands, dispatch, asks)
            };
            (hands, keys)
        });
        move || drop(listening)
    });
}

/// Phones read, run and watch; they do not edit.
fn is_phone() -> bool {
    gloo::utils::window()
        .match_media("(max-width: 640px)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

fn double_click(dispatch: &Dispatch, hit: Hit, at: Point) -> Popup {
    match hit {
        Hit::Card(id) | Hit::GroupFrame(id) => {
            dispatch.update(|editor| editor.select(Selection::component(id.clone())));
            Popup::Rename(id)
        }
        Hit::Canvas | Hit::GroupInside(_) => Popup::Place(at.x, at.y),
        Hit::Port { .. } | Hit::Link(_) | Hit::Handle { .. } => Popup::None,
    }
}

fn listen_keys(
    element: &HtmlElement,
    hands: &Rc<Listening>,
    dispatch: &Dispatch,
    asks: &Asks,
) -> Vec<EventListener> {
    let own = |event: &Event, element: &HtmlElement| {
        event.target().is_some_and(|target| target == ****element)
    };
    let down = {
        let (hands, dispatch, asks) = (hands.clone(), dispatch.clone(), asks.clone());
        let canvas = element.clone();
        EventListener::new_with_options(
            element,
            "keydown",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                if !own(event, &canvas) {
                    return;
                }
                match press(key, &dispatch) {
                    Pressed::NotOurs => return,
                    Pressed::Done(result) => {
                        dispatch.update(|editor| editor.show_selection());
                        asks.done.emit(result);
                    }
                    Pressed::Told(key) => asks.tell.emit(key),
                    Pressed::Rename(id) => asks.open.emit(Popup::Rename(id)),
                    Pressed::Place => {
                        let (w, h) = dispatch.read(|editor| editor.viewport());
                        asks.open.emit(Popup::Place(w / 2.0 - 110.0, h / 3.0));
                    }
                    Pressed::Space => {
                        hands.space(true);
                    }
                }
                event.prevent_default();
                event.stop_propagation();
            },
        )
    };
    let up = {
        let (hands, canvas) = (hands.clone(), element.clone());
        let toggle_run = asks.toggle_run.clone();
        EventListener::new(element, "keyup", move |event| {
            let space = event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|key| key.code() == "Space");
            // Space runs and pauses, unless the view was moved while it was held.
            if space && own(event, &canvas) && hands.space(false) == Some(false) {
                toggle_run.emit(());
            }
        })
    };
    let blur = {
        let hands = hands.clone();
        EventListener::new(element, "blur", move |_| {
            hands.space(false);
        })
    };
    let named = {
        let (dispatch, open) = (dispatch.clone(), asks.open.clone());
        EventListener::new(element, RENAME, move |_| {
            if let Pressed::Rename(id) = rename(&dispatch) {
                dispatch.update(|editor| editor.show_selection());
                open.emit(Popup::Rename(id));
            }
        })
    };
    vec![down, up, blur, named]
}

#[derive(Properties, PartialEq)]
struct SignsProps {
    element: NodeRef,
}

/// Puts what style sheets and screen readers want to know onto the canvas's element.
#[component]
fn Signs(props: &SignsProps) -> Html {
    let run = use_run();
    let interaction = use_interaction();
    let selection = use_selection();
    let live = run.shown_row().is_some();
    let moving = run.status == Status::Running;
    let cursor = match (&interaction.tool, &interaction.hover) {
        (Tool::Place(_), _) => "copy",
        (Tool::Connect(_), _) => "crosshair",
        (_, Some(Hit::Handle { handle, .. })) => handle.cursor(),
        (_, Some(Hit::Port { .. })) => "crosshair",
        (_, Some(Hit::Card(_) | Hit::GroupFrame(_))) => "grab",
        (_, Some(Hit::Link(_))) => "pointer",
        _ => "default",
    };
    let active = selection.single().map(element_id);
    let element = props.element.clone();
    use_effect_with(
        (live, moving, cursor, active),
        move |(live, moving, cursor, active)| {
            let Some(element) = element.cast::<HtmlElement>() else {
                return;
            };
            let flag = |name: &str, on: bool| {
                // An attribute that cannot be set only costs its looks.
                let _ = if on {
                    element.set_attribute(name, "")
                } else {
                    element.remove_attribute(name)
                };
            };
            flag("data-live", *live);
            flag("data-moving", *moving);
            let _ = element.style().set_property("--cursor", cursor);
            let _ = match active {
                Some(id) => element.set_attribute("aria-activedescendant", id),
                None => element.remove_attribute("aria-activedescendant"),
            };
        },
    );
    Html::default()
}
