//! The lessons' way into the site.
//!
//! A lesson is a folder under `lessons/`; the page reads JSON from `dist/lessons/`. What a lesson must be
//! is the course's business; here its texts are read and its files written.

use std::collections::BTreeMap;
use std::path::Path;

use archplay_course::bundle;

use crate::failure::{OrFail as _, Result};
use crate::files;

/// Bundles the lessons under `root/lessons` into `out/lessons` and returns their number.
pub fn bundle(root: &Path, out: &Path) -> Result<usize> {
    let texts = texts(&root.join("lessons"))?;
    let built = bundle::build(&texts).or_fail(|| "a lesson is broken".to_owned())?;
    for (name, json) in &built {
        files::write(&out.join("lessons").join(name), json)?;
    }
    Ok(texts
        .keys()
        .filter(|path| path.ends_with("/lesson.toml"))
        .count())
}

/// The texts of all lessons by their path below `lessons/`, with forward slashes.
fn texts(lessons: &Path) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    if !lessons.is_dir() {
        return Ok(texts);
    }
    for path in files::walk(lessons)? {
        let read = path
            .extension()
            .is_some_and(|e| e == "toml" || e == "md" || e == "json");
        if let (true, Ok(below)) = (read, path.strip_prefix(lessons)) {
            let name = below.to_string_lossy().replace('\\', "/");
            texts.insert(name, files::read_text(&path)?);
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_lessons_become_the_pages_files() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let texts = texts(&root.join("lessons")).unwrap();
        let built = bundle::build(&texts).unwrap();
        let names: Vec<&str> = built.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"index.json"), "{names:?}");
        assert!(names.contains(&"03-compute.ko.json"), "{names:?}");
        assert!(names.contains(&"03-compute.en.json"), "{names:?}");
        assert!(names.contains(&"03-compute.answers.json"), "{names:?}");
        assert!(names.contains(&"glossary.json"), "{names:?}");
        assert!(names.contains(&"questions.json"), "{names:?}");
        for (name, json) in &built {
            // Markdown ends no bold before a Korean particle when a bracket stands before it.
            let at = json.find("**").filter(|_| !name.contains("answers"));
            let around = at.map(|at| json[..at].chars().rev().take(20).collect::<String>());
            assert_eq!(
                around, None,
                "{name}: bold that does not end, read backwards"
            );
        }
    }
}
