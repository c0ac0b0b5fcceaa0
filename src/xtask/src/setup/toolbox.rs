//! What set-up found, and commands that see it.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::browser::Browser;
use super::wasm_target::WasmToolchain;
use crate::command;
use crate::project::Project;

/// What the compiler may use for the fast worker besides, see `dist::parts`.
pub const FAST_RUSTFLAGS: &str = "-Ctarget-feature=+simd128";

/// The tools of one run.
pub struct Toolbox {
    project: Project,
    folders: Vec<PathBuf>,
    /// The compiler for wasm, once found.
    pub wasm: Option<WasmToolchain>,
    /// The browser, once found.
    pub browser: Option<Browser>,
    /// The folder of npm packages that go into the page's scripts, once found.
    pub page_modules: PathBuf,
}

impl Toolbox {
    /// Starts with nothing but the user's own path.
    pub fn new(project: Project) -> Self {
        Self {
            project,
            folders: Vec::new(),
            wasm: None,
            browser: None,
            page_modules: PathBuf::new(),
        }
    }

    /// The project the tools are for.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Puts a folder of programs before the user's path.
    pub fn add_folder(&mut self, folder: PathBuf) {
        self.folders.push(folder);
    }

    /// Finds a program among the tools, then on the user's path.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        command::find_in(self.folders.iter().cloned(), name).or_else(|| command::find_program(name))
    }

    /// Starts a command that sees the tools, in the project's folder.
    pub fn command(&self, name: &str) -> Command {
        let program = self.find(name).unwrap_or_else(|| name.into());
        let mut command = command::clean(program);
        command.current_dir(self.project.root());
        if !self.folders.is_empty() {
            let path = env::var_os("PATH").unwrap_or_default();
            let folders = self.folders.iter().cloned().chain(env::split_paths(&path));
            if let Ok(path) = env::join_paths(folders) {
                command.env("PATH", path);
            }
        }
        command
    }

    /// Makes a command that compiles to wasm compile for size: the standard library anew and for size, and
    /// panics that end the program without a message. The page notices the end, see `static/boot.js`. Tells
    /// whether it can be done: the library's source may be missing.
    pub fn shrink(&self, command: &mut Command) -> bool {
        if !self.wasm.as_ref().is_some_and(WasmToolchain::has_source) {
            return false;
        }
        command
            // `-Z` flags are for nightly; this variable lets a stable compiler take them.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
                 -Csymbol-mangling-version=v0",
            )
            // Of the two programs, the one that is compiled for speed.
            .env("CARGO_UNSTABLE_PROFILE_RUSTFLAGS", "true")
            .env("CARGO_PROFILE_FAST_RUSTFLAGS", FAST_RUSTFLAGS)
            // What runs while it is compiled is no wasm: any flag instead.
            .env(
                "CARGO_PROFILE_FAST_BUILD_OVERRIDE_RUSTFLAGS",
                "-Cdebuginfo=0",
            );
        true
    }

    /// What the page is compiled with: one compiler names the parts of a function otherwise than another, and
    /// without the library's source there is more of it.
    pub fn compiler(&self) -> String {
        let wasm = self.wasm.clone().unwrap_or_default();
        let without = if wasm.has_source() {
            ""
        } else {
            ", without its library's source"
        };
        format!("{}{without}", wasm.version())
    }

    /// Starts a command that compiles to wasm: its own compiler, its own output folder.
    pub fn wasm_command(&self, name: &str) -> Command {
        let mut command = self.command(name);
        command.env("CARGO_TARGET_DIR", self.project.wasm_target());
        if let Some(wasm) = &self.wasm {
            wasm.choose(&mut command);
        }
        command
    }
}
