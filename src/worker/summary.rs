//! The numbers of a report that the page shows when a run has ended.

use archplay_protocol::Summary;
use archplay_report::{Reason, Report, Standing};

/// Adds the visitors' operations and audiences up; administrators are counted only in `requests`.
pub fn summary(report: &Report) -> Summary {
    let mut out = Summary {
        cost: report.cost.total,
        design_sha256: report.design_sha256.clone(),
        scenario_sha256: report.scenario_sha256.clone(),
        aggregation: report.aggregation.clone(),
        requests: report.whole.operations.iter().map(|o| o.offered).sum(),
        standing: Standing::of(report),
        measures: report
            .components
            .iter()
            .map(|total| (total.id.clone(), total.told().collect()))
            .collect(),
        feed: report.feed.clone(),
        ..Summary::default()
    };
    let mut failed = [0_u64; Reason::ALL.len()];
    for operation in report.focus.operations.iter().filter(|o| !o.admin) {
        out.offered += operation.offered;
        out.good += operation.good;
        for (reason, count) in &operation.failed {
            failed[reason.index()] += count;
        }
    }
    for audience in report.focus.audiences.iter().filter(|a| !a.admin) {
        out.visitors += audience.arrived;
        out.visitors_done += audience.done;
    }
    out.failed = Reason::ALL
        .into_iter()
        .zip(failed)
        .filter(|(_, count)| *count > 0)
        .collect();
    out.causes = report
        .causes
        .iter()
        .map(|c| (c.component.clone(), c.reason, c.first_ns, c.count))
        .collect();
    out
}
