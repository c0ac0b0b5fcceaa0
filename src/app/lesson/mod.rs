//! The lesson: text, tasks, hints; in the free playground what there is to choose instead.
//!
//! Must not live here: grading itself (the course's), the run (see `run`).

mod answers;
pub mod data;
mod extra;
pub mod figure;
mod free;
mod hints;
pub mod own;
mod panel;
pub mod progress;
mod prose;
mod question;
mod read;
mod results;
mod status;
mod steps;
mod task;
mod text;
mod why;

pub use figure::grouped;
pub use panel::{LessonPanel, local_text};
pub use read::ReadPage;
