//! Whether a lesson's parts fit together: ids, both languages, documents, graded runs. The same checks hold
//! for a folder and for a lesson in one file.

use std::collections::BTreeSet;

use archplay_model::check::check;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::scenario::{Fault, LocalText};
use archplay_model::{Design, Id, Kind, Problem, Scenario, Severity};

use crate::bundle::Extra;
use crate::{Later, LessonError, Reference, START_FILE, Task, Wrong, moved, plan};

/// The most tasks of a lesson.
pub(crate) const MAX_TASKS: usize = 20;
/// The most graded runs of a task.
const MAX_RUNS: usize = 12;
/// The most targets of a task.
const MAX_TARGETS: usize = 60;
/// The most prepared designs of a task, of either sort.
const MAX_DESIGNS: usize = 60;
/// The most steps to a design that passes.
const MAX_STEPS: usize = 12;
/// The most targets of which a step says what it moved.
const MAX_MOVES: usize = 6;
/// The longest discussion of a task, in minutes.
const MAX_DISCUSSION: u32 = 600;
/// The most hints of a lesson, and the most sources.
pub(crate) const MAX_LIST: usize = 200;
/// The most further scenarios of a lesson.
pub(crate) const MAX_EXTRAS: usize = 20;
/// Names in a lesson's drawings.
pub(crate) const MAX_NAMES: usize = 2_000;

/// A place in a file, for errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    pub(crate) file: &'a str,
    /// What stands before every path; empty in a file of its own.
    pub(crate) at: &'a str,
}

impl Spot<'_> {
    pub(crate) fn error(
        self,
        code: &'static str,
        path: &str,
        detail: impl ToString,
    ) -> LessonError {
        LessonError::new(code, self.file, &format!("{}{path}", self.at), detail)
    }

    /// Both languages are there.
    pub(crate) fn both(self, path: &str, text: &LocalText) -> Result<(), LessonError> {
        if text.ko.trim().is_empty() || text.en.trim().is_empty() {
            return Err(self.error("missing_text", path, ""));
        }
        Ok(())
    }

    /// A discussion's minutes can be.
    pub(crate) fn discussion(self, path: &str, minutes: u32) -> Result<(), LessonError> {
        if (1..=MAX_DISCUSSION).contains(&minutes) {
            return Ok(());
        }
        Err(self.error("out_of_range", path, minutes))
    }

    pub(crate) fn unique<'b>(
        self,
        path: &str,
        ids: impl Iterator<Item = &'b str>,
    ) -> Result<(), LessonError> {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                return Err(self.error("duplicate_id", path, id));
            }
        }
        Ok(())
    }

    pub(crate) fn known(
        self,
        path: &str,
        ids: &[Id],
        there: &BTreeSet<&Id>,
    ) -> Result<(), LessonError> {
        match ids.iter().find(|id| !there.contains(id)) {
            Some(id) => Err(self.error("unknown_id", path, id)),
            None => Ok(()),
        }
    }

    pub(crate) fn at_most(self, path: &str, count: usize, most: usize) -> Result<(), LessonError> {
        if count > most {
            return Err(self.error("too_big", path, format_args!("{count} > {most}")));
        }
        Ok(())
    }
}

/// Checks a task without its documents.
pub(crate) fn task<'a>(
    spot: Spot<'_>,
    task: &Task,
    references: impl Iterator<Item = &'a Reference>,
    wrongs: impl Iterator<Item = &'a Wrong>,
) -> Result<(), LessonError> {
    spot.both("title", &task.title)?;
    if task.runs.is_empty() || task.targets.is_empty() {
        return Err(spot.error("out_of_range", "runs, targets", "0"));
    }
    spot.at_most("runs", task.runs.len(), MAX_RUNS)?;
    spot.at_most("targets", task.targets.len(), MAX_TARGETS)?;
    spot.unique("runs", task.runs.iter().map(|r| r.id.as_str()))?;
    spot.unique("targets", task.targets.iter().map(|t| t.id.as_str()))?;
    for (i, run) in task.runs.iter().enumerate() {
        spot.both(&format!("runs[{i}].name"), &run.name)?;
        for (field, factor) in [("load", run.load), ("data", run.data)] {
            if !(factor.is_finite() && factor > 0.0 && factor <= 100.0) {
                return Err(spot.error("out_of_range", &format!("runs[{i}].{field}"), factor));
            }
        }
        let within = |later: &Later| {
            let most = -moved::MOST..=moved::MOST;
            later.from <= later.to && most.contains(&later.from) && most.contains(&later.to)
        };
        if run.later_secs.is_some_and(|later| !within(&later)) {
            let path = format!("runs[{i}].later_secs");
            return Err(spot.error("out_of_range", &path, ""));
        }
    }
    let runs: BTreeSet<&Id> = task.runs.iter().map(|r| &r.id).collect();
    let targets: BTreeSet<&Id> = task.targets.iter().map(|t| &t.id).collect();
    for (i, target) in task.targets.iter().enumerate() {
        spot.known(&format!("targets[{i}].runs"), &target.runs, &runs)?;
    }
    for (i, reference) in references.enumerate() {
        spot.at_most("reference", i, MAX_DESIGNS)?;
        spot.both(&format!("reference[{i}].name"), &reference.name)?;
        spot.both(&format!("reference[{i}].about"), &reference.about)?;
        steps(spot, &format!("reference[{i}]"), task, reference)?;
    }
    for (i, wrong) in wrongs.enumerate() {
        spot.at_most("wrong", i, MAX_DESIGNS)?;
        spot.both(&format!("wrong[{i}].name"), &wrong.name)?;
        spot.both(&format!("wrong[{i}].why"), &wrong.why)?;
        spot.known(&format!("wrong[{i}].misses"), &wrong.misses, &targets)?;
        spot.known(&format!("wrong[{i}].reaches"), &wrong.reaches, &targets)?;
        spot.known(&format!("wrong[{i}].fails_in"), &wrong.fails_in, &runs)?;
        spot.known(&format!("wrong[{i}].fails_by"), &wrong.fails_by, &targets)?;
        if wrong.misses.is_empty() && wrong.fails_in.is_empty() {
            let path = format!("wrong[{i}].misses");
            return Err(spot.error("missing_text", &path, "no reason is named"));
        }
    }
    Ok(())
}

/// Checks the steps to a design: each says what it moved, in a run in which that is measured, and the last is
/// the design itself.
fn steps(
    spot: Spot<'_>,
    path: &str,
    task: &Task,
    reference: &Reference,
) -> Result<(), LessonError> {
    spot.at_most(&format!("{path}.steps"), reference.steps.len(), MAX_STEPS)?;
    for (i, step) in reference.steps.iter().enumerate() {
        let at = |field: &str| format!("{path}.steps[{i}].{field}");
        spot.both(&at("name"), &step.name)?;
        spot.both(&at("about"), &step.about)?;
        spot.at_most(&at("moves"), step.moves.len(), MAX_MOVES)?;
        if step.moves.is_empty() && step.file != START_FILE {
            return Err(spot.error("missing_field", &at("moves"), &step.file));
        }
        for (m, moved) in step.moves.iter().enumerate() {
            let in_move = |field: &str| at(&format!("moves[{m}].{field}"));
            if moved.target(task).is_none() {
                return Err(spot.error("unknown_id", &in_move("target"), &moved.target));
            }
            if moved.run(task).is_none() {
                let run = moved.run.as_ref().map_or("", |run| run.as_str());
                return Err(spot.error("unknown_id", &in_move("run"), run));
            }
            for (field, value) in [("before", moved.before), ("after", moved.after)] {
                if value.is_some_and(|value| !value.is_finite()) {
                    return Err(spot.error("out_of_range", &in_move(field), "not a number"));
                }
            }
        }
    }
    match reference.steps.last() {
        Some(last) if last.file != reference.file => {
            let path = format!("{path}.steps[{}].file", reference.steps.len() - 1);
            Err(spot.error("last_step", &path, format_args!("`{}`", reference.file)))
        }
        _ => Ok(()),
    }
}

/// Checks further scenarios without their documents.
pub(crate) fn extras(spot: Spot<'_>, extras: &[Extra]) -> Result<(), LessonError> {
    spot.at_most("extra", extras.len(), MAX_EXTRAS)?;
    spot.unique("extra", extras.iter().map(|extra| extra.id.as_str()))?;
    for (i, extra) in extras.iter().enumerate() {
        spot.both(&format!("extra[{i}].title"), &extra.title)?;
        spot.both(&format!("extra[{i}].about"), &extra.about)?;
    }
    Ok(())
}

/// Reads a task's scenario, which is the whole file, or stands at the spot.
pub(crate) fn scenario(spot: Spot<'_>, text: &str) -> Result<Scenario, LessonError> {
    read_scenario(text).map_err(|e| spot.error("bad_document", &e.path, &e))
}

/// Checks a drawing of a task.
pub(crate) fn design(spot: Spot<'_>, text: &str, scenario: &Scenario) -> Result<(), LessonError> {
    let (design, mended) =
        read_design(text).map_err(|e| spot.error("bad_document", &e.path, &e))?;
    whole(spot, mended, check(&design, scenario))
}

/// Checks the drawing at the start of a task: a drawing as any other, or a canvas on which only clients stand.
pub(crate) fn start(spot: Spot<'_>, text: &str, scenario: &Scenario) -> Result<(), LessonError> {
    let (design, mended) =
        read_design(text).map_err(|e| spot.error("bad_document", &e.path, &e))?;
    whole(spot, mended, problems_of_start(&design, scenario))
}

fn whole(spot: Spot<'_>, mended: Vec<Problem>, problems: Vec<Problem>) -> Result<(), LessonError> {
    // A warning of the checker may be what a drawing is about; a mended file is a mistake of the author's.
    let bad = |p: &&Problem| p.severity == Severity::Error || p.code.starts_with("dropped_");
    match mended.iter().chain(&problems).find(bad) {
        Some(problem) => Err(spot.error("bad_document", "", told(problem))),
        None => Ok(()),
    }
}

/// What is wrong with a drawing at the start. Where only clients stand, that they lead nowhere yet is the task.
fn problems_of_start(design: &Design, scenario: &Scenario) -> Vec<Problem> {
    let mut problems = check(design, scenario);
    if is_empty_canvas(design) {
        problems.retain(|p| !matches!(p.code.as_str(), "client_without_way" | "no_server"));
    }
    problems
}

/// Whether a drawing has clients and nothing else: a task from scratch. It cannot run.
#[must_use]
pub fn is_empty_canvas(design: &Design) -> bool {
    let mut kinds = design.components.values().map(|c| c.kind);
    !design.components.is_empty() && kinds.all(|kind| kind == Kind::Client)
}

/// Checks every graded run's own load, data and faults on the drawing at the start.
pub(crate) fn runs(
    spot: Spot<'_>,
    task: &Task,
    scenario: &Scenario,
    start: &str,
) -> Result<(), LessonError> {
    let (begin, end) = (i64::from(scenario.start.secs()), i64::from(scenario.end()));
    for (i, run) in task.runs.iter().enumerate() {
        let Some(later) = run.later_secs else {
            continue;
        };
        // Whatever the seed: a fault that comes before or after the run would be none.
        let inside = |fault: &Fault| {
            let at = i64::from(fault.at.secs());
            at + i64::from(later.from) >= begin && at + i64::from(later.to) < end
        };
        if !scenario.faults.iter().all(inside) {
            let path = format!("runs[{i}].later_secs");
            return Err(spot.error("out_of_range", &path, "beyond the scenario"));
        }
    }
    let Ok((start, _)) = read_design(start) else {
        return Ok(());
    };
    for (i, run) in plan(task, scenario, 1).iter().enumerate() {
        let problems = problems_of_start(&start, &run.scenario);
        if let Some(problem) = problems.iter().find(|p| p.severity == Severity::Error) {
            return Err(spot.error("bad_document", &format!("runs[{i}]"), told(problem)));
        }
    }
    Ok(())
}

fn told(problem: &Problem) -> String {
    format!("{} {:?}", problem.code, problem.args)
}
