//! Databases: connection pools of the servers, slots, statements.

use archplay_kernel::Handle;
use archplay_report::{EventCode, Reason};

use crate::plant::{NOBODY, Step};
use crate::world::{Event, Phase, World};

impl World {
    /// The database and the link behind a pool of an instance.
    fn store_of(&self, instance: u32, pool: u32) -> (u32, u32) {
        let server = self.plant.instances[instance as usize].server;
        self.plant.servers[server as usize].stores[pool as usize]
    }

    /// A request wants to run a statement: it needs a connection first.
    pub(crate) fn ask_store(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let (instance, pool, has) = (job.instance, job.pool, job.connection);
        if has == pool {
            return self.send_statement(handle);
        }
        if has != NOBODY {
            // A transaction over two databases keeps one connection at a time.
            self.release_connection(handle);
        }
        let (store, _) = self.store_of(instance, pool);
        let server = self.plant.instances[instance as usize].server as usize;
        let state = &mut self.instances[instance as usize].pools[pool as usize];
        if state.idle > 0 {
            state.idle -= 1;
            return self.grant(handle);
        }
        let part = self.plant.stores[store as usize].part;
        if state.open < self.plant.servers[server].pool_size {
            let database = &mut self.stores[store as usize];
            if !database.up {
                return self.complete(handle, Err(Reason::ConnectionLost), part);
            }
            if database.slots.value() >= u64::from(self.plant.stores[store as usize].slots) {
                if self.stats.first_limit(part) {
                    let slots = self.plant.stores[store as usize].slots;
                    self.log(EventCode::ConnectionLimit, part, 0, slots);
                }
                return self.complete(handle, Err(Reason::DbConnectionLimit), part);
            }
            database.slots.add(self.now, 1);
            state.open += 1;
            return self.grant(handle);
        }
        state.waiting.push_back(handle);
        if let Some(job) = self.jobs.get_mut(handle) {
            job.phase = Phase::ForConnection;
            job.since_ns = self.now;
        }
        self.pool_waits[server].add(self.now, (handle, self.now), &mut self.queue);
    }

    fn grant(&mut self, handle: Handle) {
        if let Some(job) = self.jobs.get_mut(handle) {
            job.connection = job.pool;
            self.send_statement(handle);
        }
    }

    fn send_statement(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        job.phase = Phase::ToStore;
        let (instance, pool) = (job.instance, job.pool);
        let (_, link) = self.store_of(instance, pool);
        if let Some(job) = self.jobs.get_mut(handle) {
            job.since_ns = self.now;
        }
        self.stats.link_begin(link);
        let delay = self.plant.links[link as usize].delay_ns;
        self.queue
            .schedule(self.now.saturating_add(delay), Event::Job(handle));
    }

    /// The costs of the statement under way: the step before the program counter.
    fn statement(&self, pc: u32) -> (f64, u64) {
        match self.plant.steps[pc as usize - 1] {
            Step::Store {
                cpu_ns, commit_ns, ..
            } => (cpu_ns, commit_ns),
            _ => (0.0, 0),
        }
    }

    /// A statement reaches its database.
    pub(crate) fn reach_store(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let (instance, pool, pc) = (job.instance, job.pool, job.pc);
        let (store, link) = self.store_of(instance, pool);
        let part = self.plant.stores[store as usize].part;
        self.stats.part_rate(part);
        if !self.stores[store as usize].up {
            let span = self.now - job.since_ns;
            self.stats.link_end(link, span, true);
            return self.complete(handle, Err(Reason::ConnectionLost), part);
        }
        self.stats.enter(self.now, part);
        let (cpu_ns, _) = self.statement(pc);
        if let Some(job) = self.jobs.get_mut(handle) {
            job.phase = Phase::OnStore;
            self.stores[store as usize]
                .cpu
                .start(self.now, cpu_ns, handle, &mut self.queue);
        }
    }

    /// Someone on a database's CPU is done: a write becomes durable, then the result goes back.
    pub(crate) fn store_cpu_done(&mut self, store: u32) {
        let cpu = &mut self.stores[store as usize].cpu;
        let Some(handle) = cpu.finish_one(self.now, &mut self.queue) else {
            return;
        };
        // Its server may have died meanwhile; then the database's work was for nothing.
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        if job.phase != Phase::OnStore {
            return;
        }
        job.phase = Phase::FromStore;
        let (instance, pool, pc, since) = (job.instance, job.pool, job.pc, job.since_ns);
        let (_, link) = self.store_of(instance, pool);
        let (_, commit_ns) = self.statement(pc);
        let delay = self.plant.links[link as usize].delay_ns;
        let part = self.plant.stores[store as usize].part;
        let done = self.now.saturating_add(commit_ns);
        self.stats
            .leave_at(self.now, part, since.saturating_add(delay), done);
        self.queue
            .schedule(done.saturating_add(delay), Event::Job(handle));
    }

    /// A result is back at the server.
    pub(crate) fn back_from_store(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let (_, link) = self.store_of(job.instance, job.pool);
        self.stats.link_end(link, self.now - job.since_ns, false);
        if !job.in_transaction {
            self.release_connection(handle);
        }
        self.go_on(handle);
    }

    /// Gives a connection back: the next who waits gets it.
    pub(crate) fn release_connection(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get_mut(handle) else {
            return;
        };
        let (instance, pool) = (job.instance, job.connection);
        if pool == NOBODY {
            return;
        }
        job.connection = NOBODY;
        let (store, _) = self.store_of(instance, pool);
        debug_assert!(
            self.stores[store as usize].up,
            "connections die with their database"
        );
        let state = &mut self.instances[instance as usize].pools[pool as usize];
        while let Some(next) = state.waiting.pop_front() {
            if self
                .jobs
                .get(next)
                .is_some_and(|job| job.phase == Phase::ForConnection)
            {
                return self.grant(next);
            }
        }
        state.idle += 1;
    }

    /// Those who have waited too long for a connection fail.
    pub(crate) fn pool_timeout(&mut self, server: u32) {
        let waits = |world: &Self, (handle, since): &(Handle, u64)| {
            world
                .jobs
                .get(*handle)
                .is_some_and(|job| job.phase == Phase::ForConnection && job.since_ns == *since)
        };
        while let Some(wait) = self.pool_waits[server as usize].pop_due(self.now) {
            if waits(self, &wait) {
                let part = self.plant.servers[server as usize].part;
                self.complete(wait.0, Err(Reason::PoolTimeout), part);
            }
        }
        let jobs = &self.jobs;
        self.pool_waits[server as usize].rearm(&mut self.queue, |(handle, since)| {
            jobs.get(*handle)
                .is_some_and(|job| job.phase == Phase::ForConnection && job.since_ns == *since)
        });
    }

    /// A request whose server dies leaves the database it is in.
    pub(crate) fn leave_store_if_inside(&mut self, handle: Handle) {
        let Some(job) = self.jobs.get(handle) else {
            return;
        };
        let (instance, pool, since, phase) = (job.instance, job.pool, job.since_ns, job.phase);
        if !matches!(phase, Phase::ToStore | Phase::OnStore | Phase::FromStore) {
            return;
        }
        let (store, link) = self.store_of(instance, pool);
        self.stats.link_end(link, self.now - since, true);
        if phase == Phase::OnStore {
            let delay = self.plant.links[link as usize].delay_ns;
            let part = self.plant.stores[store as usize].part;
            self.stats
                .leave(self.now, part, since.saturating_add(delay));
        }
    }

    /// A database dies: statements, connections and those who wait for one are lost.
    pub(crate) fn kill_store(&mut self, store: u32) {
        let part = self.plant.stores[store as usize].part;
        let database = &mut self.stores[store as usize];
        database.up = false;
        let slots = database.slots.value();
        database.slots.sub(self.now, slots);
        database.cpu.clear(self.now, &mut self.queue);
        let mut lost = Vec::new();
        let mut cut = Vec::new();
        for (handle, job) in self.jobs.iter() {
            let inside = matches!(job.phase, Phase::OnStore | Phase::ForConnection);
            if inside && self.store_of(job.instance, job.pool).0 == store {
                lost.push(handle);
            }
            if job.connection != NOBODY && self.store_of(job.instance, job.connection).0 == store {
                cut.push(handle);
            }
        }
        for handle in cut {
            if let Some(job) = self.jobs.get_mut(handle) {
                job.connection = NOBODY;
            }
        }
        for i in 0..self.instances.len() {
            let server = self.plant.instances[i].server as usize;
            for (p, (linked, _)) in self.plant.servers[server].stores.iter().enumerate() {
                if *linked == store {
                    self.instances[i].pools[p] = crate::world::Pool::default();
                }
            }
        }
        for handle in lost {
            self.leave_store_if_inside(handle);
            self.complete(handle, Err(Reason::ConnectionLost), part);
        }
    }
}
