//! From a task to runs, and from their reports to a verdict.

use std::borrow::Borrow;

use archplay_model::{Id, Scenario};
use archplay_report::{Cause, Report, sha256_hex};

use crate::{Compare, Target, TargetResult, Task, Verdict};

/// A run that has to be made for a task.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRun {
    /// The run's id in the task.
    pub id: Id,
    /// The scenario with the run's load and faults.
    pub scenario: Scenario,
    /// The seed.
    pub seed: u64,
}

/// Says which runs a task asks for.
#[must_use]
pub fn plan(task: &Task, scenario: &Scenario, seed: u64) -> Vec<PlannedRun> {
    let planned = task.runs.iter().map(|run| {
        let mut scenario = scenario.clone().scaled(run.load);
        scenario.faults.extend(run.faults.iter().cloned());
        scenario.faults.sort_by_key(|fault| fault.at);
        PlannedRun {
            id: run.id.clone(),
            scenario,
            seed: seed.wrapping_add(run.seed_offset),
        }
    });
    planned.collect()
}

/// Takes the reports of the planned runs one after the other, so that none has to be kept.
/// Holds the task or borrows it.
#[derive(Clone, Debug)]
pub struct Grader<T> {
    task: T,
    verdict: Verdict,
}

impl<T: Borrow<Task>> Grader<T> {
    /// Begins a verdict.
    #[must_use]
    pub fn new(task: T) -> Self {
        Self {
            task,
            verdict: Verdict::default(),
        }
    }

    /// Adds the report of a planned run.
    pub fn add(&mut self, run: &PlannedRun, report: &Report) {
        let task = self.task.borrow();
        let targets = task
            .targets
            .iter()
            .filter(|target| target.applies_to(&run.id));
        let results: Vec<TargetResult> =
            targets.map(|target| measure(target, run, report)).collect();
        if self.verdict.first_cause.is_none() && results.iter().any(|result| !result.passed) {
            self.verdict.first_cause = earliest(&report.causes).map(|c| {
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
        self.verdict.passed = self.verdict.fingerprints.len() == self.task.borrow().runs.len()
            && self.verdict.results.iter().all(|result| result.passed);
        self.verdict
    }
}

/// Grades the reports of all planned runs.
#[must_use]
pub fn grade(task: &Task, runs: &[(PlannedRun, Report)]) -> Verdict {
    let mut grader = Grader::new(task);
    for (run, report) in runs {
        grader.add(run, report);
    }
    grader.finish()
}

fn measure(target: &Target, run: &PlannedRun, report: &Report) -> TargetResult {
    let measured = target.metric.measure(report, &run.scenario, target.since);
    let passed = measured.is_some_and(|value| match target.compare {
        Compare::AtMost => value <= target.value,
        Compare::AtLeast => value >= target.value,
    });
    TargetResult {
        target: target.id.to_string(),
        run: run.id.to_string(),
        metric: target.metric.slug().into(),
        compare: target.compare,
        wanted: target.value,
        measured,
        passed,
    }
}

fn earliest(causes: &[Cause]) -> Option<&Cause> {
    causes.iter().min_by_key(|cause| cause.first_ns)
}
