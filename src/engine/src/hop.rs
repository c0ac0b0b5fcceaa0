//! The way of a request between client and server: CDN, load balancer, the answer back, time-outs of
//! those in between.

use archplay_kernel::Handle;
use archplay_report::{EventCode, Reason};

use crate::plant::{Algorithm, LegPlan, MAX_HOPS, NOBODY, Node, Way};
use crate::world::{Event, Hop, Phase, Purpose, State, World};

impl World {
    /// A request reaches a CDN: static files come from the edge if it has them, all else goes on.
    pub(crate) fn reach_cdn(&mut self, handle: Handle, cdn: u32) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let part = self.plant.cdns[cdn as usize].part;
        self.stats.part_rate(part);
        let leg = self.plant.operations[job.operation as usize].legs[job.leg as usize];
        let state = &mut self.cdns[cdn as usize];
        if let LegPlan::Static { bytes } = leg {
            let key = (job.operation, job.leg);
            let hit = state
                .fresh_until
                .get(&key)
                .is_some_and(|until| *until > self.now);
            self.stats.cdn_request(cdn, hit, bytes);
            if hit {
                self.stats.enter(self.now, part);
                self.stats.leave(self.now, part, self.now);
                return self.finish(handle, Ok(()), NOBODY);
            }
        }
        let ways = &self.plant.cdns[cdn as usize].ways[leg.way()];
        if ways.is_empty() {
            return self.finish(handle, Err(Reason::NoRoute), part);
        }
        let way = ways[state.next % ways.len()];
        state.next = state.next.wrapping_add(1);
        self.forward(handle, way, cdn, NOBODY);
    }

    /// A request reaches a load balancer.
    pub(crate) fn reach_balancer(&mut self, handle: Handle, balancer: u32) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let part = self.plant.balancers[balancer as usize].part;
        self.stats.part_rate(part);
        if !self.balancers[balancer as usize].alive {
            return self.finish(handle, Err(Reason::Refused), part);
        }
        let leg = self.plant.operations[job.operation as usize].legs[job.leg as usize];
        let operation = job.operation;
        let Some(target) = self.choose_target(balancer, operation, leg) else {
            return self.finish(handle, Err(Reason::Unavailable503), part);
        };
        let state = &mut self.balancers[balancer as usize].targets[target as usize];
        state.outstanding += 1;
        let way = Way {
            link: state.link,
            node: state.node,
        };
        let proxy = self.plant.cdns.len() as u32 + balancer;
        self.forward(handle, way, proxy, target);
    }

    /// Picks a target by the algorithm among those that get requests and run the operation.
    fn choose_target(&mut self, balancer: u32, operation: u32, leg: LegPlan) -> Option<u32> {
        let algorithm = self.plant.balancers[balancer as usize].algorithm;
        let state = &mut self.balancers[balancer as usize];
        let plant = &self.plant;
        let fits = |target: u32| -> bool {
            leg != LegPlan::Dynamic
                || match state.targets[target as usize].node {
                    Node::Instance(i) => {
                        let server = plant.instances[i as usize].server;
                        plant.servers[server as usize].handles[operation as usize]
                    }
                    _ => true,
                }
        };
        let n = state.eligible.len();
        if n == 0 {
            return None;
        }
        let at = |i: usize| state.eligible[i % n];
        // Walk on from the first choice to one that runs the operation; if none does, the first choice
        // takes it and says that it cannot.
        let from = |start: usize| {
            (0..n)
                .map(|k| at(start + k))
                .find(|target| fits(*target))
                .unwrap_or_else(|| at(start))
        };
        let outstanding = |target: u32| state.targets[target as usize].outstanding;
        let chosen = match algorithm {
            Algorithm::RoundRobin => {
                let chosen = from(state.next);
                let position = state
                    .eligible
                    .iter()
                    .position(|t| *t == chosen)
                    .unwrap_or(0);
                state.next = position + 1;
                chosen
            }
            Algorithm::Random => from(state.stream.below(n as u32) as usize),
            Algorithm::PowerOfTwo => {
                let first = state.stream.below(n as u32) as usize;
                let step = if n > 1 {
                    1 + state.stream.below(n as u32 - 1) as usize
                } else {
                    0
                };
                let (a, b) = (from(first), from(first + step));
                if outstanding(b) < outstanding(a) {
                    b
                } else {
                    a
                }
            }
            Algorithm::LeastOutstanding => {
                // Equal ones take turns, else the first would get every request of a quiet hour.
                let start = state.next;
                state.next = (start + 1) % n;
                (0..n)
                    .map(|k| at(start + k))
                    .filter(|target| fits(*target))
                    .min_by_key(|target| outstanding(*target))
                    .unwrap_or_else(|| at(start))
            }
        };
        Some(chosen)
    }

    /// Sends a request on from a proxy.
    fn forward(&mut self, handle: Handle, way: Way, proxy: u32, target: u32) {
        let part = self.part_of_proxy(proxy);
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        let depth = job.depth as usize;
        if depth >= MAX_HOPS {
            if target != NOBODY {
                self.release_target(proxy, target);
            }
            return self.finish(handle, Err(Reason::NoRoute), part);
        }
        job.hops[depth] = Hop {
            link: way.link,
            sent_ns: self.now,
            proxy,
            target,
        };
        job.depth += 1;
        job.phase = Phase::ToNode(way.node);
        self.stats.enter(self.now, part);
        self.stats.link_begin(way.link);
        self.proxies[proxy as usize].add(self.now, (handle, depth as u8), &mut self.queue);
        let delay = self.plant.links[way.link as usize].delay_ns;
        self.queue
            .schedule(self.now.saturating_add(delay), Event::Job(handle));
    }

    fn part_of_proxy(&self, proxy: u32) -> u32 {
        let cdns = self.plant.cdns.len() as u32;
        if proxy < cdns {
            self.plant.cdns[proxy as usize].part
        } else {
            self.plant.balancers[(proxy - cdns) as usize].part
        }
    }

    fn release_target(&mut self, proxy: u32, target: u32) {
        let cdns = self.plant.cdns.len() as u32;
        if proxy >= cdns && target != NOBODY {
            let balancer = &mut self.balancers[(proxy - cdns) as usize];
            let state = &mut balancer.targets[target as usize];
            state.outstanding = state.outstanding.saturating_sub(1);
        }
    }

    /// Ends the hops from `from` (included) down to `to` (included): counts links, frees targets.
    /// Returns the time the answer takes over them.
    fn end_hops(&mut self, hops: &[Hop], failed: bool) -> u64 {
        let mut back = 0_u64;
        for hop in hops.iter().rev() {
            let delay = if hop.link == NOBODY {
                self.now - hop.sent_ns
            } else {
                self.plant.links[hop.link as usize].delay_ns
            };
            back = back.saturating_add(delay);
            self.stats.link_end(
                hop.link,
                (self.now - hop.sent_ns).saturating_add(back),
                failed,
            );
            if hop.proxy != NOBODY {
                self.release_target(hop.proxy, hop.target);
                let part = self.part_of_proxy(hop.proxy);
                self.stats.leave(self.now, part, hop.sent_ns);
            }
        }
        back
    }

    /// A request has its result; the answer goes back. `part` is where it failed.
    pub(crate) fn finish(&mut self, handle: Handle, result: Result<(), Reason>, part: u32) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let purpose = job.purpose;
        if let Purpose::Health {
            balancer,
            target,
            generation,
        } = purpose
        {
            let detached = job.answered_to > 0;
            self.jobs.remove(handle);
            if !detached {
                self.health_result(balancer, target, generation, result.is_ok());
            }
            return;
        }
        if let (Err(reason), true) = (result, part != NOBODY) {
            self.stats.cause(self.now, part, reason);
        }
        let (hops, depth, first) = (job.hops, job.depth as usize, job.answered_to as usize);
        let (operation, leg) = (job.operation, job.leg);
        let open = &hops[first.min(depth)..depth];
        // A login goes straight to the server: the way back takes as long as the way there.
        let back = if purpose == Purpose::Login {
            job.arrived_ns.saturating_sub(hops[0].sent_ns)
        } else {
            self.end_hops(open, result.is_err())
        };
        if result.is_ok() {
            self.fill_edges(open, operation, leg);
        }
        if first > 0 {
            self.jobs.remove(handle);
            return;
        }
        let seen = match result {
            Err(Reason::Refused | Reason::ConnectionLost | Reason::OutOfMemory)
                if open.iter().any(|hop| hop.proxy != NOBODY) =>
            {
                Err(Reason::BadGateway502)
            }
            other => other,
        };
        if let Some(job) = self.jobs.get_mut(handle) {
            job.result = seen;
            job.phase = Phase::Answering;
            self.queue
                .schedule(self.now.saturating_add(back), Event::Job(handle));
        }
    }

    /// CDNs on the way keep a static answer.
    fn fill_edges(&mut self, hops: &[Hop], operation: u32, leg: u32) {
        let plan = self.plant.operations[operation as usize].legs[leg as usize];
        if !matches!(plan, LegPlan::Static { .. }) {
            return;
        }
        for hop in hops {
            if let Some(cdn) = self.plant.cdns.get(hop.proxy as usize) {
                let until = self.now.saturating_add(cdn.ttl_ns);
                self.cdns[hop.proxy as usize]
                    .fresh_until
                    .insert((operation, leg), until);
            }
        }
    }

    /// A proxy has waited too long: it answers 504 itself. The work behind it goes on.
    pub(crate) fn proxy_timeout(&mut self, proxy: u32) {
        while let Some((handle, depth)) = self.proxies[proxy as usize].pop_due(self.now) {
            let Some(job) = self.jobs.get_mut(handle) else {
                continue;
            };
            if job.answered_to > depth || job.phase == Phase::Answering {
                continue;
            }
            let first = job.answered_to as usize;
            job.answered_to = depth + 1;
            let mut answer = job.clone();
            let hops = job.hops;
            self.end_hops(&hops[depth as usize..=depth as usize], true);
            let back = self.end_hops(&hops[first..depth as usize], true);
            self.stats.cause(
                self.now,
                self.part_of_proxy(proxy),
                Reason::GatewayTimeout504,
            );
            if first > 0 {
                continue;
            }
            answer.depth = 0;
            answer.answered_to = 0;
            answer.phase = Phase::Answering;
            answer.result = Err(Reason::GatewayTimeout504);
            let visitor = answer.visitor;
            let attempt = answer.attempt;
            let answer = self.jobs.insert(answer);
            if let Some(visitor) = self.visitors.get_mut(visitor)
                && visitor.attempt == attempt
            {
                visitor.job = answer;
            }
            self.queue
                .schedule(self.now.saturating_add(back), Event::Job(answer));
        }
        let jobs = &self.jobs;
        self.proxies[proxy as usize].rearm(&mut self.queue, |(handle, depth)| {
            jobs.get(*handle)
                .is_some_and(|j| j.answered_to <= *depth && j.phase != Phase::Answering)
        });
    }

    /// A request reaches a server without a load balancer before it: one of the instances takes it.
    pub(crate) fn reach_server(&mut self, handle: Handle, server: u32) {
        let plan = &self.plant.servers[server as usize];
        let up: Vec<u32> = (plan.first..plan.first + plan.count)
            .filter(|i| self.instances[*i as usize].state == State::Up)
            .collect();
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        let key = u64::from(job.visitor.index) ^ u64::from(job.visitor.generation) << 32;
        if up.is_empty() {
            let part = plan.part;
            self.stats.part_rate(part);
            return self.finish(handle, Err(Reason::Refused), part);
        }
        let chosen = up[(archplay_kernel::mix(key, 6) % up.len() as u64) as usize];
        job.phase = Phase::ToNode(Node::Instance(chosen));
        self.reach_instance(handle, chosen);
    }

    /// Rebuilds the list of targets that get requests, and tells when it fails open.
    pub(crate) fn refresh_targets(&mut self, balancer: u32) {
        let part = self.plant.balancers[balancer as usize].part;
        let state = &mut self.balancers[balancer as usize];
        let pick = |test: &dyn Fn(&crate::world::Target) -> bool| -> Vec<u32> {
            (0_u32..)
                .zip(&state.targets)
                .filter(|(_, t)| test(t))
                .map(|(i, _)| i)
                .collect()
        };
        let healthy = pick(&|target| target.registered && target.healthy);
        let registered = pick(&|target| target.registered && !target.fresh);
        let open = healthy.is_empty() && !registered.is_empty();
        let opened = open && !state.failing_open;
        state.failing_open = open;
        state.eligible = if open { registered } else { healthy };
        let count = state.eligible.len() as u32;
        self.stats
            .healthy(self.now, balancer, if open { 0 } else { count });
        if opened {
            self.log(EventCode::FailOpen, part, 0, count);
        }
    }
}
