//! Visitors: arrivals, journeys, patience, refreshes. Everything that belongs to a visitor is drawn from
//! the visitor's own numbers, so two designs under one seed meet the same people.

mod arrivals;
mod attempts;
mod ends;
mod login;

use archplay_kernel::{Handle, Rounds, Slab, mix};

use self::arrivals::{Process, Start};
use crate::core::{Core, Event};
use crate::plant::{NodeId, Plant};

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
    /// One request is all that the visitor came for: with its answer the visit ends.
    pub asks_once: bool,
}

impl Visitor {
    /// Whether this attempt's answer is still waited for.
    #[inline(always)]
    pub(crate) const fn waits_for(&self, attempt: u32) -> bool {
        self.waiting && self.attempt == attempt
    }

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

    /// The key of the call that this try of the request sends for its leg: a refresh asks for the same rows again,
    /// how long the work takes is drawn anew.
    #[inline(always)]
    const fn call_key(&self, step_key: u64) -> u64 {
        mix(mix(step_key, self.tries), 10 + self.leg as u64)
    }
}

/// Who is there.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub visitors: Slab<Visitor>,
    pub audiences: Vec<Audience>,
}

/// An audience as it comes.
#[derive(Clone, Debug)]
pub(crate) struct Audience {
    process: Process,
    /// How its visitors begin, where nothing about that has to be chosen.
    start: Option<Start>,
    pub patience: Rounds<(Handle, u32)>,
}

impl People {
    pub(crate) fn new(plant: &Plant, queue: &mut crate::core::Queue) -> Self {
        let audiences = (0_u32..).zip(&plant.audiences).map(|(i, audience)| {
            let timer = queue.add_timer(Event::Patience(i));
            Audience {
                process: Process::new(plant.seed, audience),
                start: Start::of(plant, audience),
                patience: Rounds::new(audience.timeout_ns, timer),
            }
        });
        Self {
            visitors: Slab::default(),
            audiences: audiences.collect(),
        }
    }
}

impl Core {
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
