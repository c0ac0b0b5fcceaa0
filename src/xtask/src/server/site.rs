//! Which file a path of the site means, and never one outside its folder.

use std::path::{Path, PathBuf};

use crate::failure::{OrFail, Result};

/// A folder that is served under a path.
pub struct Site {
    folder: PathBuf,
    base: String,
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File(PathBuf),
    /// The same path with a slash at its end.
    Redirect(String),
    /// Nothing.
    Nothing,
}

impl Site {
    /// Opens a folder to serve it under `base`, which gets slashes around it.
    pub fn open(folder: &Path, base: &str) -> Result<Self> {
        let folder = folder
            .canonicalize()
            .or_fail(|| format!("cannot open {}", folder.display()))
            .map_err(|failure| failure.advise("run `cargo xtask dist` first"))?;
        let inner = base.trim_matches('/');
        let base = if inner.is_empty() {
            "/".to_owned()
        } else {
            format!("/{inner}/")
        };
        Ok(Self { folder, base })
    }

    /// The path the site stands under, with slashes around it.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Finds the file for a request's path.
    pub fn find(&self, path: &str) -> Found {
        if format!("{path}/") == self.base {
            return Found::Redirect(self.base.clone());
        }
        let Some(inside) = path.strip_prefix(&self.base) else {
            return Found::Nothing;
        };
        let Some(parts) = safe_parts(inside) else {
            return Found::Nothing;
        };
        let file = parts
            .iter()
            .fold(self.folder.clone(), |folder, part| folder.join(part));
        let file = if file.is_dir() {
            file.join("index.html")
        } else {
            file
        };
        // Links may lead out of the folder; what they point at decides.
        match file.canonicalize() {
            Ok(real) if real.starts_with(&self.folder) && real.is_file() => Found::File(real),
            _ => Found::Nothing,
        }
    }
}

/// Splits a path into decoded names; none when one of them could lead elsewhere.
fn safe_parts(path: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let name = decode(part)?;
        if name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        parts.push(name);
    }
    Some(parts)
}

/// Replaces `%41` by the byte it stands for.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Names the type of a file by its ending.
pub fn media_type(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or("")
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_and_kept_inside() {
        let check = |path: &str, expected: Option<&[&str]>| {
            let expected = expected.map(|parts| parts.iter().map(|p| (*p).to_owned()).collect());
            assert_eq!(safe_parts(path), expected, "{path}");
        };
        check("a/b.js", Some(&["a", "b.js"]));
        check("%ED%95%9C//x", Some(&["한", "x"]));
        for bad in [
            "..",
            "a/../b",
            "%2e%2e/b",
            "%2E./b",
            "a%2f..%2fb",
            "..%5cb",
            ".git/config",
            "C:/x",
            "a%00b",
            "a%",
            "a%zz",
            "a%+1",
            "%ff",
        ] {
            check(bad, None);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        use crate::files;
        let top = std::env::temp_dir().join(format!("archplay-links-{}", std::process::id()));
        files::write(&top.join("secret"), "s").unwrap();
        files::write(&top.join("site/index.html"), "i").unwrap();
        std::os::unix::fs::symlink(top.join("secret"), top.join("site/link")).unwrap();
        let site = Site::open(&top.join("site"), "/").unwrap();
        assert_eq!(site.find("/link"), Found::Nothing);
        assert!(matches!(site.find("/"), Found::File(_)));
        files::remove_folder(&top).unwrap();
    }

    #[test]
    fn wasm_has_its_own_type() {
        assert_eq!(media_type(Path::new("a/b_bg.wasm")), "application/wasm");
        assert_eq!(
            media_type(Path::new("noending")),
            "application/octet-stream"
        );
    }
}
