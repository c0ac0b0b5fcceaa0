//! The editor: one open design with its history, selection, tool and camera.

use std::cell::OnceCell;
use std::rc::Rc;

use archplay_model::{Design, Id, LinkKey};

use crate::history::{History, Step};
use crate::nesting;
use crate::{
    Camera, Change, Command, EditRefusal, Hit, Outcome, Point, Policy, Routes, Selection, Tool,
    apply,
};

/// What floats in the canvas's lower corners, in screen pixels: how far it reaches up, from the left (problems)
/// and from the right (zoom).
const LOWER_EDGE: f64 = 56.0;
const LEFT_CORNER: f64 = 150.0;
const RIGHT_CORNER: f64 = 270.0;

/// Everything about the open drawing. A clone is cheap and shares the design until one of them changes.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    pub(crate) design: Rc<Design>,
    revision: u64,
    history: History,
    gesture: Option<Gesture>,
    pub(crate) selection: Selection,
    /// The link that keys have selected, and the card they came from.
    pub(crate) reached: Option<(LinkKey, Id)>,
    pub(crate) tool: Tool,
    pub(crate) hover: Option<Hit>,
    pub(crate) camera: Camera,
    pub(crate) viewport: (f64, f64),
    covered: f64,
    routes: OnceCell<Rc<Routes>>,
    /// The last ways that were asked for: those of now are found from them.
    routes_before: Rc<Routes>,
}

/// The mark of an open gesture: how everything was when it began.
#[derive(Clone, Debug)]
struct Gesture {
    design: Rc<Design>,
    selection: Selection,
    slug: &'static str,
}

/// What is shown.
impl Editor {
    /// Opens a design. What does not fit together is mended; see [`Editor::apply`] with [`Command::Open`]
    /// to learn what was.
    #[must_use]
    pub fn new(design: Design) -> Self {
        let mut editor = Self {
            viewport: (800.0, 600.0),
            ..Self::default()
        };
        // Only a design beyond the limits is refused, and then the empty one stays.
        let _ = editor.apply(Command::Open { design });
        editor
    }

    /// The design. The pointer changes exactly when the design may have changed.
    #[must_use]
    pub const fn design(&self) -> &Rc<Design> {
        &self.design
    }

    /// Counts changes of the design, previews included.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// What is selected.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The tool at hand.
    #[must_use]
    pub const fn tool(&self) -> &Tool {
        &self.tool
    }

    /// What the pointer is over, while nothing is pressed.
    #[must_use]
    pub const fn hover(&self) -> Option<&Hit> {
        self.hover.as_ref()
    }

    /// Where the camera is.
    #[must_use]
    pub const fn camera(&self) -> Camera {
        self.camera
    }

    /// The size of the part of the screen that shows the canvas, in pixels.
    #[must_use]
    pub const fn viewport(&self) -> (f64, f64) {
        self.viewport
    }

    /// The ways of all links; computed once per change of the design, from those before it.
    #[must_use]
    pub fn routes(&self) -> Rc<Routes> {
        self.routes
            .get_or_init(|| Rc::new(self.routes_before.after(&self.design)))
            .clone()
    }
}

/// Changes.
impl Editor {
    /// Carries out a command and records it by its policy. An open gesture is cancelled first.
    ///
    /// # Errors
    /// The reason; the design is then as it was.
    pub fn apply(&mut self, command: Command) -> Result<Outcome, EditRefusal> {
        self.cancel_gesture();
        let (policy, slug) = (command.policy(), command.slug());
        let before = self.design.clone();
        let mut after = (*before).clone();
        let outcome = apply::run(&mut after, command)?;
        let change = Change::between(&before, &after);
        if !change.is_empty() {
            self.set_design(Rc::new(after));
        }
        match policy {
            Policy::Step => self.history.record(change, slug, None),
            Policy::Merge(key) => self.history.record(change, slug, Some(key)),
            Policy::Forget => {
                self.history.clear();
                self.tool = Tool::default();
                self.selection = Selection::default();
                self.hover = None;
            }
        }
        self.follow(&outcome);
        Ok(outcome)
    }

    /// Marks the beginning of a gesture: what follows by [`Editor::preview`] becomes one step, or none.
    pub fn begin_gesture(&mut self) {
        self.cancel_gesture();
        self.gesture = Some(Gesture {
            design: self.design.clone(),
            selection: self.selection.clone(),
            slug: "move",
        });
    }

    /// Shows what a command would do to the design as it was at the mark. Marks first if there is no mark.
    ///
    /// # Errors
    /// The reason; the design is then as it was at the mark.
    pub fn preview(&mut self, command: Command) -> Result<Outcome, EditRefusal> {
        if self.gesture.is_none() {
            self.begin_gesture();
        }
        let Some(gesture) = &mut self.gesture else {
            return Ok(Outcome::default());
        };
        gesture.slug = command.slug();
        let base = gesture.design.clone();
        let mut after = (*base).clone();
        match apply::run(&mut after, command) {
            Ok(outcome) => {
                self.set_design(if after == *base { base } else { Rc::new(after) });
                Ok(outcome)
            }
            Err(refusal) => {
                self.set_design(base);
                Err(refusal)
            }
        }
    }

    /// Ends a gesture: the difference to the mark becomes one step; none if there is no difference.
    pub fn commit_gesture(&mut self) {
        if let Some(gesture) = self.gesture.take() {
            let change = Change::between(&gesture.design, &self.design);
            self.history.record(change, gesture.slug, None);
        }
    }

    /// Takes a gesture back without a trace: the design of the mark, no step, and undone steps stay.
    pub fn cancel_gesture(&mut self) {
        if let Some(gesture) = self.gesture.take() {
            self.set_design(gesture.design);
            self.selection = gesture.selection;
            self.tool = Tool::default();
        }
    }

    /// Whether a gesture is open.
    #[must_use]
    pub const fn in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// Ends merging: the next command is a step of its own. For a field that loses the focus.
    pub const fn seal(&mut self) {
        self.history.seal();
    }

    /// Takes the last step back; during a gesture only the gesture. Returns whether anything happened.
    pub fn undo(&mut self) -> bool {
        if self.in_gesture() {
            self.cancel_gesture();
            return true;
        }
        let step = self.history.step_back();
        self.retrace(step, |step, design| step.change.undo(design))
    }

    /// Makes the last undone step again. Returns whether anything happened.
    pub fn redo(&mut self) -> bool {
        if self.in_gesture() {
            return false;
        }
        let step = self.history.step_forward();
        self.retrace(step, |step, design| step.change.redo(design))
    }

    /// How many steps can be undone and redone.
    #[must_use]
    pub const fn steps(&self) -> (usize, usize) {
        self.history.lens()
    }

    /// What undo would take back: a slug for `edit.<slug>`.
    #[must_use]
    pub fn undo_slug(&self) -> Option<&'static str> {
        self.history.last_done().map(|step| step.slug)
    }

    /// What redo would make again: a slug for `edit.<slug>`.
    #[must_use]
    pub fn redo_slug(&self) -> Option<&'static str> {
        self.history.last_undone().map(|step| step.slug)
    }

    fn retrace(&mut self, step: Option<Rc<Step>>, go: impl Fn(&Step, &mut Design)) -> bool {
        let Some(step) = step else { return false };
        let mut design = (*self.design).clone();
        go(&step, &mut design);
        let before = self.design.clone();
        self.set_design(Rc::new(design));
        self.tool = Tool::default();
        // What comes back is what one looks for.
        let back = step.change.touched().filter(|id| before.get(id).is_none());
        let back = back
            .filter(|id| self.design.get(id).is_some())
            .cloned()
            .collect();
        let back = nesting::roots(&self.design, &back);
        if !back.is_empty() {
            self.selection = Selection::components(back);
        }
        true
    }

    fn set_design(&mut self, design: Rc<Design>) {
        if Rc::ptr_eq(&design, &self.design) {
            return;
        }
        self.design = design;
        self.revision += 1;
        if let Some(routes) = self.routes.take() {
            self.routes_before = routes;
        }
        self.selection.prune(&self.design);
        if let Some(hit) = &self.hover
            && !hit.exists_in(&self.design)
        {
            self.hover = None;
        }
        self.tool.prune(&self.design);
    }

    /// Selects what a command has added.
    fn follow(&mut self, outcome: &Outcome) {
        if !outcome.created.is_empty() {
            let all = outcome.created.iter().cloned().collect();
            self.selection = Selection::components(nesting::roots(&self.design, &all));
        } else if let Some(key) = &outcome.connected {
            self.selection = Selection::link(key.clone());
        }
    }
}

/// Selection and camera.
impl Editor {
    /// Selects something else. Ends merging.
    pub fn select(&mut self, selection: Selection) {
        self.selection = selection;
        self.selection.prune(&self.design);
        self.reached = None;
        self.seal();
    }

    /// Selects everything.
    pub fn select_all(&mut self) {
        self.select(Selection::all(&self.design));
    }

    /// Removes what is selected. Returns whether there was anything.
    pub fn remove_selection(&mut self) -> bool {
        let Selection { components, links } = self.selection.clone();
        if components.is_empty() && links.is_empty() {
            return false;
        }
        let command = Command::Remove {
            ids: components,
            links,
        };
        self.apply(command).is_ok()
    }

    /// Tells how large the canvas is on the screen.
    pub fn set_viewport(&mut self, width: f64, height: f64) {
        if width.is_finite() && height.is_finite() && width >= 1.0 && height >= 1.0 {
            self.viewport = (width, height);
        }
    }

    /// Tells how many pixels at the right edge of the canvas a panel covers. What is fitted or shown goes
    /// into the rest.
    pub fn set_covered(&mut self, width: f64) {
        if width.is_finite() {
            self.covered = width.max(0.0);
        }
    }

    /// The size of the canvas on the screen without what a panel covers.
    fn open_view(&self) -> (f64, f64) {
        let width = self.viewport.0 - self.covered;
        // A panel over most of the canvas hides it anyway.
        let width = if width >= self.viewport.0 / 3.0 {
            width
        } else {
            self.viewport.0
        };
        (width, self.viewport.1)
    }

    /// Puts the camera somewhere.
    pub fn set_camera(&mut self, camera: Camera) {
        self.camera = camera
            .panned(0.0, 0.0)
            .zoomed_about(Point::default(), camera.zoom);
    }

    /// Moves the drawing by screen pixels.
    pub fn pan(&mut self, dx: f64, dy: f64) {
        self.camera = self.camera.panned(dx, dy);
    }

    /// Zooms by a factor; what is under the screen point stays there.
    pub fn zoom_by(&mut self, screen: Point, factor: f64) {
        let zoom = self.camera.zoom * factor;
        self.camera = self.camera.zoomed_about(screen, zoom);
    }

    /// Zooms to a value about the middle of the screen.
    pub fn zoom_to(&mut self, zoom: f64) {
        let middle = Point::new(self.viewport.0 / 2.0, self.viewport.1 / 2.0);
        self.camera = self.camera.zoomed_about(middle, zoom);
    }

    /// Shows the whole drawing; an empty one at 100 %.
    pub fn fit(&mut self) {
        let view = self.open_view();
        // On a phone every pixel counts.
        let margin = (view.0.min(view.1) * 0.06).min(48.0);
        let Some(bounds) = self.design.bounds() else {
            self.camera = Camera::default();
            return;
        };
        self.camera = Camera::fitting(bounds, view, margin);
        if self.is_under_the_corners(view) {
            let above = (view.1 - LOWER_EDGE + margin).max(view.1 / 2.0);
            self.camera = Camera::fitting(bounds, (view.0, above), margin);
        }
    }

    /// Whether a card (not a group, which is large) lies under what floats in the canvas's lower corners.
    fn is_under_the_corners(&self, view: (f64, f64)) -> bool {
        let top = view.1 - LOWER_EDGE;
        self.design.components.values().any(|component| {
            let rect = component.rect();
            let at = self.camera.screen_from_canvas(Point::new(rect.x, rect.y));
            let end = Point::new(rect.x + rect.w, rect.y + rect.h);
            let end = self.camera.screen_from_canvas(end);
            !component.kind.is_group()
                && end.y > top
                && (at.x < LEFT_CORNER || end.x > view.0 - RIGHT_CORNER)
        })
    }

    /// Brings what is selected into view.
    pub fn show_selection(&mut self) {
        if let Some(rect) = self.selection_bounds() {
            self.camera = self.camera.showing(rect, self.open_view(), 64.0);
        }
    }

    /// Brings a selected component out from under the panel; moves nothing that is not covered.
    pub fn uncover_selection(&mut self) {
        let Some(rect) = self.selection_bounds() else {
            return;
        };
        let (width, _) = self.open_view();
        let seen = self.camera.visible((width, self.viewport.1));
        let over = rect.x + rect.w - (seen.x + seen.w);
        // What is wider than the room cannot be uncovered by moving.
        if over > 0.0 && rect.w < seen.w && rect.x < seen.x + self.viewport.0 / self.camera.zoom {
            let margin = 24.0;
            self.pan(-(over * self.camera.zoom + margin), 0.0);
        }
    }

    /// The canvas point in the middle of what is seen.
    #[must_use]
    pub fn view_center(&self) -> Point {
        let (width, height) = self.open_view();
        self.camera
            .canvas_from_screen(Point::new(width / 2.0, height / 2.0))
    }

    /// The smallest rectangle around the selection, the ends of selected links included.
    #[must_use]
    pub fn selection_bounds(&self) -> Option<archplay_model::Rect> {
        let ends = self
            .selection
            .links
            .iter()
            .flat_map(|key| [&key.from, &key.to]);
        self.selection
            .components
            .iter()
            .chain(ends)
            .filter_map(|id| self.design.get(id))
            .map(archplay_model::Component::rect)
            .reduce(|a, b| a.union(&b))
    }
}
