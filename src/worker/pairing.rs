//! The pair of a run: the same without faults, in the background, for what the faults have cost.

use archplay_engine::Run;
use archplay_model::format::read_scenario;
use archplay_model::scenario::Asked;
use archplay_protocol::FromWorker;
use archplay_report::Standing;

use super::session::{readable_design, unreadable};
use super::slice::Teller;

/// A paired run under way.
pub struct Pairing {
    run: u32,
    state: State,
    teller: Teller,
}

enum State {
    /// Not read yet: design, scenario, seed, what was asked by hand.
    Waits(String, String, u64, Vec<Asked>),
    Runs(Box<Run>),
}

impl Pairing {
    /// Keeps the documents; they are read in the first slice, so that who stops it is heard before.
    pub fn new(
        run: u32,
        design: String,
        scenario: String,
        seed: u64,
        requests: Vec<Asked>,
    ) -> Self {
        Self {
            run,
            state: State::Waits(design, scenario, seed, requests),
            teller: Teller::default(),
        }
    }

    /// The number that every answer carries.
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// Works for a slice; says whether it is over.
    pub fn tick(&mut self, clock_ms: &dyn Fn() -> f64, out: &mut Vec<FromWorker>) -> bool {
        let run = self.run;
        let engine = match &mut self.state {
            State::Runs(engine) => engine,
            State::Waits(design, scenario, seed, requests) => {
                return match compile(run, design, scenario, *seed) {
                    Ok(mut engine) => {
                        engine.replay_requests(std::mem::take(requests));
                        self.state = State::Runs(Box::new(engine));
                        false
                    }
                    Err(refusal) => {
                        out.push(*refusal);
                        true
                    }
                };
            }
        };
        let slice = self.teller.slice(engine, clock_ms);
        if slice.done {
            let standing = Standing::of(&engine.report());
            out.push(FromWorker::Paired { run, standing });
        } else if let Some(share) = slice.tell {
            out.push(FromWorker::Pairing { run, share });
        }
        slice.done
    }
}

fn compile(run: u32, design: &str, scenario: &str, seed: u64) -> Result<Run, Box<FromWorker>> {
    let (design, _) = readable_design(run, design)?;
    let scenario = read_scenario(scenario).map_err(|error| unreadable(run, error.to_string()))?;
    Run::compile(&design, &scenario.without_faults(), seed)
        .map_err(|problems| Box::new(FromWorker::Refused { run, problems }))
}
