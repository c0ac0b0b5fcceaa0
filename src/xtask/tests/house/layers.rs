//! Arrows point down only: which crate may use which, and what none of them may know.

use std::collections::BTreeMap;
use std::fs;

use crate::tree::{refuse, root, sources};

/// What each crate may depend on, of ours. Dependencies for tests are free.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("kernel", &[]),
    ("feed", &["kernel"]),
    ("theory", &[]),
    ("figure", &["kernel", "theory"]),
    ("text", &[]),
    ("report", &["model"]),
    ("editor", &["model"]),
    ("engine", &["feed", "kernel", "model", "report"]),
    ("course", &["model", "report"]),
    ("protocol", &["course", "model", "report"]),
    ("cli", &["course", "engine", "model", "report", "text"]),
    ("xtask", &["course", "model"]),
];

/// Words of the browser: only the page and the worker know it.
const BROWSER: [&str; 5] = ["yew::", "web_sys::", "js_sys::", "wasm_bindgen::", "gloo"];
/// Words of the machine: only the programs for the terminal know it.
const MACHINE: [&str; 7] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "Instant::now",
    "SystemTime::now",
];

#[test]
fn dependencies_point_down() {
    let allowed: BTreeMap<_, _> = ALLOWED.into_iter().collect();
    let mut broken = Vec::new();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else {
            continue;
        };
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let Some(allowed) = allowed.get(name.as_str()) else {
            broken.push(format!("src/{name} has no place among the layers"));
            continue;
        };
        for dependency in our_dependencies(&manifest) {
            if !allowed.contains(&dependency) {
                broken.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    refuse(
        "the layers stand in src/xtask/tests/house/layers.rs",
        broken,
    );
}

#[test]
fn only_the_page_knows_the_browser() {
    forbid(&BROWSER, &["app", "xtask"]);
}

#[test]
fn only_the_programs_know_the_machine() {
    forbid(&MACHINE, &["cli", "xtask"]);
}

/// Lists the lines of code that use a word, outside the crates that may.
fn forbid(words: &[&str], free: &[&str]) {
    let mut broken = Vec::new();
    for source in sources() {
        if free.contains(&source.owner()) || source.is_test() {
            continue;
        }
        for (number, line) in source.lines_without_tests() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                broken.push(format!("{}:{number}: {word}", source.place));
            }
        }
    }
    refuse(
        &format!("only {} may use these", free.join(" and ")),
        broken,
    );
}

/// Reads our crates from the `[dependencies]` of a manifest.
fn our_dependencies(manifest: &str) -> Vec<&str> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.strip_prefix("archplay-"))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .collect()
}

#[test]
fn dependencies_are_read_from_their_own_section() {
    let manifest = "[dependencies]\narchplay-model.workspace = true\narchplay-course = { }\n\
                    serde = \"1\"\n[dev-dependencies]\narchplay-theory.workspace = true\n";
    assert_eq!(our_dependencies(manifest), ["model", "course"]);
}
