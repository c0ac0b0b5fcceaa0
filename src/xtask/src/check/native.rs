//! Checks that need no browser.

use std::process::Command;

use crate::command;
use crate::failure::Result;
use crate::setup::Toolbox;

/// Checks the formatting.
pub fn format(toolbox: &Toolbox) -> Result {
    command::run(cargo(toolbox).args(["fmt", "--all", "--check"]))
        .map_err(|failure| failure.advise("run `cargo fmt --all`"))
}

/// Runs the tests of the house rules alone, so that a broken rule is not hidden below.
pub fn house(toolbox: &Toolbox) -> Result {
    if !toolbox
        .project()
        .path("src/xtask/tests/house/main.rs")
        .is_file()
    {
        println!("no house rules yet");
        return Ok(());
    }
    command::run(cargo(toolbox).args(["test", "--package", "archplay-xtask", "--test", "house"]))
}

/// Lets clippy look at everything; a warning is a failure.
pub fn clippy(toolbox: &Toolbox) -> Result {
    let mut cargo = cargo(toolbox);
    cargo.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]);
    command::run(&mut cargo)
}

/// Runs the native tests, with nextest where it is installed.
///
/// Those of the page's plain functions are among them; what needs a document is tested in
/// a browser.
pub fn tests(toolbox: &Toolbox) -> Result {
    let mut cargo = cargo(toolbox);
    if has_nextest(toolbox) {
        cargo.args(["nextest", "run"]);
    } else {
        cargo.args(["test", "--lib", "--bins", "--tests"]);
    }
    command::run(cargo.arg("--workspace"))
}

/// Runs the examples in the documentation.
pub fn doc_tests(toolbox: &Toolbox) -> Result {
    command::run(cargo(toolbox).args(["test", "--doc", "--workspace"]))
}

/// Runs the native benchmarks, optimised for speed.
pub fn bench(toolbox: &Toolbox) -> Result {
    let mut cargo = cargo(toolbox);
    cargo.args([
        "bench",
        "--profile",
        "native",
        "--package",
        "archplay-engine",
        "--benches",
    ]);
    command::run(&mut cargo)
}

fn has_nextest(toolbox: &Toolbox) -> bool {
    command::answer(cargo(toolbox).args(["nextest", "--version"])).is_some()
}

fn cargo(toolbox: &Toolbox) -> Command {
    toolbox.command("cargo")
}
