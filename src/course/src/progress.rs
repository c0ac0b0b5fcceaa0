//! What somebody has reached in a task so far: the best score, and every target that was ever reached.

use serde::{Deserialize, Serialize};

use crate::Verdict;

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

    /// Reads what was kept. What cannot be read counts as nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        (0.0..=1.0).contains(&read.best).then_some(read)
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
}
