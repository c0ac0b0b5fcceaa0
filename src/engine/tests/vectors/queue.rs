//! Single stations.

use std::cell::RefCell;
use std::collections::BTreeMap;

use archplay_model::scenario::{Arrivals, Batch, Spread};
use archplay_report::{ComponentTotals, Measure, Reason, Report};

use crate::case::Case;
use crate::check::Measured;
use crate::support::{compute, design, run, scenario};

/// Requests of one run at most, so that the tests stay quick; the tolerance grows with the square root.
pub const MOST: f64 = 400_000.0;

thread_local! {
    static DONE: RefCell<BTreeMap<String, (Report, f64)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs a case once and reads from its report.
pub fn measure(case: &Case, metric: &str) -> Measured {
    let (report, n) = once(case, || simulate(case));
    let station = part(&report, "s");
    let operation = &report.focus.operations[0];
    let value = match metric {
        "timeout_prob" => {
            operation.failed_for(Reason::Timeout) as f64
                / (operation.offered - operation.inside) as f64
        }
        // The visitor's time counts: a batch's later ones too.
        other => of_station(station, other),
    };
    Measured { value, n }
}

/// Runs a case once, whatever is asked of it.
pub fn once(case: &Case, simulate: impl FnOnce() -> (Report, f64)) -> (Report, f64) {
    if let Some(done) = DONE.with(|done| done.borrow().get(&case.id).cloned()) {
        return done;
    }
    let made = simulate();
    DONE.with(|done| done.borrow_mut().insert(case.id.clone(), made.clone()));
    made
}

pub fn part<'a>(report: &'a Report, id: &str) -> &'a ComponentTotals {
    report
        .components
        .iter()
        .find(|c| c.id.as_str() == id)
        .unwrap()
}

/// A metric of the file from a station's measures; times in seconds.
pub fn of_station(station: &ComponentTotals, metric: &str) -> f64 {
    let m = |measure| station.measure(measure).unwrap_or(f64::NAN);
    let admitted = m(Measure::Visits) - m(Measure::Refused);
    match metric {
        "utilisation" => m(Measure::Utilisation),
        "p_wait" => m(Measure::WaitShare),
        "wait_mean" => m(Measure::WaitMean) / 1e3,
        "wait_mean_all" => m(Measure::WaitMeanAll) / 1e3,
        "sojourn_mean" => m(Measure::SojournMean) / 1e3,
        "sojourn_p50" => m(Measure::SojournP50) / 1e3,
        "sojourn_p95" => m(Measure::SojournP95) / 1e3,
        "sojourn_p99" => m(Measure::SojournP99) / 1e3,
        "sojourn_p999" => m(Measure::SojournP999) / 1e3,
        "queue_len_mean" => m(Measure::QueueMean),
        "in_system_mean" => m(Measure::InsideMean),
        "loss_prob" => m(Measure::Refused) / m(Measure::Visits),
        "abandon_prob" => m(Measure::Abandoned) / admitted,
        "throughput" => m(Measure::Throughput),
        other => panic!("nobody measures {other}"),
    }
}

fn simulate(case: &Case) -> (Report, f64) {
    let number = |path: &[&str]| case.number(path);
    let batch = number(&["arrival", "batch_rate"]);
    let rate = batch.or(number(&["arrival", "rate"])).unwrap();
    let size = if batch.is_some() {
        number(&["arrival", "batch", "mean"]).unwrap()
    } else {
        1.0
    };
    let n = case.n.min(MOST);
    let secs = (n / rate / size).ceil();
    let warmup = (secs * case.warmup / case.n).ceil();
    let workers = number(&["workers"]).unwrap();
    let mut params = format!("workers={workers}; {}", service(&case.model["service"]));
    if let Some(capacity) = number(&["queue_capacity"]) {
        params += &format!("; queue_capacity={capacity}");
    }
    if let Some(patience) = number(&["queue_timeout", "mean"]) {
        let spread = case.model["queue_timeout"]["dist"].as_str().unwrap();
        params += &format!("; patience_ms={}; patience={spread}", patience * 1e3);
    }
    let drawing = design(&format!(
        "c client(access_rtt_ms=0)\ns station({params})\nc > s"
    ));
    let mut scenario = scenario(rate, secs as u32, compute(1.0));
    let audience = &mut scenario.audiences[0];
    if case.model["arrival"]["dist"] == "constant" {
        audience.arrivals = Arrivals::Gaps(Spread::Constant);
    }
    if batch.is_some() {
        audience.batch = Some(Batch {
            mean: size,
            geometric: true,
        });
    }
    if let Some(timeout) = number(&["client_timeout"]) {
        audience.timeout_secs = timeout;
    }
    crate::support::focus(&mut scenario, warmup as u32);
    (run(&drawing, &scenario, 1), n)
}

/// The station's parameters of a service.
pub fn service(service: &serde_json::Value) -> String {
    let dist = service["dist"].as_str().unwrap();
    if dist == "uniform" {
        let (min, max) = (
            service["min"].as_f64().unwrap(),
            service["max"].as_f64().unwrap(),
        );
        let mean = (min + max) / 2.0;
        let cv = (max - min) / 2.0 / 3.0_f64.sqrt() / mean;
        return format!(
            "service_ms={}; service=uniform; service_cv={cv}",
            mean * 1e3
        );
    }
    let mean = service["mean"].as_f64().unwrap();
    let cv = service["cv"]
        .as_f64()
        .map_or(String::new(), |cv| format!("; service_cv={cv}"));
    format!("service_ms={}; service={dist}{cv}", mean * 1e3)
}
