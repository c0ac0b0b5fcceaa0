//! Hit ratios of caches under independent requests. Popularities are shares that sum to 1.

use crate::steady::falls_to;

/// Zipf's law: popularities of `keys` keys, the most popular first; rank r has weight r^−α.
#[must_use]
pub fn zipf_shares(alpha: f64, keys: usize) -> Vec<f64> {
    let mut shares: Vec<f64> = (1..=keys).map(|r| libm::pow(r as f64, -alpha)).collect();
    // From the smallest, so that nothing is lost.
    let sum: f64 = shares.iter().rev().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
    shares
}

/// Che's approximation of an LRU cache of `capacity` entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Che {
    /// How many requests pass between the last use of an entry and its eviction.
    pub characteristic_time: f64,
    /// Share of requests that hit.
    pub hit_ratio: f64,
}

/// Che's approximation: an entry stays for a fixed time t after its last use, where Σ(1 − e^−pᵢt) = C; the
/// hit ratio is Σ pᵢ(1 − e^−pᵢt). Capacity below the number of keys.
///
/// Source: H. Che, Y. Tung, Z. Wang, *Hierarchical web caching systems*, IEEE JSAC 20 (2002).
#[must_use]
pub fn lru_che(shares: &[f64], capacity: usize) -> Che {
    if capacity >= shares.len() {
        return Che {
            characteristic_time: f64::INFINITY,
            hit_ratio: 1.0,
        };
    }
    let c = capacity as f64;
    let missing = (shares.len() - capacity) as f64;
    // The number of those outside falls to N − C.
    let time = falls_to(missing, c, |t| {
        shares.iter().map(|p| libm::exp(-p * t)).sum::<f64>()
    });
    let hits = shares.iter().map(|p| -p * libm::expm1(-p * time));
    Che {
        characteristic_time: time,
        hit_ratio: hits.sum(),
    }
}

/// The exact hit ratio of an LRU cache, for at most 20 keys (`None` beyond): the sum over all sets of keys
/// it can hold.
///
/// The k last used different keys are i₁, …, iₖ with probability Π pᵢ/(1 − those before). Source: W. F. King,
/// *Analysis of demand paging algorithms* (1971).
#[must_use]
pub fn lru_exact(shares: &[f64], capacity: usize) -> Option<f64> {
    let n = shares.len();
    if n > 20 {
        return None;
    }
    if capacity >= n {
        return Some(1.0);
    }
    // Probability that the last used different keys, as many as the set has, are exactly the set.
    let mut recent = vec![0.0; 1 << n];
    recent[0] = 1.0;
    let mut hit_ratio = 0.0;
    for set in 0_usize..1 << n {
        let size = set.count_ones() as usize;
        if size > capacity {
            continue;
        }
        let inside = |at: &usize| set >> at & 1 == 1;
        let share: f64 = (0..n).filter(inside).map(|at| shares[at]).sum();
        if size == capacity {
            hit_ratio += recent[set] * share;
            continue;
        }
        for at in (0..n).filter(|at| !inside(at)) {
            recent[set | 1 << at] += recent[set] * shares[at] / (1.0 - share);
        }
    }
    Some(hit_ratio)
}

/// The hit ratio that perfect LFU tends to: the `capacity` most popular keys stay for ever. No cache can do
/// better under independent requests. Shares in falling order.
#[must_use]
pub fn lfu_limit(shares: &[f64], capacity: usize) -> f64 {
    shares.iter().take(capacity).sum()
}

/// A cache without limit whose entries expire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expiring {
    /// Share of requests that hit.
    pub hit_ratio: f64,
    /// Misses per second.
    pub miss_rate: f64,
    /// Mean number of entries that have not expired.
    pub occupancy: f64,
}

/// Entries expire `ttl` seconds after they were put in, `rate` Poisson requests per second:
/// hᵢ = λᵢT/(1 + λᵢT).
///
/// Source: J. Jung, A. W. Berger, H. Balakrishnan, *Modeling TTL-based Internet caches*, INFOCOM 2003.
#[must_use]
pub fn ttl_fixed(shares: &[f64], rate: f64, ttl: f64) -> Expiring {
    expiring(shares, rate, |key_rate| {
        let expected = key_rate * ttl;
        expected / (1.0 + expected)
    })
}

/// Entries expire `ttl` seconds after their last use: hᵢ = 1 − e^−λᵢT.
#[must_use]
pub fn ttl_sliding(shares: &[f64], rate: f64, ttl: f64) -> Expiring {
    expiring(shares, rate, |key_rate| -libm::expm1(-key_rate * ttl))
}

/// By PASTA the share of a key's requests that hit is the share of time it is in.
fn expiring(shares: &[f64], rate: f64, inside: impl Fn(f64) -> f64) -> Expiring {
    let (mut hit_ratio, mut occupancy) = (0.0, 0.0);
    for share in shares {
        let inside = inside(share * rate);
        hit_ratio += share * inside;
        occupancy += inside;
    }
    Expiring {
        hit_ratio,
        miss_rate: rate * (1.0 - hit_ratio),
        occupancy,
    }
}
