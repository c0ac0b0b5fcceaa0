//! The series table: one row a bucket of time, one column a measured quantity.

use archplay_model::{Id, LinkKey};
use serde::{Deserialize, Serialize};

use crate::Metric;

/// What a series is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Everything the visitors ask (administrators are counted only by operation).
    System,
    /// One operation.
    Operation(Id),
    /// One component, all its instances together.
    Component(Id),
    /// One link.
    Link(LinkKey),
}

/// Names a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// What it is about.
    pub subject: Subject,
    /// What is measured.
    pub metric: Metric,
}

impl SeriesKey {
    /// Makes a key.
    #[must_use]
    pub const fn new(subject: Subject, metric: Metric) -> Self {
        Self { subject, metric }
    }
}

/// All series of a run, row by row. A value that does not exist (a latency without answers) is NaN,
/// in JSON `null`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesTable {
    /// Seconds after midnight at which the first bucket begins.
    pub start_secs: u32,
    /// Length of a bucket in seconds.
    pub bucket_secs: u32,
    /// The columns.
    pub keys: Vec<SeriesKey>,
    /// The values, `keys.len()` a row.
    pub values: Vec<f64>,
}

impl SeriesTable {
    /// How many buckets are complete.
    #[must_use]
    pub fn rows(&self) -> usize {
        if self.keys.is_empty() {
            0
        } else {
            self.values.len() / self.keys.len()
        }
    }

    /// The values of one bucket.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f64] {
        let width = self.keys.len();
        self.values
            .get(index * width..(index + 1) * width)
            .unwrap_or(&[])
    }

    /// The position of a column.
    #[must_use]
    pub fn find(&self, subject: &Subject, metric: Metric) -> Option<usize> {
        self.keys
            .iter()
            .position(|key| key.metric == metric && &key.subject == subject)
    }

    /// One value; NaN if there is none.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> f64 {
        if column >= self.keys.len() {
            return f64::NAN;
        }
        self.values
            .get(row * self.keys.len() + column)
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// The values of one column in order of time.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> + '_ {
        (0..self.rows()).map(move |row| self.value(row, column))
    }

    /// The time of day, in seconds after midnight, at which a bucket begins.
    #[must_use]
    pub fn time_of(&self, row: usize) -> u32 {
        self.start_secs
            + u32::try_from(row)
                .unwrap_or(u32::MAX)
                .saturating_mul(self.bucket_secs)
    }

    /// The bucket in which a time of day lies; clamped to what there is.
    #[must_use]
    pub fn row_at(&self, secs: u32) -> usize {
        let rows = self.rows();
        let row = (secs.saturating_sub(self.start_secs) / self.bucket_secs.max(1)) as usize;
        row.min(rows.saturating_sub(1))
    }
}

impl Serialize for SeriesTable {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("start_secs", &self.start_secs)?;
        map.serialize_entry("bucket_secs", &self.bucket_secs)?;
        let columns: Vec<Column<'_>> = self
            .keys
            .iter()
            .enumerate()
            .map(|(i, key)| Column {
                key,
                values: self.column(i).collect(),
            })
            .collect();
        map.serialize_entry("columns", &columns)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Column<'a> {
    #[serde(flatten)]
    key: &'a SeriesKey,
    values: Vec<f64>,
}
