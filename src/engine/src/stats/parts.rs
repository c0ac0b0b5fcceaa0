//! What is counted at every component.

use archplay_kernel::{Gauge, Histogram, Wide};
use archplay_model::Kind;

use super::{Done, REASONS, Stats};
use crate::plant::NodeId;

/// What is counted at every component.
#[derive(Clone, Debug)]
pub(crate) struct PartStats {
    /// Calls that came in this bucket, health checks not counted.
    pub rate: u64,
    /// Failures that arose here in this bucket.
    pub failed: u64,
    /// Calls that came since the start, health checks not counted.
    pub calls: u64,
    /// Answers that were given here since the start, and those of them that said no, wherever that arose.
    pub answers: u64,
    pub errors: u64,
    /// For each monitor that looks at it: times inside since its last look.
    pub watched: Vec<Histogram>,
    pub inside: Gauge,
    /// Sum of the arrival times of those inside.
    pub arrival_sum: Wide,
    pub arrived: u64,
    pub left: u64,
    pub time_ns: Wide,
    pub refused: bool,
    pub limited: bool,
    pub retries: u64,
    pub retries_seen: u64,
    /// Questions asked under a policy, however many tries each took.
    pub questions: u64,
    /// Time waited before retries.
    pub backoff_ns: u128,
    /// Open connections.
    pub connections: Gauge,
    /// For each reason: (time of the first, how many).
    pub causes: [(u64, u64); REASONS],
    /// What there was at the begin and the end of the focus window.
    pub marks: [Mark; 2],
}

/// Areas and counts at a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    pub inside: u128,
    /// On the scenario's clock.
    pub at_ns: u64,
    /// What had been left out until then.
    pub left_out: Done,
    retries: u64,
    questions: u64,
    backoff_ns: u128,
}

impl PartStats {
    pub(crate) fn new() -> Self {
        Self {
            rate: 0,
            failed: 0,
            calls: 0,
            answers: 0,
            errors: 0,
            watched: Vec::new(),
            inside: Gauge::default(),
            arrival_sum: Wide::default(),
            arrived: 0,
            left: 0,
            time_ns: Wide::default(),
            refused: false,
            limited: false,
            retries: 0,
            retries_seen: 0,
            questions: 0,
            backoff_ns: 0,
            connections: Gauge::default(),
            causes: [(0, 0); REASONS],
            marks: [Mark::default(); 2],
        }
    }

    /// Notes the areas and counts at the begin (0) or the end (1) of the focus window, when the clock shows `at_ns`.
    pub(crate) fn mark(&mut self, now: u64, which: usize, at_ns: u64, left_out: Done) {
        self.marks[which] = Mark {
            inside: self.inside.area(now),
            at_ns,
            left_out,
            retries: self.retries,
            questions: self.questions,
            backoff_ns: self.backoff_ns,
        };
    }

    /// Retries in the focus window, and the mean time in ms that a question of it waited before them; `None` if
    /// there were none.
    pub(crate) fn asked_again(&self) -> Option<(f64, f64)> {
        let [begin, end] = &self.marks;
        let retries = end.retries - begin.retries;
        let questions = (end.questions - begin.questions).max(1);
        let backoff_ns = end.backoff_ns - begin.backoff_ns;
        (retries > 0).then(|| (retries as f64, backoff_ns as f64 / questions as f64 / 1e6))
    }
}

impl PartStats {
    /// Time spent inside until now, of those who have left and of those who are there, in nanoseconds.
    pub(crate) fn time_inside(&self, now: u64) -> u128 {
        let inside = u128::from(self.inside.value()) * u128::from(now);
        (self.time_ns.value() + inside).wrapping_sub(self.arrival_sum.value())
    }

    /// A call came to the component, whatever becomes of it. Health checks do not count.
    #[inline(always)]
    pub(crate) fn comes(&mut self) {
        self.rate += 1;
        self.calls += 1;
    }

    /// A request goes into the component.
    #[inline(always)]
    pub(crate) fn enter(&mut self, now: u64) {
        self.inside.add(now, 1);
        self.arrived += 1;
        self.arrival_sum.add(u128::from(now));
    }

    /// A request that came at `arrived` leaves the component.
    #[inline(always)]
    pub(crate) fn leave(&mut self, now: u64, arrived: u64) {
        self.inside.sub(now, 1);
        self.left += 1;
        // Each was added when it came.
        self.arrival_sum.sub(u128::from(arrived));
        let stay = now.saturating_sub(arrived);
        self.time_ns.add(u128::from(stay));
        if !self.watched.is_empty() {
            self.watch_stay(stay);
        }
    }

    #[inline(never)]
    fn watch_stay(&mut self, stay: u64) {
        for histogram in &mut self.watched {
            histogram.record(stay);
        }
    }

    /// The component has answered a call.
    #[inline(always)]
    pub(crate) fn answered(&mut self, failed: bool) {
        self.answers += 1;
        self.errors += u64::from(failed);
    }
}

impl Stats {
    /// A request goes into a component.
    #[inline(always)]
    pub(crate) fn enter(&mut self, now: u64, node: NodeId) {
        self.parts[node as usize].enter(now);
    }

    /// A request that came at `arrived` leaves a component.
    #[inline(always)]
    pub(crate) fn leave(&mut self, now: u64, node: NodeId, arrived: u64) {
        self.parts[node as usize].leave(now, arrived);
    }

    /// A call came to a component, whatever becomes of it. Health checks do not count.
    pub(crate) fn rate(&mut self, node: NodeId) {
        self.parts[node as usize].comes();
    }

    /// A monitor looks at a component from now on: the place of its histogram.
    pub(crate) fn watch(&mut self, node: NodeId) -> usize {
        let watched = &mut self.parts[node as usize].watched;
        watched.push(Histogram::default());
        watched.len() - 1
    }

    /// A component asked again.
    pub(crate) fn retried(&mut self, node: NodeId) {
        self.parts[node as usize].retries += 1;
    }

    /// A component waits before it asks again.
    pub(crate) fn backoff(&mut self, node: NodeId, wait_ns: u64) {
        self.parts[node as usize].backoff_ns += u128::from(wait_ns);
    }

    /// How many connections a database or proxy has open.
    pub(crate) fn connections(&mut self, now: u64, node: NodeId, open: u64) {
        self.parts[node as usize].connections.set(now, open);
    }

    /// Whether this is the first refusal of a component.
    pub(crate) fn first_refusal(&mut self, node: NodeId) -> bool {
        !std::mem::replace(&mut self.parts[node as usize].refused, true)
    }

    /// Whether this is the first connection that a component has no slot for.
    pub(crate) fn first_limit(&mut self, node: NodeId) -> bool {
        !std::mem::replace(&mut self.parts[node as usize].limited, true)
    }

    /// Whether a kind has these counters in its report.
    pub(crate) const fn counts(kind: Kind) -> bool {
        !kind.is_group() && !matches!(kind, Kind::Client | Kind::Monitor | Kind::Controller)
    }
}
