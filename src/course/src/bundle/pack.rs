//! A whole lesson in one file of JSON, for lessons that are not on the site: made from a folder by
//! `archplay lesson`, opened by the page and by `archplay grade`.

use archplay_model::limits::MAX_FILE_BYTES;
use serde::{Deserialize, Serialize};

use super::{AnswersBundle, LessonBundle, TaskAnswers, TaskBundle};
use crate::check::{self, MAX_LIST, MAX_NAMES, MAX_TASKS, Spot};
use crate::prose::{Element, FIGURES, LocalProse, Node};
use crate::{LessonError, fields};

/// The schema name of such a file.
pub const PACK_SCHEMA: &str = "archplay/lesson-pack/1";

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// [`PACK_SCHEMA`].
    pub schema: String,
    /// The lesson with its tasks, in both languages.
    pub lesson: LessonBundle,
    /// The designs that pass and those that fail.
    pub answers: AnswersBundle,
}

impl Pack {
    /// Puts a lesson into a file.
    #[must_use]
    pub fn new(lesson: LessonBundle, answers: AnswersBundle) -> Self {
        Self {
            schema: PACK_SCHEMA.into(),
            lesson,
            answers,
        }
    }

    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Whether a text says that it is a lesson; it may be a broken one.
#[must_use]
pub fn is_pack(text: &str) -> bool {
    let start: String = text
        .chars()
        .take(400)
        .filter(|c| !c.is_whitespace())
        .collect();
    start.contains("\"schema\":\"archplay/lesson-pack/")
}

/// Reads and checks a lesson's file. `file` is its name in errors.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn read_pack(file: &str, text: &str) -> Result<Pack, LessonError> {
    if text.len() > MAX_FILE_BYTES {
        let detail = format!("{} > {MAX_FILE_BYTES}", text.len());
        return Err(LessonError::new("too_big", file, "", detail));
    }
    let pack: Pack = serde_json::from_str(text).map_err(|e| LessonError {
        line: e.line(),
        ..LessonError::new("not_a_bundle", file, "", &e)
    })?;
    if pack.schema != PACK_SCHEMA {
        let detail = format!("`{}`, wanted `{PACK_SCHEMA}`", pack.schema);
        return Err(LessonError::new("wrong_schema", file, "schema", detail));
    }
    check_pack(file, &pack)?;
    Ok(pack)
}

fn check_pack(file: &str, pack: &Pack) -> Result<(), LessonError> {
    let spot = Spot {
        file,
        at: "lesson.",
    };
    let lesson = &pack.lesson;
    spot.both("title", &lesson.title)?;
    spot.both("summary", &lesson.summary)?;
    spot.at_most("tasks", lesson.tasks.len(), MAX_TASKS)?;
    spot.at_most("hints", lesson.hints.len(), MAX_LIST)?;
    spot.at_most("sources", lesson.sources.len(), MAX_LIST)?;
    spot.at_most("names", lesson.names.len(), MAX_NAMES)?;
    spot.unique("sources", lesson.sources.iter().map(|s| s.id.as_str()))?;
    let tasks = lesson.tasks.iter().map(|t| t.graded.task.id.as_str());
    spot.unique("tasks", tasks)?;
    let sources = lesson.sources.len();
    prose(spot, "text", &lesson.text, sources)?;
    for (i, hint) in lesson.hints.iter().enumerate() {
        prose(spot, &format!("hints[{i}]"), hint, sources)?;
    }
    check::extras(spot, &lesson.extras)?;
    for (i, extra) in lesson.extras.iter().enumerate() {
        let at = format!("lesson.extras[{i}].scenario: ");
        let scenario = check::scenario(Spot { file, at: &at }, &extra.scenario)?;
        match (extra.drawn, pack.answers.extras.get(&extra.id)) {
            (false, _) => {}
            (true, Some(text)) => {
                let at = format!("answers.extras.{}: ", extra.id);
                check::design(Spot { file, at: &at }, text, &scenario)?;
            }
            (true, None) => {
                return Err(spot.error("unknown_id", &format!("extras[{i}]"), &extra.id));
            }
        }
    }
    if pack.answers.id != lesson.id {
        return Err(LessonError::new(
            "wrong_id",
            file,
            "answers.id",
            &pack.answers.id,
        ));
    }
    if pack.answers.tasks.len() != lesson.tasks.len() {
        return Err(LessonError::new("out_of_range", file, "answers.tasks", ""));
    }
    for (i, (task, answers)) in lesson.tasks.iter().zip(&pack.answers.tasks).enumerate() {
        spot.discussion(&format!("tasks[{i}].discussion"), task.discussion)?;
        prose(spot, &format!("tasks[{i}].prompt"), &task.prompt, sources)?;
        prose(spot, &format!("tasks[{i}].think"), &task.think, sources)?;
        check_task(file, i, &task.graded, answers)?;
    }
    Ok(())
}

fn check_task(
    file: &str,
    i: usize,
    graded: &TaskBundle,
    answers: &TaskAnswers,
) -> Result<(), LessonError> {
    if answers.task != graded.task.id {
        let path = format!("answers.tasks[{i}].task");
        return Err(LessonError::new("wrong_id", file, &path, &answers.task));
    }
    let graded_at = |part: &str| format!("lesson.tasks[{i}].graded.{part}");
    let (task, scenario) = (graded_at("task."), graded_at("scenario: "));
    let (start, prepared) = (graded_at("start: "), format!("answers.tasks[{i}]: "));
    let place = |at| Spot { file, at };
    let references = answers.references.iter();
    let wrongs = answers.wrongs.iter();
    check::task(
        place(&task),
        &graded.task,
        references.clone().map(|r| &r.about),
        wrongs.clone().map(|w| &w.about),
    )?;
    let read = check::scenario(place(&scenario), &graded.scenario)?;
    fields::check(place(&task), &graded.task, &read)?;
    check::start(place(&start), &graded.start, &read)?;
    check::runs(place(&task), &graded.task, &read, &graded.start)?;
    let designs = references
        .map(|r| &r.design)
        .chain(wrongs.map(|w| &w.design));
    for text in designs {
        check::design(place(&prepared), text, &read)?;
    }
    for (r, reference) in answers.references.iter().enumerate() {
        if reference.steps.len() != reference.about.steps.len().saturating_sub(1) {
            let path = format!("references[{r}].steps");
            return Err(place(&prepared).error("out_of_range", &path, reference.steps.len()));
        }
        for text in reference.steps.iter().filter(|text| **text != graded.start) {
            check::design(place(&prepared), text, &read)?;
        }
    }
    Ok(())
}

/// Checks a text: both languages, only sources that are there, and no pictures, which such a file cannot hold.
fn prose(
    spot: Spot<'_>,
    path: &str,
    prose: &LocalProse,
    sources: usize,
) -> Result<(), LessonError> {
    for (lang, nodes) in [("ko", &prose.ko), ("en", &prose.en)] {
        let path = format!("{path}.{lang}");
        if nodes.is_empty() {
            return Err(spot.error("missing_text", &path, ""));
        }
        let mut open: Vec<(&Node, usize)> = nodes.iter().map(|node| (node, 0)).collect();
        while let Some((node, depth)) = open.pop() {
            let Node::Element(element, content) = node else {
                continue;
            };
            match element {
                Element::Image(picture) => {
                    return Err(spot.error(
                        "bad_value",
                        &path,
                        format_args!("picture `{picture}`"),
                    ));
                }
                Element::Figure(figure) if !FIGURES.contains(&figure.as_str()) => {
                    return Err(spot.error("unknown_id", &path, format_args!("figure `{figure}`")));
                }
                // The questions are the site's.
                Element::Question(question) => {
                    return Err(spot.error(
                        "unknown_id",
                        &path,
                        format_args!("question `{question}`"),
                    ));
                }
                Element::Cite(number) if *number >= sources => {
                    return Err(spot.error("unknown_id", &path, number));
                }
                _ if depth > crate::prose::MAX_DEPTH => {
                    return Err(spot.error("too_big", &path, depth));
                }
                _ => open.extend(content.iter().map(|node| (node, depth + 1))),
            }
        }
    }
    Ok(())
}
