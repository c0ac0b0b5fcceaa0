//! One sample of what a monitor watches.

use archplay_report::Metric;

use super::{Monitor, Reading, Sampled, Watched};
use crate::core::Core;

impl Monitor {
    /// One sample over the period that ends now; `None` if there is none.
    pub(super) fn sample(&mut self, core: &mut Core) -> Option<f64> {
        if self.sampled == Sampled::Orders {
            return self.sample_orders(core);
        }
        let secs = self.period_ns as f64 / 1e9;
        // Numerator, denominator; the greatest; how many there were.
        let (mut over, mut under, mut greatest, mut seen) = (0.0, 0.0, 0.0_f64, 0_usize);
        let mut times = archplay_kernel::Histogram::default();
        for i in 0..self.watched.len() {
            let before = self.watched[i];
            let reading = self.readings.get(i).copied();
            let now = self.look_at(core, i, reading);
            let (node, gone) = (
                before.target.node as usize,
                before.target.cut(core) || !before.target.alive(core),
            );
            let part = &mut core.stats.parts[node];
            let timed = part.watched.get_mut(before.place);
            if let Some(histogram) = timed.filter(|_| self.times()) {
                if !gone {
                    times.merge(histogram);
                }
                histogram.reset();
            }
            let series = match self.sampled {
                Sampled::Series(_) => core.stats.followed[before.place].take(),
                _ => None,
            };
            if gone {
                continue;
            }
            seen += 1;
            let board = &core.boards[node];
            match self.sampled {
                Sampled::Utilisation => {
                    over += now.load.busy_ns - before.load.busy_ns;
                    under += now.load.capacity_ns - before.load.capacity_ns;
                }
                Sampled::Errors => {
                    over += (now.errors - before.errors) as f64;
                    under += (now.answers - before.answers) as f64;
                }
                Sampled::Rate => over += (now.calls - before.calls) as f64 / secs,
                Sampled::Backlog => {
                    let waiting = board.units.iter().map(|unit| f64::from(unit.waiting));
                    over += waiting.sum::<f64>();
                }
                Sampled::Connections => over += board.open as f64,
                Sampled::Series(_) => match series {
                    Some(value) => greatest = greatest.max(value),
                    None => seen -= 1,
                },
                Sampled::LatencyP99
                | Sampled::LatencyMean
                | Sampled::Heartbeat
                | Sampled::Orders => {}
            }
        }
        let share = (under > 0.0).then(|| over / under * 100.0);
        let timed = times.count() > 0;
        match self.sampled {
            // One that is silent is missing, whoever else is there.
            Sampled::Heartbeat => (seen == self.watched.len() && seen > 0).then_some(1.0),
            _ if seen == 0 => None,
            Sampled::Utilisation | Sampled::Errors => share,
            Sampled::LatencyP99 => timed.then(|| times.quantile_ms(0.99)),
            Sampled::LatencyMean => timed.then(|| times.mean_ms()),
            Sampled::Series(Metric::LoadAverage | Metric::Lag) => Some(greatest),
            Sampled::Series(_) => Some(greatest * 100.0),
            _ => Some(over),
        }
    }

    /// Whether it samples times inside.
    pub(super) const fn times(&self) -> bool {
        matches!(self.sampled, Sampled::LatencyP99 | Sampled::LatencyMean)
    }

    /// Reads the counters of a component and remembers them.
    fn look_at(&mut self, core: &Core, i: usize, reading: Option<Reading>) -> Watched {
        let watched = &mut self.watched[i];
        let part = &core.stats.parts[watched.target.node as usize];
        (watched.calls, watched.answers) = (part.calls, part.answers);
        watched.errors = part.errors;
        watched.load = reading.and_then(|reading| reading.load).unwrap_or_default();
        *watched
    }

    fn sample_orders(&mut self, core: &Core) -> Option<f64> {
        let stats = core.stats.operations.get(core.plant.order as usize)?;
        let orders = stats.whole.good + stats.bucket.good;
        let fresh = orders - std::mem::replace(&mut self.orders, orders);
        Some(fresh as f64 * 60e9 / self.period_ns as f64)
    }
}
