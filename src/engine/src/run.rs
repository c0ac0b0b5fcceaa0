//! One run, from compiling to the report.

use archplay_kernel::NS_PER_SEC;
use archplay_model::format::{write_design, write_scenario};
use archplay_model::scenario::{Asked, FaultAction, FaultTarget, HandAsk, Intervention};
use archplay_model::{Design, Id, Problem, Scenario, check};
use archplay_report::{Event, HandAnswer, Met, REPORT_SCHEMA, Report, SeriesTable, sha256_hex};

use crate::aggregate::Aggregate;
use crate::world::World;

/// How far a slice may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Simulated time not to pass, in nanoseconds since the start.
    pub until_ns: u64,
    /// Events not to exceed.
    pub max_events: u64,
}

/// How far a slice came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Simulated time reached, in nanoseconds since the start.
    pub now_ns: u64,
    /// Whether the end of the scenario is reached.
    pub done: bool,
    /// Events of this slice.
    pub events: u64,
}

/// A run under way. Dropping it at any time is fine; a clone goes on by itself from where it was taken.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) world: World,
    table: SeriesTable,
    warnings: Vec<Problem>,
    scenario: Id,
    design_sha256: String,
    scenario_sha256: String,
    /// Where the bucket under way ends.
    bucket_end: u64,
    /// Up to where it is simulated.
    stretch_end: u64,
    aggregate: Option<Aggregate>,
    interventions: Vec<Intervention>,
    /// How many of them have happened.
    intervened: usize,
    requests: Vec<Asked>,
    /// How many of them have been made.
    requested: usize,
}

impl Run {
    /// Compiles the plant.
    ///
    /// # Errors
    /// The checker's problems when the design cannot run under the scenario.
    #[cold]
    #[inline(never)]
    pub fn compile(design: &Design, scenario: &Scenario, seed: u64) -> Result<Self, Vec<Problem>> {
        let warnings = check::check(design, scenario);
        if check::has_errors(&warnings) {
            return Err(warnings);
        }
        let (plant, nodes) = crate::compile::compile(design, scenario, seed);
        let mut table = SeriesTable {
            start_secs: plant.start_secs,
            bucket_secs: plant.bucket_secs,
            ..SeriesTable::default()
        };
        let mut world = World::new(plant, nodes);
        table.keys = world.column_names();
        let mut run = Self {
            world,
            table,
            warnings,
            scenario: scenario.id.clone(),
            design_sha256: sha256_hex(&write_design(design)),
            scenario_sha256: sha256_hex(&write_scenario(scenario)),
            bucket_end: 0,
            stretch_end: 0,
            aggregate: Aggregate::new(design, scenario),
            interventions: Vec::new(),
            intervened: 0,
            requests: Vec::new(),
            requested: 0,
        };
        run.bucket_end = run.bucket_ns().min(run.end_ns());
        run.begin_bucket(0);
        Ok(run)
    }

    /// What the checker warns of.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Goes on until the budget is used up. How the run is cut into slices does not change it.
    pub fn advance(&mut self, budget: Budget) -> Progress {
        let mut events = 0;
        loop {
            let broken = self.interventions.get(self.intervened);
            let asked = self.requests.get(self.requested);
            let (broken, asked) = (
                broken.map_or(u64::MAX, |broken| broken.at_ns),
                asked.map_or(u64::MAX, |asked| asked.at_ns),
            );
            let by_hand = broken.min(asked);
            let calendar = self
                .world
                .core
                .calendar
                .first_key_value()
                .map_or(u64::MAX, |(k, _)| k.0);
            let limit = self
                .stretch_end
                .min(budget.until_ns)
                .min(by_hand)
                .min(calendar);
            let plant_limit = limit.saturating_sub(self.world.core.skipped_ns);
            let most = budget.max_events.saturating_sub(events);
            events += self.world.go_on(plant_limit, most);
            let now_ns = self.world.core.clock();
            let done = now_ns >= self.end_ns();
            if events >= budget.max_events || done || budget.until_ns < limit.max(1) {
                return Progress {
                    now_ns,
                    done,
                    events,
                };
            }
            if limit == calendar && calendar < self.stretch_end {
                events += self.world.calendar();
            } else if limit == by_hand && by_hand < self.stretch_end {
                // Before any other event of that moment, live as in a replay.
                if broken <= asked {
                    self.world.intervene(&self.interventions[self.intervened]);
                    self.intervened += 1;
                } else {
                    let place = self.requested as u32;
                    let asked = self.requests[self.requested];
                    self.world.ask_by_hand(place, &asked);
                    self.requested += 1;
                }
            } else if limit < self.stretch_end {
                return Progress {
                    now_ns,
                    done,
                    events,
                };
            } else {
                self.end_bucket();
            }
        }
    }

    /// Ends the bucket under way. In aggregate only its first part may have been simulated; the clock then goes
    /// on to its end.
    fn end_bucket(&mut self) {
        let (end, simulated) = (self.bucket_end, self.stretch_end);
        let begin = self.table.rows() as u64 * self.bucket_ns();
        let core = &mut self.world.core;
        core.now = simulated - core.skipped_ns;
        let now = core.now;
        self.world
            .end_bucket(now, simulated - begin, &mut self.table.values);
        if simulated < end {
            if let Some(aggregate) = &self.aggregate {
                aggregate.leave_out(&mut self.world);
            }
            self.world.core.skip_arrivals(simulated, end);
            self.world
                .core
                .feed_skip(simulated - begin, end - simulated);
            self.world.core.skipped_ns += end - simulated;
            self.world.core.stats.skip_to(self.world.core.skipped_ns);
        }
        self.bucket_end = (end + self.bucket_ns()).min(self.end_ns());
        self.begin_bucket(end);
        if end >= self.end_ns() {
            debug_assert_eq!(self.check_conservation(), Ok(()));
        }
    }

    /// Decides how much of the bucket that begins is simulated.
    fn begin_bucket(&mut self, begin: u64) {
        let weight = match &mut self.aggregate {
            Some(aggregate) if self.bucket_end > begin => aggregate.weight(&mut self.world),
            _ => 1,
        };
        let now = begin - self.world.core.skipped_ns;
        self.world.core.stats.begin_stretch(now, weight);
        self.stretch_end = begin + (self.bucket_end - begin) / weight;
    }

    /// The complete buckets so far.
    #[must_use]
    pub fn table(&self) -> &SeriesTable {
        &self.table
    }

    /// How many rows there will be.
    #[must_use]
    pub fn rows_total(&self) -> usize {
        self.end_ns().div_ceil(self.bucket_ns()) as usize
    }

    /// What has happened so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.world.core.log
    }

    /// Length of a bucket in nanoseconds.
    #[must_use]
    pub fn bucket_ns(&self) -> u64 {
        u64::from(self.world.core.plant.bucket_secs) * NS_PER_SEC
    }

    /// Length of the run in nanoseconds.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        self.world.core.plant.end_ns
    }

    /// A person breaks or mends something now. It is recorded with its moment: a replay of the recorded
    /// interventions gives the same bytes.
    pub fn intervene(&mut self, action: FaultAction, target: FaultTarget) {
        let at_ns = self.now_by_hand();
        self.interventions.push(Intervention {
            at_ns,
            action,
            target,
        });
    }

    /// A person asks something of the news feed now, as a user of its sample: a visitor's request in this run like
    /// any other. It is recorded with its moment, as interventions are. Tells its place in the list of all, which
    /// the answer has too ([`Run::take_answers`]).
    pub fn ask_by_hand(&mut self, user: u32, ask: HandAsk) -> u32 {
        let at_ns = self.now_by_hand();
        self.requests.push(Asked { at_ns, user, ask });
        self.requests.len() as u32 - 1
    }

    /// The moment of what a person does now. What was recorded for later in an earlier run is not what happens
    /// then.
    fn now_by_hand(&mut self) -> u64 {
        let at_ns = self.world.core.clock() + 1;
        let (broken, asked) = (&mut self.interventions, &mut self.requests);
        let soon = broken[self.intervened..].iter();
        let soon = soon.take_while(|broken| broken.at_ns <= at_ns).count();
        broken.truncate(self.intervened + soon);
        let soon = asked[self.requested..].iter();
        let soon = soon.take_while(|asked| asked.at_ns <= at_ns).count();
        asked.truncate(self.requested + soon);
        at_ns
    }

    /// The answers that have come to what was asked by hand since this was called last, in order of time.
    pub fn take_answers(&mut self) -> Vec<HandAnswer> {
        std::mem::take(&mut self.world.core.answers)
    }

    /// Who lives in the news feed: a user of the sample (one with as many friends as most, if none is named), that
    /// one's friends, and others to be. `None` without a feed or such a user.
    #[must_use]
    pub fn meet(&self, user: Option<u32>) -> Option<Met> {
        self.world.core.feed.as_ref()?.meet(user)
    }

    /// Keeps traces from now on: a sample of requests, the slowest of each operation, the first failures for
    /// each reason. It changes nothing else and costs about a tenth of the speed.
    pub fn keep_traces(&mut self) {
        self.world.core.tracer.watch_all();
    }

    /// What people have done so far, in order of time.
    #[must_use]
    pub fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// What people have asked by hand so far, in order of time.
    #[must_use]
    pub fn requests(&self) -> &[Asked] {
        &self.requests
    }

    /// Plans requests that were recorded in an earlier run. To be called before the first slice.
    pub fn replay_requests(&mut self, mut requests: Vec<Asked>) {
        requests.sort_by_key(|asked| asked.at_ns);
        self.requests = requests;
        self.requested = 0;
    }

    /// Plans interventions that were recorded in an earlier run. To be called before the first slice.
    pub fn replay(&mut self, mut interventions: Vec<Intervention>) {
        interventions.sort_by_key(|intervention| intervention.at_ns);
        self.interventions = interventions;
        self.intervened = 0;
    }

    /// Checks that nothing was lost: requests offered = good + failed + inside, visitors likewise, and
    /// Little's law at every component, exactly.
    ///
    /// # Errors
    /// A sentence, in English, for whoever maintains the engine.
    pub fn check_conservation(&mut self) -> Result<(), String> {
        self.world.check_conservation()
    }

    /// The report on what has been run.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn report(&mut self) -> Report {
        let cost = self.world.cost();
        let components = self.world.component_totals();
        Report {
            schema: REPORT_SCHEMA,
            engine: crate::ENGINE_VERSION,
            design_sha256: self.design_sha256.clone(),
            scenario: self.scenario.clone(),
            scenario_sha256: self.scenario_sha256.clone(),
            seed: self.world.core.plant.seed,
            ran_ns: self.world.core.clock(),
            aggregation: self
                .aggregate
                .as_ref()
                .map(|aggregate| aggregate.report.clone()),
            whole: self.world.totals(false),
            focus: self.world.totals(true),
            components,
            feed: self.world.feed_totals(),
            cost,
            causes: self.world.causes(),
            events: self.world.core.log.clone(),
            traces: self.world.core.tracer.traces(),
            interventions: self.interventions[..self.intervened].to_vec(),
            requests: self.requests[..self.requested].to_vec(),
            series: self.table.clone(),
        }
    }
}

/// Runs to the end.
///
/// # Errors
/// The checker's problems when the design cannot run under the scenario.
pub fn simulate(design: &Design, scenario: &Scenario, seed: u64) -> Result<Report, Vec<Problem>> {
    let mut run = Run::compile(design, scenario, seed)?;
    while !run
        .advance(Budget {
            until_ns: u64::MAX,
            max_events: 1 << 20,
        })
        .done
    {}
    Ok(run.report())
}
