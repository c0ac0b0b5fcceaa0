//! Builds the static site into `dist/`: the same bytes are served, tested and published.
//!
//! Trunk compiles and links the programs; what it leaves open is done here, in this order: the programs are
//! optimised and cut (`parts`), the scripts bundled, the page's names filled in, the lessons, checks and
//! texts written, the content security policy set (last, because it covers the page's final scripts), and the
//! account of sizes given.

mod checks;
pub mod content;
mod csp;
mod first_visit;
mod hash;
mod html;
mod page;
mod parts;
mod scripts;
mod sizes;
mod texts;

use std::path::Path;

use crate::command;
use crate::failure::Result;
use crate::files;
use crate::progress::Steps;
use crate::project::Project;
use crate::setup::{TARGET, Toolbox};

pub use first_visit::watch as watch_first_visit;
use parts::Mode;
pub use parts::fast_features;

/// Builds the site and reports its sizes; a budget overrun is left to [`check_sizes`], so that a page that
/// has grown can still be looked at and tested.
pub fn build(toolbox: &Toolbox) -> Result {
    let mut steps = Steps::new(10);
    let dist = toolbox.project().dist();
    assemble(toolbox, &dist, &Mode::Split, &mut steps)?;
    steps.heading("sizes");
    sizes::report(toolbox.project())
}

/// Fails when a first visit to the site that is there fetches more than its budget.
pub fn check_sizes(toolbox: &Toolbox) -> Result {
    sizes::check(toolbox.project())
}

/// Bytes that a first visit to it may fetch at most, compressed.
pub fn budget(project: &Project) -> Result<usize> {
    sizes::budget(project)
}

/// Builds the site into a folder.
fn assemble(toolbox: &Toolbox, dist: &Path, mode: &Mode, steps: &mut Steps) -> Result {
    let project = toolbox.project();
    let step = steps.next("dependencies");
    let mut fetch = toolbox.wasm_command("cargo");
    toolbox.shrink(&mut fetch);
    fetch.args(["fetch", "--locked", "--target", TARGET]);
    command::run_quiet(&mut fetch, &project.log("fetch"), &step)
        .map_err(|failure| failure.advise("check the network, then run this again"))?;
    step.done();

    steps.heading("compile the page and the worker");
    sizes::note_compiler(project, &toolbox.compiler())?;
    for (program, profile) in parts::PROGRAMS {
        let mut cargo = toolbox.wasm_command("cargo");
        if !toolbox.shrink(&mut cargo) {
            println!("without the standard library's source the page is larger than it need be");
        }
        cargo.args([
            "build",
            "--profile",
            profile,
            // Not offline: which packages cargo wants here, `fetch` may see otherwise.
            "--locked",
            "--target",
            TARGET,
        ]);
        command::run(cargo.args(["--bin", program]))?;
    }

    steps.heading("trunk: put the page together");
    let mut trunk = toolbox.wasm_command("trunk");
    toolbox.shrink(&mut trunk);
    command::run(
        trunk
            // Everything trunk needs was found by set-up, everything cargo needs was fetched.
            .args([
                "build",
                "--release",
                "--offline",
                "--public-url",
                "./",
                "--dist",
            ])
            .arg(dist),
    )?;

    let mut step = steps.next("programs: optimise, cut, pack");
    step.working("wasm-opt (about 1 min)");
    let parts = parts::make(toolbox, dist, mode)?;
    step.done();

    let step = steps.next("scripts and style sheets");
    let scripts = scripts::make(toolbox, dist, &parts.imports)?;
    let index = dist.join("index.html");
    files::write(
        &index,
        page::finish(&files::read_text(&index)?, &parts, &scripts)?,
    )?;
    step.done();

    let step = steps.next("lessons");
    let lessons = content::bundle(project.root(), dist)?;
    step.remark(&format!("ok, {lessons} sessions"));

    let step = steps.next("checks against theory");
    let checks = checks::write(project.root(), dist)?;
    step.remark(&format!("ok, {checks} cases"));

    let step = steps.next("texts");
    let keys = texts::write(project.root(), dist)?;
    step.remark(&format!("ok, {keys} in each language"));

    let step = steps.next("content security policy");
    files::write(&index, csp::with_policy(&files::read_text(&index)?)?)?;
    step.done();
    Ok(())
}
