//! Single stations.

use archplay_model::scenario::{Arrivals, Batch, Spread};
use archplay_model::{Design, Scenario};
use archplay_report::check::Reading;

use crate::case::Case;
use crate::check::{Measured, once};
use crate::support::checks::measure as of;
use crate::support::{compute, design, scenario};

/// Requests of one run at most, so that the tests stay quick; the tolerance grows with the square root.
pub const MOST: f64 = 400_000.0;

/// Runs a case once and reads from its report.
pub fn measure(case: &Case, metric: &str) -> Measured {
    let reading = match metric {
        "timeout_prob" => Reading::one("@page/failed:timeout")
            .over(["@page/offered".into(), "-@page/inside".into()]),
        // The visitor's time counts: a batch's later ones too.
        other => of_station("s", other),
    };
    Measured::Read(once(&case.id, || documents(case)), reading, requests(case))
}

/// How many requests are run for a case.
pub fn requests(case: &Case) -> f64 {
    case.n.min(MOST)
}

/// A metric of the file from a station's measures; times in seconds.
pub fn of_station(station: &str, metric: &str) -> Reading {
    let plain = |name| of(station, name);
    let ms = |name| of(station, name).times(1e-3);
    let visits = format!("{station}/visits");
    match metric {
        "utilisation" => plain("utilisation"),
        "p_wait" => plain("wait_share"),
        "wait_mean" | "wait_mean_all" | "sojourn_mean" | "sojourn_p50" | "sojourn_p95"
        | "sojourn_p99" | "sojourn_p999" => ms(metric),
        "queue_len_mean" => plain("queue_mean"),
        "in_system_mean" => plain("inside_mean"),
        "loss_prob" => plain("refused").over([visits]),
        "abandon_prob" => plain("abandoned").over([visits, format!("-{station}/refused")]),
        "throughput" => plain("throughput"),
        other => panic!("nobody measures {other}"),
    }
}

fn documents(case: &Case) -> (Design, Scenario) {
    let number = |path: &[&str]| case.number(path);
    let batch = number(&["arrival", "batch_rate"]);
    let rate = batch.or(number(&["arrival", "rate"])).unwrap();
    let size = if batch.is_some() {
        number(&["arrival", "batch", "mean"]).unwrap()
    } else {
        1.0
    };
    let secs = (requests(case) / rate / size).ceil();
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
    (drawing, scenario)
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
