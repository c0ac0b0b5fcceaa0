//! For how many like it a request stands, by the stretch in which it began (see `aggregate`), and what the
//! stretches that were cut short stand for at each component.
//!
//! A request counts for as many when it ends as when it began, also when stretches of other weights lie between:
//! so what was offered stays what ended and what is inside.

use super::{OperationStats, REASONS, Stats};
use crate::kinds::Load;

/// The stretches so far. In the plant's own time, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Stretches {
    /// Since when the weight is what it is.
    pub(super) since: u64,
    /// Earlier ones of another weight: begin and weight.
    before: Vec<(u64, u64)>,
}

/// What a component has done from the start until a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Done {
    pub load: Option<Load>,
    /// Instances times nanoseconds.
    pub unit_ns: f64,
    /// Requests inside times nanoseconds.
    pub area: u128,
    /// Those of them in a line, where it is told of, times nanoseconds.
    pub waiting: u128,
    pub arrived: u64,
    pub bytes_out: u64,
    pub bytes_far: u64,
}

impl Done {
    /// Adds what was done between two moments, so many times over.
    pub(crate) fn add(&mut self, from: &Self, to: &Self, times: u64) {
        let share = times as f64;
        if let (Some(from), Some(to)) = (from.load, to.load) {
            let load = self.load.get_or_insert_default();
            load.busy_ns += share * (to.busy_ns - from.busy_ns);
            load.capacity_ns += share * (to.capacity_ns - from.capacity_ns);
        }
        self.unit_ns += share * (to.unit_ns - from.unit_ns);
        self.area += u128::from(times) * (to.area - from.area);
        self.waiting += u128::from(times) * (to.waiting - from.waiting);
        self.arrived += times * (to.arrived - from.arrived);
        self.bytes_out += times * (to.bytes_out - from.bytes_out);
        self.bytes_far += times * (to.bytes_far - from.bytes_far);
    }
}

impl Stats {
    /// A stretch begins in which each request stands for so many.
    pub(crate) fn begin_stretch(&mut self, now: u64, weight: u64) {
        if weight != self.weight {
            self.alone = false;
            self.stretches
                .before
                .push((self.stretches.since, self.weight));
            (self.stretches.since, self.weight) = (now, weight);
        }
    }

    /// For how many a request stands that began then.
    #[inline(always)]
    pub(crate) fn weight_of(&self, began: u64) -> u64 {
        if began >= self.stretches.since {
            self.weight
        } else {
            self.weight_then(began)
        }
    }

    #[cold]
    #[inline(never)]
    fn weight_then(&self, began: u64) -> u64 {
        let before = &self.stretches.before;
        let after = before.partition_point(|(since, _)| *since <= began);
        before.get(after.wrapping_sub(1)).map_or(1, |then| then.1)
    }

    /// Whether those inside stand for what has begun and not ended, none of them for more than any has stood for.
    pub(super) fn fits(&self, (begun, ended): (u64, u64), inside: u64) -> bool {
        let before = self.stretches.before.iter().map(|then| then.1);
        let most = before.fold(self.weight, u64::max);
        (inside..=inside * most).contains(&begun.wrapping_sub(ended))
    }

    /// What has been left out until now of what a component did.
    pub(crate) fn left_out(&self, node: usize) -> Done {
        self.left_out.get(node).copied().unwrap_or_default()
    }
}

impl OperationStats {
    /// One that stands for `weight` was counted in the bucket, where each stands for `now`.
    #[cold]
    #[inline(never)]
    pub(super) fn began_otherwise(&mut self, reason: Option<usize>, weight: u64, now: u64) {
        let count = match reason {
            Some(reason) => &mut self.whole.failed[reason],
            None => &mut self.whole.good,
        };
        // It may be below 0 until the bucket is added.
        *count = count.wrapping_add(weight).wrapping_sub(now);
    }

    /// What those stand for that have begun and ended until now.
    pub(super) fn stands_for(&self, weight: u64) -> (u64, u64) {
        let (whole, bucket) = (&self.whole, &self.bucket);
        let sum = |good: u64, failed: &[u64; REASONS]| {
            failed.iter().fold(good, |sum, n| sum.wrapping_add(*n))
        };
        let ended = sum(bucket.good, &bucket.failed) * weight;
        (
            whole.offered + bucket.offered * weight,
            sum(whole.good, &whole.failed).wrapping_add(ended),
        )
    }
}

/// Adds counts, each so many times over; modulo 2⁶⁴, as sums may be below 0 on the way.
pub(super) fn add_times(to: &mut [u64; REASONS], from: &[u64; REASONS], weight: u64) {
    for (mine, theirs) in to.iter_mut().zip(from) {
        *mine = mine.wrapping_add(theirs * weight);
    }
}
