//! Random streams: one for each purpose, keyed by the seed and by names, never by order of creation.

use rand::Rng;
use rand_pcg::Pcg32;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Pcg32);

/// Mixes two numbers into one, well spread (the finaliser of splitmix64).
#[must_use]
#[inline]
pub const fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b
        .wrapping_add(0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(0xd1b5_4a32_d192_ed03);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number for a name (FNV-1a).
#[must_use]
pub fn text_key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Stream {
    /// The stream for a key made with [`mix`].
    #[must_use]
    pub fn new(key: u64) -> Self {
        Self(Pcg32::new(mix(key, 1), mix(key, 2)))
    }

    /// The stream for a seed, a document's id and a purpose.
    #[must_use]
    pub fn named(seed: u64, id: &str, purpose: &str) -> Self {
        Self::new(mix(mix(seed, text_key(id)), text_key(purpose)))
    }

    /// A number in the open interval (0, 1), with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        // Without the limit the greatest of the 2⁵³ would be rounded to 1.
        (((self.0.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0)
            .min(1.0 - f64::EPSILON / 2.0)
    }

    /// That many random bits, at most 64, as the low bits of a number.
    pub fn bits(&mut self, count: u32) -> u64 {
        self.0
            .next_u64()
            .checked_shr(64 - count.min(64))
            .unwrap_or(0)
    }

    /// An exponentially distributed number with this mean, by inversion: one draw each.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.unit())
    }

    /// A number from 0 to `n - 1`; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        // 32 random bits scaled: the bias is below n / 2^32.
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_name_same_numbers_other_name_other_numbers() {
        let draw = |seed, id, purpose| Stream::named(seed, id, purpose).unit().to_bits();
        assert_eq!(draw(1, "web", "arrivals"), draw(1, "web", "arrivals"));
        assert_ne!(draw(1, "web", "arrivals"), draw(2, "web", "arrivals"));
        assert_ne!(draw(1, "web", "arrivals"), draw(1, "db", "arrivals"));
        assert_ne!(draw(1, "web", "arrivals"), draw(1, "web", "sizes"));
    }

    #[test]
    fn exponential_has_its_mean_and_variance() {
        let mut stream = Stream::new(7);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..200_000 {
            let x = stream.exponential(3.0);
            sum += x;
            squares += x * x;
        }
        let (mean, second) = (sum / 2e5, squares / 2e5);
        assert!((mean - 3.0).abs() < 0.03, "{mean}");
        assert!((second - 18.0).abs() < 0.6, "{second}");
    }

    /// The draws are part of the file format: a change would change every lesson's numbers.
    #[test]
    fn the_first_draws_are_fixed() {
        let mut stream = Stream::named(1, "visitors", "arrivals");
        let draws: Vec<u64> = (0..3).map(|_| (stream.unit() * 1e12) as u64).collect();
        expect_test::expect!["[824123193127, 156374003397, 49022399561]"]
            .assert_eq(&format!("{draws:?}"));
    }
}
