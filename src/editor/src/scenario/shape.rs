//! Curves to begin with: steady, a day, a crowd, a climb. Each fills the scenario's whole length. Pure.

use archplay_model::ClockTime;
use archplay_model::scenario::RatePoint;

use super::curve::{Frame, mended};

/// A shape. The text is `scenario.shape.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The same rate all the time.
    Steady,
    /// Night, forenoon, noon, evening.
    Daily,
    /// Quiet, then everybody within a moment, then slowly fewer.
    FlashCrowd,
    /// More and more.
    Climb,
    /// A jump in the middle.
    Jump,
}

/// A shape's points: share of the length, share of the way from quiet to busy.
type Points = &'static [(f64, f64)];

const DAILY: Points = &[
    (0.0, 0.28),
    (0.08, 0.12),
    (0.17, 0.04),
    (0.25, 0.1),
    (0.33, 0.35),
    (0.42, 0.58),
    (0.5, 0.72),
    (0.58, 0.62),
    (0.67, 0.6),
    (0.75, 0.7),
    (0.83, 0.92),
    (0.875, 1.0),
    (0.94, 0.72),
    (1.0, 0.35),
];

const CROWD: Points = &[
    (0.0, 0.0),
    (0.165, 0.0),
    (0.2, 1.0),
    (0.33, 0.65),
    (0.5, 0.35),
    (0.8, 0.07),
    (1.0, 0.0),
];

impl Shape {
    /// All shapes, in the order of the menu.
    pub const ALL: [Self; 5] = [
        Self::Steady,
        Self::Daily,
        Self::FlashCrowd,
        Self::Climb,
        Self::Jump,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Daily => "daily",
            Self::FlashCrowd => "flash_crowd",
            Self::Climb => "climb",
            Self::Jump => "jump",
        }
    }

    /// The curve between a quiet and a busy rate; a steady one has the busy rate.
    #[must_use]
    pub fn points(self, frame: &Frame, quiet: f64, busy: f64) -> Vec<RatePoint> {
        let shares: Points = match self {
            Self::Steady => &[(0.0, 1.0)],
            Self::Daily => DAILY,
            Self::FlashCrowd => CROWD,
            Self::Climb => &[(0.0, 0.0), (1.0, 1.0)],
            Self::Jump => &[(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (1.0, 1.0)],
        };
        let length = f64::from(frame.to - frame.from);
        let step = f64::from(frame.time_step());
        let points = shares.iter().map(|(time, share)| {
            let secs = (time * length / step).round() * step;
            let rate = quiet + share * (busy - quiet);
            RatePoint {
                at: ClockTime::from_secs((frame.from + secs as u32).min(frame.to)),
                per_sec: (rate * 100.0).round() / 100.0,
            }
        });
        mended(points.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_fill_the_length_and_reach_both_rates() {
        let frame = Frame {
            from: 50_000,
            to: 51_800,
            top: 100.0,
        };
        for shape in Shape::ALL {
            let points = shape.points(&frame, 5.0, 80.0);
            let most = points.iter().map(|p| p.per_sec).fold(0.0, f64::max);
            assert!((most - 80.0).abs() < 1e-9, "{shape:?}");
            assert!(points.is_sorted_by_key(|p| p.at), "{shape:?}");
            assert_eq!(points[0].at.secs(), frame.from, "{shape:?}");
            assert!(points.iter().all(|p| p.at.secs() <= frame.to), "{shape:?}");
        }
    }
}
