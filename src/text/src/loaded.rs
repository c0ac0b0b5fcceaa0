//! Texts that were loaded at run time, language by language.
//!
//! A file of texts is one flat JSON object. Beside the texts of its own language it may hold a few of the
//! other under `<tag>:<key>`: those that are wanted before that language is loaded, such as its own name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::{Lang, LoadTextsError};

#[cfg(not(feature = "compiled"))]
pub use self::page::{find, is_loaded, load};

/// Texts by key.
type Texts = BTreeMap<String, String>;

/// A place for the texts of each language; what has been put there stays.
struct Shelf {
    ko: OnceLock<Texts>,
    en: OnceLock<Texts>,
}

impl Shelf {
    const fn new() -> Self {
        Self {
            ko: OnceLock::new(),
            en: OnceLock::new(),
        }
    }

    const fn place(&self, lang: Lang) -> &OnceLock<Texts> {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }

    fn load(&self, lang: Lang, json: &str) -> Result<(), LoadTextsError> {
        let place = self.place(lang);
        if place.get().is_none() {
            let texts = serde_json::from_str(json)?;
            place.get_or_init(|| texts);
        }
        Ok(())
    }

    fn is_loaded(&self, lang: Lang) -> bool {
        self.place(lang).get().is_some()
    }

    fn find(&self, lang: Lang, key: &str) -> Option<&str> {
        if let Some(texts) = self.place(lang).get() {
            return texts.get(key).map(String::as_str);
        }
        let texts = self.place(lang.other()).get()?;
        let foreign = texts.get(&format!("{}:{key}", lang.tag()));
        foreign.or_else(|| texts.get(key)).map(String::as_str)
    }
}

/// The one shelf of the page.
#[cfg(not(feature = "compiled"))]
mod page {
    use std::borrow::Cow;

    use super::Shelf;
    use crate::{Lang, LoadTextsError};

    static SHELF: Shelf = Shelf::new();

    pub fn load(lang: Lang, json: &str) -> Result<(), LoadTextsError> {
        SHELF.load(lang, json)
    }

    pub fn is_loaded(lang: Lang) -> bool {
        SHELF.is_loaded(lang)
    }

    pub fn find(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
        SHELF.find(lang, key).map(Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KO: &str = r#"{"a.b":"가","c":"나","en:a.b":"A"}"#;
    const EN: &str = r#"{"a.b":"a","d":"\"{x}\""}"#;

    #[test]
    fn nothing_is_there_before_it_is_loaded() {
        let shelf = Shelf::new();
        for lang in Lang::ALL {
            assert!(!shelf.is_loaded(lang));
            assert_eq!(shelf.find(lang, "a.b"), None);
        }
    }

    #[test]
    fn a_language_that_is_missing_is_stood_in_for_by_the_other() {
        let shelf = Shelf::new();
        shelf.load(Lang::Ko, KO).unwrap();
        assert!(shelf.is_loaded(Lang::Ko) && !shelf.is_loaded(Lang::En));
        assert_eq!(shelf.find(Lang::Ko, "a.b"), Some("가"));
        assert_eq!(shelf.find(Lang::En, "a.b"), Some("A"));
        assert_eq!(shelf.find(Lang::En, "c"), Some("나"));
        assert_eq!(shelf.find(Lang::En, "d"), None);

        shelf.load(Lang::En, EN).unwrap();
        assert!(shelf.is_loaded(Lang::En));
        assert_eq!(shelf.find(Lang::En, "a.b"), Some("a"));
        assert_eq!(shelf.find(Lang::En, "d"), Some("\"{x}\""));
        assert_eq!(shelf.find(Lang::En, "c"), None, "a gap is seen");
        assert_eq!(shelf.find(Lang::Ko, "a.b"), Some("가"));
    }

    #[test]
    fn what_is_loaded_stays() {
        let shelf = Shelf::new();
        shelf.load(Lang::En, EN).unwrap();
        shelf.load(Lang::En, r#"{"a.b":"other"}"#).unwrap();
        shelf.load(Lang::En, "{").unwrap();
        assert_eq!(shelf.find(Lang::En, "a.b"), Some("a"));
    }

    #[test]
    fn what_is_no_file_of_texts_is_refused_and_leaves_nothing() {
        let shelf = Shelf::new();
        for json in ["", "{", "[]", r#"{"a":1}"#, r#"{"a":{"b":"c"}}"#] {
            assert!(shelf.load(Lang::Ko, json).is_err(), "{json}");
            assert!(!shelf.is_loaded(Lang::Ko), "{json}");
        }
        shelf.load(Lang::Ko, KO).unwrap();
        assert_eq!(shelf.find(Lang::Ko, "c"), Some("나"));
    }
}
