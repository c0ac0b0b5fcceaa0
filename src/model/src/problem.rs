//! Problems: what the checker or a loader found, without words.

use serde::{Deserialize, Serialize};

use crate::{Id, LinkKey};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The design cannot run.
    Error,
    /// It runs, but probably not as meant.
    Warning,
}

/// What a problem is about, so that the page can show and select it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// The whole drawing.
    Design,
    /// The scenario, with a path such as `operations[2]`.
    Scenario(String),
    /// A component.
    Component(Id),
    /// A parameter of a component.
    Param(Id, String),
    /// A link.
    Link(LinkKey),
}

/// One finding with a stable code; its text is `problem.<code>` filled with the parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable name in snake case.
    pub code: String,
    /// Error or warning.
    pub severity: Severity,
    /// What it is about.
    pub at: Location,
    /// Names and values for the text, by placeholder. A component is named by its id.
    pub args: Vec<(String, String)>,
}

impl Problem {
    /// Makes an error.
    #[must_use]
    pub fn error(code: &str, at: Location) -> Self {
        Self {
            code: code.into(),
            severity: Severity::Error,
            at,
            args: Vec::new(),
        }
    }

    /// Makes a warning.
    #[must_use]
    pub fn warning(code: &str, at: Location) -> Self {
        Self {
            code: code.into(),
            severity: Severity::Warning,
            at,
            args: Vec::new(),
        }
    }

    /// Adds a parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}
