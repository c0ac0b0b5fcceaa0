//! The texts: whole in both languages, with their sources.

use std::collections::{BTreeMap, BTreeSet};

use archplay_course::bundle::{self, AnswersBundle, LessonBundle};
use archplay_model::scenario::LocalText;

use crate::files::{all_lessons, files, lessons, markdown};

/// Marks such as `[ALB-HC]` in a text.
fn cited(text: &str) -> BTreeSet<String> {
    let parts = text
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']'))
        // What a bracket follows is a link, such as one to the glossary.
        .filter(|(_, after)| !after.starts_with('('));
    let marks = parts.flat_map(|(inside, _)| inside.split(", "));
    marks
        .filter(|mark| {
            mark.len() > 2
                && mark
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn texts_are_whole_in_both_languages_and_their_sources_are_there() {
    for (lesson, _) in lessons() {
        let heads = |text: &str| text.lines().filter(|l| l.starts_with('#')).count();
        let rows = |text: &str| text.lines().filter(|l| l.starts_with('|')).count();
        let LocalText { ko, en } = &markdown(&lesson);
        assert_eq!(
            (heads(ko), rows(ko)),
            (heads(en), rows(en)),
            "{}",
            lesson.id
        );
        assert!(heads(ko) > 5);
        let sources: BTreeSet<String> = lesson.sources.iter().map(|s| s.id.clone()).collect();
        assert_eq!(cited(ko), sources, "{} ko", lesson.id);
        assert_eq!(cited(en), sources, "{} en", lesson.id);
        for text in [ko, en] {
            assert!(
                !text.contains("[U]") && !text.contains(concat!("TO", "DO")),
                "{}",
                lesson.id
            );
        }
    }
}

/// A folder holds all of its lesson, so that it can be packed; what two of them share must stay the same.
#[test]
fn the_whole_day_is_the_same_in_both_sessions_and_has_a_drawing() {
    let built: BTreeMap<String, String> = bundle::build(&files())
        .unwrap_or_else(|e| panic!("{e}"))
        .into_iter()
        .collect();
    let days: Vec<String> = ["07-news-feed", "08-review"]
        .into_iter()
        .map(|id| {
            let lesson: LessonBundle =
                serde_json::from_str(&built[&format!("{id}.ko.json")]).unwrap();
            let answers: AnswersBundle =
                serde_json::from_str(&built[&format!("{id}.answers.json")]).unwrap();
            let day = lesson.extras.first().unwrap();
            assert!(day.drawn && answers.extras.contains_key(&day.id), "{id}");
            day.scenario.clone()
        })
        .collect();
    assert_eq!(days[0], days[1]);
}

#[test]
fn session_3_quotes_the_symptoms_word_for_word() {
    let lessons = all_lessons();
    let (lesson, _) = lessons.iter().find(|(l, _)| l.session == 3).unwrap();
    let text = markdown(lesson);
    for words in [
        "사용자들이 Time-out 페이지를 마주하고 있습니다.",
        "관리자가 상황 수습을 위해 서버에 원격 접속(SSH)를 시도해봤지만, 접속이 불가능하여 대응이 늦어지고 있습니다.",
        "모니터링 지표로 CPU 점유율, 서버 애플리케이션 상 응답 지연 시간, 그리고 Time-out 횟수가 증가한 것을 확인했습니다.",
    ] {
        assert!(text.ko.contains(words), "{words}");
        assert!(
            text.en.contains(words),
            "the original stands in the English text too: {words}"
        );
    }
}
