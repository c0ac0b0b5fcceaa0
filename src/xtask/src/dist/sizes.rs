//! What the page weighs, and the budget it must keep to.

use std::path::Path;

use miniz_oxide::deflate::compress_to_vec;

use crate::failure::{Failure, Result};
use crate::files;

/// What a first visit shall load at most, compressed: the page with its worker, and no lesson but the
/// one that is open.
const GOAL_BYTES: usize = 450_000;
/// What it may load today. The page does not keep to its goal yet; until it does, this ceiling keeps it
/// from growing further. It only ever goes down.
const BUDGET_BYTES: usize = 1_100_000;
/// What gzip adds to the compressed bytes: header, checksum, length.
const GZIP_FRAME_BYTES: usize = 18;

/// Fails when the compressed sum is over the budget.
pub fn check(dist: &Path) -> Result {
    let bytes = report(dist)?;
    if bytes <= BUDGET_BYTES {
        return Ok(());
    }
    let over = grouped(bytes - BUDGET_BYTES);
    Err(
        Failure::new(format!("the page is {over} bytes over its budget")).advise(
            "look at the largest file above; `twiggy top` on the wasm shows what fills it. \
         The budget stands in src/xtask/src/dist/sizes.rs",
        ),
    )
}

/// Prints each file's size and returns the compressed sum of a first visit.
pub fn report(dist: &Path) -> Result<usize> {
    if !dist.join("index.html").is_file() {
        return Err(Failure::new("there is no site in dist/").advise("run `cargo xtask dist`"));
    }
    let mut rows = Vec::new();
    let mut lessons = Row::named("lessons/*");
    for path in files::walk(dist)? {
        let name = path
            .strip_prefix(dist)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        let row = Row::of(&name, &files::read(&path)?);
        if is_lesson(&name) {
            lessons.add(&row);
        } else {
            rows.push(row);
        }
    }
    let mut total = Row::named("first visit, without lessons");
    rows.iter().for_each(|row| total.add(row));
    rows.sort_by(|a, b| b.gzip.cmp(&a.gzip).then(a.name.cmp(&b.name)));
    println!("{:>10} {:>10}  file", "raw", "gzip");
    for row in rows.iter().chain([&lessons, &total]) {
        println!(
            "{:>10} {:>10}  {}",
            grouped(row.raw),
            grouped(row.gzip),
            row.name
        );
    }
    println!(
        "{} bytes; ceiling {}, goal {}",
        grouped(total.gzip),
        grouped(BUDGET_BYTES),
        grouped(GOAL_BYTES)
    );
    Ok(total.gzip)
}

/// Tells whether a file belongs to one lesson, which is loaded when it is opened.
fn is_lesson(name: &str) -> bool {
    name.starts_with("lessons/") && name != "lessons/index.json"
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
    fn the_list_of_lessons_counts_but_no_lesson_does() {
        assert!(!is_lesson("lessons/index.json"));
        assert!(is_lesson("lessons/03-compute/ko.json"));
        assert!(!is_lesson("index.html"));
    }

    #[test]
    fn text_shrinks() {
        let row = Row::of("a", "the same again ".repeat(100).as_bytes());
        assert_eq!(row.raw, 1500);
        assert!(row.gzip < 100);
    }
}
