//! Finds or makes a compiler for `wasm32-unknown-unknown`.
//!
//! In this order: the active toolchain has it; rustup may fetch it; Debian's packages and
//! a standard library built once from their source; else a message.

use std::env;
use std::path::Path;
use std::process::Command;

use super::{Toolbox, debian};
use crate::command;
use crate::failure::{Failure, Result};
use crate::files;
use crate::progress::{Step, Steps};
use crate::project::Project;

/// The target of the page and its worker.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that can make wasm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WasmToolchain {
    rustup_name: Option<String>,
}

impl WasmToolchain {
    /// The toolchain that is used without a choice.
    pub fn active() -> Self {
        Self::default()
    }

    /// A toolchain rustup knows by name.
    pub fn named(name: &str) -> Self {
        Self {
            rustup_name: Some(name.to_owned()),
        }
    }

    /// Makes a command use this compiler.
    pub fn choose(&self, command: &mut Command) {
        if let Some(name) = &self.rustup_name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }

    /// Compiles and links a small program the way the page is, the only proof that counts:
    /// a target folder may be there without a linker, or without what LTO needs.
    pub fn works(&self, project: &Project) -> bool {
        let source = project.target().join("xtask-probe/probe.rs");
        let program = "#[unsafe(no_mangle)] pub extern \"C\" fn probe() -> usize \
                       { std::env::args().map(|word| word.len()).sum() }\n";
        if files::write(&source, program).is_err() {
            return false;
        }
        let mut rustc = command::clean("rustc");
        self.choose(&mut rustc);
        rustc
            .current_dir(project.root())
            .args(["--edition=2024", "--crate-type=cdylib", "--target", TARGET])
            .args(["-Copt-level=z", "-Clto=fat", "-Cpanic=abort", "-o"])
            .arg(source.with_extension("wasm"))
            .arg(&source);
        command::answer(&mut rustc).is_some()
    }

    /// Tells whether the standard library's source is there.
    pub fn has_source(&self) -> bool {
        let mut rustc = command::clean("rustc");
        self.choose(&mut rustc);
        let sysroot = command::answer(rustc.args(["--print", "sysroot"])).unwrap_or_default();
        Path::new(&sysroot)
            .join("lib/rustlib/src/rust/library/std/Cargo.toml")
            .is_file()
    }

    /// Names the compiler for a line of progress.
    pub fn describe(&self) -> String {
        let version = self.version();
        match &self.rustup_name {
            Some(name) => format!("{version}, toolchain \"{name}\""),
            None => version,
        }
    }

    /// The compiler and its number, as in "rustc 1.96.0".
    pub fn version(&self) -> String {
        let mut rustc = command::clean("rustc");
        self.choose(&mut rustc);
        let version = command::answer(rustc.arg("--version")).unwrap_or_default();
        let number = version.split(' ').nth(1).unwrap_or("unknown version");
        format!("rustc {number}")
    }
}

/// Finds or makes the compiler.
pub fn ensure(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let mut step = steps.next("wasm target");
    let project = toolbox.project().clone();
    for toolchain in [
        WasmToolchain::active(),
        WasmToolchain::named(debian::TOOLCHAIN),
    ] {
        let known = toolchain.rustup_name.is_none() || debian::is_linked();
        if known && toolchain.works(&project) {
            if !toolchain.has_source() && rustup_may_fetch() {
                fetch_source(&project, &toolchain, &mut step);
            }
            step.found(&toolchain.describe());
            toolbox.wasm = Some(toolchain);
            return Ok(());
        }
    }
    let toolchain = if rustup_may_fetch() && fetch_with_rustup(&project, &mut step) {
        WasmToolchain::active()
    } else if debian::is_possible() {
        debian::install(&project, &mut step)?
    } else {
        return Err(nothing_left());
    };
    if !toolchain.works(&project) {
        return Err(Failure::new(format!(
            "{} cannot build for {TARGET}",
            toolchain.describe()
        ))
        .advise(
            "try the command below by hand and look at its message:\n    \
                     cargo build --release --target wasm32-unknown-unknown -p archplay-app",
        ));
    }
    if !toolchain.has_source() && rustup_may_fetch() {
        fetch_source(&project, &toolchain, &mut step);
    }
    step.done();
    toolbox.wasm = Some(toolchain);
    Ok(())
}

/// Tells whether rustup is there and allowed to download.
fn rustup_may_fetch() -> bool {
    let forbidden = env::var("RUSTUP_AUTO_INSTALL").is_ok_and(|value| value == "0");
    !forbidden && command::find_program("rustup").is_some()
}

fn fetch_with_rustup(project: &Project, step: &mut Step) -> bool {
    step.working(&format!("rustup target add {TARGET} (about 1 min)"));
    let mut rustup = command::clean("rustup");
    rustup
        .current_dir(project.root())
        .args(["target", "add", TARGET]);
    let log = project.log("rustup");
    let fetched = command::run_quiet(&mut rustup, &log, step).is_ok();
    if !fetched {
        step.working(&format!(
            "rustup could not ({}), looking further",
            display(&log)
        ));
    }
    fetched
}

/// Fetches the standard library's source, from which the page gets a smaller one. Without it the page is
/// only larger.
fn fetch_source(project: &Project, toolchain: &WasmToolchain, step: &mut Step) {
    step.working("rustup component add rust-src");
    let mut rustup = command::clean("rustup");
    toolchain.choose(&mut rustup);
    rustup
        .current_dir(project.root())
        .args(["component", "add", "rust-src"]);
    // What it means that this failed is said when the page is built.
    let _ = command::run_quiet(&mut rustup, &project.log("rust-src"), step);
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

fn nothing_left() -> Failure {
    Failure::new(format!("there is no Rust standard library for {TARGET}")).advise(format!(
        "one of\n    rustup target add {TARGET}            (RUSTUP_AUTO_INSTALL must not be 0)\n    \
         your system's package with Rust for wasm, such as rust-std-static-{TARGET} on Fedora\n    \
         on Debian: run this again as root, or with sudo set up, and with apt's sources reachable"
    ))
}
