//! Reading the two files of the glossary, refusing what does not fit together. Runs when the site is built.
//!
//! Must not live here: files, which are handed in as a map of texts.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::scenario::LocalText;
use serde::Deserialize;

use super::Term;
use crate::LessonError;
use crate::check::Spot;
use crate::lesson;

/// The schema name of a glossary file.
const SCHEMA: &str = "archplay/glossary/1";
const KO: &str = "glossary.ko.toml";
const EN: &str = "glossary.en.toml";
/// The last session of the lecture.
const LAST_SESSION: u32 = 8;
/// The longest name and the longest explanation, in characters; longer ones do not fit beside a word.
const LONGEST: (usize, usize) = (60, 400);
/// The site's own, for lessons that come without one.
const OWN: &str = include_str!("../../../../lessons/glossary.en.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryToml {
    schema: String,
    #[serde(default)]
    term: BTreeMap<String, TermToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermToml {
    name: String,
    sessions: Vec<u32>,
    text: String,
}

/// The ids of the words that a lesson's text may refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermIds(BTreeSet<String>);

impl TermIds {
    /// Whether there is such a word.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    /// These ids.
    pub fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self(ids.into_iter().map(str::to_owned).collect())
    }

    /// Those of the glossary beside the lessons, or of the site's own if there is none.
    ///
    /// # Errors
    /// [`LessonError`] when it cannot be read.
    pub(crate) fn beside(files: &BTreeMap<String, String>) -> Result<Self, LessonError> {
        let text = files.get(EN).map_or(OWN, String::as_str);
        let read: GlossaryToml = lesson::parse(EN, text)?;
        Ok(Self(read.term.into_keys().collect()))
    }
}

/// Reads and checks the glossary; `None` when there is none.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn build(files: &BTreeMap<String, String>) -> Result<Option<Vec<Term>>, LessonError> {
    let (ko, en) = match (files.get(KO), files.get(EN)) {
        (None, None) => return Ok(None),
        (None, _) => return Err(LessonError::new("missing_file", KO, "", "")),
        (_, None) => return Err(LessonError::new("missing_file", EN, "", "")),
        (Some(ko), Some(en)) => (read(KO, ko)?, read(EN, en)?),
    };
    for (file, all, other) in [(KO, &en, &ko), (EN, &ko, &en)] {
        if let Some(id) = all.keys().find(|id| !other.contains_key(*id)) {
            return Err(LessonError::new(
                "missing_text",
                file,
                &format!("term.{id}"),
                "",
            ));
        }
    }
    let mut out = Vec::new();
    for ((id, ko), en) in ko.into_iter().zip(en.into_values()) {
        if ko.sessions != en.sessions {
            let path = format!("term.{id}.sessions");
            let told = format!("{:?}, in Korean {:?}", en.sessions, ko.sessions);
            return Err(LessonError::new("bad_value", EN, &path, told));
        }
        out.push(Term {
            id,
            name: LocalText {
                ko: ko.name,
                en: en.name,
            },
            text: LocalText {
                ko: ko.text,
                en: en.text,
            },
            sessions: ko.sessions,
        });
    }
    Ok(Some(out))
}

fn read(file: &str, text: &str) -> Result<BTreeMap<String, TermToml>, LessonError> {
    let glossary: GlossaryToml = lesson::parse(file, text)?;
    lesson::schema(file, &glossary.schema, SCHEMA)?;
    let spot = Spot { file, at: "term." };
    for (id, term) in &glossary.term {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            return Err(spot.error("bad_name", id, id));
        }
        for (field, text, most) in [
            ("name", &term.name, LONGEST.0),
            ("text", &term.text, LONGEST.1),
        ] {
            let path = format!("{id}.{field}");
            if text.trim().is_empty() {
                return Err(spot.error("missing_text", &path, ""));
            }
            spot.at_most(&path, text.chars().count(), most)?;
        }
        let in_order = term.sessions.is_sorted_by(|a, b| a < b);
        let there = term.sessions.iter().all(|s| (1..=LAST_SESSION).contains(s));
        if term.sessions.is_empty() || !in_order || !there {
            let path = format!("{id}.sessions");
            return Err(spot.error("out_of_range", &path, format!("{:?}", term.sessions)));
        }
    }
    Ok(glossary.term)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary(ko: &str, en: &str) -> Result<Option<Vec<Term>>, LessonError> {
        let whole = |term: &str| format!("schema = \"archplay/glossary/1\"\n{term}\n");
        let files = [(KO, whole(ko)), (EN, whole(en))];
        build(&files.map(|(name, text)| (name.to_owned(), text)).into())
    }

    fn term(id: &str, name: &str, sessions: &str, text: &str) -> String {
        format!("[term.{id}]\nname = \"{name}\"\nsessions = {sessions}\ntext = \"{text}\"\n")
    }

    #[test]
    fn both_languages_become_one_list() {
        let ko = term("zipf", "지프 분포", "[4]", "인기가 쏠려요.");
        let en = term("zipf", "Zipf's law", "[4]", "Few are popular.");
        let all = glossary(&ko, &en).unwrap().unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(
            (&*all[0].name.ko, &*all[0].name.en),
            ("지프 분포", "Zipf's law")
        );
        assert_eq!(build(&BTreeMap::new()).unwrap(), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let good = term("a", "a", "[1]", "a");
        let refused = |ko: &str, en: &str, code: &str, file: &str, path: &str| {
            let error = glossary(ko, en).unwrap_err();
            let told = (error.code, &*error.file, &*error.path);
            assert_eq!(told, (code, file, path), "{ko} {en}");
        };
        refused(&good, "", "missing_text", EN, "term.a");
        refused("", &good, "missing_text", KO, "term.a");
        let nameless = term("a", " ", "[1]", "a");
        refused(&nameless, &good, "missing_text", KO, "term.a.name");
        for sessions in ["[]", "[0]", "[9]", "[2, 1]", "[1, 1]"] {
            let odd = term("a", "a", sessions, "a");
            refused(&good, &odd, "out_of_range", EN, "term.a.sessions");
        }
        let other = term("a", "a", "[2]", "a");
        refused(&good, &other, "bad_value", EN, "term.a.sessions");
        let long = term("a", "a", "[1]", &"x".repeat(401));
        refused(&good, &long, "too_big", EN, "term.a.text");
        let capital = term("A", "a", "[1]", "a");
        refused(&capital, &capital, "bad_name", KO, "term.A");
        let files = [(KO.to_owned(), String::new())].into();
        assert_eq!(build(&files).unwrap_err().code, "missing_file");
        let files = [(KO, "x = 1"), (EN, "")].map(|(n, t)| (n.to_owned(), t.to_owned()));
        assert_eq!(build(&files.into()).unwrap_err().code, "bad_value");
    }
}
