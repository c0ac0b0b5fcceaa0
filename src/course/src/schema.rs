//! JSON Schemas of `lesson.toml` and `task.toml`, generated from the types that read them.

use archplay_report::{EventCode, Measure, Metric, Reason};
use schemars::{Schema, SchemaGenerator, json_schema};

use crate::{LessonToml, SeriesName, TaskToml};

/// The schema of a `lesson.toml`, as JSON text.
#[must_use]
pub fn lesson_schema() -> String {
    text(&schemars::schema_for!(LessonToml))
}

/// The schema of a `task.toml`, as JSON text.
#[must_use]
pub fn task_schema() -> String {
    text(&schemars::schema_for!(TaskToml))
}

fn text(schema: &Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

fn one_of(names: Vec<String>) -> Schema {
    json_schema!({ "type": "string", "enum": names })
}

fn list_of(names: Vec<String>) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": names } })
}

pub(crate) fn reasons(_: &mut SchemaGenerator) -> Schema {
    list_of(Reason::ALL.iter().map(|r| r.slug().into()).collect())
}

/// As `serde` writes a reason, which has no line before a number.
pub(crate) fn main_reason(_: &mut SchemaGenerator) -> Schema {
    let written = |reason: &Reason| serde_json::to_string(reason).unwrap_or_default();
    let names = Reason::ALL.iter().map(written);
    one_of(names.map(|name| name.trim_matches('"').into()).collect())
}

pub(crate) fn measure(_: &mut SchemaGenerator) -> Schema {
    one_of(Measure::ALL.iter().map(|m| m.slug().into()).collect())
}

pub(crate) fn events(_: &mut SchemaGenerator) -> Schema {
    list_of(EventCode::ALL.iter().map(|e| e.slug().into()).collect())
}

pub(crate) fn series(_: &mut SchemaGenerator) -> Schema {
    let mut names = vec![SeriesName::Failed.slug().to_owned()];
    names.extend(Metric::PLAIN.iter().map(|m| m.slug().to_owned()));
    one_of(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_can_be_named() {
        for metric in Metric::PLAIN {
            let json = format!("\"{}\"", metric.slug());
            let read: SeriesName = serde_json::from_str(&json).unwrap();
            assert_eq!(read, SeriesName::Of(metric));
        }
    }
}
