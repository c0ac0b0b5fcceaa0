//! The aggregated mode, for long horizons: a stretch of each minute is simulated event by event with the full
//! load and the full capacities, and stands for the whole minute.
//!
//! Nothing is shrunk: rates, capacities and queues are what they are, only time is left out. That is right as
//! long as the load changes little within a minute, against the time a request takes. Where it is not — near
//! saturation, after faults and scheduled actions, on steep curves, with failures — and in the first minutes,
//! every event is simulated. A drawing whose own rules react to measurements over minutes (scaling by CPU,
//! alarms with actions, controllers) is simulated event by event throughout: leaving time out would change how
//! fast it reacts. What piles up (rows, disk, logs) piles up only by what is simulated.
//!
//! A request stands for as many when it ends as when it began, and what a component did in a stretch that is cut
//! short counts for the rest of it too (`stats::stretches`).
//!
//! With a news feed a day has a hundred million requests. There a stretch is five minutes, and so much is left out
//! that about [`MOST_VISITORS`] remain of the day. That changes the feeds less than it seems: one request in
//! `factor` is a sampled user's, and a page is read from the sample by every request, so over the day each sampled
//! user is read about as often as in reality. What sampled users would have posted in the time left out is posted
//! and delivered when the clock goes on (`feed::FeedState::skip`); caches and lists are those of days before
//! (`warm_days`). Exact are percentiles of latency and delivery, look-ups per read, errors; scaled are all sums.

use archplay_kernel::NS_PER_SEC;
use archplay_model::catalogue::{auto_scaling_group, monitor};
use archplay_model::scenario::Mode;
use archplay_model::{Component, Design, Kind, Scenario};
use archplay_report::Aggregation;

use crate::stats::Done;
use crate::world::World;

/// What one simulated stretch stands for: so many times its own length.
const WEIGHT: u64 = 10;
/// Minutes at the beginning, and after something on the calendar, that are simulated whole.
const WARM_UP_NS: u64 = 180 * NS_PER_SEC;
/// The busiest component may be as busy as this in the next minute, and the load may grow this much.
const BUSY: f64 = 0.8;
const STEEP: f64 = 1.1;
/// Share of requests that may fail.
const FAILING: f64 = 0.001;

/// Length of a minute of the aggregated mode, in seconds: also its bucket.
const STRETCH_SECS: u32 = 60;

/// With a news feed: visitors who are simulated, if more come; length of a stretch in seconds; how much the load may
/// grow over two and a half of them; how much of the first is simulated, in seconds; the greatest weight.
const MOST_VISITORS: f64 = 200_000.0;
const FEED_STRETCH_SECS: u32 = 300;
const FEED_STEEP: f64 = 1.25;
const FEED_FIRST_SECS: u64 = 5;
const FEED_MOST_WEIGHT: f64 = 600.0;

/// How a scenario is divided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Length of a stretch in seconds.
    pub stretch_secs: u32,
    /// How much longer it is than what is simulated of it.
    pub weight: u64,
    steep: f64,
    /// The weight of the first stretch, of which nothing is known.
    first: u64,
}

impl Shape {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let minute = Self {
            stretch_secs: STRETCH_SECS,
            weight: WEIGHT,
            steep: STEEP,
            first: 1,
        };
        let weight = visitors(scenario) / MOST_VISITORS;
        if scenario.feed.is_none() || weight <= WEIGHT as f64 {
            return minute;
        }
        Self {
            stretch_secs: FEED_STRETCH_SECS,
            weight: weight.min(FEED_MOST_WEIGHT) as u64,
            steep: FEED_STEEP,
            first: u64::from(FEED_STRETCH_SECS) / FEED_FIRST_SECS,
        }
    }
}

/// How many come all together.
fn visitors(scenario: &Scenario) -> f64 {
    let start = f64::from(scenario.start.secs());
    let mut sum = 0.0;
    for audience in &scenario.audiences {
        let points = audience.rate.iter();
        let points: Vec<(f64, f64)> = points
            .map(|point| (f64::from(point.at.secs()), point.per_sec))
            .collect();
        let rate = archplay_kernel::RateCurve::new(&points, start);
        sum += rate.area(f64::from(scenario.duration_secs));
    }
    sum
}

/// Decides how much of each stretch is simulated.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    /// What the components had done at the begin of the stretch.
    done: Vec<Done>,
    began: (u64, u64),
    inside: usize,
    /// The clock when something on the calendar happened last.
    disturbed_ns: u64,
    calendar_len: usize,
    shape: Shape,
    pub report: Aggregation,
}

impl Aggregate {
    /// The mode for this run; `None` for event by event.
    pub(crate) fn new(design: &Design, scenario: &Scenario) -> Option<Self> {
        (scenario.mode == Mode::Aggregate).then(|| Self {
            done: Vec::new(),
            began: (0, 0),
            inside: 0,
            disturbed_ns: 0,
            calendar_len: usize::MAX,
            shape: Shape::of(scenario),
            report: Aggregation {
                weight: Shape::of(scenario).weight,
                stretch_secs: Shape::of(scenario).stretch_secs,
                stretches: 0,
                sampled: 0,
                reacting: design
                    .components
                    .values()
                    .find(|c| reacts(c))
                    .map(|c| c.id.clone()),
            },
        })
    }

    /// How many times its simulated part the stretch that begins now stands for; 1 simulates it whole.
    pub(crate) fn weight(&mut self, world: &mut World) -> u64 {
        self.report.stretches += 1;
        let steady = self.report.reacting.is_none() && self.steady(world);
        self.note(world);
        let first = self.report.stretches == 1 && self.report.reacting.is_none();
        let weight = match (steady, first) {
            (true, _) => self.shape.weight,
            (false, true) => self.shape.first,
            (false, false) => 1,
        };
        self.report.sampled += u32::from(weight > 1);
        weight
    }

    /// The rest of the stretch is left out: at each component it counts as what was simulated of it.
    pub(crate) fn leave_out(&self, world: &mut World) {
        let times = world.core.stats.weight - 1;
        let now = world.done();
        let left_out = &mut world.core.stats.left_out;
        left_out.resize(now.len(), Done::default());
        for ((left_out, before), now) in left_out.iter_mut().zip(&self.done).zip(&now) {
            left_out.add(before, now, times);
        }
    }

    fn steady(&mut self, world: &mut World) -> bool {
        let clock = world.core.clock();
        let stretch = u64::from(self.shape.stretch_secs) * NS_PER_SEC;
        // What happens in the very beginning disturbs nothing that was there.
        let first = world.core.calendar.range((1, 0)..).count();
        let left = if clock == 0 && self.shape.first > 1 {
            first
        } else {
            world.core.calendar.len()
        };
        if self.calendar_len != left {
            self.calendar_len = left;
            self.disturbed_ns = clock;
        }
        let next = world
            .core
            .calendar
            .first_key_value()
            .map_or(u64::MAX, |((at, _), _)| *at);
        // The end of the run is nothing to prepare for.
        let next = if self.shape.first > 1 && next >= world.core.plant.end_ns {
            u64::MAX
        } else {
            next
        };
        // Rows are warm where there is a feed: only queues have to fill.
        let warm_up = if self.shape.first > 1 {
            stretch
        } else {
            WARM_UP_NS
        };
        let disturbed = self.disturbed_ns > 0 || self.shape.first == 1;
        if (disturbed && clock < self.disturbed_ns + warm_up) || next <= clock + 2 * stretch {
            return false;
        }
        if world
            .core
            .star_between(clock.saturating_sub(warm_up), clock + 2 * stretch)
        {
            return false;
        }
        let growth = growth(world, clock, stretch);
        let busiest = self.busiest(world);
        let operations = world.core.stats.operations.iter();
        let begun: u64 = operations.map(|o| o.simulated().0).sum();
        let failed = world.core.stats.failures;
        let (begun, failed) = (begun - self.began.0, failed - self.began.1);
        let inside = world.core.calls.len();
        growth <= self.shape.steep
            && busiest * growth <= BUSY
            && failed as f64 <= begun as f64 * FAILING
            && (inside <= 2 * self.inside + 100 || self.is_second())
    }

    /// Whether the stretch before was the first, at whose begin nobody was there, and was cut short.
    fn is_second(&self) -> bool {
        self.shape.first > 1 && self.report.stretches == 2
    }

    fn note(&mut self, world: &mut World) {
        self.done = world.done();
        let operations = world.core.stats.operations.iter();
        let begun = operations.map(|o| o.simulated().0).sum();
        self.began = (begun, world.core.stats.failures);
        self.inside = world.core.calls.len();
    }

    /// The greatest utilisation of a component since the last look.
    fn busiest(&self, world: &mut World) -> f64 {
        let mut busiest = 0.0;
        for (node, before) in world.nodes.iter_mut().zip(&self.done) {
            let (Some(now), Some(before)) = (node.load(&mut world.core), before.load) else {
                continue;
            };
            let capacity = now.capacity_ns - before.capacity_ns;
            if capacity > 0.0 {
                busiest = f64::max(busiest, (now.busy_ns - before.busy_ns) / capacity);
            }
        }
        busiest
    }
}

/// How much the load grows at most: the greatest rate in the next two minutes over that of the last.
fn growth(world: &World, clock: u64, stretch: u64) -> f64 {
    let secs = |ns: u64| ns as f64 / NS_PER_SEC as f64;
    let (mut before, mut after) = (0.0, 0.0);
    for audience in &world.core.plant.audiences {
        let from = secs(clock.saturating_sub(stretch));
        before += (audience.curve.area(secs(clock)) - audience.curve.area(from)) / secs(stretch);
        after += audience
            .curve
            .max_rate(secs(clock), secs(clock + 2 * stretch));
    }
    if before > 0.0 {
        after / before
    } else if after > 0.0 {
        f64::INFINITY
    } else {
        1.0
    }
}

/// Whether a component reacts to measurements over minutes.
fn reacts(component: &Component) -> bool {
    match component.kind {
        Kind::AutoScalingGroup => component.text(&auto_scaling_group::POLICY) != "none",
        Kind::Monitor => component.text(&monitor::ACTION) != "none",
        Kind::Controller => true,
        _ => false,
    }
}
