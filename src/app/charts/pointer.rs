//! The pointer over a chart moves the cursor of all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::render::{AnimationFrame, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::app::number::read_number;
use crate::app::run::{RunCommand, RunDispatch, use_run_dispatch};

use super::scene::Frame;

/// What the pointer has done since the last animation frame.
#[derive(Default)]
struct Tracker {
    row: Cell<Option<usize>>,
    frame: RefCell<Option<AnimationFrame>>,
    /// The cursor before the pointer came; `None` while it is away.
    before: Cell<Option<Option<usize>>>,
}

/// Follows the pointer over all plots inside of a node.
#[hook]
pub fn use_pointer_cursor(node: &NodeRef) {
    let dispatch = use_run_dispatch();
    let node = node.clone();
    let attached = use_mut_ref(|| None::<(Element, [EventListener; 2])>);
    // The node comes and goes with the table view, hence a look after every render.
    use_effect(move || {
        let element = node.cast::<Element>();
        let mut attached = attached.borrow_mut();
        if attached.as_ref().map(|(element, _)| element) != element.as_ref() {
            *attached = element.map(|element| {
                let listeners = listen(&element, &dispatch);
                (element, listeners)
            });
        }
    });
}

fn listen(element: &Element, dispatch: &RunDispatch) -> [EventListener; 2] {
    let tracker = Rc::new(Tracker::default());
    let moved = {
        let (tracker, dispatch) = (tracker.clone(), dispatch.clone());
        EventListener::new(element, "pointermove", move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else {
                return;
            };
            let run = dispatch.now();
            let Some(row) = row_under(event, run.rows_total, run.data.rows()) else {
                return;
            };
            if tracker.before.get().is_none() {
                tracker.before.set(Some(run.cursor));
            }
            tracker.row.set(Some(row));
            let mut frame = tracker.frame.borrow_mut();
            if frame.is_none() {
                let (tracker, dispatch) = (tracker.clone(), dispatch.clone());
                *frame = Some(request_animation_frame(move |_| {
                    let frame = tracker.frame.borrow_mut().take();
                    // Dropping a frame inside its own call would free the call.
                    gloo::timers::callback::Timeout::new(0, move || drop(frame)).forget();
                    if tracker.before.get().is_some() {
                        dispatch.apply(RunCommand::SetCursor(tracker.row.get()));
                    }
                }));
            }
        })
    };
    let dispatch = dispatch.clone();
    let left = EventListener::new(element, "pointerleave", move |_| {
        if let Some(before) = tracker.before.take() {
            dispatch.apply(RunCommand::SetCursor(before));
        }
    });
    [moved, left]
}

/// The row at the pointer, if it is over a plot that has any.
fn row_under(event: &PointerEvent, rows_total: usize, rows: usize) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let plot = target.closest(".chart-plot").ok()??;
    let rect = plot.get_bounding_client_rect();
    let root = gloo::utils::window()
        .get_computed_style(&gloo::utils::document_element())
        .ok()??
        .get_property_value("font-size")
        .ok()?;
    let frame = Frame::of(read_number(root.trim_end_matches("px"))?);
    let width = rect.width() - frame.left - frame.right;
    let x = f64::from(event.client_x()) - rect.left() - frame.left;
    let row = (x / width.max(1.0) * rows_total as f64).round();
    let last = rows.checked_sub(1)?;
    Some((row.max(0.0) as usize).min(last))
}
