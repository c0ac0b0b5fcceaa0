//! Content hashes for the worker's files.
//!
//! Trunk gives the page's files names with a hash but not the worker's, and a browser's
//! cache would then mix an old worker with a new page. The chain is renamed from its end:
//! the page names the loader, the loader the script, the script the wasm.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};
use crate::files;

/// Gives the worker's files hashed names and rewrites every reference to them.
pub fn rename(dist: &Path) -> Result {
    let wasm = rename_file(dist, "worker_bg.wasm", &[])?;
    let script = rename_file(dist, "worker.js", &[("worker_bg.wasm", &wasm)])?;
    let loader = rename_file(dist, "worker_loader.js", &[("worker.js", &script)])?;
    let page = dist.join("index.html");
    let text = replace(
        &files::read_text(&page)?,
        "index.html",
        "worker_loader.js",
        &loader,
    )?;
    files::write(&page, text)
}

/// Replaces names inside a file, then renames it by its new content.
fn rename_file(dist: &Path, name: &str, replacements: &[(&str, &str)]) -> Result<String> {
    let old = dist.join(name);
    let mut content = files::read(&old)?;
    for (from, to) in replacements {
        let text = String::from_utf8(content)
            .map_err(|_| Failure::new(format!("{name} is not text in UTF-8")))?;
        content = replace(&text, name, from, to)?.into_bytes();
    }
    let hashed = hashed_name(name, &content);
    files::write(&dist.join(&hashed), content)?;
    files::remove(&old)?;
    Ok(hashed)
}

/// Replaces a name; a file that does not have it was not built as expected.
fn replace(text: &str, place: &str, from: &str, to: &str) -> Result<String> {
    if !text.contains(from) {
        return Err(Failure::new(format!("{place} does not name {from}"))
            .advise("trunk changed what it writes, or index.html lost its worker tags"));
    }
    Ok(text.replace(from, to))
}

/// Puts the content's hash before the ending: `worker_bg-0123456789abcdef.wasm`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let digest = Sha256::digest(content);
    let hash: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{stem}-{hash}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str, wasm: &str) -> std::path::PathBuf {
        let dist = std::env::temp_dir().join(format!("archplay-{}-{name}", std::process::id()));
        files::remove_folder(&dist).unwrap();
        let write = |name: &str, text: &str| files::write(&dist.join(name), text).unwrap();
        write("worker_bg.wasm", wasm);
        write(
            "worker.js",
            "fetch(new URL('worker_bg.wasm', import.meta.url))",
        );
        write(
            "worker_loader.js",
            "import init from './worker.js';await init();",
        );
        write(
            "index.html",
            "<meta name=archplay-worker content=./worker_loader.js>",
        );
        dist
    }

    fn loader_of(dist: &Path) -> String {
        files::read_text(&dist.join("index.html")).unwrap()
    }

    #[test]
    fn every_reference_leads_to_a_file() {
        let dist = site("chain", "one");
        rename(&dist).unwrap();
        let names: Vec<String> = files::entries(&dist)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names.len(), 4);
        let [_, script, wasm, loader] = &names[..] else {
            panic!("{names:?}")
        };
        assert!(loader_of(&dist).contains(loader.as_str()), "{names:?}");
        let text = |name: &str| files::read_text(&dist.join(name)).unwrap();
        assert!(text(loader).contains(script.as_str()), "{names:?}");
        assert!(text(script).contains(wasm.as_str()), "{names:?}");
        files::remove_folder(&dist).unwrap();
    }

    #[test]
    fn a_change_in_the_wasm_changes_what_the_page_names() {
        let (one, two) = (site("one", "one"), site("two", "two"));
        rename(&one).unwrap();
        rename(&two).unwrap();
        assert_ne!(loader_of(&one), loader_of(&two));
        files::remove_folder(&one).unwrap();
        files::remove_folder(&two).unwrap();
    }

    #[test]
    fn a_page_without_a_worker_is_refused() {
        let dist = site("none", "one");
        files::write(&dist.join("index.html"), "<p>").unwrap();
        assert!(rename(&dist).is_err());
        files::remove_folder(&dist).unwrap();
    }
}
