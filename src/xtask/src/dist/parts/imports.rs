//! Gives a program's imports short names: the bindings' own carry hashes, which do not compress.

use walrus::Module;

use crate::failure::{OrFail as _, Result};

/// Old and new names of imports.
pub type Renamed = Vec<(String, String)>;

/// Renames all imports of a program.
pub fn shorten(wasm: &[u8]) -> Result<(Vec<u8>, Renamed)> {
    let mut module = Module::from_buffer(wasm).or_fail(|| "the wasm cannot be read".to_owned())?;
    let mut renamed = Renamed::new();
    for (number, import) in module.imports.iter_mut().enumerate() {
        let short = format!("i{number}");
        renamed.push((std::mem::replace(&mut import.name, short.clone()), short));
    }
    Ok((module.emit_wasm(), renamed))
}

/// Renames the same in the bindings, where each name stands as a whole word.
pub fn rename_in(bindings: &str, renamed: &Renamed) -> String {
    let mut out = String::with_capacity(bindings.len());
    let mut rest = bindings;
    let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    while let Some(start) = rest.find(in_word) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !in_word(c)).unwrap_or(word.len()));
        out.push_str(before);
        let new = renamed.iter().find(|(old, _)| old == word);
        out.push_str(new.map_or(word, |(_, new)| new));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        let renamed = vec![("__wbg_set_1".to_owned(), "i0".to_owned())];
        assert_eq!(
            rename_in("{__wbg_set_1: f, __wbg_set_12: g}", &renamed),
            "{i0: f, __wbg_set_12: g}"
        );
    }
}
