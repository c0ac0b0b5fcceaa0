//! One run on a worker of its own, beside the page's run: for who wants a report and nothing else.
//!
//! The same worker and messages as any run. Must not live here: what becomes of the report.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_protocol::{FromWorker, Speed, ToWorker, VERSION};
use gloo::timers::callback::Timeout;
use yew::Callback;

use super::client::{Client, Heard};

/// The only run of its worker.
const RUN: u32 = 1;

/// What is run.
#[derive(Clone, Debug)]
pub struct Documents {
    /// Design JSON.
    pub design: String,
    /// Scenario JSON.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
}

/// What is told of it.
#[derive(Clone, Debug)]
pub enum Told {
    /// Share of the run that is done, 0 to 1.
    Share(f64),
    /// The report file and its SHA-256.
    Done(String, String),
    /// It came to nothing: the worker's own words.
    Failed(String),
}

/// The run; dropping it ends it.
pub struct OneRun(Rc<RefCell<Option<Client>>>);

impl Drop for OneRun {
    fn drop(&mut self) {
        let client = self.0.borrow_mut().take();
        // Not inside the worker's own listener, which may be what is running now.
        Timeout::new(0, move || drop(client)).forget();
    }
}

impl OneRun {
    /// Starts it.
    ///
    /// # Errors
    /// What the browser says when there is no worker.
    pub fn start(documents: Documents, tell: Callback<Told>) -> Result<Self, String> {
        let slot = Rc::new(RefCell::new(None::<Client>));
        let heard = {
            let slot = Rc::downgrade(&slot);
            let rows = RefCell::new(1_u32);
            move |heard: Heard| {
                let told = match heard {
                    Heard::Message(message) => hear(message, &mut rows.borrow_mut()),
                    Heard::Crashed(detail) => Some(Heed::Tell(Told::Failed(detail))),
                };
                match told {
                    Some(Heed::Tell(told)) => tell.emit(told),
                    Some(Heed::Export) => {
                        if let Some(slot) = slot.upgrade()
                            && let Some(client) = &*slot.borrow()
                        {
                            client.send(ToWorker::Export { run: RUN });
                        }
                    }
                    None => {}
                }
            }
        };
        let client = Client::spawn(heard)?;
        client.send(ToWorker::Hello { version: VERSION });
        client.send(ToWorker::Run {
            run: RUN,
            design: documents.design,
            scenario: documents.scenario,
            seed: documents.seed,
            speed: Speed::Full,
            traces: false,
        });
        *slot.borrow_mut() = Some(client);
        Ok(Self(slot))
    }
}

/// What a message leads to.
#[derive(Debug)]
enum Heed {
    Tell(Told),
    Export,
}

/// What follows from a message; `rows` are those the run will have.
fn hear(message: FromWorker, rows: &mut u32) -> Option<Heed> {
    let failed = |detail: String| Some(Heed::Tell(Told::Failed(detail)));
    match message {
        FromWorker::Started { rows: all, .. } => {
            *rows = all.max(1);
            None
        }
        FromWorker::Frames { first_row, .. } => {
            let share = f64::from(first_row) / f64::from(*rows);
            Some(Heed::Tell(Told::Share(share.min(1.0))))
        }
        FromWorker::Finished { .. } => Some(Heed::Export),
        FromWorker::Report { json, sha256, .. } => Some(Heed::Tell(Told::Done(json, sha256))),
        FromWorker::Hello { version } if version != VERSION => failed(format!("version {version}")),
        FromWorker::Refused { problems, .. } => {
            let first = problems.first().map(|problem| problem.code.to_string());
            failed(first.unwrap_or_default())
        }
        FromWorker::Unreadable { detail, .. } => failed(detail),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_from_rows_to_its_report() {
        let mut rows = 1;
        let mut heed = |message| hear(message, &mut rows);
        let started = FromWorker::Started {
            run: 1,
            warnings: Vec::new(),
            keys: Vec::new(),
            start_secs: 0,
            bucket_secs: 1,
            rows: 8,
        };
        assert!(heed(started).is_none());
        let frame = FromWorker::Frames {
            run: 1,
            first_row: 2,
            values: Vec::new(),
            events: Vec::new(),
            now_ns: 0,
            paused: false,
        };
        assert!(matches!(heed(frame), Some(Heed::Tell(Told::Share(share))) if share == 0.25));
        let finished = FromWorker::Finished {
            run: 1,
            summary: Default::default(),
            sha256: "ab".into(),
        };
        assert!(matches!(heed(finished), Some(Heed::Export)));
        let report = FromWorker::Report {
            run: 1,
            json: "{}".into(),
            sha256: "ab".into(),
        };
        assert!(matches!(heed(report), Some(Heed::Tell(Told::Done(_, sha))) if sha == "ab"));
        let old = FromWorker::Hello {
            version: VERSION + 1,
        };
        assert!(matches!(heed(old), Some(Heed::Tell(Told::Failed(_)))));
        assert!(heed(FromWorker::Hello { version: VERSION }).is_none());
    }
}
