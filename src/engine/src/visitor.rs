//! Visitors: arrivals, journeys, patience, refreshes. Everything that belongs to a visitor is drawn from
//! the visitor's own streams, so two designs under one seed meet the same people.

use archplay_kernel::{Handle, Stream, mix, ns_from_secs, text_key};
use archplay_model::scenario;
use archplay_report::Reason;

use crate::plant::{LegPlan, MAX_HOPS, NOBODY, Node};
use crate::world::{Event, Hop, Job, Phase, Purpose, Visitor, World};

/// One-way delay of an administrator's connection, in nanoseconds.
const ADMIN_DELAY_NS: u64 = 5_000_000;

const NO_HOP: Hop = Hop {
    link: NOBODY,
    sent_ns: 0,
    proxy: NOBODY,
    target: NOBODY,
};

impl World {
    /// Draws when the next visitor of an audience comes.
    pub(crate) fn schedule_arrival(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let process = &mut self.arrivals[audience as usize];
        process.area += match plan.arrivals {
            scenario::Arrivals::Poisson => process.stream.exponential(1.0),
            scenario::Arrivals::Even => 1.0,
        };
        let secs = plan.curve.time_of_area(process.area);
        if secs.is_finite() {
            let at = ns_from_secs(secs).max(self.now);
            if at < self.plant.end_ns {
                self.queue.schedule(at, Event::Arrival(audience));
            }
        }
    }

    /// A visitor comes.
    pub(crate) fn arrive(&mut self, audience: u32) {
        let plan = &self.plant.audiences[audience as usize];
        let process = &mut self.arrivals[audience as usize];
        let number = process.count;
        process.count += 1;
        let key = mix(mix(self.plant.seed, text_key(plan.id.as_str())), number);
        let clients = &plan.clients;
        let client = if clients.is_empty() {
            NOBODY
        } else {
            clients[(mix(key, 3) % clients.len() as u64) as usize]
        };
        let visitor = Visitor {
            audience,
            client,
            key,
            born_ns: self.now,
            step: 0,
            attempt: 0,
            tries: 0,
            leg: 0,
            waiting: false,
            began_ns: 0,
            refreshes: false,
            refresh_ns: 0.0,
            job: Handle::NONE,
        };
        let handle = self.visitors.insert(visitor);
        self.stats.visitor_arrived(self.now, audience, plan.admin);
        self.schedule_arrival(audience);
        self.next_step(handle, 0);
    }

    /// Goes to the first step from `from` on that this visitor takes; leaves after the last.
    fn next_step(&mut self, handle: Handle, from: u32) {
        let Some(visitor) = self.visitors.get_mut(handle) else {
            return;
        };
        let steps = &self.plant.audiences[visitor.audience as usize].steps;
        for (i, step) in steps.iter().enumerate().skip(from as usize) {
            let mut stream = Stream::new(mix(mix(visitor.key, 1), i as u64));
            let takes = stream.unit() < step.probability;
            if !takes {
                continue;
            }
            visitor.step = i as u32;
            visitor.tries = 0;
            let think = if step.think_ns > 0.0 {
                stream.exponential(step.think_ns)
            } else {
                0.0
            };
            if think > 0.0 {
                let at = self.now.saturating_add(ns_from_secs(think / 1e9));
                self.queue.schedule(at, Event::Wake(handle));
            } else {
                self.begin_attempt(handle);
            }
            return;
        }
        let within = self.plant.audiences[visitor.audience as usize].within_ns;
        let in_time = self.now - visitor.born_ns <= within;
        if let Some(visitor) = self.visitors.remove(handle) {
            self.stats.visitor_done(self.now, &visitor, in_time);
        }
    }

    /// A visitor has thought, or tries again.
    pub(crate) fn wake(&mut self, handle: Handle) {
        if self
            .visitors
            .get(handle)
            .is_some_and(|visitor| !visitor.waiting)
        {
            self.begin_attempt(handle);
        }
    }

    fn begin_attempt(&mut self, handle: Handle) {
        let Some(visitor) = self.visitors.get_mut(handle) else {
            return;
        };
        visitor.attempt += 1;
        visitor.tries += 1;
        visitor.leg = 0;
        visitor.waiting = true;
        visitor.began_ns = self.now;
        let refresh = &self.plant.audiences[visitor.audience as usize].refresh;
        // Keyed by step and try, so that the draws do not depend on what happened before.
        let step_key = mix(mix(visitor.key, 2), u64::from(visitor.step));
        let mut stream = Stream::new(mix(step_key, u64::from(visitor.tries)));
        visitor.refreshes = stream.unit() < refresh.probability && visitor.tries <= refresh.max;
        visitor.refresh_ns = stream.exponential(refresh.delay_secs * 1e9);
        let (audience, attempt) = (visitor.audience, visitor.attempt);
        let operation = self.operation_of(handle);
        self.stats.attempt_began(self.now, operation);
        self.patience[audience as usize].add(self.now, (handle, attempt), &mut self.queue);
        self.send_leg(handle);
    }

    fn operation_of(&self, handle: Handle) -> u32 {
        self.visitors.get(handle).map_or(0, |visitor| {
            self.plant.audiences[visitor.audience as usize].steps[visitor.step as usize].operation
        })
    }

    /// Sends the next leg of the attempt on its way.
    fn send_leg(&mut self, handle: Handle) {
        let operation = self.operation_of(handle);
        let Some(visitor) = self.visitors.get(handle) else {
            return;
        };
        let admin = self.plant.operations[operation as usize].admin;
        let step_key = mix(mix(visitor.key, 2), u64::from(visitor.step));
        let leg_key = mix(
            mix(step_key, u64::from(visitor.tries)),
            10 + u64::from(visitor.leg),
        );
        let mut job = Job {
            purpose: if admin { Purpose::Login } else { Purpose::Page },
            visitor: handle,
            attempt: visitor.attempt,
            operation,
            leg: visitor.leg,
            stream: Stream::new(leg_key),
            phase: Phase::Backlog,
            hops: [NO_HOP; MAX_HOPS],
            depth: 0,
            answered_to: 0,
            instance: NOBODY,
            pc: 0,
            end: 0,
            connection: NOBODY,
            pool: 0,
            in_transaction: false,
            since_ns: self.now,
            arrived_ns: self.now,
            result: Ok(()),
        };
        let (node, link, delay) = if admin {
            match self.instance_for_login(mix(visitor.key, 4)) {
                Some(instance) => (Node::Instance(instance), NOBODY, ADMIN_DELAY_NS),
                None => return self.fail_attempt(handle, Reason::Refused, 0),
            }
        } else {
            let leg = self.plant.operations[operation as usize].legs[visitor.leg as usize];
            let Some(client) = self.plant.clients.get(visitor.client as usize) else {
                return self.fail_attempt(handle, Reason::NoRoute, 0);
            };
            let ways = &client.ways[leg.way()];
            if ways.is_empty() {
                let part = client.part;
                return self.fail_attempt(handle, Reason::NoRoute, part);
            }
            // One visitor keeps to one way, as a resolved name does.
            let way = ways[(mix(visitor.key, 5) % ways.len() as u64) as usize];
            (
                way.node,
                way.link,
                self.plant.links[way.link as usize].delay_ns,
            )
        };
        job.phase = Phase::ToNode(node);
        job.hops[0] = Hop {
            link,
            sent_ns: self.now,
            proxy: NOBODY,
            target: NOBODY,
        };
        job.depth = 1;
        self.stats.link_begin(link);
        let job = self.jobs.insert(job);
        if let Some(visitor) = self.visitors.get_mut(handle) {
            visitor.job = job;
        }
        self.queue
            .schedule(self.now.saturating_add(delay), Event::Job(job));
    }

    /// The answer reaches the visitor, if it still waits for this one.
    pub(crate) fn answer(&mut self, handle: Handle) {
        let Some(job) = self.jobs.remove(handle) else {
            return;
        };
        let waits = self
            .visitors
            .get(job.visitor)
            .is_some_and(|visitor| visitor.waiting && visitor.attempt == job.attempt);
        if !waits {
            return;
        }
        match job.result {
            Err(reason) => self.fail_attempt(job.visitor, reason, NOBODY),
            Ok(()) => {
                let legs: &[LegPlan] = &self.plant.operations[job.operation as usize].legs;
                let more = job.leg as usize + 1 < legs.len();
                let Some(visitor) = self.visitors.get_mut(job.visitor) else {
                    return;
                };
                if more {
                    visitor.leg += 1;
                    self.send_leg(job.visitor);
                } else {
                    visitor.waiting = false;
                    let next = visitor.step + 1;
                    let began = visitor.began_ns;
                    self.stats.attempt_good(self.now, job.operation, began);
                    self.next_step(job.visitor, next);
                }
            }
        }
    }

    /// The attempt has failed: try again or leave. `part` is where it failed, when nobody has told yet.
    fn fail_attempt(&mut self, handle: Handle, reason: Reason, part: u32) {
        let operation = self.operation_of(handle);
        if part != NOBODY {
            self.stats.cause(self.now, part, reason);
        }
        let Some(visitor) = self.visitors.get_mut(handle) else {
            return;
        };
        visitor.waiting = false;
        self.stats
            .attempt_failed(self.now, operation, visitor.began_ns, reason);
        if visitor.refreshes {
            let at = self
                .now
                .saturating_add(ns_from_secs(visitor.refresh_ns / 1e9));
            // At once would be the same moment for ever when a scenario says 0 s.
            self.queue
                .schedule(at.max(self.now + 1), Event::Wake(handle));
        } else if let Some(visitor) = self.visitors.remove(handle) {
            self.stats.visitor_lost(self.now, &visitor, reason);
        }
    }

    /// Everyone of an audience who has waited too long gives up. The work they caused goes on.
    pub(crate) fn lose_patience(&mut self, audience: u32) {
        while let Some((handle, attempt)) = self.patience[audience as usize].pop_due(self.now) {
            let (job, client) = match self.visitors.get(handle) {
                Some(visitor) if visitor.waiting && visitor.attempt == attempt => {
                    (visitor.job, visitor.client)
                }
                _ => continue,
            };
            let client = self
                .plant
                .clients
                .get(client as usize)
                .map_or(0, |client| client.part);
            let part = self
                .jobs
                .get(job)
                .map_or(client, |job| self.part_of_job(job));
            self.fail_attempt(handle, Reason::Timeout, part);
        }
        let visitors = &self.visitors;
        self.patience[audience as usize].rearm(&mut self.queue, |(handle, attempt)| {
            visitors
                .get(*handle)
                .is_some_and(|v| v.waiting && v.attempt == *attempt)
        });
    }
}
