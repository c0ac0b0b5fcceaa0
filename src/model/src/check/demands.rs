//! Whether what visitors ask for, and what operations ask of others besides data, finds somebody who answers it.
//! Data is looked at in `datasets`.
//!
//! Requests are followed from the clients over the links: each component is looked at once for each operation that
//! really reaches it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::server;
use crate::placement::{Placement, Reach, Want, is_admin, want_of};
use crate::scenario::{Demand, JourneyStep, Operation};
use crate::{Design, Id, Kind, Location, Problem, Scenario};

/// Adds what is asked for and answered by nobody. `ways` are the components from which a server is reached.
pub(super) fn check(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    ways: &BTreeSet<Id>,
    out: &mut Vec<Problem>,
) {
    let index: BTreeMap<&Id, usize> = design.components.keys().zip(0..).collect();
    let mut follow = Follow {
        scenario,
        placement,
        index: &index,
        targets: targets(design, &index),
        asks: scenario.operations.iter().map(asks_of).collect(),
        reaches: BTreeMap::new(),
        seen: BTreeSet::new(),
        open: Vec::new(),
        told: BTreeSet::new(),
        queues: BTreeSet::new(),
        out,
    };
    follow.visitors(ways);
    follow.events();
    while let Some((at, operation, message)) = follow.open.pop() {
        if message {
            follow.publish(at, operation);
        } else {
            follow.step(at, operation);
        }
    }
    follow.queues();
}

fn targets(design: &Design, index: &BTreeMap<&Id, usize>) -> Vec<Vec<usize>> {
    let mut targets = vec![Vec::new(); index.len()];
    for key in design.links.keys() {
        if let (Some(from), Some(to)) = (index.get(&key.from), index.get(&key.to)) {
            targets[*from].push(*to);
        }
    }
    targets
}

/// Requests on their way.
struct Follow<'a, 'o> {
    scenario: &'a Scenario,
    placement: &'a Placement<'a>,
    index: &'a BTreeMap<&'a Id, usize>,
    targets: Vec<Vec<usize>>,
    /// What each operation asks others for besides data.
    asks: Vec<Vec<&'a Demand>>,
    reaches: BTreeMap<Want, Reach>,
    /// Components with the operations that reach them, and whether as messages on their way into a queue.
    seen: BTreeSet<(usize, usize, bool)>,
    open: Vec<(usize, usize, bool)>,
    told: BTreeSet<(usize, &'static str, Option<usize>)>,
    /// Queues with the operations that are put into them.
    queues: BTreeSet<(usize, usize)>,
    out: &'o mut Vec<Problem>,
}

impl Follow<'_, '_> {
    /// Whom a component asks first.
    fn first(&mut self, from: usize, want: &Want) -> Vec<usize> {
        if !self.reaches.contains_key(want) {
            let reach = self.placement.reach(want);
            self.reaches.insert(want.clone(), reach);
        }
        let tiers = self.placement.tiers(from, want, &self.reaches[want]);
        tiers.into_iter().next().unwrap_or_default()
    }

    fn tell(&mut self, at: usize, code: &'static str, operation: Option<usize>) {
        if !self.told.insert((at, code, operation)) {
            return;
        }
        let id = &self.placement.components()[at].id;
        let mut problem = Problem::warning(code, Location::Component(id.clone())).with("id", id);
        if let Some(operation) = operation {
            problem = problem.with("operation", &self.scenario.operations[operation].id);
        }
        self.out.push(problem);
    }

    fn go(&mut self, to: usize, operation: usize, message: bool) {
        if self.seen.insert((to, operation, message)) {
            self.open.push((to, operation, message));
        }
    }

    fn operation(&self, id: &Id) -> Option<usize> {
        let mut operations = self.scenario.operations.iter();
        operations.position(|operation| operation.id == *id)
    }

    /// What the clients send out.
    fn visitors(&mut self, ways: &BTreeSet<Id>) {
        let scenario = self.scenario;
        for (i, audience) in scenario.audiences.iter().enumerate() {
            if is_admin(scenario, audience) {
                continue;
            }
            let journey = scenario.journey(&audience.journey);
            let steps = journey.iter().flat_map(|journey| &journey.steps);
            let asked: BTreeSet<usize> = steps
                .flat_map(asked_in)
                .filter_map(|id| self.operation(id))
                .collect();
            for id in self.placement.clients(i) {
                let Some(at) = self.index.get(id).copied().filter(|_| ways.contains(id)) else {
                    continue;
                };
                for operation in &asked {
                    self.browser(at, *operation);
                }
            }
        }
    }

    /// A browser asks for files by itself, and for the rest of an operation whoever works on it.
    fn browser(&mut self, client: usize, operation: usize) {
        let (mut files, mut work) = (false, false);
        parts(
            &self.scenario.operations[operation].demand,
            &mut |part| match part {
                Demand::Static { .. } => files = true,
                Demand::Login { .. } => {}
                _ => work = true,
            },
        );
        if files && self.first(client, &Want::Files).is_empty() {
            self.tell(client, "no_files", None);
        }
        if work || !files {
            self.work(client, operation);
        }
    }

    /// Asks for an operation.
    fn work(&mut self, from: usize, operation: usize) {
        let want = Want::Work(self.scenario.operations[operation].id.clone());
        let found = self.first(from, &want);
        if found.is_empty() {
            self.tell(from, "nobody_handles", Some(operation));
        }
        for to in found {
            self.go(to, operation, false);
        }
    }

    /// What a write to a bucket triggers.
    fn events(&mut self) {
        let components = self.placement.components();
        for at in (0..components.len()).filter(|i| components[*i].kind == Kind::ObjectStore) {
            for to in self.targets[at].clone() {
                let Some(operation) = self.placement.event_operation(self.scenario, to) else {
                    continue;
                };
                match components[to].kind {
                    Kind::Queue => self.queued(to, operation),
                    _ => self.go(to, operation, false),
                }
            }
        }
    }

    /// An operation has come to a component.
    fn step(&mut self, at: usize, operation: usize) {
        match self.placement.components()[at].kind {
            Kind::Server | Kind::Function | Kind::Worker => {
                for i in 0..self.asks[operation].len() {
                    self.ask(at, self.asks[operation][i]);
                }
            }
            Kind::Station => {}
            _ => self.work(at, operation),
        }
    }

    /// A component asks for one thing.
    fn ask(&mut self, at: usize, demand: &Demand) {
        match demand {
            Demand::Call { service } => {
                if let Some(operation) = self.operation(service) {
                    self.work(at, operation);
                }
            }
            Demand::Publish { topic } => {
                if let Some(operation) = self.operation(topic) {
                    self.publish(at, operation);
                }
            }
            Demand::Authenticate => self.service(at, demand, "no_identity"),
            _ => self.service(at, demand, "no_notification"),
        }
    }

    fn service(&mut self, at: usize, demand: &Demand, code: &'static str) {
        if want_of(demand).is_some_and(|want| self.first(at, &want).is_empty()) {
            self.tell(at, code, None);
        }
    }

    fn publish(&mut self, at: usize, operation: usize) {
        let topic = &self.scenario.operations[operation].id;
        let found = self.first(at, &Want::Publish(topic.clone()));
        if found.is_empty() && self.fans_out_at_once(topic) {
            if self.placement.runs(at, topic) {
                self.go(at, operation, false);
            } else {
                self.work(at, operation);
            }
        } else if found.is_empty() {
            self.tell(at, "no_queue", Some(operation));
        }
        for to in found {
            match self.placement.components()[to].kind {
                Kind::Queue => self.queued(to, operation),
                // A gateway passes it on.
                Kind::ApiGateway => self.go(to, operation, true),
                _ => {}
            }
        }
    }

    /// Whether a fan-out without a queue is waited for instead: somebody is named for it.
    fn fans_out_at_once(&self, topic: &Id) -> bool {
        let fans = |demand: &Demand| matches!(demand, Demand::FanOut { .. });
        let named = self.placement.components().iter().any(|c| {
            matches!(c.kind, Kind::Server | Kind::Function)
                && c.names(&server::HANDLES).contains(topic)
        });
        let mut steps = self.scenario.journeys.iter().flat_map(|j| &j.steps);
        let visited = steps.any(|step| asked_in(step).any(|id| id == topic));
        let operation = self.scenario.operation(topic);
        self.scenario.feed.is_some()
            && named
            && !visited
            && operation.is_some_and(|o| self.scenario.leads_to(&o.demand, &fans))
    }

    /// A message lies in a queue: those who take from it and run the operation get it.
    fn queued(&mut self, queue: usize, operation: usize) {
        if !self.queues.insert((queue, operation)) {
            return;
        }
        let id = &self.scenario.operations[operation].id;
        for to in self.targets[queue].clone() {
            if takes(self.placement.components()[to].kind) && self.placement.runs(to, id) {
                self.go(to, operation, false);
            }
        }
    }

    /// Says which queues nobody empties, of all messages or of some.
    fn queues(&mut self) {
        let queues = std::mem::take(&mut self.queues);
        for (queue, operation) in queues {
            let components = self.placement.components();
            let id = &self.scenario.operations[operation].id;
            let targets = self.targets[queue].iter().copied();
            let mut takers = targets.filter(|i| takes(components[*i].kind)).peekable();
            if takers.peek().is_none() {
                self.tell(queue, "queue_without_consumer", None);
            } else if !takers
                .any(|i| components[i].kind == Kind::Station || self.placement.runs(i, id))
            {
                self.tell(queue, "topic_without_consumer", Some(operation));
            }
        }
    }
}

/// Whether a kind takes messages from a queue.
const fn takes(kind: Kind) -> bool {
    matches!(kind, Kind::Worker | Kind::Function | Kind::Station)
}

fn asked_in(step: &JourneyStep) -> impl Iterator<Item = &Id> {
    std::iter::once(&step.operation).chain(step.or.iter().map(|other| &other.operation))
}

/// The parts of a demand that come one after the other.
fn parts<'d>(demand: &'d Demand, visit: &mut dyn FnMut(&'d Demand)) {
    match demand {
        Demand::Seq(list) => {
            for inner in list {
                parts(inner, visit);
            }
        }
        Demand::Repeat { demand, .. } => parts(demand, visit),
        other => visit(other),
    }
}

/// What an operation asks others for besides data, each once. Identifiers are left out: who reaches nobody that makes
/// them makes them itself.
fn asks_of(operation: &Operation) -> Vec<&Demand> {
    fn walk<'d>(demand: &'d Demand, out: &mut Vec<&'d Demand>) {
        match demand {
            Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
                list.iter().for_each(|inner| walk(inner, out));
            }
            Demand::Repeat { demand, .. } | Demand::Optional(demand) => walk(demand, out),
            Demand::Call { .. }
            | Demand::Publish { .. }
            | Demand::Authenticate
            | Demand::Notify
                if !out.contains(&demand) =>
            {
                out.push(demand);
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    walk(&operation.demand, &mut out);
    out
}
