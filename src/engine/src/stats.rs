//! Statistics: they are told what happens and decide nothing.

use archplay_kernel::{Gauge, Histogram};
use archplay_model::Kind;
use archplay_report::Reason;

use crate::plant::{NOBODY, Plant};
use crate::world::Visitor;

const REASONS: usize = Reason::ALL.len();

/// Counts of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    pub offered: u64,
    pub good: u64,
    pub failed: [u64; REASONS],
    pub latency: Histogram,
}

/// Counts of one operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperationStats {
    pub admin: bool,
    pub whole: Requests,
    pub focus: Requests,
    pub bucket: Requests,
}

/// Counts of visitors.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub arrived: u64,
    pub done: u64,
    pub late: u64,
    pub lost: [u64; REASONS],
}

#[derive(Clone, Debug, Default)]
pub(crate) struct AudienceStats {
    pub admin: bool,
    pub whole: People,
    pub focus: People,
}

/// What is counted at every component.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartStats {
    pub rate: u64,
    pub inside: Gauge,
    /// Sum of the arrival times of those inside.
    pub arrival_sum: u128,
    /// Time beyond the moment of leaving that belongs to the stay (commits).
    pub extra: u128,
    pub arrived: u64,
    pub left: u64,
    pub time_ns: u128,
    pub refused: bool,
    pub limited: bool,
    /// For each reason: (time of the first, how many).
    pub causes: [(u64, u64); REASONS],
}

#[derive(Clone, Debug, Default)]
pub(crate) struct LinkStats {
    pub begun: u64,
    pub ended: u64,
    pub failed: u64,
    pub time_ns: u128,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ServerStats {
    pub up: Gauge,
    pub booting: Gauge,
    /// Instances that cost money.
    pub paid: Gauge,
    pub most: u32,
    pub desired: u32,
    pub bytes: u64,
    pub bucket_bytes: u64,
    pub nic_ns: u64,
    /// The fullest instance's share of its memory, latest value.
    pub memory: f64,
    /// Values of the CPU counters at the last bucket.
    pub mark_busy: f64,
    pub mark_runnable: f64,
    pub mark_up: u128,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CdnStats {
    pub requests: u64,
    pub hits: u64,
    pub bytes: u64,
    pub bucket_bytes: u64,
}

/// All statistics.
#[derive(Clone, Debug)]
pub(crate) struct Stats {
    pub focus: (u64, u64),
    pub operations: Vec<OperationStats>,
    /// All that visitors ask, in this bucket.
    pub system: Requests,
    pub inside: u64,
    pub audiences: Vec<AudienceStats>,
    pub visitors: u64,
    pub visitors_done: u64,
    pub visitors_lost: u64,
    pub parts: Vec<PartStats>,
    pub links: Vec<LinkStats>,
    pub servers: Vec<ServerStats>,
    pub cdns: Vec<CdnStats>,
    pub stores: Vec<(f64, f64)>,
    pub balancers: Vec<u32>,
}

impl Stats {
    pub(crate) fn new(plant: &Plant) -> Self {
        let operations = plant.operations.iter().map(|operation| OperationStats {
            admin: operation.admin,
            ..Default::default()
        });
        let audiences = plant.audiences.iter().map(|audience| AudienceStats {
            admin: audience.admin,
            ..Default::default()
        });
        Self {
            focus: plant.focus,
            operations: operations.collect(),
            system: Requests::default(),
            inside: 0,
            audiences: audiences.collect(),
            visitors: 0,
            visitors_done: 0,
            visitors_lost: 0,
            parts: vec![PartStats::default(); plant.parts.len()],
            links: vec![LinkStats::default(); plant.links.len()],
            servers: vec![ServerStats::default(); plant.servers.len()],
            cdns: vec![CdnStats::default(); plant.cdns.len()],
            stores: vec![(0.0, 0.0); plant.stores.len()],
            balancers: vec![0; plant.balancers.len()],
        }
    }

    fn in_focus(&self, at: u64) -> bool {
        at >= self.focus.0 && at < self.focus.1
    }

    pub(crate) fn visitor_arrived(&mut self, now: u64, audience: u32, admin: bool) {
        let focus = self.in_focus(now);
        let stats = &mut self.audiences[audience as usize];
        stats.whole.arrived += 1;
        stats.focus.arrived += u64::from(focus);
        self.visitors += u64::from(!admin);
    }

    pub(crate) fn visitor_done(&mut self, _now: u64, visitor: &Visitor, in_time: bool) {
        let focus = self.in_focus(visitor.born_ns);
        let stats = &mut self.audiences[visitor.audience as usize];
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

    pub(crate) fn visitor_lost(&mut self, _now: u64, visitor: &Visitor, reason: Reason) {
        let focus = self.in_focus(visitor.born_ns);
        let stats = &mut self.audiences[visitor.audience as usize];
        stats.whole.lost[reason.index()] += 1;
        stats.focus.lost[reason.index()] += u64::from(focus);
        self.visitors_lost += u64::from(!stats.admin);
    }

    pub(crate) fn attempt_began(&mut self, now: u64, operation: u32) {
        let focus = self.in_focus(now);
        let stats = &mut self.operations[operation as usize];
        stats.whole.offered += 1;
        stats.focus.offered += u64::from(focus);
        stats.bucket.offered += 1;
        if !stats.admin {
            self.system.offered += 1;
            self.inside += 1;
        }
    }

    pub(crate) fn attempt_good(&mut self, now: u64, operation: u32, began: u64) {
        let focus = self.in_focus(began);
        let stats = &mut self.operations[operation as usize];
        let latency = now - began;
        for (requests, counts) in [
            (&mut stats.whole, true),
            (&mut stats.focus, focus),
            (&mut stats.bucket, true),
        ] {
            if counts {
                requests.good += 1;
                requests.latency.record(latency);
            }
        }
        if !stats.admin {
            self.system.good += 1;
            self.system.latency.record(latency);
            self.inside -= 1;
        }
    }

    pub(crate) fn attempt_failed(&mut self, now: u64, operation: u32, began: u64, reason: Reason) {
        let focus = self.in_focus(began);
        let stats = &mut self.operations[operation as usize];
        let waited = now - began;
        let system = (!stats.admin).then_some(&mut self.system);
        let focused = focus.then_some(&mut stats.focus);
        for requests in [
            Some(&mut stats.whole),
            focused,
            Some(&mut stats.bucket),
            system,
        ]
        .into_iter()
        .flatten()
        {
            requests.failed[reason.index()] += 1;
            if reason == Reason::Timeout {
                requests.latency.record(waited);
            }
        }
        self.inside -= u64::from(!stats.admin);
    }

    /// A failure arose at a component.
    pub(crate) fn cause(&mut self, now: u64, part: u32, reason: Reason) {
        let cause = &mut self.parts[part as usize].causes[reason.index()];
        if cause.1 == 0 {
            cause.0 = now;
        }
        cause.1 += 1;
    }

    pub(crate) fn part_rate(&mut self, part: u32) {
        self.parts[part as usize].rate += 1;
    }

    /// A request goes into a component.
    pub(crate) fn enter(&mut self, now: u64, part: u32) {
        let stats = &mut self.parts[part as usize];
        stats.inside.add(now, 1);
        stats.arrived += 1;
        stats.arrival_sum += u128::from(now);
    }

    /// A request that came at `arrived` leaves a component.
    pub(crate) fn leave(&mut self, now: u64, part: u32, arrived: u64) {
        let stats = &mut self.parts[part as usize];
        stats.inside.sub(now, 1);
        stats.left += 1;
        stats.arrival_sum = stats.arrival_sum.saturating_sub(u128::from(arrived));
        stats.time_ns += u128::from(now.saturating_sub(arrived));
    }

    /// The same, but it stays until `done`, which is known already.
    pub(crate) fn leave_at(&mut self, now: u64, part: u32, arrived: u64, done: u64) {
        self.leave(now, part, arrived);
        self.parts[part as usize].extra += u128::from(done - now);
    }

    pub(crate) fn link_begin(&mut self, link: u32) {
        if link != NOBODY {
            self.links[link as usize].begun += 1;
        }
    }

    pub(crate) fn link_end(&mut self, link: u32, time_ns: u64, failed: bool) {
        if link != NOBODY {
            let stats = &mut self.links[link as usize];
            stats.ended += 1;
            stats.failed += u64::from(failed);
            stats.time_ns += u128::from(time_ns);
        }
    }

    pub(crate) fn cdn_request(&mut self, cdn: u32, hit: bool, bytes: u64) {
        let stats = &mut self.cdns[cdn as usize];
        stats.requests += 1;
        stats.hits += u64::from(hit);
        stats.bytes += bytes;
        stats.bucket_bytes += bytes;
    }

    pub(crate) fn sent(&mut self, server: u32, bytes: u64, span_ns: u64) {
        let stats = &mut self.servers[server as usize];
        stats.bytes += bytes;
        stats.bucket_bytes += bytes;
        stats.nic_ns += span_ns;
    }

    pub(crate) fn memory(&mut self, server: u32, share: f64) {
        let stats = &mut self.servers[server as usize];
        stats.memory = stats.memory.max(share);
    }

    pub(crate) fn instances(&mut self, now: u64, server: u32, up: u32, booting: u32, paid: u32) {
        let stats = &mut self.servers[server as usize];
        stats.up.set(now, u64::from(up));
        stats.booting.set(now, u64::from(booting));
        stats.paid.set(now, u64::from(paid));
        stats.most = stats.most.max(up);
    }

    pub(crate) fn desired(&mut self, _now: u64, server: u32, desired: u32) {
        self.servers[server as usize].desired = desired;
    }

    pub(crate) fn healthy(&mut self, _now: u64, balancer: u32, count: u32) {
        self.balancers[balancer as usize] = count;
    }

    /// Whether this is the first refusal of a component.
    pub(crate) fn first_refusal(&mut self, part: u32) -> bool {
        !std::mem::replace(&mut self.parts[part as usize].refused, true)
    }

    /// Whether this is the first connection that a component has no slot for.
    pub(crate) fn first_limit(&mut self, part: u32) -> bool {
        !std::mem::replace(&mut self.parts[part as usize].limited, true)
    }

    /// Whether a kind has the counters of [`PartStats::inside`] in its report.
    pub(crate) const fn counts(kind: Kind) -> bool {
        match kind {
            Kind::Cdn | Kind::LoadBalancer | Kind::Server | Kind::Database => true,
            Kind::Client | Kind::Region | Kind::Zone | Kind::AutoScalingGroup => false,
        }
    }
}
