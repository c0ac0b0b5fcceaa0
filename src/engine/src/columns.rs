//! The columns of the series table. One walk names them and fills them, so that names and values cannot
//! come apart.

use archplay_kernel::NS_PER_SEC;
use archplay_report::{Metric, Reason, SeriesKey, Subject};

use crate::stats::Requests;
use crate::world::World;

/// What the walk is for.
enum Sink<'a> {
    Names(&'a mut Vec<SeriesKey>),
    Values(&'a mut Vec<f64>),
}

impl Sink<'_> {
    fn put(&mut self, subject: impl Fn() -> Subject, metric: Metric, value: f64) {
        match self {
            Self::Names(keys) => keys.push(SeriesKey::new(subject(), metric)),
            Self::Values(values) => values.push(value),
        }
    }
}

impl World {
    /// The names of all columns.
    pub(crate) fn column_names(&mut self) -> Vec<SeriesKey> {
        let mut keys = Vec::new();
        // Walks over a copy: reading a bucket ends it.
        self.clone().walk(&mut Sink::Names(&mut keys), 0, 1);
        keys
    }

    /// Ends a bucket of this length at `end` and appends its values.
    pub(crate) fn end_bucket(&mut self, end: u64, span_ns: u64, values: &mut Vec<f64>) {
        self.walk(&mut Sink::Values(values), end, span_ns);
    }

    fn walk(&mut self, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        let secs = span_ns as f64 / NS_PER_SEC as f64;
        self.walk_system(sink, secs);
        self.walk_operations(sink, secs);
        for i in 0..self.plant.servers.len() {
            self.walk_server(sink, i, end, span_ns);
        }
        for i in 0..self.plant.stores.len() {
            self.walk_store(sink, i, end, span_ns);
        }
        for (i, plan) in self.plant.balancers.iter().enumerate() {
            let part = plan.part as usize;
            let subject = || Subject::Component(self.plant.parts[part].id.clone());
            sink.put(subject, Metric::Healthy, f64::from(self.stats.balancers[i]));
            sink.put(
                subject,
                Metric::Rate,
                self.stats.parts[part].rate as f64 / secs,
            );
            self.stats.parts[part].rate = 0;
        }
        for (i, plan) in self.plant.cdns.iter().enumerate() {
            let part = plan.part as usize;
            let subject = || Subject::Component(self.plant.parts[part].id.clone());
            let stats = &mut self.stats.cdns[i];
            let ratio = stats.hits as f64 / stats.requests as f64;
            sink.put(subject, Metric::HitRatio, ratio);
            sink.put(
                subject,
                Metric::Egress,
                stats.bucket_bytes as f64 / 1e6 / secs,
            );
            sink.put(
                subject,
                Metric::Rate,
                self.stats.parts[part].rate as f64 / secs,
            );
            (stats.hits, stats.requests, stats.bucket_bytes) = (0, 0, 0);
            self.stats.parts[part].rate = 0;
        }
        for (i, plan) in self.plant.links.iter().enumerate() {
            let subject = || Subject::Link(plan.key.clone());
            let stats = &mut self.stats.links[i];
            let latency = stats.time_ns as f64 / stats.ended as f64 / 1e6;
            sink.put(subject, Metric::Rate, stats.begun as f64 / secs);
            sink.put(subject, Metric::RateFailed, stats.failed as f64 / secs);
            sink.put(subject, Metric::LinkLatency, latency);
            *stats = crate::stats::LinkStats::default();
        }
    }

    fn walk_system(&mut self, sink: &mut Sink<'_>, secs: f64) {
        let subject = || Subject::System;
        let stats = &mut self.stats;
        sink.put(subject, Metric::Offered, stats.system.offered as f64 / secs);
        sink.put(subject, Metric::Good, stats.system.good as f64 / secs);
        for reason in Reason::ALL {
            let failed = stats.system.failed[reason.index()] as f64 / secs;
            sink.put(subject, Metric::Failed(reason), failed);
        }
        sink.put(subject, Metric::Inside, stats.inside as f64);
        put_latency(sink, subject, &stats.system);
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
        (stats.visitors, stats.visitors_done, stats.visitors_lost) = (0, 0, 0);
        clear(&mut stats.system);
        let rate = self.cost_rate();
        sink.put(subject, Metric::CostRate, rate);
    }

    fn walk_operations(&mut self, sink: &mut Sink<'_>, secs: f64) {
        for (plan, stats) in self.plant.operations.iter().zip(&mut self.stats.operations) {
            let subject = || Subject::Operation(plan.id.clone());
            sink.put(subject, Metric::Offered, stats.bucket.offered as f64 / secs);
            sink.put(subject, Metric::Good, stats.bucket.good as f64 / secs);
            put_latency(sink, subject, &stats.bucket);
            clear(&mut stats.bucket);
        }
    }

    fn walk_server(&mut self, sink: &mut Sink<'_>, i: usize, end: u64, span_ns: u64) {
        let plan = &self.plant.servers[i];
        let part = plan.part as usize;
        let id = self.plant.parts[part].id.clone();
        let subject = || Subject::Component(id.clone());
        let (mut busy, mut runnable, mut workers, mut backlog) = (0.0, 0.0, 0.0, 0.0);
        for instance in &mut self.instances[plan.first as usize..(plan.first + plan.count) as usize]
        {
            instance.cpu.settle(end);
            busy += instance.cpu.busy_ns;
            runnable += instance.cpu.runnable_area;
            workers += instance.busy.take_mean(end, span_ns);
            backlog += instance.backlog_gauge.take_mean(end, span_ns);
        }
        let cores = f64::from(plan.cores);
        let stats = &mut self.stats.servers[i];
        stats.up.settle(end);
        let up_area = (stats.up.area() - stats.mark_up) as f64;
        let up = stats.up.value() as f64;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let cpu = share(busy - stats.mark_busy, up_area * cores).min(1.0);
        let secs = span_ns as f64 / NS_PER_SEC as f64;
        sink.put(subject, Metric::Utilisation, cpu);
        sink.put(
            subject,
            Metric::Runnable,
            (runnable - stats.mark_runnable) / span_ns as f64,
        );
        let threads = up_area / span_ns as f64 * f64::from(plan.workers);
        sink.put(subject, Metric::Workers, share(workers, threads).min(1.0));
        sink.put(subject, Metric::Backlog, backlog);
        sink.put(subject, Metric::Memory, stats.memory);
        sink.put(
            subject,
            Metric::Nic,
            share(stats.nic_ns as f64, up_area).min(1.0),
        );
        sink.put(subject, Metric::Instances, up);
        sink.put(subject, Metric::Booting, stats.booting.value() as f64);
        let desired = if plan.group.is_some() {
            f64::from(stats.desired)
        } else {
            f64::NAN
        };
        sink.put(subject, Metric::Desired, desired);
        sink.put(
            subject,
            Metric::Egress,
            stats.bucket_bytes as f64 / 1e6 / secs,
        );
        sink.put(
            subject,
            Metric::Rate,
            self.stats.parts[part].rate as f64 / secs,
        );
        stats.mark_busy = busy;
        stats.mark_runnable = runnable;
        stats.mark_up = stats.up.area();
        (stats.bucket_bytes, stats.nic_ns) = (0, 0);
        self.stats.servers[i].memory = self.memory_now(i);
        self.stats.parts[part].rate = 0;
    }

    /// The fullest instance's share of its memory now.
    fn memory_now(&self, server: usize) -> f64 {
        let plan = &self.plant.servers[server];
        (plan.first..plan.first + plan.count)
            .map(|i| self.memory_share(i))
            .fold(0.0, f64::max)
    }

    fn walk_store(&mut self, sink: &mut Sink<'_>, i: usize, end: u64, span_ns: u64) {
        let plan = &self.plant.stores[i];
        let part = plan.part as usize;
        let id = self.plant.parts[part].id.clone();
        let subject = || Subject::Component(id.clone());
        let store = &mut self.stores[i];
        store.cpu.settle(end);
        let (busy, runnable) = self.stats.stores[i];
        let span = span_ns as f64;
        let share = (store.cpu.busy_ns - busy) / (span * store.cpu.cores());
        sink.put(subject, Metric::Utilisation, share.min(1.0));
        sink.put(
            subject,
            Metric::Runnable,
            (store.cpu.runnable_area - runnable) / span,
        );
        sink.put(
            subject,
            Metric::Connections,
            store.slots.take_mean(end, span_ns),
        );
        sink.put(subject, Metric::Instances, f64::from(u8::from(store.up)));
        let secs = span / NS_PER_SEC as f64;
        sink.put(
            subject,
            Metric::Rate,
            self.stats.parts[part].rate as f64 / secs,
        );
        self.stats.stores[i] = (store.cpu.busy_ns, store.cpu.runnable_area);
        self.stats.parts[part].rate = 0;
    }
}

fn put_latency(sink: &mut Sink<'_>, subject: impl Fn() -> Subject + Copy, requests: &Requests) {
    for (metric, q) in [
        (Metric::LatencyP50, 0.5),
        (Metric::LatencyP95, 0.95),
        (Metric::LatencyP99, 0.99),
    ] {
        sink.put(subject, metric, requests.latency.quantile_ms(q));
    }
}

fn clear(requests: &mut Requests) {
    requests.offered = 0;
    requests.good = 0;
    requests.failed = Default::default();
    requests.latency.reset();
}
