//! Scenario JSON.

use super::{LoadError, read_json};
use crate::Scenario;

/// Reads a scenario. Its contents are checked by [`crate::check`].
///
/// # Errors
/// [`LoadError`] with place and reason.
pub fn read_scenario(text: &str) -> Result<Scenario, LoadError> {
    read_json(text, "archplay/scenario", 1)
}

/// Writes a scenario for people to read and edit.
#[must_use]
pub fn write_scenario(scenario: &Scenario) -> String {
    let mut text = serde_json::to_string_pretty(scenario).unwrap_or_default();
    text.push('\n');
    text
}
