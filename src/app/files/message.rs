//! What to say about a file that was refused, or that was mended. Pure.

use archplay_course::LessonError;
use archplay_model::format::LoadError;
use archplay_model::{Design, Problem};
use archplay_text::{Lang, t, tf};

use crate::app::dialog::{Said, say_with};
use crate::app::lang::trf;
use crate::app::problems::problem_text;

/// The sentence for a refused file: what is wrong, and where.
pub fn refusal(lang: Lang, error: &LoadError) -> String {
    let args: Vec<(&str, &str)> = error
        .args
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let reason = tf(lang, &format!("load_error.{}", error.code), &args);
    let (line, column) = (error.line.to_string(), error.column.to_string());
    let place = [
        ("line", line.as_str()),
        ("column", column.as_str()),
        ("path", error.path.as_str()),
    ];
    let key = match (error.line > 0, error.path.is_empty()) {
        (true, true) => "load_error_place.line",
        (true, false) => "load_error_place.line_and_path",
        (false, false) => "load_error_place.path",
        (false, true) => return reason,
    };
    format!("{reason} ({})", tf(lang, key, &place))
}

/// The sentence for something that was mended.
pub fn warning(lang: Lang, problem: &Problem) -> String {
    let args: Vec<(&str, &str)> = problem
        .args
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    // These come with the rest of the texts: asking for one fetches them.
    trf(lang, &format!("problem.{}", problem.code), &args).to_string()
}

/// At most this many sentences are shown; the rest is counted.
const MOST: usize = 5;

/// Sentences for everything that was mended; a long list is cut and its rest counted.
pub fn warnings(lang: Lang, problems: &[Problem]) -> Vec<String> {
    lines(lang, problems, |problem| warning(lang, problem))
}

/// The same about a drawing that is here, by the names that its components have.
pub fn warnings_about(lang: Lang, problems: &[Problem], design: &Design) -> Vec<String> {
    lines(lang, problems, |problem| {
        problem_text(problem, design, None, lang).to_string()
    })
}

fn lines(lang: Lang, problems: &[Problem], line: impl Fn(&Problem) -> String) -> Vec<String> {
    let mut lines: Vec<String> = problems.iter().take(MOST).map(line).collect();
    if problems.len() > MOST {
        let count = (problems.len() - MOST).to_string();
        lines.push(tf(lang, "files.more_warnings", &[("count", &count)]));
    }
    lines
}

/// The same as messages that are shown later.
pub fn warning_words(problems: &[Problem]) -> Vec<Said> {
    let one = |problem: &Problem| {
        let problem = problem.clone();
        Said::made(Lang::Ko, move |lang| warning(lang, &problem).into())
    };
    let mut lines: Vec<Said> = problems.iter().take(MOST).map(one).collect();
    if problems.len() > MOST {
        let count = (problems.len() - MOST).to_string();
        lines.push(say_with("files.more_warnings", &[("count", &count)]));
    }
    lines
}

/// The sentence for a refused lesson: what is wrong, and where.
pub fn lesson_refusal(lang: Lang, error: &LessonError) -> String {
    let detail = [("detail", error.detail.as_str())];
    let reason = tf(lang, &format!("lesson_error.{}", error.code), &detail);
    match (error.line, error.path.as_str()) {
        (0, "") => reason,
        (0, path) => format!("{path}: {reason}"),
        (line, path) => format!("{line} {path}: {reason}"),
    }
}

/// A number of bytes as people say it.
pub fn size(lang: Lang, bytes: f64) -> String {
    let megabytes = format!("{:.1}", bytes / (1024.0 * 1024.0));
    format!("{megabytes} {}", t(lang, "files.megabytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_model::Location;
    use archplay_model::format::read_design;

    fn refused(text: &str) -> String {
        read_design(text)
            .err()
            .map(|error| refusal(Lang::Ko, &error))
            .unwrap_or_default()
    }

    #[test]
    fn place_and_reason_are_said() {
        let broken = refused("{\"schema\": \"archplay/design/1\",\n \"compo");
        assert!(broken.contains('2') && broken.contains('7'), "{broken}");
        let bad = refused(
            "{\"schema\":\"archplay/design/1\",\n\"components\":[\n{\"id\":\"a\",\"kind\":\"ufo\",\"x\":0,\"y\":0}]}",
        );
        assert!(bad.contains("components[0].kind"), "{bad}");
    }

    #[test]
    fn a_long_list_is_cut() {
        let problem = Problem::warning("dropped_link", Location::Design);
        let lines = warnings(Lang::Ko, &vec![problem.clone(); 8]);
        assert_eq!(lines.len(), 6);
        assert!(lines[5].contains('3'), "{}", lines[5]);
        assert_eq!(warnings(Lang::En, &[problem]).len(), 1);
    }
}
