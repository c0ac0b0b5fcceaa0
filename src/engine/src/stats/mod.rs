//! Statistics: they are told what happens and decide nothing.

pub(crate) mod account;
mod bucket;
pub(crate) mod columns;
mod follow;
mod parts;
mod people;
mod stretches;

use archplay_kernel::{Histogram, Wide};
use archplay_report::Reason;

pub(crate) use bucket::Bucket;
pub(crate) use follow::Followed;
pub(crate) use parts::{Mark, PartStats};
use people::{AudienceStats, PeopleCounts};
pub(crate) use stretches::Done;
use stretches::Stretches;

use crate::plant::{LinkId, NodeId, Plant};

pub(crate) const REASONS: usize = Reason::ALL.len();

/// Counts of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    pub offered: u64,
    pub good: u64,
    pub failed: [u64; REASONS],
    pub latency: Histogram,
}

/// Counts of one operation. The bucket under way is not in the counts of `whole` yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperationStats {
    pub admin: bool,
    /// Requests simulated before the bucket under way: begun and ended, whatever they stand for.
    begun: u64,
    ended: u64,
    /// Run from queues alone: its requests begin when their message is published.
    pub queued: bool,
    /// Its messages that are neither done nor given up.
    pub messages: u64,
    /// Its latencies are those outside of the focus window: each is recorded once.
    pub whole: Requests,
    /// Not used when the focus window is the whole run.
    pub focus: Requests,
    pub bucket: Bucket,
}

impl OperationStats {
    #[inline(always)]
    fn record(&mut self, ns: u64, focus: bool, weight: u64) {
        self.bucket.record(ns);
        let requests = if focus {
            &mut self.focus
        } else {
            &mut self.whole
        };
        // In line where nothing is left out.
        if weight == 1 {
            requests.latency.record(ns);
        } else {
            requests.latency.record_times(ns, weight);
        }
    }

    /// Requests simulated until now: begun and ended.
    pub(crate) fn simulated(&self) -> (u64, u64) {
        let bucket = &self.bucket;
        let ended = bucket.good + bucket.failed.iter().sum::<u64>();
        (self.begun + bucket.offered, self.ended + ended)
    }

    /// The bucket, which has been gathered, is emptied for the next.
    pub(crate) fn begin_bucket(&mut self) {
        (self.begun, self.ended) = self.simulated();
        self.bucket.clear();
    }

    /// What there was from the begin until now.
    pub(crate) fn so_far(&self, weight: u64) -> Requests {
        let mut requests = self.whole.clone();
        requests.add(&self.bucket, weight);
        requests.latency.merge(&self.focus.latency);
        requests
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LinkStats {
    pub begun: u64,
    pub ended: u64,
    pub failed: u64,
    pub time_ns: Wide,
}

/// All statistics.
#[derive(Clone, Debug)]
pub(crate) struct Stats {
    pub focus: (u64, u64),
    /// How many like it a request stands for in the stretch under way, and how much the clock is ahead of the
    /// plant's own time (see `aggregate`). 1 and 0 when every request is simulated.
    pub weight: u64,
    /// Whether each has stood for itself alone so far.
    pub alone: bool,
    stretches: Stretches,
    /// For each component what was left out; empty as long as nothing was.
    pub left_out: Vec<Done>,
    skipped_ns: u64,
    /// The focus window in the plant's own time: its begin, which may lie before all of it, and its length.
    focus_begin: u64,
    focus_span: u64,
    /// Whether the focus window is the whole run: then nothing is counted twice.
    pub all_focus: bool,
    /// The length of the window in which requests are counted apart: 0 if that is the whole run.
    apart_span: u64,
    /// How many ends of the focus window have come.
    pub marked: usize,
    pub operations: Vec<OperationStats>,
    /// All that visitors ask, in the bucket that ended last; without the latencies if all are of one operation.
    pub system: Bucket,
    only: Option<usize>,
    pub audiences: Vec<AudienceStats>,
    /// All visitors but administrators, in the bucket that ended last.
    pub visitors: u64,
    pub visitors_done: u64,
    pub visitors_lost: u64,
    /// The scenario's day, and how many visitors have come on it, whatever they stand for.
    pub today: (u64, u64),
    pub parts: Vec<PartStats>,
    /// Failures at all components, whatever they stand for.
    pub failures: u64,
    pub links: Vec<LinkStats>,
    /// Series that monitors follow.
    pub followed: Vec<Followed>,
}

impl Stats {
    pub(crate) fn new(plant: &Plant) -> Self {
        let operations = plant.operations.iter().map(|operation| OperationStats {
            admin: operation.admin,
            queued: operation.queued,
            ..Default::default()
        });
        let all_focus = plant.focus.0 == 0 && plant.focus.1 >= plant.end_ns;
        let focus_span = plant.focus.1.saturating_sub(plant.focus.0);
        Self {
            focus: plant.focus,
            weight: 1,
            alone: true,
            stretches: Stretches::default(),
            left_out: Vec::new(),
            skipped_ns: 0,
            focus_begin: plant.focus.0,
            focus_span,
            all_focus,
            apart_span: if all_focus { 0 } else { focus_span },
            marked: 0,
            operations: operations.collect(),
            system: Bucket::default(),
            only: None,
            audiences: AudienceStats::all(plant),
            visitors: 0,
            visitors_done: 0,
            visitors_lost: 0,
            today: (0, 0),
            parts: plant.nodes.iter().map(|_| PartStats::new()).collect(),
            failures: 0,
            links: vec![LinkStats::default(); plant.links.len()],
            followed: Vec::new(),
        }
    }

    /// Whether a moment lies in the focus window.
    #[inline(always)]
    pub(crate) const fn in_focus(&self, at: u64) -> bool {
        // Both ends in one comparison: what is before the begin becomes a very great number.
        at.wrapping_sub(self.focus_begin) < self.focus_span
    }

    /// Whether what began at a moment is counted apart from the rest: in the focus window, if that is not all.
    #[inline(always)]
    const fn apart(&self, began: u64) -> bool {
        began.wrapping_sub(self.focus_begin) < self.apart_span
    }

    /// The clock is ahead of the plant's own time by so much from now on.
    pub(crate) const fn skip_to(&mut self, skipped_ns: u64) {
        self.skipped_ns = skipped_ns;
        self.focus_begin = self.focus.0.wrapping_sub(skipped_ns);
    }

    pub(crate) fn attempt_began(&mut self, now: u64, operation: u32) {
        let focus = self.apart(now);
        let stats = &mut self.operations[operation as usize];
        stats.bucket.offered += 1;
        if focus {
            stats.focus.offered += self.weight;
        }
    }

    #[inline(always)]
    pub(crate) fn attempt_good(&mut self, now: u64, operation: u32, began: u64) {
        match self.alone {
            true => self.good(now, operation, began, 1),
            false => self.good_for(now, operation, began),
        }
    }

    /// The same where requests stand for others, too.
    #[inline(never)]
    fn good_for(&mut self, now: u64, operation: u32, began: u64) {
        let weight = self.weight_of(began);
        self.good(now, operation, began, weight);
        if weight != self.weight {
            let stats = &mut self.operations[operation as usize];
            stats.began_otherwise(None, weight, self.weight);
        }
    }

    #[inline(always)]
    fn good(&mut self, now: u64, operation: u32, began: u64, weight: u64) {
        let focus = self.apart(began);
        let stats = &mut self.operations[operation as usize];
        let latency = now - began;
        stats.bucket.good += 1;
        stats.record(latency, focus, weight);
        if focus {
            stats.focus.good += weight;
        }
    }

    pub(crate) fn attempt_failed(&mut self, now: u64, operation: u32, began: u64, reason: Reason) {
        let focus = self.apart(began);
        let weight = self.weight_of(began);
        let stats = &mut self.operations[operation as usize];
        let waited = now - began;
        stats.bucket.failed[reason.index()] += 1;
        if focus {
            stats.focus.failed[reason.index()] += weight;
        }
        if reason == Reason::Timeout {
            stats.record(waited, focus, weight);
        }
        if weight != self.weight {
            stats.began_otherwise(Some(reason.index()), weight, self.weight);
        }
    }

    /// A message was published: a request begins, if its operation is run from queues alone.
    pub(crate) fn message_began(&mut self, now: u64, operation: u32) {
        if self.operations[operation as usize].queued {
            self.attempt_began(now, operation);
            self.operations[operation as usize].messages += 1;
        }
    }

    /// A message has been worked on.
    pub(crate) fn message_good(&mut self, now: u64, operation: u32, published: u64) {
        if self.operations[operation as usize].queued {
            self.attempt_good(now, operation, published);
            self.operations[operation as usize].messages -= 1;
        }
    }

    /// A message was given up.
    pub(crate) fn message_failed(
        &mut self,
        now: u64,
        operation: u32,
        published: u64,
        reason: Reason,
    ) {
        if self.operations[operation as usize].queued {
            self.attempt_failed(now, operation, published, reason);
            self.operations[operation as usize].messages -= 1;
        }
    }

    /// Ends a bucket: what it counted goes into the totals; `system` holds the sum of what visitors asked.
    pub(crate) fn gather(&mut self) {
        self.gather_people();
        self.system.clear();
        let asked = |stats: &OperationStats| !stats.admin && !stats.queued;
        let mut answered = (0..).zip(&self.operations).filter_map(|(i, stats)| {
            let answered = asked(stats) && stats.bucket.has_latencies();
            answered.then_some(i)
        });
        self.only = match (answered.next(), answered.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        for stats in &mut self.operations {
            stats.whole.add(&stats.bucket, self.weight);
            if asked(stats) {
                self.system.add_counts(&stats.bucket);
                if self.only.is_none() {
                    self.system.add_latencies(&stats.bucket);
                }
            }
        }
    }

    /// Requests of visitors that wait for their answer.
    pub(crate) fn inside(&self) -> u64 {
        let asked = self.operations.iter();
        let asked = asked.filter(|stats| !stats.admin && !stats.queued);
        asked
            .map(OperationStats::simulated)
            .map(|(begun, ended)| begun - ended)
            .sum()
    }

    /// Percentiles of all that visitors ask, in the bucket that ended last.
    pub(crate) fn percentiles(&mut self) -> [f64; 3] {
        match self.only {
            Some(only) => self.operations[only].bucket.percentiles(),
            None => self.system.percentiles(),
        }
    }

    /// A failure arose at a component.
    pub(crate) fn cause(&mut self, now: u64, node: NodeId, reason: Reason) {
        let part = &mut self.parts[node as usize];
        part.failed += 1;
        self.failures += 1;
        let cause = &mut part.causes[reason.index()];
        if cause.1 == 0 {
            cause.0 = now + self.skipped_ns;
        }
        cause.1 += self.weight;
    }

    #[inline(always)]
    pub(crate) fn link_begin(&mut self, link: LinkId) {
        // No link is behind the last.
        if let Some(stats) = self.links.get_mut(link as usize) {
            stats.begun += 1;
        }
    }

    #[inline(always)]
    pub(crate) fn link_end(&mut self, link: LinkId, time_ns: u64, failed: bool) {
        if let Some(stats) = self.links.get_mut(link as usize) {
            stats.ended += 1;
            stats.failed += u64::from(failed);
            stats.time_ns.add(u128::from(time_ns));
        }
    }
}
