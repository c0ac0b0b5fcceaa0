//! Figures of one component or link at the moment shown, for the drawing.

use archplay_model::{Id, LinkKey};
use archplay_report::{Event, EventCode, Metric, Reason, Subject};

use super::state::RunState;

/// What a card shows. `None` where the kind has no such figure or nothing was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// CPU busy time / capacity, 0 to 1.
    pub utilisation: Option<f64>,
    /// Connections that wait for a worker.
    pub queue: Option<f64>,
    /// Share of the worker threads that are taken, 0 to 1.
    pub workers: Option<f64>,
    /// Memory in use, 0 to 1.
    pub memory: Option<f64>,
    /// Instances that take requests.
    pub instances: Option<f64>,
    /// Instances that start.
    pub booting: Option<f64>,
    /// Instances that the rules want.
    pub desired: Option<f64>,
    /// Database connections in use.
    pub connections: Option<f64>,
    /// Answers from the edge, 0 to 1.
    pub hit_ratio: Option<f64>,
    /// Targets that get requests.
    pub healthy: Option<f64>,
    /// Requests begun, per second.
    pub rate: Option<f64>,
    /// Requests that failed here, per second, all reasons together.
    pub failed_rate: f64,
    /// The reason of most of them.
    pub failed_most: Option<Reason>,
    /// Whether a fault has killed it.
    pub down: bool,
}

/// What an arrow shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LiveLink {
    /// Requests begun, per second.
    pub rate: f64,
    /// Share of them that came back failed, 0 to 1.
    pub failed_share: f64,
    /// Mean time to the answer, in ms.
    pub latency_ms: Option<f64>,
}

/// The figures of a component at the cursor, else at the newest row.
#[must_use]
pub fn live(state: &RunState, id: &Id) -> Option<Live> {
    let row = state.shown_row()?;
    let table = state.data.table();
    let values = table.row(row);
    let mut out = Live::default();
    let mut found = false;
    let mut most = 0.0;
    for (key, value) in table.keys.iter().zip(values) {
        if !matches!(&key.subject, Subject::Component(subject) if subject == id) {
            continue;
        }
        found = true;
        if value.is_nan() {
            continue;
        }
        let figure = Some(*value);
        match key.metric {
            Metric::Utilisation => out.utilisation = figure,
            Metric::Backlog => out.queue = figure,
            Metric::Workers => out.workers = figure,
            Metric::Memory => out.memory = figure,
            Metric::Instances => out.instances = figure,
            Metric::Booting => out.booting = figure,
            Metric::Desired => out.desired = figure,
            Metric::Connections => out.connections = figure,
            Metric::HitRatio => out.hit_ratio = figure,
            Metric::Healthy => out.healthy = figure,
            Metric::Rate => out.rate = figure,
            Metric::Failed(reason) => {
                out.failed_rate += value;
                if *value > most {
                    most = *value;
                    out.failed_most = Some(reason);
                }
            }
            _ => {}
        }
    }
    let row_end_ns = (row as u64 + 1) * u64::from(table.bucket_secs) * 1_000_000_000;
    out.down = match out.instances {
        Some(instances) => instances <= 0.0,
        None => killed(state, id, row_end_ns),
    };
    (found || out.down).then_some(out)
}

/// Whether the last thing a fault did to it, or to a box around it, was to kill it.
fn killed(state: &RunState, id: &Id, until_ns: u64) -> bool {
    let groups = match &state.design {
        Some(design) => design.ancestors(id),
        None => Vec::new(),
    };
    let concerns = |event: &Event| event.id == *id || groups.iter().any(|g| g.id == event.id);
    state
        .data
        .events()
        .iter()
        .take_while(|event| event.at_ns < until_ns)
        .filter(|event| concerns(event))
        .fold(false, |down, event| match event.code {
            EventCode::Killed => true,
            EventCode::Restored => false,
            _ => down,
        })
}

/// The figures of a link at the cursor, else at the newest row.
#[must_use]
pub fn live_link(state: &RunState, link: &LinkKey) -> Option<LiveLink> {
    let row = state.shown_row()?;
    let table = state.data.table();
    let values = table.row(row);
    let mut rate = None;
    let mut failed = 0.0;
    let mut latency_ms = None;
    for (key, value) in table.keys.iter().zip(values) {
        if value.is_nan() || !matches!(&key.subject, Subject::Link(subject) if subject == link) {
            continue;
        }
        match key.metric {
            Metric::Rate => rate = Some(*value),
            Metric::RateFailed => failed = *value,
            Metric::LinkLatency => latency_ms = Some(*value),
            _ => {}
        }
    }
    let rate = rate?;
    // Failures of this bucket may have begun in an earlier one.
    let failed_share = failed / rate.max(failed).max(f64::MIN_POSITIVE);
    Some(LiveLink {
        rate,
        failed_share,
        latency_ms,
    })
}
