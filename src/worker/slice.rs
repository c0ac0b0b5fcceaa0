//! Slices of a run that nobody watches: at full speed until there may be messages to hear, and when to tell how
//! far it is.

use archplay_engine::{Budget, Run};

use super::session::{CHUNK_EVENTS, SLICE_MS};

/// Time between two messages about the progress.
const PROGRESS_MS: f64 = 100.0;

/// How far a slice came.
pub struct Slice {
    /// Whether the end is reached.
    pub done: bool,
    /// Share of the run's time, if it should be told now.
    pub tell: Option<f32>,
}

/// When the progress was told last.
pub struct Teller(f64);

impl Default for Teller {
    fn default() -> Self {
        Self(f64::NEG_INFINITY)
    }
}

impl Teller {
    /// Runs for a slice.
    pub fn slice(&mut self, engine: &mut Run, clock_ms: &dyn Fn() -> f64) -> Slice {
        let begun = clock_ms();
        loop {
            let progress = engine.advance(Budget {
                until_ns: u64::MAX,
                max_events: CHUNK_EVENTS,
            });
            let now = clock_ms();
            if !progress.done && now - begun < SLICE_MS {
                continue;
            }
            let tell = now - self.0 >= PROGRESS_MS;
            if tell {
                self.0 = now;
            }
            let share = progress.now_ns as f64 / engine.end_ns().max(1) as f64;
            return Slice {
                done: progress.done,
                tell: tell.then_some(share as f32),
            };
        }
    }
}
