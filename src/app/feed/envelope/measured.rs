//! What a run measured of the quantities that the envelope estimates. Pure.

use archplay_report::{Measure, Metric, SeriesTable, Subject};

use crate::app::feed::asks;
use crate::app::run::RunState;

/// A peak is a mean over so long, so that chance in single seconds is not taken for one.
pub const PEAK_SECS: usize = 60;

/// The measured value of a quantity, in the sizing's unit; `None` where a run cannot tell, or has not yet.
pub fn measured(run: &RunState, quantity: &str) -> Option<f64> {
    let table = run.data.table();
    let window = (PEAK_SECS / (table.bucket_secs.max(1) as usize)).max(1);
    let system = |metric| {
        let column = table.find(&Subject::System, metric)?;
        Some(table.column(column).collect::<Vec<f64>>())
    };
    match quantity {
        "reads_mean" => mean(&reads(run, &table)?),
        "reads_peak" => peak(&reads(run, &table)?, window),
        "posts_mean" => mean(&posts(run, &table)?),
        "posts_peak" => peak(&posts(run, &table)?, window),
        "push_writes_mean" => mean(&system(Metric::FanOutWrites)?),
        "push_writes_peak" => peak(&system(Metric::FanOutWrites)?, window),
        "pull_lookups_mean" => mean(&lookups(run, &table)?),
        "pull_lookups_peak" => peak(&lookups(run, &table)?, window),
        "rate_ratio" => {
            let posts = mean(&posts(run, &table)?)?;
            let reads = mean(&reads(run, &table)?)?;
            (posts > 0.0).then(|| reads / posts)
        }
        "feed_cache" => {
            let last = |values: Vec<f64>| values.into_iter().rfind(|value| value.is_finite());
            system(Metric::ListMemory).and_then(last).map(|mb| mb / 1e3)
        }
        "delivery_worst" => {
            let feed = run.summary.as_ref()?.feed.as_ref()?;
            let ms = feed.measure(Measure::DeliveryMax)?;
            ms.is_finite().then_some(ms / 1e3)
        }
        _ => None,
    }
}

/// Pages asked for a second, by whichever operation.
fn reads(run: &RunState, table: &SeriesTable) -> Option<Vec<f64>> {
    let scenario = run.scenario.as_ref()?;
    let columns: Vec<usize> = asks::reads(scenario)
        .filter_map(|o| table.find(&Subject::Operation(o.id.clone()), Metric::Offered))
        .collect();
    if columns.is_empty() {
        return None;
    }
    let sum = |row| columns.iter().map(|column| table.value(row, *column)).sum();
    Some((0..table.rows()).map(sum).collect())
}

/// Posts asked for a second.
fn posts(run: &RunState, table: &SeriesTable) -> Option<Vec<f64>> {
    let operation = asks::post(run.scenario.as_ref()?)?;
    let column = table.find(&Subject::Operation(operation.id.clone()), Metric::Offered)?;
    Some(table.column(column).collect())
}

/// Rows looked up for pages, a second: for one page on average, times the pages.
fn lookups(run: &RunState, table: &SeriesTable) -> Option<Vec<f64>> {
    let column = table.find(&Subject::System, Metric::LookupsPerRead)?;
    let reads = reads(run, table)?;
    Some(
        table
            .column(column)
            .zip(reads)
            // Where nothing was read, nothing was looked up.
            .map(|(each, reads)| if each.is_finite() { each * reads } else { 0.0 })
            .collect(),
    )
}

fn mean(values: &[f64]) -> Option<f64> {
    let finite = || values.iter().filter(|value| value.is_finite());
    let count = finite().count();
    (count > 0).then(|| finite().sum::<f64>() / count as f64)
}

/// The greatest mean over so many rows in a row; over all if there are fewer.
fn peak(values: &[f64], window: usize) -> Option<f64> {
    values
        .windows(window.min(values.len()).max(1))
        .filter_map(mean)
        .fold(None, |greatest, value| {
            Some(greatest.map_or(value, |other: f64| other.max(value)))
        })
}

/// How far a measured value is from its estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Apart {
    /// Within half a percent.
    Same,
    /// By so many percent, with its sign.
    Percent(f64),
    /// So many times as much: too much for a percentage.
    Times(f64),
}

/// Compares the two; `None` where the estimate is nothing.
pub fn apart(estimate: f64, measured: f64) -> Option<Apart> {
    if !(estimate > 0.0 && measured.is_finite()) {
        return None;
    }
    let ratio = measured / estimate;
    Some(if (ratio - 1.0).abs() < 0.005 {
        Apart::Same
    } else if ratio < 3.0 {
        Apart::Percent((ratio - 1.0) * 100.0)
    } else {
        Apart::Times(ratio)
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use archplay_model::Id;
    use archplay_model::format::read_scenario;
    use archplay_report::SeriesKey;

    use super::*;
    use crate::app::run::Data;

    const SCENARIO: &str = include_str!("../../../engine/tests/feed_support/lecture.scenario.json");

    /// Two minutes of seconds: one calm, one with twice as many reads.
    fn run() -> RunState {
        let operation =
            |id: &str| Subject::Operation(Id::new(id).unwrap_or_else(|e| panic!("{e}")));
        let keys = vec![
            SeriesKey::new(Subject::System, Metric::FanOutWrites),
            SeriesKey::new(Subject::System, Metric::LookupsPerRead),
            SeriesKey::new(Subject::System, Metric::ListMemory),
            SeriesKey::new(operation("get_feed"), Metric::Offered),
            SeriesKey::new(operation("upload"), Metric::Offered),
        ];
        let rows = (0..120).flat_map(|row| {
            let reads = if row < 60 { 100.0 } else { 200.0 };
            let lookups = if row == 3 { f64::NAN } else { 2.0 };
            [30.0, lookups, 500.0, reads, 3.0]
        });
        let table = SeriesTable {
            start_secs: 0,
            bucket_secs: 1,
            keys,
            values: rows.collect(),
        };
        let scenario = read_scenario(SCENARIO).unwrap_or_else(|e| panic!("{e}"));
        RunState {
            data: Data::new(table, 120),
            scenario: Some(Rc::new(scenario)),
            ..RunState::default()
        }
    }

    #[test]
    fn means_and_peaks_are_those_of_the_rows() {
        let run = run();
        for (quantity, expected) in [
            ("reads_mean", 150.0),
            ("reads_peak", 200.0),
            ("posts_mean", 3.0),
            ("push_writes_peak", 30.0),
            ("pull_lookups_peak", 400.0),
            ("rate_ratio", 50.0),
            ("feed_cache", 0.5),
        ] {
            let value = measured(&run, quantity).unwrap_or(f64::NAN);
            assert!((value - expected).abs() < 1e-9, "{quantity}: {value}");
        }
        assert_eq!(measured(&run, "delivery_worst"), None, "only the end tells");
        assert_eq!(measured(&run, "media_storage"), None);
        assert_eq!(measured(&RunState::default(), "reads_mean"), None);
    }

    #[test]
    fn one_busy_second_is_no_peak() {
        let mut values = vec![1.0; 120];
        values[7] = 61.0;
        assert_eq!(peak(&values, 60), Some(2.0));
        assert_eq!(peak(&[4.0, 2.0], 60), Some(3.0), "all there is");
        assert_eq!(peak(&[], 60), None);
    }

    #[test]
    fn differences_are_said_as_people_say_them() {
        assert_eq!(apart(100.0, 100.2), Some(Apart::Same));
        assert_eq!(apart(100.0, 50.0), Some(Apart::Percent(-50.0)));
        assert_eq!(apart(1.0, 4.0), Some(Apart::Times(4.0)));
        assert_eq!(apart(0.0, 4.0), None);
    }
}
