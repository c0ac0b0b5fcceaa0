//! When the system fails its visitors: stretches of ten seconds in which too many requests fail.

use archplay_report::{Metric, Subject};

use super::Sight;
use crate::Target;

/// How many seconds are looked at together.
const STRETCH_SECS: u32 = 10;
/// The share of failures above which such a stretch counts as an outage.
const FAILED_SHARE: f64 = 0.02;

/// The bad stretches from a moment on, in seconds of the clock, each with whether the run ended in it.
fn bad(sight: Sight<'_>, since: u32) -> Option<Vec<(u32, u32, bool)>> {
    let table = &sight.report.series;
    let offered = table.find(&Subject::System, Metric::Offered)?;
    let failed: Vec<usize> = (0..table.keys.len())
        .filter(|i| {
            let key = &table.keys[*i];
            key.subject == Subject::System && matches!(key.metric, Metric::Failed(_))
        })
        .collect();
    let bucket = table.bucket_secs.max(1);
    let window = (STRETCH_SECS / bucket).max(1) as usize;
    let mut row = (since.saturating_sub(table.start_secs) / bucket) as usize;
    let mut out = Vec::new();
    while row < table.rows() {
        let end = (row + window).min(table.rows());
        let sum = |column: usize| (row..end).map(|r| table.value(r, column)).sum::<f64>();
        let lost: f64 = failed.iter().map(|column| sum(*column)).sum();
        if lost > FAILED_SHARE * sum(offered) {
            out.push((table.time_of(row), table.time_of(end), end == table.rows()));
        }
        row = end;
    }
    Some(out)
}

pub(super) fn recovery_secs(target: &Target, sight: Sight<'_>) -> Option<f64> {
    let since = sight.since(target);
    match bad(sight, since)?.last() {
        None => Some(0.0),
        Some((_, _, true)) => None,
        Some((_, to, false)) => Some(f64::from(to - since)),
    }
}

pub(super) fn bad_secs(target: &Target, sight: Sight<'_>) -> Option<f64> {
    let stretches = bad(sight, sight.since(target))?;
    let secs: u32 = stretches.iter().map(|(from, to, _)| to - from).sum();
    Some(f64::from(secs))
}

/// When the last bad stretch begins.
pub(crate) fn last_outage(target: &Target, sight: Sight<'_>) -> Option<u32> {
    let stretches = bad(sight, sight.since(target))?;
    stretches.last().map(|(from, ..)| *from)
}

/// The first second at or after a moment in which a visitor's request failed.
pub(crate) fn failing_row(sight: Sight<'_>, since: u32) -> Option<u32> {
    let table = &sight.report.series;
    let failed = |row: usize| {
        table.keys.iter().enumerate().any(|(i, key)| {
            key.subject == Subject::System
                && matches!(key.metric, Metric::Failed(_))
                && table.value(row, i) > 0.0
        })
    };
    (0..table.rows())
        .filter(|row| table.time_of(*row) >= since)
        .find(|row| failed(*row))
        .map(|row| table.time_of(row))
}
