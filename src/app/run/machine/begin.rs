//! How a run begins, and how a person ends it.

use std::rc::Rc;

use archplay_model::format::{RunDoc, read_scenario, write_design, write_scenario};
use archplay_model::scenario::{Asked, Intervention};
use archplay_model::{Design, Scenario};
use archplay_protocol::{Speed, ToWorker};

use super::super::hand::Texts;
use super::super::input::Effect;
use super::super::state::{GradeState, Status, Trouble};
use super::Machine;

/// A run that is wanted.
pub(super) struct Order<'a> {
    pub design: Rc<Design>,
    pub scenario_json: &'a str,
    pub seed: u64,
    pub speed: Speed,
    /// The file that it repeats.
    pub replay: Option<Rc<RunDoc>>,
    /// What is done by hand in it again.
    pub by_hand: Vec<Intervention>,
    pub requests: Vec<Asked>,
    /// What posts among them say.
    pub texts: Texts,
    pub traces: bool,
}

/// What the worker was asked for and has not begun.
pub(super) struct Pending {
    pub design: Rc<Design>,
    pub scenario: Rc<Scenario>,
    pub seed: u64,
    pub replay: Option<Rc<RunDoc>>,
    pub texts: Texts,
    pub traces: bool,
    /// Where the page stood: a run that is stopped before it begins leaves no trace.
    pub before: Status,
}

impl Machine {
    pub(super) fn start(&mut self, order: Order<'_>, out: &mut Vec<Effect>) {
        let Order {
            design,
            scenario_json,
            seed,
            speed,
            replay,
            by_hand,
            requests,
            texts,
            traces,
        } = order;
        let before = match (self.state.status, &self.pending) {
            (_, Some(pending)) => pending.before,
            // What goes on now ends here.
            (Status::Starting | Status::Running | Status::Paused, _) => Status::Stopped,
            (status, _) => status,
        };
        self.current = None;
        self.pending = None;
        self.state.problems = Rc::new(Vec::new());
        self.state.trouble = None;
        let scenario = match read_scenario(scenario_json) {
            Ok(scenario) => Rc::new(scenario),
            Err(error) => {
                self.state.trouble = Some(Trouble::Unreadable(error.to_string()));
                self.set_status(Status::Failed);
                return;
            }
        };
        if self.grading.take().is_some() {
            self.state.grade = Rc::new(GradeState::Idle);
        }
        self.leave_pair(out);
        self.renew_worker(out);
        self.last_run += 1;
        let run = self.last_run;
        let (design_json, scenario_json) = (write_design(&design), scenario_json.to_owned());
        out.push(Effect::Send(if by_hand.is_empty() && requests.is_empty() {
            ToWorker::Run {
                run,
                design: design_json,
                scenario: scenario_json,
                seed,
                speed,
                traces,
            }
        } else {
            ToWorker::Replay {
                run,
                design: design_json,
                scenario: scenario_json,
                seed,
                speed,
                interventions: by_hand,
                requests,
                traces,
            }
        }));
        self.current = Some(run);
        self.pending = Some(Pending {
            design,
            scenario,
            seed,
            replay,
            texts,
            traces,
            before,
        });
        self.state.speed = speed;
        self.set_status(Status::Starting);
    }

    /// The finished run once more, to the byte, with traces.
    pub(super) fn trace_again(&mut self, out: &mut Vec<Effect>) {
        let state = &self.state;
        let (Some(design), Some(scenario)) = (state.design.clone(), state.scenario.clone()) else {
            return;
        };
        if state.status == Status::Finished {
            let order = Order {
                design,
                scenario_json: &write_scenario(&scenario),
                seed: state.seed,
                speed: state.speed,
                replay: state.replay.clone(),
                by_hand: (*state.interventions).clone(),
                requests: (*state.requests).clone(),
                texts: state.hand.texts(&state.requests),
                traces: true,
            };
            self.start(order, out);
        }
    }

    /// Ends the run where it is. One that has not begun is forgotten, and the page stands where it stood.
    pub(super) fn stop_run(&mut self, out: &mut Vec<Effect>) {
        if let Some(run) = self.current.take() {
            self.ask_stop(run, out);
        }
        let pending = self.pending.take();
        self.set_status(pending.map_or(Status::Stopped, |pending| pending.before));
    }
}
