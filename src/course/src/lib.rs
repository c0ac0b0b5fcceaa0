//! Lessons: their texts, tasks, targets, and grading by outcome.
//!
//! Is handed reports and never runs the engine itself. Must not live here: files (a lesson folder is
//! handed in as a map of texts), the browser, display text (names are keys or stand in the lesson).

pub mod bundle;
mod check;
pub mod class;
mod error;
mod fair;
mod fields;
pub mod glossary;
mod grade;
#[cfg(feature = "toml")]
mod lesson;
mod measure;
mod metric;
mod moved;
mod progress;
pub mod prose;
pub mod question;
#[cfg(feature = "schema")]
pub mod schema;
mod scope;
mod steps;
mod target;
mod task;
mod verdict;
mod why;

pub use check::is_empty_canvas;
pub use error::LessonError;
pub use fair::unfair;
pub use grade::{Grader, PlannedRun, grade, plan};
#[cfg(feature = "toml")]
pub use lesson::{ExtraToml, LessonToml, TaskToml, parse_lesson, parse_task};
pub use measure::{Parts, Sight};
pub use metric::{TargetMetric, TargetUnit};
pub use moved::{Later, Moved};
pub use progress::{PROGRESS_SCHEMA, Progress, ProgressError, ProgressFile, is_progress};
pub use scope::{Across, Scope, SeriesName, Stat};
pub use steps::{Move, START_FILE, STEP_SEED, Step, needed_runs};
pub use target::{Target, Word};
pub use task::{Reference, Task, TaskRun, Wrong};
pub use verdict::{Compare, TargetResult, Verdict};
pub use why::Why;
