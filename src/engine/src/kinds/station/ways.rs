//! Where a station's requests go next: drawn by the shares of its ways.

use archplay_kernel::{mix, unit_of};

use crate::core::Core;
use crate::plant::Way;

/// Purposes of draws, besides those of the station itself.
const ROUTES: u64 = 4;
const OTHERS: u64 = 5;

/// Ways with cumulated shares.
#[derive(Clone, Debug)]
pub(super) struct Ways(Vec<Way>);

impl Ways {
    pub(super) const fn new(ways: Vec<Way>) -> Self {
        Self(ways)
    }

    /// All of them, in the order of the drawing.
    #[inline(always)]
    pub(super) fn all(&self) -> &[Way] {
        &self.0
    }

    /// One by lot; `None` for those that leave here.
    #[inline(always)]
    pub(super) fn draw(&self, key: u64) -> Option<Way> {
        match self.all() {
            [] => None,
            [way] if way.until >= 1.0 => Some(*way),
            ways => {
                let draw = unit_of(mix(key, ROUTES));
                ways.iter().find(|way| draw < way.until).copied()
            }
        }
    }

    /// Another way than this one to somebody who is not known to be dead, by the shares of those that are left.
    pub(super) fn draw_other(&self, core: &Core, first: Way, key: u64) -> Option<Way> {
        let others = || {
            let mut from = 0.0;
            let shares = self.all().iter().map(move |way| {
                let share = way.until - from;
                from = way.until;
                (*way, share)
            });
            shares.filter(|(way, share)| {
                let up = core.boards[way.node as usize].up;
                way.link != first.link && *share > 0.0 && up
            })
        };
        let all: f64 = others().map(|(_, share)| share).sum();
        let mut left = unit_of(mix(key, OTHERS)) * all;
        let mut drawn = None;
        for (way, share) in others() {
            drawn = Some(way);
            left -= share;
            if left < 0.0 {
                break;
            }
        }
        drawn
    }
}
