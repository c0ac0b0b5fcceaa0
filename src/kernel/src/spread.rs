//! How long things take: distributions of durations and batch sizes, and their samplers.
//!
//! A [`Spread`] is a shape without a size, as a document names it; a [`Sampler`] is shape and mean with
//! all constants worked out, as the event loop uses it. Units are the caller's.

use crate::Stream;
use crate::draw::{Draws, unit_of};
use crate::fastlog::minus_ln;
use crate::normal::normal_quantile;

/// The shape of a distribution of positive numbers, apart from its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Always the mean.
    Constant,
    /// Exponential: coefficient of variation 1.
    Exponential,
    /// Even between two multiples of the mean. The mean stays the mean only if they sum to 2.
    Uniform {
        /// Least value as a multiple of the mean, 0 or more.
        low: f64,
        /// Greatest value as a multiple of the mean.
        high: f64,
    },
    /// Sum of equal exponential stages: coefficient of variation 1/√stages.
    Erlang {
        /// How many stages, 1 or more.
        stages: u32,
    },
    /// One of two exponentials, each of which brings half of the mean ("balanced means").
    Hyperexponential {
        /// Coefficient of variation, above 1; else it is exponential.
        cv: f64,
    },
    /// The exponential of a normal distribution.
    Lognormal {
        /// Coefficient of variation, above 0; else it is constant.
        cv: f64,
    },
}

/// A distribution ready to draw from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler(Form);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Constant(f64),
    Exponential(f64),
    Uniform { low: f64, width: f64 },
    Erlang { stages: u32, stage: f64 },
    Two { share: f64, first: f64, second: f64 },
    Lognormal { median: f64, sigma: f64 },
}

impl Sampler {
    /// The sampler for a shape with this mean. What makes no sense (negative, NaN) becomes the nearest
    /// thing that does.
    #[must_use]
    pub fn new(spread: Spread, mean: f64) -> Self {
        let mean = if mean > 0.0 { mean } else { 0.0 };
        Self(match spread {
            Spread::Constant => Form::Constant(mean),
            Spread::Exponential => Form::Exponential(mean),
            Spread::Uniform { low, high } => {
                let low = if low > 0.0 { low } else { 0.0 };
                let width = if high > low { high - low } else { 0.0 };
                Form::Uniform {
                    low: low * mean,
                    width: width * mean,
                }
            }
            Spread::Erlang { stages } => {
                let stages = stages.max(1);
                Form::Erlang {
                    stages,
                    stage: mean / f64::from(stages),
                }
            }
            Spread::Hyperexponential { cv } if cv > 1.0 => {
                // Balanced means: W. Whitt, "Approximating a point process by a renewal process I",
                // Operations Research 30 (1982), eq. 2.6.
                let c2 = cv * cv;
                let share = 0.5 * (1.0 + libm::sqrt((c2 - 1.0) / (c2 + 1.0)));
                Form::Two {
                    share,
                    first: mean / (2.0 * share),
                    second: mean / (2.0 * (1.0 - share)),
                }
            }
            Spread::Hyperexponential { .. } => Form::Exponential(mean),
            Spread::Lognormal { cv } if cv > 0.0 => {
                let variance = libm::log1p(cv * cv);
                Form::Lognormal {
                    median: mean * libm::exp(-variance / 2.0),
                    sigma: libm::sqrt(variance),
                }
            }
            Spread::Lognormal { .. } => Form::Constant(mean),
        })
    }

    /// The mean of the distribution.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self.0 {
            Form::Constant(mean) | Form::Exponential(mean) => mean,
            Form::Uniform { low, width } => low + width / 2.0,
            Form::Erlang { stages, stage } => f64::from(stages) * stage,
            Form::Two {
                share,
                first,
                second,
            } => share * first + (1.0 - share) * second,
            Form::Lognormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
        }
    }

    /// Draws from a stream: one number each, none for a constant, one a stage for Erlang.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.draw(|| stream.unit())
    }

    /// Draws for a key: the same key always gives the same value.
    #[must_use]
    #[inline]
    pub fn sample_key(&self, key: u64) -> f64 {
        match self.0 {
            // By far the most frequent, without the counter.
            Form::Exponential(mean) => mean * minus_ln(unit_of(key)),
            Form::Constant(mean) => mean,
            _ => self.sample_other(key),
        }
    }

    #[inline(never)]
    fn sample_other(&self, key: u64) -> f64 {
        let mut draws = Draws::new(key);
        self.draw(|| draws.unit())
    }

    fn draw(&self, mut unit: impl FnMut() -> f64) -> f64 {
        match self.0 {
            Form::Constant(mean) => mean,
            Form::Exponential(mean) => mean * minus_ln(unit()),
            Form::Uniform { low, width } => low + width * unit(),
            Form::Erlang { stages, stage } => stage * erlang(stages, unit),
            Form::Two {
                share,
                first,
                second,
            } => {
                // What is left of the number after the choice is again even on (0, 1].
                let u = unit();
                if u < share {
                    first * minus_ln(u / share)
                } else {
                    second * minus_ln((1.0 - u) / (1.0 - share))
                }
            }
            Form::Lognormal { median, sigma } => {
                median * libm::exp(sigma * normal_quantile(unit()))
            }
        }
    }
}

/// The sum of as many exponentials of mean 1: the logarithm of a product, sixteen at a time, because a
/// product of more could underflow (sixteen are at least 2⁻⁸⁶⁴).
fn erlang(stages: u32, mut unit: impl FnMut() -> f64) -> f64 {
    let mut sum = 0.0;
    let mut left = stages;
    while left > 0 {
        let now = left.min(16);
        left -= now;
        let product = (0..now).fold(1.0, |product, _| product * unit());
        sum += minus_ln(product);
    }
    sum
}

/// Sizes of batches: geometric on 1, 2, 3, … with a given mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchSize {
    mean: f64,
    /// −1 / ln(1 − 1/mean); 0 when every batch has one.
    scale: f64,
}

impl BatchSize {
    /// Geometric batches with this mean; 1 or less means single arrivals.
    #[must_use]
    pub fn new(mean: f64) -> Self {
        if mean > 1.0 {
            Self {
                mean,
                scale: -1.0 / libm::log1p(-1.0 / mean),
            }
        } else {
            Self {
                mean: 1.0,
                scale: 0.0,
            }
        }
    }

    /// The mean size.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// Draws a size from a stream.
    pub fn sample(&self, stream: &mut Stream) -> u64 {
        self.size(stream.unit())
    }

    /// Draws a size for a key.
    #[must_use]
    #[inline]
    pub fn sample_key(&self, key: u64) -> u64 {
        self.size(unit_of(key))
    }

    fn size(&self, u: f64) -> u64 {
        1 + (minus_ln(u) * self.scale) as u64
    }
}

#[cfg(test)]
mod tests;
