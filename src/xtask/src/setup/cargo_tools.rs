//! Tools that come from crates.io: trunk and wasm-bindgen.

use std::path::{Path, PathBuf};

use super::Toolbox;
use crate::command;
use crate::failure::Result;
use crate::lockfile;
use crate::progress::Steps;

/// The trunk that is installed where none is there.
const TRUNK: &str = "0.21.14";
/// The releases of trunk that are known to build the page.
const TRUNK_SERIES: [&str; 2] = ["0.21.", "0.22."];

/// A crate with programs in it.
struct Tool<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
    minutes: u32,
    options: &'a [&'a str],
}

/// Finds trunk of a known series, or builds it.
pub fn ensure_trunk(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let tool = Tool {
        package: "trunk",
        program: "trunk",
        version: TRUNK,
        minutes: 5,
        // Without the lock file it does not compile.
        options: &["--locked", "--no-default-features", "--features", "rustls"],
    };
    let fits = |version: &str| {
        TRUNK_SERIES
            .iter()
            .any(|series| version.starts_with(series))
    };
    ensure(toolbox, steps, &tool, fits)
}

/// Finds the wasm-bindgen the project is locked to, or builds it.
pub fn ensure_wasm_bindgen(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let version = lockfile::locked_version(toolbox.project(), "wasm-bindgen")?;
    let tool = Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &version,
        minutes: 2,
        options: &[],
    };
    ensure(toolbox, steps, &tool, |found| found == version)
}

fn ensure(
    toolbox: &mut Toolbox,
    steps: &mut Steps,
    tool: &Tool<'_>,
    fits: impl Fn(&str) -> bool,
) -> Result {
    let mut step = steps.next(&format!("{} {}", tool.program, tool.version));
    if let Some(program) = command::find_program(tool.program) {
        let version = version_of(&program);
        if version.as_deref().is_some_and(&fits) {
            step.found(&format!("{}, on the path", version.unwrap_or_default()));
            return Ok(());
        }
    }
    let home = toolbox
        .project()
        .tools()
        .join(format!("{}-{}", tool.program, tool.version));
    let folder = home.join("bin");
    // Cargo moves a program into place when it is complete, so being there is enough.
    if command::find_in([folder.clone()].into_iter(), tool.program).is_some() {
        step.found("");
    } else {
        step.working(&format!("building (about {} min)", tool.minutes));
        let log = toolbox.project().log(tool.program);
        command::run_quiet(&mut install(tool, &home), &log, &step).map_err(|failure| {
            failure.advise(format!(
                "check the network, or install it yourself and put it on the path:\n    \
                 cargo install {} --version {} {}",
                tool.package,
                tool.version,
                tool.options.join(" ")
            ))
        })?;
        step.done();
    }
    toolbox.add_folder(folder);
    Ok(())
}

/// Prepares `cargo install` with a profile that compiles fast: these tools wait on the
/// compiler and on disks, their own speed does not matter.
fn install(tool: &Tool<'_>, home: &Path) -> std::process::Command {
    let mut cargo = command::clean("cargo");
    cargo
        // Outside the project its profiles and settings do not apply.
        .current_dir(
            home.ancestors()
                .find(|folder| folder.is_dir())
                .unwrap_or(Path::new("/")),
        )
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTFLAGS")
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .args(["install", tool.package, "--version", tool.version, "--root"])
        .arg(home)
        .args(tool.options);
    cargo
}

fn version_of(program: &PathBuf) -> Option<String> {
    let answer = command::answer(command::clean(program).arg("--version"))?;
    version_in(&answer).map(str::to_owned)
}

/// Reads the version from an answer such as `wasm-bindgen 0.2.130 (abc)`.
fn version_in(answer: &str) -> Option<&str> {
    answer.lines().next()?.split(' ').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_the_second_word() {
        assert_eq!(version_in("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(
            version_in("wasm-bindgen 0.2.130 (3a2c0f1)\nmore"),
            Some("0.2.130")
        );
        assert_eq!(version_in("trunk"), None);
    }
}
