//! The lessons' way into the site.
//!
//! A lesson is a folder under `lessons/`; the page reads JSON from `dist/lessons/`.

use std::path::Path;

use crate::failure::Result;
use crate::files;

/// Writes the lessons found under `root/lessons` to `out/lessons` and returns their number.
///
/// So far this is the list of folders with a `lesson.toml`, in order.
pub fn bundle(root: &Path, out: &Path) -> Result<usize> {
    let lessons = root.join("lessons");
    let mut names = Vec::new();
    if lessons.is_dir() {
        for path in files::entries(&lessons)? {
            if path.join("lesson.toml").is_file() {
                names.extend(
                    path.file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                );
            }
        }
    }
    files::write(&out.join("lessons/index.json"), list(&names))?;
    Ok(names.len())
}

/// Writes folder names as JSON.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("[{}]\n", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_become_a_list() {
        assert_eq!(
            list(&["01-users".to_owned(), "02-dns".to_owned()]),
            "[\"01-users\",\"02-dns\"]\n"
        );
        assert_eq!(list(&[]), "[]\n");
    }
}
