//! JSON Schemas of the files, generated from the types that read them.

use crate::Scenario;
use crate::format::{DesignDoc, RunDoc};

/// The schema of a design file, as JSON text.
#[must_use]
pub fn design_schema() -> String {
    text(&schemars::schema_for!(DesignDoc))
}

/// The schema of a scenario file, as JSON text.
#[must_use]
pub fn scenario_schema() -> String {
    text(&schemars::schema_for!(Scenario))
}

/// The schema of a run's file, as JSON text.
#[must_use]
pub fn run_schema() -> String {
    text(&schemars::schema_for!(RunDoc))
}

fn text(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
