//! What theory asks of a line with servers: visits, waits, stays, and means over time. Counted, never decided by.

use archplay_kernel::{Gauge, Histogram};
use archplay_report::Measure;

use crate::stats::{Done, Mark, Stats};

/// Measures of visits, counted for those who came inside the focus window.
#[derive(Clone, Debug, Default)]
pub(super) struct Visits {
    pub arrived: u64,
    /// Turned away because every waiting place was taken.
    pub refused: u64,
    /// Left the line before service.
    abandoned: u64,
    /// Served visits that had to wait at all.
    waited: u64,
    wait_ns: u128,
    wait_max_ns: u64,
    /// Waits of those who left the line.
    abandoned_wait_ns: u128,
    /// Of those served.
    sojourn: Histogram,
    /// Those in the line now, whenever they came, without those who have left it.
    pub waiting: Gauge,
    /// Servers at work.
    pub busy: Gauge,
    pub last_done_ns: u64,
    /// Areas under those two at the begin and the end of the focus window.
    marks: [(u128, u128); 2],
    /// Most that waited at once between these.
    most: u64,
}

impl Visits {
    /// A service begins after a wait, of one who stands for `weight`.
    #[inline(always)]
    pub(super) fn waited(&mut self, ns: u64, weight: u64) {
        self.wait_ns += u128::from(ns * weight);
        self.waited += weight;
        self.wait_max_ns = self.wait_max_ns.max(ns);
    }

    /// A visit ends well.
    #[inline(always)]
    pub(super) fn served(&mut self, stay_ns: u64) {
        self.sojourn.record(stay_ns);
    }

    /// The same where requests stand for others, too.
    #[inline(never)]
    pub(super) fn served_for(&mut self, stay_ns: u64, arrived_ns: u64, stats: &Stats) {
        self.sojourn
            .record_times(stay_ns, stats.weight_of(arrived_ns));
    }

    /// A service begins after a wait, where requests stand for others, too.
    #[inline(never)]
    pub(super) fn waited_for(&mut self, ns: u64, arrived_ns: u64, stats: &Stats) {
        self.waited(ns, stats.weight_of(arrived_ns));
    }

    /// Somebody leaves the line.
    pub(super) fn abandoned(&mut self, waited_ns: u64, weight: u64) {
        self.abandoned += weight;
        self.abandoned_wait_ns += u128::from(waited_ns * weight);
    }

    /// Notes the areas at the begin (0) or the end (1) of the focus window.
    pub(super) fn mark(&mut self, now: u64, which: usize) {
        self.marks[which] = (self.waiting.area(now), self.busy.area(now));
        if which == 0 {
            self.waiting.take_max();
        } else {
            self.most = self.waiting.peak();
        }
    }

    /// All of it for the report; `marks` are the component's own.
    pub(super) fn tell(
        &self,
        stats: &Stats,
        marks: [Mark; 2],
        workers: f64,
        out: &mut Vec<(Measure, f64)>,
    ) {
        let focus = stats.focus;
        let span = (marks[1].at_ns - marks[0].at_ns) as f64;
        // With what was left out of the window.
        let [from, to] = marks.map(|mark| mark.left_out);
        let waiting = self.marks[1].0 - self.marks[0].0 + (to.waiting - from.waiting);
        let inside = marks[1].inside - marks[0].inside + (to.area - from.area);
        let busy_ns = |done: Done| done.load.map_or(0.0, |load| load.busy_ns);
        let busy = (self.marks[1].1 - self.marks[0].1) as f64 + (busy_ns(to) - busy_ns(from));
        let admitted = (self.arrived - self.refused) as f64;
        let served = self.sojourn.count() as f64;
        let ms = |ns: u128, n: f64| ns as f64 / n / 1e6;
        let started = admitted - self.abandoned as f64;
        out.extend([
            (Measure::Visits, self.arrived as f64),
            (Measure::Served, served),
            (Measure::Refused, self.refused as f64),
            (Measure::Abandoned, self.abandoned as f64),
            (
                Measure::WaitShare,
                (self.waited + self.abandoned) as f64 / admitted,
            ),
            (Measure::WaitMean, ms(self.wait_ns, started)),
            (
                Measure::WaitMeanAll,
                ms(self.wait_ns + self.abandoned_wait_ns, admitted),
            ),
            (Measure::WaitMax, self.wait_max_ns as f64 / 1e6),
            (Measure::SojournMean, self.sojourn.mean_ms()),
            (Measure::SojournP50, self.sojourn.quantile_ms(0.5)),
            (Measure::SojournP95, self.sojourn.quantile_ms(0.95)),
            (Measure::SojournP99, self.sojourn.quantile_ms(0.99)),
            (Measure::SojournP999, self.sojourn.quantile_ms(0.999)),
            (Measure::QueueMean, waiting as f64 / span),
            (Measure::QueueMax, self.most as f64),
            (Measure::QueueNow, self.waiting.value() as f64),
            (Measure::InsideMean, inside as f64 / span),
            (Measure::Utilisation, busy / span / workers),
            (
                Measure::Throughput,
                served / (focus.1.saturating_sub(focus.0) as f64 / 1e9),
            ),
            (Measure::LastDone, self.last_done_ns as f64 / 1e6),
        ]);
    }
}
