//! What the page weighs, and the budget it must keep to.

use std::path::PathBuf;

use miniz_oxide::deflate::compress_to_vec;

use super::parts::APP;
use super::parts::list::Moved;
use crate::failure::{Failure, Result};
use crate::files;
use crate::project::Project;

/// What a first visit may fetch at most, compressed, until the first run of session 3 has ended. The
/// end-to-end tests measure the same on a real visit.
const BUDGET_BYTES: usize = 450_000;
/// The same where the page was not compiled with what the list of the idle parts was made with: parts of functions
/// are cut otherwise by each compiler, so none of them is found in the list and they all stay.
const STRANGE_BUDGET_BYTES: usize = 550_000;
/// What gzip adds to the compressed bytes: header, checksum, length.
const GZIP_FRAME_BYTES: usize = 18;

/// Notes what the page is compiled with.
pub fn note_compiler(project: &Project, compiler: &str) -> Result {
    files::write(&compiler_note(project), compiler)
}

/// Where that is noted.
fn compiler_note(project: &Project) -> PathBuf {
    project.wasm_target().join("parts/compiler.txt")
}

/// Bytes that a first visit may fetch at most, compressed.
pub fn budget(project: &Project) -> Result<usize> {
    // A site that was built elsewhere is held to what ours is.
    let Ok(compiler) = files::read_text(&compiler_note(project)) else {
        return Ok(BUDGET_BYTES);
    };
    Ok(if Moved::read(project.root(), APP)?.is_of(&compiler) {
        BUDGET_BYTES
    } else {
        STRANGE_BUDGET_BYTES
    })
}

/// Fails when the compressed sum of a first visit is over the budget.
pub fn check(project: &Project) -> Result {
    let budget = budget(project)?;
    let bytes = account(project)?;
    if bytes <= budget {
        return Ok(());
    }
    let over = grouped(bytes - budget);
    Err(Failure::new(format!(
        "a first visit fetches {over} bytes over its budget"
    ))
    .advise(
        "`cargo xtask first-visit` finds out anew what a first visit needs; \
             the largest files stand above. The budget stands in src/xtask/src/dist/sizes.rs",
    ))
}

/// Prints each file's size and the compressed sum of a first visit.
pub fn report(project: &Project) -> Result {
    account(project).map(drop)
}

fn account(project: &Project) -> Result<usize> {
    let dist = &project.dist();
    if !dist.join("index.html").is_file() {
        return Err(Failure::new("there is no site in dist/").advise("run `cargo xtask dist`"));
    }
    let mut first = Vec::new();
    let mut later = Row::named("fetched later, or never");
    for path in files::walk(dist)? {
        let name = path
            .strip_prefix(dist)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        let row = Row::of(&name, &files::read(&path)?);
        if is_first(&name) {
            first.push(row);
        } else {
            later.add(&row);
        }
    }
    let mut total = Row::named("a first visit");
    first.iter().for_each(|row| total.add(row));
    first.sort_by(|a, b| b.gzip.cmp(&a.gzip).then(a.name.cmp(&b.name)));
    println!("{:>10} {:>10}  file", "raw", "gzip");
    for row in first.iter().chain([&later, &total]) {
        println!(
            "{:>10} {:>10}  {}",
            grouped(row.raw),
            grouped(row.gzip),
            row.name
        );
    }
    let budget = budget(project)?;
    println!("{} bytes of {}", grouped(total.gzip), grouped(budget));
    if budget != BUDGET_BYTES {
        println!(
            "The list of what a first visit does not run was made with another compiler, so the budget is not {}: \
             functions are found in it, parts of functions are not. The page works the same.",
            grouped(BUDGET_BYTES)
        );
    }
    Ok(total.gzip)
}

/// Tells whether a Korean first visit, which opens session 3, fetches a file.
fn is_first(name: &str) -> bool {
    match name.split_once('/') {
        Some(("lessons", file)) => matches!(file, "index.json" | "03-compute.ko.json"),
        Some(("texts", file)) => file.starts_with("ko-") && !file.contains("-rest-"),
        Some(_) => false,
        None => !["app-rest-", "fast-", "start-fast-"]
            .iter()
            .any(|later| name.starts_with(later)),
    }
}

struct Row {
    name: String,
    raw: usize,
    gzip: usize,
}

impl Row {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
        }
    }

    fn of(name: &str, bytes: &[u8]) -> Self {
        let gzip = compress_to_vec(bytes, 9).len() + GZIP_FRAME_BYTES;
        Self {
            name: name.to_owned(),
            raw: bytes.len(),
            gzip,
        }
    }

    fn add(&mut self, other: &Row) {
        self.raw += other.raw;
        self.gzip += other.gzip;
    }
}

/// Writes a number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn a_first_visit_opens_one_lesson_in_one_language() {
        for name in [
            "index.html",
            "parts-1.lzma",
            "start-1.js",
            "start-worker-1.js",
            "texts/ko-1.json",
            "lessons/index.json",
            "lessons/03-compute.ko.json",
        ] {
            assert!(is_first(name), "{name}");
        }
        for name in [
            "app-rest-1.wasm",
            "fast-1.wasm",
            "start-fast-1.js",
            "texts/en-1.json",
            "texts/ko-rest-1.json",
            "lessons/03-compute.answers.json",
            "schema/design-1.json",
        ] {
            assert!(!is_first(name), "{name}");
        }
    }

    #[test]
    fn text_shrinks() {
        let row = Row::of("a", "the same again ".repeat(100).as_bytes());
        assert_eq!(row.raw, 1500);
        assert!(row.gzip < 100);
    }
}
