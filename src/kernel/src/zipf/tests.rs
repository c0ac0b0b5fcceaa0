//! Zipf's distribution against its exact probabilities, by both methods.

use super::*;
use crate::mix;

const N: u64 = 1_000_000;

/// Draws a million ranks and compares shares: a rank alone, or all up to a rank.
fn check(zipf: &Zipf, ranks: &[(u64, f64)], tops: &[(u64, f64)]) {
    let mut ones: Vec<u64> = vec![0; ranks.len()];
    let mut below: Vec<u64> = vec![0; tops.len()];
    for i in 0..N {
        let rank = zipf.sample_key(mix(77, i));
        assert!((1..=zipf.keys()).contains(&rank));
        for (count, (wanted, _)) in ones.iter_mut().zip(ranks) {
            *count += u64::from(rank == *wanted);
        }
        for (count, (wanted, _)) in below.iter_mut().zip(tops) {
            *count += u64::from(rank <= *wanted);
        }
    }
    let near = |count: u64, p: f64, name: &str| {
        let share = count as f64 / N as f64;
        let error = 4.5 * (p * (1.0 - p) / N as f64).sqrt();
        assert!((share - p).abs() <= error, "{name}: {share} is not {p}");
    };
    for (count, (rank, p)) in ones.iter().zip(ranks) {
        near(*count, *p, &format!("rank {rank}"));
        assert!((zipf.probability(*rank) - p).abs() < 1e-9 * p);
    }
    for (count, (rank, p)) in below.iter().zip(tops) {
        near(*count, *p, &format!("top {rank}"));
        assert!((zipf.top_share(*rank) - p).abs() < 1e-9 * p);
    }
}

/// The same distribution without its table.
fn without_table(alpha: f64, keys: u64) -> Zipf {
    let mut zipf = Zipf::new(alpha, keys);
    let big = Zipf::new(alpha, TABLE_KEYS + 1);
    if let Method::Inversion { first, near, .. } = big.method {
        let last = integral(alpha, keys as f64 + 0.5);
        zipf.method = Method::Inversion { first, last, near };
    }
    zipf
}

/// Vector `sampler-zipf-N1000-a0.8`.
#[test]
fn vector_n1000() {
    let ranks = [
        (1, 0.064_642_033_44),
        (2, 0.037_127_098_74),
        (10, 0.010_245_071_87),
        (500, 0.000_448_062_921_3),
    ];
    let tops = [(100, 0.525_826_511_6)];
    check(&Zipf::new(0.8, 1_000), &ranks, &tops);
    check(&without_table(0.8, 1_000), &ranks, &tops);
}

/// Vector `sampler-zipf-N50-a1.5`.
#[test]
fn vector_n50() {
    let ranks = [
        (1, 0.429_011_512_4),
        (2, 0.151_678_474_8),
        (10, 0.013_566_535_22),
        (25, 0.003_432_092_099),
    ];
    let tops = [(5, 0.755_251_686_5)];
    check(&Zipf::new(1.5, 50), &ranks, &tops);
    check(&without_table(1.5, 50), &ranks, &tops);
}

/// Every rank of a small set, by chi square, for exponents around the special case 1.
#[test]
fn every_rank() {
    for alpha in [0.3, 1.0 - 1e-10, 1.0, 1.2, 3.0] {
        for zipf in [Zipf::new(alpha, 20), without_table(alpha, 20)] {
            let mut counts = [0_u64; 20];
            for i in 0..200_000 {
                counts[zipf.sample_key(mix(5, i)) as usize - 1] += 1;
            }
            let chi: f64 = (1..=20_u64)
                .map(|rank| {
                    let wanted = zipf.probability(rank) * 2e5;
                    let off = counts[rank as usize - 1] as f64 - wanted;
                    off * off / wanted
                })
                .sum();
            // 19 degrees of freedom: above 50 once in ten thousand.
            assert!(chi < 50.0, "{alpha}: {chi}");
        }
    }
}

#[test]
fn a_thousand_million_keys() {
    for (alpha, keys) in [
        (0.0, 1_000_000_000_u64),
        (0.9, 1_000_000_000),
        (1.0, 1_000_000),
    ] {
        let zipf = Zipf::new(alpha, keys);
        let tops: Vec<_> = [1, 10, 1_000, keys / 100, keys / 2, keys]
            .map(|rank| (rank, zipf.top_share(rank)))
            .into();
        check(&zipf, &[], &tops);
    }
    // H(10⁶) = 14.392726722865…
    let zipf = Zipf::new(1.0, 1_000_000);
    assert!((1.0 / zipf.probability(1) - 14.392_726_722_865_724).abs() < 1e-11);
}

#[test]
fn odd_parameters() {
    assert_eq!(Zipf::new(f64::NAN, 0).sample_key(3), 1);
    assert_eq!(Zipf::new(2.0, 1).sample_key(3), 1);
}
