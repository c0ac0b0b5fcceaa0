//! What lies in the courses of ways: cards and other links, kept so that a look at one place is cheap.

use archplay_model::Rect;

use super::way::Way;
use super::{CLEARANCE, CROSSING_COST, LANE, OVERLAP_COST};
use crate::Point;
use crate::geometry::{inflate, rect_between};

/// A rectangle by its edges: what is compared most often should not be computed each time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) const fn of(rect: Rect) -> Self {
        Self {
            left: rect.x,
            right: rect.x + rect.w,
            top: rect.y,
            bottom: rect.y + rect.h,
        }
    }

    /// What a stretch covers.
    #[inline]
    pub(super) fn between(a: Point, b: Point) -> Self {
        Self::of(rect_between(a, b))
    }

    /// Whether the two share any area or edge.
    #[inline]
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }
}

/// A card with the room around it that links keep clear of, and its number.
#[derive(Clone, Copy)]
struct Card {
    at: usize,
    rect: Rect,
    area: Area,
}

/// All cards of a design.
pub(super) struct Cards {
    /// In the order of their numbers.
    all: Vec<Card>,
    by_x: Vec<Card>,
    by_y: Vec<Card>,
    widest: f64,
    highest: f64,
}

impl Cards {
    pub(super) fn new(cards: impl Iterator<Item = (usize, Rect)>) -> Self {
        let all: Vec<Card> = cards
            .map(|(at, rect)| {
                let rect = roomy(rect);
                let area = Area::of(rect);
                Card { at, rect, area }
            })
            .collect();
        let (mut by_x, mut by_y) = (all.clone(), all.clone());
        by_x.sort_by(|a, b| a.rect.x.total_cmp(&b.rect.x));
        by_y.sort_by(|a, b| a.rect.y.total_cmp(&b.rect.y));
        let most = |of: fn(&Rect) -> f64| all.iter().map(|c| of(&c.rect)).fold(0.0, f64::max);
        let (widest, highest) = (most(|r| r.w), most(|r| r.h));
        Self {
            all,
            by_x,
            by_y,
            widest,
            highest,
        }
    }

    /// How many cards a stretch meets, but for two.
    fn met(&self, stretch: [Point; 2], but: [usize; 2]) -> usize {
        let area = Area::between(stretch[0], stretch[1]);
        let upright = area.right - area.left <= area.bottom - area.top;
        // One unit more than needed, so that nothing is lost to rounding.
        let near = if upright {
            let least = area.left - self.widest - 1.0;
            &self.by_x[self.by_x.partition_point(|c| c.area.left < least)..]
        } else {
            let least = area.top - self.highest - 1.0;
            &self.by_y[self.by_y.partition_point(|c| c.area.top < least)..]
        };
        let mut met = 0;
        for card in near {
            let beyond = if upright {
                card.area.left > area.right
            } else {
                card.area.top > area.bottom
            };
            if beyond {
                break;
            }
            if card.area.meets(&area) && card.at != but[0] && card.at != but[1] {
                met += 1;
            }
        }
        met
    }
}

/// A card with the room around it.
pub(super) fn roomy(card: Rect) -> Rect {
    inflate(card, CLEARANCE)
}

/// How many bins there are; a power of two.
const BINS: usize = 128;
/// How wide the strip of a bin is.
const STRIP: f64 = 2.0 * LANE;

/// A straight stretch: where it lies across its direction, and from where to where it goes.
type Run = (f64, f64, f64);

/// The stretches of links whose ways are found, in bins by where they lie. A bin serves every strip whose
/// number has the same remainder.
pub(super) struct Taken {
    upright: Vec<Vec<Run>>,
    level: Vec<Vec<Run>>,
}

impl Taken {
    pub(super) fn new() -> Self {
        Self {
            upright: vec![Vec::new(); BINS],
            level: vec![Vec::new(); BINS],
        }
    }

    pub(super) fn add(&mut self, stretch: [Point; 2]) {
        if let Some(run) = upright(stretch) {
            self.upright[bin(strip(run.0))].push(run);
        }
        if let Some(run) = level(stretch) {
            self.level[bin(strip(run.0))].push(run);
        }
    }

    /// How many stretches a stretch lies on.
    fn under(&self, stretch: [Point; 2]) -> usize {
        upright(stretch).map_or(0, |run| count(&self.upright, run))
            + level(stretch).map_or(0, |run| count(&self.level, run))
    }
}

fn strip(at: f64) -> i64 {
    (at / STRIP).floor() as i64
}

fn bin(strip: i64) -> usize {
    strip.rem_euclid(BINS as i64) as usize
}

fn count(bins: &[Vec<Run>], run: Run) -> usize {
    // A little farther than near is: nothing is lost to rounding, and never more strips than bins.
    let reach = LANE / 2.0 + 1.0;
    let mut count = 0;
    for strip in strip(run.0 - reach)..=strip(run.0 + reach) {
        for other in &bins[bin(strip)] {
            if on(run, *other) {
                count += 1;
            }
        }
    }
    count
}

fn upright([a, b]: [Point; 2]) -> Option<Run> {
    ((a.x - b.x).abs() < 0.01).then(|| (a.x, a.y.min(b.y), a.y.max(b.y)))
}

fn level([a, b]: [Point; 2]) -> Option<Run> {
    ((a.y - b.y).abs() < 0.01).then(|| (a.y, a.x.min(b.x), a.x.max(b.x)))
}

fn on(a: Run, b: Run) -> bool {
    (a.0 - b.0).abs() < LANE / 2.0 && a.2.min(b.2) - a.1.max(b.1) > LANE
}

/// Whether two stretches lie on each other for longer than a corner.
pub(super) fn overlap(a: [Point; 2], b: [Point; 2]) -> bool {
    let both = |of: fn([Point; 2]) -> Option<Run>| of(a).zip(of(b)).is_some_and(|(a, b)| on(a, b));
    both(upright) || both(level)
}

/// What the way of one link should keep clear of.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    cards: &'a Cards,
    /// The numbers of its own cards.
    own: [usize; 2],
    /// Stretches of the links before it.
    taken: Option<&'a Taken>,
}

impl<'a> Ground<'a> {
    pub(super) const fn new(cards: &'a Cards, own: [usize; 2], taken: Option<&'a Taken>) -> Self {
        Self { cards, own, taken }
    }

    /// The cards of others that reach into a place, in order.
    pub(super) fn cards_in(self, place: &Rect) -> impl Iterator<Item = Rect> {
        let all = self.cards.all.iter();
        all.filter(move |card| card.rect.intersects(place) && !self.own.contains(&card.at))
            .map(|card| card.rect)
    }

    /// What a way costs with the cards and links in its course. From the limit on it need not be exact,
    /// only above the way's own cost.
    pub(super) fn cost(self, way: &Way, own: f64, limit: f64) -> f64 {
        let mut total = own;
        let (mut crossed, mut under) = (0, 0);
        for stretch in way.stretches() {
            crossed += self.cards.met(stretch, self.own);
            if crossed > 0 {
                total = own + CROSSING_COST * crossed as f64;
                if total >= limit {
                    return total;
                }
            }
        }
        let Some(taken) = self.taken else {
            return total;
        };
        for stretch in way.stretches() {
            under += taken.under(stretch);
            if under > 0 {
                total = own + (CROSSING_COST * crossed as f64 + OVERLAP_COST * under as f64);
                if total >= limit {
                    return total;
                }
            }
        }
        total
    }
}
