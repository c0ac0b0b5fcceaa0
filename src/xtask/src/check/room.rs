//! Room on the disk: where it runs short, what was built and no later step needs goes.
//!
//! Elsewhere nothing is thrown away, since the next run would have to build it again.

use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::files;
use crate::project::Project;
use crate::setup::TARGET;

/// With less than this the steps that still have to build something may not end: the site with its standard
/// library takes a good gigabyte.
const SHORT: u64 = 3 << 30;

/// What a few steps build that is theirs alone.
struct Spent {
    /// The steps that need it.
    steps: &'static [&'static str],
    about: &'static str,
    find: fn(&Project) -> Result<Vec<PathBuf>>,
}

const SPENT: [Spent; 2] = [
    Spent {
        steps: &["house", "clippy", "native", "doc"],
        about: "native test programs",
        find: test_programs,
    },
    Spent {
        steps: &["wasm"],
        about: "the browser tests' programs",
        find: wasm_tests,
    },
];

/// Throws away what none of the steps still to come needs, if room is short; tells what went.
///
/// # Errors
/// Something cannot be listed.
pub fn make(project: &Project, to_come: &[&str]) -> Result {
    if available(project).is_none_or(|free| free >= SHORT) {
        return Ok(());
    }
    for spent in &SPENT {
        if spent.steps.iter().any(|step| to_come.contains(step)) {
            continue;
        }
        let mut gone = 0;
        for path in (spent.find)(project)? {
            let bytes = size(&path)?;
            let removed = if path.is_dir() {
                files::remove_folder(&path)
            } else {
                files::remove(&path)
            };
            // One that runs may not let itself be removed: the task runner is among them.
            gone += removed.map_or(0, |()| bytes);
        }
        if gone > 0 {
            let mb = gone / 1_000_000;
            println!(
                "the disk is short of room: {} removed ({mb} MB)",
                spent.about
            );
        }
    }
    Ok(())
}

/// Bytes free where cargo builds; `None` if that cannot be told.
fn available(project: &Project) -> Option<u64> {
    let built = project.target();
    let place = if built.is_dir() {
        built
    } else {
        project.root()
    };
    fs4::available_space(place).ok()
}

/// Programs that cargo built to test with, and what it keeps to build them faster the next time. The libraries
/// stay: the command line, which the tests of the page use, is made of them.
fn test_programs(project: &Project) -> Result<Vec<PathBuf>> {
    let debug = project.target().join("debug");
    let programs = debug.join("deps");
    let mut found = Vec::new();
    if programs.is_dir() {
        found = files::entries(&programs)?;
        found.retain(|path| is_program(path));
    }
    found.extend(Some(debug.join("incremental")).filter(|folder| folder.is_dir()));
    Ok(found)
}

/// Whether cargo gave the file a program's name: no ending, or that of Windows.
fn is_program(path: &Path) -> bool {
    path.is_file() && path.extension().is_none_or(|ending| ending == "exe")
}

fn wasm_tests(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = project.wasm_target().join(TARGET).join("debug");
    Ok(Some(folder)
        .filter(|folder| folder.is_dir())
        .into_iter()
        .collect())
}

/// Bytes of a file, or of all files in a folder.
fn size(path: &Path) -> Result<u64> {
    let all = if path.is_dir() {
        files::walk(path)?
    } else {
        vec![path.to_path_buf()]
    };
    let sizes = all.iter().filter_map(|file| file.metadata().ok());
    Ok(sizes.map(|about| about.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_named_is_one() {
        for step in SPENT.iter().flat_map(|spent| spent.steps) {
            assert!(
                super::super::CHECKS.iter().any(|check| check.name == *step),
                "{step}"
            );
        }
    }

    #[test]
    fn libraries_are_no_programs() {
        let folder = std::env::temp_dir().join(format!("archplay-room-{}", std::process::id()));
        for name in ["lib.rlib", "lib.d", "app-1", "tool-2.exe"] {
            files::write(&folder.join(name), "x").unwrap();
        }
        let mut found = files::entries(&folder).unwrap();
        found.retain(|path| is_program(path));
        assert_eq!(found, [folder.join("app-1"), folder.join("tool-2.exe")]);
        assert_eq!(size(&folder).unwrap(), 4);
        files::remove_folder(&folder).unwrap();
    }
}
