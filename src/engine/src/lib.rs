//! The engine: compiles a design and a scenario into a plant of dense arrays and runs it.
//!
//! A run is a function of (design, scenario, seed, interventions). Time is `u64` nanoseconds; events happen
//! in the order (time, sequence number); random numbers come from streams keyed by seed, id and purpose;
//! floating point is `+ - * / sqrt` and `libm`. Must not live here: files, clocks, threads, the browser,
//! texts, lessons.

#[cfg(test)]
extern crate self as archplay_engine;

mod aggregate;
mod by_hand;
mod compile;
mod core;
mod fault;
mod feed;
#[cfg(test)]
#[path = "../tests/feed_support/mod.rs"]
mod feed_support;
mod held;
mod keyed;
mod kinds;
mod lines;
mod plant;
mod run;
mod stats;
mod struck;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
mod visitor;
mod watch;
mod world;

pub use run::{Budget, Progress, Run, simulate};

/// Rises whenever the same documents may give other numbers.
pub const ENGINE_VERSION: u32 = 7;
