//! How likely identifiers collide.

const MS_PER_SEC: f64 = 1_000.0;
const SECS_PER_DAY: f64 = 86_400.0;

/// Expected number of equal pairs among `n` random identifiers of `bits` bits: n(n−1)/2^(bits+1).
#[must_use]
pub fn expected_pairs(n: u64, bits: u32) -> f64 {
    let n = n as f64;
    n * (n - 1.0) / libm::exp2(f64::from(bits) + 1.0)
}

/// The probability that any two of `n` random identifiers of `bits` bits are equal: 1 − Π(1 − i/2^bits), the
/// birthday problem.
///
/// ln(1 − x) is summed term by term where identifiers are few, and by the first three terms of its series
/// elsewhere, where they leave a relative error below 10⁻¹⁰.
#[must_use]
pub fn birthday(n: u64, bits: u32) -> f64 {
    let room = libm::exp2(f64::from(bits));
    let count = n as f64;
    let pairs = expected_pairs(n, bits);
    if count > room || pairs > 745.0 {
        return 1.0;
    }
    if count < room * 1e-3 {
        // Sums of i, i² and i³ below n.
        let squares = (count - 1.0) * count * (2.0 * count - 1.0) / 6.0;
        let cubes = (count - 1.0) * count / 2.0;
        let cubes = cubes * cubes;
        let ln = pairs + squares / (2.0 * room * room) + cubes / (3.0 * room * room * room);
        return -libm::expm1(-ln);
    }
    let ln: f64 = (1..n).map(|i| libm::log1p(-(i as f64) / room)).sum();
    -libm::expm1(ln)
}

/// Keys that are the millisecond of a Poisson arrival, at `rate` per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MsKeys {
    /// Arrivals per second.
    pub rate: f64,
    /// Random bits after the millisecond; 0 for none.
    pub random_bits: u32,
}

impl MsKeys {
    fn per_ms(&self) -> f64 {
        self.rate / MS_PER_SEC
    }

    /// The probability that a key shares its millisecond with another arrival: 1 − e^−m, m arrivals a
    /// millisecond.
    #[must_use]
    pub fn shared(&self) -> f64 {
        -libm::expm1(-self.per_ms())
    }

    /// Inserts per second whose millisecond is taken already: of n in one millisecond n − 1 collide.
    #[must_use]
    pub fn collisions_per_second(&self) -> f64 {
        let m = self.per_ms();
        if m < 1e-3 {
            // The difference below would lose its digits.
            return MS_PER_SEC * m * m * (0.5 - m / 6.0 + m * m / 24.0 - m * m * m / 120.0);
        }
        MS_PER_SEC * (m + libm::expm1(-m))
    }

    /// As [`MsKeys::collisions_per_second`], a day.
    #[must_use]
    pub fn collisions_per_day(&self) -> f64 {
        self.collisions_per_second() * SECS_PER_DAY
    }

    /// Expected pairs of equal keys a day, random bits considered: m²/2 a millisecond / 2^bits.
    #[must_use]
    pub fn pairs_per_day(&self) -> f64 {
        let m = self.per_ms();
        m * m / 2.0 * MS_PER_SEC * SECS_PER_DAY / libm::exp2(f64::from(self.random_bits))
    }

    /// The probability of any collision within so many seconds: without random bits 1 − ((1+m)e^−m)^ms; with
    /// them by the Poisson approximation 1 − e^−pairs.
    #[must_use]
    pub fn any_collision(&self, seconds: f64) -> f64 {
        if self.random_bits > 0 {
            return -libm::expm1(-self.pairs_per_day() * seconds / SECS_PER_DAY);
        }
        let m = self.per_ms();
        -libm::expm1(seconds * MS_PER_SEC * (libm::log1p(m) - m))
    }
}
