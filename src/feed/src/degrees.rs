//! How many friends people have: the published distribution, fitted and sampled.
//!
//! Who is whose friend does not live here.

use archplay_kernel::{normal_quantile, unit_of};

/// A lognormal distribution of numbers of friends, cut off at a cap: who would have more has exactly the
/// cap.
///
/// Published for Facebook in May 2011, 721 million users (J. Ugander, B. Karrer, L. Backstrom, C. Marlow,
/// *The anatomy of the Facebook social graph*, arXiv:1111.4503): median 99, at most 5,000 friends; mean
/// 190 (L. Backstrom and others, *Four degrees of separation*, arXiv:1111.4570: 69 billion friendships, so
/// 2 · 69 / 0.721 = 191).
///
/// Why lognormal: the published curve bends in a log-log plot (the authors reject a power law), and of the
/// usual two-parameter laws the lognormal one is fixed by median and mean: μ = ln median, and σ so that the
/// mean *with the cap* is the wanted one. As a check that was not fitted, the mean number of friends of a
/// friend, E\[d²\]/E\[d\], comes out as 650. The clustering of the real graph is not modelled: a feed never
/// asks whether two friends of a reader know each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Degrees {
    cap: u32,
    mu: f64,
    sigma: f64,
}

impl Default for Degrees {
    /// The published numbers: mean 190, median 99, cap 5,000.
    fn default() -> Self {
        Self::new(190.0, 99.0, 5_000)
    }
}

impl Degrees {
    /// The distribution with this mean and median (friends, 1 or more) and this cap (1 to 65,535). A mean
    /// that is not above the median makes everybody's number the median; one that cannot be reached under
    /// the cap is missed.
    #[must_use]
    pub fn new(mean: f64, median: f64, cap: u32) -> Self {
        let cap = cap.clamp(1, u32::from(u16::MAX));
        let mu = libm::log(median.clamp(1.0, f64::from(cap)));
        let of = |sigma| Self { cap, mu, sigma };
        // The mean grows with σ; sixty halvings leave nothing of the interval.
        let (mut low, mut high) = (0.0, 4.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if of(middle).mean() < mean {
                low = middle;
            } else {
                high = middle;
            }
        }
        of(low)
    }

    /// The greatest number of friends.
    #[must_use]
    pub const fn cap(&self) -> u32 {
        self.cap
    }

    /// The standard deviation of the logarithm.
    #[must_use]
    pub const fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The mean number of friends, cap included.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.moment(1.0)
    }

    /// The mean number of friends that a friend has, E\[d²\]/E\[d\]: "your friends have more friends than
    /// you".
    #[must_use]
    pub fn mean_of_friends(&self) -> f64 {
        self.moment(2.0) / self.moment(1.0)
    }

    /// E\[min(X, cap)^k\] of the lognormal X: exp(kμ + k²σ²/2) Φ(z − kσ) + cap^k (1 − Φ(z)), with
    /// z = (ln cap − μ)/σ.
    fn moment(&self, k: f64) -> f64 {
        let (mu, sigma) = (self.mu, self.sigma);
        if sigma <= 0.0 {
            return libm::exp(k * mu);
        }
        let ln_cap = libm::log(f64::from(self.cap));
        let z = (ln_cap - mu) / sigma;
        let below = libm::exp(k * mu + k * k * sigma * sigma / 2.0) * normal(z - k * sigma);
        below + libm::exp(k * ln_cap) * normal(-z)
    }

    /// The number of friends for a key, from 1 to the cap; the same key gives the same number.
    #[must_use]
    pub fn sample_key(&self, key: u64) -> u32 {
        let x = libm::exp(self.mu + self.sigma * normal_quantile(unit_of(key)));
        ((x + 0.5) as u32).clamp(1, self.cap)
    }
}

/// The standard normal distribution function.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers() {
        let degrees = Degrees::default();
        assert!((degrees.mean() - 190.0).abs() < 1e-6, "{degrees:?}");
        assert!((degrees.mean_of_friends() - 650.0).abs() < 15.0);
        let mut drawn: Vec<u32> = (0..200_000).map(|key| degrees.sample_key(key)).collect();
        drawn.sort_unstable();
        let mean = drawn.iter().map(|d| f64::from(*d)).sum::<f64>() / drawn.len() as f64;
        assert!((mean - 190.0).abs() < 3.0, "{mean}");
        assert!((drawn[100_000]).abs_diff(99) <= 1, "{}", drawn[100_000]);
        assert_eq!(drawn.last(), Some(&5_000));
    }

    #[test]
    fn odd_wishes() {
        assert_eq!(Degrees::new(5.0, 50.0, 100).sample_key(3), 50);
        assert_eq!(Degrees::new(5.0, 50.0, 10).sample_key(3), 10);
        assert_eq!(Degrees::new(1e9, 1.0, 10).cap(), 10);
    }
}
