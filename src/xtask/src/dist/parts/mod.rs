//! From the two programs trunk linked to what the site serves: optimised, cut into what a first visit runs
//! and the rest, and the first parts packed together.
//!
//! `split` cuts, `list` knows which functions move, `pack` compresses, `watch` finds out what belongs into
//! the lists. Must not live here: the page's markup and scripts, see `page.rs` and `scripts.rs`.

pub mod imports;
pub mod list;
mod pack;
mod split;
mod watch;

use std::path::{Path, PathBuf};

use crate::command;
use crate::dist::hash::hashed_name;
use crate::failure::{Failure, Result};
use crate::files;
use crate::setup::Toolbox;

use list::Moved;

/// The programs, as in `Cargo.toml`; the page's is the first.
pub const PROGRAMS: [&str; 2] = ["app", "worker"];

/// What the programs may use of wasm, for wasm-opt.
pub const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A module with nothing in it.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// What the page has to know of the parts.
pub struct Names {
    /// The packed first parts of all programs.
    pub packed: String,
    /// Bytes of the packed file.
    pub packed_bytes: usize,
    /// Bytes of the page's first part, which comes first when unpacked.
    pub app_bytes: usize,
    /// The rest of each program.
    pub rests: Vec<String>,
    /// The new names of each program's imports.
    pub imports: Vec<imports::Renamed>,
}

/// What becomes of a program.
pub enum Mode {
    /// It is cut by its list.
    Split,
    /// It stays whole and tells which functions run; the names are written into this folder.
    Watch(PathBuf),
}

/// Replaces the programs in `dist` by their parts.
pub fn make(toolbox: &Toolbox, dist: &Path, mode: &Mode) -> Result<Names> {
    let mut whole = Vec::new();
    let mut app_bytes = 0;
    let mut rests = Vec::new();
    let mut imports = Vec::new();
    for program in PROGRAMS {
        let linked = linked(dist, program)?;
        let optimised = optimise(toolbox, program, &linked)?;
        files::remove(&linked)?;
        let (optimised, renamed) = imports::shorten(&optimised)?;
        imports.push(renamed);
        let (first, rest) = match mode {
            Mode::Split => {
                let list = Moved::read(toolbox.project().root(), program)?;
                let parts = split::split(&optimised, &list)?;
                (parts.first, parts.rest)
            }
            Mode::Watch(folder) => {
                let (watched, names) = watch::watched(&optimised)?;
                files::write(&folder.join(format!("{program}.names")), names.join("\n"))?;
                (watched, EMPTY.to_vec())
            }
        };
        // With its names, for whoever wants to know what fills it (`twiggy top`).
        files::write(&named(toolbox, program), &first)?;
        let first = finish(toolbox, program, first)?;
        if program == PROGRAMS[0] {
            app_bytes = first.len();
        }
        whole.extend(first);
        let rest = finish(toolbox, program, rest)?;
        let name = hashed_name(&format!("{program}-rest.wasm"), &rest);
        files::write(&dist.join(&name), rest)?;
        rests.push(name);
    }
    let packed = pack::pack(&whole)?;
    let name = hashed_name("parts.lzma", &packed);
    files::write(&dist.join(&name), &packed)?;
    Ok(Names {
        packed: name,
        packed_bytes: packed.len(),
        app_bytes,
        rests,
        imports,
    })
}

/// Where the first part of a program lies with its names.
fn named(toolbox: &Toolbox, program: &str) -> PathBuf {
    let folder = toolbox.project().wasm_target().join("parts");
    folder.join(format!("{program}.named.wasm"))
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

/// Optimises and keeps the names: the engine for speed, the page for size.
fn optimise(toolbox: &Toolbox, program: &str, linked: &Path) -> Result<Vec<u8>> {
    let level = if program == "worker" { "-O3" } else { "-Oz" };
    // A function with one caller stays apart: the caller may belong into the first part and it not.
    let apart = "--one-caller-inline-max-function-size=20";
    wasm_opt(
        toolbox,
        program,
        &files::read(linked)?,
        &[level, "-g", apart],
    )
}

/// Puts like functions beside each other, which compresses better, and drops the names.
fn finish(toolbox: &Toolbox, program: &str, wasm: Vec<u8>) -> Result<Vec<u8>> {
    let sorted = wasm_opt(
        toolbox,
        program,
        &wasm,
        &["--reorder-functions-by-name", "-g"],
    )?;
    wasm_opt(
        toolbox,
        program,
        &sorted,
        &["--strip-debug", "--strip-producers"],
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
    wasm_opt
        .args(FEATURES)
        .args(arguments)
        .arg(&from)
        .arg("-o")
        .arg(&to);
    command::run(&mut wasm_opt)?;
    files::read(&to)
}
