//! The bare loop for a browser's worker: plain exports, driven in slices by
//! `tests/e2e/bench-engine.mjs`.

#[path = "../bare/mod.rs"]
#[expect(dead_code, reason = "the browser needs a part of it")]
mod bare;

use std::cell::RefCell;

use bare::heap::List;
use bare::{Bare, Network, Single, ThreeTier, Turns};

/// A workload under way.
enum Workload {
    Single(Box<Bare<Single>>),
    ThreeTier(Box<Bare<ThreeTier>>),
}

thread_local! {
    static UNDER_WAY: RefCell<Option<Workload>> = const { RefCell::new(None) };
}

/// Starts a workload: 0 is three-tier, any other number that many workers at one station.
#[unsafe(no_mangle)]
pub extern "C" fn start(workers: u32, seed: u32) {
    let seed = u64::from(seed);
    let workload = match workers {
        0 => Bare::new(ThreeTier::new(Turns::RoundRobin), seed)
            .map(|bare| Workload::ThreeTier(Box::new(bare))),
        workers => {
            Bare::new(Single::new(workers), seed).map(|bare| Workload::Single(Box::new(bare)))
        }
    };
    UNDER_WAY.set(workload);
}

/// Lets so many events happen and returns how many requests are through.
#[unsafe(no_mangle)]
pub extern "C" fn advance(events: u32) -> f64 {
    UNDER_WAY.with_borrow_mut(|under_way| match under_way {
        Some(Workload::Single(bare)) => through(bare, events),
        Some(Workload::ThreeTier(bare)) => through(bare, events),
        None => 0.0,
    })
}

fn through<N: Network, L: List<N::Event>>(bare: &mut Bare<N, L>, events: u32) -> f64 {
    bare.advance(u64::from(events));
    bare.requests() as f64
}

/// The mean time of a request in milliseconds.
#[unsafe(no_mangle)]
pub extern "C" fn mean_ms() -> f64 {
    UNDER_WAY.with_borrow(|under_way| match under_way {
        Some(Workload::Single(bare)) => bare.mean_ms(),
        Some(Workload::ThreeTier(bare)) => bare.mean_ms(),
        None => f64::NAN,
    })
}
