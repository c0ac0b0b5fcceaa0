//! Content hashes in file names, so that a browser's cache never mixes two builds.

use sha2::{Digest, Sha256};

/// Puts the content's hash before the ending: `start-0123456789abcdef.js`.
pub fn hashed_name(name: &str, content: &[u8]) -> String {
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

    #[test]
    fn another_content_has_another_name() {
        let name = hashed_name("a.js", b"one");
        assert!(
            name.starts_with("a-") && name.ends_with(".js") && name.len() == 21,
            "{name}"
        );
        assert_ne!(name, hashed_name("a.js", b"two"));
    }
}
