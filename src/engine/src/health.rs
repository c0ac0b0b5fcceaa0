//! Health checks: real requests that wait for a worker like any other and can time out.

use archplay_kernel::{Handle, Stream};
use archplay_report::EventCode;

use crate::plant::{MAX_HOPS, NOBODY, Node};
use crate::world::{Event, Hop, Job, Phase, Purpose, World};

impl World {
    /// Spreads the first checks over one interval.
    pub(crate) fn begin_health_checks(&mut self) {
        for b in 0..self.balancers.len() as u32 {
            for t in 0..self.balancers[b as usize].targets.len() {
                let target = &mut self.balancers[b as usize].targets[t];
                if matches!(target.node, Node::Balancer(_)) {
                    (target.registered, target.healthy, target.fresh) = (true, true, false);
                }
            }
            self.refresh_targets(b);
        }
    }

    /// Makes an instance a target of every load balancer that is linked to its server. What is there from
    /// the beginning counts as healthy; a newcomer has to pass one check.
    pub(crate) fn register(&mut self, instance: u32, trusted: bool) {
        for b in 0..self.balancers.len() as u32 {
            let interval = self.plant.balancers[b as usize].interval_ns;
            let count = self.balancers[b as usize].targets.len() as u64;
            for t in 0..count {
                let target = &mut self.balancers[b as usize].targets[t as usize];
                if target.node != Node::Instance(instance) {
                    continue;
                }
                target.registered = true;
                target.healthy = trusted;
                target.fresh = !trusted;
                (target.passes, target.fails) = (0, 0);
                target.generation = target.generation.wrapping_add(1);
                let event = Event::HealthCheck {
                    balancer: b,
                    target: t as u32,
                    generation: target.generation,
                };
                let first = if trusted {
                    interval * (t + 1) / count.max(1)
                } else {
                    0
                };
                self.queue.schedule(self.now.saturating_add(first), event);
            }
            self.refresh_targets(b);
        }
    }

    /// Takes an instance out of every load balancer.
    pub(crate) fn deregister(&mut self, instance: u32) {
        for b in 0..self.balancers.len() as u32 {
            for target in &mut self.balancers[b as usize].targets {
                if target.node == Node::Instance(instance) {
                    target.registered = false;
                    target.healthy = false;
                    target.generation = target.generation.wrapping_add(1);
                }
            }
            self.refresh_targets(b);
        }
    }

    /// Whether some load balancer looks after an instance.
    pub(crate) fn watched(&self, instance: u32) -> bool {
        self.balancers.iter().any(|b| {
            b.targets
                .iter()
                .any(|t| t.registered && t.node == Node::Instance(instance))
        })
    }

    /// Sends a check and plans the next.
    pub(crate) fn check_health(&mut self, balancer: u32, target: u32, generation: u32) {
        let state = &self.balancers[balancer as usize].targets[target as usize];
        if state.generation != generation || !state.registered {
            return;
        }
        let interval = self.plant.balancers[balancer as usize].interval_ns;
        let again = Event::HealthCheck {
            balancer,
            target,
            generation,
        };
        self.queue
            .schedule(self.now.saturating_add(interval), again);
        let Node::Instance(instance) = state.node else {
            return;
        };
        if !self.balancers[balancer as usize].alive {
            return;
        }
        let job = Job {
            purpose: Purpose::Health {
                balancer,
                target,
                generation,
            },
            visitor: Handle::NONE,
            attempt: 0,
            operation: 0,
            leg: 0,
            stream: Stream::new(0),
            phase: Phase::ToNode(state.node),
            hops: [Hop {
                link: NOBODY,
                sent_ns: self.now,
                proxy: NOBODY,
                target: NOBODY,
            }; MAX_HOPS],
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
        let handle = self.jobs.insert(job);
        self.balancers[balancer as usize]
            .checks
            .add(self.now, handle, &mut self.queue);
        self.reach_instance(handle, instance);
    }

    /// Checks that have waited too long have failed. The work they caused goes on.
    pub(crate) fn health_timeout(&mut self, balancer: u32) {
        while let Some(handle) = self.balancers[balancer as usize].checks.pop_due(self.now) {
            let Some(job) = self.jobs.get_mut(handle) else {
                continue;
            };
            if let Purpose::Health {
                balancer,
                target,
                generation,
            } = job.purpose
                && job.answered_to == 0
            {
                job.answered_to = 1;
                self.health_result(balancer, target, generation, false);
            }
        }
        let jobs = &self.jobs;
        let checks = &mut self.balancers[balancer as usize].checks;
        checks.rearm(&mut self.queue, |handle| {
            jobs.get(*handle).is_some_and(|job| {
                matches!(job.purpose, Purpose::Health { .. }) && job.answered_to == 0
            })
        });
    }

    /// Counts a check's result and takes the target in or out.
    pub(crate) fn health_result(&mut self, balancer: u32, target: u32, generation: u32, ok: bool) {
        let plan = &self.plant.balancers[balancer as usize];
        let (healthy, unhealthy) = (plan.healthy, plan.unhealthy);
        let state = &mut self.balancers[balancer as usize].targets[target as usize];
        if state.generation != generation {
            return;
        }
        if ok {
            state.fails = 0;
            state.passes += 1;
            let needed = if state.fresh { 1 } else { healthy };
            if state.healthy || state.passes < needed {
                return;
            }
            state.healthy = true;
        } else {
            state.passes = 0;
            state.fails += 1;
            if !state.healthy || state.fails < unhealthy {
                return;
            }
            state.healthy = false;
        }
        let newcomer = std::mem::replace(&mut state.fresh, false);
        let node = state.node;
        self.refresh_targets(balancer);
        let left = self.balancers[balancer as usize]
            .targets
            .iter()
            .filter(|t| t.registered && t.healthy);
        let left = left.count() as u32;
        if let Node::Instance(instance) = node {
            let part = self.part_of_instance(instance);
            match (ok, newcomer) {
                (true, true) => self.tell_in_service(instance),
                (true, false) => self.log(EventCode::Healthy, part, left.saturating_sub(1), left),
                (false, _) => self.log(EventCode::Unhealthy, part, left + 1, left),
            }
        }
    }
}
