//! Looking for one way: the candidates between two cards, what each costs, the cheapest of them.

use archplay_model::Rect;

use super::ground::{Area, Ground, overlap};
use super::{BEND_COST, CROSSING_COST, LANE, LANES, STUB};
use crate::geometry::{inflate, rect_between};
use crate::{Point, Side};

/// Both ends of a way that is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ends {
    pub(super) from_rect: Rect,
    pub(super) to_rect: Rect,
    pub(super) from: Point,
    pub(super) to: Point,
    pub(super) from_side: Side,
    pub(super) to_side: Side,
}

/// A candidate: at most six corners.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    corners: [Point; 6],
    count: usize,
}

impl Way {
    /// Joins points, without those that lie on the line of their neighbours.
    fn through(points: [Point; 6]) -> Self {
        let mut out = Self {
            corners: points,
            count: 0,
        };
        for point in points {
            if out.ends_at(point) {
                continue;
            }
            while out.count >= 2 {
                let [before, last] = [out.corners[out.count - 2], out.corners[out.count - 1]];
                let in_line = (same(before.x, last.x) && same(last.x, point.x))
                    || (same(before.y, last.y) && same(last.y, point.y));
                if !in_line {
                    break;
                }
                out.count -= 1;
            }
            if out.ends_at(point) {
                continue;
            }
            out.corners[out.count] = point;
            out.count += 1;
        }
        if out.count < 2 {
            out.corners[0] = points[0];
            out.corners[1] = points[5];
            out.count = 2;
        }
        out
    }

    fn ends_at(&self, point: Point) -> bool {
        let Some(last) = self.points().last() else {
            return false;
        };
        same(last.x, point.x) && same(last.y, point.y)
    }

    pub(super) fn points(&self) -> &[Point] {
        &self.corners[..self.count]
    }

    pub(super) fn stretches(&self) -> impl Iterator<Item = [Point; 2]> {
        self.points().windows(2).map(|w| [w[0], w[1]])
    }
}

/// So little that five corners left out one after another do not add up to a stretch that is seen to lean.
#[inline]
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.002
}

/// What a search has looked at. As long as nothing changes there, it would find the same again.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    ways: Vec<Way>,
    /// Around all ways.
    bounds: Area,
    /// Where it looked for cards to pass along.
    reach: Option<Area>,
}

impl Seen {
    fn new(ways: Vec<Way>, reach: Option<Rect>) -> Self {
        let mut low = Point::new(f64::INFINITY, f64::INFINITY);
        let mut high = Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY);
        for point in ways.iter().flat_map(Way::points) {
            low = Point::new(low.x.min(point.x), low.y.min(point.y));
            high = Point::new(high.x.max(point.x), high.y.max(point.y));
        }
        // A little more, so that nothing is lost to rounding.
        let bounds = Area::of(inflate(rect_between(low, high), LANE));
        Self {
            ways,
            bounds,
            reach: reach.map(Area::of),
        }
    }

    /// Whether a card that appears or goes away makes a difference.
    pub(super) fn minds_card(&self, card: &Area) -> bool {
        if self.reach.is_some_and(|reach| card.meets(&reach)) {
            return true;
        }
        card.meets(&self.bounds)
            && self
                .stretches()
                .any(|[a, b]| card.meets(&Area::between(a, b)))
    }

    /// Whether a stretch of another link that appears or goes away makes a difference.
    pub(super) fn minds_link(&self, stretch: [Point; 2]) -> bool {
        Area::between(stretch[0], stretch[1]).meets(&self.bounds)
            && self.stretches().any(|s| overlap(s, stretch))
    }

    fn stretches(&self) -> impl Iterator<Item = [Point; 2]> {
        self.ways.iter().flat_map(Way::stretches)
    }
}

/// Looks for ways. It keeps its memory from one search to the next.
#[derive(Default)]
pub(super) struct Search {
    ways: Vec<(usize, Way)>,
    /// Cost and place of each way, cheapest first.
    order: Vec<(f64, usize)>,
}

impl Search {
    /// The cheapest way from side to side, whichever sides those are.
    pub(super) fn any_sides(&mut self, rects: [Rect; 2], ground: Ground<'_>) -> ([Side; 2], Seen) {
        let [a, b] = rects;
        let mut pairs = [straight(a, b, Side::Right, Side::Right); 16];
        for (i, from_side) in Side::ALL.into_iter().enumerate() {
            for (j, to_side) in Side::ALL.into_iter().enumerate() {
                pairs[4 * i + j] = straight(a, b, from_side, to_side);
            }
        }
        self.ways.clear();
        for (i, ends) in pairs.iter().enumerate() {
            // Lanes only tell ways of the same sides apart.
            let lines = Lines::simple(ends, 0.0, 0);
            lines.ways(ends, |way| self.ways.push((i, way)));
        }
        let mut best = Best::default();
        self.consider(&pairs, ground, &mut best);
        let pair = best.found.map_or(0, |(_, pair)| pair);
        let sides = [pairs[pair].from_side, pairs[pair].to_side];
        (sides, Seen::new(best.seen, None))
    }

    /// The way from a card back to itself: out at its side, around its corner, in from above.
    pub(super) fn around_corner(ends: Ends) -> (Way, Seen) {
        let (p, q) = stubs(&ends);
        let corner = Point::new(p.x, q.y);
        let way = Way::through([ends.from, p, corner, corner, q, ends.to]);
        (way, Seen::new(vec![way], None))
    }

    /// The cheapest way between two ends.
    pub(super) fn between(&mut self, ends: Ends, ground: Ground<'_>, lane: f64) -> (Way, Seen) {
        let pairs = [ends];
        let simple = Lines::simple(&ends, lane, LANES);
        self.ways.clear();
        simple.ways(&ends, |way| self.ways.push((0, way)));
        let mut best = Best::default();
        self.consider(&pairs, ground, &mut best);
        if best.clear {
            return (best.way(&ends), Seen::new(best.seen, None));
        }
        // Something stands in every simple way: try to pass along the edges of what does.
        let reach = inflate(ends.from_rect.union(&ends.to_rect), 4.0 * STUB);
        let mut lines = Lines::default();
        for rect in ground.cards_in(&reach).take(24) {
            lines.along_edges(rect);
        }
        lines.along_edges(ends.from_rect);
        lines.along_edges(ends.to_rect);
        lines.without(&simple);
        self.ways.clear();
        lines.ways(&ends, |way| self.ways.push((0, way)));
        best.detour = true;
        self.consider(&pairs, ground, &mut best);
        (best.way(&ends), Seen::new(best.seen, Some(reach)))
    }

    /// Compares the ways at hand with the best so far, up to the first clear one.
    fn consider(&mut self, pairs: &[Ends], ground: Ground<'_>, best: &mut Best) {
        // All pairs join the same two cards.
        let own = [inside(pairs[0].from_rect), inside(pairs[0].to_rect)];
        self.order.clear();
        for (at, (pair, way)) in self.ways.iter().enumerate() {
            self.order
                .push((cost(way.points(), &pairs[*pair], own), at));
        }
        self.order
            .sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (own, at) in &self.order {
            // The rest costs more. Among simple ways it still matters whether any is clear.
            if best.detour && *own >= best.cost {
                break;
            }
            let (pair, way) = self.ways[*at];
            best.seen.push(way);
            let total = ground.cost(&way, *own, best.cost);
            if total < best.cost {
                best.cost = total;
                best.found = Some((way, pair));
            }
            if total <= *own {
                best.clear = true;
                break;
            }
        }
    }
}

/// The best way so far.
struct Best {
    cost: f64,
    found: Option<(Way, usize)>,
    /// Whether a way without anything in its course was among those considered.
    clear: bool,
    detour: bool,
    seen: Vec<Way>,
}

impl Default for Best {
    fn default() -> Self {
        Self {
            cost: f64::INFINITY,
            found: None,
            clear: false,
            detour: false,
            seen: Vec::new(),
        }
    }
}

impl Best {
    fn way(&self, ends: &Ends) -> Way {
        self.found.map_or_else(
            || Way::through([ends.from, ends.from, ends.from, ends.to, ends.to, ends.to]),
            |(way, _)| way,
        )
    }
}

fn straight(a: Rect, b: Rect, from_side: Side, to_side: Side) -> Ends {
    Ends {
        from_rect: a,
        to_rect: b,
        from: from_side.port(a),
        to: to_side.port(b),
        from_side,
        to_side,
    }
}

/// Where a way leaves its stub and where it comes to the other.
fn stubs(ends: &Ends) -> (Point, Point) {
    let step = |p: Point, side: Side| {
        let (ox, oy) = side.outward();
        Point::new(p.x + STUB * ox, p.y + STUB * oy)
    };
    (step(ends.from, ends.from_side), step(ends.to, ends.to_side))
}

/// The upright and level lines on which a way may cross from one end to the other.
#[derive(Default)]
struct Lines {
    xs: Vec<f64>,
    ys: Vec<f64>,
}

impl Lines {
    /// Half way and at the stubs, with lanes beside.
    fn simple(ends: &Ends, lane: f64, lanes: i32) -> Self {
        let (p, q) = stubs(ends);
        let (mid_x, mid_y) = (
            f64::midpoint(p.x, q.x) + lane,
            f64::midpoint(p.y, q.y) + lane,
        );
        let mut out = Self::default();
        for n in -lanes..=lanes {
            let shift = LANE * f64::from(n);
            for x in [mid_x, p.x, q.x] {
                put(&mut out.xs, x + shift);
            }
            for y in [mid_y, p.y, q.y] {
                put(&mut out.ys, y + shift);
            }
        }
        // Level with one stub is upright at the other: the same ways once more.
        out.ys.retain(|y| *y != p.y && *y != q.y);
        out
    }

    fn along_edges(&mut self, rect: Rect) {
        put(&mut self.xs, rect.x - STUB);
        put(&mut self.xs, rect.x + rect.w + STUB);
        put(&mut self.ys, rect.y - STUB);
        put(&mut self.ys, rect.y + rect.h + STUB);
    }

    fn without(&mut self, other: &Self) {
        self.xs.retain(|x| !other.xs.contains(x));
        self.ys.retain(|y| !other.ys.contains(y));
    }

    /// Ways with at most four bends: out of one card, across, along, into the other.
    fn ways(&self, ends: &Ends, mut take: impl FnMut(Way)) {
        let (p, q) = stubs(ends);
        let mut by = |one: Point, other: Point| {
            take(Way::through([ends.from, p, one, other, q, ends.to]));
        };
        for x in &self.xs {
            by(Point::new(*x, p.y), Point::new(*x, q.y));
        }
        for y in &self.ys {
            by(Point::new(p.x, *y), Point::new(q.x, *y));
        }
    }
}

/// Adds a line that is not there yet.
fn put(lines: &mut Vec<f64>, line: f64) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

/// What a way costs by itself: its length, its bends, and running over its own cards.
fn cost(points: &[Point], ends: &Ends, own: [Area; 2]) -> f64 {
    let mut length = 0.0;
    let mut wrong = 0;
    for w in points.windows(2) {
        length += w[0].distance(w[1]);
        let area = Area::between(w[0], w[1]);
        wrong += usize::from(own[0].meets(&area)) + usize::from(own[1].meets(&area));
    }
    let bends = points.len().saturating_sub(2) as f64;
    let last = points.len() - 1;
    wrong += sideways(points[0], points[1], ends.from_side);
    wrong += sideways(points[last], points[last - 1], ends.to_side);
    length + BEND_COST * bends + CROSSING_COST * wrong as f64
}

/// 1 if the step from a card's edge does not lead away from it.
fn sideways(edge: Point, next: Point, side: Side) -> usize {
    let (ox, oy) = side.outward();
    usize::from((next.x - edge.x) * ox + (next.y - edge.y) * oy <= 0.0)
}

/// The inside of a card, which its own links must not enter.
fn inside(card: Rect) -> Area {
    let inner = inflate(card, -2.0);
    if inner.w > 0.0 && inner.h > 0.0 {
        Area::of(inner)
    } else {
        // Nothing meets this.
        Area {
            left: f64::INFINITY,
            right: f64::NEG_INFINITY,
            ..Area::default()
        }
    }
}
