//! Auto-scaling groups: scheduled actions, target tracking, booting, draining.

use archplay_report::EventCode;

use crate::world::{Event, State, World};

/// Below this share of the target the group may scale in.
const IN_BELOW: f64 = 0.9;

impl World {
    /// Plans a group's samples and scheduled actions.
    pub(crate) fn begin_group(&mut self, group: u32, _part: u32) {
        let plan = &self.plant.groups[group as usize];
        self.queue
            .schedule(plan.period_ns, Event::GroupSample(group));
        for (i, (at, _)) in (0_u32..).zip(&plan.schedule) {
            self.queue
                .schedule(*at, Event::Scheduled { group, action: i });
        }
        let (server, desired) = (plan.server, self.groups[group as usize].desired);
        self.stats.desired(self.now, server, desired);
    }

    /// A scheduled action: this many at least, and as many now. It ignores every cooldown.
    pub(crate) fn scheduled(&mut self, group: u32, action: u32) {
        let plan = &self.plant.groups[group as usize];
        let (_, count) = plan.schedule[action as usize];
        let (max, part) = (plan.max, plan.part);
        let before = self.groups[group as usize].desired;
        let state = &mut self.groups[group as usize];
        state.min = count.min(max);
        state.desired = count.min(max);
        (state.above, state.below) = (0, 0);
        let after = state.desired;
        self.log(EventCode::Scheduled, part, before, after);
        self.apply_desired(group);
    }

    /// A sample of the metric: mean CPU utilisation of the instances that are warm, over one period.
    pub(crate) fn sample_group(&mut self, group: u32) {
        let plan = self.plant.groups[group as usize].clone();
        self.queue.schedule(
            self.now.saturating_add(plan.period_ns),
            Event::GroupSample(group),
        );
        let server = &self.plant.servers[plan.server as usize];
        let (mut busy, mut capacity, mut up) = (0.0, 0.0, 0_u32);
        for i in server.first..server.first + server.count {
            let now = self.now;
            let instance = &mut self.instances[i as usize];
            instance.cpu.settle(now);
            let delta = instance.cpu.busy_ns - instance.sampled_busy_ns;
            instance.sampled_busy_ns = instance.cpu.busy_ns;
            if instance.state != State::Up {
                continue;
            }
            up += 1;
            // Present through the whole period and past its warm-up.
            let known_since = instance.up_since
                + if instance.up_since == 0 {
                    0
                } else {
                    plan.warmup_ns
                };
            if known_since + plan.period_ns <= now {
                busy += delta;
                capacity += instance.cpu.cores() * plan.period_ns as f64;
            }
        }
        if plan.tracking && capacity > 0.0 {
            self.track(group, busy / capacity, up);
        }
        self.replace_dead(group);
        self.apply_desired(group);
    }

    fn track(&mut self, group: u32, metric: f64, up: u32) {
        let plan = &self.plant.groups[group as usize];
        let (target, max, part) = (plan.target, plan.max, plan.part);
        let (out_points, in_points) = (plan.out_points, plan.in_points);
        let state = &mut self.groups[group as usize];
        state.above = if metric > target { state.above + 1 } else { 0 };
        state.below = if metric < target * IN_BELOW {
            state.below + 1
        } else {
            0
        };
        // As many as would bring the same work to the target.
        let needed = (f64::from(up) * metric / target).min(1e6);
        let needed = needed as u32 + u32::from(needed.fract() > 0.0);
        let before = state.desired;
        if state.above >= out_points && needed > state.desired {
            state.desired = needed.min(max);
        } else if state.below >= in_points && needed < state.desired {
            state.desired = needed.max(state.min);
            state.below = 0;
        }
        let after = state.desired;
        if after > before {
            self.log(EventCode::ScaleOut, part, before, after);
        } else if after < before {
            self.log(EventCode::ScaleIn, part, before, after);
        }
    }

    /// Instances that died are given up: their slot is free for a new one.
    fn replace_dead(&mut self, group: u32) {
        let server = self.plant.groups[group as usize].server;
        let plan = &self.plant.servers[server as usize];
        for i in plan.first..plan.first + plan.count {
            if self.instances[i as usize].state == State::Dead {
                self.instances[i as usize].state = State::Off;
                self.deregister(i);
            }
        }
    }

    /// Starts or stops instances until there are as many as desired.
    pub(crate) fn apply_desired(&mut self, group: u32) {
        let plan = &self.plant.groups[group as usize];
        let (server, boot_ns) = (plan.server, plan.boot_ns);
        let desired = self.groups[group as usize].desired;
        let range = {
            let server = &self.plant.servers[server as usize];
            server.first..server.first + server.count
        };
        let is = |world: &Self, i: u32, state: State| world.instances[i as usize].state == state;
        let mut there = range
            .clone()
            .filter(|i| {
                is(self, *i, State::Up)
                    || is(self, *i, State::Booting)
                    || is(self, *i, State::Restarting)
            })
            .count() as u32;
        for i in range.clone() {
            let instance = &mut self.instances[i as usize];
            if there < desired && instance.state == State::Off && !instance.blocked {
                instance.state = State::Booting;
                instance.generation = instance.generation.wrapping_add(1);
                let event = Event::Ready {
                    instance: i,
                    generation: instance.generation,
                };
                self.queue.schedule(self.now.saturating_add(boot_ns), event);
                there += 1;
            }
        }
        // Those that are still booting go first, then the last.
        for state in [State::Booting, State::Up] {
            for i in range.clone().rev() {
                if there > desired && is(self, i, state) {
                    there -= 1;
                    self.stop(i);
                }
            }
        }
        self.count_instances(server);
        self.stats.desired(self.now, server, desired);
    }

    fn stop(&mut self, instance: u32) {
        let state = &mut self.instances[instance as usize];
        state.generation = state.generation.wrapping_add(1);
        if state.state == State::Up {
            state.state = State::Draining;
            self.deregister(instance);
            self.finish_draining(instance);
        } else {
            state.state = State::Off;
        }
    }

    /// A draining instance that has nothing left goes.
    pub(crate) fn finish_draining(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        if state.state != State::Draining
            || state.busy.value() > 0
            || state.logins > 0
            || !state.backlog.is_empty()
        {
            return;
        }
        let server = self.plant.instances[instance as usize].server;
        self.close_pools(instance);
        self.instances[instance as usize].state = State::Off;
        self.count_instances(server);
    }

    fn close_pools(&mut self, instance: u32) {
        let server = self.plant.instances[instance as usize].server as usize;
        for p in 0..self.instances[instance as usize].pools.len() {
            let (store, _) = self.plant.servers[server].stores[p];
            let pool = std::mem::take(&mut self.instances[instance as usize].pools[p]);
            self.stores[store as usize]
                .slots
                .sub(self.now, u64::from(pool.open));
        }
    }
}
