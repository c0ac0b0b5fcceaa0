//! Printing: results to standard output, complaints to standard error, in the chosen language.

use std::io::Write as _;

use archplay_course::LessonError;
use archplay_model::format::LoadError;
use archplay_model::{ClockTime, Problem, Severity};
use archplay_text::{Lang, t, tf};

/// Where results and complaints go.
#[derive(Debug)]
pub(crate) struct Out {
    /// The language.
    pub(crate) lang: Lang,
}

impl Out {
    /// Prints in a language.
    pub(crate) const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// A text of this language.
    pub(crate) fn t(&self, key: &str) -> String {
        t(self.lang, key).into_owned()
    }

    /// A text with its values filled in.
    pub(crate) fn tf(&self, key: &str, args: &[(&str, &str)]) -> String {
        tf(self.lang, key, args)
    }

    /// Prints a line of the result. A reader that has gone away (`| head`) is no error.
    pub(crate) fn line(&mut self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// Prints bytes of the result as they are.
    pub(crate) fn raw(&mut self, text: &str) {
        let _ = write!(std::io::stdout(), "{text}");
    }

    /// Prints a complaint or a remark.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Says that a file cannot be read.
    pub(crate) fn cannot_read(&mut self, file: &str, error: &std::io::Error) {
        let text = self.tf(
            "cli.cannot_read",
            &[("file", file), ("detail", &error.to_string())],
        );
        self.note(&text);
    }

    /// Says where and why a document was refused.
    pub(crate) fn load_error(&mut self, file: &str, error: &LoadError) {
        let args: Vec<(&str, &str)> = error
            .args
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let reason = self.tf(&format!("load_error.{}", error.code), &args);
        let place = match (error.line, error.path.as_str()) {
            (0, "") => None,
            (0, _) => Some("load_error_place.path"),
            (_, "") => Some("load_error_place.line"),
            _ => Some("load_error_place.line_and_path"),
        };
        let place = place.map_or_else(String::new, |key| {
            let (line, column) = (error.line.to_string(), error.column.to_string());
            let args = [
                ("line", line.as_str()),
                ("column", column.as_str()),
                ("path", &error.path),
            ];
            format!(" ({})", self.tf(key, &args))
        });
        self.note(&format!("{file}{place}: {reason}"));
    }

    /// Says where and why a lesson was refused.
    pub(crate) fn lesson_error(&mut self, error: &LessonError) {
        let reason = self.tf(
            &format!("lesson_error.{}", error.code),
            &[("detail", &error.detail)],
        );
        let line = if error.line > 0 {
            format!(":{}", error.line)
        } else {
            String::new()
        };
        let path = if error.path.is_empty() {
            String::new()
        } else {
            format!(" (`{}`)", error.path)
        };
        self.note(&format!("{}{line}{path}: {reason}", error.file));
    }

    /// The text of a problem, with its severity.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        let severity = match problem.severity {
            Severity::Error => self.t("severity.error"),
            Severity::Warning => self.t("severity.warning"),
        };
        let args: Vec<(&str, &str)> = problem
            .args
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        format!(
            "{severity} · {}",
            self.tf(&format!("problem.{}", problem.code), &args)
        )
    }

    /// The time of day of a moment in a run.
    pub(crate) fn clock(&self, start: ClockTime, at_ns: u64) -> String {
        let secs = u32::try_from(at_ns / 1_000_000_000).unwrap_or(u32::MAX);
        let at = start.secs().saturating_add(secs) % 86_400;
        format!("{:02}:{:02}:{:02}", at / 3600, at / 60 % 60, at % 60)
    }
}
