//! The content security policy of the page.
//!
//! It forbids everything and allows what the page does. The only script inside the page is
//! the one trunk writes; it is allowed by its hash.

use sha2::{Digest, Sha256};

use super::html;
use crate::failure::{Failure, Result};

const MARK: &str = "http-equiv=\"Content-Security-Policy\"";

/// Returns the page with its policy directly after the character set.
///
/// A policy in the page covers only what follows it, so it must come before any script.
pub fn with_policy(page: &str) -> Result<String> {
    if page.contains(MARK) {
        return Err(Failure::new(
            "the page has a content security policy already",
        ));
    }
    let place = html::end_of_tag(page, "meta", "charset")
        .ok_or_else(|| Failure::new("index.html has no <meta charset>, the policy's place"))?;
    let first_script = page.find("<script").unwrap_or(page.len());
    if first_script < place {
        return Err(Failure::new(
            "index.html has a script before its <meta charset>",
        ));
    }
    let meta = format!(
        "<meta {MARK} content=\"{}\">",
        policy(&html::inline_scripts(page))
    );
    Ok(format!("{}{meta}{}", &page[..place], &page[place..]))
}

/// Writes the policy for a page with these inline scripts.
fn policy(scripts: &[&str]) -> String {
    let hashes: String = scripts
        .iter()
        .map(|script| format!(" '{}'", source_hash(script)))
        .collect();
    [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{hashes}"),
        "style-src 'self'".to_owned(),
        // Yew sets `style` attributes: positions, sizes, custom properties.
        "style-src-attr 'unsafe-inline'".to_owned(),
        "img-src 'self' data: blob:".to_owned(),
        "font-src 'self'".to_owned(),
        "connect-src 'self'".to_owned(),
        "worker-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "base-uri 'self'".to_owned(),
        "form-action 'none'".to_owned(),
    ]
    .join("; ")
}

/// Names a script by its hash, as browsers do: line ends count as one character.
fn source_hash(script: &str) -> String {
    let normal = script.replace("\r\n", "\n").replace('\r', "\n");
    format!("sha256-{}", base64(&Sha256::digest(normal.as_bytes())))
}

/// Writes bytes in base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place > chunk.len() {
                text.push('=');
            } else {
                let digit = (group >> (18 - 6 * place)) & 63;
                text.push(char::from(DIGITS[digit as usize]));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_like_the_standard() {
        for (input, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(input.as_bytes()), expected);
        }
    }

    #[test]
    fn a_script_s_hash_is_the_one_browsers_compute() {
        // The example of the CSP specification.
        let expected = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(source_hash("alert('Hello, world.');"), expected);
        assert_eq!(source_hash("a\r\nb"), source_hash("a\nb"));
    }

    #[test]
    fn the_policy_comes_before_the_first_script() {
        let page = "<html><meta charset=utf-8><script src=a.js></script><script>x</script>";
        let page = with_policy(page).unwrap();
        let place = page.find(MARK).unwrap();
        assert!(place < page.find("<script").unwrap());
        assert!(page.contains(&source_hash("x")));
        assert!(!page.contains("script-src 'unsafe-inline'"));
        assert!(with_policy(&page).is_err());
        assert!(with_policy("<script>x</script><meta charset=utf-8>").is_err());
    }
}
