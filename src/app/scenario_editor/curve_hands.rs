//! What pointer and keys do to a curve.

use archplay_editor::scenario::curve::{self, Frame};
use archplay_editor::scenario::{ScenarioCommand, ScenarioRefusal};
use archplay_model::scenario::RatePoint;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::curve::{CurveProps, HEIGHT, WIDTH, at, from};
use super::edit::use_edit;

/// How near to a point the pointer has to be, in units of the picture.
const REACH: f64 = 15.0;

/// What the pointer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Moves points; adds one where there is none.
    #[default]
    Points,
    /// Draws over the curve.
    Draw,
}

impl Mode {
    /// Both, in the order of the buttons.
    pub const ALL: [Self; 2] = [Self::Points, Self::Draw];

    /// The name in text keys.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Draw => "draw",
        }
    }
}

/// What is under way between pressing and letting go.
enum Gesture {
    /// A point is moved; the curve with that point, as it was at the beginning.
    Move(usize, Vec<RatePoint>),
    /// A hand draws: the curve at the beginning and the way so far.
    Draw(Vec<RatePoint>, Vec<(f64, f64)>),
}

/// The listeners of the picture.
pub struct Hands {
    /// The picture.
    pub node: NodeRef,
    /// Pressed.
    pub down: Callback<PointerEvent>,
    /// Moved.
    pub moved: Callback<PointerEvent>,
    /// Let go.
    pub up: Callback<PointerEvent>,
    /// Taken away by the browser.
    pub cancel: Callback<PointerEvent>,
    /// A key.
    pub key: Callback<KeyboardEvent>,
}

/// The place of the frame under the pointer.
fn place(node: &NodeRef, event: &PointerEvent) -> Option<(f64, f64)> {
    let rect = node.cast::<Element>()?.get_bounding_client_rect();
    if rect.width() <= 0.0 || rect.height() <= 0.0 {
        return None;
    }
    let px = (f64::from(event.client_x()) - rect.left()) / rect.width() * WIDTH;
    let py = (f64::from(event.client_y()) - rect.top()) / rect.height() * HEIGHT;
    Some(from(px, py))
}

/// The point that the pointer means, if it is near one; of those above each other the chosen one.
fn near(frame: &Frame, points: &[RatePoint], selected: usize, (x, y): (f64, f64)) -> Option<usize> {
    let (px, py) = at(x, y);
    let distance = |point: &RatePoint| {
        let (x, y) = frame.place(*point);
        let (qx, qy) = at(x, y.min(1.05));
        (px - qx).hypot(py - qy)
    };
    let near = points.iter().map(distance).enumerate();
    near.filter(|(_, distance)| *distance <= REACH)
        .min_by(|a, b| {
            a.1.total_cmp(&b.1)
                .then((b.0 == selected).cmp(&(a.0 == selected)))
        })
        .map(|(index, _)| index)
}

/// Returns the listeners of a curve's picture.
#[hook]
pub fn use_hands(props: &CurveProps, mode: Mode) -> Hands {
    let edit = use_edit();
    let node = use_node_ref();
    let gesture = use_mut_ref(|| None::<Gesture>);
    // Whether the chosen point shall have the focus when it is drawn.
    let wants_focus = use_mut_ref(|| false);
    let (audience, frame) = (props.audience, props.frame);
    use_effect_with((props.selected, props.of.rate.len()), {
        let wants_focus = wants_focus.clone();
        move |(selected, _)| {
            if wants_focus.replace(false) {
                focus_point(*selected);
            }
        }
    });
    let command = move |points: Vec<RatePoint>, moved: Option<usize>| ScenarioCommand::Curve {
        audience,
        points,
        moved,
    };
    let down = {
        let (edit, node, gesture) = (edit.clone(), node.clone(), gesture.clone());
        let (points, selected) = (props.of.rate.clone(), props.selected);
        let (select, wants_focus) = (props.select.clone(), wants_focus.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(edit), Some(spot)) = (&edit, place(&node, &event)) else {
                return;
            };
            if event.button() != 0 || gesture.borrow().is_some() {
                return;
            }
            event.prevent_default();
            if let Some(element) = node.cast::<Element>() {
                // Without the capture the gesture ends at the picture's edge.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            let begun = match (mode, near(&frame, &points, selected, spot)) {
                (Mode::Draw, _) => Gesture::Draw(points.clone(), vec![spot]),
                (Mode::Points, Some(index)) => {
                    select.emit(index);
                    focus_point(index);
                    Gesture::Move(index, points.clone())
                }
                (Mode::Points, None) => {
                    let point = frame.snapped(spot.0, spot.1);
                    let (points, index) = curve::added(&points, point);
                    edit.preview(command(points.clone(), None));
                    *wants_focus.borrow_mut() = true;
                    select.emit(index);
                    Gesture::Move(index, points)
                }
            };
            *gesture.borrow_mut() = Some(begun);
        })
    };
    let moved = {
        let (edit, node, gesture) = (edit.clone(), node.clone(), gesture.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(edit), Some(spot)) = (&edit, place(&node, &event)) else {
                return;
            };
            let next = match gesture.borrow_mut().as_mut() {
                None => return,
                Some(Gesture::Move(index, points)) => {
                    curve::moved(points, *index, frame.snapped(spot.0, spot.1))
                }
                Some(Gesture::Draw(points, stroke)) => {
                    stroke.push(spot);
                    curve::drawn(&frame, points, stroke)
                }
            };
            if next
                != edit
                    .now()
                    .audiences
                    .get(audience)
                    .map_or(Vec::new(), |a| a.rate.clone())
            {
                edit.preview(command(next, None));
            }
        })
    };
    let up = {
        let (edit, gesture) = (edit.clone(), gesture.clone());
        Callback::from(move |_: PointerEvent| {
            if let (Some(_), Some(edit)) = (gesture.borrow_mut().take(), &edit) {
                edit.commit();
            }
        })
    };
    let cancel = {
        let (edit, gesture) = (edit.clone(), gesture.clone());
        Callback::from(move |_: PointerEvent| {
            if let (Some(_), Some(edit)) = (gesture.borrow_mut().take(), &edit) {
                edit.cancel();
            }
        })
    };
    let key = {
        let (points, selected, select) =
            (props.of.rate.clone(), props.selected, props.select.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(edit) = &edit else { return };
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
                return;
            }
            if event.key() == "Escape" && gesture.borrow_mut().take().is_some() {
                edit.cancel();
                event.prevent_default();
                event.stop_propagation();
                return;
            }
            let Some(done) = key_action(&event.key(), event.shift_key()) else {
                return;
            };
            event.prevent_default();
            event.stop_propagation();
            let go = |index: usize| {
                *wants_focus.borrow_mut() = true;
                if index == selected {
                    focus_point(index);
                }
                select.emit(index);
            };
            match done {
                Key::Step(way) => {
                    let next = curve::stepped(&frame, &points, selected, way);
                    // A step against a neighbour changes nothing.
                    let _ = edit.apply(command(next, Some(selected)));
                }
                Key::Go(step) => {
                    edit.seal();
                    let last = points.len().saturating_sub(1) as i64;
                    let to = (selected as i64).saturating_add(step).clamp(0, last);
                    go(to as usize);
                }
                Key::Add => {
                    let (next, index) = curve::added_after(&frame, &points, selected);
                    if edit.apply(command(next, None)).is_ok() {
                        go(index);
                    }
                }
                Key::Remove => {
                    let next = curve::removed(&points, selected).ok_or(ScenarioRefusal::LastOne);
                    if next
                        .and_then(|next| edit.apply(command(next, None)))
                        .is_ok()
                    {
                        go(selected.min(points.len() - 2));
                    }
                }
            }
        })
    };
    Hands {
        node,
        down,
        moved,
        up,
        cancel,
        key,
    }
}

/// What a key does to the chosen point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// Moves it by steps to the right and up.
    Step((i32, i32)),
    /// Chooses another, so many further.
    Go(i64),
    /// Adds one after it.
    Add,
    /// Takes it away.
    Remove,
}

fn key_action(key: &str, shift: bool) -> Option<Key> {
    let n = if shift { 10 } else { 1 };
    Some(match key {
        "ArrowLeft" => Key::Step((-n, 0)),
        "ArrowRight" => Key::Step((n, 0)),
        "ArrowUp" => Key::Step((0, n)),
        "ArrowDown" => Key::Step((0, -n)),
        "PageUp" => Key::Go(-1),
        "PageDown" => Key::Go(1),
        "Home" => Key::Go(i64::MIN / 2),
        "End" => Key::Go(i64::MAX / 2),
        "Enter" | "Insert" => Key::Add,
        "Delete" | "Backspace" => Key::Remove,
        _ => return None,
    })
}

fn focus_point(index: usize) {
    let element = gloo::utils::document().get_element_by_id(&format!("curve-point-{index}"));
    if let Some(element) = element {
        // An SVG element takes the focus like any other; the cast only names the method.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::ClockTime;

    #[test]
    fn keys_have_their_steps() {
        assert_eq!(key_action("ArrowUp", true), Some(Key::Step((0, 10))));
        assert_eq!(key_action("PageDown", false), Some(Key::Go(1)));
        assert_eq!(key_action("a", false), None);
    }

    #[test]
    fn the_nearest_point_is_meant() {
        let frame = Frame {
            from: 0,
            to: 1_000,
            top: 10.0,
        };
        let point = |secs, per_sec| RatePoint {
            at: ClockTime::from_secs(secs),
            per_sec,
        };
        let points = [point(0, 5.0), point(500, 5.0), point(500, 5.0)];
        assert_eq!(near(&frame, &points, 0, (0.5, 0.5)), Some(1));
        assert_eq!(near(&frame, &points, 2, (0.5, 0.5)), Some(2));
        assert_eq!(near(&frame, &points, 0, (0.25, 0.5)), None);
    }
}
