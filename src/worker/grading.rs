//! Grading: all runs that a task asks for, one after the other, at full speed.

use std::rc::Rc;

use archplay_course::bundle::TaskBundle;
use archplay_course::{Grader, PlannedRun, Task, plan, unfair};
use archplay_engine::Run;
use archplay_model::Design;
use archplay_model::format::read_scenario;
use archplay_protocol::FromWorker;

use super::session::{readable_design, unreadable};
use super::slice::Teller;

/// A grading under way.
pub struct Grading {
    run: u32,
    design: Design,
    seed_runs: Vec<PlannedRun>,
    part: usize,
    engine: Option<Run>,
    grader: Grader<Rc<Task>>,
    teller: Teller,
}

impl Grading {
    /// Reads the documents; compiling waits for the first slice.
    pub fn begin(run: u32, design: &str, task: &str, seed: u64) -> Result<Self, Box<FromWorker>> {
        let (design, _) = readable_design(run, design)?;
        let unreadable = |detail: String| unreadable(run, detail);
        let bundle: TaskBundle =
            serde_json::from_str(task).map_err(|error| unreadable(error.to_string()))?;
        let scenario =
            read_scenario(&bundle.scenario).map_err(|error| unreadable(error.to_string()))?;
        let (start, _) = readable_design(run, &bundle.start)?;
        let problems = unfair(&bundle.task, &scenario, &start, &design);
        if !problems.is_empty() {
            return Err(Box::new(FromWorker::Refused { run, problems }));
        }
        let seed_runs = plan(&bundle.task, &scenario, seed);
        if seed_runs.is_empty() {
            return Err(unreadable("no runs".into()));
        }
        let grader = Grader::new(Rc::new(bundle.task), &design);
        Ok(Self {
            run,
            design,
            seed_runs,
            part: 0,
            engine: None,
            grader,
            teller: Teller::default(),
        })
    }

    /// The number that every answer carries.
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// Works for a slice; says whether it is over.
    pub fn tick(&mut self, clock_ms: &dyn Fn() -> f64, out: &mut Vec<FromWorker>) -> bool {
        let Some(planned) = self.seed_runs.get(self.part) else {
            out.push(FromWorker::Graded {
                run: self.run,
                verdict: self.grader.clone().finish(),
            });
            return true;
        };
        let engine = match &mut self.engine {
            Some(engine) => engine,
            empty => match Run::compile(&self.design, &planned.scenario, planned.seed) {
                // Compiling was this slice's work.
                Ok(engine) => {
                    *empty = Some(engine);
                    return false;
                }
                Err(problems) => {
                    let run = self.run;
                    out.push(FromWorker::Refused { run, problems });
                    return true;
                }
            },
        };
        let slice = self.teller.slice(engine, clock_ms);
        if let Some(share) = slice.tell {
            out.push(FromWorker::Grading {
                run: self.run,
                part: u32::try_from(self.part).unwrap_or(u32::MAX),
                parts: u32::try_from(self.seed_runs.len()).unwrap_or(u32::MAX),
                share,
            });
        }
        if slice.done {
            let report = engine.report();
            self.grader.add(planned, &report);
            self.engine = None;
            self.part += 1;
        }
        false
    }
}
