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
/// The distance between parallel stretches of links that share a side.
const LANE: f64 = 8.0;

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
                let points = cheapest(&[ends], &around, lane).0;
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
    let (_, best) = cheapest(&pairs, around, 0.0);
    (pairs[best].from_side, pairs[best].to_side)
}

/// The cheapest way over all pairs of ends, and which pair it joins.
fn cheapest(pairs: &[Ends], around: &[Rect], lane: f64) -> (Vec<Point>, usize) {
    let mut ways: Vec<(f64, usize, Vec<Point>)> = Vec::new();
    for (i, ends) in pairs.iter().enumerate() {
        for points in candidates(ends, &[], lane) {
            ways.push((cost(&points, ends), i, points));
        }
    }
    ways.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f64, usize, Vec<Point>)> = None;
    let mut consider = |way: (f64, usize, Vec<Point>)| {
        let total = way.0 + CROSSING_COST * crossings(&way.2, around) as f64;
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
    if !clear {
        // Something stands in every simple way: try to pass along the edges of what does.
        let mut detours: Vec<(f64, usize, Vec<Point>)> = Vec::new();
        for (i, ends) in pairs.iter().enumerate() {
            let reach = inflate(ends.from_rect.union(&ends.to_rect), 4.0 * STUB);
            let near: Vec<Rect> = around
                .iter()
                .filter(|o| o.intersects(&reach))
                .take(24)
                .copied()
                .collect();
            for points in candidates(ends, &near, lane) {
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
fn candidates(ends: &Ends, near: &[Rect], lane: f64) -> Vec<Vec<Point>> {
    let step = |p: Point, side: Side| {
        let (ox, oy) = side.outward();
        Point::new(p.x + STUB * ox, p.y + STUB * oy)
    };
    let (p, q) = (step(ends.from, ends.from_side), step(ends.to, ends.to_side));
    let mut xs = vec![f64::midpoint(p.x, q.x) + lane, p.x, q.x];
    let mut ys = vec![f64::midpoint(p.y, q.y) + lane, p.y, q.y];
    for rect in near {
        xs.extend([rect.x - 4.0, rect.x + rect.w + 4.0]);
        ys.extend([rect.y - 4.0, rect.y + rect.h + 4.0]);
    }
    for rect in [ends.from_rect, ends.to_rect] {
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
    length + BEND_COST * bends + CROSSING_COST * crossings(points, &own) as f64
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
mod tests {
    use super::*;
    use archplay_model::{Component, Kind, Link};

    fn design(cards: &[(&str, f64, f64)], links: &[(&str, &str)]) -> Design {
        let mut design = Design::default();
        for (name, x, y) in cards {
            let id = Id::new(name).unwrap();
            design
                .components
                .insert(id.clone(), Component::new(id, Kind::Server, *x, *y));
        }
        for (from, to) in links {
            let key = LinkKey::new(Id::new(from).unwrap(), Id::new(to).unwrap());
            design.links.insert(key, Link::default());
        }
        design
    }

    fn way(design: &Design, from: &str, to: &str) -> Route {
        let key = LinkKey::new(Id::new(from).unwrap(), Id::new(to).unwrap());
        Routes::of(design).get(&key).unwrap().clone()
    }

    #[test]
    fn neighbours_in_a_row_are_joined_straight() {
        let design = design(
            &[("a", 0.0, 0.0), ("b", 300.0, 0.0)],
            &[("a", "b"), ("b", "a")],
        );
        let there = way(&design, "a", "b");
        assert_eq!((there.from_side, there.to_side), (Side::Right, Side::Left));
        assert_eq!(there.points.len(), 2);
        // The way back keeps its distance.
        assert!((way(&design, "b", "a").points[0].y - there.points[0].y).abs() > 4.0);
    }

    #[test]
    fn stacked_cards_use_top_and_bottom() {
        let design = design(&[("a", 0.0, 0.0), ("b", 0.0, 200.0)], &[("a", "b")]);
        let route = way(&design, "a", "b");
        assert_eq!((route.from_side, route.to_side), (Side::Bottom, Side::Top));
        assert_eq!(route.points.len(), 2);
    }

    #[test]
    fn goes_around_a_card_in_between() {
        let design = design(
            &[("a", 0.0, 0.0), ("wall", 250.0, 0.0), ("b", 500.0, 0.0)],
            &[("a", "b")],
        );
        let wall = inflate(design.get(&Id::new("wall").unwrap()).unwrap().rect(), 1.0);
        assert_eq!(crossings(&way(&design, "a", "b").points, &[wall]), 0);
    }

    #[test]
    fn a_fan_does_not_cross_itself() {
        let targets = ["b", "c", "d", "e"];
        let cards: Vec<_> = std::iter::once(("a", 0.0, 240.0))
            .chain(
                targets
                    .iter()
                    .enumerate()
                    .map(|(i, t)| (*t, 400.0, 160.0 * i as f64)),
            )
            .collect();
        let links: Vec<_> = targets.iter().map(|t| ("a", *t)).collect();
        let routes = Routes::of(&design(&cards, &links));
        let all: Vec<&Route> = routes.iter().map(|(_, r)| r).collect();
        for (i, one) in all.iter().enumerate() {
            for other in &all[..i] {
                for s in one.points.windows(2) {
                    let s = crate::geometry::rect_between(s[0], s[1]);
                    for t in other.points.windows(2) {
                        let t = crate::geometry::rect_between(t[0], t[1]);
                        assert!(!s.intersects(&t), "{one:?} {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_stretch_is_straight_even_when_cards_overlap() {
        let design = design(
            &[("a", 0.0, 0.0), ("b", 10.0, 5.0), ("c", 0.0, 0.0)],
            &[("a", "b"), ("a", "c"), ("c", "b")],
        );
        for (_, route) in Routes::of(&design).iter() {
            assert!(route.points.len() >= 2);
        }
    }
}
