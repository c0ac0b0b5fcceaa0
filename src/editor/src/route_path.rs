//! The shape of a way: rounded corners, its middle, its distance to a point.

use std::fmt::Write as _;

use archplay_model::Rect;

use crate::{Point, Route};

impl Route {
    /// The way as SVG path data with corners rounded by up to a radius.
    #[must_use]
    pub fn svg_path(&self, radius: f64) -> String {
        let mut out = String::new();
        let Some(first) = self.points.first() else {
            return out;
        };
        // Writing into a string cannot fail.
        let _ = write!(out, "M{} {}", short(first.x), short(first.y));
        for corner in self.points.windows(3) {
            let (before, at, after) = (corner[0], corner[1], corner[2]);
            let r = radius
                .min(before.distance(at) / 2.0)
                .min(at.distance(after) / 2.0);
            let (a, b) = (towards(at, before, r), towards(at, after, r));
            let _ = write!(
                out,
                "L{} {}Q{} {} {} {}",
                short(a.x),
                short(a.y),
                short(at.x),
                short(at.y),
                short(b.x),
                short(b.y)
            );
        }
        if let Some(last) = self.points.last() {
            let _ = write!(out, "L{} {}", short(last.x), short(last.y));
        }
        out
    }

    /// The point half way along, for a label.
    #[must_use]
    pub fn middle(&self) -> Point {
        let mut left = self.length() / 2.0;
        for w in self.points.windows(2) {
            let step = w[0].distance(w[1]);
            if left <= step {
                return towards(w[0], w[1], left);
            }
            left -= step;
        }
        self.points.last().copied().unwrap_or_default()
    }

    /// How long it is.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.points.windows(2).map(|w| w[0].distance(w[1])).sum()
    }

    /// The distance from a point to the nearest place on it.
    #[must_use]
    pub fn distance(&self, to: Point) -> f64 {
        self.points
            .windows(2)
            .map(|w| segment_distance(w[0], w[1], to))
            .fold(f64::INFINITY, f64::min)
    }

    /// The smallest rectangle around it.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        self.points
            .iter()
            .map(|p| Rect {
                x: p.x,
                y: p.y,
                w: 0.0,
                h: 0.0,
            })
            .reduce(|a, b| a.union(&b))
            .unwrap_or_default()
    }
}

/// The point at a distance from one point on the way to another.
fn towards(from: Point, to: Point, by: f64) -> Point {
    let whole = from.distance(to);
    if whole <= f64::EPSILON {
        return from;
    }
    let share = by / whole;
    Point::new(
        from.x + (to.x - from.x) * share,
        from.y + (to.y - from.y) * share,
    )
}

fn segment_distance(a: Point, b: Point, p: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    if square <= f64::EPSILON {
        return a.distance(p);
    }
    let share = (((p.x - a.x) * dx + (p.y - a.y) * dy) / square).clamp(0.0, 1.0);
    Point::new(a.x + dx * share, a.y + dy * share).distance(p)
}

/// A number with at most one digit after the point.
fn short(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Side;
    use expect_test::expect;

    fn corner() -> Route {
        Route {
            points: vec![
                Point::new(0.0, 0.0),
                Point::new(100.0, 0.0),
                Point::new(100.0, 50.0),
            ],
            from_side: Side::Right,
            to_side: Side::Top,
        }
    }

    #[test]
    fn rounds_corners() {
        expect!["M0 0L92 0Q100 0 100 8L100 50"].assert_eq(&corner().svg_path(8.0));
        // Never more than half of a stretch.
        expect!["M0 0L75 0Q100 0 100 25L100 50"].assert_eq(&corner().svg_path(60.0));
    }

    #[test]
    fn knows_its_middle_and_distances() {
        let route = corner();
        assert_eq!(route.middle(), Point::new(75.0, 0.0));
        assert!((route.distance(Point::new(40.0, 5.0)) - 5.0).abs() < 1e-9);
        assert!((route.distance(Point::new(103.0, 54.0)) - 5.0).abs() < 1e-9);
    }
}
