//! What has been reached in which task, kept in the browser: shown, taken out as a file, forgotten.

use std::rc::Rc;

use archplay_course::bundle::LessonEntry;
use archplay_course::{Progress, ProgressFile, Verdict};
use yew::prelude::*;

use super::data::TaskRef;
use super::figure;
use crate::app::dialog::{Toast, say, use_toasts};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::save_file;
use crate::app::store::local;

const PREFIX: &str = "archplay/progress/";
/// Versions before this one kept no more than that a task was passed.
const OLD_PREFIX: &str = "archplay/passed/";
/// How many hints of a lesson are open; see `hints`.
const HINTS_PREFIX: &str = "archplay/hints/";
/// Tasks that were given up: their answers are shown.
const GAVE_UP_PREFIX: &str = "archplay/gave-up/";
const FILE: &str = "archplay-progress.json";

/// Remembers a verdict by the name under which it was graded: lesson, slash, task.
pub fn remember(name: &str, verdict: &Verdict) {
    let mut progress = read(name);
    progress.note(verdict);
    if let Ok(json) = serde_json::to_string(&progress) {
        local::set(&format!("{PREFIX}{name}"), &json);
    }
}

/// What was reached in a task, by lesson, slash, task.
pub fn read(name: &str) -> Progress {
    let kept = local::get(&format!("{PREFIX}{name}"));
    kept.and_then(|text| Progress::read(&text))
        .unwrap_or_default()
}

/// Whether the answers of a task may be shown without asking: it was passed or given up. By lesson, slash, task.
pub fn may_see_answers(name: &str) -> bool {
    let given_up = local::get(&format!("{GAVE_UP_PREFIX}{name}")).is_some();
    given_up || read(name).passed
}

/// Remembers that a task was given up.
pub fn give_up(name: &str) {
    local::set(&format!("{GAVE_UP_PREFIX}{name}"), "1");
}

/// Whether all tasks of a lesson have been passed.
pub fn passed(entry: &LessonEntry) -> bool {
    !entry.tasks.is_empty()
        && entry.tasks.iter().all(|task| {
            let name = format!("{}/{task}", entry.id);
            read(&name).passed || local::get(&format!("{OLD_PREFIX}{name}")).is_some()
        })
}

/// Hands all of it to the person as a file.
pub fn save() {
    save_file(FILE, &export());
}

fn export() -> String {
    let kept = local::keys(PREFIX).into_iter();
    let tasks = kept.filter_map(|key| {
        let name = key.strip_prefix(PREFIX)?.to_owned();
        let progress = read(&name);
        Some((name, progress))
    });
    let file = ProgressFile::new(tasks.collect());
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// What was kept under some keys; nothing where there was nothing.
pub type Kept = Vec<(String, Option<String>)>;

/// Takes in what a file holds: of each task the better. Returns what was kept before.
pub fn merge(file: ProgressFile) -> Kept {
    let mut before = Kept::new();
    for (name, progress) in file.tasks {
        let key = format!("{PREFIX}{name}");
        before.push((key.clone(), local::get(&key)));
        let mut merged = read(&name);
        merged.merge(&progress);
        if let Ok(json) = serde_json::to_string(&merged) {
            local::set(&key, &json);
        }
    }
    before
}

/// Forgets everything, opened hints and tasks given up included; returns what was kept.
pub fn forget() -> Kept {
    let keys = [PREFIX, OLD_PREFIX, HINTS_PREFIX, GAVE_UP_PREFIX];
    let keys = keys.into_iter().flat_map(local::keys);
    let kept: Kept = keys.map(|key| (key.clone(), local::get(&key))).collect();
    for (key, _) in &kept {
        local::remove(key);
    }
    kept
}

/// Brings back what was kept before.
pub fn restore(kept: &Kept) {
    for (key, value) in kept {
        match value {
            Some(value) => drop(local::set(key, value)),
            None => local::remove(key),
        }
    }
}

/// Whose progress.
#[derive(Properties, PartialEq)]
pub struct RecordProps {
    /// The task.
    pub task: TaskRef,
    /// The name by which its gradings come back.
    pub name: String,
    /// The verdict that is shown; it may be kept a moment later.
    pub verdict: Option<Rc<Verdict>>,
}

/// The best so far, with a way to take all of it out and to begin anew.
#[component]
pub fn Record(props: &RecordProps) -> Html {
    let lang = use_lang();
    let toasts = use_toasts();
    let forgotten = use_state_eq(|| false);
    use_effect_with(props.verdict.clone(), {
        let forgotten = forgotten.setter();
        move |_| forgotten.set(false)
    });
    let mut progress = read(&props.name);
    if let Some(verdict) = props.verdict.as_ref().filter(|_| !*forgotten) {
        progress.note(verdict);
    }
    if progress == Progress::default() {
        return Html::default();
    }
    let targets = &props.task.task.targets;
    let reached = |id: &str| progress.reached.iter().any(|known| known == id);
    let met = targets.iter().filter(|t| reached(t.id.as_str())).count();
    let (score, met, all) = (
        figure::points(progress.best),
        met.to_string(),
        targets.len().to_string(),
    );
    let args = [("score", &*score), ("met", &met), ("all", &all)];
    let take_out = Callback::from(|_: MouseEvent| save());
    let reset = Callback::from(move |_: MouseEvent| {
        let kept = forget();
        forgotten.set(true);
        let forgotten = forgotten.clone();
        let back = Callback::from(move |()| {
            restore(&kept);
            forgotten.set(false);
        });
        let toast = Toast::done(say("progress.forgotten"));
        toasts.emit(toast.with_action(say("bar.undo"), back));
    });
    html! {
        <section class="record">
            <p>{ trf(lang, "progress.best", &args) }</p>
            <button type="button" class="link-btn" onclick={take_out}>{ tr(lang, "progress.export") }</button>
            <button type="button" class="link-btn" onclick={reset}>{ tr(lang, "progress.forget") }</button>
        </section>
    }
}
