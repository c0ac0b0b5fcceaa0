//! Pointer and wheel on the canvas: native listeners, turned into editor inputs once per frame.
//!
//! Mouse: the primary button works with the tool, the secondary one selects (see `secondary`), the middle button or Space pans, the wheel pans, with Ctrl
//! it zooms. Touch: one finger on a card works with it, on empty canvas it pans, two fingers pan and zoom.
//! Must not live here: what a tool does; that is the editor's.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use archplay_editor::{EditRefusal, Hit, Modifiers, Outcome, Point, Tool};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::render::{AnimationFrame, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent, WheelEvent};

use crate::app::session::Dispatch;

/// Movement in pixels below which a touch is a tap.
const TAP_SLOP: f64 = 8.0;
/// Zoom for one pixel of a wheel with Ctrl; e^(100 × this) for a notch.
const WHEEL_ZOOM: f64 = 0.0018;
/// Pixels in a line, for wheels that count lines.
const LINE_PX: f64 = 18.0;

/// What pointers are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    /// The editor's tool follows this pointer.
    Tool(i32),
    /// The view follows this pointer; `tap` is where it began while it has hardly moved.
    Pan {
        pointer: i32,
        last: Point,
        tap: Option<Point>,
    },
    /// Two fingers: where their middle was and how far apart they were.
    Pinch { middle: Point, apart: f64 },
}

/// What the hands tell the canvas.
pub struct Reactions {
    /// A gesture ended with a change or a refusal.
    pub done: Box<dyn Fn(Result<Outcome, EditRefusal>)>,
    /// A double click on something, at a point of the view.
    pub double: Box<dyn Fn(Hit, Point)>,
    /// A press that closes whatever small window is open on the canvas.
    pub pressed: Box<dyn Fn()>,
}

struct Hands {
    element: Element,
    dispatch: Dispatch,
    reactions: Reactions,
    read_only: bool,
    doing: Doing,
    pointers: BTreeMap<i32, Point>,
    space: bool,
    space_panned: bool,
    pending: Option<(Point, Modifiers)>,
    frame: Option<AnimationFrame>,
}

type Shared = Rc<RefCell<Hands>>;

/// The listeners of the canvas; they end when this is dropped.
pub struct Listening {
    hands: Shared,
    _listeners: Vec<EventListener>,
}

impl Listening {
    /// While Space is held the primary button pans. Returns, when it is let go, whether it did; `None`
    /// if it was not held.
    pub fn space(&self, held: bool) -> Option<bool> {
        let mut hands = self.hands.borrow_mut();
        let was = hands.space;
        if held && !hands.space {
            hands.space_panned = false;
        }
        hands.space = held;
        // A cursor that cannot be set is no loss.
        let _ = if held {
            hands.element.set_attribute("data-pan", "")
        } else {
            hands.element.remove_attribute("data-pan")
        };
        was.then_some(hands.space_panned)
    }
}

/// Listens to pointers and wheel on the canvas's element.
pub fn listen(
    element: Element,
    dispatch: Dispatch,
    reactions: Reactions,
    read_only: bool,
) -> Listening {
    let hands = Rc::new(RefCell::new(Hands {
        element: element.clone(),
        dispatch,
        reactions,
        read_only,
        doing: Doing::default(),
        pointers: BTreeMap::new(),
        space: false,
        space_panned: false,
        pending: None,
        frame: None,
    }));
    let on = |name: &'static str, handler: fn(&Shared, &Event)| {
        let hands = hands.clone();
        EventListener::new_with_options(
            &element,
            name,
            EventListenerOptions::enable_prevent_default(),
            move |event| handler(&hands, event),
        )
    };
    let listeners = vec![
        on("pointerdown", down),
        on("pointermove", moved),
        on("pointerup", up),
        on("pointercancel", cancelled),
        on("pointerleave", left),
        on("wheel", wheel),
        on("dblclick", double),
        on("contextmenu", secondary),
    ];
    Listening {
        hands,
        _listeners: listeners,
    }
}

/// Whether the event belongs to the drawing and not to a control that floats over it.
fn on_drawing(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_none_or(|target| target.closest("[data-float]").ok().flatten().is_none())
}

fn place(hands: &Hands, event: &MouseEvent) -> Point {
    let bounds = hands.element.get_bounding_client_rect();
    Point::new(
        f64::from(event.client_x()) - bounds.left(),
        f64::from(event.client_y()) - bounds.top(),
    )
}

fn canvas_point(dispatch: &Dispatch, view: Point) -> Point {
    dispatch.read(|editor| editor.camera().canvas_from_screen(view))
}

fn modifiers(event: &MouseEvent) -> Modifiers {
    Modifiers {
        shift: event.shift_key() || event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
    }
}

fn down(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<PointerEvent>() else {
        return;
    };
    if !on_drawing(event) {
        return;
    }
    let (at, dispatch) = {
        let hands = hands.borrow();
        (hands.reactions.pressed)();
        (place(&hands, event), hands.dispatch.clone())
    };
    let mut hands = hands.borrow_mut();
    let id = event.pointer_id();
    hands.pointers.insert(id, at);
    // Without capture a drag only ends at the canvas's edge.
    let _ = hands.element.set_pointer_capture(id);
    if hands.pointers.len() == 2 {
        dispatch.update(|editor| editor.pointer_cancel());
        hands.pending = None;
        hands.doing = pinch_of(&hands.pointers);
        return;
    }
    let touch = event.pointer_type() == "touch";
    let on = canvas_point(&dispatch, at);
    let panning = hands.read_only
        || event.button() == 1
        || (event.button() == 0 && hands.space)
        || (touch && finger_pans(&dispatch, on));
    if panning {
        event.prevent_default();
        hands.space_panned |= hands.space;
        hands.doing = Doing::Pan {
            pointer: id,
            last: at,
            tap: touch.then_some(at),
        };
    } else if event.button() == 0 {
        hands.doing = Doing::Tool(id);
        dispatch.update(|editor| editor.pointer_down(on, modifiers(event)));
    }
}

/// Whether a finger here moves the view instead of working with the tool.
fn finger_pans(dispatch: &Dispatch, at: Point) -> bool {
    dispatch.read(|editor| {
        matches!(editor.tool(), Tool::Select(_))
            && matches!(
                editor.hit(at),
                Hit::Canvas | Hit::GroupInside(_) | Hit::Link(_)
            )
    })
}

fn pinch_of(pointers: &BTreeMap<i32, Point>) -> Doing {
    let mut points = pointers.values();
    match (points.next(), points.next()) {
        (Some(a), Some(b)) => Doing::Pinch {
            middle: Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)),
            apart: a.distance(*b).max(1.0),
        },
        _ => Doing::Nothing,
    }
}

fn moved(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<PointerEvent>() else {
        return;
    };
    let mut inner = hands.borrow_mut();
    let at = place(&inner, event);
    if let Some(known) = inner.pointers.get_mut(&event.pointer_id()) {
        *known = at;
    } else if !on_drawing(event) {
        return;
    }
    inner.pending = Some((at, modifiers(event)));
    if inner.frame.is_none() {
        let hands = hands.clone();
        inner.frame = Some(request_animation_frame(move |_| flush(&hands)));
    }
}

/// Works off the last movement; called once per frame and before anything that depends on it.
fn flush(hands: &Shared) {
    let mut inner = hands.borrow_mut();
    inner.frame = None;
    let Some((at, modifiers)) = inner.pending.take() else {
        return;
    };
    let dispatch = inner.dispatch.clone();
    match inner.doing {
        Doing::Nothing => {
            let on = canvas_point(&dispatch, at);
            dispatch.hover(on, modifiers);
        }
        Doing::Tool(_) => {
            let on = canvas_point(&dispatch, at);
            dispatch.update(|editor| editor.pointer_move(on, modifiers));
        }
        Doing::Pan { pointer, last, tap } => {
            let tap = tap.filter(|start| start.distance(at) < TAP_SLOP);
            if tap.is_none() {
                dispatch.update(|editor| editor.pan(at.x - last.x, at.y - last.y));
                inner.doing = Doing::Pan {
                    pointer,
                    last: at,
                    tap,
                };
            }
        }
        Doing::Pinch { middle, apart } => {
            let now = pinch_of(&inner.pointers);
            if let Doing::Pinch {
                middle: to,
                apart: wide,
            } = now
            {
                dispatch.update(|editor| {
                    editor.pan(to.x - middle.x, to.y - middle.y);
                    editor.zoom_by(to, wide / apart);
                });
                inner.doing = now;
            }
        }
    }
}

fn up(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<PointerEvent>() else {
        return;
    };
    flush(hands);
    let mut inner = hands.borrow_mut();
    let at = place(&inner, event);
    let known = inner.pointers.remove(&event.pointer_id()).is_some();
    let dispatch = inner.dispatch.clone();
    let on = canvas_point(&dispatch, at);
    let keys = modifiers(event);
    let doing = std::mem::take(&mut inner.doing);
    drop(inner);
    let result = match doing {
        Doing::Tool(id) if id == event.pointer_id() => {
            dispatch.update(|editor| editor.pointer_up(on, keys))
        }
        // A tap: what a click of the mouse does.
        Doing::Pan { tap: Some(_), .. } => dispatch.update(|editor| {
            editor.pointer_down(on, keys);
            editor.pointer_up(on, keys)
        }),
        // Dragged in from the palette.
        Doing::Nothing if !known && dispatch.read(|e| matches!(e.tool(), Tool::Place(_))) => {
            dispatch.update(|editor| editor.pointer_up(on, keys))
        }
        // One finger of two is still down.
        Doing::Pinch { .. } => {
            let mut inner = hands.borrow_mut();
            let rest = inner.pointers.iter().next().map(|(id, at)| (*id, *at));
            if let Some((pointer, last)) = rest {
                inner.doing = Doing::Pan {
                    pointer,
                    last,
                    tap: None,
                };
            }
            Ok(Outcome::default())
        }
        _ => Ok(Outcome::default()),
    };
    (hands.borrow().reactions.done)(result);
}

fn cancelled(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<PointerEvent>() else {
        return;
    };
    let mut inner = hands.borrow_mut();
    inner.pointers.remove(&event.pointer_id());
    inner.pending = None;
    inner.doing = Doing::Nothing;
    let dispatch = inner.dispatch.clone();
    drop(inner);
    dispatch.update(|editor| editor.pointer_cancel());
}

fn left(hands: &Shared, _: &Event) {
    let mut inner = hands.borrow_mut();
    if inner.doing == Doing::Nothing {
        inner.pending = None;
        let dispatch = inner.dispatch.clone();
        drop(inner);
        dispatch.update(|editor| editor.pointer_leave());
    }
}

fn wheel(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<WheelEvent>() else {
        return;
    };
    if !on_drawing(event) {
        return;
    }
    event.prevent_default();
    let inner = hands.borrow();
    let at = place(&inner, event);
    let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
        LINE_PX
    } else {
        1.0
    };
    let (mut dx, mut dy) = (event.delta_x() * unit, event.delta_y() * unit);
    let dispatch = inner.dispatch.clone();
    drop(inner);
    if event.ctrl_key() || event.meta_key() {
        // A pinch on a touchpad comes as small steps, a notch of a wheel as a large one.
        let gain = if dy.abs() < 20.0 { 5.0 } else { 1.0 };
        let factor = (-dy.clamp(-240.0, 240.0) * WHEEL_ZOOM * gain).exp();
        dispatch.update(|editor| editor.zoom_by(at, factor));
    } else {
        if event.shift_key() && dx == 0.0 {
            (dx, dy) = (dy, 0.0);
        }
        dispatch.update(|editor| editor.pan(-dx, -dy));
    }
}

fn secondary(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let inner = hands.borrow();
    if !on_drawing(event) {
        return;
    }
    let at = place(&inner, event);
    // The menu key means what is selected, wherever the pointer is.
    let hit = (event.button() == 2).then(|| {
        inner
            .dispatch
            .read(|editor| editor.hit(editor.camera().canvas_from_screen(at)))
    });
    if super::secondary::press(&inner.dispatch, hit.as_ref()) {
        event.prevent_default();
    }
}

fn double(hands: &Shared, event: &Event) {
    let Some(event) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let inner = hands.borrow();
    if inner.read_only || !on_drawing(event) {
        return;
    }
    let at = place(&inner, event);
    let hit = inner
        .dispatch
        .read(|editor| editor.hit(editor.camera().canvas_from_screen(at)));
    (inner.reactions.double)(hit, at);
}
