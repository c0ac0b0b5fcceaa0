//! Dragging a kind from the palette onto the canvas, with mouse, pen or finger.
//!
//! The palette's button has captured the pointer, so its events are translated for the editor here.

use archplay_editor::{EditRefusal, Modifiers, Point};
use archplay_model::Kind;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, PointerEvent};

use crate::app::session::Dispatch;

/// How far the pointer must go until a press becomes a drag, in pixels.
const THRESHOLD: f64 = 5.0;

/// A press on a kind.
#[derive(Debug, Default)]
pub struct Press {
    start: Option<(f64, f64)>,
    dragging: bool,
    /// Whether the click that follows belongs to a drag.
    pub dragged: bool,
}

impl Press {
    /// The pointer goes down on a kind.
    pub fn down(&mut self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        // Yew listens at the page's root, so the event's own element has to be looked for.
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        if let Some(button) = target.and_then(|target| target.closest("button").ok().flatten()) {
            // Without capture the drag ends at the palette's edge; a click still works.
            let _ = button.set_pointer_capture(event.pointer_id());
        }
        *self = Self {
            start: Some((f64::from(event.client_x()), f64::from(event.client_y()))),
            ..Self::default()
        };
    }

    /// The pointer moves.
    pub fn moved(&mut self, event: &PointerEvent, kind: Kind, dispatch: &Dispatch) {
        let Some(start) = self.start else { return };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let far = (at.0 - start.0).abs().max((at.1 - start.1).abs()) >= THRESHOLD;
        if !self.dragging && far {
            self.dragging = true;
            dispatch.update(|editor| editor.arm(kind));
        }
        if self.dragging {
            let over = canvas_point(at, dispatch);
            dispatch.update(|editor| match over {
                Some(point) => editor.pointer_move(point, Modifiers::default()),
                None => editor.pointer_leave(),
            });
        }
    }

    /// The pointer goes up: places, or gives up when that is not over the canvas.
    pub fn up(&mut self, event: &PointerEvent, dispatch: &Dispatch) -> Result<(), EditRefusal> {
        let dragging = self.dragging;
        *self = Self {
            dragged: dragging,
            ..Self::default()
        };
        if !dragging {
            return Ok(());
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        match canvas_point(at, dispatch) {
            Some(point) => {
                focus_canvas();
                dispatch
                    .update(|editor| editor.pointer_up(point, Modifiers::default()))
                    .map(|_| ())
            }
            None => {
                dispatch.update(|editor| editor.cancel());
                Ok(())
            }
        }
    }

    /// The pointer is taken away.
    pub fn cancelled(&mut self, dispatch: &Dispatch) {
        if std::mem::take(self).dragging {
            dispatch.update(|editor| editor.cancel());
        }
    }
}

/// The canvas's element.
pub fn canvas() -> Option<HtmlElement> {
    let element = gloo::utils::document().get_element_by_id("canvas")?;
    element.dyn_into::<HtmlElement>().ok()
}

/// Gives the canvas the focus, so that its keys work.
pub fn focus_canvas() {
    if let Some(canvas) = canvas() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // A canvas that cannot have the focus is not shown.
        let _ = canvas.focus_with_options(&options);
    }
}

/// The canvas point under a point of the window, if the canvas itself is seen there.
fn canvas_point((x, y): (f64, f64), dispatch: &Dispatch) -> Option<Point> {
    let canvas = canvas()?;
    let top = gloo::utils::document().element_from_point(x as f32, y as f32)?;
    if !canvas.contains(Some(&top)) {
        return None;
    }
    let bounds = canvas.get_bounding_client_rect();
    let view = Point::new(x - bounds.left(), y - bounds.top());
    Some(dispatch.read(|editor| editor.camera().canvas_from_screen(view)))
}
