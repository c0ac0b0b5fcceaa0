//! Running a case again, here and now, on a worker of its own.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_report::check::{Check, CheckRow, Figures};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::data::with_documents;
use crate::app::run::{Documents, OneRun, Told};

/// One run that is over.
#[derive(Clone, Debug)]
pub struct Again {
    /// What rows are read off; nothing if the report could not be read.
    pub figures: Option<Figures>,
    /// The report's fingerprint.
    pub sha256: String,
}

impl PartialEq for Again {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Live {
    /// Nobody has asked.
    #[default]
    Idle,
    /// This share of all runs is done.
    Running(f64),
    /// All runs of the case are over.
    Done(Vec<Again>),
    /// It came to nothing.
    Failed(String),
}

impl Live {
    /// The value of a row here and now, if it can be read off a report.
    pub fn value(&self, row: &CheckRow) -> Option<f64> {
        let Self::Done(runs) = self else { return None };
        let figures = runs.get(row.run?)?.figures.as_ref()?;
        row.read.as_ref()?.of(figures)
    }
}

/// What a case can do.
pub struct Rerun {
    /// How it stands.
    pub live: Rc<Live>,
    /// Begins.
    pub start: Callback<()>,
    /// Ends it without a result.
    pub stop: Callback<()>,
}

/// Runs the case again when asked.
#[hook]
pub fn use_rerun(check: &Rc<Check>) -> Rerun {
    let live = use_state(|| Rc::new(Live::Idle));
    let job = use_memo((), {
        let live = live.setter();
        move |()| Job {
            now: RefCell::default(),
            turn: RefCell::default(),
            tell: Callback::from(move |next| live.set(Rc::new(next))),
        }
    });
    // The worker ends with the case.
    use_effect_with((), {
        let job = job.clone();
        move |()| move || job.stop(None)
    });
    let start = {
        let (job, check) = (job.clone(), check.clone());
        Callback::from(move |()| job.clone().start(check.clone()))
    };
    let stop = Callback::from(move |()| job.stop(Some(Live::Idle)));
    Rerun {
        live: (*live).clone(),
        start,
        stop,
    }
}

/// The worker's side.
struct Job {
    now: RefCell<Option<OneRun>>,
    /// Rises with every start and stop: an answer to an earlier one is not heard.
    turn: RefCell<u32>,
    tell: Callback<Live>,
}

impl Job {
    fn stop(&self, tell: Option<Live>) {
        *self.turn.borrow_mut() += 1;
        let running = self.now.borrow_mut().take();
        drop(running);
        if let Some(tell) = tell {
            self.tell.emit(tell);
        }
    }

    fn start(self: Rc<Self>, check: Rc<Check>) {
        self.stop(Some(Live::Running(0.0)));
        let turn = *self.turn.borrow();
        spawn_local(async move {
            let fetched = with_documents(&check).await;
            if turn != *self.turn.borrow() {
                return;
            }
            match fetched {
                Ok(whole) => self.next(Rc::new(whole), Vec::new()),
                Err(error) => self.stop(Some(Live::Failed(error.slug().to_owned()))),
            }
        });
    }

    /// Begins the run after those that are done.
    fn next(self: Rc<Self>, check: Rc<Check>, done: Vec<Again>) {
        let Some(documents) = check.runs.get(done.len()).map(|run| {
            let text = |value: &Option<serde_json::Value>| {
                value.as_ref().map(ToString::to_string).unwrap_or_default()
            };
            Documents {
                design: text(&run.design),
                scenario: text(&run.scenario),
                seed: run.seed,
            }
        }) else {
            self.stop(Some(Live::Done(done)));
            return;
        };
        let (all, before) = (check.runs.len() as f64, done.len() as f64);
        let turn = *self.turn.borrow();
        let me = Rc::downgrade(&self);
        let tell = Callback::from(move |told: Told| {
            let Some(me) = me.upgrade().filter(|me| *me.turn.borrow() == turn) else {
                return;
            };
            match told {
                Told::Share(share) => me.tell.emit(Live::Running((before + share) / all)),
                Told::Failed(detail) => me.stop(Some(Live::Failed(detail))),
                Told::Done(json, sha256) => {
                    let mut done = done.clone();
                    let figures = Figures::from_json(&json);
                    done.push(Again { figures, sha256 });
                    me.next(check.clone(), done);
                }
            }
        });
        match OneRun::start(documents, tell) {
            Ok(run) => {
                let before = self.now.borrow_mut().replace(run);
                drop(before);
            }
            Err(detail) => self.stop(Some(Live::Failed(detail))),
        }
    }
}
