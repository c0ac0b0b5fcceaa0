//! The glossary: a list to search, and what a marked word means beside it.
//!
//! Must not live here: the words themselves (`lessons/glossary.*.toml`), and which of them a text marks.

mod data;
mod list;
mod popover;

pub use list::Glossary;
pub use popover::{TermPopover, use_marked};
