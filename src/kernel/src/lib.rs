//! The simulation kernel: clock, event queue, random streams, samplers, histograms, gauges.
//!
//! Everything here is a function of its inputs: integer nanoseconds, software floating-point functions
//! (`libm`), ordered collections. It knows no component, no document, no clock on the wall.

mod alarm;
mod cache;
mod curve;
mod deadlines;
mod draw;
mod fastlog;
mod gauge;
mod heap;
mod histogram;
mod ids;
mod near;
mod normal;
mod pending;
mod queue;
mod ranked;
pub mod ring;
mod rounds;
mod select;
mod slab;
mod spread;
mod stream;
mod wide;
mod zipf;

pub use alarm::{AlarmState, AlarmWindow, MissingSample};
pub use cache::{FOREVER, KeyStore, Policy};
pub use curve::RateCurve;
pub use deadlines::Deadlines;
pub use draw::{Draws, exp_of, unit_of};
pub use fastlog::minus_ln;
pub use gauge::Gauge;
pub use heap::MinHeap;
pub use histogram::Histogram;
pub use ids::{IdGenerator, IdScheme, Issued};
pub use normal::normal_quantile;
pub use queue::{EventQueue, TimerId};
pub use ranked::RankedHeap;
pub use rounds::Rounds;
pub use select::select;
pub use slab::{Handle, Slab};
pub use spread::{BatchSize, Sampler, Spread};
pub use stream::{Stream, mix, text_key};
pub use wide::Wide;
pub use zipf::Zipf;

/// Nanoseconds in a second.
pub const NS_PER_SEC: u64 = 1_000_000_000;

/// Turns seconds into nanoseconds, the nearest whole number (of two the even one); negative and NaN give 0, what is too long gives `u64::MAX / 4`
/// (over 140 years), so that sums of a few cannot overflow.
#[must_use]
#[inline]
pub fn ns_from_secs(secs: f64) -> u64 {
    ns_from_ns(secs * 1e9)
}

/// Rounds nanoseconds, with the same limits as [`ns_from_secs`].
#[must_use]
#[inline]
pub fn ns_from_ns(ns: f64) -> u64 {
    // From 2⁵² on a float is whole: adding that rounds, and the bits behind the exponent are the number. What has a sign
    // or is no number has greater bits.
    const WHOLE: f64 = (1_u64 << 52) as f64;
    const NEAR: f64 = (1_u64 << 51) as f64;
    if ns.to_bits() < NEAR.to_bits() {
        (ns + WHOLE).to_bits() - WHOLE.to_bits()
    } else {
        far_ns(ns)
    }
}

/// The same for times of more than a month, and for what is no time.
#[cold]
#[inline(never)]
fn far_ns(ns: f64) -> u64 {
    const LONGEST: f64 = (u64::MAX / 4) as f64;
    if ns >= LONGEST {
        u64::MAX / 4
    } else if ns > 0.0 {
        ns.round_ties_even() as u64
    } else {
        0
    }
}

/// Turns milliseconds into nanoseconds, as [`ns_from_secs`].
#[must_use]
pub fn ns_from_ms(ms: f64) -> u64 {
    ns_from_secs(ms / 1e3)
}

/// Turns nanoseconds into seconds.
#[must_use]
pub fn secs_from_ns(ns: u64) -> f64 {
    ns as f64 / 1e9
}
