//! From a task to runs, and from their reports to a verdict.

use std::borrow::Borrow;

use archplay_model::{Design, Id, Scenario};
use archplay_report::{Report, sha256_hex};

use crate::measure::ratio;
use crate::why::{earliest, why};
use crate::{Moved, Parts, Sight, Target, TargetResult, Task, Verdict};

/// A run that has to be made for a task.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRun {
    /// The run's id in the task.
    pub id: Id,
    /// The scenario with the run's load and faults.
    pub scenario: Scenario,
    /// The seed.
    pub seed: u64,
    /// The scenario's faults that come at another moment.
    pub moved: Vec<Moved>,
}

/// Says which runs a task asks for.
#[must_use]
pub fn plan(task: &Task, scenario: &Scenario, seed: u64) -> Vec<PlannedRun> {
    let planned = task.runs.iter().map(|run| {
        let mut scenario = scenario.clone().scaled(run.load);
        for dataset in &mut scenario.datasets {
            dataset.rows = (dataset.rows as f64 * run.data).round().max(1.0) as u64;
        }
        if run.instead {
            scenario.faults.clear();
        }
        let seed = seed.wrapping_add(run.seed_offset);
        let later = run.later_secs.map(|l| l.apply(&mut scenario.faults, seed));
        scenario.faults.extend(run.faults.iter().cloned());
        scenario.faults.sort_by_key(|fault| fault.at);
        PlannedRun {
            id: run.id.clone(),
            scenario,
            seed,
            moved: later.unwrap_or_default(),
        }
    });
    planned.collect()
}

/// Takes the reports of the planned runs one after the other, so that none has to be kept.
/// Holds the task or borrows it.
#[derive(Clone, Debug)]
pub struct Grader<T> {
    task: T,
    parts: Parts,
    /// What targets that compare runs measured in earlier ones: run, target, value.
    earlier: Vec<(Id, Id, Option<f64>)>,
    verdict: Verdict,
}

impl<T: Borrow<Task>> Grader<T> {
    /// Begins a verdict on a drawing.
    #[must_use]
    pub fn new(task: T, design: &Design) -> Self {
        Self {
            task,
            parts: Parts::of(design),
            earlier: Vec::new(),
            verdict: Verdict::default(),
        }
    }

    /// Adds the report of a planned run.
    pub fn add(&mut self, run: &PlannedRun, report: &Report) {
        let sight = Sight {
            report,
            scenario: &run.scenario,
            parts: &self.parts,
            moved: &run.moved,
        };
        let mut results = Vec::new();
        for target in &self.task.borrow().targets {
            let mut measured = target.measure(sight);
            if let Some(other) = &target.than_run {
                let earlier = &mut self.earlier;
                let there = earlier
                    .iter()
                    .find(|(r, t, _)| r == other && *t == target.id)
                    .and_then(|(_, _, value)| *value);
                earlier.push((run.id.clone(), target.id.clone(), measured));
                measured = ratio(measured, there).or(target.absent);
            }
            if target.applies_to(&run.id) {
                results.push(judge(target, run, measured, sight));
            }
        }
        if self.verdict.first_cause.is_none() && results.iter().any(|result| !result.passed) {
            self.verdict.first_cause = earliest(report.causes.iter()).map(|c| {
                (
                    run.id.to_string(),
                    c.component.clone(),
                    c.reason,
                    c.first_ns,
                    c.count,
                )
            });
        }
        self.verdict.results.extend(results);
        self.verdict
            .fingerprints
            .push((run.id.to_string(), sha256_hex(&report.to_json())));
    }

    /// Ends the verdict: passed if every run was added and every target met.
    #[must_use]
    pub fn finish(mut self) -> Verdict {
        let task = self.task.borrow();
        let made = |id: &Id| {
            let mut made = self.verdict.fingerprints.iter();
            made.any(|(run, _)| run == id.as_str())
        };
        let reached = self.verdict.reached();
        let sum = |counts: &dyn Fn(&Target) -> bool| -> f64 {
            let counted = task.targets.iter().filter(|target| counts(target));
            counted.map(|target| target.weight).sum()
        };
        let met = sum(&|target| {
            let mut runs = task.runs.iter().filter(|run| target.applies_to(&run.id));
            reached.contains(&target.id.as_str()) && runs.all(|run| made(&run.id))
        });
        let all = sum(&|_| true);
        let score = if all > 0.0 { met / all } else { 0.0 };
        self.verdict.passed = self.verdict.fingerprints.len() == task.runs.len()
            && self.verdict.results.iter().all(|result| result.passed);
        self.verdict.score = score;
        self.verdict
    }
}

/// Grades the reports of all planned runs.
#[must_use]
pub fn grade(task: &Task, design: &Design, runs: &[(PlannedRun, Report)]) -> Verdict {
    let mut grader = Grader::new(task, design);
    for (run, report) in runs {
        grader.add(run, report);
    }
    grader.finish()
}

fn judge(
    target: &Target,
    run: &PlannedRun,
    measured: Option<f64>,
    sight: Sight<'_>,
) -> TargetResult {
    let passed = measured.is_some_and(|value| target.is_met(value));
    TargetResult {
        target: target.id.to_string(),
        run: run.id.to_string(),
        metric: target.metric.slug().into(),
        compare: target.compare,
        wanted: target.value,
        measured,
        passed,
        why: if passed { None } else { why(target, sight) },
    }
}
