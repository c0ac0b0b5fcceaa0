//! The line of a waiting room: who stands where.

use std::collections::VecDeque;

use archplay_kernel::{Handle, mix};

use crate::keyed::Keyed;

/// A visitor's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The request that waits. It may have ended while the place is kept.
    pub handle: Handle,
    /// Since when the visitor has been in the line.
    pub since_ns: u64,
    pub ticket: u64,
}

/// Visitors in order. Those who have left stay as holes until the line reaches them or is swept.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    order: VecDeque<(u64, u64)>,
    places: Keyed<Place>,
    len: usize,
    most: usize,
    tickets: u64,
}

impl Line {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The most that waited at once since [`Self::begin_most`].
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// From now on the most is looked for anew.
    pub(super) fn begin_most(&mut self) {
        self.most = self.len;
    }

    pub(super) fn find(&self, person: u64) -> Option<Place> {
        self.places.get(person, 0)
    }

    /// Joins at the end; one who has a place keeps it, with the new request.
    pub(super) fn join(&mut self, person: u64, place: Place) {
        if let Some(kept) = self.places.get_mut(person, 0) {
            kept.handle = place.handle;
            return;
        }
        self.tickets += 1;
        let ticket = self.tickets;
        self.order.push_back((ticket, person));
        self.places
            .put(person, 0, u64::MAX, Place { ticket, ..place });
        self.len += 1;
        self.most = self.most.max(self.len);
    }

    /// The first in the line, who leaves it.
    pub(super) fn next(&mut self) -> Option<(u64, Place)> {
        while let Some((ticket, person)) = self.order.pop_front() {
            if self.find(person).is_some_and(|p| p.ticket == ticket) {
                self.len -= 1;
                return self.places.remove(person).map(|place| (person, place));
            }
        }
        None
    }

    /// Somebody leaves the line.
    pub(super) fn remove(&mut self, person: u64) -> Option<Place> {
        let place = self.places.remove(person)?;
        self.len -= 1;
        if self.order.len() > 2 * self.len + 64 {
            let places = &self.places;
            self.order.retain(|(ticket, person)| {
                places
                    .get(*person, 0)
                    .is_some_and(|place| place.ticket == *ticket)
            });
        }
        Some(place)
    }

    /// Puts all into an order that has nothing to do with when they came.
    pub(super) fn draw_lots(&mut self, seed: u64) {
        let key = |person: u64| mix(mix(seed, person), 0x0000_6c6f_7473);
        self.order
            .make_contiguous()
            .sort_unstable_by_key(|(_, person)| key(*person));
    }

    pub(super) fn clear(&mut self) {
        self.order.clear();
        self.places.clear();
        self.len = 0;
    }
}
