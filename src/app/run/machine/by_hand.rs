//! What was done by hand, as the page keeps it: the list, the traces beside it, the run's own file.

use std::rc::Rc;

use archplay_model::format::{RUN_SCHEMA, RunDoc, write_run};

use super::super::hand::{Hand, Texts};
use super::super::input::Effect;
use super::super::state::{LossState, Status};
use super::Machine;

impl Machine {
    /// The finished run's file, made of what the page knows.
    fn run_doc(&self) -> Option<RunDoc> {
        let state = &self.state;
        if state.status != Status::Finished {
            return None;
        }
        let summary = state.summary.as_ref()?;
        Some(RunDoc {
            schema: RUN_SCHEMA.into(),
            scenario: state.scenario.as_ref()?.id.clone(),
            seed: state.seed,
            design_sha256: summary.design_sha256.clone(),
            scenario_sha256: summary.scenario_sha256.clone(),
            report_sha256: state.sha256.as_ref()?.to_string(),
            interventions: (*state.interventions).clone(),
            requests: (*state.requests).clone(),
            texts: (state.hand.texts(&state.requests).iter())
                .map(|(place, text)| (*place, text.to_string()))
                .collect(),
        })
    }

    pub(super) fn export_run(&self, out: &mut Vec<Effect>) {
        if let Some(doc) = self.run_doc() {
            let name = format!("archplay-run-{}-{}.json", doc.scenario, doc.seed);
            let json = write_run(&doc);
            out.push(Effect::Save { name, json });
        }
    }

    /// A run begins: nothing was done in it yet.
    pub(super) fn begin_by_hand(&mut self, replay: Option<Rc<RunDoc>>, texts: Texts) {
        self.state.replay = replay;
        self.state.interventions = Rc::default();
        self.state.requests = Rc::default();
        self.state.hand = Rc::new(Hand::planned(texts));
        self.state.traces = Rc::default();
        self.state.losses = LossState::None;
    }
}
