//! From the two programs trunk linked to what the site serves: optimised; the page's cut into what a first
//! visit runs and the rest, and its first part packed. The fast worker is no part of a first visit and stays
//! whole.
//!
//! `list` knows what moves into the rest: functions, and code in functions, which `cold` finds and `outline`
//! makes functions of. `needs` knows which data a function uses. `split` cuts, `data` too, `pack` compresses, `watch` finds out what belongs into the list. `hints` tells
//! the browser which ways of the fast worker are rare. `typeids`
//! and `imports` put short things for long ones, `strip` takes the names away. Must not live here: the page's
//! markup and scripts, see `page.rs` and `scripts.rs`.

mod cold;
mod data;
mod direct;
mod hints;
pub mod imports;
mod linked;
pub mod list;
mod needs;
mod outline;
mod pack;
mod rest;
mod split;
mod strip;
mod table;
mod typeids;
mod watch;

use std::path::{Path, PathBuf};

use crate::command;
use crate::dist::hash::hashed_name;
use crate::failure::{Failure, Result};
use crate::files;
use crate::setup::{TARGET, Toolbox};

use list::Moved;

/// The page's program, which is also the worker of a first visit, as in `Cargo.toml`.
pub const APP: &str = "app";
/// The fast worker's program.
pub const WORKER: &str = "worker";
/// Both programs and the profiles they are compiled with, as in `index.html`.
pub const PROGRAMS: [(&str, &str); 2] = [(APP, "release"), (WORKER, "fast")];

/// What the page's program may use of wasm, for wasm-opt.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the fast worker's may use besides: records of many words are moved two words at a time. A browser without
/// it (Safari before 16.4) refuses the program, and the page goes on with the worker that it has.
const FAST_FEATURE: &str = "--enable-simd";

/// What a program that is made for speed may use of wasm, for wasm-opt.
pub fn fast_features() -> impl Iterator<Item = &'static str> {
    FEATURES.into_iter().chain([FAST_FEATURE])
}

/// A module with nothing in it.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// What the page has to know of the parts.
pub struct Names {
    /// The packed first part of the page's program.
    pub packed: String,
    /// Bytes of the packed file.
    pub packed_bytes: usize,
    /// The rest of the page's program.
    pub rest: String,
    /// The fast worker's program.
    pub fast: String,
    /// The new names of the imports of the page's program and of the fast worker's.
    pub imports: [imports::Renamed; 2],
}

/// What becomes of the page's program.
pub enum Mode {
    /// It is cut by the list.
    Split,
    /// It stays whole and tells which functions run; their names are written into this folder.
    Watch(PathBuf),
}

/// Replaces the programs in `dist` by their parts.
pub fn make(toolbox: &Toolbox, dist: &Path, mode: &Mode) -> Result<Names> {
    let (app, app_imports) = take(toolbox, dist, APP)?;
    let (first, rest) = match mode {
        Mode::Split => {
            let list = Moved::read(toolbox.project().root(), APP)?;
            let needs = needs::Needs::read(&files::read(&linked_program(toolbox, APP))?)?;
            let parts = split::split(&outline::outline(&app, &list)?, &list, &needs)?;
            (parts.first, parts.rest)
        }
        Mode::Watch(folder) => {
            let watched = watch::watched(&app)?;
            files::write(&folder.join("app.places"), watched.places())?;
            files::write(&folder.join("app.base"), watched.base.to_string())?;
            (watched.wasm, EMPTY.to_vec())
        }
    };
    // With its names, for whoever wants to know what fills it (`twiggy top`).
    files::write(&named(toolbox, APP), &first)?;
    let packed = pack::pack(&strip::strip(&first)?)?;
    let rest = strip::strip(&rest)?;
    let (worker, worker_imports) = take(toolbox, dist, WORKER)?;
    let worker = hints::add(&worker)?;
    files::write(&named(toolbox, WORKER), &worker)?;
    let worker = strip::strip_but_hints(&worker)?;
    Ok(Names {
        packed_bytes: packed.len(),
        packed: put(dist, "parts.lzma", packed)?,
        rest: put(dist, "app-rest.wasm", rest)?,
        fast: put(dist, "fast.wasm", worker)?,
        imports: [app_imports, worker_imports],
    })
}

/// Takes a program out of `dist`, optimised and with its names, its imports renamed.
fn take(toolbox: &Toolbox, dist: &Path, program: &str) -> Result<(Vec<u8>, imports::Renamed)> {
    let linked = linked(dist, program)?;
    let optimised = optimise(toolbox, program, &linked)?;
    files::remove(&linked)?;
    imports::shorten(&optimised)
}

/// Puts a file into `dist` under a name that tells its content.
fn put(dist: &Path, name: &str, bytes: Vec<u8>) -> Result<String> {
    let name = hashed_name(name, &bytes);
    files::write(&dist.join(&name), bytes)?;
    Ok(name)
}

/// Where the first part of the page's program, or all of the fast worker's, lies with its names.
fn named(toolbox: &Toolbox, program: &str) -> PathBuf {
    let folder = toolbox.project().wasm_target().join("parts");
    folder.join(format!("{program}.named.wasm"))
}

/// A program as the linker wrote it, for size.
fn linked_program(toolbox: &Toolbox, program: &str) -> PathBuf {
    let folder = toolbox.project().wasm_target().join(TARGET);
    folder.join(format!("release/{program}.wasm"))
}

/// Finds the wasm of a program: trunk gives the page's a hashed name.
fn linked(dist: &Path, program: &str) -> Result<PathBuf> {
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(program) && name.ends_with("_bg.wasm")
    };
    files::entries(dist)?
        .into_iter()
        .find(fits)
        .ok_or_else(|| Failure::new(format!("trunk left no wasm of \"{program}\"")))
}

/// Optimises and keeps the names: the fast worker for speed, the page for size.
fn optimise(toolbox: &Toolbox, program: &str, linked: &Path) -> Result<Vec<u8>> {
    let level = if program == WORKER { "-O3" } else { "-Oz" };
    // A function with one caller stays apart: the caller may belong into the first part and it not.
    let apart = "--one-caller-inline-max-function-size=20";
    wasm_opt(
        toolbox,
        program,
        &typeids::shorten(&strip::strip_links(&files::read(linked)?)?)?,
        &[level, "-g", apart],
    )
}

fn wasm_opt(toolbox: &Toolbox, program: &str, wasm: &[u8], arguments: &[&str]) -> Result<Vec<u8>> {
    let folder = toolbox.project().wasm_target().join("parts");
    let (from, to) = (
        folder.join(format!("{program}.wasm")),
        folder.join(format!("{program}.out.wasm")),
    );
    files::write(&from, wasm)?;
    let mut wasm_opt = toolbox.command("wasm-opt");
    match program {
        WORKER => wasm_opt.args(fast_features()),
        _ => wasm_opt.args(FEATURES),
    };
    wasm_opt.args(arguments).arg(&from).arg("-o").arg(&to);
    command::run(&mut wasm_opt)?;
    files::read(&to)
}
