//! Gradings one after the other on a worker of their own, beside the page's run: for who grades many drawings.
//!
//! The same worker and messages as any grading. Must not live here: which drawing comes next, what becomes of verdicts.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_course::Verdict;
use archplay_model::Problem;
use archplay_protocol::{FromWorker, ToWorker, VERSION};
use gloo::timers::callback::Timeout;
use yew::Callback;

use super::client::{Client, Heard};

/// What is told of a grading.
#[derive(Clone, Debug)]
pub enum GradeTold {
    /// Share of it that is done, 0 to 1.
    Share(f64),
    /// The verdict.
    Done(Verdict),
    /// The drawing cannot be run.
    Refused(Vec<Problem>),
    /// It came to nothing, and the worker is of no use any more: its own words.
    Failed(String),
}

/// The worker; dropping it ends what it does.
pub struct Gradings(Rc<RefCell<Option<Client>>>);

impl Drop for Gradings {
    fn drop(&mut self) {
        let client = self.0.borrow_mut().take();
        // Not inside the worker's own listener, which may be what is running now.
        Timeout::new(0, move || drop(client)).forget();
    }
}

impl Gradings {
    /// Starts the worker. What is told carries the number of the grading that it is about.
    ///
    /// # Errors
    /// What the browser says when there is no worker.
    pub fn start(tell: Callback<(Option<u32>, GradeTold)>) -> Result<Self, String> {
        let client = Client::spawn(move |heard| {
            let told = match heard {
                Heard::Message(message) => hear(message),
                Heard::Crashed(detail) => Some((None, GradeTold::Failed(detail))),
            };
            if let Some(told) = told {
                tell.emit(told);
            }
        })?;
        client.send(ToWorker::Hello { version: VERSION });
        Ok(Self(Rc::new(RefCell::new(Some(client)))))
    }

    /// Begins a grading; one that goes on is dropped.
    pub fn grade(&self, run: u32, design: &str, task: &str, seed: u64) {
        if let Some(client) = &*self.0.borrow() {
            client.send(ToWorker::Grade {
                run,
                design: design.to_owned(),
                task: task.to_owned(),
                seed,
            });
        }
    }
}

/// What a message says, and of which grading.
fn hear(message: FromWorker) -> Option<(Option<u32>, GradeTold)> {
    Some(match message {
        FromWorker::Grading {
            run,
            part,
            parts,
            share,
        } => {
            let done = (f64::from(part) + f64::from(share)) / f64::from(parts.max(1));
            (Some(run), GradeTold::Share(done.min(1.0)))
        }
        FromWorker::Graded { run, verdict } => (Some(run), GradeTold::Done(verdict)),
        FromWorker::Refused { run, problems } => (Some(run), GradeTold::Refused(problems)),
        FromWorker::Unreadable { run, detail } => (Some(run), GradeTold::Failed(detail)),
        FromWorker::Hello { version } if version != VERSION => {
            (None, GradeTold::Failed(format!("version {version}")))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grading_goes_from_its_parts_to_the_verdict() {
        let half = FromWorker::Grading {
            run: 7,
            part: 1,
            parts: 4,
            share: 0.5,
        };
        assert!(matches!(hear(half), Some((Some(7), GradeTold::Share(share))) if share == 0.375));
        let graded = FromWorker::Graded {
            run: 7,
            verdict: Verdict::default(),
        };
        assert!(matches!(hear(graded), Some((Some(7), GradeTold::Done(_)))));
        let old = FromWorker::Hello {
            version: VERSION + 1,
        };
        assert!(matches!(hear(old), Some((None, GradeTold::Failed(_)))));
        assert!(hear(FromWorker::Hello { version: VERSION }).is_none());
    }
}
