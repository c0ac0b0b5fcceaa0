//! Which place along its side each end of each link has.

use super::way::Ends;
use super::{LANE, SLOT, STUB};
use crate::{Point, Side};
use archplay_model::Rect;

/// A link between two cards, by their numbers, with its sides.
#[derive(Clone, Copy)]
pub(super) struct Joint {
    pub(super) cards: [usize; 2],
    pub(super) rects: [Rect; 2],
    pub(super) sides: [Side; 2],
}

/// The place of one end among all ends at its side, and how many those are.
#[derive(Clone, Copy, Default)]
struct Slot {
    at: usize,
    count: usize,
}

/// The places of both ends of every link.
pub(super) struct Slots {
    slots: Vec<[Slot; 2]>,
}

impl Slots {
    /// Gives places in the order of where the links go, so that they do not cross.
    pub(super) fn assign(joints: &[Joint]) -> Self {
        // Card, side, where the other card is, link, end.
        let mut ends: Vec<(usize, Side, f64, usize, usize)> = Vec::with_capacity(2 * joints.len());
        for (link, joint) in joints.iter().enumerate() {
            for end in 0..2 {
                let side = joint.sides[end];
                let (x, y) = joint.rects[1 - end].center();
                let place = if side.is_horizontal() { y } else { x };
                ends.push((joint.cards[end], side, place, link, end));
            }
        }
        ends.sort_unstable_by(|a, b| {
            (a.0, a.1)
                .cmp(&(b.0, b.1))
                .then(a.2.total_cmp(&b.2))
                .then((a.3, a.4).cmp(&(b.3, b.4)))
        });
        let mut slots = vec![[Slot::default(); 2]; joints.len()];
        for side in ends.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            for (at, (.., link, end)) in side.iter().enumerate() {
                slots[*link][*end] = Slot {
                    at,
                    count: side.len(),
                };
            }
        }
        Self { slots }
    }

    /// Both ends of a link at their places.
    pub(super) fn ends(&self, link: usize, joint: &Joint) -> Ends {
        let [from, to] = self.slots[link];
        let [from_rect, to_rect] = joint.rects;
        let [from_side, to_side] = joint.sides;
        Ends {
            from_rect,
            to_rect,
            from: port(from, from_side, from_rect),
            to: port(to, to_side, to_rect),
            from_side,
            to_side,
        }
    }

    /// How far the middle stretch is shifted so that links of one side do not lie on each other: the one
    /// that goes farthest turns first, so they do not cross either.
    pub(super) fn lane(&self, link: usize, ends: &Ends) -> f64 {
        let [from, to] = self.slots[link];
        let horizontal = ends.from_side.is_horizontal();
        if horizontal != ends.to_side.is_horizontal() {
            return 0.0;
        }
        let (along_from, along_to, room) = if horizontal {
            (ends.from.y, ends.to.y, (ends.from.x - ends.to.x).abs())
        } else {
            (ends.from.x, ends.to.x, (ends.from.y - ends.to.y).abs())
        };
        let (Slot { at, count }, side, before) = if from.count >= to.count {
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

fn port(Slot { at, count }: Slot, side: Side, rect: Rect) -> Point {
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
