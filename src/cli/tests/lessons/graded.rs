//! All runs that the tests look at, made once: each task's drawings with the real engine on ten seeds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use archplay_course::bundle::TaskBundle;
use archplay_course::{Grader, TargetResult, is_empty_canvas, plan};
use archplay_model::format::{read_design, read_scenario};
use archplay_report::{Reason, Report};

use crate::files::{lessons, tasks};

/// So many seeds.
pub const SEEDS: u64 = 10;

/// What is to be run: task, design file, run, seed.
pub type Key = (String, String, String, u64);

/// One graded run of one design.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub results: Vec<TargetResult>,
    pub main_reason: Option<Reason>,
}

impl Outcome {
    pub fn missed(&self) -> BTreeSet<&str> {
        self.results
            .iter()
            .filter(|r| !r.passed)
            .map(|r| r.target.as_str())
            .collect()
    }

    pub fn measured(&self, target: &str) -> f64 {
        let result = self.results.iter().find(|r| r.target == target);
        result.and_then(|r| r.measured).unwrap_or(f64::NAN)
    }
}

/// A design with the runs that matter for it. Kept as text: ids are not for several threads.
pub struct Job {
    key: Key,
    task: String,
    design: String,
}

/// Whether a task begins with clients alone, which cannot run.
pub fn starts_empty(task: &TaskBundle) -> bool {
    is_empty_canvas(&read_design(&task.start).unwrap().0)
}

pub fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut names = BTreeSet::new();
    for (lesson, answers) in lessons() {
        for (task, answers) in tasks(&lesson).zip(&answers.tasks) {
            let new = names.insert(task.task.id.to_string());
            assert!(new, "two tasks are called {}", task.task.id);
            let text = serde_json::to_string(task).unwrap();
            let all: Vec<String> = task.task.runs.iter().map(|r| r.id.to_string()).collect();
            let first = vec![all[0].clone()];
            let mut add = |file: &str, design: &str, runs: &[String]| {
                for run in runs {
                    for seed in 1..=SEEDS {
                        jobs.push(Job {
                            key: (
                                task.task.id.to_string(),
                                file.into(),
                                run.clone(),
                                seed * 7_919,
                            ),
                            task: text.clone(),
                            design: design.into(),
                        });
                    }
                }
            };
            if !starts_empty(task) {
                add("start.json", &task.start, &first);
            }
            for reference in &answers.references {
                add(&reference.about.file, &reference.design, &all);
            }
            for wrong in &answers.wrongs {
                let mut runs: BTreeSet<String> = first.iter().cloned().collect();
                runs.extend(wrong.about.fails_in.iter().map(ToString::to_string));
                add(
                    &wrong.about.file,
                    &wrong.design,
                    &runs.into_iter().collect::<Vec<_>>(),
                );
            }
        }
    }
    jobs
}

pub fn outcome(job: &Job) -> Outcome {
    let task: TaskBundle = serde_json::from_str(&job.task).unwrap();
    let scenario = read_scenario(&task.scenario).unwrap();
    let (design, _) = read_design(&job.design).unwrap();
    let runs = plan(&task.task, &scenario, job.key.3);
    let run = runs
        .iter()
        .find(|run| run.id.as_str() == job.key.2)
        .unwrap();
    let report = archplay_engine::simulate(&design, &run.scenario, run.seed).unwrap();
    let mut grader = Grader::new(&task.task, &design);
    grader.add(run, &report);
    Outcome {
        results: grader.finish().results,
        main_reason: main_reason(&report),
    }
}

pub fn main_reason(report: &Report) -> Option<Reason> {
    let count = |reason: Reason| -> u64 {
        let visitors = report.focus.operations.iter().filter(|o| !o.admin);
        visitors.map(|o| o.failed_for(reason)).sum()
    };
    Reason::ALL
        .into_iter()
        .filter(|r| count(*r) > 0)
        .max_by_key(|r| count(*r))
}

/// All runs, made once by all cores and shared by the tests below.
pub fn outcomes() -> &'static BTreeMap<Key, Outcome> {
    static ALL: OnceLock<BTreeMap<Key, Outcome>> = OnceLock::new();
    ALL.get_or_init(|| {
        let jobs = jobs();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = outcome(job);
                        done.lock().unwrap().insert(job.key.clone(), outcome);
                    }
                });
            }
        });
        done.into_inner().unwrap()
    })
}

/// The outcomes of a design in a run, by seed.
pub fn of<'a>(
    task: &'a TaskBundle,
    file: &'a str,
    run: &'a str,
) -> impl Iterator<Item = (u64, &'static Outcome)> + 'a {
    let found = outcomes()
        .iter()
        .filter(move |((t, f, r, _), _)| t == task.task.id.as_str() && f == file && r == run);
    found.map(|((_, _, _, seed), outcome)| (*seed, outcome))
}

/// The median over the seeds in the first run.
pub fn median(task: &TaskBundle, file: &str, target: &str) -> f64 {
    let run = task.task.runs[0].id.as_str();
    let mut list: Vec<f64> = of(task, file, run)
        .map(|(_, o)| o.measured(target))
        .collect();
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}
