//! Schemes that make identifiers, with their real layouts, so that collisions come out of what was made.
//!
//! Whether a stored identifier is taken already is for the store that has it; how likely that is stands in
//! the theory crate.

use crate::Stream;

const NS_PER_MS: u64 = 1_000_000;
const SEQUENCE_BITS: u32 = 12;
const MACHINE_BITS: u32 = 10;
/// The greatest sequence number of a Snowflake within a millisecond.
const LAST_SEQUENCE: u64 = (1 << SEQUENCE_BITS) - 1;

/// How identifiers are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdScheme {
    /// The clock in milliseconds and nothing else.
    TimestampMs,
    /// The clock in milliseconds, followed by random bits (at most 64).
    TimestampRandom {
        /// How many random bits.
        bits: u32,
    },
    /// Random bits (at most 64) and nothing else.
    Random {
        /// How many bits.
        bits: u32,
    },
    /// 1, 2, 3, … from one counter.
    AutoIncrement,
    /// 122 random bits (RFC 9562, section 5.4).
    UuidV4,
    /// 48 bits of milliseconds, 74 random bits (RFC 9562, section 5.7).
    UuidV7,
    /// 41 bits of milliseconds, 10 bits of machine, 12 bits of sequence (Twitter, 2010).
    Snowflake {
        /// The machine's number, below 1,024. Two machines with one number make the same identifiers.
        machine: u16,
        /// What to do when the clock steps back: `false` makes nothing until it has caught up, `true`
        /// goes on and repeats identifiers.
        repeats: bool,
    },
}

/// What came of asking for an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    /// The identifier, at most 128 bits.
    Id(u128),
    /// None now; ask again after so many nanoseconds.
    Wait(u64),
}

/// One generator: a scheme and what it remembers.
#[derive(Clone, Debug)]
pub struct IdGenerator {
    scheme: IdScheme,
    /// The millisecond of the last identifier.
    last_ms: u64,
    /// The next sequence number within it, or the last of a counter.
    sequence: u64,
}

impl IdScheme {
    /// How many bits of an identifier are random.
    #[must_use]
    pub fn random_bits(self) -> u32 {
        match self {
            Self::TimestampMs | Self::AutoIncrement | Self::Snowflake { .. } => 0,
            Self::TimestampRandom { bits } | Self::Random { bits } => bits.min(64),
            Self::UuidV4 => 122,
            Self::UuidV7 => 74,
        }
    }
}

impl IdGenerator {
    /// A generator that has made nothing yet.
    #[must_use]
    pub const fn new(scheme: IdScheme) -> Self {
        Self {
            scheme,
            last_ms: 0,
            sequence: 0,
        }
    }

    /// Makes the next identifier. `clock_ns` is what the machine's own clock shows, in nanoseconds; it may
    /// be wrong and step back.
    pub fn next(&mut self, clock_ns: u64, stream: &mut Stream) -> Issued {
        let ms = clock_ns / NS_PER_MS;
        Issued::Id(match self.scheme {
            IdScheme::TimestampMs => u128::from(ms),
            IdScheme::TimestampRandom { bits } => {
                let bits = bits.min(64);
                (u128::from(ms) << bits) | u128::from(stream.bits(bits))
            }
            IdScheme::Random { bits } => u128::from(stream.bits(bits)),
            IdScheme::AutoIncrement => {
                self.sequence += 1;
                u128::from(self.sequence)
            }
            IdScheme::UuidV4 => {
                let high = (stream.bits(64) & !0xf000) | 0x4000;
                uuid(high, stream.bits(62))
            }
            IdScheme::UuidV7 => {
                let high = (ms << 16) | 0x7000 | stream.bits(12);
                uuid(high, stream.bits(62))
            }
            IdScheme::Snowflake { machine, repeats } => {
                return self.snowflake(clock_ns, machine, repeats);
            }
        })
    }

    fn snowflake(&mut self, clock_ns: u64, machine: u16, repeats: bool) -> Issued {
        let ms = clock_ns / NS_PER_MS;
        if ms < self.last_ms && !repeats {
            return Issued::Wait(self.last_ms * NS_PER_MS - clock_ns);
        }
        if ms != self.last_ms {
            (self.last_ms, self.sequence) = (ms, 0);
        }
        if self.sequence > LAST_SEQUENCE {
            return Issued::Wait((ms + 1) * NS_PER_MS - clock_ns);
        }
        let sequence = self.sequence;
        self.sequence += 1;
        let time = ms & ((1 << 41) - 1);
        let machine = u64::from(machine) & ((1 << MACHINE_BITS) - 1);
        let id = (time << (MACHINE_BITS + SEQUENCE_BITS)) | (machine << SEQUENCE_BITS) | sequence;
        Issued::Id(u128::from(id))
    }
}

/// Sets the two bits of the variant above 62 others.
fn uuid(high: u64, low: u64) -> u128 {
    (u128::from(high) << 64) | u128::from((1 << 63) | low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn id(generator: &mut IdGenerator, clock_ns: u64, stream: &mut Stream) -> u128 {
        match generator.next(clock_ns, stream) {
            Issued::Id(id) => id,
            Issued::Wait(ns) => panic!("wait {ns}"),
        }
    }

    #[test]
    fn layouts() {
        let mut stream = Stream::new(1);
        let now = 1_700_000_000_123 * NS_PER_MS + 5;
        let mut make = |scheme| id(&mut IdGenerator::new(scheme), now, &mut stream);
        assert_eq!(make(IdScheme::TimestampMs), 1_700_000_000_123);
        assert_eq!(
            make(IdScheme::TimestampRandom { bits: 20 }) >> 20,
            1_700_000_000_123
        );
        assert_eq!(
            make(IdScheme::TimestampRandom { bits: 0 }),
            1_700_000_000_123
        );
        assert!(make(IdScheme::Random { bits: 32 }) < 1 << 32);
        assert_eq!(make(IdScheme::AutoIncrement), 1);
        for (scheme, version) in [(IdScheme::UuidV4, 4), (IdScheme::UuidV7, 7)] {
            for _ in 0..20 {
                let id = make(scheme);
                assert_eq!((id >> 76) & 0xf, version);
                assert_eq!((id >> 62) & 3, 2);
            }
        }
        assert_eq!(make(IdScheme::UuidV7) >> 80, 1_700_000_000_123);
        let snowflake = make(IdScheme::Snowflake {
            machine: 37,
            repeats: false,
        });
        assert_eq!(snowflake >> 22, 1_700_000_000_123 & ((1 << 41) - 1));
        assert_eq!((snowflake >> 12) & 1_023, 37);
    }

    #[test]
    fn a_snowflake_waits_for_the_next_millisecond() {
        let mut stream = Stream::new(1);
        let scheme = IdScheme::Snowflake {
            machine: 1,
            repeats: false,
        };
        let mut generator = IdGenerator::new(scheme);
        let now = 7 * NS_PER_MS + 250_000;
        let ids: BTreeSet<_> = (0..4_096)
            .map(|_| id(&mut generator, now, &mut stream))
            .collect();
        assert_eq!(ids.len(), 4_096);
        assert_eq!(generator.next(now, &mut stream), Issued::Wait(750_000));
        assert!(!ids.contains(&id(&mut generator, now + 750_000, &mut stream)));
    }

    #[test]
    fn a_clock_that_steps_back() {
        let mut stream = Stream::new(1);
        for repeats in [false, true] {
            let scheme = IdScheme::Snowflake {
                machine: 1,
                repeats,
            };
            let mut generator = IdGenerator::new(scheme);
            let earlier = id(&mut generator, 90 * NS_PER_MS, &mut stream);
            let last = id(&mut generator, 100 * NS_PER_MS, &mut stream);
            let back = generator.next(90 * NS_PER_MS, &mut stream);
            if repeats {
                assert_eq!(back, Issued::Id(earlier));
            } else {
                assert_eq!(back, Issued::Wait(10 * NS_PER_MS));
                // Caught up with the last one: goes on within the same millisecond.
                assert_eq!(id(&mut generator, 100 * NS_PER_MS, &mut stream), last + 1);
            }
        }
    }

    /// About `n²/2^(bits + 1)` pairs of random identifiers are equal.
    #[test]
    fn collisions_come_from_what_was_made() {
        let mut stream = Stream::new(4);
        let mut generator = IdGenerator::new(IdScheme::Random { bits: 24 });
        let n = 100_000_u32;
        let made: BTreeSet<_> = (0..n).map(|_| id(&mut generator, 0, &mut stream)).collect();
        let wanted = f64::from(n) * f64::from(n) / 33_554_432.0;
        let lost = n as usize - made.len();
        assert!(
            (lost as f64 - wanted).abs() < 5.0 * wanted.sqrt(),
            "{lost} {wanted}"
        );
    }

    /// Poisson arrivals at 1,000/s share their millisecond with others 63 % of the time (vector
    /// `mskey-r1000`).
    #[test]
    fn milliseconds_collide() {
        let mut stream = Stream::new(2);
        let mut generator = IdGenerator::new(IdScheme::TimestampMs);
        let (mut now, mut last, mut collisions) = (0, 0, 0);
        let seconds = 200.0;
        while now < crate::ns_from_secs(seconds) {
            now += crate::ns_from_secs(stream.exponential(0.001));
            let made = id(&mut generator, now, &mut stream);
            collisions += u32::from(made == last);
            last = made;
        }
        let rate = f64::from(collisions) / seconds;
        assert!(
            (rate - 367.879_441_2).abs() < 2.8 * 10.0_f64.sqrt(),
            "{rate}"
        );
    }
}
