//! What is counted of visitors.

use archplay_report::Reason;

use super::stretches::add_times;
use super::{REASONS, Stats};
use crate::plant::Plant;

/// Counts of visitors.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeopleCounts {
    pub arrived: u64,
    pub done: u64,
    pub late: u64,
    pub lost: [u64; REASONS],
}

impl PeopleCounts {
    /// Adds what another one has, so many times over.
    fn add(&mut self, other: &Self, weight: u64) {
        self.arrived += other.arrived * weight;
        self.done = self.done.wrapping_add(other.done * weight);
        self.late = self.late.wrapping_add(other.late * weight);
        add_times(&mut self.lost, &other.lost, weight);
    }

    /// Of those who have all that they came for: the ones in time, or late.
    #[inline(always)]
    fn ended(&mut self, in_time: bool) -> &mut u64 {
        if in_time {
            &mut self.done
        } else {
            &mut self.late
        }
    }

    /// Those who left without what they came for, or with it too late.
    fn missed(&self) -> u64 {
        let lost = self.lost.iter();
        lost.fold(self.late, |sum, n| sum.wrapping_add(*n))
    }

    fn left(&self) -> u64 {
        self.done.wrapping_add(self.missed())
    }
}

/// Counts of the visitors of an audience.
#[derive(Clone, Debug, Default)]
pub(crate) struct AudienceStats {
    pub admin: bool,
    /// Whoever takes longer is late, in nanoseconds.
    within_ns: u64,
    /// Visitors simulated before the bucket under way: who came and who left, whatever they stand for.
    came: u64,
    left: u64,
    /// Without the bucket under way.
    whole: PeopleCounts,
    /// Not used when the focus window is the whole run.
    focus: PeopleCounts,
    /// The bucket under way.
    bucket: PeopleCounts,
}

impl AudienceStats {
    /// One for each audience.
    pub(super) fn all(plant: &Plant) -> Vec<Self> {
        let audiences = plant.audiences.iter().map(|audience| Self {
            admin: audience.admin,
            within_ns: audience.within_ns,
            ..Self::default()
        });
        audiences.collect()
    }

    /// Visitors simulated until now: who came, who left.
    pub(super) fn simulated(&self) -> (u64, u64) {
        (
            self.came + self.bucket.arrived,
            self.left + self.bucket.left(),
        )
    }

    /// What those stand for who have come and left until now.
    pub(super) fn stands_for(&self, weight: u64) -> (u64, u64) {
        let all = self.so_far(weight);
        (all.arrived, all.left())
    }

    /// What there was from the begin until now.
    fn so_far(&self, weight: u64) -> PeopleCounts {
        let mut counts = self.whole.clone();
        counts.add(&self.bucket, weight);
        counts
    }

    /// Ends the bucket, in which each stood for so many; tells its counts.
    fn end_bucket(&mut self, weight: u64) -> PeopleCounts {
        (self.came, self.left) = self.simulated();
        let bucket = std::mem::take(&mut self.bucket);
        self.whole.add(&bucket, weight);
        bucket
    }
}

impl Stats {
    /// Counts of an audience from the begin until now, or in the focus window.
    pub(super) fn people(&self, audience: &AudienceStats, focus: bool) -> PeopleCounts {
        if focus && !self.all_focus {
            audience.focus.clone()
        } else {
            audience.so_far(self.weight)
        }
    }

    #[inline(always)]
    pub(crate) fn visitor_arrived(&mut self, now: u64, audience: u32) {
        let focus = self.apart(now);
        let stats = &mut self.audiences[audience as usize];
        stats.bucket.arrived += 1;
        if focus {
            stats.focus.arrived += self.weight;
        }
    }

    /// A visitor comes and asks at once: `visitor_arrived` and `attempt_began` in one.
    #[inline(always)]
    pub(crate) fn visitor_asks(&mut self, now: u64, audience: u32, operation: u32) {
        self.audiences[audience as usize].bucket.arrived += 1;
        self.operations[operation as usize].bucket.offered += 1;
        if self.apart(now) {
            self.audiences[audience as usize].focus.arrived += self.weight;
            self.operations[operation as usize].focus.offered += self.weight;
        }
    }

    /// A visitor who came at `born_ns` has all that it came for.
    #[inline(always)]
    pub(crate) fn visitor_done(&mut self, now: u64, audience: u32, born_ns: u64) {
        match self.alone {
            true => self.done_by(now, audience, born_ns, 1),
            false => self.done_for(now, audience, born_ns),
        }
    }

    /// The same where visitors stand for others, too.
    #[inline(never)]
    fn done_for(&mut self, now: u64, audience: u32, born_ns: u64) {
        let weight = self.weight_of(born_ns);
        self.done_by(now, audience, born_ns, weight);
        // See `began_otherwise`.
        let stats = &mut self.audiences[audience as usize];
        let counted = stats.whole.ended(now - born_ns <= stats.within_ns);
        *counted = counted.wrapping_add(weight).wrapping_sub(self.weight);
    }

    #[inline(always)]
    fn done_by(&mut self, now: u64, audience: u32, born_ns: u64, weight: u64) {
        let focus = self.apart(born_ns);
        let stats = &mut self.audiences[audience as usize];
        let in_time = now - born_ns <= stats.within_ns;
        *stats.bucket.ended(in_time) += 1;
        if focus {
            *stats.focus.ended(in_time) += weight;
        }
    }

    pub(crate) fn visitor_lost(&mut self, audience: u32, born_ns: u64, reason: Reason) {
        let focus = self.apart(born_ns);
        let weight = self.weight_of(born_ns);
        let stats = &mut self.audiences[audience as usize];
        stats.bucket.lost[reason.index()] += 1;
        if focus {
            stats.focus.lost[reason.index()] += weight;
        }
        if weight != self.weight {
            let lost = &mut stats.whole.lost[reason.index()];
            *lost = lost.wrapping_add(weight).wrapping_sub(self.weight);
        }
    }

    /// Ends the bucket of all audiences: what it counted goes into the totals and the sums over all visitors.
    pub(super) fn gather_people(&mut self) {
        (self.visitors, self.visitors_done, self.visitors_lost) = (0, 0, 0);
        for stats in &mut self.audiences {
            let bucket = stats.end_bucket(self.weight);
            if !stats.admin {
                self.visitors += bucket.arrived;
                self.visitors_done += bucket.done;
                self.visitors_lost += bucket.missed();
            }
        }
    }
}
