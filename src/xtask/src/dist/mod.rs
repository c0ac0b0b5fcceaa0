//! Builds the static site into `dist/`: the same bytes are served, tested and published.
//!
//! Trunk compiles and links the parts; what it leaves open is done here, in this order:
//! names with a content hash for the worker, the lessons, the content security policy
//! (last, because it covers the page's final scripts), and the account of sizes.

pub mod content;
mod csp;
mod html;
mod sizes;
mod worker;

use crate::command;
use crate::failure::Result;
use crate::files;
use crate::progress::Steps;
use crate::setup::Toolbox;

/// Builds the site; fails when it is larger than its budget.
pub fn build(toolbox: &Toolbox) -> Result {
    let mut steps = Steps::new(5);
    let project = toolbox.project();
    let dist = project.dist();

    steps.heading("trunk: compile the page and the worker");
    command::run(
        toolbox
            .wasm_command("trunk")
            // Everything trunk needs was found by set-up.
            .args([
                "build",
                "--release",
                "--offline",
                "--public-url",
                "./",
                "--dist",
            ])
            .arg(&dist),
    )?;

    let step = steps.next("worker: content hashes");
    worker::rename(&dist)?;
    step.done();

    let step = steps.next("lessons");
    let lessons = content::bundle(project.root(), &dist)?;
    step.remark(&format!("ok, {lessons} sessions"));

    let step = steps.next("content security policy");
    let page = dist.join("index.html");
    files::write(&page, csp::with_policy(&files::read_text(&page)?)?)?;
    step.done();

    steps.heading("sizes");
    sizes::report(&dist)
}

/// Checks the sizes of the site that is there.
pub fn check_sizes(toolbox: &Toolbox) -> Result {
    sizes::report(&toolbox.project().dist())
}
