//! Axes: where they begin and end, and where they are marked. Pure.

/// An axis of values: linear from zero, or logarithmic over whole decades.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    log: bool,
    /// The least value.
    pub from: f64,
    /// The greatest value.
    pub to: f64,
    /// Where it is marked.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// From zero to a round number not below `max` and `at_least`, with at most `marks` marks above
    /// zero; on whole numbers only if the quantity is counted.
    pub fn linear(max: f64, at_least: f64, marks: usize, counted: bool) -> Self {
        let max = max.max(at_least);
        let mut step = nice_step(max / marks.max(1) as f64);
        if counted {
            step = step.max(1.0);
        }
        let count = (max / step - 1e-9).ceil().max(1.0) as usize;
        Self {
            log: false,
            from: 0.0,
            to: step * count as f64,
            ticks: (0..=count).map(|i| step * i as f64).collect(),
        }
    }

    /// A share from 0 to 1; more only if there is more.
    pub fn share(max: f64, marks: usize) -> Self {
        if max <= 1.0 + 1e-9 {
            let ticks = match marks {
                0..=1 => vec![0.0, 1.0],
                2..=3 => vec![0.0, 0.5, 1.0],
                _ => vec![0.0, 0.25, 0.5, 0.75, 1.0],
            };
            return Self {
                log: false,
                from: 0.0,
                to: 1.0,
                ticks,
            };
        }
        Self::linear(max, 1.0, marks, false)
    }

    /// Whole decades around the values, at least two; marked at most `marks` times.
    pub fn log(min: f64, max: f64, marks: usize) -> Self {
        let sane = |value: f64, other: f64| {
            if value.is_finite() && value > 0.0 {
                value
            } else {
                other
            }
        };
        let low = (sane(min, 1.0).log10() + 1e-9).floor();
        let high = (sane(max, 100.0).log10() - 1e-9).ceil().max(low + 2.0);
        let decades = (high - low) as usize;
        let every = decades.div_ceil(marks.max(1)).max(1);
        Self {
            log: true,
            from: 10_f64.powf(low),
            to: 10_f64.powf(high),
            ticks: (0..=decades)
                .step_by(every)
                .map(|i| 10_f64.powf(low + i as f64))
                .collect(),
        }
    }

    /// The position of a value on the axis, 0 at its beginning, 1 at its end; clamped.
    pub fn position(&self, value: f64) -> f64 {
        let share = if self.log {
            let low = self.from.log10();
            (value.max(self.from).log10() - low) / (self.to.log10() - low)
        } else {
            (value - self.from) / (self.to - self.from)
        };
        share.clamp(0.0, 1.0)
    }
}

/// 1, 2 or 5 times a power of ten, not below the raw step.
fn nice_step(raw: f64) -> f64 {
    if !raw.is_finite() || raw <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(raw.log10().floor());
    let lead = raw / power;
    let nice = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|nice| lead <= nice + 1e-9);
    nice.unwrap_or(10.0) * power
}

const CLOCK_STEPS: [u32; 19] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800,
];

/// Times of day to mark between two, at most `marks` of them, and their distance.
pub fn clock_ticks(from_secs: u32, to_secs: u32, marks: usize) -> (Vec<u32>, u32) {
    let length = to_secs.saturating_sub(from_secs).max(1);
    let fits = |step: &u32| (length / step) as usize <= marks.max(1);
    let step = CLOCK_STEPS.into_iter().find(fits).unwrap_or(604_800);
    let first = from_secs.div_ceil(step) * step;
    let ticks = (first..=to_secs).step_by(step as usize).collect();
    (ticks, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_axes_begin_at_zero_and_end_round() {
        let check = |max, at_least, marks, counted, expected: &[f64]| {
            assert_eq!(Axis::linear(max, at_least, marks, counted).ticks, expected);
        };
        check(437.0, 1.0, 3, false, &[0.0, 200.0, 400.0, 600.0]);
        check(0.0, 1.0, 4, false, &[0.0, 0.5, 1.0]);
        check(3.0, 1.0, 4, true, &[0.0, 1.0, 2.0, 3.0]);
        check(1.0, 1.0, 4, true, &[0.0, 1.0]);
        check(
            500.0,
            1.0,
            5,
            false,
            &[0.0, 100.0, 200.0, 300.0, 400.0, 500.0],
        );
    }

    #[test]
    fn shares_end_at_one_unless_there_is_more() {
        assert_eq!(Axis::share(0.3, 3).ticks, [0.0, 0.5, 1.0]);
        assert!(Axis::share(1.3, 3).to >= 1.3);
    }

    #[test]
    fn logarithmic_axes_cover_whole_decades() {
        let axis = Axis::log(12.0, 9_000.0, 4);
        assert_eq!((axis.from, axis.to), (10.0, 10_000.0));
        assert_eq!(axis.ticks.len(), 4);
        assert!((axis.position(100.0) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(axis.position(0.0), 0.0);
        let empty = Axis::log(f64::INFINITY, 0.0, 4);
        assert_eq!((empty.from, empty.to), (1.0, 100.0));
        assert_eq!(Axis::log(0.1, 30_000.0, 3).ticks.len(), 4);
    }

    #[test]
    fn clock_marks_are_round_times() {
        let (ticks, step) = clock_ticks(50_100, 53_700, 4);
        assert_eq!(step, 900);
        assert_eq!(ticks, [50_400, 51_300, 52_200, 53_100]);
        assert_eq!(clock_ticks(0, 10, 3).1, 5);
        assert!(clock_ticks(0, 604_800, 2).0.len() <= 4);
    }
}
