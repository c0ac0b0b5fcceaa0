//! Links as SVG path data: rounded corners, an arrowhead, the middle.

use archplay_editor::{Point, Route};

/// The radius of a corner.
const CORNER: f64 = 8.0;
/// The length of an arrowhead.
const HEAD: f64 = 9.0;
/// Half its width.
const HEAD_HALF: f64 = 4.5;

/// The line of a link; it ends where its arrowhead begins.
pub fn line(route: &Route) -> String {
    let mut points = route.points.clone();
    if let [.., before, last] = points.as_mut_slice() {
        let length = before.distance(*last);
        if length > HEAD {
            let share = (length - HEAD + 1.0) / length;
            *last = Point::new(
                before.x + (last.x - before.x) * share,
                before.y + (last.y - before.y) * share,
            );
        }
    }
    rounded(&points)
}

/// Path data through points with rounded corners.
pub fn rounded(points: &[Point]) -> String {
    let Some(first) = points.first() else {
        return String::new();
    };
    let mut out = format!("M{} {}", first.x, first.y);
    for window in points.windows(3) {
        let [a, b, c] = window else { continue };
        let radius = CORNER.min(a.distance(*b) / 2.0).min(b.distance(*c) / 2.0);
        let before = toward(*b, *a, radius);
        let after = toward(*b, *c, radius);
        out.push_str(&format!(
            "L{} {}Q{} {} {} {}",
            before.x, before.y, b.x, b.y, after.x, after.y
        ));
    }
    if let Some(last) = points.last().filter(|_| points.len() > 1) {
        out.push_str(&format!("L{} {}", last.x, last.y));
    }
    out
}

/// The arrowhead at the end of a link.
pub fn head(route: &Route) -> String {
    let [.., before, tip] = route.points.as_slice() else {
        return String::new();
    };
    let base = toward(*tip, *before, HEAD);
    let length = tip.distance(*before).max(0.001);
    let (nx, ny) = (
        -(tip.y - before.y) / length * HEAD_HALF,
        (tip.x - before.x) / length * HEAD_HALF,
    );
    format!(
        "M{} {}L{} {}L{} {}Z",
        tip.x,
        tip.y,
        base.x + nx,
        base.y + ny,
        base.x - nx,
        base.y - ny
    )
}

/// The point half way along a link.
pub fn middle(route: &Route) -> Point {
    let total: f64 = route.points.windows(2).map(|w| w[0].distance(w[1])).sum();
    let mut left = total / 2.0;
    for pair in route.points.windows(2) {
        let length = pair[0].distance(pair[1]);
        if left <= length {
            return toward(pair[0], pair[1], left);
        }
        left -= length;
    }
    route.points.last().copied().unwrap_or_default()
}

fn toward(from: Point, to: Point, by: f64) -> Point {
    let length = from.distance(to);
    if length < 0.001 {
        return from;
    }
    let share = by / length;
    Point::new(
        from.x + (to.x - from.x) * share,
        from.y + (to.y - from.y) * share,
    )
}

#[cfg(test)]
mod tests {
    use archplay_editor::Side;

    use super::*;

    fn route(points: &[(f64, f64)]) -> Route {
        Route {
            points: points.iter().map(|(x, y)| Point::new(*x, *y)).collect(),
            from_side: Side::Right,
            to_side: Side::Left,
        }
    }

    #[test]
    fn corners_are_rounded_and_the_head_points_on() {
        let bent = route(&[(0.0, 0.0), (50.0, 0.0), (50.0, 100.0)]);
        assert_eq!(rounded(&bent.points), "M0 0L42 0Q50 0 50 8L50 100");
        assert_eq!(head(&bent), "M50 100L45.5 91L54.5 91Z");
        assert!(line(&bent).ends_with("L50 92"));
        assert_eq!(middle(&bent), Point::new(50.0, 25.0));
    }
}
