//! Tests and benchmarks of the built site in a real browser.

use std::path::{Path, PathBuf};

use crate::command;
use crate::dist;
use crate::failure::{Failure, Result};
use crate::files;
use crate::project::Project;
use crate::server::Server;
use crate::setup::Toolbox;

/// Where the tests find the site: not at the root, as on most free hosts.
const BASE: &str = "/sub/archplay/";

/// What hangs fails, with its name: without this it would take all the time there is. A file of tests ends within a
/// minute or two.
const TIMEOUT: &str = "--test-timeout=600000";

/// Runs `tests/e2e/*.test.mjs` against the site in `dist/`.
pub fn end_to_end(toolbox: &Toolbox) -> Result {
    let scripts = scripts(toolbox.project(), ".test.mjs")?;
    if scripts.is_empty() {
        return Err(Failure::new("there are no tests in tests/e2e"));
    }
    // One of them compares the page with the command line; the native tests have built that already.
    command::run(
        toolbox
            .command("cargo")
            .args(["build", "--quiet", "--package", "archplay-cli"]),
    )?;
    let options = ["--test", TIMEOUT].map(PathBuf::from);
    let scripts: Vec<_> = options.into_iter().chain(scripts).collect();
    with_site(toolbox, &scripts)
}

fn scripts(project: &Project, ending: &str) -> Result<Vec<PathBuf>> {
    let all = files::entries(&project.e2e())?;
    Ok(all
        .into_iter()
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect())
}

/// Serves the site and runs node with its address.
pub fn with_site(toolbox: &Toolbox, arguments: &[PathBuf]) -> Result {
    with_site_in(toolbox, &toolbox.project().dist(), arguments)
}

/// Serves the site in a folder and runs node with its address.
pub fn with_site_in(toolbox: &Toolbox, site: &Path, arguments: &[PathBuf]) -> Result {
    let Some(browser) = &toolbox.browser else {
        return Err(Failure::new("no browser was set up"));
    };
    if !site.join("index.html").is_file() {
        return Err(Failure::new("there is no site in dist/").advise("run `cargo xtask dist`"));
    }
    let budget = dist::budget(toolbox.project())?;
    let url = Server::bind(site, BASE, 0)?.run_beside()?;
    let mut node = toolbox.command("node");
    let cli = toolbox
        .project()
        .target()
        .join("debug")
        .join(format!("archplay{}", std::env::consts::EXE_SUFFIX));
    node.env("ARCHPLAY_URL", &url)
        .env("ARCHPLAY_BUDGET", budget.to_string())
        .env("ARCHPLAY_CLI", cli)
        .env("ARCHPLAY_CHROMIUM", &browser.program)
        .args(arguments);
    command::run(&mut node)
}
