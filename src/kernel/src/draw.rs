//! Numbers drawn from a key instead of a stream: the key of a visit gives its service time in one mix.
//!
//! A [`crate::Stream`] has a state to set up, which pays when many numbers follow; here nothing is set
//! up. What a number is used for does not live here.

use crate::fastlog::minus_ln;
use crate::mix;

/// Half the distance of neighbouring numbers: 2⁻⁵³.
const HALF_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;

/// Turns 64 random bits into an odd multiple of 2⁻⁵³ in the open interval (0, 1); the upper 52 count.
/// With one bit more the half would be rounded away, and the greatest number would be 1.
#[inline]
fn unit_from_bits(bits: u64) -> f64 {
    // The bits behind the point of a number from 1 on. What is taken away leaves an odd multiple, exactly.
    let above_one = f64::from_bits(1.0_f64.to_bits() | bits >> 12);
    above_one - (1.0 - HALF_STEP)
}

/// A number in the open interval (0, 1) for a key, with 52 random bits: one mix.
///
/// The key should come from [`mix`] of a seed and a purpose, so that two uses of one request's key do
/// not meet.
#[must_use]
#[inline]
pub fn unit_of(key: u64) -> f64 {
    unit_from_bits(mix(key, 0))
}

/// An exponentially distributed number with this mean for a key, by inversion.
#[must_use]
#[inline]
pub fn exp_of(key: u64, mean: f64) -> f64 {
    mean * minus_ln(unit_of(key))
}

/// As many numbers as wanted from one key: the n-th is a function of key and n.
///
/// The first is [`unit_of`] the key.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    key: u64,
    next: u64,
}

impl Draws {
    /// The numbers of a key.
    #[must_use]
    pub const fn new(key: u64) -> Self {
        Self { key, next: 0 }
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let bits = mix(self.key, self.next);
        self.next += 1;
        bits
    }

    /// The next number in the open interval (0, 1), with 52 random bits.
    pub fn unit(&mut self) -> f64 {
        unit_from_bits(self.bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_open() {
        assert!(unit_from_bits(0) > 0.0);
        assert!(unit_from_bits(u64::MAX) < 1.0);
    }

    #[test]
    fn first_of_many_is_the_one() {
        let mut draws = Draws::new(5);
        assert_eq!(draws.unit().to_bits(), unit_of(5).to_bits());
        assert_ne!(draws.unit().to_bits(), unit_of(5).to_bits());
    }

    /// Neighbouring keys and neighbouring draws must look independent: uniform, uncorrelated.
    #[test]
    fn neighbours_are_independent() {
        let n = 200_000_u64;
        let (mut sum, mut by_key, mut by_draw) = (0.0, 0.0, 0.0);
        for key in 0..n {
            let x = unit_of(key) - 0.5;
            let mut draws = Draws::new(key);
            draws.unit();
            sum += x;
            by_key += x * (unit_of(key + 1) - 0.5);
            by_draw += x * (draws.unit() - 0.5);
        }
        let (n, sigma) = (n as f64, 1.0 / 12.0_f64);
        assert!((sum / n).abs() < 4.5 * (sigma / n).sqrt());
        assert!((by_key / n).abs() < 4.5 * sigma / n.sqrt());
        assert!((by_draw / n).abs() < 4.5 * sigma / n.sqrt());
    }

    /// The draws are part of the file format: a change would change every lesson's numbers.
    #[test]
    fn the_first_draws_are_fixed() {
        let draws: Vec<u64> = (0..3).map(|key| (unit_of(key) * 1e12) as u64).collect();
        expect_test::expect!["[412990634484, 161932169677, 813079481999]"]
            .assert_eq(&format!("{draws:?}"));
    }
}
