//! Running other programs.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, OrFail, Result};
use crate::files;
use crate::progress::Step;

/// How often a quiet program's step says that it still goes on.
const STILL_EVERY: Duration = Duration::from_secs(30);
/// How much of a failed quiet program's output is shown.
const TAIL_LINES: usize = 25;

/// Runs a program that talks to the reader itself.
pub fn run(command: &mut Command) -> Result {
    let status = command
        .stdin(Stdio::null())
        .status()
        .or_fail(|| format!("cannot start {}", name_of(command)))?;
    judge(command, status)
}

/// Runs a program with its output in a log; shows progress, and the log's end on failure.
pub fn run_quiet(command: &mut Command, log: &Path, step: &Step) -> Result {
    if let Some(folder) = log.parent() {
        files::make_folder(folder)?;
    }
    let file = File::create(log).or_fail(|| format!("cannot write {}", log.display()))?;
    let copy = file
        .try_clone()
        .or_fail(|| format!("cannot write {}", log.display()))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(copy)
        .spawn()
        .or_fail(|| format!("cannot start {}", name_of(command)))?;
    let mut said = Instant::now();
    let status = loop {
        match child
            .try_wait()
            .or_fail(|| format!("lost {}", name_of(command)))?
        {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(100)),
        }
        if said.elapsed() >= STILL_EVERY {
            step.still();
            said = Instant::now();
        }
    };
    judge(command, status).map_err(|failure| {
        let text = files::read_text(log).unwrap_or_default();
        let place = log.display();
        Failure::new(format!(
            "{failure}\nThe end of {place}:\n{}",
            tail(&text, TAIL_LINES)
        ))
    })
}

/// Returns what a program writes, when it can be started and succeeds.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Finds a program on the user's path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    find_in(env::split_paths(&env::var_os("PATH")?), name)
}

/// Finds a program in some folders, with the endings Windows uses.
pub fn find_in(folders: impl Iterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd", ".bat"]
    } else {
        &[""]
    };
    folders
        .flat_map(|folder| endings.iter().map(move |ending| (folder.clone(), *ending)))
        .map(|(folder, ending)| folder.join(format!("{name}{ending}")))
        .find(|path| path.is_file())
}

/// Starts a command for a tool outside this build, free of what cargo set for us.
///
/// `cargo run` hands down its own toolchain's library path and name, and another
/// toolchain's compiler must not see them.
pub fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove("CARGO").env_remove("CARGO_MANIFEST_DIR");
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        let Some(value) = env::var_os(name) else {
            continue;
        };
        let kept = env::split_paths(&value).filter(|path| !set_by_cargo(path));
        match env::join_paths(kept) {
            Ok(kept) if !kept.is_empty() => command.env(name, kept),
            _ => command.env_remove(name),
        };
    }
    command
}

/// Tells a program's failure from its success.
fn judge(command: &Command, status: ExitStatus) -> Result {
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .map_or("a signal".to_owned(), |code| format!("code {code}"));
    Err(Failure::new(format!(
        "{} ended with {code}",
        name_of(command)
    )))
}

/// Names a command by its program and first arguments.
fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program
        .file_stem()
        .unwrap_or(command.get_program())
        .to_string_lossy();
    let words = command
        .get_args()
        .take(3)
        .map(|word| word.to_string_lossy());
    let words: Vec<_> = words.collect();
    format!("`{program} {}`", words.join(" "))
}

fn set_by_cargo(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "toolchains" || part == "target" || part == "rustlib")
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_keeps_the_last_lines() {
        assert_eq!(tail("a\nb\nc", 2), "b\nc");
        assert_eq!(tail("a", 5), "a");
        assert_eq!(tail("", 5), "");
    }

    #[test]
    fn cargo_s_own_library_folders_are_recognised() {
        assert!(set_by_cargo(Path::new("/r/.rustup/toolchains/stable/lib")));
        assert!(set_by_cargo(Path::new("/p/target/debug/deps")));
        assert!(!set_by_cargo(Path::new("/usr/local/lib")));
    }
}
