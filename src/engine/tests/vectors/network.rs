//! Networks of stations: tandem, a cache before a database, feedback, nested calls.

use archplay_model::{Design, Scenario};
use archplay_report::check::Reading;

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::{of_station, requests, service};
use crate::support::{compute, design, scenario};

pub fn measure(case: &Case, metric: &str) -> Measured {
    let nested = case.model["type"] == "nested";
    let ran = once(
        &case.id,
        || if nested { nest(case) } else { documents(case) },
    );
    let page = |figure: &str| Reading::one(format!("@page/{figure}")).times(1e-3);
    let reading = match metric.split_once('.') {
        Some((node, "visits")) => {
            Reading::one(format!("{node}/visits")).over(["@page/offered".into()])
        }
        Some((node, metric)) => of_station(node, metric),
        None => match metric {
            "e2e_mean" => page("latency_mean_ms"),
            "e2e_p50" => page("latency_p50_ms"),
            "e2e_p95" => page("latency_p95_ms"),
            "e2e_p99" => page("latency_p99_ms"),
            "worker_wait_mean" => of_station("app", "wait_mean"),
            "pool_wait_mean" => of_station("pool", "wait_mean"),
            other => of_station("app", other),
        },
    };
    Measured::Read(ran, reading, requests(case))
}

fn documents(case: &Case) -> (Design, Scenario) {
    let rate = case.number(&["arrival", "rate"]).unwrap();
    let n = requests(case);
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
    (design(&text), scenario)
}

fn nest(case: &Case) -> (Design, Scenario) {
    let rate = case.number(&["arrival", "rate"]).unwrap();
    let n = requests(case);
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
    (design(&text), scenario)
}
