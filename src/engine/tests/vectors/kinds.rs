//! Load balancers, caches and identifiers: cases of the vectors through the kinds that do it, as far as they are
//! quick. What else these kinds do is tested in `front_*.rs` and `stores_*.rs`.

use archplay_model::Design;
use archplay_model::scenario::{Consistency, Demand, OnConflict, Pick};
use archplay_report::check::Reading;

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::requests;
use crate::support::checks::measure as of;
use crate::support::{compute, design, focus, id, scenario};

/// Requests come far enough apart that what one misses is in before the next asks.
const CALM: f64 = 100.0;

pub fn balancer(case: &Case, metric: &str) -> Measured {
    let (servers, name) = match metric.split_once('.') {
        // A thousand targets are for the tests of the balancer itself; a drawing has a few hundred components.
        Some(("n1000", _)) => return Measured::Not,
        Some((n, name)) => (n.trim_start_matches('n').parse().unwrap(), name),
        None if metric.starts_with("limit") => return Measured::Not,
        None => (case.number(&["servers"]).unwrap(), metric),
    };
    let rate = case.number(&["arrival", "rate"]).unwrap_or(servers * 70.0);
    let n = requests(case);
    let ran = once(&format!("{} {servers}", case.id), || {
        let secs = (n / rate).ceil();
        let mut scenario = scenario(rate, secs as u32, compute(0.0));
        focus(&mut scenario, (secs * 0.1).ceil() as u32);
        (fleet(case, servers as usize), scenario)
    });
    let read = Reading::one(match name {
        "sojourn_mean" => "@page/latency_mean_ms",
        "sojourn_p50" => "@page/latency_p50_ms",
        "sojourn_p95" => "@page/latency_p95_ms",
        "sojourn_p99" => "@page/latency_p99_ms",
        other => panic!("nobody measures {other}"),
    });
    Measured::Read(ran, read.times(1e-3), n)
}

fn fleet(case: &Case, servers: usize) -> Design {
    let algorithm = match case.model["policy"].as_str().unwrap() {
        "jsq" => "least_outstanding",
        "shortest_waiting_line" => "shortest_line",
        same => same,
    };
    let mut text =
        format!("c client(access_rtt_ms=0)\nlb load_balancer(algorithm={algorithm})\nc > lb\n");
    for i in 0..servers {
        text +=
            &format!("s{i} station(workers=1; service_ms=10; queue_capacity=1000000)\nlb > s{i}\n");
    }
    design(&text)
}

pub fn cache(case: &Case, metric: &str) -> Measured {
    let number = |key: &str| case.number(&[key]);
    let capacity = number("capacity").map_or(String::new(), |n| format!("entries={n}"));
    let rate = case.number(&["arrival", "rate"]).unwrap_or(CALM);
    let keys = number("keys").unwrap();
    let (policy, warmup, n) = match case.model["policy"].as_str().unwrap() {
        "lru" => (
            format!("policy=lru; {capacity}"),
            keys.clamp(1_000.0, 80_000.0),
            150_000.0,
        ),
        "ttl" => {
            let ttl = number("ttl").unwrap();
            (
                format!("policy=ttl; ttl_secs={ttl}"),
                rate * ttl * 4.0,
                150_000.0,
            )
        }
        // The limit is that of perfect counts.
        _ if metric.ends_with("incache") => {
            (format!("policy=lfu; {capacity}"), 150_000.0, 100_000.0)
        }
        _ => (
            format!("policy=lfu_perfect; {capacity}"),
            150_000.0,
            100_000.0,
        ),
    };
    let ran = once(&format!("{} {policy}", case.id), || {
        let warmup = (warmup / rate).ceil() as u32;
        let mut scenario = scenario(rate, warmup + (n / rate).ceil() as u32, read());
        scenario.datasets[0].rows = keys as u64;
        scenario.datasets[0].zipf_alpha = number("zipf_alpha").unwrap();
        focus(&mut scenario, warmup);
        let drawing = design(&format!(
            "c client(access_rtt_ms=0)
             s server(vcpu=64; workers=1000; memory_gib=4096)
             k cache({policy}; operation_us=0; latency_ms=0)
             d key_value(read_units=1000000; latency_ms=0)
             c > s
             s > k
             s > d"
        ));
        (drawing, scenario)
    });
    let reading = match metric {
        "miss_rate" => of("k", "miss_rate"),
        "occupancy_mean" => of("k", "items_mean"),
        _ => of("k", "hit_ratio"),
    };
    Measured::Read(ran, reading, n)
}

fn read() -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    }
}

/// Identifiers from milliseconds. Those of random bits are held to theory in the tests of the generator.
pub fn ids(case: &Case, metric: &str) -> Measured {
    if case.model["scheme"] != "timestamp_ms" {
        return Measured::Not;
    }
    let rate = case.number(&["rate"]).unwrap();
    // A day at one a second; of a thousand a second there are enough in less, of the 2,000 s of the vector.
    let (secs, planned) = if rate < 10.0 {
        (86_400, 86_400.0)
    } else {
        (100, 2e6)
    };
    let reading = match metric {
        "collisions_per_second" => of("d", "collisions").times(1.0 / f64::from(secs)),
        "collisions_per_day" if secs == 86_400 => of("d", "collisions"),
        _ => return Measured::Not,
    };
    let ran = once(&case.id, || (generator(), scenario(rate, secs, sign_up())));
    Measured::ReadOf(ran, reading, f64::from(secs) * rate, planned)
}

fn generator() -> Design {
    design(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         g id_generator(scheme=timestamp_ms; latency_ms=0; rate_per_sec=100000000)
         d key_value(write_units=1000000; latency_ms=0)
         c > s
         s > g
         s > d",
    )
}

fn sign_up() -> Demand {
    let dataset = || id("product");
    let insert = Demand::Insert {
        dataset: dataset(),
        on_conflict: OnConflict::FirstWins,
    };
    Demand::Seq(vec![Demand::NextId { dataset: dataset() }, insert])
}
