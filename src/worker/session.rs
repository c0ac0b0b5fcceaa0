//! One page's session with the engine: what it asked for, slice by slice. Knows no browser.

use archplay_engine::{Budget, Run};
use archplay_model::check::has_errors;
use archplay_model::format::{read_design, read_scenario};
use archplay_model::limits::MAX_INTERVENTIONS;
use archplay_model::scenario::{FaultAction, FaultTarget, Intervention};
use archplay_model::{Design, Problem};
use archplay_protocol::{FromWorker, Speed, ToWorker, TraceBook, VERSION};
use archplay_report::sha256_hex;

use super::grading::Grading;
use super::pace::Pace;
use super::summary::summary;

/// Longest time between two looks at the messages, in milliseconds.
pub const SLICE_MS: f64 = 7.0;
/// Events between two looks at the clock.
pub const CHUNK_EVENTS: u64 = 1_000;
/// At most fifteen frames a second: each makes the page draw figures and charts anew.
const FRAME_MS: f64 = 66.0;
/// Without new rows only the clock moves, and that may do so less often.
const CLOCK_MS: f64 = 150.0;
/// Wait when simulated time is where it should be.
const WAIT_MS: u32 = 12;

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
    /// The last finished run's number, report and fingerprint.
    finished: Option<(u32, String, String)>,
}

struct Live {
    run: u32,
    engine: Run,
    pace: Pace,
    paused: bool,
    /// Where a single step ends.
    step_until: Option<u64>,
    now_ns: u64,
    sent_rows: usize,
    sent_events: usize,
    frame_ms: f64,
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
            } => {
                let order = (run, &*design, &*scenario, seed, speed);
                self.begin(order, Vec::new(), now_ms, out);
            }
            ToWorker::Replay {
                run,
                design,
                scenario,
                seed,
                speed,
                interventions,
            } => {
                let order = (run, &*design, &*scenario, seed, speed);
                self.begin(order, interventions, now_ms, out);
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
                    live.paused = true;
                    live.step_until = None;
                    live.frame(now_ms, out);
                }
            }
            ToWorker::Resume => {
                if let Some(live) = &mut self.live {
                    live.paused = false;
                    live.step_until = None;
                    live.pace.restart(now_ms, live.now_ns);
                }
            }
            ToWorker::Step => {
                if let Some(live) = &mut self.live {
                    let bucket = live.engine.bucket_ns().max(1);
                    live.paused = false;
                    live.step_until = Some((live.now_ns / bucket + 1) * bucket);
                }
            }
            ToWorker::SetSpeed(speed) => {
                if let Some(live) = &mut self.live {
                    live.pace.change(speed, now_ms, live.now_ns);
                }
            }
        }
    }

    /// Starts a run, and plans what is to be repeated in it.
    fn begin(
        &mut self,
        order: Order<'_>,
        interventions: Vec<Intervention>,
        now_ms: f64,
        out: &mut Vec<FromWorker>,
    ) {
        self.drop_all(out);
        match begin(order, now_ms) {
            Ok((mut live, started)) => {
                out.push(started);
                if !interventions.is_empty() {
                    live.engine.replay(interventions);
                    live.tell_interventions(out);
                }
                self.live = Some(live);
            }
            Err(refusal) => out.push(*refusal),
        }
    }

    /// When the next slice is due.
    pub fn next(&self) -> Next {
        let moving = self.live.as_ref().is_some_and(|live| !live.paused);
        if moving || self.grading.is_some() {
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
        let mut report = live.engine.report();
        // Beside the report, not in it: a run in the terminal keeps none and has the same bytes.
        let traces = std::mem::take(&mut report.traces);
        let json = report.to_json();
        let sha256 = sha256_hex(&json);
        if !report.interventions.is_empty() {
            live.tell_interventions(out);
        }
        out.push(FromWorker::Traces {
            run: live.run,
            book: TraceBook::pack(&traces),
        });
        out.push(FromWorker::Finished {
            run: live.run,
            summary: summary(&report),
            sha256: sha256.clone(),
        });
        self.finished = Some((live.run, json, sha256));
    }

    fn drop_all(&mut self, out: &mut Vec<FromWorker>) {
        let live = self.live.take().map(|live| live.run);
        let graded = self.grading.take().map(|grading| grading.run());
        for run in live.into_iter().chain(graded) {
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

/// Number, design, scenario, seed and speed of a run.
type Order<'a> = (u32, &'a str, &'a str, u64, Speed);

fn begin(
    (run, design, scenario, seed, speed): Order<'_>,
    now_ms: f64,
) -> Result<(Live, FromWorker), Box<FromWorker>> {
    let (design, mut warnings) = readable_design(run, design)?;
    let scenario = read_scenario(scenario).map_err(|error| unreadable(run, error.to_string()))?;
    let mut engine = Run::compile(&design, &scenario, seed)
        .map_err(|problems| Box::new(FromWorker::Refused { run, problems }))?;
    engine.keep_traces();
    warnings.extend_from_slice(engine.warnings());
    let table = engine.table();
    let started = FromWorker::Started {
        run,
        warnings,
        keys: table.keys.clone(),
        start_secs: table.start_secs,
        bucket_secs: table.bucket_secs,
        rows: u32::try_from(engine.rows_total()).unwrap_or(u32::MAX),
    };
    let live = Live {
        run,
        engine,
        pace: Pace::new(speed, now_ms, 0),
        paused: false,
        step_until: None,
        now_ns: 0,
        sent_rows: 0,
        sent_events: 0,
        frame_ms: now_ms,
    };
    Ok((live, started))
}

impl Live {
    /// Breaks or mends something now. It happens before anything else is heard, so that of two things done
    /// while time stands still neither is forgotten.
    fn intervene(
        &mut self,
        action: FaultAction,
        target: FaultTarget,
        now_ms: f64,
        out: &mut Vec<FromWorker>,
    ) {
        if self.engine.interventions().len() >= MAX_INTERVENTIONS {
            return;
        }
        self.engine.intervene(action, target);
        let at_ns = self
            .engine
            .interventions()
            .last()
            .map_or(0, |done| done.at_ns);
        self.now_ns = self.now_ns.max(
            self.engine
                .advance(Budget {
                    until_ns: at_ns,
                    max_events: u64::MAX,
                })
                .now_ns,
        );
        self.tell_interventions(out);
        self.frame(now_ms, out);
    }

    fn tell_interventions(&self, out: &mut Vec<FromWorker>) {
        out.push(FromWorker::Intervened {
            run: self.run,
            interventions: self.engine.interventions().to_vec(),
        });
    }

    /// Works for a slice; `None` at the end of the run.
    fn tick(&mut self, clock_ms: &dyn Fn() -> f64, out: &mut Vec<FromWorker>) -> Option<Next> {
        if self.paused {
            return Some(Next::Idle);
        }
        let begun = clock_ms();
        let mut now = begun;
        let caught_up = loop {
            let due_ns = match self.step_until {
                Some(until) => until,
                None => self.pace.due_ns(now),
            };
            if self.now_ns >= due_ns {
                break true;
            }
            let progress = self.engine.advance(Budget {
                until_ns: due_ns,
                max_events: CHUNK_EVENTS,
            });
            self.now_ns = progress.now_ns;
            now = clock_ms();
            if progress.done {
                self.frame(now, out);
                return None;
            }
            if now - begun >= SLICE_MS {
                break self.now_ns >= due_ns;
            }
        };
        if caught_up && self.step_until.take().is_some() {
            self.paused = true;
            self.frame(now, out);
            return Some(Next::Idle);
        }
        if self.step_until.is_none() {
            self.pace.forgive(now, self.now_ns);
        }
        let since = now - self.frame_ms;
        let news = self.engine.table().rows() > self.sent_rows
            || self.engine.events().len() > self.sent_events;
        if since >= CLOCK_MS || (news && since >= FRAME_MS) {
            self.frame(now, out);
        }
        Some(if caught_up {
            Next::In(WAIT_MS)
        } else {
            Next::Now
        })
    }

    /// Sends what is new.
    fn frame(&mut self, now_ms: f64, out: &mut Vec<FromWorker>) {
        let table = self.engine.table();
        let rows = table.rows();
        let from = self.sent_rows.min(rows) * table.keys.len();
        let events = self.engine.events();
        out.push(FromWorker::Frames {
            run: self.run,
            first_row: u32::try_from(self.sent_rows).unwrap_or(u32::MAX),
            values: table.values[from..rows * table.keys.len()]
                .iter()
                .map(|value| *value as f32)
                .collect(),
            events: events[self.sent_events.min(events.len())..].to_vec(),
            now_ns: self.now_ns,
            paused: self.paused,
        });
        self.sent_rows = rows;
        self.sent_events = events.len();
        self.frame_ms = now_ms;
    }
}
