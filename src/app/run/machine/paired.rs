//! The pair of a finished run: the same without faults, for what the faults have cost. It goes on behind
//! everything else and gives way to whatever a person wants.

use archplay_model::format::{write_design, write_scenario};
use archplay_protocol::ToWorker;
use archplay_report::{Losses, Standing};

use super::super::input::Effect;
use super::super::state::{LossState, Status};
use super::Machine;

impl Machine {
    /// The run has ended: if anything was broken in it, its pair follows by itself.
    pub(super) fn ended(&mut self, out: &mut Vec<Effect>) {
        let state = &self.state;
        let faults = state.scenario.as_ref().map_or(0, |s| s.faults.len());
        if faults + state.interventions.len() > 0 {
            self.state.losses = LossState::Offered;
            self.pair(out);
        }
    }

    pub(super) fn pair(&mut self, out: &mut Vec<Effect>) {
        let state = &self.state;
        let wanted = matches!(state.losses, LossState::Offered | LossState::Failed);
        if !wanted || state.status != Status::Finished || self.grading.is_some() {
            return;
        }
        let (Some(design), Some(scenario)) = (&state.design, &state.scenario) else {
            return;
        };
        let (design, scenario, seed) = (write_design(design), write_scenario(scenario), state.seed);
        let requests = (*state.requests).clone();
        self.ready_worker(out);
        self.last_run += 1;
        let run = self.last_run;
        out.push(Effect::Send(ToWorker::Pair {
            run,
            design,
            scenario,
            seed,
            requests,
        }));
        self.pairing = Some(run);
        self.state.losses = LossState::Running(0.0);
        self.touch();
    }

    pub(super) fn stop_pair(&mut self, out: &mut Vec<Effect>) {
        if let Some(run) = self.pairing.take() {
            self.state.losses = LossState::Offered;
            self.ask_stop(run, out);
            self.touch();
        }
    }

    /// Something else is wanted of the worker. It hears that between two slices; while it still reads and
    /// compiles it would not, and another takes its place.
    pub(super) fn leave_pair(&mut self, out: &mut Vec<Effect>) {
        if self.pairing.take().is_some() {
            if self.state.losses == LossState::Running(0.0) {
                self.drop_worker(out);
            }
            self.state.losses = LossState::Offered;
        }
    }

    pub(super) fn pairing(&mut self, share: f32) {
        // Never nothing: something was heard.
        self.state.losses = LossState::Running(share.clamp(f32::MIN_POSITIVE, 1.0));
        self.touch();
    }

    pub(super) fn paired(&mut self, calm: Standing) {
        self.pairing = None;
        self.state.losses = match &self.state.summary {
            Some(summary) => LossState::Done(Losses {
                disturbed: summary.standing,
                calm,
            }),
            None => LossState::None,
        };
        self.touch();
    }

    pub(super) fn fail_pair(&mut self) {
        if self.pairing.take().is_some() {
            self.state.losses = LossState::Failed;
            self.touch();
        }
    }

    pub(super) fn is_pairing(&self, run: u32) -> bool {
        self.pairing == Some(run)
    }
}
