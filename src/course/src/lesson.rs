//! Lesson folders as people write them: `lesson.toml` and `task.toml`.

use std::collections::BTreeMap;

use archplay_model::Id;
use archplay_model::scenario::LocalText;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bundle::Source;
use crate::{LessonError, Reference, Target, Task, TaskRun, Wrong};

/// The schema name of a lesson file.
pub const LESSON_SCHEMA: &str = "archplay/lesson/1";
/// The schema name of a task file.
pub const TASK_SCHEMA: &str = "archplay/task/1";

/// `lesson.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LessonToml {
    /// [`LESSON_SCHEMA`].
    pub schema: String,
    /// The name of its folder.
    pub id: Id,
    /// The session's number in the lecture.
    pub session: u32,
    /// The name people see.
    pub title: LocalText,
    /// One sentence about it.
    pub summary: LocalText,
    /// Its tasks: names of folders under `tasks/`, in order.
    pub tasks: Vec<Id>,
    /// Hints, from the gentle to the plain (Markdown).
    #[serde(default)]
    pub hints: Vec<LocalText>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// What the names in its drawings are called in English, by the Korean name.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// Further scenarios that are run from the lesson and not graded.
    #[serde(default, rename = "extra")]
    pub extras: Vec<ExtraToml>,
}

/// A further scenario of a lesson: what a task is too short for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExtraToml {
    /// Its name in the lesson.
    pub id: Id,
    /// The name people see, also on the button that runs it.
    pub title: LocalText,
    /// A sentence or two about it.
    pub about: LocalText,
    /// The scenario: the path of a file in the lesson's folder.
    pub scenario: String,
    /// A drawing that runs under it, for those who have none of their own: the path of a file in the lesson's folder.
    /// It counts as a model answer, and is locked with those.
    #[serde(default)]
    pub design: Option<String>,
}

/// `task.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskToml {
    /// [`TASK_SCHEMA`].
    pub schema: String,
    /// The name of its folder.
    pub id: Id,
    /// The name people see.
    pub title: LocalText,
    /// What is asked (Markdown).
    pub prompt: LocalText,
    /// A question to think about (Markdown).
    pub think: LocalText,
    /// How long teams discuss it, in minutes; 1 to 600.
    #[serde(default = "crate::task::discussion")]
    pub discussion: u32,
    /// The graded runs.
    pub runs: Vec<TaskRun>,
    /// What has to be reached.
    pub targets: Vec<Target>,
    /// Targets that the drawing at the start misses in the first run.
    #[serde(default)]
    pub start_misses: Vec<Id>,
    /// Targets whose medians in the first run stand in a table in the lesson's text.
    #[serde(default)]
    pub table: Vec<Id>,
    /// Designs that pass.
    #[serde(default, rename = "reference")]
    pub references: Vec<Reference>,
    /// Designs that fail for a named reason.
    #[serde(default, rename = "wrong")]
    pub wrongs: Vec<Wrong>,
}

impl TaskToml {
    /// The part that is graded.
    #[must_use]
    pub fn task(&self) -> Task {
        Task {
            id: self.id.clone(),
            title: self.title.clone(),
            runs: self.runs.clone(),
            targets: self.targets.clone(),
        }
    }
}

/// Reads a `lesson.toml`. `file` is its name in errors.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn parse_lesson(file: &str, text: &str) -> Result<LessonToml, LessonError> {
    let lesson: LessonToml = parse(file, text)?;
    schema(file, &lesson.schema, LESSON_SCHEMA)?;
    Ok(lesson)
}

/// Reads a `task.toml`. `file` is its name in errors.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn parse_task(file: &str, text: &str) -> Result<TaskToml, LessonError> {
    let task: TaskToml = parse(file, text)?;
    schema(file, &task.schema, TASK_SCHEMA)?;
    Ok(task)
}

pub(crate) fn schema(file: &str, found: &str, wanted: &str) -> Result<(), LessonError> {
    if found == wanted {
        return Ok(());
    }
    let detail = format!("`{found}`, wanted `{wanted}`");
    Err(LessonError::new("wrong_schema", file, "schema", detail))
}

pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LessonError> {
    let reader =
        toml::Deserializer::parse(text).map_err(|e| error("not_toml", file, "", text, &e))?;
    serde_path_to_error::deserialize(reader).map_err(|e| {
        let path = e.path().to_string();
        let path = if path == "." { "" } else { &path };
        error("bad_value", file, path, text, e.inner())
    })
}

fn error(
    code: &'static str,
    file: &str,
    path: &str,
    text: &str,
    inner: &toml::de::Error,
) -> LessonError {
    let line = inner.span().map_or(0, |span| {
        text.get(..span.start)
            .map_or(0, |before| before.matches('\n').count() + 1)
    });
    LessonError {
        line,
        ..LessonError::new(code, file, path, inner.message())
    }
}
