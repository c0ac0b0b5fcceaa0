//! The way from the drawing at the start to a design that passes, step by step, each with what it moved.
//! The values in it are measured under [`STEP_SEED`]; whoever measures asks [`needed_runs`] what to run.
//!
//! Must not live here: running (the command line's), what differs between two drawings (the model's).

use archplay_model::Id;
use archplay_model::scenario::LocalText;
use serde::{Deserialize, Serialize};

use crate::{Compare, Target, Task, TaskRun};

/// The seed under which the values of steps are measured: the one that a visitor's page begins with, so that
/// whoever opens a step and grades it sees the same.
pub const STEP_SEED: u64 = 1;

/// The file that a step names for the drawing at the start: nothing is changed yet, and it moves nothing.
pub const START_FILE: &str = "start.json";

/// A drawing on the way, changed a little from the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The file in the task's folder; the last step's is the design's own.
    pub file: String,
    /// The name people see: what is done.
    pub name: LocalText,
    /// Why just this, and what is still in the way afterwards.
    pub about: LocalText,
    /// What it moved: one or two targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
}

/// A target before and after a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The target.
    pub target: Id,
    /// The run; without it the first in which the target holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Id>,
    /// Its value in the drawing before, in the target's unit; absent where there was nothing to measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
    /// Its value in this drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<f64>,
}

impl Move {
    /// The target, as the task has it.
    #[must_use]
    pub fn target<'a>(&self, task: &'a Task) -> Option<&'a Target> {
        task.targets.iter().find(|target| target.id == self.target)
    }

    /// The run that it is about.
    #[must_use]
    pub fn run<'a>(&self, task: &'a Task) -> Option<&'a TaskRun> {
        let target = self.target(task)?;
        let mut runs = task.runs.iter().filter(|run| target.applies_to(&run.id));
        match &self.run {
            Some(wanted) => runs.find(|run| run.id == *wanted),
            None => runs.next(),
        }
    }

    /// Whether it went the way that the target wants. Something to measure is better than nothing.
    #[must_use]
    pub fn helps(&self, target: &Target) -> bool {
        match (self.before, self.after) {
            (Some(before), Some(after)) => match target.compare {
                Compare::AtMost => after < before,
                Compare::AtLeast => after > before,
            },
            (before, after) => before.is_none() && after.is_some(),
        }
    }

    /// Whether it says what another says of the same, as far as anybody is shown.
    #[must_use]
    pub fn says(&self, other: &Self) -> bool {
        let alike = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 2e-5 * a.abs().max(b.abs()),
            (a, b) => a == b,
        };
        alike(self.before, other.before) && alike(self.after, other.after)
    }

    /// The same with values that were measured, rounded as they are written.
    #[must_use]
    pub fn measured(&self, before: Option<f64>, after: Option<f64>) -> Self {
        Self {
            before: before.map(rounded),
            after: after.map(rounded),
            ..self.clone()
        }
    }
}

/// The positions of the runs in which a task's targets have to be measured for some moves, in order: those
/// that they speak of, and those that their targets compare with.
#[must_use]
pub fn needed_runs<'a>(task: &Task, moves: impl IntoIterator<Item = &'a Move>) -> Vec<usize> {
    let mut needed: Vec<usize> = Vec::new();
    for moved in moves {
        let than = moved.target(task).and_then(|t| t.than_run.as_ref());
        let own = moved.run(task).map(|run| &run.id);
        let ids = own.into_iter().chain(than);
        needed.extend(ids.filter_map(|id| task.runs.iter().position(|run| run.id == *id)));
    }
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// Six digits: more than anybody is shown.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let factor = 10_f64.powf(5.0 - value.abs().log10().floor());
    (value * factor).round() / factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TargetMetric;

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    fn moved(target: &str, run: Option<&str>) -> Move {
        Move {
            target: id(target),
            run: run.map(id),
            before: None,
            after: None,
        }
    }

    fn task() -> Task {
        let text = |text: &str| LocalText {
            ko: text.into(),
            en: text.into(),
        };
        let run = |name: &str| TaskRun {
            id: id(name),
            name: text(name),
            load: 1.0,
            data: 1.0,
            seed_offset: 0,
            later_secs: None,
            instead: false,
            faults: Vec::new(),
        };
        let mut lost = Target::new(id("lost"), TargetMetric::Cost, Compare::AtMost, 2.0);
        lost.runs = vec![id("c")];
        let mut than = Target::new(id("than"), TargetMetric::Cost, Compare::AtMost, 2.0);
        than.runs = vec![id("b"), id("c")];
        than.than_run = Some(id("a"));
        Task {
            id: id("task"),
            title: text("task"),
            runs: vec![run("a"), run("b"), run("c")],
            targets: vec![
                Target::new(
                    id("all"),
                    TargetMetric::VisitorsDoneShare,
                    Compare::AtLeast,
                    1.0,
                ),
                lost,
                than,
            ],
        }
    }

    #[test]
    fn a_move_is_about_a_run_in_which_its_target_holds() {
        let task = task();
        let run = |target, run| moved(target, run).run(&task).map(|run| run.id.to_string());
        assert_eq!(run("all", None).as_deref(), Some("a"));
        assert_eq!(run("all", Some("b")).as_deref(), Some("b"));
        assert_eq!(run("lost", None).as_deref(), Some("c"));
        assert_eq!(run("lost", Some("a")), None);
        assert_eq!(run("gone", None), None);
    }

    #[test]
    fn only_the_runs_that_are_spoken_of_are_needed() {
        let task = task();
        assert!(needed_runs(&task, &[]).is_empty());
        assert_eq!(needed_runs(&task, &[moved("lost", None)]), [2]);
        let compared = [moved("than", None), moved("lost", None)];
        assert_eq!(needed_runs(&task, &compared), [0, 1, 2]);
    }

    #[test]
    fn what_helps_goes_the_way_of_the_target() {
        let task = task();
        let helps = |target: &str, before, after| {
            let moved = moved(target, None).measured(before, after);
            moved.helps(moved.target(&task).unwrap())
        };
        assert!(helps("all", Some(0.2), Some(0.3)));
        assert!(!helps("all", Some(0.2), Some(0.2)));
        assert!(helps("lost", Some(3.0), Some(1.0)));
        assert!(!helps("lost", Some(1.0), Some(3.0)));
        assert!(helps("lost", None, Some(3.0)));
        assert!(!helps("lost", Some(3.0), None));
    }

    #[test]
    fn a_value_is_what_another_is_to_five_digits() {
        let one = moved("all", None).measured(Some(0.0), Some(0.987_654));
        let says = |before, after| one.says(&moved("all", None).measured(before, after));
        assert!(says(Some(0.0), Some(0.987_654_3)));
        assert!(!says(Some(0.0), Some(0.987_6)));
        assert!(!says(None, Some(0.987_654)));
        assert!(!says(Some(1e-9), Some(0.987_654)));
    }

    #[test]
    fn values_are_written_with_six_digits() {
        let check = |value: f64, expected: f64| assert_eq!(rounded(value), expected, "{value}");
        check(0.0, 0.0);
        check(0.123_456_78, 0.123_457);
        check(1_234_567.0, 1_234_570.0);
        check(-9.999_999_9, -10.0);
        check(0.000_012_345_678, 0.000_012_345_7);
    }
}
