//! The list of functions, and parts of functions, that a first visit does not run, under
//! `src/xtask/first-visit/`.
//!
//! It is made by `cargo xtask first-visit`, which watches a first visit: session 3 opens and its first run ends.
//! A function is known by a hash of its name without what changes from build to build, a part of one by what
//! `cold.rs` calls it; what is new or has changed is not in the list and stays in the first part until the list
//! is made anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::Result;
use crate::files;

const HEAD: &str = "# Functions, and parts of functions, that a first visit does not run, as hashes of their names. Made by `cargo xtask first-visit`.";
/// Before the compiler whose names they are.
const COMPILER: &str = "# Compiler: ";

/// What of a program moves into the rest.
#[derive(Default)]
pub struct Moved {
    hashes: BTreeSet<String>,
    /// What the program was compiled with when the list was written.
    compiler: String,
}

impl Moved {
    /// Reads the list of a program.
    pub fn read(root: &Path, program: &str) -> Result<Self> {
        let text = files::read_text(&file(root, program))?;
        let compiler = text.lines().find_map(|line| line.strip_prefix(COMPILER));
        let hashes = text.lines().filter(|line| !line.starts_with('#'));
        Ok(Self {
            hashes: hashes.map(str::to_owned).collect(),
            compiler: compiler.unwrap_or_default().to_owned(),
        })
    }

    /// Makes a list of names.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            hashes: names.map(hash).collect(),
            ..Self::default()
        }
    }

    /// Tells whether its parts of functions are those of this compiler: another one cuts them otherwise.
    pub fn is_of(&self, compiler: &str) -> bool {
        self.compiler == compiler
    }

    /// Tells whether a function is listed, by the name the compiler gave it, or a part of one, by its key.
    pub fn has(&self, name: &str) -> bool {
        self.hashes.contains(&hash(name))
    }

    /// Writes the list of a program that was compiled with this.
    pub fn write(&self, root: &Path, program: &str, compiler: &str) -> Result {
        let lines: Vec<&str> = self.hashes.iter().map(String::as_str).collect();
        let text = format!("{HEAD}\n{COMPILER}{compiler}\n{}\n", lines.join("\n"));
        files::write(&file(root, program), text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }
}

fn file(root: &Path, program: &str) -> PathBuf {
    root.join("src/xtask/first-visit")
        .join(format!("{program}.txt"))
}

/// A name as a person reads it, without the compiler's numbers. A name that is plain already stays.
pub fn plain(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// Twelve hexadecimal digits: of some ten thousand names no two share them by chance.
fn hash(name: &str) -> String {
    Sha256::digest(plain(name).as_bytes())
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_every_build() {
        // The same function of two builds: the crate's own number differs.
        let one = "_RNvCs15kBYyAo9fc_3app4main";
        let two = "_RNvCsgStHSCytQ6I_3app4main";
        let list = Moved::of([one].into_iter());
        assert!(list.has(two));
        assert!(!list.has("_RNvCs15kBYyAo9fc_3app5other"));
    }

    #[test]
    fn what_was_written_is_read() {
        let root = std::env::temp_dir().join(format!("archplay-list-{}", std::process::id()));
        let list = Moved::of(["a", "b"].into_iter());
        list.write(&root, "app", "rustc 1.2.3").unwrap();
        let read = Moved::read(&root, "app").unwrap();
        assert!(read.is_of("rustc 1.2.3") && !read.is_of("rustc 1.2.4"));
        assert_eq!(read.len(), 2);
        assert!(read.has("a") && read.has("b") && !read.has("c"));
        files::remove_folder(&root).unwrap();
    }
}
