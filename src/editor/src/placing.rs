//! Placing without a pointer: in the middle of the view, but not on top of a card.

use archplay_model::{Component, Kind, Rect};

use crate::geometry::{inflate, to_grid};
use crate::nesting::GROUP_HEADER;
use crate::{Command, EditRefusal, Editor, Outcome, Placing, Point};

/// The room left between cards that are placed beside each other.
const GAP: f64 = 24.0;
/// How many rings of places around the middle are tried.
const RINGS: i32 = 6;

impl Editor {
    /// Adds a component at the free place nearest to the middle of the view and brings it into view.
    ///
    /// # Errors
    /// When the drawing is full.
    pub fn place_in_view(&mut self, kind: Kind) -> Result<Outcome, EditRefusal> {
        self.place_near(kind, self.view_center())
    }

    /// Adds a component at the free place nearest to a point and brings it into view.
    ///
    /// # Errors
    /// When the drawing is full.
    pub fn place_near(&mut self, kind: Kind, at: Point) -> Result<Outcome, EditRefusal> {
        let frame = self.free_frame(kind, at.sane());
        let outcome = self.apply(Command::Add {
            kind,
            x: frame.x,
            y: frame.y,
        })?;
        self.show_selection();
        Ok(outcome)
    }

    fn free_frame(&self, kind: Kind, at: Point) -> Rect {
        let middle = Placing::frame(kind, at);
        let taken = |frame: &Rect| {
            let near = inflate(*frame, GAP / 2.0);
            let mut all = self.design.components.values();
            all.any(|c| near.intersects(&c.rect()) && !goes_together(kind, frame, c))
        };
        let mut places: Vec<(f64, Rect)> = Vec::new();
        for i in -RINGS..=RINGS {
            for j in -RINGS..=RINGS {
                let (dx, dy) = (
                    f64::from(i) * to_grid(middle.w + GAP),
                    f64::from(j) * to_grid(middle.h + GAP),
                );
                let frame = Rect {
                    x: middle.x + dx,
                    y: middle.y + dy,
                    ..middle
                };
                places.push((dx * dx + dy * dy, frame));
            }
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let free = places
            .into_iter()
            .map(|(_, frame)| frame)
            .find(|frame| !taken(frame));
        free.unwrap_or(middle)
    }
}

/// Whether a new frame and a component may share a place: one wholly inside the other, which may hold it.
fn goes_together(kind: Kind, frame: &Rect, other: &Component) -> bool {
    let room = |group: Rect| Rect {
        y: group.y + GROUP_HEADER,
        h: group.h - GROUP_HEADER,
        ..group
    };
    let inside = other.kind.is_group()
        && kind.may_be_in(Some(other.kind))
        && room(other.rect()).contains_rect(frame);
    let around = kind.is_group()
        && other.kind.may_be_in(Some(kind))
        && room(*frame).contains_rect(&other.rect());
    inside || around
}
