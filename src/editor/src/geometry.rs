//! Points, sides and directions on the canvas.

use archplay_model::Rect;
use archplay_model::limits::MAX_COORDINATE;

/// The grid to which cards snap, in canvas units.
pub const GRID: f64 = 8.0;

/// A point, in canvas units (pixels at zoom 1) or in screen pixels; the name of the value says which.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// Makes a point.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The straight distance.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).sqrt()
    }

    /// The point itself if a document can hold it, else the nearest that one can.
    pub(crate) fn sane(self) -> Self {
        Self::new(sane(self.x), sane(self.y))
    }
}

/// Brings a coordinate into the canvas; what is no number becomes 0.
pub(crate) fn sane(value: f64) -> f64 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(-MAX_COORDINATE, MAX_COORDINATE)
    }
}

/// A coordinate as documents hold it: within the canvas and with at most two digits after the point, so
/// that files stay short.
pub(crate) fn tidy(value: f64) -> f64 {
    (sane(value) * 100.0).round() / 100.0
}

/// The nearest multiple of the grid.
pub(crate) fn to_grid(value: f64) -> f64 {
    (value / GRID).round() * GRID
}

/// The rectangle between two corners.
pub(crate) fn rect_between(a: Point, b: Point) -> Rect {
    Rect {
        x: a.x.min(b.x),
        y: a.y.min(b.y),
        w: (a.x - b.x).abs(),
        h: (a.y - b.y).abs(),
    }
}

/// The rectangle made larger by a margin on every side.
pub(crate) fn inflate(rect: Rect, by: f64) -> Rect {
    Rect {
        x: rect.x - by,
        y: rect.y - by,
        w: rect.w + 2.0 * by,
        h: rect.h + 2.0 * by,
    }
}

/// A side of a card; a port sits in the middle of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Right.
    Right,
    /// Left.
    Left,
    /// Bottom.
    Bottom,
    /// Top.
    Top,
}

impl Side {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Right, Self::Left, Self::Bottom, Self::Top];

    /// The unit step that leads away from the card.
    #[must_use]
    pub const fn outward(self) -> (f64, f64) {
        match self {
            Self::Right => (1.0, 0.0),
            Self::Left => (-1.0, 0.0),
            Self::Bottom => (0.0, 1.0),
            Self::Top => (0.0, -1.0),
        }
    }

    /// Whether links leave it to the left or right.
    #[must_use]
    pub const fn is_horizontal(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }

    /// The middle of this side.
    #[must_use]
    pub fn port(self, rect: Rect) -> Point {
        let (cx, cy) = rect.center();
        match self {
            Self::Right => Point::new(rect.x + rect.w, cy),
            Self::Left => Point::new(rect.x, cy),
            Self::Bottom => Point::new(cx, rect.y + rect.h),
            Self::Top => Point::new(cx, rect.y),
        }
    }
}

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Direction {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Up, Self::Down];

    /// The unit step.
    #[must_use]
    pub const fn step(self) -> (f64, f64) {
        match self {
            Self::Left => (-1.0, 0.0),
            Self::Right => (1.0, 0.0),
            Self::Up => (0.0, -1.0),
            Self::Down => (0.0, 1.0),
        }
    }
}
