//! Figures of one component or link at the moment shown, for the drawing.

use std::collections::{BTreeMap, BTreeSet};

use archplay_model::{Id, LinkKey};
use archplay_report::{EventCode, Metric, Reason, SeriesTable, Subject};

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
    /// How far a copy is behind, in ms.
    pub lag_ms: Option<f64>,
    /// Age of the oldest message, in s.
    pub oldest_secs: Option<f64>,
    /// Disk space in use, 0 to 1.
    pub disk_used: Option<f64>,
    /// Running and waiting threads.
    pub load_average: Option<f64>,
    /// Instances started for a request, per second.
    pub cold_starts: Option<f64>,
    /// Messages that nobody could work on.
    pub dead_letters: Option<f64>,
    /// Whether the alarm is raised.
    pub alarm: Option<bool>,
    /// Visitors let in, per second.
    pub admitted: Option<f64>,
    /// Statements that wait for a locked row.
    pub lock_waiting: Option<f64>,
    /// Requests refused because of a rate, per second.
    pub throttled: Option<f64>,
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
    /// Requests that came back failed, per second.
    pub failed_rate: f64,
    /// Mean time to the answer, in ms.
    pub latency_ms: Option<f64>,
}

/// The figures of everything at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// By component.
    pub components: BTreeMap<Id, Live>,
    /// By link.
    pub links: BTreeMap<LinkKey, LiveLink>,
}

/// The figures of all components and links at the cursor, else at the newest row, in one pass.
#[must_use]
pub fn live_all(state: &RunState) -> Figures {
    let Some(row) = state.shown_row() else {
        return Figures::default();
    };
    let table = state.data.table();
    // What belongs to one subject stands together.
    let mut components: Vec<(&Id, (Live, f64))> = Vec::new();
    for (key, value) in table.keys.iter().zip(table.row(row)) {
        if let Subject::Component(id) = &key.subject {
            match components.last_mut() {
                Some((last, sum)) if *last == id => put(sum, key.metric, *value),
                _ => {
                    let mut sum = (Live::default(), 0.0);
                    put(&mut sum, key.metric, *value);
                    components.push((id, sum));
                }
            }
        }
    }
    let row_end = row_end_ns(row, table.bucket_secs);
    // Without a cursor also what has happened since the last full row: a person wants to see what they did.
    let until = match state.cursor {
        Some(_) => row_end,
        None => row_end.max(state.now_ns.saturating_add(1)),
    };
    let dead = dead(state, until);
    let mut all: BTreeMap<Id, Live> = components
        .into_iter()
        .map(|(id, (live, _))| (id.clone(), live))
        .collect();
    if let Some(design) = &state.design {
        for id in design.components.keys() {
            let killed = || {
                !dead.is_empty()
                    && (dead.contains(id)
                        || design.ancestors(id).iter().any(|a| dead.contains(&a.id)))
            };
            match all.get_mut(id) {
                Some(live) => live.down = live.instances.map_or_else(killed, |n| n <= 0.0),
                None if killed() => {
                    let down = Live {
                        down: true,
                        ..Live::default()
                    };
                    all.insert(id.clone(), down);
                }
                None => {}
            }
        }
    }
    let links = links_of(&table, row);
    tell_from_links(&mut all, &links);
    Figures {
        components: all,
        links,
    }
}

/// The figures of all links at the cursor, else at the newest row.
#[must_use]
pub fn live_links(state: &RunState) -> BTreeMap<LinkKey, LiveLink> {
    let row = state.shown_row();
    row.map_or_else(BTreeMap::new, |row| links_of(&state.data.table(), row))
}

fn links_of(table: &SeriesTable, row: usize) -> BTreeMap<LinkKey, LiveLink> {
    let mut links: Vec<(&LinkKey, LinkSum)> = Vec::new();
    for (key, value) in table.keys.iter().zip(table.row(row)) {
        if let Subject::Link(link) = &key.subject {
            match links.last_mut() {
                Some((last, sum)) if *last == link => sum.put(key.metric, *value),
                _ => {
                    let mut sum = LinkSum::default();
                    sum.put(key.metric, *value);
                    links.push((link, sum));
                }
            }
        }
    }
    let links = links.into_iter();
    links
        .filter_map(|(key, sum)| Some((key.clone(), sum.link()?)))
        .collect()
}

/// What links say of their ends: visitors ask as much as leaves them; what fails on the way in and not on
/// the way out failed here.
fn tell_from_links(all: &mut BTreeMap<Id, Live>, links: &BTreeMap<LinkKey, LiveLink>) {
    let mut asked: BTreeMap<&Id, f64> = BTreeMap::new();
    let mut failed: BTreeMap<&Id, f64> = BTreeMap::new();
    for (key, link) in links {
        *asked.entry(&key.from).or_default() += link.rate;
        *failed.entry(&key.to).or_default() += link.failed_rate;
        *failed.entry(&key.from).or_default() -= link.failed_rate;
    }
    for (id, rate) in asked {
        all.entry(id.clone()).or_default().rate.get_or_insert(rate);
    }
    for (id, rate) in failed {
        if let Some(live) = all.get_mut(id)
            && live.failed_rate <= 0.0
        {
            live.failed_rate = rate.max(0.0);
        }
    }
}

/// Adds one measured value; the second part is the highest rate of one reason so far.
fn put((out, most): &mut (Live, f64), metric: Metric, value: f64) {
    if value.is_nan() {
        return;
    }
    let figure = Some(value);
    match metric {
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
        Metric::Lag => out.lag_ms = figure,
        Metric::OldestAge => out.oldest_secs = figure,
        Metric::DiskUsed => out.disk_used = figure,
        Metric::LoadAverage => out.load_average = figure,
        Metric::ColdStarts => out.cold_starts = figure,
        Metric::DeadLetters => out.dead_letters = figure,
        Metric::Alarm => out.alarm = Some(value >= 0.5),
        Metric::Admitted => out.admitted = figure,
        Metric::LockWaiting => out.lock_waiting = figure,
        Metric::Throttled => out.throttled = figure,
        Metric::Failed(reason) => {
            out.failed_rate += value;
            if value > *most {
                *most = value;
                out.failed_most = Some(reason);
            }
        }
        _ => {}
    }
}

fn row_end_ns(row: usize, bucket_secs: u32) -> u64 {
    (row as u64 + 1) * u64::from(bucket_secs) * 1_000_000_000
}

/// Those to which the last thing that a fault did was to kill them.
fn dead(state: &RunState, until_ns: u64) -> BTreeSet<Id> {
    let mut dead = BTreeSet::new();
    for event in state
        .data
        .events()
        .iter()
        .take_while(|event| event.at_ns < until_ns)
    {
        match event.code {
            EventCode::Killed => {
                dead.insert(event.id.clone());
            }
            EventCode::Restored => {
                dead.remove(&event.id);
            }
            _ => {}
        }
    }
    dead
}

/// The figures of a link at the cursor, else at the newest row.
#[must_use]
pub fn live_link(state: &RunState, link: &LinkKey) -> Option<LiveLink> {
    let row = state.shown_row()?;
    let table = state.data.table();
    let mut sum = LinkSum::default();
    for (key, value) in table.keys.iter().zip(table.row(row)) {
        if matches!(&key.subject, Subject::Link(subject) if subject == link) {
            sum.put(key.metric, *value);
        }
    }
    sum.link()
}

/// What was measured of a link.
#[derive(Default)]
struct LinkSum {
    rate: Option<f64>,
    failed: f64,
    latency_ms: Option<f64>,
}

impl LinkSum {
    fn put(&mut self, metric: Metric, value: f64) {
        match metric {
            _ if value.is_nan() => {}
            Metric::Rate => self.rate = Some(value),
            Metric::RateFailed => self.failed = value,
            Metric::LinkLatency => self.latency_ms = Some(value),
            _ => {}
        }
    }

    fn link(&self) -> Option<LiveLink> {
        let rate = self.rate?;
        Some(LiveLink {
            rate,
            // Failures of this bucket may have begun in an earlier one.
            failed_share: self.failed / rate.max(self.failed).max(f64::MIN_POSITIVE),
            failed_rate: self.failed,
            latency_ms: self.latency_ms,
        })
    }
}
