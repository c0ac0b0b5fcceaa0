//! Hit testing: what is under a point.

use archplay_model::{Design, Id, LinkKey, Rect};

use crate::geometry::inflate;
use crate::nesting::GROUP_HEADER;
use crate::{Editor, Point, Side};

/// How near to a link a click must be, in screen pixels.
const LINK_TOLERANCE: f64 = 6.0;
/// How near to a port's middle, in screen pixels.
const PORT_REACH: f64 = 8.0;
/// How near to a resize handle's middle, in screen pixels.
const HANDLE_REACH: f64 = 9.0;
/// How near to a group's frame, in screen pixels.
const FRAME_TOLERANCE: f64 = 5.0;

/// What is under a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// Nothing.
    Canvas,
    /// A card.
    Card(Id),
    /// A port of a card: links are drawn from here.
    Port {
        /// The card.
        id: Id,
        /// The side it sits on.
        side: Side,
    },
    /// A link.
    Link(LinkKey),
    /// A group's frame or title.
    GroupFrame(Id),
    /// The free room in a group.
    GroupInside(Id),
    /// A resize handle of the selected group.
    Handle {
        /// The group.
        id: Id,
        /// Which handle.
        handle: Handle,
    },
}

impl Hit {
    /// The component it belongs to.
    #[must_use]
    pub const fn component(&self) -> Option<&Id> {
        match self {
            Self::Card(id)
            | Self::Port { id, .. }
            | Self::GroupFrame(id)
            | Self::GroupInside(id)
            | Self::Handle { id, .. } => Some(id),
            Self::Canvas | Self::Link(_) => None,
        }
    }

    pub(crate) fn exists_in(&self, design: &Design) -> bool {
        match self {
            Self::Link(key) => design.links.contains_key(key),
            _ => self
                .component()
                .is_none_or(|id| design.components.contains_key(id)),
        }
    }
}

/// One of the eight places by which a group is resized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    /// −1 the left edge, 0 neither, 1 the right edge.
    pub horizontal: i8,
    /// −1 the top edge, 0 neither, 1 the bottom edge.
    pub vertical: i8,
}

impl Handle {
    /// All eight, corners first so that they win over edges.
    pub const ALL: [Self; 8] = [
        Self::new(-1, -1),
        Self::new(1, -1),
        Self::new(-1, 1),
        Self::new(1, 1),
        Self::new(0, -1),
        Self::new(0, 1),
        Self::new(-1, 0),
        Self::new(1, 0),
    ];

    const fn new(horizontal: i8, vertical: i8) -> Self {
        Self {
            horizontal,
            vertical,
        }
    }

    /// Where it is on a frame.
    #[must_use]
    pub fn place(self, frame: Rect) -> Point {
        Point::new(
            frame.x + frame.w * f64::midpoint(1.0, f64::from(self.horizontal)),
            frame.y + frame.h * f64::midpoint(1.0, f64::from(self.vertical)),
        )
    }

    /// The frame after this handle was moved; edges never pass each other.
    pub(crate) fn pulled(self, frame: Rect, dx: f64, dy: f64, least: (f64, f64)) -> Rect {
        let axis = |which: i8, low: f64, size: f64, by: f64, least: f64| match which {
            -1 => {
                let by = by.min(size - least);
                (low + by, size - by)
            }
            1 => (low, (size + by).max(least)),
            _ => (low, size),
        };
        let (x, w) = axis(self.horizontal, frame.x, frame.w, dx, least.0);
        let (y, h) = axis(self.vertical, frame.y, frame.h, dy, least.1);
        Rect { x, y, w, h }
    }

    /// The CSS cursor.
    #[must_use]
    pub const fn cursor(self) -> &'static str {
        match (self.horizontal, self.vertical) {
            (0, _) => "ns-resize",
            (_, 0) => "ew-resize",
            (-1, -1) | (1, 1) => "nwse-resize",
            _ => "nesw-resize",
        }
    }
}

impl Editor {
    /// What is under a canvas point: handles and ports first, then cards, links, frames, group insides.
    #[must_use]
    pub fn hit(&self, at: Point) -> Hit {
        let pixel = 1.0 / self.camera.zoom;
        let design = &*self.design;
        if let Some(group) = self
            .selection
            .single()
            .and_then(|id| design.get(id))
            .filter(|c| c.kind.is_group())
        {
            let near = |h: &&Handle| h.place(group.rect()).distance(at) <= HANDLE_REACH * pixel;
            if let Some(handle) = Handle::ALL.iter().find(near) {
                return Hit::Handle {
                    id: group.id.clone(),
                    handle: *handle,
                };
            }
        }
        // Ports must not cover a card that is drawn small.
        let reach = (PORT_REACH * pixel).min(14.0);
        let cards = || {
            design
                .components
                .values()
                .rev()
                .filter(|c| !c.kind.is_group())
        };
        for card in cards() {
            let rect = card.rect();
            if !inflate(rect, reach).contains(at.x, at.y) {
                continue;
            }
            if let Some(side) = Side::ALL
                .into_iter()
                .find(|s| s.port(rect).distance(at) <= reach)
            {
                return Hit::Port {
                    id: card.id.clone(),
                    side,
                };
            }
            if rect.contains(at.x, at.y) {
                return Hit::Card(card.id.clone());
            }
        }
        let routes = self.routes();
        let near = LINK_TOLERANCE * pixel;
        let link = routes
            .iter()
            .filter(|(_, route)| inflate(route.bounds(), near).contains(at.x, at.y))
            .map(|(key, route)| (route.distance(at), key))
            .filter(|(distance, _)| *distance <= near)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, key)) = link {
            return Hit::Link(key.clone());
        }
        self.hit_group(at, FRAME_TOLERANCE * pixel)
    }

    /// The card under a canvas point, if there is one.
    #[must_use]
    pub fn card_at(&self, at: Point) -> Option<&Id> {
        self.design
            .components
            .values()
            .rev()
            .find(|c| !c.kind.is_group() && c.rect().contains(at.x, at.y))
            .map(|c| &c.id)
    }

    fn hit_group(&self, at: Point, tolerance: f64) -> Hit {
        let innermost = self
            .design
            .components
            .values()
            .filter(|c| c.kind.is_group())
            .filter(|c| inflate(c.rect(), tolerance).contains(at.x, at.y))
            .min_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)).then(a.id.cmp(&b.id)));
        let Some(group) = innermost else {
            return Hit::Canvas;
        };
        let frame = group.rect();
        let inside = inflate(frame, -tolerance).contains(at.x, at.y);
        if !inside || at.y <= frame.y + GROUP_HEADER - 8.0 {
            Hit::GroupFrame(group.id.clone())
        } else {
            Hit::GroupInside(group.id.clone())
        }
    }
}
