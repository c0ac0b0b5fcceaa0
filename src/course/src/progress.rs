//! What somebody has reached in a task so far: the best score, and every target that was ever reached. And the file
//! in which the progress of all tasks goes out and comes back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Verdict;

/// The schema name of the file.
pub const PROGRESS_SCHEMA: &str = "archplay/progress/1";
/// What the schema names of all its versions begin with.
const FAMILY: &str = "archplay/progress/";
/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 512 * 1024;
/// How many tasks a file may hold, and how many targets a task.
const MOST: usize = 500;
/// The longest name of a task or target, in bytes.
const LONGEST_NAME: usize = 200;

/// The progress in one task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Whether a drawing passed.
    pub passed: bool,
    /// The best score, 0 to 1.
    pub best: f64,
    /// Targets that were reached, by one drawing or another, in the order of the first time.
    pub reached: Vec<String>,
}

impl Progress {
    /// Takes a verdict in.
    pub fn note(&mut self, verdict: &Verdict) {
        self.passed |= verdict.passed;
        self.best = self.best.max(verdict.score.clamp(0.0, 1.0));
        for id in verdict.reached() {
            if !self.reached.iter().any(|known| known == id) {
                self.reached.push(id.to_owned());
            }
        }
    }

    /// Takes in what was reached elsewhere: of both the better.
    pub fn merge(&mut self, other: &Self) {
        self.passed |= other.passed;
        self.best = self.best.max(other.best);
        for id in &other.reached {
            if !self.reached.contains(id) {
                self.reached.push(id.clone());
            }
        }
    }

    /// Reads what was kept. What cannot be read counts as nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        (0.0..=1.0).contains(&read.best).then_some(read)
    }
}

/// The progress of all tasks as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgressFile {
    /// [`PROGRESS_SCHEMA`].
    pub schema: String,
    /// By lesson, slash, task.
    pub tasks: BTreeMap<String, Progress>,
}

/// Why a file of progress is refused. The text is `class.progress_error.<slug>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgressError {
    /// It is larger than any of ours.
    TooBig,
    /// It is another kind of file.
    OtherKind,
    /// A newer version of the page has written it.
    Future,
    /// It is broken; the reader's own words.
    Broken(String),
    /// A value in it cannot be: of which task.
    BadValue(String),
}

impl ProgressError {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::TooBig => "too_big",
            Self::OtherKind => "other_kind",
            Self::Future => "future",
            Self::Broken(_) => "broken",
            Self::BadValue(_) => "bad_value",
        }
    }

    /// The value for `{detail}` in the text.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::Broken(detail) | Self::BadValue(detail) => detail,
            _ => "",
        }
    }
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Tells whether a text is a file of progress, of whichever version.
#[must_use]
pub fn is_progress(text: &str) -> bool {
    text.contains(FAMILY)
        && serde_json::from_str(text).is_ok_and(|head: Head| head.schema.starts_with(FAMILY))
}

impl ProgressFile {
    /// A file of what was reached.
    #[must_use]
    pub fn new(tasks: BTreeMap<String, Progress>) -> Self {
        Self {
            schema: PROGRESS_SCHEMA.to_owned(),
            tasks,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ProgressError`]; nothing is taken from a file in which something cannot be.
    pub fn read(text: &str) -> Result<Self, ProgressError> {
        if text.len() > MOST_BYTES {
            return Err(ProgressError::TooBig);
        }
        let text = text.trim_start_matches('\u{feff}');
        let head: Head = serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => ProgressError::OtherKind,
            _ => ProgressError::Broken(error.to_string()),
        })?;
        match head.schema.strip_prefix(FAMILY) {
            None => return Err(ProgressError::OtherKind),
            Some("1") => {}
            Some(_) => return Err(ProgressError::Future),
        }
        let file: Self =
            serde_json::from_str(text).map_err(|error| ProgressError::Broken(error.to_string()))?;
        if file.tasks.len() > MOST {
            return Err(ProgressError::TooBig);
        }
        for (name, progress) in &file.tasks {
            let short = |name: &str| name.len() <= LONGEST_NAME;
            let good = short(name)
                && name.split('/').count() == 2
                && (0.0..=1.0).contains(&progress.best)
                && progress.reached.len() <= MOST
                && progress.reached.iter().all(|id| short(id));
            if !good {
                let name = name.chars().take(60).collect();
                return Err(ProgressError::BadValue(name));
            }
        }
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Compare, TargetResult};

    use super::*;

    fn verdict(score: f64, results: &[(&str, bool)]) -> Verdict {
        let results = results.iter().map(|(target, passed)| TargetResult {
            target: (*target).into(),
            run: "first".into(),
            metric: "cost".into(),
            compare: Compare::AtMost,
            wanted: 1.0,
            measured: None,
            passed: *passed,
            why: None,
        });
        Verdict {
            passed: score == 1.0,
            score,
            results: results.collect(),
            ..Verdict::default()
        }
    }

    #[test]
    fn the_best_stays_and_targets_gather() {
        let mut progress = Progress::default();
        progress.note(&verdict(0.5, &[("a", true), ("b", false)]));
        progress.note(&verdict(0.25, &[("a", false), ("b", true)]));
        assert_eq!((progress.best, progress.passed), (0.5, false));
        assert_eq!(progress.reached, ["a", "b"]);
        progress.note(&verdict(1.0, &[("a", true), ("b", true)]));
        assert!(progress.passed);
        progress.note(&verdict(0.0, &[]));
        assert!(progress.passed, "passed once is passed");
        let text = serde_json::to_string(&progress).unwrap();
        assert_eq!(Progress::read(&text), Some(progress));
        for bad in ["", "1", "{}", r#"{"passed":true,"best":7,"reached":[]}"#] {
            assert_eq!(Progress::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn of_two_the_better_is_kept() {
        let progress = |passed, best, reached: &[&str]| Progress {
            passed,
            best,
            reached: reached.iter().map(|id| (*id).to_owned()).collect(),
        };
        let mut mine = progress(false, 0.5, &["a", "b"]);
        mine.merge(&progress(true, 0.25, &["b", "c"]));
        assert_eq!(mine, progress(true, 0.5, &["a", "b", "c"]));
        let before = mine.clone();
        mine.merge(&Progress::default());
        assert_eq!(mine, before);
    }

    #[test]
    fn a_file_comes_back_and_a_bad_one_is_refused_with_its_reason() {
        let mut progress = Progress::default();
        progress.note(&verdict(0.5, &[("a", true)]));
        let file = ProgressFile::new([("03-compute/flash-sale".to_owned(), progress)].into());
        let text = serde_json::to_string_pretty(&file).unwrap();
        assert!(is_progress(&text));
        assert_eq!(ProgressFile::read(&text), Ok(file));
        let slug = |text: &str| ProgressFile::read(text).err().map(|error| error.slug());
        for (text, expected) in [
            ("PNG", "broken"),
            ("{", "broken"),
            ("[1]", "other_kind"),
            (r#"{"schema":"archplay/design/1"}"#, "other_kind"),
            (r#"{"schema":"archplay/progress/2"}"#, "future"),
            (r#"{"schema":"archplay/progress/1"}"#, "broken"),
            (
                r#"{"schema":"archplay/progress/1","tasks":{"a/b":{"passed":true,"best":2,"reached":[]}}}"#,
                "bad_value",
            ),
            (
                r#"{"schema":"archplay/progress/1","tasks":{"ab":{"passed":true,"best":1,"reached":[]}}}"#,
                "bad_value",
            ),
        ] {
            assert_eq!(slug(text), Some(expected), "{text}");
        }
        assert_eq!(slug(&" ".repeat(MOST_BYTES + 1)), Some("too_big"));
        assert!(!is_progress(
            r#"{"schema":"archplay/design/1","name":"archplay/progress/"}"#
        ));
    }
}
