//! Slices of a run: how long one is, how much is done between two looks at the clock, and the slices of a run
//! that nobody watches.

use archplay_engine::{Budget, Run};

/// Longest time between two looks at the messages, in milliseconds.
pub const SLICE_MS: f64 = 12.0;
/// Time between two messages about the progress.
const PROGRESS_MS: f64 = 100.0;

/// Events between two looks at the clock. A look costs as much as dozens of events and an event anything from
/// thirty nanoseconds to some microseconds, so the number follows what the last ones took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk(u64);

/// Between these a chunk stays as it is, in milliseconds. A browser's clock may tell tenths of one alone.
const FITTING_MS: std::ops::Range<f64> = 0.25..1.0;
/// Events of the smallest and of the largest chunk: should all at once be slow, one still ends in time.
const CHUNKS: std::ops::RangeInclusive<u64> = 250..=16_000;

impl Default for Chunk {
    fn default() -> Self {
        Self(1_000)
    }
}

impl Chunk {
    /// How many events the next chunk has at most.
    pub const fn events(self) -> u64 {
        self.0
    }

    /// A chunk is over: so many events came, and they took so long.
    pub fn learn(&mut self, events: u64, took_ms: f64) {
        if took_ms >= FITTING_MS.end {
            self.0 = (self.0 / 2).max(*CHUNKS.start());
        } else if took_ms < FITTING_MS.start && events >= self.0 {
            self.0 = (self.0 * 2).min(*CHUNKS.end());
        }
    }
}

/// How far a slice came.
pub struct Slice {
    /// Whether the end is reached.
    pub done: bool,
    /// Share of the run's time, if it should be told now.
    pub tell: Option<f32>,
}

/// When the progress was told last.
pub struct Teller {
    told_ms: f64,
    chunk: Chunk,
}

impl Default for Teller {
    fn default() -> Self {
        Self {
            told_ms: f64::NEG_INFINITY,
            chunk: Chunk::default(),
        }
    }
}

impl Teller {
    /// Runs for a slice.
    pub fn slice(&mut self, engine: &mut Run, clock_ms: &dyn Fn() -> f64) -> Slice {
        let begun = clock_ms();
        let mut before = begun;
        loop {
            let progress = engine.advance(Budget {
                until_ns: u64::MAX,
                max_events: self.chunk.events(),
            });
            let now = clock_ms();
            self.chunk.learn(progress.events, now - before);
            before = now;
            if !progress.done && now - begun < SLICE_MS {
                continue;
            }
            let tell = now - self.told_ms >= PROGRESS_MS;
            if tell {
                self.told_ms = now;
            }
            let share = progress.now_ns as f64 / engine.end_ns().max(1) as f64;
            return Slice {
                done: progress.done,
                tell: tell.then_some(share as f32),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_follows_what_its_events_take() {
        let mut chunk = Chunk::default();
        chunk.learn(1_000, 0.5);
        assert_eq!(chunk.events(), 1_000, "fits");
        chunk.learn(999, 0.0);
        assert_eq!(chunk.events(), 1_000, "time ended it, so it tells nothing");
        for _ in 0..20 {
            let events = chunk.events();
            chunk.learn(events, 0.1);
        }
        assert_eq!(chunk.events(), 16_000);
        chunk.learn(16_000, 90.0);
        assert_eq!(chunk.events(), 8_000);
        for _ in 0..20 {
            chunk.learn(1, 5.0);
        }
        assert_eq!(chunk.events(), 250);
    }
}
