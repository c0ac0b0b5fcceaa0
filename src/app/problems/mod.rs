//! What the checker found: a chip with the count, a list that leads to each place.
//!
//! Must not live here: what is a problem (the checker's).

mod chip;
mod text;

pub use chip::ProblemsChip;
pub use text::{label_of, problem_text, refused, value_refusal_text};
