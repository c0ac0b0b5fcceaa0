//! Networks of stations: tandem, a cache before a database, feedback, nested calls.

use archplay_report::{Measure, Report};

use crate::case::Case;
use crate::check::Measured;
use crate::queue::{MOST, of_station, once, part, service};
use crate::support::{compute, design, run, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let nested = case.model["type"] == "nested";
    let (report, n) = once(case, || if nested { nest(case) } else { simulate(case) });
    let operation = &report.focus.operations[0];
    let value = match metric.split_once('.') {
        Some((node, "visits")) => {
            part(&report, node).measure(Measure::Visits).unwrap() / operation.offered as f64
        }
        Some((node, metric)) => of_station(part(&report, node), metric),
        None => match metric {
            "e2e_mean" => operation.latency_mean_ms / 1e3,
            "e2e_p50" => operation.latency_p50_ms / 1e3,
            "e2e_p95" => operation.latency_p95_ms / 1e3,
            "e2e_p99" => operation.latency_p99_ms / 1e3,
            "worker_wait_mean" => of_station(part(&report, "app"), "wait_mean"),
            "pool_wait_mean" => of_station(part(&report, "pool"), "wait_mean"),
            other => of_station(part(&report, "app"), other),
        },
    };
    Measured { value, n }
}

fn simulate(case: &Case) -> (Report, f64) {
    let rate = case.number(&["arrival", "rate"]).unwrap();
    let n = case.n.min(MOST);
    let mut text = String::from("c client(access_rtt_ms=0)\nc > app\n");
    for (id, node) in case.model["nodes"].as_object().unwrap() {
        // "infinite" is 0.
        let workers = node["workers"].as_u64().unwrap_or(0);
        let routes = case.model["routing"][id].as_object().unwrap();
        let routing: Vec<String> = routes.iter().map(|(to, p)| format!("{to}={p}")).collect();
        let routing = routing.join(",");
        let service = service(&node["service"]);
        text += &format!("{id} station(workers={workers}; {service}; routing={routing})\n");
        for to in routes.keys() {
            text += &format!("{id} > {to}\n");
        }
    }
    let secs = (n / rate).ceil();
    let mut scenario = scenario(rate, secs as u32, compute(1.0));
    crate::support::focus(&mut scenario, (secs * case.warmup / case.n).ceil() as u32);
    (run(&design(&text), &scenario, 1), n)
}

fn nest(case: &Case) -> (Report, f64) {
    let rate = case.number(&["arrival", "rate"]).unwrap();
    let n = case.n.min(MOST);
    let app = service(&case.model["app"]["cpu"]);
    let query = service(&case.model["pool"]["query"]);
    let workers = case.number(&["app", "workers"]).unwrap();
    let connections = case.number(&["pool", "connections"]).unwrap();
    let text = format!(
        "c client(access_rtt_ms=0)
         app station(workers={workers}; {app}; then=call)
         pool station(workers={connections}; {query})
         c > app
         app > pool"
    );
    let secs = (n / rate).ceil();
    let mut scenario = scenario(rate, secs as u32, compute(1.0));
    crate::support::focus(&mut scenario, (secs * case.warmup / case.n).ceil() as u32);
    (run(&design(&text), &scenario, 1), n)
}
