//! Questions with several answers to choose from, and why each is right or wrong. They are not graded.
//!
//! `lessons/questions.toml` becomes a file of JSON when the site is built. Must not live here: what was
//! chosen, and what a question looks like on the page.

use archplay_model::scenario::LocalText;
use serde::{Deserialize, Serialize};

use crate::bundle::Source;
use crate::prose::LocalProse;

#[cfg(feature = "toml")]
mod read;
#[cfg(feature = "toml")]
pub use read::build;

/// The name of the page's file below `lessons/`.
pub const QUESTIONS_FILE: &str = "questions.json";

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What texts refer to it by.
    pub id: String,
    /// The session that asks it.
    pub session: u32,
    /// The right choice.
    pub answer: String,
    /// What is asked.
    pub prompt: LocalProse,
    /// What there is to choose.
    pub choices: Vec<Choice>,
    /// Where the answer comes from, and its limits.
    pub about: LocalProse,
    /// Where the facts come from.
    pub sources: Vec<Source>,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its letter.
    pub id: String,
    /// What it says.
    pub text: LocalText,
    /// Why it is right or wrong.
    pub why: LocalProse,
}
