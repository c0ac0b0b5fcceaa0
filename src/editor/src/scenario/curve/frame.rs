//! What of a curve is in sight: where a point lies in the picture, and the steps that times and rates snap to.
//!
//! Must not live here: what becomes of points.

use archplay_model::scenario::RatePoint;
use archplay_model::{ClockTime, Scenario, limits};

use super::DAY;

/// The stretch of clock and the rates in which a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The first second shown.
    pub from: u32,
    /// The last second shown.
    pub to: u32,
    /// The highest rate shown.
    pub top: f64,
}

impl Frame {
    /// The frame of a scenario with room above these points.
    #[must_use]
    pub fn of(scenario: &Scenario, points: &[RatePoint]) -> Self {
        let from = scenario.start.secs();
        let to = scenario.end().min(DAY).max(from + 1);
        let most = points.iter().map(|p| p.per_sec).fold(0.0, f64::max);
        Self {
            from,
            to,
            top: nice_above(most * 1.15).clamp(1.0, limits::MAX_RATE_PER_SEC),
        }
    }

    /// The step to which times snap: about a hundredth and a half of the length.
    #[must_use]
    pub fn time_step(&self) -> u32 {
        let wanted = (self.to - self.from) / 150;
        let steps = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1_800];
        let fitting = steps.into_iter().rev().find(|step| *step <= wanted);
        fitting.unwrap_or(1)
    }

    /// The step to which rates snap: a hundredth of the height.
    #[must_use]
    pub fn rate_step(&self) -> f64 {
        nice_above(self.top / 100.0)
    }

    /// Where a point lies, each from 0 to 1 within the frame: to the right and up.
    #[must_use]
    pub fn place(&self, point: RatePoint) -> (f64, f64) {
        let length = f64::from(self.to - self.from);
        let x = (f64::from(point.at.secs()) - f64::from(self.from)) / length;
        (x, point.per_sec / self.top)
    }

    /// The point at a place, not snapped.
    pub(super) fn loose(&self, x: f64, y: f64) -> (f64, f64) {
        let length = f64::from(self.to - self.from);
        let secs = f64::from(self.from) + x.clamp(0.0, 1.0) * length;
        (secs, (y * self.top).clamp(0.0, limits::MAX_RATE_PER_SEC))
    }

    /// The point at a place, snapped.
    #[must_use]
    pub fn snapped(&self, x: f64, y: f64) -> RatePoint {
        let (secs, rate) = self.loose(x, y.min(1.0));
        RatePoint {
            at: self.snap_time(secs),
            per_sec: snap(rate, self.rate_step()),
        }
    }

    pub(super) fn snap_time(&self, secs: f64) -> ClockTime {
        let step = f64::from(self.time_step());
        let snapped = snap(secs, step).clamp(f64::from(self.from), f64::from(self.to));
        ClockTime::from_secs(snapped as u32)
    }

    /// Moments for the marks of the time axis.
    #[must_use]
    pub fn time_marks(&self) -> Vec<u32> {
        const STEPS: [u32; 17] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400,
            21_600,
        ];
        let wanted = (self.to - self.from) / 7;
        let step = STEPS
            .into_iter()
            .find(|step| *step >= wanted)
            .unwrap_or(43_200);
        let first = self.from.div_ceil(step) * step;
        (0..)
            .map(|n| first + n * step)
            .take_while(|at| *at <= self.to)
            .collect()
    }

    /// Rates for the marks of the other axis, from 0.
    #[must_use]
    pub fn rate_marks(&self) -> Vec<f64> {
        let step = nice_above(self.top / 4.5);
        (0..=10)
            .map(|n| f64::from(n) * step)
            .take_while(|rate| *rate <= self.top * 1.001)
            .collect()
    }
}

/// The nearest multiple of a step.
pub(super) fn snap(value: f64, step: f64) -> f64 {
    let snapped = (value / step).round() * step;
    // 0.30000000000000004 and its like are no numbers for people.
    (snapped * 1e6).round() / 1e6
}

/// The least of 1, 2, 5 times a power of ten that is not below.
fn nice_above(value: f64) -> f64 {
    let mut power = 1e-6;
    while power < 1e12 {
        for factor in [1.0, 2.0, 5.0] {
            let nice = factor * power;
            if nice >= value * (1.0 - 1e-9) {
                return if power < 1.0 {
                    (nice * 1e6).round() / 1e6
                } else {
                    nice
                };
            }
        }
        power *= 10.0;
    }
    power
}
