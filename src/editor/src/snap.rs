//! Snapping: cards line up with each other, else with the grid.

use std::collections::BTreeSet;

use archplay_model::{Design, Id, Rect};

use crate::Point;
use crate::geometry::to_grid;

/// A line that shows what something lined up with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    /// One end.
    pub from: Point,
    /// The other end.
    pub to: Point,
}

/// Moves `bounds` by nearly `dx`, `dy`: lined up with what stands still if that is within the tolerance,
/// else on the grid. Returns the move and the lines to show.
pub(crate) fn snapped_move(
    design: &Design,
    moving: &BTreeSet<Id>,
    bounds: Rect,
    (dx, dy): (f64, f64),
    tolerance: f64,
) -> ((f64, f64), Vec<Guide>) {
    let wished = Rect {
        x: bounds.x + dx,
        y: bounds.y + dy,
        ..bounds
    };
    let still: Vec<Rect> = design
        .components
        .values()
        .filter(|c| !moving.contains(&c.id))
        .map(archplay_model::Component::rect)
        .collect();
    let vertical = best(&still, (wished.x, wished.w), tolerance, |r| (r.x, r.w));
    let horizontal = best(&still, (wished.y, wished.h), tolerance, |r| (r.y, r.h));
    let moved = Rect {
        x: vertical.map_or_else(|| to_grid(wished.x), |(shift, ..)| wished.x + shift),
        y: horizontal.map_or_else(|| to_grid(wished.y), |(shift, ..)| wished.y + shift),
        ..wished
    };
    let mut guides = Vec::new();
    if let Some((_, x, other)) = vertical {
        let all = moved.union(&other);
        guides.push(Guide {
            from: Point::new(x, all.y),
            to: Point::new(x, all.y + all.h),
        });
    }
    if let Some((_, y, other)) = horizontal {
        let all = moved.union(&other);
        guides.push(Guide {
            from: Point::new(all.x, y),
            to: Point::new(all.x + all.w, y),
        });
    }
    ((moved.x - bounds.x, moved.y - bounds.y), guides)
}

/// The least shift that brings begin, middle or end of a span to that of something standing still:
/// the shift, the common line, and what it lines up with.
fn best(
    still: &[Rect],
    (low, size): (f64, f64),
    tolerance: f64,
    span: impl Fn(&Rect) -> (f64, f64),
) -> Option<(f64, f64, Rect)> {
    let mut found: Option<(f64, f64, Rect)> = None;
    for rect in still {
        let (other_low, other_size) = span(rect);
        for share in [0.5, 0.0, 1.0] {
            let line = other_low + other_size * share;
            let shift = line - (low + size * share);
            let better = found.is_none_or(|(best, ..)| shift.abs() < best.abs());
            if shift.abs() <= tolerance && better {
                found = Some((shift, line, *rect));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::{Component, Kind};

    fn check(dx: f64, dy: f64, expected: (f64, f64), guides: usize) {
        let mut design = Design::default();
        for (name, x, y) in [("a", 0.0, 0.0), ("b", 404.0, 3.0)] {
            let id = Id::new(name).unwrap();
            design
                .components
                .insert(id.clone(), Component::new(id, Kind::Server, x, y));
        }
        let a = Id::new("a").unwrap();
        let bounds = design.get(&a).unwrap().rect();
        let (got, lines) = snapped_move(&design, &BTreeSet::from([a]), bounds, (dx, dy), 5.0);
        assert_eq!((got, lines.len()), (expected, guides));
    }

    #[test]
    fn lines_up_or_takes_the_grid() {
        check(101.0, 50.0, (104.0, 48.0), 0);
        check(101.0, 1.0, (104.0, 3.0), 1);
        check(400.0, 200.0, (404.0, 200.0), 1);
        check(400.0, 0.0, (404.0, 3.0), 2);
    }
}
