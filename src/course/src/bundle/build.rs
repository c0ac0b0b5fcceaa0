//! From the texts of a lesson folder to the page's files, refusing what is broken.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::check::check;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::LocalText;
use archplay_model::{Id, Problem, Scenario, Severity};
use serde::Serialize;

use super::{
    AnswersBundle, LessonBundle, LessonEntry, LessonIndex, LessonTask, ReferenceDesign,
    TaskAnswers, TaskBundle, WrongDesign,
};
use crate::fields;
use crate::lesson::{LessonToml, TaskToml, parse_lesson, parse_task};
use crate::prose::{Context, LocalProse, Node, parse};
use crate::{LessonError, TaskRun};

type Files = BTreeMap<String, String>;

/// Bundles all lessons. `files` maps paths relative to `lessons/` (with `/`) to their texts; a lesson is a
/// folder with a `lesson.toml`. Returns the names and contents of the page's files.
///
/// # Errors
/// [`LessonError`] with place and reason for the first thing that is broken.
pub fn build(files: &Files) -> Result<Vec<(String, String)>, LessonError> {
    let mut index = LessonIndex::default();
    let mut out = Vec::new();
    for (path, text) in files {
        let Some(folder) = path
            .strip_suffix("/lesson.toml")
            .filter(|f| !f.contains('/'))
        else {
            continue;
        };
        let lesson = parse_lesson(path, text)?;
        if lesson.id.as_str() != folder {
            return Err(LessonError::new("wrong_id", path, "id", &lesson.id));
        }
        let (bundle, answers) = build_lesson(files, folder, lesson)?;
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
    check_task(&file, &task)?;
    Ok(task)
}

fn graded(
    files: &Files,
    folder: &str,
    task: &TaskToml,
) -> Result<(TaskBundle, TaskAnswers), LessonError> {
    let scenario_file = format!("{folder}/scenario.json");
    let scenario_text = read(files, &scenario_file)?;
    let scenario = read_scenario(scenario_text)
        .map_err(|e| LessonError::new("bad_document", &scenario_file, &e.path, &e))?;
    let file = task_file(folder);
    fields::check(&file, task, &scenario)?;
    let start = design(files, folder, "start.json", &scenario)?;
    check_runs(&file, task, &scenario, &start)?;
    let mut answers = TaskAnswers {
        task: task.id.clone(),
        references: Vec::new(),
        wrongs: Vec::new(),
    };
    for reference in &task.references {
        answers.references.push(ReferenceDesign {
            about: reference.clone(),
            design: design(files, folder, &reference.file, &scenario)?,
        });
    }
    for wrong in &task.wrongs {
        answers.wrongs.push(WrongDesign {
            about: wrong.clone(),
            design: design(files, folder, &wrong.file, &scenario)?,
        });
    }
    let bundle = TaskBundle {
        task: task.task(),
        scenario: scenario_text.to_owned(),
        start,
    };
    Ok((bundle, answers))
}

fn build_lesson(
    files: &Files,
    folder: &str,
    lesson: LessonToml,
) -> Result<(LessonBundle, AnswersBundle), LessonError> {
    let file = format!("{folder}/lesson.toml");
    both(&file, "title", &lesson.title)?;
    both(&file, "summary", &lesson.summary)?;
    unique(
        &file,
        "sources",
        lesson.sources.iter().map(|s| s.id.as_str()),
    )?;
    unique(&file, "tasks", lesson.tasks.iter().map(Id::as_str))?;
    let sources: Vec<&str> = lesson.sources.iter().map(|s| s.id.as_str()).collect();
    let context = Context {
        lesson: folder,
        sources: &sources,
    };
    let text = LocalProse {
        ko: text_file(files, &format!("{folder}/ko.md"), &context)?,
        en: text_file(files, &format!("{folder}/en.md"), &context)?,
    };
    let mut hints = Vec::new();
    for (i, hint) in lesson.hints.iter().enumerate() {
        let path = format!("hints[{i}]");
        both(&file, &path, hint)?;
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
            graded,
        });
        answers.push(answer);
    }
    let bundle = LessonBundle {
        id: lesson.id.clone(),
        session: lesson.session,
        title: lesson.title,
        summary: lesson.summary,
        text,
        hints,
        sources: lesson.sources,
        tasks,
    };
    Ok((
        bundle,
        AnswersBundle {
            id: lesson.id,
            tasks: answers,
        },
    ))
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

fn check_task(file: &str, task: &TaskToml) -> Result<(), LessonError> {
    both(file, "title", &task.title)?;
    both(file, "prompt", &task.prompt)?;
    both(file, "think", &task.think)?;
    if task.runs.is_empty() || task.targets.is_empty() {
        return Err(LessonError::new("out_of_range", file, "runs, targets", "0"));
    }
    unique(file, "runs", task.runs.iter().map(|r| r.id.as_str()))?;
    unique(file, "targets", task.targets.iter().map(|t| t.id.as_str()))?;
    for (i, run) in task.runs.iter().enumerate() {
        both(file, &format!("runs[{i}].name"), &run.name)?;
        for (field, factor) in [("load", run.load), ("data", run.data)] {
            if !(factor.is_finite() && factor > 0.0 && factor <= 100.0) {
                let path = format!("runs[{i}].{field}");
                return Err(LessonError::new("out_of_range", file, &path, factor));
            }
        }
    }
    let runs: BTreeSet<&Id> = task.runs.iter().map(|r: &TaskRun| &r.id).collect();
    let targets: BTreeSet<&Id> = task.targets.iter().map(|t| &t.id).collect();
    for (i, target) in task.targets.iter().enumerate() {
        known(file, &format!("targets[{i}].runs"), &target.runs, &runs)?;
    }
    known(file, "start_misses", &task.start_misses, &targets)?;
    known(file, "table", &task.table, &targets)?;
    for (i, reference) in task.references.iter().enumerate() {
        both(file, &format!("reference[{i}].name"), &reference.name)?;
        both(file, &format!("reference[{i}].about"), &reference.about)?;
    }
    for (i, wrong) in task.wrongs.iter().enumerate() {
        both(file, &format!("wrong[{i}].name"), &wrong.name)?;
        both(file, &format!("wrong[{i}].why"), &wrong.why)?;
        known(file, &format!("wrong[{i}].misses"), &wrong.misses, &targets)?;
        known(
            file,
            &format!("wrong[{i}].reaches"),
            &wrong.reaches,
            &targets,
        )?;
        known(
            file,
            &format!("wrong[{i}].fails_in"),
            &wrong.fails_in,
            &runs,
        )?;
        if wrong.misses.is_empty() && wrong.fails_in.is_empty() {
            let path = format!("wrong[{i}].misses");
            return Err(LessonError::new(
                "missing_text",
                file,
                &path,
                "no reason is named",
            ));
        }
    }
    Ok(())
}

/// Checks every graded run's own load, data and faults on the drawing at the start.
fn check_runs(
    file: &str,
    task: &TaskToml,
    scenario: &Scenario,
    start: &str,
) -> Result<(), LessonError> {
    let Ok((start, _)) = read_design(start) else {
        return Ok(());
    };
    for (i, run) in crate::plan(&task.task(), scenario, 1).iter().enumerate() {
        let problems = check(&start, &run.scenario);
        if let Some(problem) = problems.iter().find(|p| p.severity == Severity::Error) {
            let detail = format!("{} {:?}", problem.code, problem.args);
            let path = format!("runs[{i}]");
            return Err(LessonError::new("bad_document", file, &path, detail));
        }
    }
    Ok(())
}

fn design(
    files: &Files,
    folder: &str,
    name: &str,
    scenario: &Scenario,
) -> Result<String, LessonError> {
    let file = format!("{folder}/{name}");
    let text = read(files, &file)?;
    let (design, mended) =
        read_design(text).map_err(|e| LessonError::new("bad_document", &file, &e.path, &e))?;
    let mut problems = mended;
    problems.extend(check(&design, scenario));
    // A warning of the checker may be what a drawing is about; a mended file is a mistake of ours.
    let bad = |p: &&Problem| p.severity == Severity::Error || p.code.starts_with("dropped_");
    match problems.iter().find(bad) {
        Some(problem) => {
            let detail = format!("{} {:?}", problem.code, problem.args);
            Err(LessonError::new("bad_document", &file, "", detail))
        }
        None => Ok(text.to_owned()),
    }
}

fn read<'a>(files: &'a Files, file: &str) -> Result<&'a str, LessonError> {
    files
        .get(file)
        .map(String::as_str)
        .ok_or_else(|| LessonError::new("missing_file", file, "", ""))
}

fn both(file: &str, path: &str, text: &LocalText) -> Result<(), LessonError> {
    if text.ko.trim().is_empty() || text.en.trim().is_empty() {
        return Err(LessonError::new("missing_text", file, path, ""));
    }
    Ok(())
}

fn unique<'a>(
    file: &str,
    path: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<(), LessonError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(LessonError::new("duplicate_id", file, path, id));
        }
    }
    Ok(())
}

fn known(file: &str, path: &str, ids: &[Id], there: &BTreeSet<&Id>) -> Result<(), LessonError> {
    match ids.iter().find(|id| !there.contains(id)) {
        Some(id) => Err(LessonError::new("unknown_id", file, path, id)),
        None => Ok(()),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
