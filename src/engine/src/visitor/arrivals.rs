//! Visitors come: when, how many at once, and how they begin.

use archplay_kernel::{BatchSize, Handle, exp_of, mix, ns_from_secs, text_key};
use archplay_model::scenario::{Arrivals, Batch, State};

use super::{Audience, Visitor};
use crate::core::{Call, Core, Event, Session, Waiter};
use crate::plant::{AskId, AudiencePlan, JourneyStepPlan, NOBODY, NodeId, Plant, Way};

/// The arrival process of an audience.
#[derive(Clone, Debug)]
pub(super) struct Process {
    area: f64,
    /// The piece of the curve that the last arrival came from.
    piece: usize,
    /// Arrivals so far, batches counted once.
    count: u64,
    visitors: u64,
    /// For the visitors' own numbers.
    salt: u64,
    /// Gaps to the next arrivals, in means. Drawn some at a time, before they are needed: what comes next is then
    /// known at once and does not wait for a logarithm.
    gaps: [f64; AHEAD as usize],
}

/// As many gaps are drawn at a time.
const AHEAD: u64 = 8;

impl Process {
    pub(super) fn new(seed: u64, audience: &AudiencePlan) -> Self {
        Self {
            area: 0.0,
            piece: 0,
            count: 0,
            visitors: 0,
            salt: mix(seed, text_key(audience.id.as_str())),
            gaps: [0.0; AHEAD as usize],
        }
    }

    /// The gap before the next arrival, in means.
    #[inline]
    fn gap(&mut self, plan: &AudiencePlan) -> f64 {
        let at = self.count % AHEAD;
        if at == 0 {
            self.draw_gaps(plan);
        }
        self.gaps[at as usize]
    }

    /// The second of the scenario at which the next visitors come; infinite when no more do.
    #[inline(always)]
    fn next_secs(&mut self, plan: &AudiencePlan) -> f64 {
        if self.visitors >= plan.limit {
            return f64::INFINITY;
        }
        self.area += self.gap(plan);
        plan.curve.next_time_of_area(&mut self.piece, self.area)
    }

    #[inline(never)]
    fn draw_gaps(&mut self, plan: &AudiencePlan) {
        let salt = self.salt;
        let keys = (self.count..).map(|count| mix(salt, !count));
        let gaps = self.gaps.iter_mut().zip(keys);
        match plan.arrivals {
            Arrivals::Poisson => gaps.for_each(|(gap, key)| *gap = exp_of(key, 1.0)),
            Arrivals::Even => gaps.for_each(|(gap, _)| *gap = 1.0),
            Arrivals::Gaps(_) => gaps.for_each(|(gap, key)| *gap = plan.gaps.sample_key(key)),
        }
    }
}

/// How the visitors of an audience begin when nothing about it has to be chosen: one client, a first step that
/// everyone takes at once, one way to go. Whoever comes like that is sent on without looking all of it up again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    client: NodeId,
    operation: u32,
    ask: AskId,
    way: Way,
    session: Session,
    logs_in: bool,
    /// One request is all that they come for.
    asks_once: bool,
}

impl Start {
    #[cold]
    #[inline(never)]
    pub(super) fn of(plant: &Plant, audience: &AudiencePlan) -> Option<Self> {
        let step = audience.steps.first()?;
        let operation = &plant.operations[step.operation as usize];
        let chosen = step.probability < 1.0 || !step.alternatives.is_empty() || step.think_ns > 0.0;
        if chosen || audience.admin || operation.admin || operation.media {
            return None;
        }
        let [client] = audience.clients[..] else {
            return None;
        };
        let ask = operation.legs.first()?.ask;
        let [way] = *plant.ways(plant.route(client, ask)) else {
            return None;
        };
        Some(Self {
            client,
            operation: step.operation,
            ask,
            way,
            session: session_of(step, false),
            logs_in: step.gives == Some(State::Session),
            asks_once: audience.steps.len() == 1 && operation.legs.len() == 1,
        })
    }
}

/// What a step has to do with the visitor's session.
pub(super) fn session_of(step: &JourneyStepPlan, by_hand: bool) -> Session {
    match (step.gives, step.needs) {
        // Who asks by hand has logged in at some time, and does so again where the session is gone.
        (_, Some(State::Session)) if by_hand => Session::Gives,
        (_, Some(State::Session)) => Session::Needs,
        (Some(State::Session), _) => Session::Gives,
        _ => Session::None,
    }
}

impl Core {
    /// Draws when the next visitors of an audience come.
    pub(crate) fn schedule_arrival(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let process = &mut self.people.audiences[audience as usize].process;
        let secs = process.next_secs(plan);
        self.schedule_arrival_at(audience, secs);
    }

    /// Visitors of an audience come at this second of the scenario, if it is before its end.
    #[inline(always)]
    fn schedule_arrival_at(&mut self, audience: u32, secs: f64) {
        let at = ns_from_secs(secs);
        if at < self.plant.end_ns && !secs.is_nan() {
            let at = at.saturating_sub(self.skipped_ns).max(self.now);
            self.queue.schedule(at, Event::Arrival(audience));
        }
    }

    /// A stretch of the scenario's clock was left out: the curves go on after it. The next arrivals, already
    /// drawn, stay as far away as they were.
    pub(crate) fn skip_arrivals(&mut self, from_ns: u64, to_ns: u64) {
        let plant = std::rc::Rc::clone(&self.plant);
        for (plan, audience) in plant.audiences.iter().zip(&mut self.people.audiences) {
            let (from, to) = (from_ns as f64 / 1e9, to_ns as f64 / 1e9);
            audience.process.area += plan.curve.area(to) - plan.curve.area(from);
        }
    }

    /// Visitors come: one, or a batch.
    pub(crate) fn arrive(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let Audience { process, start, .. } = &mut self.people.audiences[audience as usize];
        let key = mix(process.salt, process.count);
        process.count += 1;
        if let Some(batch) = plan.batch {
            self.arrive_together(audience, key, batch);
            return self.schedule_arrival(audience);
        }
        debug_assert!(process.visitors < plan.limit, "else none was drawn");
        process.visitors += 1;
        // The next one does not depend on what becomes of this one.
        let next_secs = process.next_secs(plan);
        match *start {
            Some(start) => self.welcome_at_once(audience, key, &start),
            None => self.welcome_any(audience, key),
        }
        self.schedule_arrival_at(audience, next_secs);
    }

    /// A batch of visitors comes.
    #[inline(never)]
    fn arrive_together(&mut self, audience: u32, key: u64, batch: Batch) {
        let limit = self.plant.audiences[audience as usize].limit;
        let size = if batch.geometric {
            BatchSize::new(batch.mean).sample_key(mix(key, 7))
        } else {
            (batch.mean + 0.5) as u64
        };
        for i in 0..size {
            let process = &mut self.people.audiences[audience as usize].process;
            if process.visitors >= limit {
                break;
            }
            process.visitors += 1;
            self.welcome_any(audience, if i == 0 { key } else { mix(key, 100 + i) });
        }
    }

    /// A visitor comes, whatever has to be chosen for one.
    #[inline(never)]
    fn welcome_any(&mut self, audience: u32, key: u64) {
        let plan = &self.plant.audiences[audience as usize];
        let client = plan.client(key);
        let key = self.feed_key(audience, key);
        let handle = self.people.visitors.insert(Visitor {
            audience,
            client,
            key,
            born_ns: self.now,
            step: 0,
            operation: 0,
            attempt: 0,
            tries: 0,
            leg: 0,
            address: 0,
            waiting: false,
            began_ns: 0,
            own_write: 0,
            call: Handle::NONE,
            pieces: Handle::NONE,
            patient_since_ns: 0,
            watcher: NOBODY,
            by_hand: 0,
            asks_once: false,
        });
        self.stats.visitor_arrived(self.now, audience);
        self.next_step(handle, 0);
    }

    /// The same as `welcome_any`, the first step and its first attempt in one go, with all that is known from the
    /// beginning.
    #[inline(always)]
    fn welcome_at_once(&mut self, audience: u32, key: u64, start: &Start) {
        let now = self.now;
        let key = self.feed_key(audience, key);
        // For its first call, which is made next.
        let sent = self.calls.reserve();
        let visitor = Visitor {
            audience,
            client: start.client,
            key,
            born_ns: now,
            step: 0,
            operation: start.operation,
            attempt: 1,
            tries: 1,
            leg: 0,
            address: 0,
            waiting: true,
            began_ns: now,
            own_write: 0,
            call: sent,
            pieces: Handle::NONE,
            patient_since_ns: now,
            watcher: NOBODY,
            by_hand: 0,
            asks_once: start.asks_once,
        };
        let origin = visitor.step_key();
        let call_key = visitor.call_key(origin);
        let handle = self.people.visitors.insert(visitor);
        self.stats.visitor_asks(now, audience, start.operation);
        self.have_patience(audience, handle, 1);
        let waiter = Waiter::Visitor {
            visitor: handle,
            attempt: 1,
        };
        let call = Call {
            origin,
            key: call_key,
            person: key,
            session: start.session,
            logs_in: start.logs_in,
            ..Call::new(waiter, start.ask, start.way.node)
        };
        self.send_at(Some(sent), call, start.way, NOBODY);
    }
}
