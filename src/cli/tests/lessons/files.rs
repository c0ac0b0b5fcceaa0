//! The lessons as they are written and as they are built.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use archplay_course::bundle::{self, AnswersBundle, LessonBundle, LessonIndex, TaskBundle};
use archplay_course::{TaskToml, parse_task};
use archplay_model::scenario::LocalText;

use crate::common;

/// All files below a folder with one of the endings, by path relative to it, with `/`.
pub fn texts(dir: &Path, endings: &[&str]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let key = path
                    .strip_prefix(dir)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                out.insert(key, fs::read_to_string(&path).unwrap());
            }
        }
    }
    out
}

pub fn files() -> BTreeMap<String, String> {
    texts(&common::root().join("lessons"), &[".toml", ".md", ".json"])
}

/// The lessons to prove. Whoever writes one names it (`ARCHPLAY_LESSON=04`), because all of them take minutes.
pub fn lessons() -> Vec<(LessonBundle, AnswersBundle)> {
    let only = std::env::var("ARCHPLAY_LESSON").unwrap_or_default();
    let mut lessons = all_lessons();
    lessons.retain(|(lesson, _)| lesson.id.as_str().starts_with(&only));
    assert!(!lessons.is_empty(), "no lesson begins with {only}");
    lessons
}

pub fn all_lessons() -> Vec<(LessonBundle, AnswersBundle)> {
    let built: BTreeMap<String, String> = bundle::build(&files())
        .unwrap_or_else(|e| panic!("{e}"))
        .into_iter()
        .collect();
    let index: LessonIndex = serde_json::from_str(&built["index.json"]).unwrap();
    assert!(!index.lessons.is_empty());
    let read = index.lessons.iter().map(|entry| {
        let lesson = serde_json::from_str(&built[&format!("{}.ko.json", entry.id)]).unwrap();
        let answers = serde_json::from_str(&built[&format!("{}.answers.json", entry.id)]).unwrap();
        (lesson, answers)
    });
    read.collect()
}

pub fn tasks(lesson: &LessonBundle) -> impl Iterator<Item = &TaskBundle> {
    lesson.tasks.iter().map(|task| &task.graded)
}

/// A lesson's text as it is written; the bundle has only the tree.
pub fn markdown(lesson: &LessonBundle) -> LocalText {
    let files = files();
    let text = |lang: &str| files[&format!("{}/{lang}.md", lesson.id)].clone();
    LocalText {
        ko: text("ko"),
        en: text("en"),
    }
}

/// A task's file as it is written; the bundle has only what is graded.
pub fn written(lesson: &LessonBundle, task: &TaskBundle) -> TaskToml {
    let name = format!("{}/tasks/{}/task.toml", lesson.id, task.task.id);
    parse_task(&name, &files()[&name]).unwrap()
}
