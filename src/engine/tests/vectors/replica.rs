//! How far a copy is behind: a primary that takes no time, and a copy that applies one write after the other.

use archplay_model::scenario::{
    Audience, Demand, Journey, JourneyStep, Operation, Pick, RatePoint, Spread, State,
};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::check::Reading;
use archplay_report::{Metric, Subject};

use crate::case::Case;
use crate::check::{Measured, once};
use crate::support::checks::measure as of;
use crate::support::{design, focus, id, read, scenario};

/// The way between two components of one place, in milliseconds.
const WAY_MS: f64 = 0.25;
/// Seconds of writes.
const SECS: u32 = 9_000;

pub fn measure(case: &Case, metric: &str) -> Measured {
    if case.number(&["run_seconds"]).is_some() {
        return falling_behind(case, metric);
    }
    let ran = once(&case.id, || (pair(case), looks(case)));
    let n = f64::from(SECS) * rate(case) * 0.9;
    if metric.starts_with("lag_") {
        return Measured::Read(ran, of("b", metric).times(1e-3), n);
    }
    let after = metric
        .trim_start_matches("p_stale_after_")
        .trim_end_matches("ms");
    let operation = format!("@after-{after}");
    let stale = Reading::one(format!("{operation}/failed:stale_read")).over([
        format!("{operation}/offered"),
        format!("-{operation}/inside"),
    ]);
    // A third of the visitors looks after this time.
    Measured::Read(ran, stale, n / 3.0)
}

fn rate(case: &Case) -> f64 {
    case.number(&["writes", "rate"]).unwrap()
}

fn pair(case: &Case) -> Design {
    let apply = case.number(&["apply", "mean"]).unwrap() * 1e3;
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=256; workers=100000; memory_gib=4096; db_pool=10000)
         a database(iops=1000000; max_connections=100000; write_cpu_ms=0; commit_ms=0)
         b database(apply=exponential; apply_ms={apply}; max_connections=100000; read_cpu_ms=0)
         c > s
         s > a
         s > b
         a > b"
    ))
}

fn write() -> Demand {
    Demand::Write {
        dataset: id("product"),
        key: Pick::Own,
    }
}

/// Visitors write, and look after one of three times whether it is there.
fn looks(case: &Case) -> Scenario {
    let mut load = scenario(1.0, SECS, write());
    load.datasets[0].rows = 1_000_000;
    let (operation, step) = (
        load.operations[0].clone(),
        load.journeys[0].steps[0].clone(),
    );
    let audience = load.audiences[0].clone();
    (load.journeys, load.audiences) = (Vec::new(), Vec::new());
    let delays = case.model["read_after_write_delays"].as_array().unwrap();
    for delay in delays {
        let ms = delay.as_f64().unwrap() * 1e3;
        let name = id(&format!("after-{ms}"));
        // The answer to the write takes one way and the look another; the write itself takes one to the copy.
        let wait = Demand::Compute {
            cpu_ms: ms - WAY_MS,
            spread: Spread::Constant,
        };
        let mut look = read("product");
        if let Demand::Read { key, .. } = &mut look {
            *key = Pick::Own;
        }
        load.operations.push(Operation {
            id: name.clone(),
            demand: Demand::Seq(vec![wait, look]),
            ..operation.clone()
        });
        let first = JourneyStep {
            gives: Some(State::OwnWrite),
            ..step.clone()
        };
        let second = JourneyStep {
            operation: name.clone(),
            needs: Some(State::OwnWrite),
            ..step.clone()
        };
        load.journeys.push(Journey {
            id: name.clone(),
            steps: vec![first, second],
            within_secs: 1e6,
        });
        load.audiences.push(Audience {
            id: name.clone(),
            journey: name,
            rate: vec![RatePoint {
                at: ClockTime::from_secs(0),
                per_sec: rate(case) / delays.len() as f64,
            }],
            ..audience.clone()
        });
    }
    focus(&mut load, SECS / 10);
    load
}

/// Writes for a minute; what comes after shows how long the last of them was behind.
fn falling_behind(case: &Case, metric: &str) -> Measured {
    let secs = case.number(&["run_seconds"]).unwrap() as u32;
    let burst = |more: u32| {
        let mut load = scenario(rate(case), secs + more, write());
        load.datasets[0].rows = 1_000_000;
        let at = ClockTime::from_secs;
        for per_sec in [rate(case), 0.0].into_iter().take(2 * more.min(1) as usize) {
            load.audiences[0].rate.push(RatePoint {
                at: at(secs),
                per_sec,
            });
        }
        (pair(case), load)
    };
    let n = f64::from(secs) * rate(case);
    if metric == "backlog_at_60s" {
        let ran = once(&case.id, || burst(0));
        return Measured::ReadOf(ran, of("b", "lag_backlog"), n, n);
    }
    let ran = once(&format!("{} after", case.id), || burst(secs));
    let series = &ran.report.series;
    let lag = series
        .find(&Subject::Component(id("b")), Metric::Lag)
        .unwrap();
    let most = series.column(lag).fold(0.0, f64::max) / 1e3;
    Measured::Found(ran, most, n)
}
