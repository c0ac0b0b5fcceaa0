//! Node and what npm brings: wasm-opt, and the packages of the browser tests.

use std::path::Path;

use super::Toolbox;
use crate::command;
use crate::failure::{Failure, Result};
use crate::files;
use crate::progress::Steps;

/// The oldest Node the browser tests run on.
const NODE: u32 = 20;
/// The wasm-opt that is installed where none is new enough.
const BINARYEN: &str = "132.0.0";
/// The esbuild that bundles the page's scripts.
const ESBUILD: &str = "0.28.2";
/// The LZMA decoder in the page.
const LZMA: &str = "0.3.0";
/// The oldest wasm-opt that understands what the compiler emits.
const WASM_OPT: u32 = 120;

/// Finds Node; it is too many kinds of thing on too many systems to install here.
pub fn ensure_node(steps: &mut Steps) -> Result {
    let step = steps.next("node");
    let advice = format!("install Node {NODE} or later from https://nodejs.org");
    let version = command::find_program("node")
        .and_then(|node| command::answer(command::clean(node).arg("--version")))
        .ok_or_else(|| Failure::new("node is not on the path").advise(advice.clone()))?;
    if major_of(&version).is_none_or(|major| major < NODE) {
        return Err(Failure::new(format!("node {version} is too old")).advise(advice));
    }
    if command::find_program("npm").is_none() {
        return Err(Failure::new("npm is not on the path").advise(advice));
    }
    step.found(&version);
    Ok(())
}

/// Finds a recent wasm-opt, or installs the one npm has.
pub fn ensure_wasm_opt(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let mut step = steps.next("wasm-opt");
    let home = toolbox
        .project()
        .tools()
        .join(format!("binaryen-{BINARYEN}"));
    let folder = home.join("node_modules/.bin");
    let on_path = command::find_program("wasm-opt");
    let installed = command::find_in([folder.clone()].into_iter(), "wasm-opt");
    for (program, place) in [(on_path, None), (installed, Some(&folder))] {
        let Some(version) = program.and_then(|program| wasm_opt_version(&program)) else {
            continue;
        };
        if version < WASM_OPT {
            continue;
        }
        step.found(&version.to_string());
        if let Some(folder) = place {
            toolbox.add_folder(folder.clone());
        }
        return Ok(());
    }
    step.working("installing binaryen from npm (about 20 s)");
    files::make_folder(&home)?;
    let mut npm = npm(&home);
    npm.args(["install", "--prefix", "."])
        .arg(format!("binaryen@{BINARYEN}"));
    command::run_quiet(&mut npm, &toolbox.project().log("wasm-opt"), &step).map_err(|failure| {
        failure.advise("check the network, or put wasm-opt (binaryen 120 or later) on the path")
    })?;
    toolbox.add_folder(folder);
    step.done();
    Ok(())
}

/// Finds or installs esbuild, which bundles the page's scripts, and the one package that goes into them.
pub fn ensure_scripts(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let mut step = steps.next("esbuild");
    let home = toolbox
        .project()
        .tools()
        .join(format!("scripts-{ESBUILD}-{LZMA}"));
    let modules = home.join("node_modules");
    let folder = modules.join(".bin");
    let there = command::find_in([folder.clone()].into_iter(), "esbuild").is_some()
        && modules.join("lzma1/lib/decoder.js").is_file();
    if there {
        step.found(ESBUILD);
    } else {
        step.working("installing esbuild and lzma1 from npm (about 10 s)");
        files::make_folder(&home)?;
        let mut npm = npm(&home);
        npm.args(["install", "--prefix", "."])
            .arg(format!("esbuild@{ESBUILD}"))
            .arg(format!("lzma1@{LZMA}"));
        command::run_quiet(&mut npm, &toolbox.project().log("esbuild"), &step)
            .map_err(|failure| failure.advise("check the network, then run this again"))?;
        step.done();
    }
    toolbox.add_folder(folder);
    toolbox.page_modules = modules;
    Ok(())
}

/// Installs the packages of the browser tests, unless they match the lock file already.
pub fn ensure_browser_tests(toolbox: &Toolbox, steps: &mut Steps) -> Result {
    let mut step = steps.next("packages of the browser tests");
    let project = toolbox.project();
    let lock = files::read_text(&project.e2e().join("package-lock.json"))?;
    let stamp = project.e2e().join("node_modules/.archplay-lock");
    if files::read_text(&stamp).is_ok_and(|stamped| stamped == lock) {
        step.found("");
        return Ok(());
    }
    step.working("npm ci");
    let mut npm = npm(&project.e2e());
    npm.arg("ci");
    command::run_quiet(&mut npm, &project.log("npm-ci"), &step)
        .map_err(|failure| failure.advise("check the network, then run this again"))?;
    files::write(&stamp, lock)?;
    step.done();
    Ok(())
}

fn npm(folder: &Path) -> std::process::Command {
    let program = command::find_program("npm").unwrap_or_else(|| "npm".into());
    let mut npm = command::clean(program);
    npm.current_dir(folder)
        .env("npm_config_audit", "false")
        .env("npm_config_fund", "false")
        .env("npm_config_update_notifier", "false");
    npm
}

fn wasm_opt_version(program: &Path) -> Option<u32> {
    let answer = command::answer(command::clean(program).arg("--version"))?;
    answer.split(' ').nth(2)?.parse().ok()
}

/// Reads the first number of a version such as `v20.20.2`.
fn major_of(version: &str) -> Option<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_start_with_a_v() {
        assert_eq!(major_of("v20.20.2"), Some(20));
        assert_eq!(major_of("v8.1.0"), Some(8));
        assert_eq!(major_of("none"), None);
    }
}
