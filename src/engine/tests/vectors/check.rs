//! Compares what was measured with what is expected, within the tolerance of the shorter run.

use crate::case::Case;

/// A measured value, and how many requests it comes from (0: as many as the case wants).
pub struct Measured {
    pub value: f64,
    pub n: f64,
}

/// What is wrong, one line each.
pub fn check(case: &Case, measure: &impl Fn(&Case, &str) -> Measured) -> Vec<String> {
    let mut wrong = Vec::new();
    for metric in &case.metrics {
        let got = measure(case, &metric.name);
        let shorter = if got.n > 0.0 && case.n > 0.0 {
            (case.n / got.n).max(1.0).sqrt()
        } else {
            1.0
        };
        let tolerance = metric.tol_floor + (metric.tol_abs - metric.tol_floor) * shorter;
        let off = (got.value - metric.value).abs();
        // Written so that NaN is wrong.
        if !(off <= tolerance) {
            wrong.push(format!(
                "{} {}: got {}, wanted {} ± {tolerance}",
                case.id, metric.name, got.value, metric.value
            ));
        }
    }
    wrong
}
