//! Visitors: arrivals, journeys, patience, refreshes. Everything that belongs to a visitor is drawn from
//! the visitor's own numbers, so two designs under one seed meet the same people.

use archplay_kernel::{
    Deadlines, Handle, Slab, exp_of, mix, ns_from_ns, ns_from_secs, text_key, unit_of,
};
use archplay_model::scenario::{Arrivals, Growth, State};
use archplay_report::Reason;

use crate::core::{Answer, Call, Core, Ended, Event, Ready, Session, Waiter};
use crate::plant::{AskId, NOBODY, NodeId, Plant, Way};

/// One-way delay of an administrator's connection, in nanoseconds.
const ADMIN_DELAY_NS: u64 = 5_000_000;

/// One visitor.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Visitor {
    pub audience: u32,
    /// The client component; `NOBODY` for administrators.
    pub client: NodeId,
    pub key: u64,
    pub born_ns: u64,
    pub step: u32,
    pub operation: u32,
    /// Counts all attempts, so that an answer to an earlier one is known as late.
    pub attempt: u32,
    /// As wide as that the compiler does not count both up in one go, which would stall.
    pub tries: u64,
    pub leg: u32,
    /// Which of the addresses that a name has is tried.
    pub address: u8,
    pub waiting: bool,
    pub began_ns: u64,
    /// The version of what the visitor wrote last; 0 for nothing.
    pub own_write: u64,
    pub call: Handle,
    /// For traces: the finished calls of this attempt.
    pub pieces: Handle,
    /// Since when patience runs; `u64::MAX` while a waiting room shows the position in its line.
    pub patient_since_ns: u64,
    /// A waiting room that wants to know when the visitor leaves; `NOBODY` for none.
    pub watcher: NodeId,
    /// Of a request that a person makes by hand: its place in the list, from 1 on; 0 for everyone else.
    pub by_hand: u16,
}

impl Visitor {
    /// The key of the request that is made in the visitor's step, however often it is tried.
    #[inline(always)]
    pub(crate) const fn step_key(&self) -> u64 {
        let step = mix(mix(self.key, 2), self.step as u64);
        if self.by_hand == 0 {
            step
        } else {
            mix(step, self.by_hand as u64)
        }
    }
}

/// The arrival process of an audience.
#[derive(Clone, Debug)]
struct Process {
    area: f64,
    /// The piece of the curve that the last arrival came from.
    piece: usize,
    /// Arrivals so far, batches counted once.
    count: u64,
    visitors: u64,
    /// For the visitors' own numbers.
    salt: u64,
}

/// Who is there.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub visitors: Slab<Visitor>,
    processes: Vec<Process>,
    pub patience: Vec<Deadlines<(Handle, u32)>>,
}

impl People {
    pub(crate) fn new(plant: &Plant, queue: &mut crate::core::Queue) -> Self {
        let processes = plant.audiences.iter().map(|audience| Process {
            area: 0.0,
            piece: 0,
            count: 0,
            visitors: 0,
            salt: mix(plant.seed, text_key(audience.id.as_str())),
        });
        let patience = (0_u32..).zip(&plant.audiences).map(|(i, audience)| {
            Deadlines::new(audience.timeout_ns, queue.add_timer(Event::Patience(i)))
        });
        Self {
            visitors: Slab::default(),
            processes: processes.collect(),
            patience: patience.collect(),
        }
    }
}

impl Core {
    /// Draws when the next visitors of an audience come.
    pub(crate) fn schedule_arrival(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let process = &mut self.people.processes[audience as usize];
        if process.visitors >= plan.limit {
            return;
        }
        process.area += match plan.arrivals {
            Arrivals::Poisson => exp_of(mix(process.salt, !process.count), 1.0),
            Arrivals::Even => 1.0,
            Arrivals::Gaps(_) => plan.gaps.sample_key(mix(process.salt, !process.count)),
        };
        let secs = plan
            .curve
            .next_time_of_area(&mut process.piece, process.area);
        if secs.is_finite() {
            let at = ns_from_secs(secs);
            if at < self.plant.end_ns {
                let at = at.saturating_sub(self.skipped_ns).max(self.now);
                self.queue.schedule(at, Event::Arrival(audience));
            }
        }
    }

    /// A stretch of the scenario's clock was left out: the curves go on after it. The next arrivals, already
    /// drawn, stay as far away as they were.
    pub(crate) fn skip_arrivals(&mut self, from_ns: u64, to_ns: u64) {
        let plant = std::rc::Rc::clone(&self.plant);
        for (plan, process) in plant.audiences.iter().zip(&mut self.people.processes) {
            let (from, to) = (from_ns as f64 / 1e9, to_ns as f64 / 1e9);
            process.area += plan.curve.area(to) - plan.curve.area(from);
        }
    }

    /// Visitors come: one, or a batch.
    pub(crate) fn arrive(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let process = &mut self.people.processes[audience as usize];
        let key = mix(process.salt, process.count);
        process.count += 1;
        let limit = plan.limit;
        let size = match plan.batch {
            None => 1,
            Some(batch) if batch.geometric => {
                archplay_kernel::BatchSize::new(batch.mean).sample_key(mix(key, 7))
            }
            Some(batch) => (batch.mean + 0.5) as u64,
        };
        for i in 0..size {
            let process = &mut self.people.processes[audience as usize];
            if process.visitors >= limit {
                break;
            }
            process.visitors += 1;
            self.welcome(audience, if i == 0 { key } else { mix(key, 100 + i) });
        }
        self.schedule_arrival(audience);
    }

    fn welcome(&mut self, audience: u32, key: u64) {
        let plan = &self.plant.audiences[audience as usize];
        let client = plan.client(key);
        let admin = plan.admin;
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
        });
        self.stats.visitor_arrived(self.now, audience, admin);
        self.next_step(handle, 0);
    }

    /// Goes to the first step from `from` on that this visitor takes; leaves after the last.
    fn next_step(&mut self, handle: Handle, from: u32) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        let plan = &self.plant.audiences[visitor.audience as usize];
        let mut at = from;
        while let Some(step) = plan.steps.get(at as usize) {
            let i = at;
            at += 1;
            // Only drawn where something depends on it.
            let person = visitor.key;
            let key = || mix(mix(person, 1), u64::from(i));
            if step.probability < 1.0 && unit_of(key()) >= step.probability {
                continue;
            }
            visitor.step = i;
            visitor.tries = 0;
            visitor.operation = step.operation;
            if !step.alternatives.is_empty() {
                let draw = unit_of(mix(key(), 2));
                let chosen = step.alternatives.iter().find(|(_, until)| draw < *until);
                visitor.operation = chosen.map_or(step.operation, |(operation, _)| *operation);
            }
            if step.think_ns > 0.0 {
                let think = exp_of(mix(key(), 3), step.think_ns);
                let at = self.now.saturating_add(ns_from_ns(think));
                self.queue.schedule(at, Event::Wake(handle));
            } else {
                self.begin_attempt(handle);
            }
            return;
        }
        let (audience, born_ns) = (visitor.audience, visitor.born_ns);
        let (watcher, person) = (visitor.watcher, visitor.key);
        let in_time = self.now - born_ns <= plan.within_ns;
        self.people.visitors.free(handle);
        self.tell_watcher(watcher, person);
        self.stats.visitor_done(audience, born_ns, in_time);
    }

    /// A visitor has thought, or tries again.
    pub(crate) fn wake(&mut self, handle: Handle) {
        if self
            .people
            .visitors
            .get(handle)
            .is_some_and(|visitor| !visitor.waiting)
        {
            self.begin_attempt(handle);
        }
    }

    #[inline(always)]
    fn begin_attempt(&mut self, handle: Handle) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        visitor.attempt += 1;
        visitor.tries += 1;
        visitor.leg = 0;
        visitor.address = 0;
        visitor.waiting = true;
        visitor.began_ns = self.now;
        visitor.patient_since_ns = self.now;
        let (audience, attempt, operation) = (visitor.audience, visitor.attempt, visitor.operation);
        self.stats.attempt_began(self.now, operation);
        let visitors = &self.people.visitors;
        let patience = &mut self.people.patience[audience as usize];
        patience.forget(|(handle, attempt)| {
            visitors
                .get(*handle)
                .is_some_and(|v| v.waiting && v.attempt == *attempt)
        });
        patience.add(self.now, (handle, attempt), &mut self.queue);
        if self.plant.operations[operation as usize].media {
            self.skip_legs(handle);
        }
        self.send_leg(handle);
    }

    /// A post without a picture has nothing to bring.
    #[cold]
    fn skip_legs(&mut self, handle: Handle) {
        if let Some(visitor) = self.people.visitors.get(handle).copied() {
            let leg = self.leg_from(&visitor, 0);
            if let Some(visitor) = self.people.visitors.get_mut(handle) {
                visitor.leg = leg;
            }
        }
    }

    /// The first leg from `from` on for which there is something to ask; behind the last if there is none.
    #[cold]
    fn leg_from(&self, visitor: &Visitor, from: u32) -> u32 {
        let legs = &self.plant.operations[visitor.operation as usize].legs;
        let origin = visitor.step_key();
        let rest = legs.get(from as usize..).unwrap_or(&[]);
        let found = rest.iter().position(|leg| self.has_leg(leg.ask, origin));
        found.map_or(legs.len() as u32, |i| from + i as u32)
    }

    /// Sends the next leg of the attempt on its way.
    #[inline(always)]
    fn send_leg(&mut self, handle: Handle) {
        let Some(visitor) = self.people.visitors.get(handle) else {
            return;
        };
        let (attempt, client, person) = (visitor.attempt, visitor.client, visitor.key);
        let operation = &self.plant.operations[visitor.operation as usize];
        let ask = operation.legs[visitor.leg as usize].ask;
        let step = &self.plant.audiences[visitor.audience as usize].steps[visitor.step as usize];
        let step_key = visitor.step_key();
        let by_hand = visitor.by_hand != 0;
        let (admin, media) = (operation.admin, operation.media);
        let way = if admin {
            Ok(None)
        } else {
            match self.client_way(client, ask, person) {
                Some(way) => Ok(Some(way)),
                None => Err(Reason::NoRoute),
            }
        };
        let call = Call {
            // A refresh asks for the same rows again; how long the work takes is drawn anew.
            origin: step_key,
            key: mix(mix(step_key, visitor.tries), 10 + u64::from(visitor.leg)),
            person,
            // A name server reads which address is wanted.
            pending: u16::from(visitor.address),
            session: match (step.gives, step.needs) {
                // Who asks by hand has logged in at some time, and does so again where the session is gone.
                (_, Some(State::Session)) if by_hand => Session::Gives,
                (_, Some(State::Session)) => Session::Needs,
                (Some(State::Session), _) => Session::Gives,
                _ => Session::None,
            },
            logs_in: step.gives == Some(State::Session) && !by_hand,
            want: if step.needs == Some(State::OwnWrite) {
                visitor.own_write
            } else {
                0
            },
            ..Call::new(
                Waiter::Visitor {
                    visitor: handle,
                    attempt,
                },
                ask,
                NOBODY,
            )
        };
        let way = match way {
            Ok(way) => way,
            Err(reason) => return self.cannot_leave(handle, attempt, client, reason),
        };
        let sent = self.calls.insert(call);
        if media {
            self.begin_media(sent);
        }
        if let Some(visitor) = self.people.visitors.get_mut(handle) {
            visitor.call = sent;
        }
        if let Some(way) = way {
            self.dispatch(sent, way.node, way.link, NOBODY);
        } else if let Err(reason) = self.dispatch_login(sent, person) {
            self.calls.free(sent);
            self.cannot_leave(handle, attempt, client, reason);
        }
    }

    /// Out of line: most operations have one leg.
    #[inline(never)]
    fn send_next_leg(&mut self, handle: Handle) {
        self.send_leg(handle);
    }

    /// An attempt fails before anything is sent.
    #[cold]
    fn cannot_leave(&mut self, visitor: Handle, attempt: u32, client: NodeId, reason: Reason) {
        let node = if client == NOBODY { 0 } else { client };
        self.stats.cause(self.now, node, reason);
        self.ready.push_back(Ready::Fail {
            visitor,
            attempt,
            reason,
        });
    }

    /// One visitor keeps to one way, as a resolved name does.
    #[inline]
    fn client_way(&self, client: NodeId, ask: AskId, person: u64) -> Option<Way> {
        if client == NOBODY {
            return None;
        }
        match self.plant.ways(self.plant.route(client, ask)) {
            [] => None,
            [way] => Some(*way),
            ways => Some(ways[(mix(person, 5) % ways.len() as u64) as usize]),
        }
    }

    /// An administrator goes straight to a server: one visit after the other goes round those that are there.
    #[cold]
    fn dispatch_login(&mut self, handle: Handle, key: u64) -> Result<(), Reason> {
        let there: Vec<(NodeId, u32)> = self.units_for_login();
        if there.is_empty() {
            return Err(Reason::Refused);
        }
        let (node, unit) = there[(mix(key, 4) % there.len() as u64) as usize];
        let bastion = self.bastion_of(node);
        let now = self.now;
        let Some(call) = self.calls.get_mut(handle) else {
            return Ok(());
        };
        match bastion {
            Some(bastion) => {
                call.node = bastion;
                call.row = crate::kinds::destination(node, unit);
            }
            None => (call.node, call.unit) = (node, unit),
        }
        call.sent_ns = now;
        call.back_ns = ADMIN_DELAY_NS;
        let at = now.saturating_add(ADMIN_DELAY_NS);
        self.queue.schedule(at, Event::Reach(handle));
        Ok(())
    }

    /// The bastion host that leads to a server, if there is one.
    fn bastion_of(&self, server: NodeId) -> Option<NodeId> {
        let askers = &self.plant.nodes[server as usize].askers;
        let bastion = |node: &&NodeId| {
            self.plant.nodes[**node as usize].kind == archplay_model::Kind::Bastion
        };
        askers.iter().find(bastion).copied()
    }

    /// Servers and their units that have booted at some time, whatever their state.
    fn units_for_login(&self) -> Vec<(NodeId, u32)> {
        let servers = (0_u32..)
            .zip(&self.plant.nodes)
            .filter(|(_, node)| node.kind == archplay_model::Kind::Server);
        servers
            .flat_map(|(node, _)| {
                let units = (0_u32..).zip(&self.boards[node as usize].units);
                units
                    .filter(|(_, unit)| unit.present)
                    .map(move |(unit, _)| (node, unit))
            })
            .collect()
    }

    /// An answer reaches the visitor, if it is still waited for.
    pub(crate) fn visitor_answered(&mut self, handle: Handle, attempt: u32, answer: &Answer) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        if !visitor.waiting || visitor.attempt != attempt {
            return;
        }
        if let Err(reason) = answer.result {
            if reason == Reason::Refused && self.next_address(handle) {
                return self.send_next_leg(handle);
            }
            return self.fail_attempt(handle, reason);
        }
        let operation = &self.plant.operations[visitor.operation as usize];
        let (legs, media) = (operation.legs.len(), operation.media);
        let mut next = visitor.leg + 1;
        if media {
            let copy = *visitor;
            next = self.leg_from(&copy, next);
        }
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        if (next as usize) < legs {
            visitor.leg = next;
            visitor.address = 0;
            return self.send_next_leg(handle);
        }
        let step = &self.plant.audiences[visitor.audience as usize].steps[visitor.step as usize];
        if step.gives == Some(State::OwnWrite) {
            visitor.own_write = answer.value;
        }
        visitor.waiting = false;
        let (next, operation, began) = (visitor.step + 1, visitor.operation, visitor.began_ns);
        let (origin, by_hand) = (visitor.step_key(), visitor.by_hand != 0);
        if media {
            self.forget_media(origin);
        }
        self.stats.attempt_good(self.now, operation, began);
        if by_hand {
            return self.ended_by_hand(handle, Ok(()));
        }
        if self.tracer.on {
            self.trace_attempt(handle, Ok(()));
        }
        self.next_step(handle, next);
    }

    /// Nobody was there: the next address that the name has, if it has more.
    #[cold]
    fn next_address(&mut self, handle: Handle) -> bool {
        let Some(visitor) = self.people.visitors.get(handle).copied() else {
            return false;
        };
        let operation = &self.plant.operations[visitor.operation as usize];
        let ask = operation.legs[visitor.leg as usize].ask;
        let way = match visitor.client {
            NOBODY => None,
            client => self.client_way(client, ask, visitor.key),
        };
        let addresses = way.map_or(1, |way| self.plant.nodes[way.node as usize].addresses);
        if let Some(visitor) = self.people.visitors.get_mut(handle) {
            visitor.address += 1;
        }
        visitor.address + 1 < addresses
    }

    /// An attempt fails that never left.
    pub(crate) fn fail_before_leaving(&mut self, handle: Handle, attempt: u32, reason: Reason) {
        let waits = self
            .people
            .visitors
            .get(handle)
            .is_some_and(|visitor| visitor.waiting && visitor.attempt == attempt);
        if waits {
            self.fail_attempt(handle, reason);
        }
    }

    /// Hands the attempt that ends now to the tracer.
    fn trace_attempt(&mut self, handle: Handle, result: Result<(), Reason>) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        let pieces = std::mem::replace(&mut visitor.pieces, Handle::NONE);
        let ended = Ended {
            operation: visitor.operation,
            person: visitor.key,
            attempt: visitor.attempt,
            began_ns: visitor.began_ns,
            result,
            open: visitor.call,
            pieces,
        };
        self.trace_ended(&ended);
    }

    /// The attempt has failed: try again or leave.
    fn fail_attempt(&mut self, handle: Handle, reason: Reason) {
        let Some(visitor) = self.people.visitors.get_mut(handle) else {
            return;
        };
        visitor.waiting = false;
        let visitor = *visitor;
        if self.plant.operations[visitor.operation as usize].media {
            self.forget_media(visitor.step_key());
        }
        self.stats
            .attempt_failed(self.now, visitor.operation, visitor.began_ns, reason);
        if visitor.by_hand != 0 {
            return self.ended_by_hand(handle, Err(reason));
        }
        if self.tracer.on {
            self.trace_attempt(handle, Err(reason));
        }
        let refresh = self.plant.audiences[visitor.audience as usize].refresh;
        // Keyed by step and try, so that the draws do not depend on what happened before.
        let step_key = mix(mix(visitor.key, 2), u64::from(visitor.step));
        let key = mix(step_key, visitor.tries);
        let again =
            visitor.tries <= u64::from(refresh.max) && unit_of(mix(key, 1)) < refresh.probability;
        if !again {
            self.people.visitors.free(handle);
            self.tell_watcher(visitor.watcher, visitor.key);
            return self
                .stats
                .visitor_lost(visitor.audience, visitor.born_ns, reason);
        }
        let doubled = refresh.delay_secs * f64::from(1_u32 << (visitor.tries - 1).min(20));
        let secs = match refresh.growth {
            Growth::Random => exp_of(mix(key, 2), refresh.delay_secs),
            Growth::Fixed => refresh.delay_secs,
            Growth::Doubling => doubled,
            Growth::FullJitter => doubled * unit_of(mix(key, 2)),
        };
        // At once would be the same moment for ever when a scenario says 0 s.
        let at = self
            .now
            .saturating_add(ns_from_secs(secs))
            .max(self.now + 1);
        self.queue.schedule(at, Event::Wake(handle));
    }

    /// Everyone of an audience who has waited too long gives up. The work they caused goes on.
    pub(crate) fn lose_patience(&mut self, audience: u32) {
        while let Some((handle, attempt)) =
            self.people.patience[audience as usize].pop_due(self.now)
        {
            let timeout = self.plant.audiences[audience as usize].timeout_ns;
            let (call, client) = match self.people.visitors.get(handle) {
                Some(visitor)
                    if visitor.waiting
                        && visitor.attempt == attempt
                        && visitor.patient_since_ns <= self.now.saturating_sub(timeout) =>
                {
                    (visitor.call, visitor.client)
                }
                _ => continue,
            };
            let client = if client == NOBODY { 0 } else { client };
            let node = self.calls.get(call).map_or(client, |_| self.deepest(call));
            self.stats.cause(self.now, node, Reason::Timeout);
            self.abandon(call);
            self.fail_attempt(handle, Reason::Timeout);
        }
        let visitors = &self.people.visitors;
        self.people.patience[audience as usize].rearm(&mut self.queue, |(handle, attempt)| {
            visitors
                .get(*handle)
                .is_some_and(|v| v.waiting && v.attempt == *attempt)
        });
    }

    /// Counts visitors of an audience who are there, and those of them who wait for an answer.
    pub(crate) fn people_of(&self, audience: u32) -> (u64, u64) {
        let here = self
            .people
            .visitors
            .iter()
            .filter(|(_, v)| v.audience == audience);
        here.fold((0, 0), |(all, waiting), (_, v)| {
            (all + 1, waiting + u64::from(v.waiting))
        })
    }
}
