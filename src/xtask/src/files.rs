//! Reading and writing files with failures that name the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{OrFail, Result};

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).or_fail(|| format!("cannot read {}", path.display()))
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).or_fail(|| format!("cannot read {}", path.display()))
}

/// Writes a file and makes its folder when it is missing.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    fs::write(path, bytes).or_fail(|| format!("cannot write {}", path.display()))
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result {
    fs::create_dir_all(path).or_fail(|| format!("cannot make the folder {}", path.display()))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result {
    fs::remove_file(path).or_fail(|| format!("cannot remove {}", path.display()))
}

/// Removes a folder with all in it; one that is not there is fine.
pub fn remove_folder(path: &Path) -> Result {
    if path.exists() {
        fs::remove_dir_all(path).or_fail(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Lists every file under a folder, sorted, so that results do not depend on the disk.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in entries(&folder)? {
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Lists what stands directly in a folder, sorted.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).or_fail(|| format!("cannot list {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in listing {
        paths.push(
            entry
                .or_fail(|| format!("cannot list {}", folder.display()))?
                .path(),
        );
    }
    paths.sort();
    Ok(paths)
}
