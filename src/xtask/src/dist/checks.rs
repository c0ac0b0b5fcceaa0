//! The way into the site of the checks against theory: a list with all numbers, and beside it a file for each
//! case with its drawing and scenario, which the page fetches when somebody opens or runs the case.
//!
//! The cases stand under `static/checks/`, written by tests of the engine. What is in them is not known here.

use std::path::Path;

use serde_json::Value;

use super::hash::hashed_name;
use crate::failure::{Failure, OrFail as _, Result};
use crate::files;

/// Writes the checks under `root/static/checks` into `out/checks` and returns their number.
pub fn write(root: &Path, out: &Path) -> Result<usize> {
    let folder = out.join("checks");
    let mut list = Vec::new();
    for path in files::entries(&root.join("static/checks"))? {
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = || path.display().to_string();
        let check: Value = serde_json::from_str(&files::read_text(&path)?)
            .or_fail(|| format!("cannot read {}", name()))?;
        let id = check["id"].as_str().unwrap_or_default().to_owned();
        if path.file_stem().is_none_or(|stem| stem != id.as_str()) {
            return Err(Failure::new(format!("{}: its id is \"{id}\"", name())));
        }
        let text = check.to_string();
        let file = hashed_name(&format!("{id}.json"), text.as_bytes());
        files::write(&folder.join(&file), text)?;
        list.push(listed(check, &file));
    }
    files::write(&folder.join("index.json"), Value::Array(list).to_string())?;
    Ok(files::entries(&folder)?.len() - 1)
}

/// The case without its documents, and where those are.
fn listed(mut check: Value, file: &str) -> Value {
    check["file"] = format!("checks/{file}").into();
    for run in check["runs"].as_array_mut().into_iter().flatten() {
        if let Some(run) = run.as_object_mut() {
            run.remove("design");
            run.remove("scenario");
        }
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_a_file_for_each_case() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let out = std::env::temp_dir().join(format!("archplay-checks-{}", std::process::id()));
        files::remove_folder(&out).unwrap();
        let count = write(&root, &out).unwrap();
        let list = files::read_text(&out.join("checks/index.json")).unwrap();
        let list: Vec<Value> = serde_json::from_str(&list).unwrap();
        assert!(count >= 30 && list.len() == count);
        let documents = |run: &Value| run.get("design").is_some() || run.get("scenario").is_some();
        for case in &list {
            let runs = case["runs"].as_array().unwrap();
            assert!(!runs.iter().any(documents), "{}", case["id"]);
            let file = out.join(case["file"].as_str().unwrap());
            let whole: Value = serde_json::from_str(&files::read_text(&file).unwrap()).unwrap();
            assert_eq!(whole["rows"], case["rows"]);
            assert!(whole["runs"].as_array().unwrap().iter().all(documents));
        }
        files::remove_folder(&out).unwrap();
    }

    #[test]
    fn a_file_bears_the_name_of_its_case() {
        let root = std::env::temp_dir().join(format!("archplay-check-{}", std::process::id()));
        files::write(
            &root.join("static/checks/a.json"),
            "{\"id\":\"b\",\"runs\":[]}",
        )
        .unwrap();
        let failure = write(&root, &root.join("dist")).unwrap_err().to_string();
        assert!(failure.contains("\"b\""), "{failure}");
        files::remove_folder(&root).unwrap();
    }
}
