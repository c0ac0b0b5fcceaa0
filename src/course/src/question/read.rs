//! Reading the file of questions, refusing what does not fit together. Runs when the site is built.
//!
//! Must not live here: files, which are handed in as a map of texts.

use std::collections::BTreeMap;

use archplay_model::scenario::LocalText;
use serde::Deserialize;

use super::{Choice, Question};
use crate::LessonError;
use crate::bundle::Source;
use crate::check::Spot;
use crate::glossary::TermIds;
use crate::lesson;
use crate::prose::{Context, LocalProse, parse};

/// The schema name of a file of questions.
const SCHEMA: &str = "archplay/questions/1";
const FILE: &str = "questions.toml";
/// The least and the most choices.
const CHOICES: (usize, usize) = (2, 8);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionsToml {
    schema: String,
    #[serde(default)]
    question: Vec<QuestionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionToml {
    id: String,
    session: u32,
    answer: String,
    prompt: LocalText,
    #[serde(default)]
    choice: Vec<ChoiceToml>,
    about: LocalText,
    #[serde(default)]
    source: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceToml {
    id: String,
    ko: String,
    en: String,
    why_ko: String,
    why_en: String,
}

/// Reads and checks the questions beside the lessons; none when there is no such file.
///
/// # Errors
/// [`LessonError`] with place and reason.
pub fn build(
    files: &BTreeMap<String, String>,
    terms: &TermIds,
) -> Result<Vec<Question>, LessonError> {
    let Some(text) = files.get(FILE) else {
        return Ok(Vec::new());
    };
    let read: QuestionsToml = lesson::parse(FILE, text)?;
    lesson::schema(FILE, &read.schema, SCHEMA)?;
    let spot = Spot { file: FILE, at: "" };
    spot.unique("question", read.question.iter().map(|q| q.id.as_str()))?;
    let each = read.question.into_iter().enumerate();
    each.map(|(i, question)| one(i, question, terms)).collect()
}

fn one(i: usize, question: QuestionToml, terms: &TermIds) -> Result<Question, LessonError> {
    let at = format!("question[{i}].");
    let spot = Spot {
        file: FILE,
        at: &at,
    };
    if question.id.trim().is_empty() {
        return Err(spot.error("missing_text", "id", ""));
    }
    let ids = || question.choice.iter().map(|choice| choice.id.as_str());
    spot.unique("choice", ids())?;
    let count = question.choice.len();
    if !(CHOICES.0..=CHOICES.1).contains(&count) {
        return Err(spot.error("out_of_range", "choice", count));
    }
    if !ids().any(|id| id == question.answer) {
        return Err(spot.error("unknown_id", "answer", &question.answer));
    }
    spot.unique("source", question.source.iter().map(|s| s.id.as_str()))?;
    let sources: Vec<&str> = question.source.iter().map(|s| s.id.as_str()).collect();
    let context = Context {
        lesson: "",
        sources: &sources,
        terms,
        questions: &[],
    };
    let prose = |path: &str, text: &LocalText| {
        spot.both(path, text)?;
        let read = |lang: &str, text: &str| {
            parse(text, &context).map_err(|refusal| {
                spot.error(refusal.code, &format!("{path}.{lang}"), refusal.detail)
            })
        };
        Ok(LocalProse {
            ko: read("ko", &text.ko)?,
            en: read("en", &text.en)?,
        })
    };
    let mut choices = Vec::new();
    for (j, choice) in question.choice.iter().enumerate() {
        let path = format!("choice[{j}]");
        let text = LocalText {
            ko: choice.ko.clone(),
            en: choice.en.clone(),
        };
        spot.both(&path, &text)?;
        let why = LocalText {
            ko: choice.why_ko.clone(),
            en: choice.why_en.clone(),
        };
        choices.push(Choice {
            id: choice.id.clone(),
            text,
            why: prose(&format!("{path}.why"), &why)?,
        });
    }
    Ok(Question {
        prompt: prose("prompt", &question.prompt)?,
        about: prose("about", &question.about)?,
        id: question.id,
        session: question.session,
        answer: question.answer,
        choices,
        sources: question.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema = \"archplay/questions/1\"\n";

    fn question(answer: &str, choices: &[&str], why: &str) -> String {
        let mut text = format!(
            "{HEAD}[[question]]\nid = \"q\"\nsession = 1\nanswer = \"{answer}\"\n\
             prompt = {{ ko = \"무엇?\", en = \"What?\" }}\nabout = {{ ko = \"글\", en = \"Text\" }}\n"
        );
        for id in choices {
            text.push_str(&format!(
                "[[question.choice]]\nid = \"{id}\"\nko = \"가\"\nen = \"a\"\n\
                 why_ko = \"{why}\"\nwhy_en = \"so\"\n"
            ));
        }
        text + "[[question.source]]\nid = \"S\"\ntitle = \"s\"\n"
    }

    fn read(text: String) -> Result<Vec<Question>, LessonError> {
        build(&[(FILE.to_owned(), text)].into(), &TermIds::default())
    }

    #[test]
    fn a_question_is_read() {
        let all = read(question("B", &["A", "B"], "사실 [S]")).unwrap();
        assert_eq!((all.len(), all[0].choices.len()), (1, 2));
        assert_eq!(all[0].answer, "B");
        assert!(
            serde_json::to_string(&all)
                .unwrap()
                .contains(r#"["cite",0,"S"]"#)
        );
        assert!(
            build(&BTreeMap::new(), &TermIds::default())
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let refused = |text: String, code: &str, path: &str| {
            let error = read(text).unwrap_err();
            assert_eq!((error.code, &*error.path), (code, path));
        };
        refused(
            question("C", &["A", "B"], "x"),
            "unknown_id",
            "question[0].answer",
        );
        refused(
            question("A", &["A"], "x"),
            "out_of_range",
            "question[0].choice",
        );
        refused(
            question("A", &["A", "A"], "x"),
            "duplicate_id",
            "question[0].choice",
        );
        let path = "question[0].choice[0].why";
        refused(question("A", &["A", "B"], ""), "missing_text", path);
        let bad = "[x](http://x)";
        refused(
            question("A", &["A", "B"], bad),
            "bad_value",
            &format!("{path}.ko"),
        );
        refused("schema = \"x\"\n".into(), "wrong_schema", "schema");
    }
}
