//! LRU caches under Zipf's law with many keys, fast enough to be drawn while somebody turns a knob.

use crate::steady::falls_to;

/// Ranks up to this are taken one by one.
const SINGLE: usize = 100;
/// Beyond, ranks that lie within this ratio share one popularity.
const RATIO: f64 = 1.02;

/// Zipf's law with keys of nearly equal popularity taken together. Che's approximation of a cache needs only
/// sums over keys; taken together they are a few hundred terms and off by less than 10⁻³.
#[derive(Clone, Debug, PartialEq)]
pub struct ZipfGroups {
    /// How many keys, and the popularity of each of them.
    groups: Vec<(f64, f64)>,
    keys: usize,
}

impl ZipfGroups {
    /// The law with exponent `alpha` for `keys` keys.
    #[must_use]
    pub fn new(alpha: f64, keys: usize) -> Self {
        let mut groups = Vec::new();
        let mut rank = 1;
        while rank <= keys {
            let last = if rank <= SINGLE {
                rank
            } else {
                ((rank as f64 * RATIO) as usize).clamp(rank, keys)
            };
            let middle = (rank as f64 + last as f64) / 2.0;
            groups.push(((last - rank + 1) as f64, libm::pow(middle, -alpha)));
            rank = last + 1;
        }
        let sum: f64 = groups.iter().rev().map(|(count, p)| count * p).sum();
        groups.iter_mut().for_each(|(_, p)| *p /= sum);
        Self { groups, keys }
    }

    fn sum(&self, each: impl Fn(f64) -> f64) -> f64 {
        self.groups.iter().map(|(count, p)| count * each(*p)).sum()
    }

    /// An LRU cache whose entries stay for `time` requests after their last use: how many entries it has, and
    /// its hit ratio. A curve of hit ratios needs no more than these pairs.
    ///
    /// Source: as [`lru_che`](crate::lru_che).
    #[must_use]
    pub fn lru_at(&self, time: f64) -> (f64, f64) {
        let here = |p: f64| -libm::expm1(-p * time);
        (self.sum(here), self.sum(|p| p * here(p)))
    }

    /// The hit ratio of an LRU cache of `capacity` entries.
    #[must_use]
    pub fn lru_hit_ratio(&self, capacity: f64) -> f64 {
        if capacity >= self.keys as f64 {
            return 1.0;
        }
        let missing = self.keys as f64 - capacity;
        let time = falls_to(missing, capacity.max(1.0), |t| {
            self.sum(|p| libm::exp(-p * t))
        });
        self.lru_at(time).1
    }

    /// The share of requests that want one of the `count` most popular keys.
    #[must_use]
    pub fn share_of_first(&self, count: f64) -> f64 {
        let mut left = count;
        self.groups
            .iter()
            .map(|(keys, p)| {
                let taken = left.clamp(0.0, *keys);
                left -= taken;
                taken * p
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lru_che, zipf_shares};

    #[test]
    fn groups_say_what_single_keys_say() {
        for (alpha, keys) in [(0.6, 3_000), (0.8, 20_000), (1.2, 20_000)] {
            let (groups, shares) = (ZipfGroups::new(alpha, keys), zipf_shares(alpha, keys));
            for part in [100, 20, 10, 2] {
                let exact = lru_che(&shares, keys / part).hit_ratio;
                let quick = groups.lru_hit_ratio((keys / part) as f64);
                assert!(
                    (exact - quick).abs() < 1e-3,
                    "{alpha} {part}: {exact} {quick}"
                );
            }
            let first: f64 = shares.iter().take(500).sum();
            assert!((groups.share_of_first(500.0) - first).abs() < 1e-3);
        }
    }

    /// The lecture's table for 100,000 keys.
    #[test]
    fn hit_ratios_of_a_hundred_thousand() {
        for (alpha, ratios) in [
            (0.7, [0.11, 0.25, 0.35, 0.48, 0.74]),
            (0.8, [0.20, 0.37, 0.47, 0.59, 0.80]),
            (0.9, [0.34, 0.52, 0.61, 0.71, 0.87]),
            (1.0, [0.51, 0.67, 0.74, 0.81, 0.92]),
        ] {
            let groups = ZipfGroups::new(alpha, 100_000);
            for (capacity, wanted) in [1e3, 5e3, 1e4, 2e4, 5e4].into_iter().zip(ratios) {
                let ratio = groups.lru_hit_ratio(capacity);
                assert!(
                    (ratio - wanted).abs() < 0.006,
                    "{alpha} {capacity}: {ratio}"
                );
            }
            assert_eq!(groups.lru_hit_ratio(1e5), 1.0);
        }
        let first = ZipfGroups::new(1.0, 100_000).share_of_first(100.0);
        assert!((first - 0.43).abs() < 0.005, "{first}");
    }
}
