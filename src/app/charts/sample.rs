//! Thins a series out to what a pixel column can show, without losing a peak. Pure.

/// A point: the row (with fractions in between) and the value.
pub type Point = (f64, f64);

/// Cuts a series into unbroken stretches. With more rows than columns, every column keeps its first,
/// least, greatest and last value in order of time.
pub fn stretches(values: impl Iterator<Item = f64>, rows_per_column: f64) -> Vec<Vec<Point>> {
    let mut out: Vec<Vec<Point>> = Vec::new();
    let mut stretch: Vec<Point> = Vec::new();
    let mut column: Option<Column> = None;
    let rows_per_column = rows_per_column.max(1.0);
    for (row, value) in values.enumerate() {
        if !value.is_finite() {
            if let Some(column) = column.take() {
                column.flush(&mut stretch);
            }
            if !stretch.is_empty() {
                out.push(std::mem::take(&mut stretch));
            }
            continue;
        }
        let point = (row as f64, value);
        let index = (row as f64 / rows_per_column) as usize;
        match &mut column {
            Some(column) if column.index == index => column.add(point),
            other => {
                if let Some(column) = other.replace(Column::new(index, point)) {
                    column.flush(&mut stretch);
                }
            }
        }
    }
    if let Some(column) = column {
        column.flush(&mut stretch);
    }
    if !stretch.is_empty() {
        out.push(stretch);
    }
    out
}

struct Column {
    index: usize,
    first: Point,
    least: Point,
    greatest: Point,
    last: Point,
}

impl Column {
    fn new(index: usize, point: Point) -> Self {
        Self {
            index,
            first: point,
            least: point,
            greatest: point,
            last: point,
        }
    }

    fn add(&mut self, point: Point) {
        if point.1 < self.least.1 {
            self.least = point;
        }
        if point.1 > self.greatest.1 {
            self.greatest = point;
        }
        self.last = point;
    }

    fn flush(self, out: &mut Vec<Point>) {
        let (a, b) = if self.least.0 <= self.greatest.0 {
            (self.least, self.greatest)
        } else {
            (self.greatest, self.least)
        };
        for point in [self.first, a, b, self.last] {
            if out.last().is_none_or(|last| last.0 < point.0) {
                out.push(point);
            }
        }
    }
}

/// The least and the greatest finite value; `None` without any.
pub fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .filter(|value| value.is_finite())
        .fold(None, |extent, value| {
            Some(extent.map_or((value, value), |(low, high): (f64, f64)| {
                (low.min(value), high.max(value))
            }))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_stay_as_they_are() {
        let values = [1.0, 2.0, f64::NAN, 3.0];
        assert_eq!(
            stretches(values.into_iter(), 0.5),
            [vec![(0.0, 1.0), (1.0, 2.0)], vec![(3.0, 3.0)]]
        );
        assert!(stretches(std::iter::empty(), 1.0).is_empty());
        assert!(stretches([f64::NAN].into_iter(), 1.0).is_empty());
    }

    #[test]
    fn a_peak_of_one_row_survives() {
        let rows = 36_000;
        let value = |row: usize| {
            if row == 17_777 {
                900.0
            } else {
                (row % 7) as f64
            }
        };
        let thin = stretches((0..rows).map(value), 100.0);
        assert_eq!(thin.len(), 1);
        assert!(thin[0].len() <= 360 * 4);
        assert!(thin[0].contains(&(17_777.0, 900.0)));
        assert!(thin[0].is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(thin[0].first(), Some(&(0.0, 0.0)));
        assert_eq!(thin[0].last().map(|p| p.0), Some(35_999.0));
    }

    #[test]
    fn extents_skip_gaps() {
        assert_eq!(extent([f64::NAN, 3.0, -1.0].into_iter()), Some((-1.0, 3.0)));
        assert_eq!(extent([f64::NAN].into_iter()), None);
    }
}
