//! Which tasks have been passed, kept in the browser.

use archplay_course::bundle::LessonEntry;

use crate::app::store::local;

fn key(lesson: &str, task: &str) -> String {
    format!("archplay/passed/{lesson}/{task}")
}

/// Remembers a passed task by the name under which it was graded: lesson, slash, task.
pub fn remember(name: &str) {
    if let Some((lesson, task)) = name.split_once('/') {
        local::set(&key(lesson, task), "1");
    }
}

/// Whether all tasks of a lesson have been passed.
pub fn passed(entry: &LessonEntry) -> bool {
    !entry.tasks.is_empty()
        && entry
            .tasks
            .iter()
            .all(|task| local::get(&key(entry.id.as_str(), task.as_str())).is_some())
}
