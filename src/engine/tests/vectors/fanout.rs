//! Fan-out, quorums, fork-join.

use archplay_model::{Design, Scenario};

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::{MOST, of_station, service};
use crate::support::{compute, design, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let ran = once(&case.id, || documents(case));
    Measured::Read(ran, of_station("gate", metric), requests(case))
}

/// A request is several, so there are fewer.
fn requests(case: &Case) -> f64 {
    case.n.min(MOST / 2.0)
}

fn documents(case: &Case) -> (Design, Scenario) {
    let branches = case.number(&["branches"]).unwrap() as usize;
    let wait_for = case.number(&["wait_for"]).unwrap();
    let workers = case.number(&["workers"]).unwrap_or(0.0);
    let rate = case.number(&["arrival", "rate"]).unwrap_or(1_000.0);
    let n = requests(case);
    let service = service(&case.model["service"]);
    let mut text = format!(
        "c client(access_rtt_ms=0)
         gate station(workers=0; service_ms=0; service=constant; then=fork; wait_for={wait_for})
         c > gate\n"
    );
    for i in 0..branches {
        text += &format!("b{i} station(workers={workers}; {service})\ngate > b{i}\n");
    }
    let secs = (n / rate).ceil();
    let mut scenario = scenario(rate, secs as u32, compute(1.0));
    crate::support::focus(&mut scenario, (secs * case.warmup / case.n).ceil() as u32);
    (design(&text), scenario)
}
