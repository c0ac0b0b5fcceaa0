//! JSON Schemas of the files, generated from the types that read them.

use crate::Scenario;
use crate::format::DesignDoc;

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

fn text(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
