//! Every text a person reads, in Korean (the original) and English.
//!
//! The texts stand in `/locales/<area>.<language>.toml`. With the feature `compiled` they are compiled in;
//! without it they are those that [`load`] was given, so that a page carries one language and not two.
//! Code names them by key; `{name}` in a text is filled with a value of that name. Must not live here:
//! anything that decides what to say.

#[cfg(feature = "compiled")]
mod compiled;
#[cfg(any(not(feature = "compiled"), test))]
mod loaded;

use std::borrow::Cow;

#[cfg(feature = "compiled")]
use self::compiled as source;
#[cfg(not(feature = "compiled"))]
use self::loaded as source;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Korean.
    #[default]
    Ko,
    /// English.
    En,
}

impl Lang {
    /// Both, first the original.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The one that it is not.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Ko => Self::En,
            Self::En => Self::Ko,
        }
    }

    /// Picks the language for a tag such as `en-US`: Korean for `ko…`, else English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("ko") {
            Self::Ko
        } else {
            Self::En
        }
    }
}

/// What was to be loaded is no file of texts.
#[derive(Debug, thiserror::Error)]
#[error("the texts cannot be read: {0}")]
pub struct LoadTextsError(#[from] serde_json::Error);

/// Loads the texts of a language that a first visit shows from a flat JSON object of keys and texts, as the build tool writes it.
/// Does nothing for a language that is loaded already, and nothing when the texts are compiled in.
///
/// # Errors
/// [`LoadTextsError`] when it is not such an object; the language is not loaded then.
pub fn load(lang: Lang, json: &str) -> Result<(), LoadTextsError> {
    source::load(lang, json)
}

/// Loads the other texts of a language, as [`load`] does the first.
///
/// # Errors
/// [`LoadTextsError`] when it is no flat object of keys and texts.
pub fn load_rest(lang: Lang, json: &str) -> Result<(), LoadTextsError> {
    source::load_rest(lang, json)
}

/// Tells whether all texts of a language are there.
#[must_use]
pub fn is_whole(lang: Lang) -> bool {
    source::is_whole(lang)
}

/// Tells whether the texts of a language that a first visit shows are there.
#[must_use]
pub fn is_loaded(lang: Lang) -> bool {
    source::is_loaded(lang)
}

/// Returns the text of a key; the key itself if there is none, so that a gap is seen and not hidden. While
/// the rest of a language is still to come, what is missing is empty.
#[must_use]
pub fn t(lang: Lang, key: &str) -> Cow<'static, str> {
    find(lang, key).unwrap_or_else(|| {
        if is_loaded(lang) && !is_whole(lang) {
            Cow::Borrowed("")
        } else {
            Cow::Owned(key.to_owned())
        }
    })
}

/// Returns the text of a key, if there is one in this language. While the language is not loaded, the
/// other one stands in.
#[must_use]
pub fn find(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
    source::find(lang, key)
}

/// Returns the text of a key with every `{name}` replaced by its value.
#[must_use]
pub fn tf(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    fill(&t(lang, key), args)
}

/// Replaces every `{name}`. A value is put in as it is and not searched again.
#[must_use]
pub fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let value = tail.find('}').and_then(|close| {
            let name = &tail[1..close];
            args.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (close, value))
        });
        match value {
            Some((close, value)) => {
                out.push_str(value);
                rest = &tail[close + 1..];
            }
            None => {
                out.push('{');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_by_name_once() {
        let check = |text: &str, expected: &str| {
            assert_eq!(fill(text, &[("a", "{b}"), ("b", "2")]), expected);
        };
        check("x {a} y {b}", "x {b} y 2");
        check("{c} {", "{c} {");
    }

    #[test]
    fn finds_by_language_and_shows_gaps() {
        assert_eq!(t(Lang::Ko, "kind.client.name"), "방문자");
        assert_eq!(t(Lang::En, "kind.client.name"), "Visitors");
        assert_eq!(t(Lang::En, "kind.ufo.name"), "kind.ufo.name");
    }
}
