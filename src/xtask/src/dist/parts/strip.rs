//! Takes out of a program what only people and tools read: names, and by what it was made.
//!
//! Done on the bytes: whatever reads and writes a whole program once more also writes it longer, and in another
//! order of its functions, which compresses worse.

use crate::failure::{Failure, Result};

/// Bytes before the first section.
const HEAD: usize = 8;
/// The kind of sections that a program does without.
const CUSTOM: u8 = 0;

/// A program without its custom sections.
pub fn strip(wasm: &[u8]) -> Result<Vec<u8>> {
    without(wasm, |_| true)
}

/// A program without its custom sections but the one that the browser reads, see `hints`.
pub fn strip_but_hints(wasm: &[u8]) -> Result<Vec<u8>> {
    without(wasm, |name| name != b"metadata.code.branch_hint")
}

/// A program without what its linker left for another linker, which optimising makes wrong.
pub fn strip_links(wasm: &[u8]) -> Result<Vec<u8>> {
    without(wasm, |name| {
        name == b"linking" || name.starts_with(b"reloc.")
    })
}

fn without(wasm: &[u8], goes: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>> {
    let broken = || Failure::new("the wasm cannot be read");
    let mut out = wasm.get(..HEAD).ok_or_else(broken)?.to_vec();
    let mut from = HEAD;
    while let Some(kind) = wasm.get(from) {
        let (length, bytes) = number(&wasm[from + 1..]).ok_or_else(broken)?;
        let start = from + 1 + bytes;
        let section = wasm.get(from..start + length).ok_or_else(broken)?;
        if *kind != CUSTOM || !goes(name(&wasm[start..start + length]).ok_or_else(broken)?) {
            out.extend_from_slice(section);
        }
        from = start + length;
    }
    Ok(out)
}

/// The name of a custom section.
fn name(payload: &[u8]) -> Option<&[u8]> {
    let (length, bytes) = number(payload)?;
    payload.get(bytes..bytes + length)
}

/// Reads a number, seven bits a byte, and tells how many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut sum = 0;
    for (place, byte) in bytes.iter().take(5).enumerate() {
        sum |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((sum, place + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_others_stay() {
        let head = b"\0asm\x01\0\0\0";
        let types = [1, 4, 1, 0x60, 0, 0];
        // Its length takes two bytes.
        let name = [&[0, 0x81, 0x01, 4][..], b"name", &[0; 124]].concat();
        let linking = [&[0, 9, 7][..], b"linking", &[1]].concat();
        let wasm = [&head[..], &name, &types, &linking, &[0, 1, 0]].concat();
        assert_eq!(strip(&wasm).unwrap(), [&head[..], &types].concat());
        let unlinked = [&head[..], &name, &types, &[0, 1, 0]].concat();
        assert_eq!(strip_links(&wasm).unwrap(), unlinked);
        let hint = [&[0, 27, 25][..], b"metadata.code.branch_hint", &[1]].concat();
        let hinted = [&wasm[..], &hint].concat();
        let kept = [&head[..], &types, &hint].concat();
        assert_eq!(strip_but_hints(&hinted).unwrap(), kept);
        assert!(strip(&wasm[..20]).is_err());
        assert!(strip(b"\0asm").is_err());
    }
}
