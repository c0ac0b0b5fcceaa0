//! The page's own scripts: `static/start.js` with the page's bindings in it, and the workers'; and its style
//! sheets.

use std::path::Path;

use crate::command;
use crate::dist::hash::hashed_name;
use crate::failure::{Failure, Result};
use crate::files;
use crate::setup::Toolbox;

use super::parts::imports::{Renamed, rename_in};
use super::{html, page};

/// The names of the scripts.
pub struct Names {
    /// Starts the page.
    pub start: String,
    /// Starts a worker of a first visit: the page's program, so the page's bindings.
    pub worker: String,
    /// Starts a fast worker.
    pub fast_worker: String,
    /// All style sheets in one.
    pub style: String,
}

/// Bundles and minifies the scripts and style sheets, and removes what went into them.
pub fn make(toolbox: &Toolbox, dist: &Path, imports: &[Renamed]) -> Result<Names> {
    let app = bindings(dist, |name| {
        name.starts_with("app-") && name.ends_with(".js")
    })?;
    let worker = bindings(dist, |name| name == "worker.js")?;
    for (bindings, renamed) in [&app, &worker].into_iter().zip(imports) {
        let path = dist.join(bindings);
        files::write(&path, rename_in(&files::read_text(&path)?, renamed))?;
    }
    let names = Names {
        start: bundle(toolbox, dist, "start", &app, "start")?,
        worker: bundle(toolbox, dist, "start-worker", &app, "start-worker")?,
        fast_worker: bundle(toolbox, dist, "start-worker", &worker, "start-fast")?,
        style: style(dist)?,
    };
    files::remove(&dist.join(app))?;
    files::remove(&dist.join(worker))?;
    files::remove(&dist.join("worker_loader.js"))?;
    Ok(names)
}

/// Finds what wasm-bindgen wrote for a program.
fn bindings(dist: &Path, fits: impl Fn(&str) -> bool) -> Result<String> {
    files::entries(dist)?
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .find(|name| fits(name))
        .ok_or_else(|| Failure::new("trunk left no bindings of a program in dist/"))
}

/// Puts the style sheets into one file, in the order in which the page names them: together they compress
/// better and are one request.
fn style(dist: &Path) -> Result<String> {
    let page = files::read_text(&dist.join("index.html"))?;
    let mut all = String::new();
    for address in html::links(&page, page::is_style) {
        let path = dist.join(address.trim_start_matches("./"));
        all.push_str(&files::read_text(&path)?);
        files::remove(&path)?;
    }
    let name = hashed_name("style.css", all.as_bytes());
    files::write(&dist.join(&name), all)?;
    Ok(name)
}

/// Bundles one script under a name; `bindings` in it stands for the program's bindings.
fn bundle(
    toolbox: &Toolbox,
    dist: &Path,
    script: &str,
    bindings: &str,
    name: &str,
) -> Result<String> {
    let out = toolbox
        .project()
        .wasm_target()
        .join(format!("parts/{name}.js"));
    let mut esbuild = toolbox.command("esbuild");
    esbuild
        .arg(toolbox.project().path(&format!("static/{script}.js")))
        .args(["--bundle", "--minify", "--format=esm", "--charset=utf8"])
        .args(["--target=es2022", "--log-level=warning"])
        .arg(format!(
            "--alias:bindings={}",
            dist.join(bindings).display()
        ))
        .arg(format!(
            "--alias:lzma-decoder={}",
            toolbox.page_modules.join("lzma1/lib/decoder.js").display()
        ))
        .arg(format!(
            "--alias:lzma-streams={}",
            toolbox.page_modules.join("lzma1/lib/streams.js").display()
        ))
        .arg(format!("--outfile={}", out.display()));
    command::run(&mut esbuild)?;
    let content = files::read(&out)?;
    let name = hashed_name(&format!("{name}.js"), &content);
    files::write(&dist.join(&name), content)?;
    Ok(name)
}
