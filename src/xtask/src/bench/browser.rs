//! The engine and the bare loop in a browser's worker, in turns with the same natively: the programs are built
//! here, the rest is done by `tests/e2e/bench-engine.mjs` with the real page.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{native_bench, read_json};
use crate::check::browser::with_site;
use crate::command;
use crate::dist::fast_features;
use crate::failure::{Failure, Result};
use crate::files;
use crate::setup::{FAST_RUSTFLAGS, TARGET, Toolbox};

/// Measures all in turns.
pub fn measure(toolbox: &Toolbox, folder: &Path, runs: u32) -> Result<Value> {
    build(toolbox, folder)?;
    let native = native(toolbox)?;
    let json = folder.join("browser.json");
    // What an earlier run left must not be taken for this one's.
    if json.exists() {
        files::remove(&json)?;
    }
    let script = toolbox.project().e2e().join("bench-engine.mjs");
    with_site(
        toolbox,
        &[
            script,
            folder.to_path_buf(),
            runs.to_string().into(),
            native,
        ],
    )?;
    read_json(&json)
}

/// Measures what a person feels of the page.
pub fn page(toolbox: &Toolbox) -> Result {
    with_site(toolbox, &[toolbox.project().e2e().join("bench.mjs")])
}

/// Builds the native benchmark and tells where its program is.
fn native(toolbox: &Toolbox) -> Result<PathBuf> {
    let mut cargo = native_bench(toolbox);
    cargo.args(["--no-run", "--message-format", "json"]);
    let told = command::answer(&mut cargo).unwrap_or_default();
    told.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|told| Some(told["executable"].as_str()?.into()))
        .ok_or_else(|| Failure::new("cannot build the native benchmark"))
}

/// Builds `bare.wasm` into the folder, optimised for speed like the worker.
fn build(toolbox: &Toolbox, folder: &Path) -> Result {
    let mut cargo = toolbox.wasm_command("cargo");
    cargo
        .args(["build", "--quiet", "--profile", "fast", "--target", TARGET])
        .args(["--package", "archplay-bench-wasm"])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            FAST_RUSTFLAGS,
        );
    command::run(&mut cargo)?;
    let built = toolbox.project().wasm_target().join(TARGET);
    let mut wasm_opt = toolbox.command("wasm-opt");
    wasm_opt
        .args(fast_features())
        .arg("-O3")
        .arg(built.join("fast/bare.wasm"))
        .arg("-o")
        .arg(folder.join("bare.wasm"));
    command::run(&mut wasm_opt)
}
