//! Samplers against the moments and quantiles of their distributions.

use super::*;
use crate::mix;

/// Draws by key and by stream, and compares mean, coefficient of variation and some quantiles.
fn check(spread: Spread, mean: f64, cv: f64, quantiles: &[(f64, f64)]) {
    const N: usize = 400_000;
    let sampler = Sampler::new(spread, mean);
    assert!((sampler.mean() - mean).abs() < 1e-12 * mean, "{spread:?}");
    let mut stream = Stream::new(3);
    let by_key: Vec<f64> = (0..N as u64)
        .map(|i| sampler.sample_key(mix(9, i)))
        .collect();
    let by_stream: Vec<f64> = (0..N).map(|_| sampler.sample(&mut stream)).collect();
    for mut draws in [by_key, by_stream] {
        let n = draws.len() as f64;
        let got = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| (x - got) * (x - got)).sum::<f64>() / n;
        let error = 4.5 * mean * cv / n.sqrt();
        assert!(
            (got - mean).abs() <= error + 1e-12,
            "{spread:?}: mean {got}"
        );
        let got_cv = variance.sqrt() / got;
        assert!(
            (got_cv - cv).abs() <= 0.03 * cv * cv.max(1.0) + 1e-9,
            "{spread:?}: cv {got_cv}"
        );
        draws.sort_unstable_by(f64::total_cmp);
        for (q, wanted) in quantiles {
            // In shares, so that the error is binomial whatever the density.
            let share = draws.partition_point(|x| x <= wanted) as f64 / n;
            let error = 4.5 * (q * (1.0 - q) / n).sqrt();
            assert!(
                (share - q).abs() <= error,
                "{spread:?}: {share} below {wanted}"
            );
        }
    }
}

#[test]
fn constant() {
    check(Spread::Constant, 0.02, 0.0, &[]);
}

/// Vector `sampler-exp`.
#[test]
fn exponential() {
    let quantiles = [(0.5, 0.006_931_471_806), (0.99, 0.046_051_701_86)];
    check(Spread::Exponential, 0.01, 1.0, &quantiles);
}

#[test]
fn uniform() {
    let spread = Spread::Uniform {
        low: 1.0 / 3.0,
        high: 5.0 / 3.0,
    };
    let cv = 0.02 / 12.0_f64.sqrt() / 0.015;
    check(
        spread,
        0.015,
        cv,
        &[(0.1, 0.007), (0.5, 0.015), (0.9, 0.023)],
    );
}

#[test]
fn erlang_stages() {
    // Median of Erlang-4 with mean 4.
    let spread = Spread::Erlang { stages: 4 };
    check(spread, 4.0, 0.5, &[(0.5, 3.672_060_748_850_9)]);
    check(Spread::Erlang { stages: 1 }, 2.0, 1.0, &[]);
    check(
        Spread::Erlang { stages: 40 },
        2.0,
        1.0 / 40.0_f64.sqrt(),
        &[],
    );
}

#[test]
fn hyperexponential() {
    check(Spread::Hyperexponential { cv: 3.0 }, 0.05, 3.0, &[]);
    check(Spread::Hyperexponential { cv: 0.5 }, 0.05, 1.0, &[]);
}

#[test]
fn lognormal() {
    // Median = mean / sqrt(1 + cv²); mu and sigma as in vector `mg1-logn-cv05`.
    let (mu, sigma) = (-4.716_741_961_645_196_f64, 0.472_380_727_077_438_83_f64);
    let quantile = |z: f64| libm::exp(mu + sigma * z);
    let quantiles = [
        (0.5, quantile(0.0)),
        (0.975, quantile(1.959_963_984_540_054)),
    ];
    check(Spread::Lognormal { cv: 0.5 }, 0.01, 0.5, &quantiles);
    check(Spread::Lognormal { cv: 0.0 }, 0.01, 0.0, &[]);
}

#[test]
fn samplers_are_small_and_values_are_positive() {
    assert!(size_of::<Sampler>() <= 32);
    for spread in [
        Spread::Exponential,
        Spread::Erlang { stages: 1_000 },
        Spread::Hyperexponential { cv: 100.0 },
        Spread::Lognormal { cv: 20.0 },
    ] {
        let sampler = Sampler::new(spread, 1.0);
        for key in 0..10_000 {
            let x = sampler.sample_key(key);
            assert!(x >= 0.0 && x.is_finite(), "{spread:?} {x}");
        }
    }
    let odd = Sampler::new(Spread::Exponential, f64::NAN);
    assert!(odd.sample_key(1).abs() < 1e-300);
}

#[test]
fn batches_are_geometric() {
    let n = 300_000;
    let batch = BatchSize::new(4.0);
    let sizes: Vec<u64> = (0..n).map(|i| batch.sample_key(mix(1, i))).collect();
    let mean = sizes.iter().sum::<u64>() as f64 / n as f64;
    // Standard deviation of the size: mean·sqrt(1 − 1/mean).
    assert!(
        (mean - 4.0).abs() < 4.5 * 12.0_f64.sqrt() / (n as f64).sqrt(),
        "{mean}"
    );
    let singles = sizes.iter().filter(|size| **size == 1).count() as f64 / n as f64;
    assert!((singles - 0.25).abs() < 0.005, "{singles}");
    assert_eq!(BatchSize::new(1.0).sample_key(8), 1);
}
