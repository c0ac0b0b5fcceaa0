//! A run that the page watches: slices in step with wall time, frames of what is new.

use archplay_engine::{Budget, Run};
use archplay_model::format::read_scenario;
use archplay_model::limits::MAX_INTERVENTIONS;
use archplay_model::scenario::{Asked, FaultAction, FaultTarget, Intervention};
use archplay_protocol::{FromWorker, HandRequest, Speed};
use archplay_report::Report;

use super::by_hand::Open;
use super::pace::Pace;
use super::session::{Next, readable_design, unreadable};
use super::slice::{Chunk, SLICE_MS};

/// At most fifteen frames a second: each makes the page draw figures and charts anew.
const FRAME_MS: f64 = 66.0;
/// Without new rows only the clock moves, and that may do so less often. So may everything at full speed, where
/// minutes go by between two frames: what draws takes processors and caches from what is waited for.
const CLOCK_MS: f64 = 150.0;
/// Wait when simulated time is where it should be.
const WAIT_MS: u32 = 12;
/// Events between two looks at the clock while time stands still and goes on for an answer, one by one.
const SINGLE_EVENTS: u32 = 200;

/// The run.
pub struct Live {
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
    chunk: Chunk,
    /// What people have asked by hand and is not answered yet.
    open: Open,
}

/// A run as the page asks for it.
pub struct Order<'a> {
    /// The number that every answer carries.
    pub run: u32,
    /// Design JSON.
    pub design: &'a str,
    /// Scenario JSON.
    pub scenario: &'a str,
    /// The seed.
    pub seed: u64,
    /// How fast.
    pub speed: Speed,
    /// Whether traces are kept.
    pub traces: bool,
}

/// Reads and compiles; what the page is told of it comes with the run.
pub fn begin(order: &Order<'_>, now_ms: f64) -> Result<(Live, FromWorker), Box<FromWorker>> {
    let run = order.run;
    let (design, mut warnings) = readable_design(run, order.design)?;
    let scenario =
        read_scenario(order.scenario).map_err(|error| unreadable(run, error.to_string()))?;
    let mut engine = Run::compile(&design, &scenario, order.seed)
        .map_err(|problems| Box::new(FromWorker::Refused { run, problems }))?;
    if order.traces {
        engine.keep_traces();
    }
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
        pace: Pace::new(order.speed, now_ms, 0),
        paused: false,
        step_until: None,
        now_ns: 0,
        sent_rows: 0,
        sent_events: 0,
        frame_ms: now_ms,
        chunk: Chunk::default(),
        open: Open::default(),
    };
    Ok((live, started))
}

impl Live {
    /// The number that every answer carries.
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// Whether time stands still, and nothing is left to be done.
    pub fn rests(&self) -> bool {
        self.paused && self.open.waits_until().is_none()
    }

    /// Plans what is to be repeated.
    pub fn replay(
        &mut self,
        interventions: Vec<Intervention>,
        requests: Vec<Asked>,
        out: &mut Vec<FromWorker>,
    ) {
        self.engine.replay(interventions);
        self.engine.replay_requests(requests);
        self.open.plan(&self.engine);
        self.tell_interventions(out);
    }

    /// Stops time.
    pub fn pause(&mut self, now_ms: f64, out: &mut Vec<FromWorker>) {
        self.paused = true;
        self.step_until = None;
        self.frame(now_ms, out);
    }

    /// Goes on.
    pub fn resume(&mut self, now_ms: f64) {
        self.paused = false;
        self.step_until = None;
        self.open.wait_no_more();
        self.pace.restart(now_ms, self.now_ns);
    }

    /// Goes on for one bucket.
    pub fn step(&mut self) {
        let bucket = self.engine.bucket_ns().max(1);
        self.paused = false;
        self.open.wait_no_more();
        self.step_until = Some((self.now_ns / bucket + 1) * bucket);
    }

    /// Goes on with another speed.
    pub fn set_speed(&mut self, speed: Speed, now_ms: f64) {
        self.pace.change(speed, now_ms, self.now_ns);
    }

    /// The end is reached: what came of it.
    pub fn report(&mut self, out: &mut Vec<FromWorker>) -> Report {
        let report = self.engine.report();
        self.open.end(self.run, &self.engine, out);
        if !report.interventions.is_empty() || !report.requests.is_empty() {
            self.tell_interventions(out);
        }
        report
    }

    /// Breaks or mends something now. It happens before anything else is heard, so that of two things done
    /// while time stands still neither is forgotten.
    pub fn intervene(
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
        self.open.keep_only(self.engine.requests().len() as u32);
        self.happens(at_ns, now_ms, out);
    }

    /// Asks something of the news feed now. Time that stands still goes on until the answer is there.
    pub fn ask_by_hand(&mut self, request: HandRequest, now_ms: f64, out: &mut Vec<FromWorker>) {
        let (run, engine) = (self.run, &mut self.engine);
        let Some(place) = self.open.ask(run, request, engine, out) else {
            return;
        };
        if self.paused {
            self.open.wait_for(place, self.now_ns);
        }
        let at_ns = self.engine.requests().last().map_or(0, |last| last.at_ns);
        self.happens(at_ns, now_ms, out);
    }

    /// Tells who lives in the feed, if there is one.
    pub fn meet(&self, user: Option<u32>, out: &mut Vec<FromWorker>) {
        if let Some(met) = self.engine.meet(user) {
            out.push(FromWorker::Met {
                run: self.run,
                me: met.me,
                friends: met.friends,
                others: met.others,
            });
        }
    }

    /// What a person has done happens at its moment, and is told.
    fn happens(&mut self, at_ns: u64, now_ms: f64, out: &mut Vec<FromWorker>) {
        let progress = self.engine.advance(Budget {
            until_ns: at_ns,
            max_events: u64::MAX,
        });
        self.now_ns = self.now_ns.max(progress.now_ns);
        self.tell_interventions(out);
        self.open.tell(self.run, &mut self.engine, out);
        self.frame(now_ms, out);
    }

    /// Goes on just as far as answers are waited for.
    fn tick_for_answers(
        &mut self,
        until_ns: u64,
        clock_ms: &dyn Fn() -> f64,
        out: &mut Vec<FromWorker>,
    ) -> Option<Next> {
        let begun = clock_ms();
        loop {
            for _ in 0..SINGLE_EVENTS {
                let progress = self.engine.advance(Budget {
                    until_ns,
                    max_events: 1,
                });
                self.now_ns = self.now_ns.max(progress.now_ns);
                self.open.tell(self.run, &mut self.engine, out);
                if progress.done {
                    self.frame(clock_ms(), out);
                    return None;
                }
                if progress.events == 0 {
                    self.open.wait_no_more();
                }
                if self.open.waits_until().is_none() {
                    self.frame(clock_ms(), out);
                    return Some(Next::Idle);
                }
            }
            let now = clock_ms();
            if now - begun >= SLICE_MS {
                if now - self.frame_ms >= CLOCK_MS {
                    self.frame(now, out);
                }
                return Some(Next::Now);
            }
        }
    }

    fn tell_interventions(&self, out: &mut Vec<FromWorker>) {
        out.push(FromWorker::Intervened {
            run: self.run,
            interventions: self.engine.interventions().to_vec(),
            requests: self.engine.requests().to_vec(),
        });
    }

    /// Works for a slice; `None` at the end of the run.
    pub fn tick(&mut self, clock_ms: &dyn Fn() -> f64, out: &mut Vec<FromWorker>) -> Option<Next> {
        if self.paused {
            return match self.open.waits_until() {
                Some(until_ns) => self.tick_for_answers(until_ns, clock_ms, out),
                None => Some(Next::Idle),
            };
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
                max_events: self.chunk.events(),
            });
            self.now_ns = progress.now_ns;
            self.open.tell(self.run, &mut self.engine, out);
            let before = now;
            now = clock_ms();
            self.chunk.learn(progress.events, now - before);
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
        if since >= CLOCK_MS || (news && since >= FRAME_MS && !self.pace.is_full()) {
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
