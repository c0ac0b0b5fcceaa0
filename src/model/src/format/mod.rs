//! File formats. Files are read with limits and never trusted; what is written is stable.

mod design_json;
mod document;
mod place;
mod run_json;
mod scenario_json;

pub use design_json::{DESIGN_SCHEMA, read_design, write_design};
pub use document::{ComponentDoc, DesignDoc, LinkDoc};
pub use run_json::{RUN_SCHEMA, RunDoc, is_post_text, read_run, write_run};
pub use scenario_json::{read_scenario, write_scenario};

use crate::limits;

/// Why a file was refused. Its text is `load_error.<code>` filled with the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// Stable name in snake case.
    pub code: &'static str,
    /// The line in the file, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// The column in the line, from 1; 0 when it concerns the whole file.
    pub column: usize,
    /// Where in the document, such as `components[2].kind`; empty when it concerns the whole file.
    pub path: String,
    /// Names and values for the text, among them `detail`: the parser's own words, in English.
    pub args: Vec<(String, String)>,
}

impl LoadError {
    pub(crate) fn whole(code: &'static str) -> Self {
        Self {
            code,
            line: 0,
            column: 0,
            path: String::new(),
            args: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }

    /// All codes, for the tests that look for their texts.
    pub const CODES: [&'static str; 9] = [
        "too_big",
        "empty",
        "not_json",
        "foreign",
        "future",
        "wrong_kind_of_file",
        "bad_value",
        "too_many",
        "duplicate_id",
    ];
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} at line {} column {} {}",
            self.code, self.line, self.column, self.path
        )
    }
}

impl std::error::Error for LoadError {}

/// Reads JSON into a type, after a look at its size and its `schema` line.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(
    text: &str,
    family: &str,
    version: u32,
) -> Result<T, LoadError> {
    if text.len() > limits::MAX_FILE_BYTES {
        return Err(LoadError::whole("too_big")
            .with("bytes", text.len())
            .with("max", limits::MAX_FILE_BYTES));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(LoadError::whole("empty"));
    }
    check_schema(text, family, version)?;
    serde_json::from_str(text).map_err(|error| {
        let path = if error.is_data() {
            place::path_at(text, error.line(), error.column())
        } else {
            String::new()
        };
        from_json(&error, "bad_value", path)
    })
}

fn from_json(error: &serde_json::Error, code: &'static str, path: String) -> LoadError {
    let code = if error.is_syntax() || error.is_eof() {
        "not_json"
    } else {
        code
    };
    let full = error.to_string();
    // Its place stands in the fields; the text need not repeat it.
    let detail: String = full
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    LoadError {
        line: error.line(),
        column: error.column(),
        path,
        ..LoadError::whole(code)
    }
    .with("detail", detail)
}

/// Tells a broken, a foreign, a future and a swapped file apart before the fields are read.
fn check_schema(text: &str, family: &str, version: u32) -> Result<(), LoadError> {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(default)]
        schema: serde_json::Value,
    }
    if !text.trim_start().starts_with('{') {
        return match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Err(LoadError::whole("foreign").with("wanted", format!("{family}/{version}"))),
            Err(error) => Err(from_json(&error, "not_json", String::new())),
        };
    }
    let head: Head = serde_json::from_str(text).map_err(|error| {
        let code = if error.is_data() {
            "foreign"
        } else {
            "not_json"
        };
        from_json(&error, code, String::new())
    })?;
    let Some(schema) = head.schema.as_str() else {
        return Err(LoadError::whole("foreign").with("wanted", format!("{family}/{version}")));
    };
    let shown: String = schema.chars().take(60).collect();
    let Some(rest) = schema
        .strip_prefix(family)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        let code = if schema.starts_with("archplay/") {
            "wrong_kind_of_file"
        } else {
            "foreign"
        };
        return Err(LoadError::whole(code)
            .with("found", shown)
            .with("wanted", format!("{family}/{version}")));
    };
    match rest.parse::<u32>() {
        Ok(n) if n >= 1 && n <= version => Ok(()),
        Ok(_) => Err(LoadError::whole("future")
            .with("found", shown)
            .with("wanted", format!("{family}/{version}"))),
        Err(_) => Err(LoadError::whole("foreign")
            .with("found", shown)
            .with("wanted", format!("{family}/{version}"))),
    }
}
