//! Which of many keys is asked for: exact Zipf popularity.
//!
//! Only ranks live here; which key has which rank is the caller's.

use std::sync::Arc;

use crate::draw::Draws;

/// Up to this many keys a table is worth its memory (eight bytes a key).
const TABLE_KEYS: u64 = 65_536;

/// Zipf's distribution: rank r of N is drawn with probability r^−α / Σ i^−α. Rank 1 is the most popular.
#[derive(Clone, Debug)]
pub struct Zipf {
    alpha: f64,
    keys: u64,
    total: f64,
    method: Method,
}

#[derive(Clone, Debug)]
enum Method {
    /// α = 0.
    Even,
    /// Alias method (A. J. Walker 1977; construction by M. D. Vose 1991): a column is kept if 32 bits are
    /// below the threshold, else its alias is taken. One draw, one look.
    Table(Arc<[(u32, u32)]>),
    /// Rejection-inversion (W. Hörmann and G. Derflinger, *Rejection-inversion to generate variates from
    /// monotone discrete distributions*, ACM TOMACS 6, 1996): no memory, rarely more than one draw.
    Inversion { first: f64, last: f64, near: f64 },
}

impl Zipf {
    /// Zipf's distribution with exponent `alpha` (0 or more; 0 is even) over `keys` keys (at least 1, up
    /// to 10⁹ meant).
    #[must_use]
    pub fn new(alpha: f64, keys: u64) -> Self {
        let alpha = if alpha > 0.0 { alpha } else { 0.0 };
        let keys = keys.max(1);
        let total = harmonic(alpha, keys);
        let method = if alpha <= 0.0 {
            Method::Even
        } else if keys <= TABLE_KEYS {
            Method::Table(alias_table(alpha, keys, total))
        } else {
            Method::Inversion {
                first: integral(alpha, 1.5) - 1.0,
                last: integral(alpha, keys as f64 + 0.5),
                near: 2.0 - inverse(alpha, integral(alpha, 2.5) - weight(alpha, 2.0)),
            }
        };
        Self {
            alpha,
            keys,
            total,
            method,
        }
    }

    /// How many keys there are.
    #[must_use]
    pub const fn keys(&self) -> u64 {
        self.keys
    }

    /// The probability of a rank from 1 to N; 0 elsewhere.
    #[must_use]
    pub fn probability(&self, rank: u64) -> f64 {
        if (1..=self.keys).contains(&rank) {
            weight(self.alpha, rank as f64) / self.total
        } else {
            0.0
        }
    }

    /// The share of the `ranks` most popular keys.
    #[must_use]
    pub fn top_share(&self, ranks: u64) -> f64 {
        harmonic(self.alpha, ranks.min(self.keys)) / self.total
    }

    /// The rank (1 to N) that a key of a request draws; the same key draws the same rank.
    #[must_use]
    pub fn sample_key(&self, key: u64) -> u64 {
        let mut draws = Draws::new(key);
        match &self.method {
            Method::Even => 1 + scaled(draws.bits(), self.keys).0,
            Method::Table(table) => {
                let (column, rest) = scaled(draws.bits(), self.keys);
                let (threshold, alias) = table[column as usize];
                // The rest is even within the column, so one draw does both choices.
                // A choice of values, not a branch: no processor predicts it.
                let kept = (rest >> 32) as u32 <= threshold;
                1 + if kept { column } else { u64::from(alias) }
            }
            Method::Inversion { first, last, near } => loop {
                let u = last + draws.unit() * (first - last);
                let x = inverse(self.alpha, u);
                // Rounded to the nearest rank; x is at least 1/2.
                let rank = ((x + 0.5) as u64).clamp(1, self.keys);
                let middle = rank as f64;
                if middle - x <= *near
                    || u >= integral(self.alpha, middle + 0.5) - weight(self.alpha, middle)
                {
                    break rank;
                }
            },
        }
    }
}

/// Integer and fractional part of `n` times the fraction that the bits are of 2⁶⁴.
fn scaled(bits: u64, n: u64) -> (u64, u64) {
    let product = u128::from(bits) * u128::from(n);
    ((product >> 64) as u64, product as u64)
}

/// x^−α.
fn weight(alpha: f64, x: f64) -> f64 {
    libm::exp(-alpha * libm::log(x))
}

/// (x^(1−α) − 1)/(1−α), which is ln x for α = 1: the integral of the weight from 1 to x.
fn integral(alpha: f64, x: f64) -> f64 {
    let ln = libm::log(x);
    let t = (1.0 - alpha) * ln;
    ln * if t.abs() > 1e-8 {
        libm::expm1(t) / t
    } else {
        1.0 + t / 2.0 * (1.0 + t / 3.0)
    }
}

/// The inverse of [`integral`].
fn inverse(alpha: f64, y: f64) -> f64 {
    let t = (y * (1.0 - alpha)).max(-1.0);
    libm::exp(
        y * if t.abs() > 1e-8 {
            libm::log1p(t) / t
        } else {
            1.0 - t / 2.0 * (1.0 - t * (2.0 / 3.0))
        },
    )
}

/// Σ i^−α for i from 1 to n: the head term by term, the tail by Euler and Maclaurin's formula, whose error
/// is far below 10⁻¹⁵ of the sum after 1,000 terms.
fn harmonic(alpha: f64, n: u64) -> f64 {
    const HEAD: u64 = 1_000;
    let head: f64 = (1..=n.min(HEAD))
        .rev()
        .map(|i| weight(alpha, i as f64))
        .sum();
    if n <= HEAD {
        return head;
    }
    let (a, b) = (HEAD as f64, n as f64);
    let (at_a, at_b) = (weight(alpha, a), weight(alpha, b));
    let between = integral(alpha, b) - integral(alpha, a);
    head + between + (at_b - at_a) / 2.0 - alpha / 12.0 * (at_b / b - at_a / a)
}

/// Thresholds and aliases for each rank less 1.
fn alias_table(alpha: f64, keys: u64, total: f64) -> Arc<[(u32, u32)]> {
    let n = keys as usize;
    // Weights scaled so that a full column is 1.
    let mut left: Vec<f64> = (1..=keys)
        .map(|rank| weight(alpha, rank as f64) * keys as f64 / total)
        .collect();
    let mut table: Vec<(u32, u32)> = (0..n).map(|at| (u32::MAX, at as u32)).collect();
    // Weights fall with the rank, so the poor columns are a suffix; the rich that become poor are pushed.
    let (mut poor, mut rich): (Vec<usize>, Vec<usize>) = (0..n).partition(|at| left[*at] < 1.0);
    while let (Some(small), Some(&big)) = (poor.pop(), rich.last()) {
        // The threshold counts as kept, hence one less than the share of 2³².
        let share = (left[small] * 4_294_967_296.0 + 0.5) as u64;
        table[small] = ((share.clamp(1, 1 << 32) - 1) as u32, big as u32);
        left[big] -= 1.0 - left[small];
        if left[big] < 1.0 {
            rich.pop();
            poor.push(big);
        }
    }
    table.into()
}

#[cfg(test)]
mod tests;
