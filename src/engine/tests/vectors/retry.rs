//! Retries: attempts, failures, waits before them, and what they do to a line.

use archplay_report::{Measure, Report};

use crate::case::Case;
use crate::check::Measured;
use crate::queue::{MOST, of_station, once, part, service};
use crate::support::{compute, design, run, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let (report, n) = once(case, || simulate(case));
    let (gate, inner) = (part(&report, "gate"), part(&report, "n0"));
    let visits = |part: &archplay_report::ComponentTotals| part.measure(Measure::Visits).unwrap();
    let operation = &report.focus.operations[0];
    let value = match metric {
        "attempts_per_request" => visits(inner) / visits(gate),
        "failed_share" => operation.failed_total() as f64 / operation.offered as f64,
        "backoff_mean" => gate.measure(Measure::BackoffMean).unwrap_or(0.0) / 1e3,
        // Also those that fail in the end.
        "e2e_mean" => of_station(gate, "sojourn_mean"),
        "n0.utilisation" => of_station(inner, "utilisation"),
        other => panic!("nobody measures {other}"),
    };
    Measured { value, n }
}

fn simulate(case: &Case) -> (Report, f64) {
    let rate = case.number(&["arrival", "rate"]).unwrap_or(1_000.0);
    let fails = case.number(&["p_fail"]).unwrap() * 100.0;
    let retries = case.number(&["max_retries"]).unwrap();
    let base = case.number(&["backoff", "base"]).unwrap_or(0.0) * 1e3;
    let n = case.n.min(MOST);
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
    (run(&design(&text), &scenario, 1), n)
}
