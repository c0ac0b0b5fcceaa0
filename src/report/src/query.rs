//! Small questions to a series: mean, peak, percentile over a stretch of time.

use crate::SeriesTable;

fn values(table: &SeriesTable, column: usize, from_secs: u32, to_secs: u32) -> Vec<f64> {
    (0..table.rows())
        .filter(|row| (from_secs..to_secs).contains(&table.time_of(*row)))
        .map(|row| table.value(row, column))
        .filter(|value| !value.is_nan())
        .collect()
}

/// The mean of a column's existing values between two times of day; `None` without any.
#[must_use]
pub fn column_mean(
    table: &SeriesTable,
    column: usize,
    from_secs: u32,
    to_secs: u32,
) -> Option<f64> {
    let list = values(table, column, from_secs, to_secs);
    (!list.is_empty()).then(|| list.iter().sum::<f64>() / list.len() as f64)
}

/// The greatest value of a column between two times of day; `None` without any.
#[must_use]
pub fn column_max(table: &SeriesTable, column: usize, from_secs: u32, to_secs: u32) -> Option<f64> {
    values(table, column, from_secs, to_secs)
        .into_iter()
        .reduce(f64::max)
}

/// The value below which a share `q` (0 to 1) of a column's buckets lie, by the nearest rank.
#[must_use]
pub fn column_quantile(
    table: &SeriesTable,
    column: usize,
    q: f64,
    from_secs: u32,
    to_secs: u32,
) -> Option<f64> {
    let mut list = values(table, column, from_secs, to_secs);
    list.sort_by(f64::total_cmp);
    let rank = (q.clamp(0.0, 1.0) * list.len() as f64).ceil() as usize;
    list.get(rank.max(1) - 1).copied()
}

/// The bucket with the greatest value of a column, the first of equals; `None` without any.
#[must_use]
pub fn peak(table: &SeriesTable, column: usize) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (row, value) in table.column(column).enumerate() {
        if !value.is_nan() && best.is_none_or(|(_, top)| value > top) {
            best = Some((row, value));
        }
    }
    best
}
