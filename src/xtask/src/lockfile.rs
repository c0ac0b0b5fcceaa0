//! Reads the one thing needed from `Cargo.lock`: the version of a package.

use crate::failure::{Failure, Result};
use crate::files;
use crate::project::Project;

/// Returns the version of a package that the project is locked to.
pub fn locked_version(project: &Project, package: &str) -> Result<String> {
    let text = files::read_text(&project.path("Cargo.lock"))?;
    version_in(&text, package)
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(format!("Cargo.lock does not name {package}"))
                .advise("run `cargo check` once, it writes the file anew")
        })
}

/// Finds the version that follows a package's name.
fn version_in<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| value_of(line, "name") == Some(package))?;
    lines
        .take_while(|line| *line != "[[package]]")
        .find_map(|line| value_of(line, "version"))
}

fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line
        .strip_prefix(key)?
        .trim_start()
        .strip_prefix('=')?
        .trim();
    value.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.99"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "cfg-if",
]

[[package]]
name = "odd"
source = "nowhere"

[[package]]
name = "yew"
version = "0.23.0"
"#;

    #[test]
    fn a_version_is_read_from_its_own_package_only() {
        assert_eq!(version_in(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(LOCK, "yew"), Some("0.23.0"));
        assert_eq!(version_in(LOCK, "odd"), None);
        assert_eq!(version_in(LOCK, "absent"), None);
    }
}
