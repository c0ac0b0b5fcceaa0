//! Debian's Rust, with a wasm standard library built once from its source.
//!
//! Debian packages a current compiler (`rustc-web`) with the library's source, vendored
//! crates included, but neither the library for wasm nor the linker under the name the
//! compiler looks for. Both are added here, after which it behaves as if
//! `rustup target add` had been run.

use std::path::{Path, PathBuf};

use super::system;
use super::wasm_target::{TARGET, WasmToolchain};
use crate::command;
use crate::failure::{Failure, Result};
use crate::files;
use crate::progress::Step;
use crate::project::Project;

/// The name rustup is told for the compiler in `/usr`.
pub const TOOLCHAIN: &str = "debian";

const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const RUSTLIB: &str = "/usr/lib/rustlib";

/// Tells whether rustup knows Debian's compiler already.
pub fn is_linked() -> bool {
    let mut rustup = command::clean("rustup");
    let sysroot = command::answer(rustup.args(["run", TOOLCHAIN, "rustc", "--print", "sysroot"]));
    sysroot.as_deref() == Some("/usr")
}

/// Tells whether this is a Debian on which packages can be installed.
pub fn is_possible() -> bool {
    system::is_debian() && system::apt_works()
}

/// Installs the compiler, the linker and the library.
pub fn install(project: &Project, step: &mut Step) -> Result<WasmToolchain> {
    if !packages_are_there(project) {
        system::install(project, step, &PACKAGES)?;
    }
    if !packages_are_there(project) {
        return Err(
            Failure::new("Debian's Rust packages are older than the project needs").advise(
                "switch on Debian's security updates, or install Rust from https://rustup.rs",
            ),
        );
    }
    link_linker(project, step)?;
    let toolchain = register()?;
    if !toolchain.works(project) {
        build_library(project, step)?;
    }
    Ok(toolchain)
}

/// Tells whether compiler, cargo and library source are there and new enough.
fn packages_are_there(project: &Project) -> bool {
    let version = command::answer(command::clean(RUSTC).arg("--version")).unwrap_or_default();
    let manifest = files::read_text(&project.path("Cargo.toml")).unwrap_or_default();
    let found = version.split(' ').nth(1).and_then(minor_of);
    let wanted = wanted_rust(&manifest).and_then(minor_of);
    found.is_some()
        && found >= wanted
        && Path::new(CARGO).is_file()
        && Path::new(RUSTLIB)
            .join("src/rust/library/std/Cargo.toml")
            .is_file()
}

/// Gives the compiler a linker under the name it looks for.
fn link_linker(project: &Project, step: &mut Step) -> Result {
    let verbose = command::answer(command::clean(RUSTC).arg("-vV")).unwrap_or_default();
    let host = field(&verbose, "host").unwrap_or("x86_64-unknown-linux-gnu");
    let link = Path::new(RUSTLIB).join(host).join("bin/rust-lld");
    if link.exists() {
        return Ok(());
    }
    let llvm = field(&verbose, "LLVM version").and_then(|version| version.split('.').next());
    let package = format!("lld-{}", llvm.unwrap_or("22"));
    let program = Path::new("/usr/bin").join(&package);
    if !program.exists() {
        system::install(project, step, &[&package])?;
    }
    let folder = link.parent().unwrap_or(Path::new(RUSTLIB));
    command::run(system::as_root("mkdir").arg("-p").arg(folder))?;
    command::run(system::as_root("ln").arg("-sf").arg(program).arg(link))
}

/// Makes the compiler selectable; without rustup it is the active one already.
fn register() -> Result<WasmToolchain> {
    if command::find_program("rustup").is_none() {
        return Ok(WasmToolchain::active());
    }
    if !is_linked() {
        let mut rustup = command::clean("rustup");
        command::run(rustup.args(["toolchain", "link", TOOLCHAIN, "/usr"]))?;
    }
    Ok(WasmToolchain::named(TOOLCHAIN))
}

/// Builds the library from Debian's source and copies it to where the compiler looks.
fn build_library(project: &Project, step: &mut Step) -> Result {
    step.working("building the Rust standard library for wasm (about 2 min)");
    let folder = project.tools().join("wasm-std-build");
    files::remove_folder(&folder)?;
    let manifest = "[package]\nname = \"archplay-std-seed\"\nversion = \"0.0.0\"\n\
                    edition = \"2021\"\n[workspace]\n";
    files::write(&folder.join("Cargo.toml"), manifest)?;
    files::write(&folder.join("src/lib.rs"), "")?;
    let mut cargo = command::clean(CARGO);
    cargo
        .current_dir(&folder)
        .env("RUSTC", RUSTC)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // `-Z` flags are for nightly; this variable lets Debian's stable take them.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode in the library, link-time optimisation of the page fails.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--release", "--target", TARGET])
        .arg("-Zbuild-std=std,panic_abort,proc_macro,test");
    command::run_quiet(&mut cargo, &project.log("wasm-std"), step)?;

    let built = folder.join("target").join(TARGET).join("release/deps");
    let wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".rlib") && !name.starts_with("libarchplay_std_seed")
    };
    let libraries: Vec<PathBuf> = files::entries(&built)?.into_iter().filter(wanted).collect();
    let home = Path::new(RUSTLIB).join(TARGET).join("lib");
    // An older library left beside the new one would be ambiguous.
    command::run(system::as_root("rm").arg("-rf").arg(&home))?;
    command::run(system::as_root("mkdir").arg("-p").arg(&home))?;
    command::run(system::as_root("cp").args(libraries).arg(&home))?;
    files::remove_folder(&folder)
}

/// Reads `key: value` from what `rustc -vV` prints.
fn field<'a>(verbose: &'a str, key: &str) -> Option<&'a str> {
    verbose
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
}

/// Reads the oldest compiler the workspace supports.
fn wanted_rust(manifest: &str) -> Option<&str> {
    let value = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version"))?;
    Some(value.trim_start_matches([' ', '=']).trim_matches('"'))
}

/// Reads the second number of a version such as `1.96.0`.
fn minor_of(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_s_account_of_itself_is_read() {
        let verbose = "rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.2\n";
        assert_eq!(field(verbose, "host"), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(field(verbose, "LLVM version"), Some("22.1.2"));
        assert_eq!(field(verbose, "release"), None);
    }

    #[test]
    fn the_oldest_supported_compiler_is_read() {
        let manifest = "[workspace.package]\nrust-version = \"1.95\"\n";
        assert_eq!(wanted_rust(manifest), Some("1.95"));
        assert_eq!(minor_of("1.95"), Some(95));
        assert_eq!(minor_of("1.96.0-nightly"), Some(96));
        assert_eq!(minor_of("one"), None);
    }
}
