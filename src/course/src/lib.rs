//! Lessons: their texts, tasks, targets, and grading by outcome.
//!
//! Is handed reports and never runs the engine itself. Must not live here: files (the folder is handed
//! in as a lookup), the browser, display text.

mod verdict;

pub use verdict::{Compare, TargetResult, Verdict};
