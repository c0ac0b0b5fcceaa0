//! Wall time to simulated time. The wall clock stays outside of the engine.

use archplay_protocol::Speed;

/// Keeps simulated time in step with wall time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    speed: Speed,
    wall_ms: f64,
    simulated_ns: u64,
}

/// A machine that is further behind than this gives the rest up instead of catching up.
const DEBT_MS: f64 = 100.0;

impl Pace {
    /// Begins at a moment of both clocks.
    pub fn new(speed: Speed, wall_ms: f64, simulated_ns: u64) -> Self {
        let speed = match speed {
            Speed::Times(times) if times.is_finite() => Speed::Times(times.clamp(0.01, 1e6)),
            Speed::Times(_) | Speed::Full => Speed::Full,
        };
        Self {
            speed,
            wall_ms,
            simulated_ns,
        }
    }

    /// Goes on from here with the same speed.
    pub fn restart(&mut self, wall_ms: f64, simulated_ns: u64) {
        *self = Self::new(self.speed, wall_ms, simulated_ns);
    }

    /// Goes on from here with another speed.
    pub fn change(&mut self, speed: Speed, wall_ms: f64, simulated_ns: u64) {
        *self = Self::new(speed, wall_ms, simulated_ns);
    }

    /// Whether it is as fast as the machine can.
    pub const fn is_full(&self) -> bool {
        matches!(self.speed, Speed::Full)
    }

    /// Simulated time that should be reached by now.
    pub fn due_ns(&self, wall_ms: f64) -> u64 {
        match self.speed {
            Speed::Full => u64::MAX,
            Speed::Times(times) => {
                let gone_ns = (wall_ms - self.wall_ms).max(0.0) * times * 1e6;
                self.simulated_ns.saturating_add(gone_ns as u64)
            }
        }
    }

    /// Forgives what the machine cannot catch up with, so that it does not run ahead later.
    pub fn forgive(&mut self, wall_ms: f64, reached_ns: u64) {
        if let Speed::Times(times) = self.speed {
            let behind_ns = self.due_ns(wall_ms).saturating_sub(reached_ns);
            if behind_ns as f64 > DEBT_MS * times * 1e6 {
                self.restart(wall_ms, reached_ns);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_time_follows_wall_time() {
        let mut pace = Pace::new(Speed::Times(60.0), 1_000.0, 5);
        assert_eq!(pace.due_ns(1_000.0), 5);
        assert_eq!(pace.due_ns(2_000.0), 60_000_000_005);
        assert_eq!(pace.due_ns(500.0), 5, "never backwards");
        pace.change(Speed::Times(1.0), 2_000.0, 60_000_000_000);
        assert_eq!(pace.due_ns(3_000.0), 61_000_000_000);
        pace.forgive(3_050.0, 61_000_000_000);
        assert_eq!(
            pace.due_ns(3_050.0),
            61_050_000_000,
            "a little is caught up"
        );
        pace.forgive(9_000.0, 61_000_000_000);
        assert_eq!(pace.due_ns(9_000.0), 61_000_000_000, "much is forgiven");
    }

    #[test]
    fn odd_speeds_are_made_sane() {
        assert_eq!(
            Pace::new(Speed::Times(f64::NAN), 0.0, 0).due_ns(1.0),
            u64::MAX
        );
        assert_eq!(
            Pace::new(Speed::Times(-1.0), 0.0, 0).due_ns(1_000.0),
            10_000_000
        );
    }
}
