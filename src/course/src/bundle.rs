//! What the page gets of a lesson: JSON files made when the site is built.
//!
//! `index.json` lists the lessons, `<id>.ko.json` and `<id>.en.json` hold one with its tasks, each with the
//! long texts of its language, `<id>.answers.json` holds the
//! designs that pass and those that fail, fetched only when somebody asks for them.

use std::collections::BTreeMap;

use archplay_model::scenario::LocalText;
use archplay_model::{Design, Id};
use serde::{Deserialize, Serialize};

use crate::prose::LocalProse;
use crate::{Reference, Task, Wrong};

#[cfg(feature = "toml")]
mod build;
mod pack;
#[cfg(feature = "toml")]
pub use build::{build, build_pack, build_task};
pub use pack::{PACK_SCHEMA, Pack, is_pack, read_pack};

/// `index.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LessonIndex {
    /// By session number.
    pub lessons: Vec<LessonEntry>,
}

/// A line of the index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonEntry {
    /// The lesson's folder; its files are `<id>.ko.json`, `<id>.en.json` and `<id>.answers.json`.
    pub id: Id,
    /// The session's number in the lecture, 1 to 8.
    pub session: u32,
    /// The name people see.
    pub title: LocalText,
    /// One sentence about it.
    pub summary: LocalText,
    /// Its tasks in order.
    pub tasks: Vec<Id>,
}

/// `<id>.ko.json` or `<id>.en.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonBundle {
    /// The lesson's folder.
    pub id: Id,
    /// The session's number in the lecture.
    pub session: u32,
    /// The name people see.
    pub title: LocalText,
    /// One sentence about it.
    pub summary: LocalText,
    /// The text.
    pub text: LocalProse,
    /// Hints, from the gentle to the plain.
    pub hints: Vec<LocalProse>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Tasks in order.
    pub tasks: Vec<LessonTask>,
    /// What the prepared drawings' names, which are Korean, are called in English.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Further scenarios, which are not graded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<Extra>,
}

/// A further scenario of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extra {
    /// Its name in the lesson.
    pub id: Id,
    /// The name people see, also on the button that runs it.
    pub title: LocalText,
    /// A sentence or two about it.
    pub about: LocalText,
    /// Scenario JSON.
    pub scenario: String,
    /// Whether a drawing for it is among the answers.
    #[serde(default)]
    pub drawn: bool,
}

impl LessonBundle {
    /// Gives a prepared drawing and what is in it English names; what has none keeps its own.
    pub fn name_in_english(&self, design: &mut Design) {
        let components = design.components.values_mut().map(|c| &mut c.name);
        for name in components.chain([&mut design.name]) {
            if let Some(english) = self.names.get(name) {
                name.clone_from(english);
            }
        }
    }
}

/// Where a fact comes from. The text refers to it as `[id]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name in the text.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it can be read; empty if only in print.
    #[serde(default)]
    pub url: String,
}

/// A task as it stands in its lesson: what is read beside what is graded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonTask {
    /// What is asked.
    pub prompt: LocalProse,
    /// A question to think about, shown with the verdict; not the solution.
    pub think: LocalProse,
    /// How long teams discuss it, in minutes.
    #[serde(default = "crate::task::discussion")]
    pub discussion: u32,
    /// What is graded. A part of its own, because it is all that goes to the worker.
    pub graded: TaskBundle,
}

/// What is graded, with its documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskBundle {
    /// Runs and targets.
    pub task: Task,
    /// Scenario JSON.
    pub scenario: String,
    /// Design JSON of the drawing that it begins with.
    pub start: String,
}

/// `<id>.answers.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswersBundle {
    /// The lesson's folder.
    pub id: Id,
    /// By task, in order.
    pub tasks: Vec<TaskAnswers>,
    /// Drawings for further scenarios: design JSON, by the scenario's name in the lesson.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: BTreeMap<Id, String>,
}

/// The prepared designs of one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskAnswers {
    /// The task.
    pub task: Id,
    /// Designs that pass: this project's reconstruction, the lecture's slides contain none.
    pub references: Vec<ReferenceDesign>,
    /// Designs that look right and fail.
    pub wrongs: Vec<WrongDesign>,
}

/// A design that passes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceDesign {
    /// Name, description and steps.
    pub about: Reference,
    /// Design JSON.
    pub design: String,
    /// Design JSON of the steps before the last, whose drawing is the design itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
}

impl ReferenceDesign {
    /// The drawings of all steps in order; none where there are no steps.
    pub fn step_designs(&self) -> impl Iterator<Item = &str> {
        let last = (!self.about.steps.is_empty()).then_some(&self.design);
        self.steps.iter().chain(last).map(String::as_str)
    }
}

/// A design that fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongDesign {
    /// Name and reason.
    pub about: Wrong,
    /// Design JSON.
    pub design: String,
}
