//! Where things are: the project's folders and the per-user folder of tools.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The folders every task works with.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    target: PathBuf,
    tools: PathBuf,
}

impl Project {
    /// Finds the project from the current folder upwards.
    pub fn find() -> Result<Self> {
        let here = env::current_dir()
            .map_err(|error| Failure::new(format!("no current folder: {error}")))?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("src/xtask/Cargo.toml").is_file())
            .ok_or_else(|| {
                Failure::new("this is not inside the project")
                    .advise("change to the folder with Cargo.toml and try again")
            })?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if !folder.is_empty() => here.join(folder),
            _ => root.join("target"),
        };
        let tools = tools_folder(|name| env::var(name).ok(), &root);
        Ok(Self {
            root,
            target,
            tools,
        })
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the project.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The finished static site.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The browser tests.
    pub fn e2e(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// Cargo's output for native code.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Cargo's output for wasm: apart, because it may come from another compiler.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The tools set-up installs, shared by all clones of one user.
    pub fn tools(&self) -> &Path {
        &self.tools
    }

    /// Where a task writes what a tool said.
    pub fn log(&self, name: &str) -> PathBuf {
        self.target.join("xtask-logs").join(format!("{name}.log"))
    }
}

/// Chooses the folder of tools: `ARCHPLAY_TOOLS`, the user's cache, or `.tools`.
fn tools_folder(variable: impl Fn(&str) -> Option<String>, root: &Path) -> PathBuf {
    let set = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = set("ARCHPLAY_TOOLS") {
        return folder;
    }
    let cache = set("XDG_CACHE_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .or_else(|| set("HOME").map(|home| home.join(".cache")));
    match cache {
        Some(cache) => cache.join("archplay-tools"),
        None => root.join(".tools"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_shared_between_clones_where_the_user_has_a_cache() {
        let check = |variables: &[(&str, &str)], expected: &str| {
            let lookup = |name: &str| {
                variables
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).into())
            };
            assert_eq!(tools_folder(lookup, Path::new("/p")), Path::new(expected));
        };
        check(&[("HOME", "/h")], "/h/.cache/archplay-tools");
        check(
            &[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")],
            "/c/archplay-tools",
        );
        check(&[("HOME", "/h"), ("ARCHPLAY_TOOLS", "/t")], "/t");
        check(&[("HOME", "")], "/p/.tools");
    }
}
