//! A server's numbers: the columns of its series.

use archplay_kernel::NS_PER_SEC;
use archplay_report::Metric;

use super::Server;
use crate::core::Core;
use crate::stats::columns::Sink;

/// What one second leaves of a load average damped over a minute: e^(-1/60).
const FADE: f64 = 0.983_471_453_821_617_5;

/// What is counted for the series.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Series {
    /// The fullest unit's memory in this bucket, as a share.
    pub memory: f64,
    /// Time that network cards were busy, and bytes that they sent, in this bucket.
    pub nic_ns: u64,
    pub bytes: u64,
    load_average: f64,
    mark_busy: f64,
    mark_runnable: f64,
    mark_up: u128,
}

impl Server {
    pub(super) fn put_columns(
        &mut self,
        core: &mut Core,
        sink: &mut Sink<'_>,
        end: u64,
        span_ns: u64,
    ) {
        let node = self.node;
        let (mut busy, mut runnable, mut workers, mut backlog) = (0.0, 0.0, 0.0, 0.0);
        for unit in &mut self.units {
            unit.cpu.settle(end);
            busy += unit.cpu.busy_ns;
            runnable += unit.cpu.runnable_area;
            workers += unit.busy.take_mean(end, span_ns);
            backlog += unit.waiting.take_mean(end, span_ns);
        }
        let series = &mut self.series;
        let span = span_ns as f64;
        let up = self.up.area(end);
        let up_area = (up - series.mark_up) as f64;
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let cores = f64::from(self.plan.cores);
        let cpu = share(busy - series.mark_busy, up_area * cores).min(1.0);
        let running = (runnable - series.mark_runnable) / span;
        let threads = up_area / span * self.plan.workers as f64;
        let nic = share(series.nic_ns as f64, up_area).min(1.0);
        let egress = series.bytes as f64 / 1e6 / (span / NS_PER_SEC as f64);
        let units = up_area / span;
        series.fade(share(running, units), span_ns / NS_PER_SEC);
        let load_average = series.load_average;
        let memory = series.memory;
        series.mark_busy = busy;
        series.mark_runnable = runnable;
        series.mark_up = up;
        (series.bytes, series.nic_ns) = (0, 0);
        let desired = self
            .group
            .as_ref()
            .map_or(f64::NAN, |group| f64::from(group.desired()));
        for (metric, value) in [
            (Metric::Utilisation, cpu),
            (Metric::Runnable, running),
            (Metric::Workers, share(workers, threads).min(1.0)),
            (Metric::Backlog, backlog),
            (Metric::Memory, memory),
            (Metric::Nic, nic),
            (Metric::Instances, self.up.value() as f64),
            (Metric::Booting, f64::from(self.booting)),
            (Metric::Desired, desired),
            (Metric::Egress, egress),
            (Metric::LoadAverage, load_average),
            (Metric::DiskUsed, self.disk_share()),
        ] {
            sink.component(core, node, metric, value);
        }
        self.series.memory = (0..self.units.len())
            .map(|unit| self.memory_share(end, unit))
            .fold(0.0, f64::max);
    }
}

impl Series {
    /// Damps the load average over so many seconds with this many running or waiting to run.
    fn fade(&mut self, running: f64, secs: u64) {
        for _ in 0..secs {
            self.load_average = self.load_average * FADE + running * (1.0 - FADE);
        }
    }
}
