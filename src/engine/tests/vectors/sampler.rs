//! The draws themselves: numbers of the kernel's samplers against their distributions. No drawing here.

use archplay_kernel::{Sampler, Spread, Zipf, mix};

use crate::case::Case;
use crate::support::checks::Sheet;

const DRAWS: u64 = 1_000_000;
/// Any number will do; another one moves every value a little.
const KEY: u64 = 2_024;

pub fn check(case: &Case) {
    let mut sheet = Sheet::of_vector(&case.id);
    let mut value = |metric: &str, value| sheet.value(metric, value, DRAWS as f64);
    if case.model["dist"] == "zipf" {
        let (keys, alpha) = (
            case.number(&["keys"]).unwrap(),
            case.number(&["alpha"]).unwrap(),
        );
        let zipf = Zipf::new(alpha, keys as u64);
        let mut counts = vec![0_u64; keys as usize + 1];
        for i in 0..DRAWS {
            counts[zipf.sample_key(mix(KEY, i)) as usize] += 1;
        }
        for metric in &case.metrics {
            let (what, rank) = metric.rsplit_once('_').unwrap();
            let rank: usize = rank.parse().unwrap();
            let first = if what == "p_top" { 1 } else { rank };
            let count: u64 = counts[first..=rank].iter().sum();
            value(metric, count as f64 / DRAWS as f64);
        }
    } else {
        let sampler = Sampler::new(Spread::Exponential, case.number(&["mean"]).unwrap());
        let mut all: Vec<f64> = (0..DRAWS)
            .map(|i| sampler.sample_key(mix(KEY, i)))
            .collect();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        all.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| all[(share * n) as usize];
        value("mean", mean);
        value("cv", variance.sqrt() / mean);
        value("sample_p50", quantile(0.5));
        value("sample_p99", quantile(0.99));
    }
    sheet.finish();
}
