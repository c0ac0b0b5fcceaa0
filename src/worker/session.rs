//! One page's session with the engine: what it asked for, slice by slice. Knows no browser.

use archplay_model::check::has_errors;
use archplay_model::format::read_design;
use archplay_model::scenario::{Asked, Intervention};
use archplay_model::{Design, Problem};
use archplay_protocol::{FromWorker, ToWorker, TraceBook, VERSION};
use archplay_report::sha256_hex;

use super::grading::Grading;
use super::live::{self, Live, Order};
use super::pairing::Pairing;
use super::summary::summary;

/// When the next slice is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// As soon as messages have been heard.
    Now,
    /// After so many milliseconds.
    In(u32),
    /// Not before the next message.
    Idle,
}

/// What the worker has to do.
#[derive(Default)]
pub struct Session {
    live: Option<Live>,
    grading: Option<Grading>,
    pairing: Option<Pairing>,
    /// The last finished run's number, report and fingerprint.
    finished: Option<(u32, String, String)>,
}

impl Session {
    /// Takes a message in.
    pub fn handle(&mut self, message: ToWorker, now_ms: f64, out: &mut Vec<FromWorker>) {
        match message {
            ToWorker::Hello { .. } => out.push(FromWorker::Hello { version: VERSION }),
            ToWorker::Ping(n) => out.push(FromWorker::Alive(n)),
            ToWorker::Run {
                run,
                design,
                scenario,
                seed,
                speed,
                traces,
            } => {
                let order = Order {
                    run,
                    design: &design,
                    scenario: &scenario,
                    seed,
                    speed,
                    traces,
                };
                self.begin(&order, (Vec::new(), Vec::new()), now_ms, out);
            }
            ToWorker::Replay {
                run,
                design,
                scenario,
                seed,
                speed,
                interventions,
                requests,
                traces,
            } => {
                let order = Order {
                    run,
                    design: &design,
                    scenario: &scenario,
                    seed,
                    speed,
                    traces,
                };
                self.begin(&order, (interventions, requests), now_ms, out);
            }
            ToWorker::Pair {
                run,
                design,
                scenario,
                seed,
                requests,
            } => {
                self.drop_all(out);
                self.pairing = Some(Pairing::new(run, design, scenario, seed, requests));
            }
            ToWorker::Intervene { action, target } => {
                if let Some(live) = &mut self.live {
                    live.intervene(action, target, now_ms, out);
                }
            }
            ToWorker::Grade {
                run,
                design,
                task,
                seed,
            } => {
                self.drop_all(out);
                match Grading::begin(run, &design, &task, seed) {
                    Ok(grading) => self.grading = Some(grading),
                    Err(refusal) => out.push(*refusal),
                }
            }
            ToWorker::Meet { user } => {
                if let Some(live) = &self.live {
                    live.meet(user, out);
                }
            }
            ToWorker::ByHand(request) => {
                if let Some(live) = &mut self.live {
                    live.ask_by_hand(request, now_ms, out);
                }
            }
            ToWorker::Stop => self.drop_all(out),
            ToWorker::Export { run } => match &self.finished {
                Some((finished, json, sha256)) if *finished == run => {
                    out.push(FromWorker::Report {
                        run,
                        json: json.clone(),
                        sha256: sha256.clone(),
                    });
                }
                _ => out.push(FromWorker::Unreadable {
                    run,
                    detail: "no such report".into(),
                }),
            },
            ToWorker::Pause => {
                if let Some(live) = &mut self.live {
                    live.pause(now_ms, out);
                }
            }
            ToWorker::Resume => {
                if let Some(live) = &mut self.live {
                    live.resume(now_ms);
                }
            }
            ToWorker::Step => {
                if let Some(live) = &mut self.live {
                    live.step();
                }
            }
            ToWorker::SetSpeed(speed) => {
                if let Some(live) = &mut self.live {
                    live.set_speed(speed, now_ms);
                }
            }
        }
    }

    /// Starts a run, and plans what is to be repeated in it.
    fn begin(
        &mut self,
        order: &Order<'_>,
        (interventions, requests): (Vec<Intervention>, Vec<Asked>),
        now_ms: f64,
        out: &mut Vec<FromWorker>,
    ) {
        self.drop_all(out);
        match live::begin(order, now_ms) {
            Ok((mut live, started)) => {
                out.push(started);
                if !interventions.is_empty() || !requests.is_empty() {
                    live.replay(interventions, requests, out);
                }
                self.live = Some(live);
            }
            Err(refusal) => out.push(*refusal),
        }
    }

    /// When the next slice is due.
    pub fn next(&self) -> Next {
        let moving = self.live.as_ref().is_some_and(|live| !live.rests());
        if moving || self.grading.is_some() || self.pairing.is_some() {
            Next::Now
        } else {
            Next::Idle
        }
    }

    /// Works for a slice.
    pub fn tick(&mut self, clock_ms: &dyn Fn() -> f64, out: &mut Vec<FromWorker>) -> Next {
        if let Some(grading) = &mut self.grading {
            if grading.tick(clock_ms, out) {
                self.grading = None;
            }
            return self.next();
        }
        if let Some(pairing) = &mut self.pairing {
            if pairing.tick(clock_ms, out) {
                self.pairing = None;
            }
            return self.next();
        }
        let Some(live) = &mut self.live else {
            return Next::Idle;
        };
        match live.tick(clock_ms, out) {
            Some(next) => next,
            None => {
                if let Some(mut live) = self.live.take() {
                    self.finish(&mut live, out);
                }
                Next::Idle
            }
        }
    }

    fn finish(&mut self, live: &mut Live, out: &mut Vec<FromWorker>) {
        let run = live.run();
        let mut report = live.report(out);
        // Beside the report, not in it: a run in the terminal keeps none and has the same bytes.
        let traces = std::mem::take(&mut report.traces);
        let json = report.to_json();
        let sha256 = sha256_hex(&json);
        if !traces.is_empty() {
            out.push(FromWorker::Traces {
                run,
                book: TraceBook::pack(&traces),
            });
        }
        out.push(FromWorker::Finished {
            run,
            summary: Box::new(summary(&report)),
            sha256: sha256.clone(),
        });
        self.finished = Some((run, json, sha256));
    }

    fn drop_all(&mut self, out: &mut Vec<FromWorker>) {
        let live = self.live.take().map(|live| live.run());
        let graded = self.grading.take().map(|grading| grading.run());
        let paired = self.pairing.take().map(|pairing| pairing.run());
        for run in live.into_iter().chain(graded).chain(paired) {
            out.push(FromWorker::Stopped { run });
        }
    }
}

/// Says that a document could not be read.
pub fn unreadable(run: u32, detail: String) -> Box<FromWorker> {
    Box::new(FromWorker::Unreadable { run, detail })
}

/// Reads a design; one with errors cannot run.
pub fn readable_design(run: u32, json: &str) -> Result<(Design, Vec<Problem>), Box<FromWorker>> {
    match read_design(json) {
        Ok((_, problems)) if has_errors(&problems) => {
            Err(Box::new(FromWorker::Refused { run, problems }))
        }
        Ok(read) => Ok(read),
        Err(error) => Err(unreadable(run, error.to_string())),
    }
}
