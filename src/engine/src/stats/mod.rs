//! Statistics: they are told what happens and decide nothing.

pub(crate) mod account;
pub(crate) mod columns;
mod parts;

use archplay_kernel::Histogram;
use archplay_report::Reason;

pub(crate) use parts::{PartStats, Visits};

use crate::plant::{LinkId, NOBODY, NodeId, Plant};

pub(crate) const REASONS: usize = Reason::ALL.len();

/// Counts of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    pub offered: u64,
    pub good: u64,
    pub failed: [u64; REASONS],
    pub latency: Histogram,
}

impl Requests {
    /// Adds what another counted and forgets it there.
    pub(crate) fn take(&mut self, bucket: &mut Self) {
        self.offered += bucket.offered;
        self.good += bucket.good;
        for (mine, other) in self.failed.iter_mut().zip(&bucket.failed) {
            *mine += other;
        }
        self.latency.merge(&bucket.latency);
    }

    pub(crate) fn clear(&mut self) {
        self.latency.reset();
        (self.offered, self.good, self.failed) = (0, 0, [0; REASONS]);
    }
}

/// Counts of one operation. The bucket under way is not in `whole` yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperationStats {
    pub admin: bool,
    /// Run from queues alone: its requests begin when their message is published.
    pub queued: bool,
    /// Its messages that are neither done nor given up.
    pub messages: u64,
    pub whole: Requests,
    pub focus: Requests,
    pub bucket: Requests,
}

/// Counts of visitors.
#[derive(Clone, Debug, Default)]
pub(crate) struct PeopleCounts {
    pub arrived: u64,
    pub done: u64,
    pub late: u64,
    pub lost: [u64; REASONS],
}

#[derive(Clone, Debug, Default)]
pub(crate) struct AudienceStats {
    pub admin: bool,
    pub whole: PeopleCounts,
    pub focus: PeopleCounts,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LinkStats {
    pub begun: u64,
    pub ended: u64,
    pub failed: u64,
    pub time_ns: u128,
    /// Calls over it since the start.
    pub total: u64,
}

/// All statistics.
#[derive(Clone, Debug)]
pub(crate) struct Stats {
    pub focus: (u64, u64),
    /// Whether the focus window is the whole run: then nothing is counted twice.
    pub all_focus: bool,
    pub operations: Vec<OperationStats>,
    /// All that visitors ask, in the bucket that ended last.
    pub system: Requests,
    pub inside: u64,
    pub audiences: Vec<AudienceStats>,
    pub visitors: u64,
    pub visitors_done: u64,
    pub visitors_lost: u64,
    pub parts: Vec<PartStats>,
    pub links: Vec<LinkStats>,
}

impl Stats {
    pub(crate) fn new(plant: &Plant) -> Self {
        let operations = plant.operations.iter().map(|operation| OperationStats {
            admin: operation.admin,
            queued: operation.queued,
            ..Default::default()
        });
        let audiences = plant.audiences.iter().map(|audience| AudienceStats {
            admin: audience.admin,
            ..Default::default()
        });
        Self {
            focus: plant.focus,
            all_focus: plant.focus.0 == 0 && plant.focus.1 >= plant.end_ns,
            operations: operations.collect(),
            system: Requests::default(),
            inside: 0,
            audiences: audiences.collect(),
            visitors: 0,
            visitors_done: 0,
            visitors_lost: 0,
            parts: plant
                .nodes
                .iter()
                .map(|node| PartStats::new(node.kind))
                .collect(),
            links: vec![LinkStats::default(); plant.links.len()],
        }
    }

    /// Whether a moment lies in the focus window.
    pub(crate) const fn in_focus(&self, at: u64) -> bool {
        at >= self.focus.0 && at < self.focus.1
    }

    pub(crate) fn visitor_arrived(&mut self, now: u64, audience: u32, admin: bool) {
        let focus = self.in_focus(now);
        let stats = &mut self.audiences[audience as usize];
        stats.whole.arrived += 1;
        stats.focus.arrived += u64::from(focus);
        self.visitors += u64::from(!admin);
    }

    pub(crate) fn visitor_done(&mut self, audience: u32, born_ns: u64, in_time: bool) {
        let focus = self.in_focus(born_ns);
        let stats = &mut self.audiences[audience as usize];
        for (people, counts) in [(&mut stats.whole, true), (&mut stats.focus, focus)] {
            if counts && in_time {
                people.done += 1;
            } else if counts {
                people.late += 1;
            }
        }
        if !stats.admin {
            self.visitors_done += u64::from(in_time);
            self.visitors_lost += u64::from(!in_time);
        }
    }

    pub(crate) fn visitor_lost(&mut self, audience: u32, born_ns: u64, reason: Reason) {
        let focus = self.in_focus(born_ns);
        let stats = &mut self.audiences[audience as usize];
        stats.whole.lost[reason.index()] += 1;
        stats.focus.lost[reason.index()] += u64::from(focus);
        self.visitors_lost += u64::from(!stats.admin);
    }

    pub(crate) fn attempt_began(&mut self, now: u64, operation: u32) {
        let focus = !self.all_focus && self.in_focus(now);
        let stats = &mut self.operations[operation as usize];
        stats.bucket.offered += 1;
        stats.focus.offered += u64::from(focus);
        self.inside += u64::from(!stats.admin && !stats.queued);
    }

    pub(crate) fn attempt_good(&mut self, now: u64, operation: u32, began: u64) {
        let focus = !self.all_focus && self.in_focus(began);
        let stats = &mut self.operations[operation as usize];
        let latency = now - began;
        stats.bucket.good += 1;
        stats.bucket.latency.record(latency);
        if focus {
            stats.focus.good += 1;
            stats.focus.latency.record(latency);
        }
        self.inside -= u64::from(!stats.admin && !stats.queued);
    }

    pub(crate) fn attempt_failed(&mut self, now: u64, operation: u32, began: u64, reason: Reason) {
        let focus = !self.all_focus && self.in_focus(began);
        let stats = &mut self.operations[operation as usize];
        let waited = now - began;
        let focused = focus.then_some(&mut stats.focus);
        for requests in [Some(&mut stats.bucket), focused].into_iter().flatten() {
            requests.failed[reason.index()] += 1;
            if reason == Reason::Timeout {
                requests.latency.record(waited);
            }
        }
        self.inside -= u64::from(!stats.admin && !stats.queued);
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
        self.system.clear();
        for stats in &mut self.operations {
            let OperationStats {
                admin,
                queued,
                whole,
                focus,
                bucket,
                ..
            } = stats;
            whole.take(bucket);
            if self.all_focus {
                focus.take(bucket);
            }
            if !*admin && !*queued {
                self.system.take(bucket);
            }
        }
    }

    /// A failure arose at a component.
    pub(crate) fn cause(&mut self, now: u64, node: NodeId, reason: Reason) {
        let part = &mut self.parts[node as usize];
        part.failed += 1;
        let cause = &mut part.causes[reason.index()];
        if cause.1 == 0 {
            cause.0 = now;
        }
        cause.1 += 1;
    }

    pub(crate) fn link_begin(&mut self, link: LinkId) {
        if link != NOBODY {
            let stats = &mut self.links[link as usize];
            stats.begun += 1;
            stats.total += 1;
        }
    }

    pub(crate) fn link_end(&mut self, link: LinkId, time_ns: u64, failed: bool) {
        if link != NOBODY {
            let stats = &mut self.links[link as usize];
            stats.ended += 1;
            stats.failed += u64::from(failed);
            stats.time_ns += u128::from(time_ns);
        }
    }
}
