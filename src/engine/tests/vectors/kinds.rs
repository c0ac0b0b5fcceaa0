//! Load balancers, caches and identifiers: cases of the vectors through the kinds that do it, as far as they are
//! quick. What else these kinds do is tested in `front_*.rs` and `stores_*.rs`.

use archplay_kernel::{IdGenerator, IdScheme, Issued, Stream};
use archplay_model::Design;
use archplay_model::scenario::{Consistency, Demand, OnConflict, Pick};
use archplay_report::check::{Figures, Reading};

use crate::case::Case;
use crate::check::{Measured, once};
use crate::queue::requests;
use crate::support::checks::measure as of;
use crate::support::{compute, design, focus, id, scenario};

/// Requests come far enough apart that what one misses is in before the next asks.
const CALM: f64 = 100.0;

pub fn balancer(case: &Case, metric: &str) -> Measured {
    let (servers, name) = match metric.split_once('.') {
        Some((n, name)) => (n.trim_start_matches('n').parse().unwrap(), name),
        // The limit is that of a thousand.
        None if metric.starts_with("limit_") => (1_000.0, "sojourn_mean"),
        None => (case.number(&["servers"]).unwrap(), metric),
    };
    let rate = case.number(&["arrival", "rate"]).unwrap_or(servers * 70.0);
    // Limits and large fleets are held to the file's own tolerance: with all of its requests.
    let n = if case.id == "lb-po2-rho70" {
        case.n
    } else {
        requests(case)
    };
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
    let read = read.times(1e-3);
    if servers >= 1_000.0 {
        // Nobody wants to open a drawing of a thousand servers.
        return Measured::Apart(read.of(&Figures::of(&ran.report)).unwrap(), n);
    }
    Measured::Read(ran, read, n)
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

/// Identifiers through a generator and a store, as a shop draws them.
pub fn ids(case: &Case, metric: &str) -> Measured {
    match case.model["scheme"].as_str().unwrap() {
        "timestamp_ms" => milliseconds(case, metric),
        "timestamp_ms+random" => with_random_bits(case, metric),
        // 5 billion identifiers are for the formula alone.
        _ if case.number(&["bits"]).unwrap() > 32.0 => Measured::Not,
        _ => birthday(case, metric),
    }
}

fn milliseconds(case: &Case, metric: &str) -> Measured {
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
    let ran = once(&case.id, || {
        let drawing = generator("scheme=timestamp_ms");
        (drawing, scenario(rate, secs, sign_up()))
    });
    Measured::ReadOf(ran, reading, f64::from(secs) * rate, planned)
}

/// A day has as many pairs as nine seconds at 98 times the rate: they grow with its square.
fn with_random_bits(case: &Case, metric: &str) -> Measured {
    let (secs, bits) = (9_u32, case.number(&["random_bits"]).unwrap());
    let rate = case.number(&["rate"]).unwrap() * (86_400.0 / f64::from(secs)).sqrt();
    let ran = once(&case.id, || {
        let drawing = generator(&format!("scheme=timestamp_ms_random; random_bits={bits}"));
        (drawing, scenario(rate, secs, sign_up()))
    });
    let n = f64::from(secs) * rate;
    let pairs = of("d", "collisions");
    if metric == "pairs_per_day" {
        return Measured::Read(ran, pairs, n);
    }
    let any = pairs.of(&Figures::of(&ran.report)).unwrap().min(1.0);
    Measured::Found(ran, any, n)
}

/// Whether any two of so many are alike, and how many pairs are, in many rounds: there is no drawing for it.
fn birthday(case: &Case, metric: &str) -> Measured {
    const ROUNDS: u64 = 200;
    thread_local! {
        static SEEN: std::cell::Cell<Option<(u64, u64)>> = const { std::cell::Cell::new(None) };
    }
    let (bits, count) = (
        case.number(&["bits"]).unwrap() as u32,
        case.number(&["count"]).unwrap() as u64,
    );
    let draw = || {
        let mut maker = IdGenerator::new(IdScheme::Random { bits });
        let mut stream = Stream::new(2_024);
        let (mut any, mut pairs) = (0, 0);
        for _ in 0..ROUNDS {
            let mut ids: Vec<u128> = (0..count)
                .map(|_| match maker.next(0, &mut stream) {
                    Issued::Id(id) => id,
                    Issued::Wait(_) => panic!("random numbers never wait"),
                })
                .collect();
            ids.sort_unstable();
            let alike = ids.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            pairs += alike;
            any += u64::from(alike > 0);
        }
        (any, pairs)
    };
    let (any, pairs) = SEEN.get().unwrap_or_else(draw);
    SEEN.set(Some((any, pairs)));
    let value = match metric {
        "p_any_collision" => any,
        _ => pairs,
    };
    Measured::Chance(
        value as f64 / ROUNDS as f64,
        ROUNDS,
        (ROUNDS * count) as f64,
    )
}

fn generator(scheme: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         s server(vcpu=64; workers=1000; memory_gib=4096)
         g id_generator({scheme}; latency_ms=0; rate_per_sec=100000000)
         d key_value(write_units=1000000; latency_ms=0)
         c > s
         s > g
         s > d"
    ))
}

fn sign_up() -> Demand {
    let dataset = || id("product");
    let insert = Demand::Insert {
        dataset: dataset(),
        on_conflict: OnConflict::FirstWins,
    };
    Demand::Seq(vec![Demand::NextId { dataset: dataset() }, insert])
}
