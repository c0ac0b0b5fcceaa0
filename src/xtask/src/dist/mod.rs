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

/// Builds the site and reports its sizes; a budget overrun is left to [`check_sizes`], so
/// that a page that has grown can still be looked at and tested.
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
    sizes::report(&dist).map(drop)
}

/// Fails when the site that is there is larger than its budget.
pub fn check_sizes(toolbox: &Toolbox) -> Result {
    sizes::check(&toolbox.project().dist())
}
