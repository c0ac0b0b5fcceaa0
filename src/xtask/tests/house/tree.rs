//! The files the rules are about.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of Rust.
pub struct Source {
    /// Where it is, from the project's folder, with forward slashes.
    pub place: String,
    /// What is in it.
    pub text: String,
}

impl Source {
    /// The lines before the tests that stand in the same file.
    pub fn lines_without_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let code = self.text.lines().take_while(|line| *line != "#[cfg(test)]");
        code.enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Tells whether the whole file is tests or measurements.
    pub fn is_test(&self) -> bool {
        let parts: Vec<_> = self.place.split('/').collect();
        parts
            .iter()
            .any(|part| matches!(*part, "tests" | "benches" | "tests.rs"))
    }

    /// The crate the file belongs to; files of the page belong to `app`.
    pub fn owner(&self) -> &str {
        let mut parts = self.place.split('/');
        match (parts.next(), parts.next()) {
            (Some("src"), Some(name))
                if root().join("src").join(name).join("Cargo.toml").is_file() =>
            {
                name
            }
            _ => "app",
        }
    }
}

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_path_buf()
}

/// Every file of Rust in the project.
pub fn sources() -> Vec<Source> {
    let root = root();
    let mut open = vec![root.join("src"), root.join("tests")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path
                    .file_name()
                    .is_some_and(|name| name != "node_modules" && name != "target")
                {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let place = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { place, text });
            }
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    assert!(found.len() > 20, "the project's sources were not found");
    found
}

/// Fails with a list of the places that break a rule.
pub fn refuse(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
