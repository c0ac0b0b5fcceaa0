//! Why a lesson folder is refused.

/// A broken lesson: what is wrong and where. The text is `lesson_error.<code>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// Stable name in snake case.
    pub code: &'static str,
    /// The file, relative to `lessons/`.
    pub file: String,
    /// The line in the file, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// Where in the document, such as `targets[2].metric`; empty when it concerns the whole file.
    pub path: String,
    /// More about it: a value, a name, or the parser's own words in English.
    pub detail: String,
}

impl LessonError {
    /// All codes, for the tests that look for their texts.
    pub const CODES: [&'static str; 16] = [
        "missing_file",
        "not_toml",
        "bad_value",
        "wrong_schema",
        "wrong_id",
        "duplicate_id",
        "unknown_id",
        "missing_text",
        "bad_document",
        "out_of_range",
        "field_not_used",
        "missing_field",
        "not_a_bundle",
        "too_big",
        "bad_name",
        "last_step",
    ];

    /// Makes an error about a file.
    #[must_use]
    pub fn new(code: &'static str, file: &str, path: &str, detail: impl ToString) -> Self {
        Self {
            code,
            file: file.into(),
            line: 0,
            path: path.into(),
            detail: detail.to_string(),
        }
    }
}

impl std::fmt::Display for LessonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.code)?;
        if !self.path.is_empty() {
            write!(f, " at `{}`", self.path)?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for LessonError {}
