//! Events that wait: the near ones in a heap, the far ones unsorted in buckets that get finer as time
//! comes closer.
//!
//! An entry in a bucket is moved a few times instead of being compared with others, and the heap stays
//! small enough for the processor's nearest cache. With few events the heap has them all. Whatever the
//! spread of times, an entry is moved at most eleven times and then costs what a heap costs. Source of
//! the idea: R. K. Ahuja, K. Mehlhorn, J. B. Orlin, R. E. Tarjan, *Faster algorithms for the shortest path
//! problem* (radix heaps), JACM 37 (1990); W. T. Tang, R. S. M. Goh, I. L.-J. Thng, *Ladder queue*, ACM
//! TOMACS 15 (2005).

use crate::near::{FARTHEST, Near};

/// An event and its place in the order.
#[derive(Clone, Copy, Debug)]
pub struct Entry<E> {
    pub time: u64,
    pub seq: u64,
    pub event: E,
}

impl<E> Entry<E> {
    /// Time and sequence number as one number, which compares without a branch.
    fn key(&self) -> u128 {
        key((self.time, self.seq))
    }
}

/// Comes after everything.
pub const LAST: u128 = key((FARTHEST + 1, 0));

/// The place in the order of what happens at a time with a sequence number, as one number.
#[inline]
pub const fn key((time, seq): (u64, u64)) -> u128 {
    ((time as u128) << 64) | seq as u128
}

impl<E> Entry<E> {
    /// Whether it comes before another; of those at one time, which are rare, whether its number does.
    #[inline(always)]
    fn comes_before(&self, other: &Self) -> bool {
        if self.time == other.time {
            number_before(self.seq, other.seq)
        } else {
            self.time < other.time
        }
    }
}

/// Apart, so that the numbers are not read where the times tell: as one number of 128 bits the two compare without a
/// branch, and read twice as much.
#[cold]
#[inline(never)]
const fn number_before(a: u64, b: u64) -> bool {
    a < b
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.key().cmp(&other.key()))
    }

    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        !other.comes_before(self)
    }

    #[inline(always)]
    fn lt(&self, other: &Self) -> bool {
        self.comes_before(other)
    }
}

/// A time is read as eleven digits of six bits.
const DIGIT_BITS: u32 = 6;
const DIGITS: usize = 1 << DIGIT_BITS;
const LEVELS: usize = 11;
/// A bucket with so many goes into the heap whole.
const FEW: usize = 16;
/// With more than so many the heap gives the far ones away.
const MANY: usize = 512;

/// Events that wait, in order of time and sequence number.
#[derive(Clone, Debug)]
pub struct Pending<E> {
    /// All entries up to and including `horizon`.
    near: Near<E>,
    /// Whether the first of them is gone, and only its place is still there: most events schedule another, which
    /// then takes it.
    vacant: bool,
    horizon: u64,
    /// How many may be near before they are looked through for far ones.
    most: usize,
    /// Where the buckets start: an entry's level is the highest digit in which it differs from here, its
    /// bucket that digit. Nothing in them is earlier.
    base: u64,
    buckets: Vec<Vec<Entry<E>>>,
    /// Which buckets of a level have entries, a bit each.
    occupied: [u64; LEVELS],
    /// Which levels have entries.
    levels: u32,
    far: usize,
}

impl<E: Copy + Default> Default for Pending<E> {
    fn default() -> Self {
        Self {
            near: Near::default(),
            vacant: false,
            horizon: FARTHEST,
            most: MANY,
            base: 0,
            buckets: Vec::new(),
            occupied: [0; LEVELS],
            levels: 0,
            far: 0,
        }
    }
}

impl<E: Copy + Default> Pending<E> {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.near.len() - usize::from(self.vacant) + self.far
    }

    /// Adds an event with its place in the order.
    #[inline(never)]
    pub fn push(&mut self, time: u64, seq: u64, event: E) {
        // Put together only here, and nobody is handed it in memory: there it would be written in words and read in
        // pairs of them at once, which stalls.
        let entry = Entry { time, seq, event };
        if time > self.horizon {
            self.push_far(time, seq, event);
        } else if self.vacant {
            self.vacant = false;
            self.near.replace_first(entry);
        } else {
            self.near.push(entry);
            if self.near.len() > self.most {
                self.spill();
            }
        }
    }

    /// The time of the first entry.
    #[cfg(test)]
    fn next_time(&mut self) -> Option<u64> {
        self.close_gap();
        let near = self.near.first().filter(|_| self.near.len() > 0);
        match (near, self.first_bucket()) {
            (Some(entry), _) => Some(entry.time),
            (None, Some((at, ..))) => self.buckets[at].iter().map(|entry| entry.time).min(),
            (None, None) => None,
        }
    }

    /// Takes out the first entry if its time and sequence number come before these, of which [`LAST`] is the greatest.
    #[inline]
    pub fn pop_before(&mut self, limit: u128) -> Option<(u64, E)> {
        debug_assert!(limit <= LAST);
        self.close_gap();
        if let Some(first) = self.near.first()
            && first.key() < limit
        {
            self.vacant = true;
            return Some((first.time, first.event));
        }
        self.pop_far(limit)
    }

    /// The same where the near ones do not come before the limit.
    #[cold]
    #[inline(never)]
    fn pop_far(&mut self, limit: u128) -> Option<(u64, E)> {
        if self.near.len() > 0 {
            return None;
        }
        let first = self.refill((limit >> 64) as u64)?;
        if first.key() >= limit {
            return None;
        }
        self.vacant = true;
        Some((first.time, first.event))
    }

    #[inline]
    fn close_gap(&mut self) {
        if self.vacant {
            self.drop_vacant();
        }
    }

    /// Nothing took the place of the entry that went last.
    #[inline(never)]
    fn drop_vacant(&mut self) {
        self.vacant = false;
        self.near.pop_first();
    }

    #[inline(never)]
    fn push_far(&mut self, time: u64, seq: u64, event: E) {
        let time = time.min(FARTHEST);
        if self.buckets.is_empty() {
            self.buckets.resize_with(LEVELS * DIGITS, Vec::new);
        }
        let differs = (time ^ self.base) | 1;
        let level = ((63 - differs.leading_zeros()) / DIGIT_BITS) as usize;
        let digit = (time >> (level as u32 * DIGIT_BITS)) as usize % DIGITS;
        self.buckets[level * DIGITS + digit].push(Entry { time, seq, event });
        self.occupied[level] |= 1 << digit;
        self.levels |= 1 << level;
        self.far += 1;
    }

    /// The first bucket that has entries, and its first and last moment.
    fn first_bucket(&self) -> Option<(usize, u64, u64)> {
        let level = self.levels.trailing_zeros();
        let digit = self.occupied.get(level as usize)?.trailing_zeros();
        let shift = level * DIGIT_BITS;
        let width = (1_u64 << shift) - 1;
        let above = self.base.checked_shr(shift + DIGIT_BITS).unwrap_or(0);
        let above = above.checked_shl(shift + DIGIT_BITS).unwrap_or(0);
        let start = above | (u64::from(digit) << shift);
        Some((
            level as usize * DIGITS + digit as usize,
            start,
            start | width,
        ))
    }

    /// Brings the first few far entries near, unless all come after the limit; tells the first of them.
    #[cold]
    fn refill(&mut self, limit: u64) -> Option<Entry<E>> {
        while let Some((at, start, end)) = self.first_bucket() {
            // Not before it must be: what is scheduled up to the horizon goes into the heap.
            if start > limit {
                return None;
            }
            let (level, digit) = (at / DIGITS, at % DIGITS);
            self.occupied[level] &= !(1 << digit);
            if self.occupied[level] == 0 {
                self.levels &= !(1 << level);
            }
            let mut bucket = std::mem::take(&mut self.buckets[at]);
            self.far -= bucket.len();
            self.base = start;
            let few = level == 0 || bucket.len() <= FEW;
            if few {
                bucket.drain(..).for_each(|entry| self.near.push(entry));
            } else {
                bucket
                    .drain(..)
                    .for_each(|entry| self.push_far(entry.time, entry.seq, entry.event));
            }
            // Its memory serves the next that come here.
            self.buckets[at] = bucket;
            if few {
                self.horizon = if self.far == 0 {
                    FARTHEST
                } else {
                    end.min(FARTHEST)
                };
                self.most = MANY.max(self.near.len() * 2);
                return self.near.first().copied();
            }
            // Above level 0 no bucket starts at 0.
            self.horizon = start - 1;
        }
        None
    }

    /// Gives away all but the first of the near entries.
    #[cold]
    fn spill(&mut self) {
        let Some(first) = self.near.first().map(|entry| entry.time) else {
            return;
        };
        // The buckets start where they did or later, but within the one that was brought near last, so
        // that those that stayed far are still where they belong.
        self.base = self.base.max(first);
        // Never later than it was: after a refill that stopped at its limit it lies before the base.
        self.horizon = self.horizon.min(self.base);
        let horizon = self.horizon;
        let mut near = std::mem::take(&mut self.near);
        near.take_out(
            |entry| entry.time <= horizon,
            |entry| self.push_far(entry.time, entry.seq, entry.event),
        );
        self.near = near;
        self.most = MANY.max(self.near.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Stream, exp_of, mix};
    use std::collections::BTreeMap;

    /// Against a sorted map, with many entries: delays of very different lengths, ties, the past, the end of
    /// time, and limits that stop between entries.
    #[test]
    fn agrees_with_a_map() {
        for (seed, most) in [(1, 40), (2, 3_000), (3, 30_000), (4, 300)] {
            let mut stream = Stream::new(seed);
            let mut pending: Pending<u64> = Pending::default();
            let mut map: BTreeMap<(u64, u64), u64> = BTreeMap::new();
            let mut now = 0_u64;
            for seq in 1..=120_000 {
                let time = match stream.below(16) {
                    0 => now,
                    1 => now.saturating_sub(u64::from(stream.below(1_000))),
                    2 => FARTHEST - u64::from(stream.below(3)),
                    3 => now + 1_000_000,
                    4 => now.next_multiple_of(64),
                    _ => {
                        let mean = [1e2, 1e5, 1e7, 1e10][stream.below(4) as usize];
                        now + exp_of(mix(seed, seq), mean) as u64
                    }
                };
                pending.push(time, seq, seq);
                map.insert((time, seq), seq);
                assert_eq!(pending.next_time(), map.keys().next().map(|first| first.0));
                let filling = map.len() < most && stream.below(8) > 0;
                for _ in 0..if filling {
                    stream.below(2)
                } else {
                    1 + stream.below(3)
                } {
                    let limit = match stream.below(3) {
                        0 => (now + u64::from(stream.below(100_000)), 0),
                        1 => (FARTHEST + 1, 0),
                        _ => map
                            .keys()
                            .nth(stream.below(3) as usize)
                            .copied()
                            .unwrap_or((0, 0)),
                    };
                    let first = map.keys().next().copied().filter(|first| *first < limit);
                    let event = first.and_then(|first| map.remove(&first));
                    assert_eq!(
                        pending.pop_before(key(limit)),
                        first.map(|f| f.0).zip(event)
                    );
                    now = first.map_or(now, |first| now.max(first.0 % (1 << 60)));
                }
                assert_eq!(pending.len(), map.len());
            }
        }
    }

    /// Looking for the next event may split a bucket and then find that all of it comes after the limit;
    /// what is scheduled after that, earlier and later, must still find its place.
    #[test]
    fn a_look_that_finds_nothing_changes_nothing() {
        let bucket = 1_u64 << 30;
        for limit in [bucket - 1, bucket, bucket + 5, bucket + bucket / 2 - 1] {
            let mut pending: Pending<u64> = Pending::default();
            let mut times = Vec::new();
            let mut push = |pending: &mut Pending<u64>, time| {
                times.push(time);
                let seq = times.len() as u64;
                pending.push(time, seq, 0);
            };
            for i in 0..2 * MANY as u64 {
                push(&mut pending, i);
            }
            for i in 0..100 {
                push(&mut pending, bucket + bucket / 2 + i * 1_000);
            }
            for i in 0..2 * MANY as u64 {
                assert_eq!(pending.pop_before(key((limit, 0))), Some((i, 0)));
            }
            assert_eq!(pending.pop_before(key((limit, 0))), None);
            assert_eq!(pending.next_time(), Some(bucket + bucket / 2));
            for later in [0, 5, 10, bucket / 2 + 50_500, bucket - 1, bucket, 5_000] {
                push(&mut pending, bucket + later);
                assert_eq!(pending.pop_before(key((limit.min(bucket), 0))), None);
            }
            // Few, so that the heap keeps them.
            for i in 0..10 {
                push(&mut pending, bucket / 2 + i);
            }
            let mut left = times[2 * MANY..].to_vec();
            left.sort_unstable();
            let popped = std::iter::from_fn(|| pending.pop_before(LAST));
            assert_eq!(popped.map(|event| event.0).collect::<Vec<_>>(), left);
        }
    }

    /// Very many events for one moment keep their order and cost no more than a heap.
    #[test]
    fn all_at_once() {
        let mut pending: Pending<u64> = Pending::default();
        for seq in 1..=100_000 {
            pending.push(7_000_000, seq, seq);
        }
        for seq in 1..=100_000 {
            assert_eq!(pending.pop_before(LAST), Some((7_000_000, seq)));
        }
        assert_eq!(pending.pop_before(LAST), None);
    }
}
