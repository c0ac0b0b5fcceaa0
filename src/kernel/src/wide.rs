//! Sums that outgrow 64 bits, now and then.

/// A sum modulo 2¹²⁸ of numbers that fit into 64 bits, mostly.
///
/// In WebAssembly, which has no carry, a sum of 128 bits compares to find it and reads and writes both words each
/// time: there the higher word is not touched as long as nothing is carried. The sum is kept with [`BIAS`] on top: it
/// goes up and down around 0, and each time it crossed a carry would come that nobody could foresee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
    low: u64,
    high: u64,
}

const BIAS: u64 = 1 << 63;

impl Default for Wide {
    fn default() -> Self {
        Self { low: BIAS, high: 0 }
    }
}

impl Wide {
    /// Adds a number.
    #[inline(always)]
    pub fn add(&mut self, n: u128) {
        self.change(n, false);
    }

    /// Takes a number away.
    #[inline(always)]
    pub fn sub(&mut self, n: u128) {
        self.change(n, true);
    }

    /// `takes` is known where it is called: of the two ways one is left.
    #[inline(always)]
    fn change(&mut self, n: u128, takes: bool) {
        // The tests go the way of WebAssembly, which is the one that can be wrong.
        if cfg!(not(any(target_arch = "wasm32", test))) {
            let sum = self.sum();
            return self.set(if takes {
                sum.wrapping_sub(n)
            } else {
                sum.wrapping_add(n)
            });
        }
        let (low, over) = if takes {
            self.low.overflowing_sub(n as u64)
        } else {
            self.low.overflowing_add(n as u64)
        };
        self.low = low;
        let high = ((n >> 64) as u64).wrapping_add(u64::from(over));
        if high != 0 {
            self.carry(if takes { high.wrapping_neg() } else { high });
        }
    }

    #[cold]
    #[inline(never)]
    const fn carry(&mut self, n: u64) {
        self.high = self.high.wrapping_add(n);
    }

    #[inline(always)]
    const fn set(&mut self, sum: u128) {
        (self.low, self.high) = (sum as u64, (sum >> 64) as u64);
    }

    #[inline(always)]
    const fn sum(self) -> u128 {
        (self.high as u128) << 64 | self.low as u128
    }

    /// The sum.
    #[must_use]
    #[inline]
    pub const fn value(self) -> u128 {
        self.sum().wrapping_sub(BIAS as u128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_a_sum_of_128_bits_is() {
        let numbers = [
            0,
            1,
            u64::MAX.into(),
            1 << 64,
            (1 << 64) + 1,
            u128::MAX,
            u128::MAX >> 1,
        ];
        let (mut wide, mut plain) = (Wide::default(), 0_u128);
        for i in 0..200 {
            let n: u128 = numbers[i * 5 % 7];
            if i % 3 == 0 {
                wide.sub(n);
                plain = plain.wrapping_sub(n);
            } else {
                wide.add(n);
                plain = plain.wrapping_add(n);
            }
            assert_eq!(wide.value(), plain, "{i}: {n}");
        }
    }
}
