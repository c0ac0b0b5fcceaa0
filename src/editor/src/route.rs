//! Ways of links: from nearest side to nearest side, at right angles, around cards.
//!
//! For each link every pair of sides gives a few candidate ways; the cheapest by length and bends that
//! crosses no card wins. Links that share a side then get places of their own along it. Everything
//! follows from the design alone, in the order of the link keys.

use std::collections::BTreeMap;

use archplay_model::{Design, Id, LinkKey, Rect};

use crate::geometry::inflate;
use crate::{Point, Side};

/// How far a link leaves its card before it may turn.
const STUB: f64 = 16.0;
/// The distance kept to cards in the way.
const CLEARANCE: f64 = 6.0;
/// What one bend costs, in canvas units of length.
const BEND_COST: f64 = 20.0;
/// What crossing a card costs.
const CROSSING_COST: f64 = 2_000.0;
/// The distance between links that share a side.
const SLOT: f64 = 14.0;
/// The distance between parallel stretches of links.
const LANE: f64 = 8.0;
/// What lying on another link costs.
const OVERLAP_COST: f64 = 120.0;
/// How many lanes beside each other are tried where a link turns.
const LANES: i32 = 3;

/// The way of one link.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Corners, from the asking card's edge to the asked card's edge; at least two. Every stretch is
    /// horizontal or vertical.
    pub points: Vec<Point>,
    /// The side it leaves.
    pub from_side: Side,
    /// The side it enters.
    pub to_side: Side,
}

/// The ways of all links of a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Routes {
    by_key: BTreeMap<LinkKey, Route>,
}

impl Routes {
    /// Finds the ways of all links.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let cards: Vec<(&Id, Rect)> = design
            .components
            .values()
            .filter(|c| !c.kind.is_group())
            .map(|c| (&c.id, c.rect()))
            .collect();
        let mut sides: BTreeMap<&LinkKey, (Rect, Rect, Side, Side)> = BTreeMap::new();
        for key in design.links.keys() {
            let (Some(a), Some(b)) = (design.get(&key.from), design.get(&key.to)) else {
                continue;
            };
            let (a, b) = (a.rect(), b.rect());
            let (from_side, to_side) = best_sides(a, b, &obstacles(&cards, key));
            sides.insert(key, (a, b, from_side, to_side));
        }
        let slots = Slots::assign(&sides);
        let mut taken: Vec<[Point; 2]> = Vec::new();
        let by_key = sides
            .iter()
            .map(|(key, (a, b, from_side, to_side))| {
                let ends = Ends {
                    from_rect: *a,
                    to_rect: *b,
                    from: slots.port(&key.from, *from_side, *a, key),
                    to: slots.port(&key.to, *to_side, *b, key),
                    from_side: *from_side,
                    to_side: *to_side,
                };
                let lane = slots.lane(key, &ends);
                let around = obstacles(&cards, key);
                let points = cheapest(&[ends], &Ground::new(&around, &taken), lane).0;
                taken.extend(points.windows(2).map(|w| [w[0], w[1]]));
                let route = Route {
                    points,
                    from_side: *from_side,
                    to_side: *to_side,
                };
                ((*key).clone(), route)
            })
            .collect();
        Self { by_key }
    }

    /// The way of a link.
    #[must_use]
    pub fn get(&self, key: &LinkKey) -> Option<&Route> {
        self.by_key.get(key)
    }

    /// All ways in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&LinkKey, &Route)> {
        self.by_key.iter()
    }
}

/// Both ends of a way that is looked for.
#[derive(Clone, Copy)]
struct Ends {
    from_rect: Rect,
    to_rect: Rect,
    from: Point,
    to: Point,
    from_side: Side,
    to_side: Side,
}

/// What a way should keep clear of.
#[derive(Clone, Copy)]
struct Ground<'a> {
    cards: &'a [Rect],
    /// Stretches of the links before it.
    taken: &'a [[Point; 2]],
}

impl<'a> Ground<'a> {
    const fn new(cards: &'a [Rect], taken: &'a [[Point; 2]]) -> Self {
        Self { cards, taken }
    }

    /// What the cards and links in a way's course cost; 0 for a clear way.
    fn cost(self, points: &[Point]) -> f64 {
        let on_others = points
            .windows(2)
            .map(|w| {
                self.taken
                    .iter()
                    .filter(|t| overlap([w[0], w[1]], **t))
                    .count()
            })
            .sum::<usize>();
        CROSSING_COST * crossings(points, self.cards) as f64 + OVERLAP_COST * on_others as f64
    }
}

/// Whether two stretches lie on each other for longer than a corner.
fn overlap(a: [Point; 2], b: [Point; 2]) -> bool {
    let shared = |a0: f64, a1: f64, b0: f64, b1: f64| {
        a0.max(a1).min(b0.max(b1)) - a0.min(a1).max(b0.min(b1))
    };
    let near = |a: f64, b: f64| (a - b).abs() < LANE / 2.0;
    let upright = |s: [Point; 2]| (s[0].x - s[1].x).abs() < 0.01;
    let level = |s: [Point; 2]| (s[0].y - s[1].y).abs() < 0.01;
    (upright(a)
        && upright(b)
        && near(a[0].x, b[0].x)
        && shared(a[0].y, a[1].y, b[0].y, b[1].y) > LANE)
        || (level(a)
            && level(b)
            && near(a[0].y, b[0].y)
            && shared(a[0].x, a[1].x, b[0].x, b[1].x) > LANE)
}

fn obstacles(cards: &[(&Id, Rect)], key: &LinkKey) -> Vec<Rect> {
    cards
        .iter()
        .filter(|(id, _)| **id != key.from && **id != key.to)
        .map(|(_, rect)| inflate(*rect, CLEARANCE))
        .collect()
}

fn best_sides(a: Rect, b: Rect, around: &[Rect]) -> (Side, Side) {
    let mut pairs: Vec<Ends> = Vec::with_capacity(16);
    for from_side in Side::ALL {
        for to_side in Side::ALL {
            pairs.push(Ends {
                from_rect: a,
                to_rect: b,
                from: from_side.port(a),
                to: to_side.port(b),
                from_side,
                to_side,
            });
        }
    }
    let (_, best) = cheapest(&pairs, &Ground::new(around, &[]), 0.0);
    (pairs[best].from_side, pairs[best].to_side)
}

/// The cheapest way over all pairs of ends, and which pair it joins.
fn cheapest(pairs: &[Ends], ground: &Ground<'_>, lane: f64) -> (Vec<Point>, usize) {
    // Lanes only tell ways of the same sides apart.
    let lanes = if pairs.len() == 1 { LANES } else { 0 };
    let mut ways: Vec<(f64, usize, Vec<Point>)> = Vec::new();
    for (i, ends) in pairs.iter().enumerate() {
        for points in candidates(ends, None, lane, lanes) {
            ways.push((cost(&points, ends), i, points));
        }
    }
    ways.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f64, usize, Vec<Point>)> = None;
    let mut consider = |way: (f64, usize, Vec<Point>)| {
        let total = way.0 + ground.cost(&way.2);
        let clear = total <= way.0;
        if best.as_ref().is_none_or(|b| total < b.0) {
            best = Some((total, way.1, way.2));
        }
        clear
    };
    let mut clear = false;
    for way in ways {
        if consider(way) {
            clear = true;
            break;
        }
    }
    if !clear && lanes > 0 {
        // Something stands in every simple way: try to pass along the edges of what does.
        let mut detours: Vec<(f64, usize, Vec<Point>)> = Vec::new();
        for (i, ends) in pairs.iter().enumerate() {
            let reach = inflate(ends.from_rect.union(&ends.to_rect), 4.0 * STUB);
            let near: Vec<Rect> = ground
                .cards
                .iter()
                .filter(|o| o.intersects(&reach))
                .take(24)
                .copied()
                .collect();
            for points in candidates(ends, Some(&near), lane, lanes) {
                detours.push((cost(&points, ends), i, points));
            }
        }
        detours.sort_by(|a, b| a.0.total_cmp(&b.0));
        for way in detours {
            if consider(way) {
                break;
            }
        }
    }
    best.map_or_else(
        || {
            (
                pairs.first().map_or_else(Vec::new, |e| vec![e.from, e.to]),
                0,
            )
        },
        |(_, i, points)| (points, i),
    )
}

/// Ways with at most four bends: out of one card, across, along, into the other.
fn candidates(ends: &Ends, near: Option<&[Rect]>, lane: f64, lanes: i32) -> Vec<Vec<Point>> {
    let step = |p: Point, side: Side| {
        let (ox, oy) = side.outward();
        Point::new(p.x + STUB * ox, p.y + STUB * oy)
    };
    let (p, q) = (step(ends.from, ends.from_side), step(ends.to, ends.to_side));
    let (mid_x, mid_y) = (
        f64::midpoint(p.x, q.x) + lane,
        f64::midpoint(p.y, q.y) + lane,
    );
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for n in -lanes..=lanes {
        let shift = LANE * f64::from(n);
        xs.extend([mid_x + shift, p.x + shift, q.x + shift]);
        ys.extend([mid_y + shift, p.y + shift, q.y + shift]);
    }
    let own = [ends.from_rect, ends.to_rect];
    for rect in near.iter().flat_map(|near| near.iter().chain(&own)) {
        xs.extend([rect.x - STUB, rect.x + rect.w + STUB]);
        ys.extend([rect.y - STUB, rect.y + rect.h + STUB]);
    }
    let across = xs.into_iter().map(|x| {
        vec![
            ends.from,
            p,
            Point::new(x, p.y),
            Point::new(x, q.y),
            q,
            ends.to,
        ]
    });
    let along = ys.into_iter().map(|y| {
        vec![
            ends.from,
            p,
            Point::new(p.x, y),
            Point::new(q.x, y),
            q,
            ends.to,
        ]
    });
    across
        .chain(along)
        .map(|points| straightened(&points))
        .collect()
}

/// Drops points that lie on the line of their neighbours.
fn straightened(points: &[Point]) -> Vec<Point> {
    let same = |a: f64, b: f64| (a - b).abs() < 0.01;
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if out
            .last()
            .is_some_and(|last| same(last.x, point.x) && same(last.y, point.y))
        {
            continue;
        }
        while let [.., before, last] = out.as_slice() {
            let in_line = (same(before.x, last.x) && same(last.x, point.x))
                || (same(before.y, last.y) && same(last.y, point.y));
            if !in_line {
                break;
            }
            out.pop();
        }
        if out
            .last()
            .is_some_and(|last| same(last.x, point.x) && same(last.y, point.y))
        {
            continue;
        }
        out.push(*point);
    }
    if out.len() < 2 {
        out = vec![points[0], points[points.len() - 1]];
    }
    out
}

fn cost(points: &[Point], ends: &Ends) -> f64 {
    let length: f64 = points.windows(2).map(|w| w[0].distance(w[1])).sum();
    let own = [inflate(ends.from_rect, -2.0), inflate(ends.to_rect, -2.0)];
    let bends = points.len().saturating_sub(2) as f64;
    let last = points.len() - 1;
    let sideways = [
        (points[0], points[1], ends.from_side),
        (points[last], points[last - 1], ends.to_side),
    ]
    .into_iter()
    .filter(|(edge, next, side)| {
        let (ox, oy) = side.outward();
        (next.x - edge.x) * ox + (next.y - edge.y) * oy <= 0.0
    })
    .count();
    let wrong = crossings(points, &own) + sideways;
    length + BEND_COST * bends + CROSSING_COST * wrong as f64
}

/// How many pairs of a stretch and a rectangle meet.
fn crossings(points: &[Point], rects: &[Rect]) -> usize {
    points
        .windows(2)
        .map(|w| {
            let stretch = crate::geometry::rect_between(w[0], w[1]);
            rects
                .iter()
                .filter(|r| r.w > 0.0 && r.h > 0.0 && r.intersects(&stretch))
                .count()
        })
        .sum()
}

/// Which place along its side each end of each link has.
struct Slots<'a> {
    /// For each card side: the links that touch it, in order along the side.
    order: BTreeMap<(&'a Id, Side), Vec<&'a LinkKey>>,
}

impl<'a> Slots<'a> {
    fn assign(sides: &BTreeMap<&'a LinkKey, (Rect, Rect, Side, Side)>) -> Self {
        let mut ends: BTreeMap<(&'a Id, Side), Vec<(f64, &'a LinkKey)>> = BTreeMap::new();
        for (key, (a, b, from_side, to_side)) in sides {
            let place = |rect: &Rect, side: &Side| {
                let (x, y) = rect.center();
                if side.is_horizontal() { y } else { x }
            };
            ends.entry((&key.from, *from_side))
                .or_default()
                .push((place(b, from_side), key));
            ends.entry((&key.to, *to_side))
                .or_default()
                .push((place(a, to_side), key));
        }
        let order = ends
            .into_iter()
            .map(|(at, mut list)| {
                list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
                (at, list.into_iter().map(|(_, key)| key).collect())
            })
            .collect();
        Self { order }
    }

    /// Number and count of a link at a side.
    fn slot(&self, id: &Id, side: Side, key: &LinkKey) -> (usize, usize) {
        let list = self.order.get(&(id, side)).map_or(&[][..], Vec::as_slice);
        let at = list.iter().position(|k| *k == key).unwrap_or(0);
        (at, list.len().max(1))
    }

    fn port(&self, id: &Id, side: Side, rect: Rect, key: &LinkKey) -> Point {
        let (at, count) = self.slot(id, side, key);
        let middle = side.port(rect);
        let room = if side.is_horizontal() { rect.h } else { rect.w } - 16.0;
        let gap = if count > 1 {
            SLOT.min(room / (count - 1) as f64)
        } else {
            0.0
        };
        let shift = gap * (at as f64 - (count - 1) as f64 / 2.0);
        if side.is_horizontal() {
            Point::new(middle.x, middle.y + shift)
        } else {
            Point::new(middle.x + shift, middle.y)
        }
    }

    /// How far the middle stretch is shifted so that links of one side do not lie on each other: the one
    /// that goes farthest turns first, so they do not cross either.
    fn lane(&self, key: &LinkKey, ends: &Ends) -> f64 {
        let from = self.slot(&key.from, ends.from_side, key);
        let to = self.slot(&key.to, ends.to_side, key);
        let horizontal = ends.from_side.is_horizontal();
        if horizontal != ends.to_side.is_horizontal() {
            return 0.0;
        }
        let (along_from, along_to, room) = if horizontal {
            (ends.from.y, ends.to.y, (ends.from.x - ends.to.x).abs())
        } else {
            (ends.from.x, ends.to.x, (ends.from.y - ends.to.y).abs())
        };
        let ((at, count), side, before) = if from.1 >= to.1 {
            (from, ends.from_side, along_to < along_from)
        } else {
            (to, ends.to_side, along_from < along_to)
        };
        let turn = if before { at } else { count - 1 - at } as f64;
        let (ox, oy) = side.outward();
        let shift = (turn - (count - 1) as f64 / 2.0) * LANE * (ox + oy);
        let most = (room / 2.0 - STUB).max(0.0);
        shift.clamp(-most, most)
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
