//! Reading what the command line names: designs, scenarios, tasks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archplay_course::bundle::{self, TaskBundle};
use archplay_model::format::{RunDoc, read_design, read_run, read_scenario};
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

/// Reads a task with its scenario.
pub(crate) fn task(name: &str, out: &mut Out) -> Option<(TaskBundle, Scenario)> {
    let Some(folder) = task_folder(name) else {
        let text = out.tf("cli.no_task", &[("name", name)]);
        out.note(&text);
        return None;
    };
    let mut files = BTreeMap::new();
    let prefix = folder.file_name()?.to_string_lossy().into_owned();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            out.cannot_read(&folder.display().to_string(), &error);
            return None;
        }
    };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if path.extension().is_some_and(|e| e == "json" || e == "toml") {
            let name = path.file_name()?.to_string_lossy().into_owned();
            files.insert(format!("{prefix}/{name}"), read(&path, out)?);
        }
    }
    match bundle::build_task(&files, &prefix) {
        Ok((bundle, _)) => {
            let scenario = parsed(&format!("{prefix}/scenario.json"), &bundle.scenario, out)?;
            Some((bundle, scenario))
        }
        Err(error) => {
            out.lesson_error(&error);
            None
        }
    }
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
