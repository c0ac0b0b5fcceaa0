//! From the texts of a lesson folder to the page's files, refusing what is broken.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::scenario::LocalText;
use archplay_model::{Id, Scenario};
use serde::Serialize;

use super::{
    AnswersBundle, Extra, LessonBundle, LessonEntry, LessonIndex, LessonTask, Pack,
    ReferenceDesign, TaskAnswers, TaskBundle, WrongDesign,
};
use crate::check::{self, MAX_EXTRAS, MAX_LIST, MAX_NAMES, MAX_TASKS, Spot};
use crate::fields;
use crate::glossary::{self, GLOSSARY_FILE, TermIds};
use crate::lesson::{ExtraToml, LessonToml, TaskToml, parse_lesson, parse_task};
use crate::prose::{Context, LocalProse, Node, parse};
use crate::question::{self, QUESTIONS_FILE, Question};
use crate::{LessonError, START_FILE};

type Files = BTreeMap<String, String>;

/// Bundles all lessons. `files` maps paths relative to `lessons/` (with `/`) to their texts; a lesson is a
/// folder with a `lesson.toml`. Returns the names and contents of the page's files.
///
/// # Errors
/// [`LessonError`] with place and reason for the first thing that is broken.
pub fn build(files: &Files) -> Result<Vec<(String, String)>, LessonError> {
    let mut index = LessonIndex::default();
    let mut out = Vec::new();
    let beside = Beside::of(files)?;
    if let Some(glossary) = glossary::build(files)? {
        out.push((GLOSSARY_FILE.into(), json(&glossary)));
    }
    if !beside.questions.is_empty() {
        out.push((QUESTIONS_FILE.into(), json(&beside.questions)));
    }
    for (path, text) in files {
        let Some(folder) = path
            .strip_suffix("/lesson.toml")
            .filter(|f| !f.contains('/'))
        else {
            continue;
        };
        let (bundle, answers) = open_lesson(files, &beside, folder, path, text)?;
        if index.lessons.iter().any(|l| l.session == bundle.session) {
            let session = bundle.session;
            return Err(LessonError::new("duplicate_id", path, "session", session));
        }
        index.lessons.push(LessonEntry {
            id: bundle.id.clone(),
            session: bundle.session,
            title: bundle.title.clone(),
            summary: bundle.summary.clone(),
            tasks: bundle
                .tasks
                .iter()
                .map(|t| t.graded.task.id.clone())
                .collect(),
        });
        for (tag, other) in LANGUAGES {
            out.push((
                format!("{folder}.{tag}.json"),
                json(&without(&bundle, other)),
            ));
        }
        out.push((format!("{folder}.answers.json"), json(&answers)));
    }
    index.lessons.sort_by_key(|entry| entry.session);
    out.push(("index.json".into(), json(&index)));
    Ok(out)
}

/// Makes one file of a lesson's folder. `files` maps paths to texts as for [`build`].
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn build_pack(files: &Files, folder: &str) -> Result<Pack, LessonError> {
    let path = format!("{folder}/lesson.toml");
    // The questions are the site's; a lesson in a file cannot ask them.
    let beside = Beside {
        terms: TermIds::beside(files)?,
        questions: Vec::new(),
    };
    let (lesson, answers) = open_lesson(files, &beside, folder, &path, read(files, &path)?)?;
    let pack = Pack::new(lesson, answers);
    // What a file cannot hold, and what would be too big, is refused by those who read it.
    super::read_pack(&path, &pack.to_json())
}

/// What lies beside the lessons and their texts refer to.
struct Beside {
    terms: TermIds,
    questions: Vec<Question>,
}

impl Beside {
    fn of(files: &Files) -> Result<Self, LessonError> {
        let terms = TermIds::beside(files)?;
        let questions = question::build(files, &terms)?;
        Ok(Self { terms, questions })
    }
}

fn open_lesson(
    files: &Files,
    beside: &Beside,
    folder: &str,
    path: &str,
    text: &str,
) -> Result<(LessonBundle, AnswersBundle), LessonError> {
    let lesson = parse_lesson(path, text)?;
    if lesson.id.as_str() != folder {
        return Err(LessonError::new("wrong_id", path, "id", &lesson.id));
    }
    build_lesson(files, beside, folder, lesson)
}

/// Tags of the languages, each with the way to the texts of the other.
const LANGUAGES: [(&str, Texts); 2] =
    [("ko", |prose| &mut prose.en), ("en", |prose| &mut prose.ko)];

type Texts = fn(&mut LocalProse) -> &mut Vec<Node>;

/// A lesson without the long texts of one language.
fn without(bundle: &LessonBundle, texts: Texts) -> LessonBundle {
    let mut bundle = bundle.clone();
    texts(&mut bundle.text).clear();
    bundle.hints.iter_mut().for_each(|hint| texts(hint).clear());
    for task in &mut bundle.tasks {
        texts(&mut task.prompt).clear();
        texts(&mut task.think).clear();
    }
    if bundle.text.en.is_empty() {
        bundle.names.clear();
    }
    bundle
}

/// Bundles what is graded of one task. `folder` is its path relative to `lessons/`, the prefix of its files in
/// `files`.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn build_task(files: &Files, folder: &str) -> Result<(TaskBundle, TaskAnswers), LessonError> {
    let task = read_task(files, folder)?;
    graded(files, folder, &task)
}

/// The name of a task's file.
fn task_file(folder: &str) -> String {
    format!("{folder}/task.toml")
}

fn read_task(files: &Files, folder: &str) -> Result<TaskToml, LessonError> {
    let file = task_file(folder);
    let task = parse_task(&file, read(files, &file)?)?;
    if folder.rsplit('/').next() != Some(task.id.as_str()) {
        return Err(LessonError::new("wrong_id", &file, "id", &task.id));
    }
    let spot = whole(&file);
    spot.both("prompt", &task.prompt)?;
    spot.both("think", &task.think)?;
    spot.discussion("discussion", task.discussion)?;
    check::task(
        spot,
        &task.task(),
        task.references.iter(),
        task.wrongs.iter(),
    )?;
    let targets: BTreeSet<&Id> = task.targets.iter().map(|t| &t.id).collect();
    spot.known("start_misses", &task.start_misses, &targets)?;
    spot.known("table", &task.table, &targets)?;
    Ok(task)
}

fn graded(
    files: &Files,
    folder: &str,
    task: &TaskToml,
) -> Result<(TaskBundle, TaskAnswers), LessonError> {
    let scenario_file = format!("{folder}/scenario.json");
    let scenario_text = read(files, &scenario_file)?;
    let scenario = check::scenario(whole(&scenario_file), scenario_text)?;
    let file = task_file(folder);
    let asked = task.task();
    fields::check(whole(&file), &asked, &scenario)?;
    let start_file = format!("{folder}/{START_FILE}");
    let start = read(files, &start_file)?.to_owned();
    check::start(whole(&start_file), &start, &scenario)?;
    check::runs(whole(&file), &asked, &scenario, &start)?;
    let mut answers = TaskAnswers {
        task: task.id.clone(),
        references: Vec::new(),
        wrongs: Vec::new(),
    };
    for reference in &task.references {
        let before_last = reference
            .steps
            .split_last()
            .map_or(&[][..], |(_, rest)| rest);
        let mut steps = Vec::new();
        for step in before_last {
            steps.push(if step.file == START_FILE {
                start.clone()
            } else {
                design(files, folder, &step.file, &scenario)?
            });
        }
        answers.references.push(ReferenceDesign {
            about: reference.clone(),
            design: design(files, folder, &reference.file, &scenario)?,
            steps,
        });
    }
    for wrong in &task.wrongs {
        answers.wrongs.push(WrongDesign {
            about: wrong.clone(),
            design: design(files, folder, &wrong.file, &scenario)?,
        });
    }
    let bundle = TaskBundle {
        task: asked,
        scenario: scenario_text.to_owned(),
        start,
    };
    Ok((bundle, answers))
}

fn build_lesson(
    files: &Files,
    beside: &Beside,
    folder: &str,
    lesson: LessonToml,
) -> Result<(LessonBundle, AnswersBundle), LessonError> {
    let file = format!("{folder}/lesson.toml");
    let spot = whole(&file);
    spot.both("title", &lesson.title)?;
    spot.both("summary", &lesson.summary)?;
    spot.at_most("tasks", lesson.tasks.len(), MAX_TASKS)?;
    spot.at_most("hints", lesson.hints.len(), MAX_LIST)?;
    spot.at_most("sources", lesson.sources.len(), MAX_LIST)?;
    spot.unique("sources", lesson.sources.iter().map(|s| s.id.as_str()))?;
    spot.unique("tasks", lesson.tasks.iter().map(Id::as_str))?;
    spot.at_most("names", lesson.names.len(), MAX_NAMES)?;
    let sources: Vec<&str> = lesson.sources.iter().map(|s| s.id.as_str()).collect();
    let questions: Vec<&str> = beside.questions.iter().map(|q| q.id.as_str()).collect();
    let context = Context {
        lesson: folder,
        sources: &sources,
        terms: &beside.terms,
        questions: &questions,
    };
    let text = LocalProse {
        ko: text_file(files, &format!("{folder}/ko.md"), &context)?,
        en: text_file(files, &format!("{folder}/en.md"), &context)?,
    };
    let mut hints = Vec::new();
    for (i, hint) in lesson.hints.iter().enumerate() {
        let path = format!("hints[{i}]");
        spot.both(&path, hint)?;
        hints.push(prose(&file, &path, hint, &context)?);
    }
    let mut tasks = Vec::new();
    let mut answers = Vec::new();
    for id in &lesson.tasks {
        let folder = format!("{folder}/tasks/{id}");
        let file = task_file(&folder);
        let task = read_task(files, &folder)?;
        let (graded, answer) = graded(files, &folder, &task)?;
        tasks.push(LessonTask {
            prompt: prose(&file, "prompt", &task.prompt, &context)?,
            think: prose(&file, "think", &task.think, &context)?,
            discussion: task.discussion,
            graded,
        });
        answers.push(answer);
    }
    let (extras, drawings) = extras(files, folder, spot, &lesson.extras)?;
    let bundle = LessonBundle {
        id: lesson.id.clone(),
        session: lesson.session,
        title: lesson.title,
        summary: lesson.summary,
        text,
        hints,
        sources: lesson.sources,
        tasks,
        names: lesson.names,
        extras,
    };
    Ok((
        bundle,
        AnswersBundle {
            id: lesson.id,
            tasks: answers,
            extras: drawings,
        },
    ))
}

/// Further scenarios, with the drawings for them.
fn extras(
    files: &Files,
    folder: &str,
    spot: Spot<'_>,
    listed: &[ExtraToml],
) -> Result<(Vec<Extra>, BTreeMap<Id, String>), LessonError> {
    spot.at_most("extra", listed.len(), MAX_EXTRAS)?;
    let (mut extras, mut drawings) = (Vec::new(), BTreeMap::new());
    for extra in listed {
        let file = format!("{folder}/{}", extra.scenario);
        let text = read(files, &file)?;
        let scenario = check::scenario(whole(&file), text)?;
        if let Some(name) = &extra.design {
            let drawing = design(files, folder, name, &scenario)?;
            drawings.insert(extra.id.clone(), drawing);
        }
        extras.push(Extra {
            id: extra.id.clone(),
            title: extra.title.clone(),
            about: extra.about.clone(),
            scenario: text.to_owned(),
            drawn: extra.design.is_some(),
        });
    }
    check::extras(spot, &extras)?;
    Ok((extras, drawings))
}

/// Reads a file of Markdown.
fn text_file(files: &Files, file: &str, context: &Context<'_>) -> Result<Vec<Node>, LessonError> {
    let text = read(files, file)?;
    if text.trim().is_empty() {
        return Err(LessonError::new("missing_text", file, "", ""));
    }
    parse(text, context).map_err(|refusal| LessonError {
        line: refusal.line,
        ..LessonError::new(refusal.code, file, "", refusal.detail)
    })
}

/// Reads the Markdown of a value in a TOML file.
fn prose(
    file: &str,
    path: &str,
    text: &LocalText,
    context: &Context<'_>,
) -> Result<LocalProse, LessonError> {
    let read = |lang: &str, text: &str| {
        // The line within the value would be taken for one of the file.
        parse(text, context).map_err(|refusal| {
            LessonError::new(
                refusal.code,
                file,
                &format!("{path}.{lang}"),
                refusal.detail,
            )
        })
    };
    Ok(LocalProse {
        ko: read("ko", &text.ko)?,
        en: read("en", &text.en)?,
    })
}

fn design(
    files: &Files,
    folder: &str,
    name: &str,
    scenario: &Scenario,
) -> Result<String, LessonError> {
    let file = format!("{folder}/{name}");
    let text = read(files, &file)?;
    check::design(whole(&file), text, scenario)?;
    Ok(text.to_owned())
}

/// A file as the place of an error.
const fn whole(file: &str) -> Spot<'_> {
    Spot { file, at: "" }
}

fn read<'a>(files: &'a Files, file: &str) -> Result<&'a str, LessonError> {
    files
        .get(file)
        .map(String::as_str)
        .ok_or_else(|| LessonError::new("missing_file", file, "", ""))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
