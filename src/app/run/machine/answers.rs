//! What follows from the worker's answers.

use std::rc::Rc;

use archplay_model::Problem;
use archplay_protocol::{FromWorker, VERSION};
use archplay_report::{Met, SeriesTable};

use super::super::input::Effect;
use super::super::state::{Data, GradeState, Previous, Status, Trouble};
use super::{Life, Machine};

/// The run that a message is the last of: there is nothing left to stop then.
const fn run_that_ends(message: &FromWorker) -> Option<u32> {
    match message {
        FromWorker::Stopped { run }
        | FromWorker::Finished { run, .. }
        | FromWorker::Paired { run, .. }
        | FromWorker::Graded { run, .. }
        | FromWorker::Refused { run, .. }
        | FromWorker::Unreadable { run, .. } => Some(*run),
        _ => None,
    }
}

impl Machine {
    pub(super) fn message(&mut self, message: FromWorker, out: &mut Vec<Effect>) {
        if self.life == Life::None {
            return; // The last words of a worker that was given up.
        }
        let was_loading = matches!(self.life, Life::Loading(_));
        self.life = Life::Alive(0);
        if self.stopping.is_some() && self.stopping == run_that_ends(&message) {
            self.stopping = None;
        }
        match message {
            FromWorker::Hello { version } => {
                if version != VERSION {
                    self.die(Trouble::Version, out);
                }
            }
            FromWorker::Started {
                run,
                warnings,
                keys,
                start_secs,
                bucket_secs,
                rows,
            } if self.is_current(run) => {
                let table = SeriesTable {
                    start_secs,
                    bucket_secs,
                    keys,
                    values: Vec::new(),
                };
                self.begin(run, table, rows as usize);
                self.state.problems = Rc::new(warnings);
                self.touch();
            }
            FromWorker::Frames {
                run,
                first_row,
                values,
                events,
                now_ns,
                ..
            } if self.is_current(run) => {
                if self.state.data.append(first_row as usize, &values, events) {
                    self.state.now_ns = now_ns;
                    self.touch();
                } else {
                    let detail = format!("row {first_row} does not follow");
                    self.die(Trouble::Crashed(detail), out);
                }
            }
            FromWorker::Intervened {
                run,
                interventions,
                requests,
            } if self.is_current(run) => {
                self.state.interventions = Rc::new(interventions);
                self.state.requests = Rc::new(requests);
                self.touch();
            }
            FromWorker::Met {
                run,
                me,
                friends,
                others,
            } if self.is_current(run) => {
                let met = Met {
                    me,
                    friends,
                    others,
                };
                Rc::make_mut(&mut self.state.hand).met = Some(Rc::new(met));
                self.touch();
            }
            FromWorker::Answered { run, answer } if self.is_current(run) => {
                let hand = Rc::make_mut(&mut self.state.hand);
                hand.answered(&answer, &self.state.requests);
                self.touch();
            }
            FromWorker::Traces { run, book } if self.is_current(run) => {
                self.state.traces = Rc::new(book.unpack());
                self.touch();
            }
            FromWorker::Finished {
                run,
                summary,
                sha256,
            } if self.is_current(run) => {
                self.current = None;
                self.state.summary = Some(Rc::new(*summary));
                self.state.sha256 = Some(sha256.into());
                self.held = Some(run);
                self.set_status(Status::Finished);
                self.ended(out);
            }
            FromWorker::Pairing { run, share } if self.is_pairing(run) => self.pairing(share),
            FromWorker::Paired { run, standing } if self.is_pairing(run) => self.paired(standing),
            FromWorker::Report { run, json, .. } if run == self.state.run => {
                self.exporting = false;
                let name = self.report_name();
                out.push(Effect::Save { name, json });
            }
            FromWorker::Refused { run, problems } => self.refused(run, problems),
            FromWorker::Unreadable { run, detail } => self.unreadable(run, detail),
            FromWorker::Grading {
                run,
                part,
                parts,
                share,
            } if self.is_grading(run) => {
                if let Some(task) = self.state.grade.task().map(Rc::from) {
                    self.state.grade = Rc::new(GradeState::Running {
                        task,
                        part,
                        parts,
                        share: (part as f32 + share.clamp(0.0, 1.0)) / parts.max(1) as f32,
                    });
                    self.touch();
                }
            }
            FromWorker::Graded { run, verdict } if self.is_grading(run) => {
                let task = self.state.grade.task().map(Rc::from);
                if let (Some(task), Some((_, design))) = (task, self.grading.take()) {
                    self.state.grade = Rc::new(GradeState::Done {
                        task,
                        design,
                        verdict: Rc::new(verdict),
                    });
                    self.touch();
                }
            }
            // Late answers of runs that nobody waits for.
            FromWorker::Stopped { .. }
            | FromWorker::Started { .. }
            | FromWorker::Frames { .. }
            | FromWorker::Finished { .. }
            | FromWorker::Intervened { .. }
            | FromWorker::Met { .. }
            | FromWorker::Answered { .. }
            | FromWorker::Traces { .. }
            | FromWorker::Pairing { .. }
            | FromWorker::Paired { .. }
            | FromWorker::Report { .. }
            | FromWorker::Grading { .. }
            | FromWorker::Graded { .. }
            | FromWorker::Alive(_) => {}
        }
        if was_loading {
            self.touch();
        }
    }

    fn begin(&mut self, run: u32, table: SeriesTable, rows: usize) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        if self.state.data.rows() > 0 {
            self.state.previous = Some(Previous {
                data: self.state.data.clone(),
                summary: self.state.summary.take(),
            });
        }
        self.state.run = run;
        self.state.data = Data::new(table, rows);
        self.state.rows_total = rows;
        self.state.now_ns = 0;
        self.state.design = Some(pending.design);
        self.state.scenario = Some(pending.scenario);
        self.state.seed = pending.seed;
        self.begin_by_hand(pending.replay, pending.texts);
        self.state.traced = pending.traces;
        self.state.cursor = None;
        self.state.summary = None;
        self.state.sha256 = None;
        if self.state.status == Status::Starting {
            self.state.status = Status::Running;
        }
    }

    fn refused(&mut self, run: u32, problems: Vec<Problem>) {
        if self.is_current(run) {
            self.current = None;
            self.pending = None;
            self.state.problems = Rc::new(problems);
            self.set_status(Status::Failed);
        } else if self.is_pairing(run) {
            self.fail_pair();
        } else if self.is_grading(run) {
            self.grading = None;
            if let Some(task) = self.state.grade.task().map(Rc::from) {
                let problems = Rc::new(problems);
                self.state.grade = Rc::new(GradeState::Refused { task, problems });
                self.touch();
            }
        }
    }

    fn unreadable(&mut self, run: u32, detail: String) {
        let trouble = Trouble::Unreadable(detail);
        if self.is_current(run) {
            self.current = None;
            self.pending = None;
            self.state.trouble = Some(trouble);
            self.set_status(Status::Failed);
        } else if self.is_pairing(run) {
            self.fail_pair();
        } else if self.is_grading(run) {
            self.fail_grading(trouble);
            self.touch();
        } else if run == self.state.run {
            // The report that was asked for is not there.
            self.exporting = false;
        }
    }

    pub(super) fn fail_grading(&mut self, trouble: Trouble) {
        self.grading = None;
        if let Some(task) = self.state.grade.task().map(Rc::from) {
            self.state.grade = Rc::new(GradeState::Failed { task, trouble });
        }
    }
}
