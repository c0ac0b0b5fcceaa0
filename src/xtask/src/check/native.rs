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

/// Runs the native tests.
///
/// Those of the page's plain functions are among them; what needs a document is tested in a browser. With
/// cargo's own runner and not nextest: tests of lessons share the runs they look at, and nextest gives every
/// test a process of its own, which would make each run several times.
pub fn tests(toolbox: &Toolbox) -> Result {
    command::run(cargo(toolbox).args(["test", "--lib", "--bins", "--tests", "--workspace"]))
}

/// Runs the examples in the documentation.
pub fn doc_tests(toolbox: &Toolbox) -> Result {
    command::run(cargo(toolbox).args(["test", "--doc", "--workspace"]))
}

fn cargo(toolbox: &Toolbox) -> Command {
    toolbox.command("cargo")
}
