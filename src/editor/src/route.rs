//! Ways of links: from nearest side to nearest side, at right angles, around cards.
//!
//! For each link every pair of sides gives a few candidate ways; the cheapest by length and bends that
//! crosses no card wins. Links that share a side then get places of their own along it. Everything
//! follows from the design alone, in the order of the link keys.
//!
//! The ways after a change are found from those before it: a link whose search would see nothing new keeps
//! its way. So the ways are always those that a search for all links would find, and a step of a drag is
//! cheap.

use std::rc::Rc;

use archplay_model::{Design, Id, LinkKey, Rect};

use self::ground::{Area, Cards, Ground, Taken, roomy};
use self::slots::{Joint, Slots};
use self::way::{Ends, Search, Seen};
use crate::{Point, Side};

#[path = "route_ground.rs"]
mod ground;
#[path = "route_slots.rs"]
mod slots;
#[path = "route_way.rs"]
mod way;

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

impl Route {
    fn stretches(&self) -> impl Iterator<Item = [Point; 2]> {
        self.points.windows(2).map(|w| [w[0], w[1]])
    }
}

/// Where a link from a card to itself leaves it and comes back.
const LOOP_SIDES: [Side; 2] = [Side::Right, Side::Top];

/// The ways of all links of a design.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// In the order of their keys.
    links: Vec<Known>,
    /// The cards they were found among, in the order of their ids.
    cards: Vec<(Id, Rect)>,
    searched: usize,
}

/// Ways are the same however they were found.
impl PartialEq for Routes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// A link's way and how it was found.
#[derive(Clone, Debug)]
struct Known {
    key: LinkKey,
    nearest: Rc<Nearest>,
    found: Rc<Found>,
}

/// Which sides a link joins.
#[derive(Debug)]
struct Nearest {
    rects: [Rect; 2],
    sides: [Side; 2],
    seen: Seen,
}

/// Which way it takes from one to the other.
#[derive(Debug)]
struct Found {
    ends: Ends,
    lane: f64,
    route: Rc<Route>,
    seen: Seen,
}

impl Routes {
    /// Finds the ways of all links.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        Self::default().after(design)
    }

    /// Finds the ways of all links of a design that has come out of the one these ways belong to. They are
    /// the same as [`Routes::of`] finds; the less has changed, the sooner.
    #[must_use]
    pub fn after(&self, design: &Design) -> Self {
        let ids: Vec<&Id> = design.components.keys().collect();
        let numbered = |id: &Id| ids.binary_search(&id).ok();
        let cards = Cards::new(
            design
                .components
                .values()
                .enumerate()
                .filter(|(_, c)| !c.kind.is_group())
                .map(|(at, c)| (at, c.rect())),
        );
        let frames: Vec<(Id, Rect)> = design
            .components
            .values()
            .filter(|c| !c.kind.is_group())
            .map(|c| (c.id.clone(), c.rect()))
            .collect();
        let mut news = News {
            cards: differing(&self.cards, &frames),
            stretches: Vec::new(),
        };
        let mut search = Search::default();
        let mut searched = 0;

        // Sides first: the places along them depend on all links.
        let mut olds = self.links.iter().peekable();
        let mut joints: Vec<Joint> = Vec::new();
        let mut links: Vec<(&LinkKey, Option<&Known>, Rc<Nearest>)> = Vec::new();
        for key in design.links.keys() {
            let (Some(from), Some(to)) = (numbered(&key.from), numbered(&key.to)) else {
                continue;
            };
            while let Some(gone) = olds.next_if(|old| old.key < *key) {
                news.stretches.extend(gone.found.route.stretches());
            }
            let old = olds.next_if(|old| old.key == *key);
            let (Some(a), Some(b)) = (design.get(&key.from), design.get(&key.to)) else {
                continue;
            };
            let rects = [a.rect(), b.rect()];
            let kept = old.map(|old| &old.nearest).filter(|nearest| {
                nearest.rects == rects && !news.cards.iter().any(|c| nearest.seen.minds_card(c))
            });
            let nearest = kept.cloned().unwrap_or_else(|| {
                if from == to {
                    // Nothing on the ground changes the sides of a loop.
                    let (sides, seen) = (LOOP_SIDES, Seen::default());
                    return Rc::new(Nearest { rects, sides, seen });
                }
                let ground = Ground::new(&cards, [from, to], None);
                let (sides, seen) = search.any_sides(rects, ground);
                Rc::new(Nearest { rects, sides, seen })
            });
            joints.push(Joint {
                cards: [from, to],
                rects,
                sides: nearest.sides,
            });
            links.push((key, old, nearest));
        }
        for gone in olds {
            news.stretches.extend(gone.found.route.stretches());
        }

        let slots = Slots::assign(&joints);
        let mut taken = Taken::new();
        let links = links.into_iter().zip(&joints).enumerate();
        let links = links.map(|(at, ((key, old, nearest), joint))| {
            let ends = slots.ends(at, joint);
            let lane = slots.lane(at, &ends);
            let kept = old.map(|old| &old.found);
            let kept = kept.filter(|f| f.ends == ends && f.lane == lane && !news.concern(&f.seen));
            let found = kept.cloned().unwrap_or_else(|| {
                searched += 1;
                let ground = Ground::new(&cards, joint.cards, Some(&taken));
                let (way, seen) = if joint.cards[0] == joint.cards[1] {
                    Search::around_corner(ends)
                } else {
                    search.between(ends, ground, lane)
                };
                let route = Route {
                    points: way.points().to_vec(),
                    from_side: ends.from_side,
                    to_side: ends.to_side,
                };
                news.replaced(old.map(|old| &*old.found.route), &route);
                Rc::new(Found {
                    ends,
                    lane,
                    route: Rc::new(route),
                    seen,
                })
            });
            for stretch in found.route.stretches() {
                taken.add(stretch);
            }
            Known {
                key: key.clone(),
                nearest,
                found,
            }
        });
        Self {
            links: links.collect(),
            cards: frames,
            searched,
        }
    }

    /// The way of a link.
    #[must_use]
    pub fn get(&self, key: &LinkKey) -> Option<&Route> {
        let at = self.links.binary_search_by(|link| link.key.cmp(key)).ok()?;
        Some(&self.links[at].found.route)
    }

    /// All ways in the order of their keys. A way that a change has left alone stays at its place in
    /// memory.
    pub fn iter(&self) -> impl Iterator<Item = (&LinkKey, &Rc<Route>)> {
        self.links.iter().map(|link| (&link.key, &link.found.route))
    }

    /// How many of the links had to be searched a way for; the others kept theirs.
    #[must_use]
    pub const fn searched(&self) -> usize {
        self.searched
    }
}

/// What is different from before: what a search must not have seen for its result to stand.
struct News {
    /// Cards as they were and as they are, with the room around them.
    cards: Vec<Area>,
    /// Stretches that are no longer there, or were not.
    stretches: Vec<[Point; 2]>,
}

impl News {
    fn concern(&self, seen: &Seen) -> bool {
        self.cards.iter().any(|c| seen.minds_card(c))
            || self.stretches.iter().any(|s| seen.minds_link(*s))
    }

    /// Notes in what a way differs from the one before.
    fn replaced(&mut self, old: Option<&Route>, new: &Route) {
        let had = |route: Option<&Route>, stretch: &[Point; 2]| {
            route.is_some_and(|route| route.stretches().any(|s| s == *stretch))
        };
        let gone = old.into_iter().flat_map(Route::stretches);
        self.stretches.extend(gone.filter(|s| !had(Some(new), s)));
        self.stretches
            .extend(new.stretches().filter(|s| !had(old, s)));
    }
}

/// The cards that differ, as they were and as they are. Both lists are in the order of the ids.
fn differing(before: &[(Id, Rect)], after: &[(Id, Rect)]) -> Vec<Area> {
    let area = |card: Rect| Area::of(roomy(card));
    let mut out = Vec::new();
    let mut olds = before.iter().peekable();
    for (id, rect) in after {
        while let Some((_, gone)) = olds.next_if(|old| old.0 < *id) {
            out.push(area(*gone));
        }
        match olds.next_if(|old| old.0 == *id) {
            Some((_, old)) if old == rect => {}
            Some((_, old)) => out.extend([area(*old), area(*rect)]),
            None => out.push(area(*rect)),
        }
    }
    out.extend(olds.map(|(_, gone)| area(*gone)));
    out
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
