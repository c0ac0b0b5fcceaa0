//! What the pointer does, in canvas units. Only the primary button; panning is the camera's.

use archplay_model::Id;

use crate::geometry::{rect_between, to_grid};
use crate::nesting::{self, MIN_GROUP_H, MIN_GROUP_W, with_content};
use crate::snap::snapped_move;
use crate::{
    Command, ConnectMode, EditRefusal, Editor, Hit, Modifiers, Outcome, Placing, Point,
    SelectState, Selection, Tool,
};

/// How far the pointer must go until a press becomes a drag, in screen pixels.
const DRAG_THRESHOLD: f64 = 4.0;
/// How near things must come to line up, in screen pixels.
const SNAP_REACH: f64 = 5.0;

impl Editor {
    /// Arms the place tool: the next click, or Enter, places a component of the kind.
    pub fn arm(&mut self, kind: archplay_model::Kind) {
        self.cancel();
        self.tool = Tool::Place(Placing { kind, at: None });
    }

    /// The pointer goes down.
    pub fn pointer_down(&mut self, at: Point, modifiers: Modifiers) {
        let at = at.sane();
        match &mut self.tool {
            Tool::Place(placing) => placing.at = Some(at),
            Tool::Connect(_) => self.connect_move(at),
            Tool::Select(_) => {
                self.cancel_gesture();
                self.press(at, modifiers);
            }
        }
    }

    /// The pointer moves, pressed or not.
    pub fn pointer_move(&mut self, at: Point, modifiers: Modifiers) {
        let at = at.sane();
        match self.tool.clone() {
            Tool::Place(placing) => {
                self.tool = Tool::Place(Placing {
                    at: Some(at),
                    ..placing
                });
            }
            Tool::Connect(_) => self.connect_move(at),
            Tool::Select(SelectState::Idle) => {
                let hit = self.hit(at);
                self.hover = (hit != Hit::Canvas).then_some(hit);
            }
            Tool::Select(SelectState::Pressing { at: start, hit }) => {
                if start.distance(at) * self.camera.zoom >= DRAG_THRESHOLD {
                    self.begin_drag(start, &hit, modifiers);
                    if !matches!(self.tool, Tool::Select(SelectState::Pressing { .. })) {
                        self.pointer_move(at, modifiers);
                    }
                }
            }
            Tool::Select(state @ SelectState::Dragging { .. }) => {
                self.drag_move(state, at, modifiers);
            }
            Tool::Select(SelectState::Marquee {
                start,
                kept,
                before,
                ..
            }) => {
                self.selection = self.touched(start, at, &kept);
                self.tool = Tool::Select(SelectState::Marquee {
                    start,
                    now: at,
                    kept,
                    before,
                });
            }
            Tool::Select(SelectState::Resizing {
                id,
                handle,
                start,
                frame,
            }) => {
                let (mut dx, mut dy) = (at.x - start.x, at.y - start.y);
                if !modifiers.alt {
                    let edge = handle.place(frame);
                    dx = to_grid(edge.x + dx) - edge.x;
                    dy = to_grid(edge.y + dy) - edge.y;
                }
                let rect = handle.pulled(frame, dx, dy, (MIN_GROUP_W, MIN_GROUP_H));
                // Refused only if the group is gone, and then the tool was left.
                let _ = self.preview(Command::Resize { id, rect });
            }
        }
    }

    /// The pointer goes up: a click, or the end of a drag.
    ///
    /// # Errors
    /// Why what was drawn or placed is refused; the tool is left all the same.
    pub fn pointer_up(&mut self, at: Point, modifiers: Modifiers) -> Result<Outcome, EditRefusal> {
        let at = at.sane();
        match self.tool.clone() {
            Tool::Place(placing) => {
                if !modifiers.shift {
                    self.tool = Tool::default();
                }
                self.place(placing.kind, at)
            }
            Tool::Connect(_) => {
                self.connect_move(at);
                self.connect_up(at)
            }
            Tool::Select(state) => {
                if !matches!(state, SelectState::Idle | SelectState::Pressing { .. }) {
                    self.pointer_move(at, modifiers);
                }
                let result = match &self.tool {
                    Tool::Select(SelectState::Dragging { delta, .. }) => self.drop_at(*delta),
                    _ => Ok(Outcome::default()),
                };
                if let SelectState::Pressing { hit, .. } = state {
                    self.click(&hit, modifiers);
                }
                self.commit_gesture();
                if matches!(self.tool, Tool::Select(_)) {
                    self.tool = Tool::default();
                }
                result
            }
        }
    }

    /// The pointer is taken away (a system gesture, a lost capture): as if nothing had begun.
    pub fn pointer_cancel(&mut self) {
        self.cancel();
    }

    /// The pointer leaves the canvas.
    pub fn pointer_leave(&mut self) {
        self.hover = None;
        match &mut self.tool {
            Tool::Place(placing) => placing.at = None,
            Tool::Connect(c) if c.mode == ConnectMode::Click => c.pointer = None,
            Tool::Select(_) | Tool::Connect(_) => {}
        }
    }

    /// Leaves whatever the tool is doing, without a trace. Returns whether it was doing anything.
    pub fn cancel(&mut self) -> bool {
        let busy = self.in_gesture() || self.tool != Tool::default();
        if let Tool::Select(SelectState::Marquee { before, .. }) = &self.tool {
            self.selection = before.clone();
            // A command from elsewhere, such as a cut, may have come in between.
            self.selection.prune(&self.design);
        }
        self.cancel_gesture();
        self.tool = Tool::default();
        busy
    }

    /// Adds a component with its middle at a point, on the grid.
    ///
    /// # Errors
    /// When the drawing is full.
    pub fn place(&mut self, kind: archplay_model::Kind, at: Point) -> Result<Outcome, EditRefusal> {
        let frame = Placing::frame(kind, at.sane());
        self.apply(Command::Add {
            kind,
            x: frame.x,
            y: frame.y,
        })
    }

    fn press(&mut self, at: Point, modifiers: Modifiers) {
        let hit = self.hit(at);
        self.hover = None;
        if let Hit::Handle { id, handle } = &hit
            && let Some(frame) = self.design.get(id).map(archplay_model::Component::rect)
        {
            let (id, handle) = (id.clone(), *handle);
            self.begin_gesture();
            self.tool = Tool::Select(SelectState::Resizing {
                id,
                handle,
                start: at,
                frame,
            });
            return;
        }
        if !modifiers.shift {
            match &hit {
                Hit::Card(id) | Hit::GroupFrame(id) if !self.selection.components.contains(id) => {
                    self.select(Selection::component(id.clone()));
                }
                _ => {}
            }
        }
        self.tool = Tool::Select(SelectState::Pressing { at, hit });
    }

    fn begin_drag(&mut self, start: Point, hit: &Hit, modifiers: Modifiers) {
        let chosen = |id: &Id| self.selection.components.contains(id);
        match hit {
            Hit::Port { id, .. } => {
                let id = id.clone();
                self.start_connect(&id, ConnectMode::Drag);
            }
            Hit::GroupInside(id) if !chosen(id) => self.begin_marquee(start, modifiers),
            Hit::Card(id) | Hit::GroupFrame(id) | Hit::GroupInside(id) => {
                if !chosen(id) {
                    self.selection.components.insert(id.clone());
                }
                let roots = nesting::roots(&self.design, &self.selection.components);
                let bounds = roots
                    .iter()
                    .filter_map(|id| self.design.get(id))
                    .map(archplay_model::Component::rect)
                    .reduce(|a, b| a.union(&b));
                let Some(bounds) = bounds else { return };
                self.begin_gesture();
                self.tool = Tool::Select(SelectState::Dragging {
                    start,
                    bounds,
                    delta: (0.0, 0.0),
                    guides: Vec::new(),
                    adopt: None,
                });
            }
            Hit::Canvas | Hit::Link(_) | Hit::Handle { .. } => {
                self.begin_marquee(start, modifiers);
            }
        }
    }

    fn begin_marquee(&mut self, start: Point, modifiers: Modifiers) {
        let before = self.selection.clone();
        let kept = if modifiers.shift {
            before.clone()
        } else {
            Selection::default()
        };
        self.tool = Tool::Select(SelectState::Marquee {
            start,
            now: start,
            kept,
            before,
        });
    }

    fn drag_move(&mut self, state: SelectState, at: Point, modifiers: Modifiers) {
        let SelectState::Dragging { start, bounds, .. } = state else {
            return;
        };
        let ids = nesting::roots(&self.design, &self.selection.components);
        let moving = with_content(&self.design, &ids);
        let wished = (at.x - start.x, at.y - start.y);
        let (delta, guides) = if modifiers.alt {
            (wished, Vec::new())
        } else {
            let reach = SNAP_REACH / self.camera.zoom;
            snapped_move(&self.design, &moving, bounds, wished, reach)
        };
        let before = self.parents(&ids);
        let (dx, dy) = delta;
        // Refused only if something is gone, and then the selection was pruned.
        let _ = self.preview(Command::Nudge {
            ids: ids.clone(),
            dx,
            dy,
        });
        let adopt = self
            .parents(&ids)
            .into_iter()
            .zip(before)
            .find_map(|(now, before)| (now != before).then_some(now).flatten())
            .or_else(|| self.adopting_still(&ids));
        self.tool = Tool::Select(SelectState::Dragging {
            start,
            bounds,
            delta,
            guides,
            adopt,
        });
    }

    fn parents(&self, ids: &std::collections::BTreeSet<Id>) -> Vec<Option<Id>> {
        ids.iter()
            .map(|id| self.design.get(id).and_then(|c| c.parent.clone()))
            .collect()
    }

    /// The adopting group of the move before, as long as the components are still in it.
    fn adopting_still(&self, ids: &std::collections::BTreeSet<Id>) -> Option<Id> {
        match &self.tool {
            Tool::Select(SelectState::Dragging { adopt, .. }) => adopt
                .clone()
                .filter(|group| self.parents(ids).contains(&Some(group.clone()))),
            _ => None,
        }
    }

    fn drop_at(&mut self, (dx, dy): (f64, f64)) -> Result<Outcome, EditRefusal> {
        let ids = nesting::roots(&self.design, &self.selection.components);
        let outcome = if (dx, dy) == (0.0, 0.0) {
            self.cancel_gesture();
            Ok(Outcome::default())
        } else {
            self.preview(Command::Move { ids, dx, dy })
        };
        self.commit_gesture();
        self.seal();
        outcome
    }

    /// What a rectangle selects: cards it touches, groups and links it holds wholly.
    fn touched(&self, start: Point, now: Point, kept: &Selection) -> Selection {
        let area = rect_between(start, now);
        let mut out = kept.clone();
        out.prune(&self.design);
        for c in self.design.components.values() {
            let rect = c.rect();
            if if c.kind.is_group() {
                area.contains_rect(&rect)
            } else {
                area.intersects(&rect)
            } {
                out.components.insert(c.id.clone());
            }
        }
        for (key, route) in self.routes().iter() {
            if route.points.iter().all(|p| area.contains(p.x, p.y)) {
                out.links.insert(key.clone());
            }
        }
        out
    }

    fn click(&mut self, hit: &Hit, modifiers: Modifiers) {
        let mut selection = self.selection.clone();
        match hit {
            Hit::Port { id, .. } => {
                let id = id.clone();
                self.start_connect(&id, ConnectMode::Click);
                return;
            }
            Hit::Card(id) | Hit::GroupFrame(id) | Hit::GroupInside(id) if modifiers.shift => {
                selection.toggle(id);
            }
            Hit::Card(id) | Hit::GroupFrame(id) | Hit::GroupInside(id) => {
                selection = Selection::component(id.clone());
            }
            Hit::Link(key) if modifiers.shift => selection.toggle_link(key),
            Hit::Link(key) => selection = Selection::link(key.clone()),
            Hit::Canvas if modifiers.shift => {}
            Hit::Canvas => selection = Selection::default(),
            Hit::Handle { .. } => {}
        }
        if selection != self.selection {
            self.select(selection);
        }
    }
}
