//! An axis: where a number lies on it, and which numbers stand beside it.

use crate::picture::Unit;

/// Steps between marks of time, in seconds, that people count in.
const TIME_STEPS: [f64; 17] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0, 3_600.0,
    7_200.0, 14_400.0, 86_400.0,
];
/// The most spaces between marks.
const MOST: f64 = 4.0;

/// An axis from one number to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Its name in text keys.
    pub slug: &'static str,
    /// What its numbers mean.
    pub unit: Unit,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Whether equal lengths are equal factors; both ends are above 0 then.
    pub log: bool,
}

impl Axis {
    /// An axis with equal lengths for equal differences.
    #[must_use]
    pub const fn linear(slug: &'static str, unit: Unit, from: f64, to: f64) -> Self {
        Self {
            slug,
            unit,
            from,
            to,
            log: false,
        }
    }

    /// An axis with equal lengths for equal factors.
    #[must_use]
    pub const fn log(slug: &'static str, unit: Unit, from: f64, to: f64) -> Self {
        Self {
            slug,
            unit,
            from,
            to,
            log: true,
        }
    }

    /// Where a number lies, from 0 at the beginning to 1 at the end; what is beyond lies at the end.
    #[must_use]
    pub fn place(&self, number: f64) -> f64 {
        let turned = |n: f64| {
            if self.log {
                libm::log10(n.max(self.from))
            } else {
                n
            }
        };
        let (from, to) = (turned(self.from), turned(self.to));
        ((turned(number) - from) / (to - from)).clamp(0.0, 1.0)
    }

    /// The greatest number of the axis, or a smaller one.
    #[must_use]
    pub fn cut(&self, number: f64) -> f64 {
        number.clamp(self.from, self.to)
    }

    /// The numbers that stand beside it: round ones, at most five, or every so many powers of ten.
    #[must_use]
    pub fn ticks(&self) -> Vec<f64> {
        if self.log {
            return self.powers();
        }
        let step = self.step();
        let first = libm::ceil(self.from / step - 1e-9);
        (0..)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|tick| *tick <= self.to + step * 1e-9)
            .collect()
    }

    fn powers(&self) -> Vec<f64> {
        let first = libm::ceil(libm::log10(self.from) - 1e-9) as i32;
        let last = libm::floor(libm::log10(self.to) + 1e-9) as i32;
        let each = (1..).find(|each| (last - first) / each <= 4).unwrap_or(1);
        (first..=last)
            .step_by(usize::try_from(each).unwrap_or(1))
            .map(|power| libm::pow(10.0, f64::from(power)))
            .collect()
    }

    fn step(&self) -> f64 {
        let least = (self.to - self.from) / MOST;
        if self.unit == Unit::Secs
            && let Some(step) = TIME_STEPS.iter().find(|step| **step >= least - 1e-9)
        {
            return *step;
        }
        let power = libm::pow(10.0, libm::floor(libm::log10(least)));
        [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= least * (1.0 - 1e-9))
            .unwrap_or(10.0 * power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let ticks = |axis: Axis| axis.ticks();
        assert_eq!(
            ticks(Axis::linear("x", Unit::Count, 0.0, 100.0)),
            [0.0, 25.0, 50.0, 75.0, 100.0]
        );
        assert_eq!(
            ticks(Axis::linear("x", Unit::Secs, 0.0, 2_000.0)),
            [0.0, 600.0, 1_200.0, 1_800.0]
        );
        assert_eq!(
            ticks(Axis::linear("x", Unit::Secs, 0.0, 150.0)),
            [0.0, 60.0, 120.0]
        );
        assert_eq!(
            ticks(Axis::log("x", Unit::Count, 1.0, 1e6)),
            [1.0, 100.0, 10_000.0, 1e6]
        );
    }

    #[test]
    fn places_run_from_end_to_end() {
        let axis = Axis::log("x", Unit::Count, 1.0, 1_000.0);
        assert!((axis.place(10.0) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((axis.place(0.0), axis.place(1e9)), (0.0, 1.0));
        let axis = Axis::linear("x", Unit::Count, 10.0, 20.0);
        assert_eq!((axis.place(15.0), axis.cut(30.0)), (0.5, 20.0));
    }
}
