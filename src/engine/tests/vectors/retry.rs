//! Retries: attempts, failures, waits before them, and what they do to a line.

use archplay_model::{Design, Scenario};
use archplay_report::check::Reading;

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::{of_station, requests, service};
use crate::support::{compute, design, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let ran = once(&case.id, || documents(case));
    let reading = match metric {
        "attempts_per_request" => Reading::one("n0/visits").over(["gate/visits".into()]),
        "failed_share" => Reading::one("@page/failed").over(["@page/offered".into()]),
        "backoff_mean" => Reading::one("gate/backoff_mean").times(1e-3),
        // Also those that fail in the end.
        "e2e_mean" => of_station("gate", "sojourn_mean"),
        "n0.utilisation" => of_station("n0", "utilisation"),
        other => panic!("nobody measures {other}"),
    };
    Measured::Read(ran, reading, requests(case))
}

fn documents(case: &Case) -> (Design, Scenario) {
    let rate = case.number(&["arrival", "rate"]).unwrap_or(1_000.0);
    let fails = case.number(&["p_fail"]).unwrap() * 100.0;
    let retries = case.number(&["max_retries"]).unwrap();
    let base = case.number(&["backoff", "base"]).unwrap_or(0.0) * 1e3;
    let n = requests(case);
    let inner = if case.model["service"].is_object() {
        format!("workers=1; {}", service(&case.model["service"]))
    } else {
        "workers=0; service_ms=1; service=constant".into()
    };
    let text = format!(
        "c client(access_rtt_ms=0)
         gate station(workers=0; service_ms=0; service=constant; then=call; retries={retries}; backoff=exponential; backoff_ms={base})
         n0 station({inner}; fail_percent={fails})
         c > gate
         gate > n0"
    );
    let secs = (n / rate).ceil();
    let mut scenario = scenario(rate, secs as u32, compute(1.0));
    crate::support::focus(&mut scenario, (secs * case.warmup / case.n).ceil() as u32);
    (design(&text), scenario)
}
