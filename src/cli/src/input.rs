//! Reading what the command line names: designs, scenarios, tasks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archplay_course::LessonError;
use archplay_course::bundle::{self, Pack, TaskAnswers, TaskBundle};
use archplay_model::format::{RunDoc, read_design, read_run, read_scenario};
use archplay_model::limits::MAX_FILE_BYTES;
use archplay_model::presets::Preset;
use archplay_model::{Design, Problem, Scenario};

use crate::print::Out;

/// Reads a design; what the loader mended comes beside it. Tells what is wrong if it cannot.
pub(crate) fn design(path: &Path, out: &mut Out) -> Option<(Design, Vec<Problem>)> {
    let text = read(path, out)?;
    match read_design(&text) {
        Ok(read) => Some(read),
        Err(error) => {
            out.load_error(&path.display().to_string(), &error);
            None
        }
    }
}

/// Reads a run's file.
pub(crate) fn run(path: &Path, out: &mut Out) -> Option<RunDoc> {
    let text = read(path, out)?;
    match read_run(&text) {
        Ok(doc) => Some(doc),
        Err(error) => {
            out.load_error(&path.display().to_string(), &error);
            None
        }
    }
}

/// Finds a scenario by a preset's name, a file, or a task's folder.
pub(crate) fn scenario(name: &str, out: &mut Out) -> Option<Scenario> {
    if let Some(preset) = Preset::from_slug(&name.replace('-', "_")) {
        return parsed(name, preset.json(), out);
    }
    let path = Path::new(name);
    let file = if path.is_file() {
        path.to_owned()
    } else if let Some(folder) = task_folder(name) {
        folder.join("scenario.json")
    } else {
        let presets = Preset::ALL.map(Preset::slug).join(", ");
        let text = out.tf("cli.no_scenario", &[("name", name), ("presets", &presets)]);
        out.note(&text);
        return None;
    };
    let text = read(&file, out)?;
    parsed(&file.display().to_string(), &text, out)
}

/// Reads a task with its scenario: from a task's folder, or from a lesson (folder or file) that has one task, or
/// whose task is named after a `#`.
pub(crate) fn task(name: &str, out: &mut Out) -> Option<(TaskBundle, Scenario)> {
    let (bundle, _) = answers(name, out)?;
    let scenario = parsed(name, &bundle.scenario, out)?;
    Some((bundle, scenario))
}

/// Reads a task with its prepared designs, from wherever [`task`] reads one.
pub(crate) fn answers(name: &str, out: &mut Out) -> Option<(TaskBundle, TaskAnswers)> {
    let (place, wanted) = match name.rsplit_once('#') {
        Some((place, wanted)) => (place, Some(wanted)),
        None => (name, None),
    };
    match task_folder(name) {
        Some(folder) => folder_task(&folder, out),
        None if is_lesson(Path::new(place)) => {
            let pack = lesson(Path::new(place), out)?;
            let several = pack.lesson.tasks.len() > 1;
            let graded = pack.lesson.tasks.into_iter().map(|task| task.graded);
            let found = graded.zip(pack.answers.tasks).find(|(graded, _)| {
                wanted.map_or(!several, |wanted| graded.task.id.as_str() == wanted)
            });
            if found.is_none() {
                out.note(&out.tf("cli.which_task", &[("name", place)]));
            }
            found
        }
        None => {
            let text = out.tf("cli.no_task", &[("name", name)]);
            out.note(&text);
            None
        }
    }
}

fn folder_task(folder: &Path, out: &mut Out) -> Option<(TaskBundle, TaskAnswers)> {
    let prefix = folder.file_name()?.to_string_lossy().into_owned();
    let mut files = BTreeMap::new();
    texts(folder, &prefix, 0, &mut files, out)?;
    match bundle::build_task(&files, &prefix) {
        Ok(read) => Some(read),
        Err(error) => {
            out.lesson_error(&error);
            None
        }
    }
}

fn is_lesson(path: &Path) -> bool {
    path.join("lesson.toml").is_file() || path.is_file()
}

/// Reads and checks a lesson: a folder with a `lesson.toml`, or a lesson's file.
pub(crate) fn lesson(path: &Path, out: &mut Out) -> Option<Pack> {
    let read = if path.is_file() {
        let name = path.display().to_string();
        bundle::read_pack(&name, &read(path, out)?)
    } else {
        let folder = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = folder.file_name()?.to_string_lossy().into_owned();
        let mut files = BTreeMap::new();
        texts(path, &name, 0, &mut files, out)?;
        bundle::build_pack(&files, &name)
    };
    match read {
        Ok(pack) => Some(pack),
        Err(error) => {
            out.lesson_error(&error);
            None
        }
    }
}

/// The deepest folder of a lesson that is looked into.
const MAX_DEPTH: usize = 4;
/// The most files of a lesson.
const MAX_FILES: usize = 1_000;

/// Reads the texts of a lesson's folder, by their path with the folder's name in front.
fn texts(
    folder: &Path,
    name: &str,
    depth: usize,
    files: &mut BTreeMap<String, String>,
    out: &mut Out,
) -> Option<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            out.cannot_read(&folder.display().to_string(), &error);
            return None;
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let below = format!("{name}/{}", path.file_name()?.to_string_lossy());
        let text = path
            .extension()
            .is_some_and(|e| e == "toml" || e == "md" || e == "json");
        // A link may lead out of the folder.
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() && depth < MAX_DEPTH {
            texts(&path, &below, depth + 1, files, out)?;
        } else if path.is_file() && text {
            let size = std::fs::metadata(&path).map_or(0, |data| data.len());
            if size > MAX_FILE_BYTES as u64 || files.len() >= MAX_FILES {
                out.lesson_error(&LessonError::new("too_big", &below, "", size));
                return None;
            }
            files.insert(below, read(&path, out)?);
        }
    }
    Some(())
}

/// A folder with a `task.toml`: the path as it is, or under `lessons/` here or above.
fn task_folder(name: &str) -> Option<PathBuf> {
    let given = Path::new(name);
    let here = std::env::current_dir().unwrap_or_default();
    let below = here.ancestors().map(|dir| dir.join("lessons").join(given));
    std::iter::once(here.join(given))
        .chain(below)
        .find(|dir| dir.join("task.toml").is_file())
}

fn parsed(name: &str, text: &str, out: &mut Out) -> Option<Scenario> {
    match read_scenario(text) {
        Ok(scenario) => Some(scenario),
        Err(error) => {
            out.load_error(name, &error);
            None
        }
    }
}

fn read(path: &Path, out: &mut Out) -> Option<String> {
    match std::fs::read(path) {
        // Bytes that are no UTF-8 become a mark at which the parser stops, with line and column.
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            out.cannot_read(&path.display().to_string(), &error);
            None
        }
    }
}
