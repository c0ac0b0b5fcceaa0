//! Finds the tools the page is built and tested with, and installs what is missing.
//!
//! Each tool has a file of its own that answers one question: where is it, and if it is
//! nowhere, how does it come here. When all is there, set-up takes a second or two.

mod browser;
mod cargo_tools;
mod debian;
mod node;
mod system;
mod toolbox;
mod wasm_target;

pub use browser::Browser;
pub use toolbox::{FAST_RUSTFLAGS, Toolbox};
pub use wasm_target::TARGET;

use crate::failure::Result;
use crate::progress::Steps;
use crate::project::Project;

/// Something a task cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A compiler for `wasm32-unknown-unknown`, with the standard library and a linker.
    WasmTarget,
    /// Trunk, which puts the page together.
    Trunk,
    /// wasm-bindgen and its test runner, in the version the project is locked to.
    WasmBindgen,
    /// Node, for wasm-opt and the browser tests.
    Node,
    /// wasm-opt, which makes the wasm smaller.
    WasmOpt,
    /// esbuild, which bundles the page's scripts.
    Scripts,
    /// Chromium with its driver, and a font that has Korean.
    Browser,
    /// The npm packages of the browser tests.
    BrowserTests,
}

impl Need {
    /// Everything.
    pub const ALL: [Need; 8] = [
        Need::WasmTarget,
        Need::Trunk,
        Need::WasmBindgen,
        Need::Node,
        Need::WasmOpt,
        Need::Scripts,
        Need::Browser,
        Need::BrowserTests,
    ];
    /// What a build of the page takes.
    pub const BUILD: [Need; 6] = [
        Need::WasmTarget,
        Need::Trunk,
        Need::WasmBindgen,
        Need::Node,
        Need::WasmOpt,
        Need::Scripts,
    ];
}

/// Makes sure of everything a task needs, in an order that fails early and cheaply.
pub fn ensure(project: &Project, needs: &[Need]) -> Result<Toolbox> {
    let mut needs = needs.to_vec();
    needs.sort_unstable();
    needs.dedup();
    let mut toolbox = Toolbox::new(project.clone());
    let mut steps = Steps::new(needs.len());
    for need in needs {
        match need {
            Need::WasmTarget => wasm_target::ensure(&mut toolbox, &mut steps)?,
            Need::Trunk => cargo_tools::ensure_trunk(&mut toolbox, &mut steps)?,
            Need::WasmBindgen => cargo_tools::ensure_wasm_bindgen(&mut toolbox, &mut steps)?,
            Need::Node => node::ensure_node(&mut steps)?,
            Need::WasmOpt => node::ensure_wasm_opt(&mut toolbox, &mut steps)?,
            Need::Scripts => node::ensure_scripts(&mut toolbox, &mut steps)?,
            Need::Browser => browser::ensure(&mut toolbox, &mut steps)?,
            Need::BrowserTests => node::ensure_browser_tests(&toolbox, &mut steps)?,
        }
    }
    Ok(toolbox)
}
