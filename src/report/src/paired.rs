//! What a fault cost: a run against its pair, the same design, scenario and seed without faults and without
//! anything done by hand. Counted over the whole run, because a fault may come after the focus window.

use serde::{Deserialize, Serialize};

use crate::{Metric, Report, Subject, Totals};

/// What a run came to, as far as two are compared. Administrators are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Simulated time that was run, in nanoseconds.
    pub ran_ns: u64,
    /// Requests that visitors began.
    pub requests: u64,
    /// Of them answered well.
    pub good: u64,
    /// Visitors who came.
    pub visitors: u64,
    /// Of them through their journey in time.
    pub visitors_done: u64,
    /// Orders; absent where the scenario does not say what an order is.
    pub orders: Option<u64>,
    /// Revenue of the orders, in price units.
    pub revenue: Option<f64>,
}

impl Standing {
    /// Reads it off a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let Totals {
            operations,
            audiences,
        } = &report.whole;
        let mut out = Self {
            ran_ns: report.ran_ns,
            orders: summed(report, Metric::Orders, 60.0).map(|orders| orders.round() as u64),
            revenue: summed(report, Metric::Revenue, 3_600.0),
            ..Self::default()
        };
        // What only queues ask for, no visitor has begun.
        for operation in operations.iter().filter(|o| !o.admin && !o.queued) {
            out.requests += operation.offered;
            out.good += operation.good;
        }
        for audience in audiences.iter().filter(|a| !a.admin) {
            out.visitors += audience.arrived;
            out.visitors_done += audience.done;
        }
        out
    }

    /// Requests answered well / requests that visitors began, 0 to 1.
    #[must_use]
    pub fn availability(&self) -> Option<f64> {
        (self.requests > 0).then(|| self.good as f64 / self.requests as f64)
    }
}

/// The sum of a series of rates `per` so many seconds; `None` where there is no such series.
fn summed(report: &Report, metric: Metric, per: f64) -> Option<f64> {
    let table = &report.series;
    let column = table.find(&Subject::System, metric)?;
    let whole = report.ran_ns as f64 / 1e9;
    let bucket = f64::from(table.bucket_secs);
    let rows = table.column(column).enumerate();
    let sum = rows
        .filter(|(_, rate)| rate.is_finite())
        .map(|(row, rate)| {
            // The last bucket may be a short one.
            let secs = (whole - row as f64 * bucket).clamp(0.0, bucket);
            rate / per * secs
        });
    Some(sum.sum())
}

/// A disturbed run and its pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// With what happened.
    pub disturbed: Standing,
    /// Without.
    pub calm: Standing,
}

impl Losses {
    /// Orders lost: negative if there were more with the fault.
    #[must_use]
    pub fn orders(&self) -> Option<i64> {
        Some(difference(self.calm.orders?, self.disturbed.orders?))
    }

    /// Revenue lost, in price units.
    #[must_use]
    pub fn revenue(&self) -> Option<f64> {
        Some(self.calm.revenue? - self.disturbed.revenue?)
    }

    /// Visitors who would have got through.
    #[must_use]
    pub fn visitors_done(&self) -> i64 {
        difference(self.calm.visitors_done, self.disturbed.visitors_done)
    }

    /// Availability lost, in percentage points: the difference of what [`floor_percent`] shows of both.
    #[must_use]
    pub fn availability_points(&self) -> Option<f64> {
        let calm = floor_percent(self.calm.availability()?);
        let points = calm - floor_percent(self.disturbed.availability()?);
        Some((points * 100.0).round() / 100.0)
    }
}

/// A share in percent with two decimals, never rounded up: 100 means all.
#[must_use]
pub fn floor_percent(share: f64) -> f64 {
    (share * 1e4).floor() / 100.0
}

fn difference(calm: u64, disturbed: u64) -> i64 {
    let gap = i64::try_from(calm.abs_diff(disturbed)).unwrap_or(i64::MAX);
    if calm >= disturbed { gap } else { -gap }
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;

    use super::*;
    use crate::{AudienceTotals, OperationTotals, Reason, SeriesKey, SeriesTable};

    fn report(good: u64, done: u64, orders_per_min: &[f64]) -> Report {
        let key = |metric| SeriesKey {
            subject: Subject::System,
            metric,
        };
        let rows = orders_per_min.iter();
        let operation = |admin, queued| OperationTotals {
            operation: "buy".into(),
            admin,
            queued,
            offered: 100,
            good,
            failed: vec![(Reason::Refused, 100 - good)],
            ..OperationTotals::default()
        };
        let audience = |admin| AudienceTotals {
            audience: "people".into(),
            admin,
            arrived: 50,
            done,
            ..AudienceTotals::default()
        };
        Report {
            ran_ns: 25_000_000_000,
            whole: Totals {
                operations: vec![
                    operation(false, false),
                    operation(true, false),
                    operation(false, true),
                ],
                audiences: vec![audience(false), audience(true)],
            },
            focus: Totals::default(),
            series: SeriesTable {
                start_secs: 0,
                bucket_secs: 10,
                keys: vec![key(Metric::Orders), key(Metric::Revenue)],
                values: rows.flat_map(|orders| [*orders, orders * 600.0]).collect(),
            },
            ..Report::empty(Id::numbered("s", 1))
        }
    }

    #[test]
    fn losses_are_the_pairs_difference() {
        // 25 s in buckets of 10 s: the last counts half.
        let losses = Losses {
            disturbed: Standing::of(&report(60, 20, &[60.0, 6.0, 12.0])),
            calm: Standing::of(&report(90, 45, &[60.0, 60.0, 60.0])),
        };
        assert_eq!(losses.disturbed.orders, Some(10 + 1 + 1));
        assert_eq!(losses.calm.orders, Some(25));
        assert_eq!(losses.orders(), Some(13));
        let revenue = losses.revenue().unwrap_or_default();
        assert!((revenue - 130.0).abs() < 1e-9, "{revenue}");
        assert_eq!(losses.visitors_done(), 25);
        assert_eq!(
            losses.disturbed.requests, 100,
            "no administrators, no queues"
        );
        assert_eq!(losses.availability_points(), Some(30.0));
        assert_eq!(floor_percent(0.999_99), 99.99);
    }

    #[test]
    fn what_does_not_exist_is_not_zero_and_a_gain_is_negative() {
        let mut bare = report(60, 20, &[]);
        bare.series.keys.clear();
        let bare = Standing::of(&bare);
        assert_eq!((bare.orders, bare.revenue), (None, None));
        let losses = Losses {
            disturbed: Standing::of(&report(60, 20, &[60.0])),
            calm: Standing::of(&report(60, 18, &[54.0])),
        };
        assert_eq!(losses.orders(), Some(-1));
        assert_eq!(losses.visitors_done(), -2);
        assert_eq!(Standing::default().availability(), None);
    }
}
