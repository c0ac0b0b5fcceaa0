//! Texts that were loaded at run time, language by language.
//!
//! Each language comes in two files: what a first visit shows, and the rest. A file of texts is one flat JSON
//! object. Beside the texts of its own language it may hold a few of the
//! other under `<tag>:<key>`: those that are wanted before that language is loaded, such as its own name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::{Lang, LoadTextsError};

#[cfg(not(feature = "compiled"))]
pub use self::page::{find, is_loaded, is_whole, load, load_rest};

/// Texts by key.
type Texts = BTreeMap<String, String>;

/// A place for the texts of each language; what has been put there stays.
struct Shelf {
    ko: Language,
    en: Language,
}

/// The texts of one language.
struct Language {
    first: OnceLock<Texts>,
    rest: OnceLock<Texts>,
}

impl Language {
    const fn new() -> Self {
        Self {
            first: OnceLock::new(),
            rest: OnceLock::new(),
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        [&self.first, &self.rest]
            .into_iter()
            .find_map(|texts| texts.get()?.get(key))
            .map(String::as_str)
    }
}

fn put(place: &OnceLock<Texts>, json: &str) -> Result<(), LoadTextsError> {
    if place.get().is_none() {
        let texts = serde_json::from_str(json)?;
        place.get_or_init(|| texts);
    }
    Ok(())
}

impl Shelf {
    const fn new() -> Self {
        Self {
            ko: Language::new(),
            en: Language::new(),
        }
    }

    const fn place(&self, lang: Lang) -> &Language {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }

    fn load(&self, lang: Lang, json: &str) -> Result<(), LoadTextsError> {
        put(&self.place(lang).first, json)
    }

    fn load_rest(&self, lang: Lang, json: &str) -> Result<(), LoadTextsError> {
        put(&self.place(lang).rest, json)
    }

    fn is_loaded(&self, lang: Lang) -> bool {
        self.place(lang).first.get().is_some()
    }

    fn is_whole(&self, lang: Lang) -> bool {
        self.is_loaded(lang) && self.place(lang).rest.get().is_some()
    }

    fn find(&self, lang: Lang, key: &str) -> Option<&str> {
        let own = self.place(lang).get(key);
        if own.is_some() || self.is_whole(lang) {
            return own;
        }
        let other = self.place(lang.other());
        let foreign = other.get(&format!("{}:{key}", lang.tag()));
        // A language that is not there at all is stood in for by the other.
        foreign.or_else(|| other.get(key).filter(|_| !self.is_loaded(lang)))
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

    pub fn load_rest(lang: Lang, json: &str) -> Result<(), LoadTextsError> {
        SHELF.load_rest(lang, json)
    }

    pub fn is_loaded(lang: Lang) -> bool {
        SHELF.is_loaded(lang)
    }

    pub fn is_whole(lang: Lang) -> bool {
        SHELF.is_whole(lang)
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
    fn the_rest_comes_later_and_adds_to_the_first() {
        let shelf = Shelf::new();
        shelf.load(Lang::Ko, KO).unwrap();
        assert!(shelf.is_loaded(Lang::Ko) && !shelf.is_whole(Lang::Ko));
        assert_eq!(shelf.find(Lang::Ko, "z"), None);
        assert!(shelf.load_rest(Lang::Ko, "{").is_err());
        assert!(!shelf.is_whole(Lang::Ko));
        shelf
            .load_rest(Lang::Ko, r#"{"z":"끝","en:z":"end"}"#)
            .unwrap();
        assert!(shelf.is_whole(Lang::Ko));
        assert_eq!(shelf.find(Lang::Ko, "z"), Some("끝"));
        assert_eq!(shelf.find(Lang::Ko, "c"), Some("나"));
        assert_eq!(shelf.find(Lang::En, "z"), Some("end"));
        // Of a language that is here in part, the other's words are not taken for what is missing.
        shelf.load(Lang::En, EN).unwrap();
        assert_eq!(shelf.find(Lang::En, "z"), Some("end"));
        assert_eq!(shelf.find(Lang::En, "c"), None);
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
