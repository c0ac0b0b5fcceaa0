//! What went wrong and what to do about it.
//!
//! Every task returns a [`Failure`]; only `main` prints one.

use std::fmt;

/// The result of a task.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// A sentence on what went wrong, with a sentence on what to do where there is one.
#[derive(Debug)]
pub struct Failure {
    what: String,
    advice: Option<String>,
}

impl Failure {
    /// Says what went wrong.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: None,
        }
    }

    /// Adds what the reader can do about it; advice given nearer to the cause stays.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice.get_or_insert_with(|| advice.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "\n  what to do: {advice}"),
            None => Ok(()),
        }
    }
}

/// Turns any error into a [`Failure`] that says what was being done.
pub trait OrFail<T> {
    /// Replaces the error by "`doing`: error".
    fn or_fail(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> OrFail<T> for std::result::Result<T, E> {
    fn or_fail(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{}: {error}", doing())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_nearest_to_the_cause_wins() {
        let failure = Failure::new("no trunk")
            .advise("install it")
            .advise("give up");
        assert_eq!(failure.to_string(), "no trunk\n  what to do: install it");
    }
}
