//! The three workloads of the benchmark, compiled in.

use super::heap::List;
use super::station::Station;
use super::{Core, Network};

const MS: f64 = 1e6;

/// One station with Poisson arrivals: M/M/c.
pub struct Single {
    gap_ns: f64,
    station: Station,
}

impl Single {
    /// Requests a second.
    pub const RATE: f64 = 800.0;

    /// M/M/c at 80 %: each worker adds a millisecond to the mean service.
    pub fn new(workers: u32) -> Self {
        Self {
            gap_ns: 1e9 / Self::RATE,
            station: Station::new(workers, f64::from(workers) * MS),
        }
    }

    /// A worker for everyone, and so many requests inside in the mean.
    pub fn crowd(inside: u32) -> Self {
        let gap_ns = 1e9 / Self::RATE;
        Self {
            gap_ns,
            station: Station::new(u32::MAX, f64::from(inside) * gap_ns),
        }
    }

    #[inline]
    fn serve<L: List<SingleEvent>>(&self, core: &mut Core<SingleEvent, L>, born: u64) {
        let service = core.random.exponential(self.station.mean_ns);
        core.schedule(service, SingleEvent::Served, born);
    }
}

/// What happens at one station.
#[derive(Clone, Copy)]
pub enum SingleEvent {
    /// A request comes.
    Arrival,
    /// A worker is done.
    Served,
}

impl Network for Single {
    type Event = SingleEvent;

    fn begin<L: List<SingleEvent>>(&mut self, core: &mut Core<SingleEvent, L>) {
        let gap = core.random.exponential(self.gap_ns);
        core.schedule(gap, SingleEvent::Arrival, 0);
    }

    #[inline]
    fn happen<L: List<SingleEvent>>(
        &mut self,
        core: &mut Core<SingleEvent, L>,
        event: SingleEvent,
        born: u64,
    ) {
        match event {
            SingleEvent::Arrival => {
                let gap = core.random.exponential(self.gap_ns);
                core.schedule(gap, SingleEvent::Arrival, 0);
                let born = core.now;
                if self.station.arrive(born) {
                    self.serve(core, born);
                }
            }
            SingleEvent::Served => {
                core.finish(born);
                if let Some(next) = self.station.next() {
                    self.serve(core, next);
                }
            }
        }
    }
}

/// How the balancer chooses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    /// One after the other.
    RoundRobin,
    /// By lot: then every station is M/M/c, by Burke's and Jackson's theorems.
    Random,
}

/// A balancer over 4 servers of 8 workers, a cache that answers 80 %, a database with 20 connections.
pub struct ThreeTier {
    turns: Turns,
    turn: u32,
    servers: [Station; 4],
    database: Station,
}

/// What happens in the three tiers.
#[derive(Clone, Copy)]
pub enum TierEvent {
    /// A request comes to the balancer.
    Arrival,
    /// A worker of this server is done.
    Server(u32),
    /// The cache has answered.
    Cache,
    /// A connection of the database is done.
    Database,
}

impl ThreeTier {
    /// Requests a second.
    pub const RATE: f64 = 1_280.0;
    /// Mean service of a server: 4 × 8 workers are busy 80 % of the time.
    pub const SERVER_MS: f64 = 20.0;
    /// The cache's constant time.
    pub const CACHE_MS: f64 = 1.0;
    /// The share that the cache does not have.
    pub const MISSES: f64 = 0.2;
    /// Mean service of the database: 20 connections are busy 80 % of the time.
    pub const DATABASE_MS: f64 = 62.5;

    /// Makes it with all workers idle.
    pub fn new(turns: Turns) -> Self {
        Self {
            turns,
            turn: 0,
            servers: [(); 4].map(|()| Station::new(8, Self::SERVER_MS * MS)),
            database: Station::new(20, Self::DATABASE_MS * MS),
        }
    }

    #[inline]
    fn arrival<L: List<TierEvent>>(core: &mut Core<TierEvent, L>) {
        let gap = core.random.exponential(1e9 / Self::RATE);
        core.schedule(gap, TierEvent::Arrival, 0);
    }

    #[inline]
    fn serve<L: List<TierEvent>>(
        core: &mut Core<TierEvent, L>,
        mean_ns: f64,
        event: TierEvent,
        born: u64,
    ) {
        let service = core.random.exponential(mean_ns);
        core.schedule(service, event, born);
    }

    #[inline]
    fn choose<L: List<TierEvent>>(&mut self, core: &mut Core<TierEvent, L>) -> u32 {
        match self.turns {
            Turns::RoundRobin => self.turn = (self.turn + 1) % 4,
            Turns::Random => self.turn = core.random.below(4) as u32,
        }
        self.turn
    }
}

impl Network for ThreeTier {
    type Event = TierEvent;

    fn begin<L: List<TierEvent>>(&mut self, core: &mut Core<TierEvent, L>) {
        Self::arrival(core);
    }

    #[inline]
    fn happen<L: List<TierEvent>>(
        &mut self,
        core: &mut Core<TierEvent, L>,
        event: TierEvent,
        born: u64,
    ) {
        match event {
            TierEvent::Arrival => {
                Self::arrival(core);
                let index = self.choose(core);
                let server = &mut self.servers[index as usize];
                let born = core.now;
                if server.arrive(born) {
                    Self::serve(core, server.mean_ns, TierEvent::Server(index), born);
                }
            }
            TierEvent::Server(index) => {
                core.schedule((Self::CACHE_MS * MS) as u64, TierEvent::Cache, born);
                let server = &mut self.servers[index as usize];
                if let Some(next) = server.next() {
                    Self::serve(core, server.mean_ns, event, next);
                }
            }
            TierEvent::Cache => {
                if core.random.unit() >= Self::MISSES {
                    core.finish(born);
                } else if self.database.arrive(born) {
                    Self::serve(core, self.database.mean_ns, TierEvent::Database, born);
                }
            }
            TierEvent::Database => {
                core.finish(born);
                if let Some(next) = self.database.next() {
                    Self::serve(core, self.database.mean_ns, event, next);
                }
            }
        }
    }
}
