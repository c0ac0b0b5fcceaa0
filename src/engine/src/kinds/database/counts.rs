//! What a database counts, and its columns and measures. Decides nothing.

use archplay_kernel::{Gauge, Histogram};
use archplay_report::{Measure, Metric};

use super::Database;
use super::plan::LEAST_POOL;
use super::replication::Role;
use crate::core::Core;
use crate::stats::columns::Sink;

/// Counters.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Look-ups of pages, and those found in memory: in this bucket, and in the focus window.
    pub pages: (f64, f64),
    pub pages_focus: (f64, f64),
    /// Rows looked at and rows returned, in the focus window.
    pub rows: (f64, f64),
    pub lock_waiting: Gauge,
    pub ids_drawn: u64,
    pub collisions: u64,
    pub oversold: u64,
    pub stale: u64,
    pub lost: u64,
    /// From commit to applied here, of writes committed in the focus window.
    pub lag: Histogram,
    pub disk_full: bool,
    busy_seen: f64,
    runnable_seen: f64,
    disk_seen: f64,
}

impl Counts {
    /// Pages were looked up.
    pub(super) fn looked_up(&mut self, pages: f64, hits: f64, in_focus: bool) {
        self.pages.0 += pages;
        self.pages.1 += hits;
        if in_focus {
            self.pages_focus.0 += pages;
            self.pages_focus.1 += hits;
        }
    }
}

fn share((all, some): (f64, f64)) -> f64 {
    if all > 0.0 { some / all } else { f64::NAN }
}

impl Database {
    pub(super) fn put_columns(
        &mut self,
        core: &mut Core,
        sink: &mut Sink<'_>,
        end: u64,
        span_ns: u64,
    ) {
        let node = self.node;
        let span = span_ns as f64;
        let counts = &mut self.counts;
        let (mut used, mut runnable) = (0.0, 0.0);
        if let Some(cpu) = &mut self.cpu {
            cpu.settle(end);
            used = (cpu.busy_ns - counts.busy_seen) / (span * cpu.cores());
            runnable = (cpu.runnable_area - counts.runnable_seen) / span;
            (counts.busy_seen, counts.runnable_seen) = (cpu.busy_ns, cpu.runnable_area);
        }
        let disk_busy = self.disk.busy_ns(end);
        let disk = (disk_busy - counts.disk_seen) / span;
        counts.disk_seen = disk_busy;
        let pages = std::mem::take(&mut counts.pages);
        let waiting = counts.lock_waiting.take_mean(end, span_ns);
        let connections = core.stats.parts[node as usize]
            .connections
            .take_mean(end, span_ns);
        debug_assert!(self.pages.bytes() <= self.costs.memory.max(LEAST_POOL));
        let disk_used = if self.filled {
            1.0
        } else {
            (self.used / self.costs.disk).min(1.0)
        };
        sink.component(core, node, Metric::Utilisation, used.min(1.0));
        sink.component(core, node, Metric::Runnable, runnable);
        sink.component(core, node, Metric::Connections, connections);
        let memory = self.memory_share(core);
        sink.component(core, node, Metric::Memory, memory);
        sink.component(core, node, Metric::HitRatio, share(pages));
        sink.component(core, node, Metric::Disk, disk.clamp(0.0, 1.0));
        sink.component(core, node, Metric::DiskUsed, disk_used);
        sink.component(core, node, Metric::LockWaiting, waiting);
        if self.copies.is_copy {
            let lag = self.lag_ns(core, end);
            core.boards[node as usize].lag_ns = lag;
            sink.component(core, node, Metric::Lag, lag as f64 / 1e6);
        }
    }

    pub(super) fn put_measures(&mut self, core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        let counts = &self.counts;
        if counts.pages_focus.0 > 0.0 {
            out.push((Measure::HitRatio, share(counts.pages_focus)));
        }
        if counts.rows.1 > 0.0 {
            out.push((Measure::RowsExamined, counts.rows.0 / counts.rows.1));
        }
        if self.copies.is_copy {
            let lag = &counts.lag;
            out.extend([
                (Measure::LagMean, lag.mean_ms()),
                (Measure::LagP50, lag.quantile_ms(0.5)),
                (Measure::LagP95, lag.quantile_ms(0.95)),
                (Measure::LagP99, lag.quantile_ms(0.99)),
                (Measure::LagBacklog, self.backlog(core)),
            ]);
        }
        for (measure, count) in [
            (Measure::IdsDrawn, counts.ids_drawn),
            (Measure::Collisions, counts.collisions),
            (Measure::LostWrites, counts.lost),
            (Measure::StaleReads, counts.stale),
            (Measure::Oversold, counts.oversold),
        ] {
            if count > 0 {
                out.push((measure, count as f64));
            }
        }
    }

    /// How far this copy is behind, in nanoseconds.
    pub(super) fn lag_ns(&self, core: &Core, now: u64) -> u64 {
        match self.copies.role {
            Role::Replica { from, .. } => self.copies.lag(core, from, now),
            Role::Primary | Role::Out => 0,
        }
    }
}
