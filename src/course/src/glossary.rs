//! The glossary: the words of all sessions, each explained in a sentence or two.
//!
//! `lessons/glossary.ko.toml` and `glossary.en.toml` become one file of JSON when the site is built, so that a
//! word is found by its name in either language. Must not live here: what it looks like on the page.

use archplay_model::scenario::LocalText;
use serde::{Deserialize, Serialize};

#[cfg(feature = "toml")]
mod read;
#[cfg(feature = "toml")]
pub use read::{TermIds, build};

/// The name of the page's file below `lessons/`.
pub const GLOSSARY_FILE: &str = "glossary.json";

/// A word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// What texts refer to it by.
    pub id: String,
    /// What it is called.
    pub name: LocalText,
    /// What it means.
    pub text: LocalText,
    /// The sessions that speak of it, in order.
    pub sessions: Vec<u32>,
}
