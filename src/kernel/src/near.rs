//! The heap of the events that are near.
//!
//! Four-ary, and without gaps: a place that no event has holds one that comes after all others. So it is always four
//! that are compared, and nothing branches on how many there are, which nobody could foresee. The far events do not
//! live here.

use crate::pending::Entry;

/// The latest moment of an event; those behind it belong to the empty places.
pub(crate) const FARTHEST: u64 = u64::MAX - 4;

/// Events in order of time and number, the first of them at hand.
#[derive(Clone, Debug)]
pub(crate) struct Near<E> {
    /// The first, and then four by four: behind place n come those from 4n + 1 to 4n + 4.
    places: Vec<Entry<E>>,
    len: usize,
}

impl<E> Default for Near<E> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            len: 0,
        }
    }
}

/// What an empty place holds. Of four neighbours no two are at one time: comparing those is slower.
fn nothing<E: Default>(place: usize) -> Entry<E> {
    Entry {
        time: u64::MAX - (place as u64 & 3),
        seq: u64::MAX,
        event: E::default(),
    }
}

impl<E: Copy + Default> Near<E> {
    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The first; when there is none, perhaps one that comes after [`FARTHEST`].
    #[inline(always)]
    pub(crate) fn first(&self) -> Option<&Entry<E>> {
        self.places.first()
    }

    /// Adds one, at [`FARTHEST`] or before.
    #[inline(always)]
    pub(crate) fn push(&mut self, entry: Entry<E>) {
        debug_assert!(entry.time <= FARTHEST);
        if self.len == self.places.len() {
            self.grow();
        }
        self.rise(self.len, entry);
        self.len += 1;
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let from = self.places.len();
        let more = if from == 0 { 1 } else { 4 };
        self.places.extend((from..from + more).map(nothing));
    }

    fn rise(&mut self, mut hole: usize, entry: Entry<E>) {
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.places[parent] <= entry {
                break;
            }
            self.places[hole] = self.places[parent];
            hole = parent;
        }
        self.places[hole] = entry;
    }

    /// Takes the first out.
    #[inline(always)]
    pub(crate) fn pop_first(&mut self) {
        self.len -= 1;
        let last = self.places[self.len];
        self.places[self.len] = nothing(self.len);
        if self.len > 0 {
            self.replace_first(last);
        }
    }

    /// Puts one in the place of the first: one way down instead of one up and one down.
    #[inline(always)]
    pub(crate) fn replace_first(&mut self, entry: Entry<E>) {
        if self.len <= 2 {
            return self.replace_first_of_two(entry);
        }
        let mut hole = 0;
        let mut begin = 1;
        while let Some(four) = self.places.get(begin..begin + 4) {
            // Places, not entries: those would be carried along.
            let left = usize::from(four[1] < four[0]);
            let right = 2 + usize::from(four[3] < four[2]);
            let least = if four[right] < four[left] {
                right
            } else {
                left
            };
            let child = four[least];
            if entry <= child {
                break;
            }
            self.places[hole] = child;
            hole = begin + least;
            begin = hole * 4 + 1;
        }
        if let Some(place) = self.places.get_mut(hole) {
            *place = entry;
        }
    }

    /// The same with one more at most, which needs no comparing of four.
    #[inline(always)]
    fn replace_first_of_two(&mut self, entry: Entry<E>) {
        match &mut self.places[..] {
            [first, second, ..] if *second < entry => (*first, *second) = (*second, entry),
            [first, ..] => *first = entry,
            [] => {}
        }
    }

    /// Takes out all for which `stays` says no, in no particular order.
    pub(crate) fn take_out(
        &mut self,
        stays: impl Fn(&Entry<E>) -> bool,
        mut out: impl FnMut(Entry<E>),
    ) {
        let all = std::mem::take(self);
        for entry in &all.places[..all.len] {
            if stays(entry) {
                self.push(*entry);
            } else {
                out(*entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry((time, seq): (u64, u64)) -> Entry<u64> {
        Entry {
            time: time.min(FARTHEST),
            seq,
            event: seq,
        }
    }

    fn times() -> impl Strategy<Value = (u64, u64)> {
        (
            prop_oneof![0..40_u64, any::<u64>(), Just(u64::MAX)],
            0..1_000_u64,
        )
    }

    /// All that is left, in order.
    fn drain(near: &mut Near<u64>) -> Vec<(u64, u64)> {
        let pop = || {
            let first = (near.len() > 0).then(|| near.first().map(|e| (e.time, e.seq)));
            first.flatten().inspect(|_| near.pop_first())
        };
        std::iter::from_fn(pop).collect()
    }

    proptest! {
        /// Against sorting, with many at one time: in order, and also after some were taken out.
        #[test]
        fn pops_in_order(list in proptest::collection::vec(times(), 0..200), stays in 1..6_u64) {
            let mut near = Near::default();
            for item in &list {
                near.push(entry(*item));
            }
            let mut sorted: Vec<_> = list.iter().map(|item| (item.0.min(FARTHEST), item.1)).collect();
            sorted.sort_unstable();
            prop_assert_eq!(drain(&mut near.clone()), sorted.clone());
            let mut out = Vec::new();
            near.take_out(|entry| entry.seq % stays == 0, |entry| out.push((entry.time, entry.seq)));
            out.sort_unstable();
            let (kept, gone): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|item| item.1 % stays == 0);
            prop_assert_eq!((drain(&mut near), out), (kept, gone));
        }

        /// Putting one in the place of the first is as taking the first out and adding the one.
        #[test]
        fn replaces(list in proptest::collection::vec(times(), 1..60), more in proptest::collection::vec(times(), 0..60)) {
            let mut near = Near::default();
            for item in list {
                near.push(entry(item));
            }
            let mut other = near.clone();
            for item in more {
                near.replace_first(entry(item));
                other.pop_first();
                other.push(entry(item));
                prop_assert_eq!(near.first(), other.first());
            }
            prop_assert_eq!(drain(&mut near), drain(&mut other));
        }
    }
}
