//! The bare loop: what an event-list simulator could do at most on this machine, as the benchmark's yardstick.
//!
//! One binary heap, one ring buffer a queue, one histogram update a request; the workload is compiled in.
//! No plant, no series, no totals, no named streams: it shares no line with the engine, not even the
//! kernel. It is still a true simulation: `tests/bare.rs` holds it to theory.

pub mod heap;
pub mod latencies;
mod networks;
mod random;
mod station;

use std::marker::PhantomData;

use heap::{Entry, Heap, List};
use latencies::Latencies;
pub use networks::{Single, ThreeTier, Turns};
use random::Random;

/// What a workload is: how it starts and what each event does.
pub trait Network {
    /// What can happen.
    type Event: Copy;

    /// Schedules the first events.
    fn begin<L: List<Self::Event>>(&mut self, core: &mut Core<Self::Event, L>);

    /// Lets an event happen; `born` is when its request arrived.
    fn happen<L: List<Self::Event>>(
        &mut self,
        core: &mut Core<Self::Event, L>,
        event: Self::Event,
        born: u64,
    );
}

/// Clock, event list, random numbers and the histogram.
pub struct Core<E, L: List<E>> {
    now: u64,
    seq: u64,
    heap: L,
    events: PhantomData<E>,
    random: Random,
    /// Microseconds from arrival to end.
    latency: L::Latencies,
    sum_ns: u64,
}

impl<E: Copy, L: List<E>> Core<E, L> {
    /// Schedules an event of the request that was born then, some nanoseconds from now.
    #[inline]
    fn schedule(&mut self, after: u64, event: E, born: u64) {
        self.seq += 1;
        self.heap.push(Entry {
            time: self.now + after,
            seq: self.seq,
            born,
            event,
        });
    }

    /// Counts a request that is through.
    #[inline]
    fn finish(&mut self, born: u64) {
        let ns = self.now - born;
        self.latency.record(ns / 1_000);
        self.sum_ns += ns;
    }
}

/// A workload under way.
pub struct Bare<N: Network, L: List<N::Event> = Heap<<N as Network>::Event>> {
    core: Core<N::Event, L>,
    network: N,
    events: u64,
}

impl<N: Network, L: List<N::Event>> Bare<N, L> {
    /// Starts a workload; `None` when the histogram refuses its bounds, which it does not.
    pub fn new(network: N, seed: u64) -> Option<Self> {
        let mut bare = Self {
            core: Core {
                now: 0,
                seq: 0,
                heap: L::new(),
                events: PhantomData,
                random: Random::new(seed),
                latency: L::Latencies::new()?,
                sum_ns: 0,
            },
            network,
            events: 0,
        };
        bare.network.begin(&mut bare.core);
        Some(bare)
    }

    /// Lets so many events happen.
    pub fn advance(&mut self, events: u64) {
        for _ in 0..events {
            let Some(entry) = self.core.heap.pop() else {
                return;
            };
            self.core.now = entry.time;
            self.network.happen(&mut self.core, entry.event, entry.born);
        }
        self.events += events;
    }

    /// How many requests are through.
    pub fn requests(&self) -> u64 {
        self.core.latency.count()
    }

    /// How many events have happened.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The mean time of a request in milliseconds.
    pub fn mean_ms(&self) -> f64 {
        self.core.sum_ns as f64 / self.requests() as f64 / 1e6
    }

    /// The time within which a share of the requests is through, in milliseconds.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        self.core.latency.quantile(share) as f64 / 1e3
    }
}
