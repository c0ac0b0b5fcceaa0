//! What follows from what: commands, the worker's answers and the passing of seconds go in, the new
//! [`RunState`] and effects come out. No browser here, so that every path is tested natively.

use std::rc::Rc;

use archplay_model::Design;
use archplay_model::format::write_design;
use archplay_protocol::{ToWorker, VERSION};

use super::hand::Texts;
use super::input::{Effect, Input, RunCommand};
use super::state::{GradeState, LossState, RunState, Status, Trouble};

mod answers;
mod begin;
mod by_hand;
mod paired;

use begin::{Order, Pending};

/// Seconds without a sign of life after which a worker counts as hanging.
const SILENT_SECONDS: u32 = 5;
/// Seconds that a worker may take to load over a slow line, and to compile the largest drawing on a slow
/// machine: it hears nothing meanwhile, and a person can stop it at any time.
const LOAD_SECONDS: u32 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    None,
    /// Silent for so many seconds while it loads.
    Loading(u32),
    /// Silent for so many seconds although it was asked.
    Alive(u32),
}

/// The machine.
pub struct Machine {
    state: RunState,
    life: Life,
    /// Whether a worker that is started now would be a faster one.
    outdated: bool,
    last_run: u32,
    /// The run whose answers count.
    current: Option<u32>,
    pending: Option<Pending>,
    /// The grading whose answers count, with the drawing.
    grading: Option<(u32, Rc<Design>)>,
    /// The paired run whose answers count.
    pairing: Option<u32>,
    /// The stop that was not answered yet.
    stopping: Option<u32>,
    /// The run whose report the worker has.
    held: Option<u32>,
    exporting: bool,
    pings: u32,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            state: RunState::default(),
            life: Life::None,
            outdated: false,
            last_run: 0,
            current: None,
            pending: None,
            grading: None,
            pairing: None,
            stopping: None,
            held: None,
            exporting: false,
            pings: 0,
        }
    }
}

impl Machine {
    /// What views see.
    #[must_use]
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// Takes an input in. The state has changed if its revision has.
    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Command(command) => self.command(command, &mut out),
            Input::Message(message) => self.message(message, &mut out),
            Input::Crashed(detail) => self.die(Trouble::Crashed(detail), &mut out),
            Input::NoWorker(detail) => self.die(Trouble::NoWorker(detail), &mut out),
            Input::Second => self.second(&mut out),
            Input::StopOverdue(run) => {
                // One that still loads would begin what is no longer wanted.
                if self.stopping == Some(run) && self.life != Life::None {
                    self.drop_worker(&mut out);
                    self.ensure_worker(&mut out);
                    self.touch();
                }
            }
            Input::Warm => self.ensure_worker(&mut out),
            Input::Faster => self.outdated = self.life != Life::None,
        }
        out
    }

    fn touch(&mut self) {
        self.state.revision += 1;
        self.state.preparing = self.pending.is_some();
        self.state.exportable = self.state.status == Status::Finished
            && matches!(self.life, Life::Alive(_))
            && self.held == Some(self.state.run);
    }

    fn ensure_worker(&mut self, out: &mut Vec<Effect>) {
        if self.life == Life::None {
            self.life = Life::Loading(0);
            out.push(Effect::Spawn);
            out.push(Effect::Send(ToWorker::Hello { version: VERSION }));
        }
    }

    /// Has the next work done by the fastest worker there is.
    fn renew_worker(&mut self, out: &mut Vec<Effect>) {
        if self.outdated {
            self.drop_worker(out);
        }
        self.ready_worker(out);
    }

    /// Has a worker to whom something new can be said. One that has not answered a stop would be killed for that
    /// soon, and take what it was told meanwhile with it.
    fn ready_worker(&mut self, out: &mut Vec<Effect>) {
        if self.stopping.is_some() {
            self.drop_worker(out);
        }
        self.ensure_worker(out);
    }

    fn drop_worker(&mut self, out: &mut Vec<Effect>) {
        if self.life != Life::None {
            out.push(Effect::Terminate);
        }
        self.life = Life::None;
        self.outdated = false;
        self.stopping = None;
        self.held = None;
        self.exporting = false;
    }

    fn command(&mut self, command: RunCommand, out: &mut Vec<Effect>) {
        let active = self.state.status.is_active();
        match command {
            RunCommand::Start {
                design,
                scenario,
                seed,
                speed,
            } => {
                let traces = self.state.keep_traces;
                let order = Order {
                    design,
                    scenario_json: &scenario,
                    seed,
                    speed,
                    replay: None,
                    by_hand: Vec::new(),
                    requests: Vec::new(),
                    texts: Texts::default(),
                    traces,
                };
                self.start(order, out);
            }
            RunCommand::Replay {
                design,
                scenario,
                doc,
                speed,
            } => {
                let traces = self.state.keep_traces;
                let order = Order {
                    design,
                    scenario_json: &scenario,
                    seed: doc.seed,
                    speed,
                    by_hand: doc.interventions.clone(),
                    requests: doc.requests.clone(),
                    texts: (doc.texts.iter())
                        .map(|(place, text)| (*place, text.as_str().into()))
                        .collect(),
                    replay: Some(doc),
                    traces,
                };
                self.start(order, out);
            }
            RunCommand::TraceAgain => self.trace_again(out),
            RunCommand::KeepTraces(on) => {
                self.state.keep_traces = on;
                out.push(Effect::KeepTraces(on));
                self.touch();
            }
            RunCommand::Pair => self.pair(out),
            RunCommand::StopPair => self.stop_pair(out),
            RunCommand::Intervene { action, target } => {
                if active {
                    out.push(Effect::Send(ToWorker::Intervene { action, target }));
                }
            }
            RunCommand::Meet(user) if active => out.push(Effect::Send(ToWorker::Meet { user })),
            RunCommand::Ask { user, ask, text } if active => {
                let recorded = self.state.requests.len();
                let request = Rc::make_mut(&mut self.state.hand).ask(user, ask, text, recorded);
                out.push(Effect::Send(ToWorker::ByHand(request)));
                self.touch();
            }
            RunCommand::Meet(_) | RunCommand::Ask { .. } => {}
            RunCommand::ShowTurn(number) => {
                Rc::make_mut(&mut self.state.hand).shown = number;
                self.touch();
            }
            RunCommand::ExportRun => self.export_run(out),
            RunCommand::Pause if active && self.state.status != Status::Paused => {
                self.set_status(Status::Paused);
                out.push(Effect::Send(ToWorker::Pause));
            }
            RunCommand::Resume if self.state.status == Status::Paused => {
                self.set_status(Status::Running);
                out.push(Effect::Send(ToWorker::Resume));
            }
            RunCommand::Step if active => {
                self.set_status(Status::Paused);
                out.push(Effect::Send(ToWorker::Step));
            }
            RunCommand::Stop if active => self.stop_run(out),
            RunCommand::Pause | RunCommand::Resume | RunCommand::Step | RunCommand::Stop => {}
            RunCommand::SetSpeed(speed) => {
                self.state.speed = speed;
                if active {
                    out.push(Effect::Send(ToWorker::SetSpeed(speed)));
                }
                self.touch();
            }
            RunCommand::SetCursor(row) => {
                if self.state.cursor != row {
                    self.state.cursor = row;
                    self.touch();
                }
            }
            RunCommand::Export => {
                if self.state.exportable {
                    self.exporting = true;
                    let run = self.state.run;
                    out.push(Effect::Send(ToWorker::Export { run }));
                }
            }
            RunCommand::Grade {
                design,
                task,
                task_json,
                seed,
            } => self.grade(design, task, &task_json, seed, out),
            RunCommand::StopGrade => {
                if let Some((run, _)) = self.grading.take() {
                    self.state.grade = Rc::new(GradeState::Idle);
                    self.ask_stop(run, out);
                    self.touch();
                }
            }
            RunCommand::Clear => self.clear(out),
        }
    }

    fn set_status(&mut self, status: Status) {
        self.state.status = status;
        self.touch();
    }

    fn grade(
        &mut self,
        design: Rc<Design>,
        task: Rc<str>,
        task_json: &str,
        seed: u64,
        out: &mut Vec<Effect>,
    ) {
        if self.state.status.is_active() {
            self.current = None;
            self.pending = None;
            self.state.status = Status::Stopped;
        }
        self.leave_pair(out);
        if self.state.status == Status::Finished {
            // The worker still has that run's report.
            self.ready_worker(out);
        } else {
            self.renew_worker(out);
        }
        self.last_run += 1;
        let run = self.last_run;
        out.push(Effect::Send(ToWorker::Grade {
            run,
            design: write_design(&design),
            task: task_json.to_owned(),
            seed,
        }));
        self.grading = Some((run, design));
        self.state.grade = Rc::new(GradeState::Running {
            task,
            part: 0,
            parts: 0,
            share: 0.0,
        });
        self.touch();
    }

    fn ask_stop(&mut self, run: u32, out: &mut Vec<Effect>) {
        self.stopping = Some(run);
        out.push(Effect::Send(ToWorker::Stop));
        out.push(Effect::AwaitStop(run));
    }

    fn clear(&mut self, out: &mut Vec<Effect>) {
        if self.state.status.is_active() {
            self.stop_run(out);
        }
        if let Some((run, _)) = self.grading.take() {
            self.ask_stop(run, out);
        }
        self.stop_pair(out);
        self.current = None;
        self.state = RunState {
            revision: self.state.revision,
            speed: self.state.speed,
            run: self.state.run,
            keep_traces: self.state.keep_traces,
            ..RunState::default()
        };
        self.touch();
    }

    fn is_current(&self, run: u32) -> bool {
        self.current == Some(run)
    }

    fn is_grading(&self, run: u32) -> bool {
        self.grading.as_ref().is_some_and(|(id, _)| *id == run)
    }

    fn is_waiting(&self) -> bool {
        matches!(
            self.state.status,
            Status::Starting | Status::Running | Status::Paused
        ) || self.grading.is_some()
            || self.pairing.is_some()
            || self.exporting
    }

    /// Seconds of silence that are borne.
    fn patience(&self) -> u32 {
        let compiles = self.pending.is_some() || self.state.losses == LossState::Running(0.0);
        if compiles {
            LOAD_SECONDS
        } else {
            SILENT_SECONDS
        }
    }

    fn second(&mut self, out: &mut Vec<Effect>) {
        // Counted in ticks, not in wall time: a laptop that slept has not been silent.
        match self.life {
            Life::None => {}
            Life::Loading(silent) if silent >= LOAD_SECONDS => self.die(Trouble::Hang, out),
            Life::Loading(silent) => self.life = Life::Loading(silent + 1),
            Life::Alive(_) if !self.is_waiting() => self.life = Life::Alive(0),
            Life::Alive(silent) if silent >= self.patience() => self.die(Trouble::Hang, out),
            Life::Alive(silent) => {
                self.life = Life::Alive(silent + 1);
                self.pings = self.pings.wrapping_add(1);
                out.push(Effect::Send(ToWorker::Ping(self.pings)));
            }
        }
    }

    fn die(&mut self, trouble: Trouble, out: &mut Vec<Effect>) {
        let exporting = self.exporting;
        self.drop_worker(out);
        self.fail_pair();
        if self.grading.is_some() {
            self.fail_grading(trouble.clone());
        }
        if self.state.status.is_active() {
            self.current = None;
            self.pending = None;
            self.state.trouble = Some(trouble);
            self.state.status = Status::Dead;
        } else if exporting {
            self.state.trouble = Some(trouble);
        }
        // Else nobody waits for it: the next run starts a new one and tells if that fails too.
        self.touch();
    }

    fn report_name(&self) -> String {
        let scenario = self.state.scenario.as_ref();
        let id = scenario.map_or("run", |scenario| scenario.id.as_str());
        format!("archplay-report-{id}-{}.json", self.state.seed)
    }
}
