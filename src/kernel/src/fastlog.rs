//! The natural logarithm of numbers up to 1, with nothing but `+ - * /` and bits, so that it is the same
//! everywhere, and without a division, so that it is faster than `libm`.
//!
//! The method is that of P. T. P. Tang, *Table-driven implementation of the logarithm function* (ACM
//! TOMS 16, 1990): x = 2ᵏ·z, z is close to a point t of a table, and
//! ln x = k·ln 2 + ln t + ln(1 + (z − t)/t), the last by its series.

/// Points of the table are 2⁻⁷ of a power of two apart.
const INDEX_BITS: u32 = 7;
const POINTS: usize = 1 << INDEX_BITS;
/// z starts here, at 0.6875, so that 1 lies within its range and numbers just below 1 have k = 0.
const FIRST: u64 = 0x3fe6_0000_0000_0000;
const LN_2: f64 = std::f64::consts::LN_2;

/// A point t, 1/t and ln t.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Point {
    t: f64,
    inverse: f64,
    ln: f64,
}

static TABLE: [Point; POINTS] = table();

/// −ln x for a normal number 0 < x ≤ 1; the relative error is below 10⁻¹⁵.
#[must_use]
#[inline]
pub fn minus_ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let from_first = bits.wrapping_sub(FIRST);
    let index = (from_first >> (52 - INDEX_BITS)) as usize % POINTS;
    // The sign stays: k is negative for all x below 0.6875.
    let k = (from_first as i64) >> 52;
    let z = f64::from_bits(bits.wrapping_sub((k as u64) << 52));
    let Point { t, inverse, ln } = TABLE[index];
    // z − t is exact, since both are within a factor of two.
    let r = (z - t) * inverse;
    let r2 = r * r;
    let low = (1.0 / 3.0) - r * 0.25;
    let high = 0.2 - r * (1.0 / 6.0) + r2 * (1.0 / 7.0);
    let series = r - r2 * 0.5 + r * r2 * (low + r2 * high);
    0.0 - (k as f64 * LN_2 + ln + series)
}

/// The point for an index: the middle of its interval, and 1 itself for the two intervals that meet there,
/// so that numbers close to 1 lose no digits.
const fn point(index: usize) -> f64 {
    let low = FIRST + ((index as u64) << (52 - INDEX_BITS));
    let middle = low + (1 << (51 - INDEX_BITS));
    let one = 1.0_f64.to_bits();
    if low == one || low + (1 << (52 - INDEX_BITS)) == one {
        1.0
    } else {
        f64::from_bits(middle)
    }
}

const fn table() -> [Point; POINTS] {
    let one = Point {
        t: 1.0,
        inverse: 1.0,
        ln: 0.0,
    };
    let mut table = [one; POINTS];
    let mut index = 0;
    while index < POINTS {
        let t = point(index);
        table[index] = Point {
            t,
            inverse: 1.0 / t,
            ln: ln_slow(t),
        };
        index += 1;
    }
    table
}

/// ln t = 2 artanh((t − 1)/(t + 1)), summed from its smallest term; for the compiler, which has time.
const fn ln_slow(t: f64) -> f64 {
    let s = (t - 1.0) / (t + 1.0);
    let s2 = s * s;
    let mut sum = 0.0;
    let mut n = 41;
    while n > 0 {
        sum = sum * s2 + 1.0 / n as f64;
        n -= 2;
    }
    2.0 * s * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit_of;

    fn error(x: f64) -> f64 {
        let right = -libm::log(x);
        ((minus_ln(x) - right) / right).abs()
    }

    #[test]
    fn agrees_with_libm() {
        for key in 0..300_000 {
            let u = unit_of(key);
            for x in [u, u * u * u, 1.0 - u * 0.01, 1.0 - u * 1e-9, u * 1e-300] {
                assert!(error(x) < 2e-15, "{x:e}: {:e}", error(x));
            }
        }
    }

    #[test]
    fn edges() {
        assert_eq!(minus_ln(1.0).to_bits(), 0.0_f64.to_bits());
        let step = 1.0 / 9_007_199_254_740_992.0;
        for x in [step / 2.0, 1.0 - step, 0.6875, 0.5, f64::MIN_POSITIVE] {
            assert!(error(x) < 2e-15, "{x:e}: {:e}", error(x));
        }
        for index in 0..=POINTS as u64 {
            let x = f64::from_bits(FIRST + (index << (52 - INDEX_BITS)) - 1);
            if x < 1.0 {
                assert!(error(x) < 2e-15, "{x:e}: {:e}", error(x));
            }
        }
    }
}
