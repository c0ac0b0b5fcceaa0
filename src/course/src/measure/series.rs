//! Metrics from the series table.

use archplay_model::Id;
use archplay_report::{EventCode, Metric, Reason, SeriesTable, Subject, column_quantile};

use super::{Sight, Stretch};
use crate::{Across, Compare, Scope, SeriesName, Stat, Target, TargetMetric};

/// The columns that a scope means, those of one subject together: failures have one for each reason.
pub(crate) fn columns_of(of: &Scope, sight: Sight<'_>) -> Vec<(Subject, Vec<usize>)> {
    let Some(name) = of.series else {
        return Vec::new();
    };
    let mut out: Vec<(Subject, Vec<usize>)> = Vec::new();
    for (i, key) in sight.report.series.keys.iter().enumerate() {
        let metric = match (name, key.metric) {
            (SeriesName::Failed, Metric::Failed(reason)) => {
                of.reasons.is_empty() || of.reasons.contains(&reason)
            }
            (SeriesName::Of(wanted), metric) => wanted == metric,
            _ => false,
        };
        if !metric || !means(of, &key.subject, sight) {
            continue;
        }
        match out.iter_mut().find(|(subject, _)| *subject == key.subject) {
            Some((_, columns)) => columns.push(i),
            None => out.push((key.subject.clone(), vec![i])),
        }
    }
    out
}

fn means(of: &Scope, subject: &Subject, sight: Sight<'_>) -> bool {
    let of_components = of.kind.is_some() || !of.components.is_empty();
    match subject {
        Subject::System => !of_components && of.operations.is_empty(),
        Subject::Operation(id) => of.operations.contains(id),
        Subject::Component(id) => of_components && sight.parts.means(of, id),
        Subject::Link(_) => false,
    }
}

/// One value: several columns of a subject are parts of one quantity.
fn at(table: &SeriesTable, row: usize, columns: &[usize]) -> f64 {
    columns.iter().map(|column| table.value(row, *column)).sum()
}

fn rows(table: &SeriesTable, window: Stretch) -> impl Iterator<Item = usize> + '_ {
    (0..table.rows()).filter(move |row| (window.from..window.to).contains(&table.time_of(*row)))
}

pub(super) fn series(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let table = &sight.report.series;
    let window = sight.window(target);
    let columns = columns_of(of, sight);
    let one = |values: Vec<f64>| stat(target, of, values, table.bucket_secs);
    if matches!(of.across, Across::Sum | Across::Mean) {
        let joined = rows(table, window).map(|row| {
            let values: Vec<f64> = columns.iter().map(|(_, c)| at(table, row, c)).collect();
            target.join(of.across, &values).unwrap_or(f64::NAN)
        });
        return one(joined.collect());
    }
    let stats: Vec<f64> = columns
        .iter()
        .filter_map(|(_, c)| one(rows(table, window).map(|row| at(table, row, c)).collect()))
        .collect();
    target.join(of.across, &stats)
}

fn stat(target: &Target, of: &Scope, values: Vec<f64>, bucket_secs: u32) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().filter(|v| !v.is_nan()).collect();
    if values.is_empty() {
        return None;
    }
    let sum: f64 = values.iter().sum();
    let count = values.len() as f64;
    match of.stat {
        Stat::Worst => target.worst(values.into_iter()),
        Stat::Max => values.into_iter().reduce(f64::max),
        Stat::Min => values.into_iter().reduce(f64::min),
        Stat::Mean => Some(sum / count),
        Stat::P50 => quantile(&mut values, 0.50),
        Stat::P95 => quantile(&mut values, 0.95),
        Stat::P99 => quantile(&mut values, 0.99),
        Stat::Last => values.pop(),
        Stat::Total => {
            let per_secs = match of.series?.metric().unit() {
                archplay_report::MetricUnit::PerMinute => 60.0,
                archplay_report::MetricUnit::UnitsPerHour => 3_600.0,
                _ => 1.0,
            };
            Some(sum * f64::from(bucket_secs) / per_secs)
        }
    }
}

/// By the nearest rank.
fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (q * values.len() as f64).ceil() as usize;
    values.get(rank.max(1) - 1).copied()
}

/// The first bucket of the window in which a series is beyond the limit, and whose it is.
pub(crate) fn first_beyond(
    target: &Target,
    of: &Scope,
    limit: f64,
    sight: Sight<'_>,
) -> Option<(u32, Subject)> {
    let table = &sight.report.series;
    let columns = columns_of(of, sight);
    let beyond = |value: f64| match target.compare {
        Compare::AtMost => value > limit,
        Compare::AtLeast => value < limit,
    };
    let together = matches!(of.across, Across::Sum | Across::Mean);
    rows(table, sight.window(target)).find_map(|row| {
        let values: Vec<f64> = columns.iter().map(|(_, c)| at(table, row, c)).collect();
        let found = if together {
            beyond(target.join(of.across, &values)?).then_some(0)
        } else {
            values.iter().position(|value| beyond(*value))
        };
        found.map(|i| (table.time_of(row), columns[i].0.clone()))
    })
}

/// Failures of the visitors' requests in the target's window / requests begun there.
pub(super) fn failed_share(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let table = &sight.report.series;
    let offered = table.find(&Subject::System, Metric::Offered)?;
    let failed: Vec<usize> = table
        .keys
        .iter()
        .enumerate()
        .filter(|(_, key)| key.subject == Subject::System)
        .filter(|(_, key)| match (target.metric, key.metric) {
            (TargetMetric::TimeoutShare, metric) => metric == Metric::Failed(Reason::Timeout),
            (_, Metric::Failed(reason)) => of.reasons.is_empty() || of.reasons.contains(&reason),
            _ => false,
        })
        .map(|(i, _)| i)
        .collect();
    let window = sight.window(target);
    let all: f64 = rows(table, window)
        .map(|row| table.value(row, offered))
        .sum();
    let lost: f64 = rows(table, window).map(|row| at(table, row, &failed)).sum();
    (all > 0.0).then(|| lost / all)
}

/// Servers are the components with a backlog of worker threads; a database's CPU is not looked at.
pub(super) fn busiest_server(target: &Target, sight: Sight<'_>) -> Option<f64> {
    let table = &sight.report.series;
    let window = sight.window(target);
    let servers = table
        .keys
        .iter()
        .filter(|key| key.metric == Metric::Workers);
    servers
        .filter_map(|key| {
            let column = table.find(&key.subject, Metric::Utilisation)?;
            column_quantile(table, column, 0.95, window.from, window.to)
        })
        .filter(|value| !value.is_nan())
        .reduce(f64::max)
}

/// The fullest database: the greatest bucket / its limit, or 1 where a connection was refused.
pub(super) fn connections(target: &Target, of: &Scope, sight: Sight<'_>) -> Option<f64> {
    let table = &sight.report.series;
    let window = sight.window(target);
    let refused = |id: &Id| {
        sight.report.events.iter().any(|event| {
            event.code == EventCode::ConnectionLimit
                && event.id == *id
                && (window.from..window.to).contains(&super::events::clock(sight, event))
        })
    };
    let limits = sight.parts.limits.iter();
    limits
        .filter(|(id, _)| sight.parts.means(of, id))
        .filter_map(|(id, limit)| {
            let column = table.find(&Subject::Component(id.clone()), Metric::Connections)?;
            let most = archplay_report::column_max(table, column, window.from, window.to)?;
            Some(if refused(id) {
                1.0
            } else {
                (most / *limit as f64).min(1.0)
            })
        })
        .reduce(f64::max)
}
