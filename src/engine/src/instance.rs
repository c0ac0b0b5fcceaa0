//! Servers at work: workers, backlog, CPU, network card, memory.

use archplay_kernel::Handle;
use archplay_report::{EventCode, Reason};

use crate::plant::{NOBODY, Step};
use crate::world::{Event, Phase, Pool, Purpose, State, World};

/// CPU time of a health check's answer, in nanoseconds.
const HEALTH_CPU_NS: f64 = 1e6;
/// Memory of one remote login, in bytes.
const LOGIN_MEMORY: f64 = 16.0 * 1_048_576.0;

impl World {
    /// Brings up what is there from the beginning.
    pub(crate) fn begin_instances(&mut self) {
        for server in 0..self.plant.servers.len() {
            let plan = &self.plant.servers[server];
            let (first, part, group) = (plan.first, plan.part, plan.group);
            let count = group
                .map_or(1, |group| self.groups[group as usize].desired)
                .min(plan.count);
            for i in first..first + count {
                self.instances[i as usize].state = State::Up;
                self.register(i, true);
            }
            self.count_instances(server as u32);
            if let Some(group) = group {
                self.begin_group(group, part);
            }
        }
    }

    /// Tells the statistics how many instances there are in which state.
    pub(crate) fn count_instances(&mut self, server: u32) {
        let plan = &self.plant.servers[server as usize];
        let (mut up, mut booting, mut paid) = (0, 0, 0);
        for i in plan.first..plan.first + plan.count {
            match self.instances[i as usize].state {
                State::Up => up += 1,
                State::Booting | State::Restarting => booting += 1,
                State::Draining => paid += 1,
                State::Off | State::Dead => {}
            }
        }
        self.stats
            .instances(self.now, server, up, booting, up + booting + paid);
    }

    /// The instance an administrator logs in to: one visit after the other goes round.
    pub(crate) fn instance_for_login(&self, key: u64) -> Option<u32> {
        let present = |i: &u32| {
            !matches!(
                self.instances[*i as usize].state,
                State::Off | State::Booting
            )
        };
        let list: Vec<u32> = (0..self.instances.len() as u32).filter(present).collect();
        if list.is_empty() {
            None
        } else {
            Some(list[(key % list.len() as u64) as usize])
        }
    }

    /// A request reaches an instance.
    pub(crate) fn reach_instance(&mut self, handle: Handle, instance: u32) {
        let part = self.part_of_instance(instance);
        let server = self.plant.instances[instance as usize].server as usize;
        let (workers, backlog) = (
            self.plant.servers[server].workers,
            self.plant.servers[server].backlog,
        );
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        let purpose = job.purpose;
        job.arrived_ns = self.now;
        if matches!(purpose, Purpose::Page) {
            self.stats.part_rate(part);
        }
        let state = &mut self.instances[instance as usize];
        if !matches!(state.state, State::Up | State::Draining) {
            return self.finish(handle, Err(Reason::Refused), part);
        }
        job.instance = instance;
        if purpose == Purpose::Login {
            state.logins += 1;
            self.stats.enter(self.now, part);
            let mean = self.plant.operations[job.operation as usize].login_ns;
            let work = job.stream.exponential(mean);
            job.phase = Phase::OnCpu;
            state.cpu.start(self.now, work, handle, &mut self.queue);
        } else if state.busy.value() < u64::from(workers) {
            self.stats.enter(self.now, part);
            self.begin_work(handle, instance);
        } else if state.backlog.len() < backlog {
            job.phase = Phase::Backlog;
            state.backlog.push_back(handle);
            state.backlog_gauge.add(self.now, 1);
            self.stats.enter(self.now, part);
        } else {
            job.instance = NOBODY;
            if self.stats.first_refusal(part) {
                self.log(EventCode::BacklogFull, part, 0, backlog as u32);
            }
            return self.finish(handle, Err(Reason::Refused), part);
        }
        self.check_memory(instance);
    }

    /// A worker takes a request.
    fn begin_work(&mut self, handle: Handle, instance: u32) {
        let server = self.plant.instances[instance as usize].server as usize;
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        self.instances[instance as usize].busy.add(self.now, 1);
        if matches!(job.purpose, Purpose::Health { .. }) {
            job.phase = Phase::OnCpu;
            let cpu = &mut self.instances[instance as usize].cpu;
            cpu.start(self.now, HEALTH_CPU_NS, handle, &mut self.queue);
            return;
        }
        let programs = &self.plant.servers[server].programs;
        (job.pc, job.end) = programs[job.operation as usize][job.leg as usize];
        self.go_on(handle);
    }

    /// Takes the next steps of a request's program until one takes time.
    pub(crate) fn go_on(&mut self, handle: Handle) {
        loop {
            let Some(job) = self.jobs.get_mut(handle) else {
                return;
            };
            if job.pc >= job.end {
                return self.complete(handle, Ok(()), NOBODY);
            }
            let step = self.plant.steps[job.pc as usize];
            job.pc += 1;
            let instance = job.instance as usize;
            match step {
                Step::Cpu {
                    mean_ns,
                    exponential,
                } => {
                    let work = if exponential {
                        job.stream.exponential(mean_ns)
                    } else {
                        mean_ns
                    };
                    if work > 0.0 {
                        job.phase = Phase::OnCpu;
                        self.instances[instance]
                            .cpu
                            .start(self.now, work, handle, &mut self.queue);
                        return;
                    }
                }
                Step::Send { bytes } => {
                    job.phase = Phase::Sending;
                    return self.send(handle, instance as u32, bytes);
                }
                Step::Begin => job.in_transaction = true,
                Step::End => {
                    job.in_transaction = false;
                    self.release_connection(handle);
                }
                Step::Store { pool, .. } => {
                    job.pool = pool;
                    return self.ask_store(handle);
                }
                Step::NoRoute => {
                    let part = self.part_of_instance(instance as u32);
                    return self.complete(handle, Err(Reason::NoRoute), part);
                }
            }
        }
    }

    /// Bytes wait for the network card, one answer after the other; the worker waits with them.
    fn send(&mut self, handle: Handle, instance: u32, bytes: u64) {
        let server = self.plant.instances[instance as usize].server;
        let span = (bytes as f64 * self.plant.servers[server as usize].nic_ns_per_byte) as u64;
        let state = &mut self.instances[instance as usize];
        let begin = state.nic_free_ns.max(self.now);
        state.nic_free_ns = begin.saturating_add(span);
        self.stats.sent(server, bytes, span);
        self.queue.schedule(state.nic_free_ns, Event::Job(handle));
    }

    /// Someone on an instance's CPU is done.
    pub(crate) fn instance_cpu_done(&mut self, instance: u32) {
        let cpu = &mut self.instances[instance as usize].cpu;
        if let Some(handle) = cpu.finish_one(self.now, &mut self.queue) {
            self.go_on(handle);
        }
    }

    /// A request leaves the instance: worker and connection are free again.
    pub(crate) fn complete(&mut self, handle: Handle, result: Result<(), Reason>, part: u32) {
        self.release_connection(handle);
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let (instance, purpose, arrived) = (job.instance, job.purpose, job.arrived_ns);
        let own_part = self.part_of_instance(instance);
        self.stats.leave(self.now, own_part, arrived);
        let state = &mut self.instances[instance as usize];
        let mut next = None;
        if purpose == Purpose::Login {
            state.logins = state.logins.saturating_sub(1);
        } else {
            state.busy.sub(self.now, 1);
            next = state.backlog.pop_front();
            if next.is_some() {
                state.backlog_gauge.sub(self.now, 1);
            }
        }
        self.finish(handle, result, part);
        if let Some(next) = next {
            self.begin_work(next, instance);
        }
        self.finish_draining(instance);
    }

    /// Memory in use / memory of an instance; 0 for one that is not there.
    pub(crate) fn memory_share(&self, instance: u32) -> f64 {
        let server = self.plant.instances[instance as usize].server;
        let plan = &self.plant.servers[server as usize];
        let state = &self.instances[instance as usize];
        if !matches!(state.state, State::Up | State::Draining) {
            return 0.0;
        }
        let used = plan.base_memory
            + state.busy.value() as f64 * plan.request_memory
            + state.backlog.len() as f64 * plan.connection_memory
            + f64::from(state.logins) * LOGIN_MEMORY;
        used / plan.memory
    }

    /// Kills the process when the instance's memory is used up. The system has no swap.
    fn check_memory(&mut self, instance: u32) {
        let server = self.plant.instances[instance as usize].server;
        let share = self.memory_share(instance);
        self.stats.memory(server, share);
        if share <= 1.0 {
            return;
        }
        let plan = &self.plant.servers[server as usize];
        let (part, after) = (plan.part, plan.restart_ns);
        let state = &mut self.instances[instance as usize];
        state.state = State::Restarting;
        state.generation = state.generation.wrapping_add(1);
        let event = Event::Ready {
            instance,
            generation: state.generation,
        };
        self.queue.schedule(self.now.saturating_add(after), event);
        self.log(EventCode::OutOfMemory, part, 1, 0);
        self.drop_inside(instance, Reason::OutOfMemory);
        self.count_instances(server);
    }

    /// Everything inside an instance is lost for one reason; it is empty afterwards.
    pub(crate) fn drop_inside(&mut self, instance: u32, reason: Reason) {
        let part = self.part_of_instance(instance);
        let inside: Vec<(Handle, u64)> = self
            .jobs
            .iter()
            .filter(|(_, job)| {
                job.instance == instance
                    && !matches!(job.phase, Phase::ToNode(_) | Phase::Answering)
            })
            .map(|(handle, job)| (handle, job.arrived_ns))
            .collect();
        let server = self.plant.instances[instance as usize].server as usize;
        let state = &mut self.instances[instance as usize];
        let busy = state.busy.value();
        state.busy.sub(self.now, busy);
        let waiting = state.backlog_gauge.value();
        state.backlog_gauge.sub(self.now, waiting);
        state.backlog.clear();
        state.logins = 0;
        state.nic_free_ns = self.now;
        state.cpu.clear(self.now, &mut self.queue);
        for (i, pool) in state.pools.iter_mut().enumerate() {
            let (store, _) = self.plant.servers[server].stores[i];
            self.stores[store as usize]
                .slots
                .sub(self.now, u64::from(pool.open));
            *pool = Pool::default();
        }
        for (handle, arrived) in inside {
            self.leave_store_if_inside(handle);
            self.stats.leave(self.now, part, arrived);
            if let Some(handle) = self.rename(handle) {
                self.finish(handle, Err(reason), part);
            }
        }
    }

    /// Gives a request a new handle, so that events on their way to it find nothing.
    fn rename(&mut self, handle: Handle) -> Option<Handle> {
        let mut job = self.jobs.remove(handle)?;
        job.connection = NOBODY;
        let (visitor, attempt) = (job.visitor, job.attempt);
        let new = self.jobs.insert(job);
        if let Some(visitor) = self.visitors.get_mut(visitor)
            && visitor.attempt == attempt
            && visitor.job == handle
        {
            visitor.job = new;
        }
        Some(new)
    }

    /// An instance has booted, or its process is back.
    pub(crate) fn ready(&mut self, instance: u32, generation: u32) {
        let state = &mut self.instances[instance as usize];
        if state.generation != generation {
            return;
        }
        let server = self.plant.instances[instance as usize].server;
        let part = self.plant.servers[server as usize].part;
        match state.state {
            State::Booting => {
                state.state = State::Up;
                state.up_since = self.now;
                self.register(instance, false);
            }
            State::Restarting => {
                state.state = State::Up;
                state.up_since = self.now;
                self.log(EventCode::Restarted, part, 0, 1);
            }
            State::Off | State::Up | State::Draining | State::Dead => return,
        }
        self.count_instances(server);
        if !self.watched(instance) {
            self.tell_in_service(instance);
        }
    }

    /// Tells that an instance takes requests.
    pub(crate) fn tell_in_service(&mut self, instance: u32) {
        let server = self.plant.instances[instance as usize].server;
        let plan = &self.plant.servers[server as usize];
        let up = (plan.first..plan.first + plan.count)
            .filter(|i| self.instances[*i as usize].state == State::Up)
            .count();
        self.log(EventCode::InService, plan.part, 0, up as u32);
    }
}
