//! The columns of the series table. One walk names them and fills them, so that names and values cannot
//! come apart.

use archplay_kernel::NS_PER_SEC;
use archplay_report::{Metric, Reason, SeriesKey, Subject};

use super::Followed;
use crate::core::Core;
use crate::plant::NodeId;
use crate::world::World;

/// What the walk is for.
pub(crate) enum Sink<'a> {
    Names(&'a mut Vec<SeriesKey>),
    Values(&'a mut Vec<f64>, &'a mut [Followed]),
}

impl Sink<'_> {
    /// One column.
    pub(crate) fn put(&mut self, subject: impl FnOnce() -> Subject, metric: Metric, value: f64) {
        match self {
            Self::Names(keys) => keys.push(SeriesKey::new(subject(), metric)),
            Self::Values(values, _) => values.push(value),
        }
    }

    /// One column of a component.
    pub(crate) fn component(&mut self, core: &Core, node: NodeId, metric: Metric, value: f64) {
        if let Self::Values(_, followed) = self {
            for series in followed.iter_mut() {
                series.see(node, metric, value);
            }
        }
        self.put(
            || Subject::Component(core.plant.nodes[node as usize].id.clone()),
            metric,
            value,
        );
    }
}

impl World {
    /// The names of all columns.
    pub(crate) fn column_names(&mut self) -> Vec<SeriesKey> {
        let mut keys = Vec::new();
        // Reading a bucket ends it: at the very beginning there is nothing to lose.
        debug_assert_eq!(
            self.core.now, 0,
            "names are asked for before the first event"
        );
        self.walk(&mut Sink::Names(&mut keys), 0, 1);
        keys
    }

    /// Ends a bucket of this length at `end` and appends its values.
    pub(crate) fn end_bucket(&mut self, end: u64, span_ns: u64, values: &mut Vec<f64>) {
        let mut followed = std::mem::take(&mut self.core.stats.followed);
        self.walk(&mut Sink::Values(values, &mut followed), end, span_ns);
        self.core.stats.followed = followed;
    }

    fn walk(&mut self, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let secs = span_ns as f64 / NS_PER_SEC as f64;
        self.core.stats.gather();
        self.walk_system(sink, secs);
        self.walk_operations(sink, secs);
        for i in 0..self.nodes.len() {
            self.nodes[i].columns(&mut self.core, sink, end, span_ns);
            self.walk_part(sink, i as NodeId, secs);
        }
        for (plan, stats) in self.core.plant.links.iter().zip(&mut self.core.stats.links) {
            let subject = || Subject::Link(plan.key.clone());
            let latency = stats.time_ns.value() as f64 / stats.ended as f64 / 1e6;
            sink.put(subject, Metric::Rate, stats.begun as f64 / secs);
            sink.put(subject, Metric::RateFailed, stats.failed as f64 / secs);
            sink.put(subject, Metric::LinkLatency, latency);
            *stats = super::LinkStats::default();
        }
    }

    /// What every component that requests reach has.
    fn walk_part(&mut self, sink: &mut Sink<'_>, node: NodeId, secs: f64) {
        let kind = self.core.plant.nodes[node as usize].kind;
        if !super::Stats::counts(kind) {
            return;
        }
        let part = &mut self.core.stats.parts[node as usize];
        let (rate, failed, retries) = (part.rate, part.failed, part.retries);
        (part.rate, part.failed) = (0, 0);
        let again = retries - std::mem::replace(&mut part.retries_seen, retries);
        self.core.boards[node as usize].failed_share = if rate > 0 {
            (failed as f64 / rate as f64).min(1.0)
        } else {
            0.0
        };
        sink.component(&self.core, node, Metric::Rate, rate as f64 / secs);
        if self.core.plant.nodes[node as usize].policy != crate::plant::NOBODY {
            sink.component(&self.core, node, Metric::Retries, again as f64 / secs);
        }
    }

    fn walk_system(&mut self, sink: &mut Sink<'_>, secs: f64) {
        let subject = || Subject::System;
        let stats = &mut self.core.stats;
        sink.put(subject, Metric::Offered, stats.system.offered as f64 / secs);
        sink.put(subject, Metric::Good, stats.system.good as f64 / secs);
        for reason in Reason::ALL {
            let failed = stats.system.failed[reason.index()] as f64 / secs;
            sink.put(subject, Metric::Failed(reason), failed);
        }
        sink.put(subject, Metric::Inside, stats.inside() as f64);
        put_latency(sink, subject, stats.percentiles());
        sink.put(subject, Metric::Visitors, stats.visitors as f64 / secs);
        sink.put(
            subject,
            Metric::VisitorsDone,
            stats.visitors_done as f64 / secs,
        );
        sink.put(
            subject,
            Metric::VisitorsLost,
            stats.visitors_lost as f64 / secs,
        );
        self.walk_business(sink, secs);
        self.walk_feed(sink, secs);
        let rate = self.cost_rate();
        sink.put(subject, Metric::CostRate, rate);
    }

    /// The news feed, where there is one.
    fn walk_feed(&mut self, sink: &mut Sink<'_>, secs: f64) {
        if let (Some(plan), Some(state)) = (&self.core.plant.feed, &mut self.core.feed) {
            let list_mb = state.list_mb(plan);
            state.tally.columns(sink, secs, list_mb);
        }
    }

    /// Orders, where the scenario says what an order is.
    fn walk_business(&mut self, sink: &mut Sink<'_>, secs: f64) {
        let plant = std::rc::Rc::clone(&self.core.plant);
        let Some(business) = &plant.business else {
            return;
        };
        self.count_day();
        let stats = &self.core.stats;
        let order = stats.operations.get(plant.order as usize);
        let orders = order.map_or(0, |operation| operation.bucket.good);
        let per_sec = orders as f64 / secs;
        let conversion = orders as f64 / stats.visitors as f64;
        let subject = || Subject::System;
        sink.put(subject, Metric::Orders, per_sec * 60.0);
        sink.put(
            subject,
            Metric::Conversion,
            if conversion.is_finite() {
                conversion
            } else {
                f64::NAN
            },
        );
        sink.put(
            subject,
            Metric::Revenue,
            per_sec * 3_600.0 * business.revenue,
        );
        let today = self.core.stats.today.1 as f64;
        sink.put(subject, Metric::Dau, today);
    }

    /// Adds the visitors of the bucket that ends to those of its day. Each is another person.
    fn count_day(&mut self) {
        let core = &mut self.core;
        let start = u64::from(core.plant.start_secs) * NS_PER_SEC;
        // A bucket that ends at midnight is of the day that ends.
        let day = (start + core.clock().saturating_sub(1)) / (86_400 * NS_PER_SEC);
        let stats = &mut core.stats;
        if stats.today.0 != day {
            stats.today = (day, 0);
        }
        stats.today.1 += stats.visitors * stats.weight;
    }

    fn walk_operations(&mut self, sink: &mut Sink<'_>, secs: f64) {
        let plant = std::rc::Rc::clone(&self.core.plant);
        for (plan, stats) in plant.operations.iter().zip(&mut self.core.stats.operations) {
            let subject = || Subject::Operation(plan.id.clone());
            sink.put(subject, Metric::Offered, stats.bucket.offered as f64 / secs);
            sink.put(subject, Metric::Good, stats.bucket.good as f64 / secs);
            put_latency(sink, subject, stats.bucket.percentiles());
            stats.begin_bucket();
        }
    }
}

fn put_latency(sink: &mut Sink<'_>, subject: impl Fn() -> Subject, found: [f64; 3]) {
    let [p50, p95, p99] = found;
    sink.put(&subject, Metric::LatencyP50, p50);
    sink.put(&subject, Metric::LatencyP95, p95);
    sink.put(&subject, Metric::LatencyP99, p99);
}
