//! How the cost grows: with components that a request never meets, and with events that wait.

use archplay_engine::Budget;
use archplay_model::{Id, Value as Parameter};
use serde_json::{Value, json};

use crate::bare::{Bare, Single};
use crate::clock::{median, timed};
use crate::workload::Workload;

/// Components in the drawing.
const COMPONENTS: [usize; 3] = [10, 100, 1_000];
/// Events that wait, in the mean.
const PENDING: [u32; 5] = [10, 100, 1_000, 10_000, 100_000];
/// Events that are timed for each number of waiting ones.
const EVENTS: u64 = 1_000_000;
/// Requests a second while events wait: many, so that rows of the series cost next to nothing.
const RATE: f64 = 8_000.0;

/// Cost of a request beside 10, 100 and 1,000 components.
///
/// A row of the series holds figures of every component, visited or not. That part is measured by the
/// same run without visitors, and told apart from what a request costs on its way.
pub fn components(runs: usize) -> Value {
    let base = Workload::named("three-tier").or_else(|_| Workload::named("mm1"));
    let drawings = base.and_then(|base| {
        let crowds = COMPONENTS.map(|count| crowded(base.clone(), count));
        crowds.into_iter().collect::<Result<Vec<_>, _>>()
    });
    match drawings.and_then(|drawings| costs(&drawings, runs)) {
        Ok(costs) => Value::Array(costs),
        Err(error) => {
            println!("components: not measured: {error}");
            Value::Array(Vec::new())
        }
    }
}

/// What the drawings cost, in turns: a machine that is slower for a while is so for all of them, and how much more
/// than in the first a request costs is the middle of the turns.
fn costs(drawings: &[Workload], runs: usize) -> Result<Vec<Value>, String> {
    let mut turns = vec![Vec::new(); drawings.len()];
    for _ in 0..runs {
        for (drawing, turns) in drawings.iter().zip(&mut turns) {
            turns.push(cost_per_request(drawing)?);
        }
    }
    let first = turns.first().cloned().unwrap_or_default();
    let costs = COMPONENTS.iter().zip(&turns).map(|(count, turns)| {
        let middle = |what: fn(&Cost) -> f64| median(&turns.iter().map(what).collect::<Vec<_>>());
        let (request_ns, row_us) = (middle(|c| c.request_ns), middle(|c| c.row_us));
        let all_ns = middle(|c| c.all_ns);
        println!(
            "{count} components: {request_ns:.0} ns a request, {row_us:.1} µs a row, {all_ns:.0} ns a request in all"
        );
        let pairs = turns.iter().zip(&first);
        let beside: Vec<_> = pairs.map(|(c, first)| c.request_ns / first.request_ns).collect();
        json!({
            "components": count,
            "request_ns": request_ns,
            "row_us": row_us,
            "all_ns": all_ns,
            "beside_first": median(&beside),
        })
    });
    Ok(costs.collect())
}

/// Fills a drawing up with copies of a component that nobody asks.
fn crowded(mut workload: Workload, count: usize) -> Result<Workload, String> {
    let design = &mut workload.design;
    let busy = design.components.values().next_back().cloned();
    let busy = busy.ok_or("an empty drawing")?;
    for number in 0..count.saturating_sub(design.components.len()) {
        let mut idle = busy.clone();
        idle.id = Id::new(&format!("zz-{number}")).map_err(|error| format!("{error:?}"))?;
        design.components.insert(idle.id.clone(), idle);
    }
    Ok(workload)
}

/// What a run costs.
#[derive(Clone)]
struct Cost {
    /// Nanoseconds of each request on its way.
    request_ns: f64,
    /// Microseconds of each second of simulated time, without visitors: a row of the series.
    row_us: f64,
    /// Nanoseconds of the whole run for each request.
    all_ns: f64,
}

fn cost_per_request(workload: &Workload) -> Result<Cost, String> {
    let mut empty = workload.clone();
    let points = empty
        .scenario
        .audiences
        .iter_mut()
        .flat_map(|a| &mut a.rate);
    points.for_each(|point| point.per_sec = 0.0);
    let (secs, outcome) = timed(|| workload.run());
    let (empty_secs, nobody) = timed(|| empty.run());
    nobody?;
    let requests = outcome?.requests as f64;
    Ok(Cost {
        request_ns: (secs - empty_secs) * 1e9 / requests,
        row_us: empty_secs * 1e6 / f64::from(workload.scenario.duration_secs),
        all_ns: secs * 1e9 / requests,
    })
}

/// Cost of an event while so many wait, ours and the bare loop's.
///
/// A station with a worker for everyone: as many requests are inside, and their ends wait, as come within
/// one service.
pub fn pending(runs: usize) -> Value {
    let mut results = Vec::new();
    for count in PENDING {
        let ours = Workload::named("mm1").and_then(|workload| our_event(workload, count, runs));
        let bare = bare_event(count, runs);
        let told = match &ours {
            Ok(ns) => format!("{ns:.1} ns"),
            Err(error) => format!("not measured: {error}"),
        };
        println!("{count} events wait: an event costs {told}, in the bare loop {bare:.1} ns");
        results.push(json!({ "pending": count, "ours_ns": ours.ok(), "bare_ns": bare }));
    }
    Value::Array(results)
}

fn our_event(mut workload: Workload, count: u32, runs: usize) -> Result<f64, String> {
    if let Some(note) = workload.note {
        return Err(format!("not with a stand-in {note}"));
    }
    let service_secs = f64::from(count) / RATE;
    for component in workload.design.components.values_mut() {
        if component.params.contains_key("service_ms") {
            let mut set = |name: &str, value| {
                component
                    .params
                    .insert(name.into(), Parameter::Number(value));
            };
            set("service_ms", service_secs * 1e3);
            set("workers", 1e6);
        }
    }
    for audience in &mut workload.scenario.audiences {
        // Some are served for longer than anyone waits otherwise.
        audience.timeout_secs = 80_000.0;
        audience.rate.iter_mut().for_each(|p| p.per_sec = RATE);
    }
    let mut run = workload.compile()?;
    // After six services all but a thousandth of those who will be inside are there.
    let full = Budget {
        until_ns: (service_secs * 6e9) as u64,
        max_events: u64::MAX,
    };
    run.advance(full);
    let next = Budget {
        until_ns: u64::MAX,
        max_events: EVENTS,
    };
    let mut costs = Vec::new();
    for _ in 0..runs {
        let (secs, progress) = timed(|| run.advance(next));
        costs.push(secs * 1e9 / progress.events.max(1) as f64);
    }
    Ok(median(&costs))
}

fn bare_event(count: u32, runs: usize) -> f64 {
    let Some(mut bare) = Bare::<Single>::new(Single::crowd(count), 1) else {
        return f64::NAN;
    };
    bare.advance(12 * u64::from(count));
    let costs: Vec<f64> = (0..runs)
        .map(|_| timed(|| bare.advance(EVENTS)).0 * 1e9 / EVENTS as f64)
        .collect();
    median(&costs)
}
