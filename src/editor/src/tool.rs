//! Tools: what the pointer and the keys do now, as data. Inputs are in `tool_pointer` and `tool_keys`.

use std::rc::Rc;

use archplay_model::{Component, Design, Id, Kind, Rect};

use crate::connect::Candidate;
use crate::geometry::{rect_between, to_grid};
use crate::nesting::group_at;
use crate::{Editor, Guide, Handle, Hit, Point, Selection};

/// The tool at hand. Escape leads from every state to `Select(Idle)`.
#[derive(Clone, Debug, PartialEq)]
pub enum Tool {
    /// Selecting, moving, resizing.
    Select(SelectState),
    /// Drawing a link.
    Connect(Connecting),
    /// Placing a new component.
    Place(Placing),
}

impl Default for Tool {
    fn default() -> Self {
        Self::Select(SelectState::Idle)
    }
}

/// What the select tool is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectState {
    /// Nothing.
    Idle,
    /// The pointer is down but has not moved: still a click.
    Pressing {
        /// Where, in canvas units.
        at: Point,
        /// On what.
        hit: Hit,
    },
    /// Components are dragged.
    Dragging {
        /// Where the pointer went down.
        start: Point,
        /// Around all that moves, as it was.
        bounds: Rect,
        /// The move so far, snapped.
        delta: (f64, f64),
        /// What it lined up with.
        guides: Vec<Guide>,
        /// The group that would adopt it, if that is another than now.
        adopt: Option<Id>,
    },
    /// A rectangle is drawn to select what it touches.
    Marquee {
        /// Where the pointer went down.
        start: Point,
        /// Where it is.
        now: Point,
        /// What stays selected besides.
        kept: Selection,
        /// What was selected before.
        before: Selection,
    },
    /// A group is resized.
    Resizing {
        /// Which.
        id: Id,
        /// By which handle.
        handle: Handle,
        /// Where the pointer went down.
        start: Point,
        /// The frame as it was.
        frame: Rect,
    },
}

/// How a link is being drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectMode {
    /// The pointer is held down; letting go confirms.
    Drag,
    /// A click on a target confirms.
    Click,
    /// Arrow keys choose a target, Enter confirms; a click does too.
    Keyboard,
}

/// A link being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Connecting {
    /// Who asks.
    pub from: Id,
    /// How.
    pub mode: ConnectMode,
    /// All cards it could go to, in reading order, with the reasons why not.
    pub candidates: Rc<[Candidate]>,
    /// The one that is chosen or under the pointer.
    pub target: Option<Id>,
    /// Where the pointer is, in canvas units.
    pub pointer: Option<Point>,
}

impl Connecting {
    /// The chosen target with its refusal.
    #[must_use]
    pub fn chosen(&self) -> Option<&Candidate> {
        let target = self.target.as_ref()?;
        self.candidates.iter().find(|c| c.id == *target)
    }
}

/// A component being placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placing {
    /// What.
    pub kind: Kind,
    /// Where the pointer is, in canvas units; `None` while it is elsewhere.
    pub at: Option<Point>,
}

impl Placing {
    /// The frame it would take, with its middle at a point and its corner on the grid.
    #[must_use]
    pub fn frame(kind: Kind, at: Point) -> Rect {
        let (w, h) = Component::default_size(kind);
        Rect {
            x: to_grid(at.x - w / 2.0),
            y: to_grid(at.y - h / 2.0),
            w,
            h,
        }
    }
}

/// Which modifier keys are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// Adds to the selection; keeps the place tool.
    pub shift: bool,
    /// Moves freely, without snapping.
    pub alt: bool,
}

/// What to draw over the drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// The selection rectangle.
    pub marquee: Option<Rect>,
    /// Lines that show what something lined up with.
    pub guides: Vec<Guide>,
    /// The group that would adopt what is dragged or placed.
    pub adopt: Option<Id>,
    /// A link being drawn: from, to, and whether it may be.
    pub connect: Option<(Point, Point, Option<bool>)>,
    /// A component being placed.
    pub ghost: Option<(Kind, Rect)>,
}

impl Tool {
    /// Leaves a state whose components are gone.
    pub(crate) fn prune(&mut self, design: &Design) {
        let gone = |id: &Id| !design.components.contains_key(id);
        match self {
            Self::Connect(c) if gone(&c.from) => *self = Self::default(),
            Self::Connect(c) => {
                c.candidates = crate::connect::candidates(design, &c.from).into();
                if c.target.as_ref().is_some_and(gone) {
                    c.target = None;
                }
            }
            Self::Select(SelectState::Resizing { id, .. }) if gone(id) => *self = Self::default(),
            Self::Select(SelectState::Pressing { hit, .. }) if !hit.exists_in(design) => {
                *self = Self::default();
            }
            Self::Select(_) | Self::Place(_) => {}
        }
    }
}

impl Editor {
    /// What to draw over the drawing now.
    #[must_use]
    pub fn overlay(&self) -> Overlay {
        let mut overlay = Overlay::default();
        match &self.tool {
            Tool::Select(SelectState::Marquee { start, now, .. }) => {
                overlay.marquee = Some(rect_between(*start, *now));
            }
            Tool::Select(SelectState::Dragging { guides, adopt, .. }) => {
                overlay.guides.clone_from(guides);
                overlay.adopt.clone_from(adopt);
            }
            Tool::Select(_) => {}
            Tool::Connect(connecting) => overlay.connect = self.connect_line(connecting),
            Tool::Place(Placing { kind, at: Some(at) }) => {
                let frame = Placing::frame(*kind, *at);
                let (x, y) = frame.center();
                overlay.ghost = Some((*kind, frame));
                overlay.adopt =
                    group_at(&self.design, *kind, Point::new(x, y), &Default::default());
            }
            Tool::Place(_) => {}
        }
        overlay
    }

    fn connect_line(&self, connecting: &Connecting) -> Option<(Point, Point, Option<bool>)> {
        let from = self.design.get(&connecting.from)?.rect();
        let target = connecting
            .target
            .as_ref()
            .and_then(|id| self.design.get(id));
        let to = match (target, connecting.pointer) {
            (Some(target), _) => {
                let (x, y) = target.rect().center();
                let toward = edge_towards(target.rect(), from.center());
                if toward.distance(Point::new(x, y)) < 1.0 {
                    Point::new(x, y)
                } else {
                    toward
                }
            }
            (None, Some(pointer)) => pointer,
            (None, None) => return None,
        };
        let fine = connecting.chosen().map(|c| c.refusal.is_none());
        Some((edge_towards(from, (to.x, to.y)), to, fine))
    }
}

/// The port of a card that faces a point.
fn edge_towards(rect: Rect, (x, y): (f64, f64)) -> Point {
    use crate::Side;
    let (cx, cy) = rect.center();
    let (dx, dy) = ((x - cx) / rect.w.max(1.0), (y - cy) / rect.h.max(1.0));
    let side = if dx.abs() >= dy.abs() {
        if dx >= 0.0 { Side::Right } else { Side::Left }
    } else if dy >= 0.0 {
        Side::Bottom
    } else {
        Side::Top
    };
    side.port(rect)
}
