//! The engine: compiles a design and a scenario into a plant and runs it.

mod run;

pub use run::{Budget, Progress, Run, simulate};

/// Rises whenever the same documents may give other numbers.
pub const ENGINE_VERSION: u32 = 1;
