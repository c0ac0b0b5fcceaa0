//! How fast the kernel's parts are, natively. Run with `cargo bench -p archplay-kernel`; CI never looks at
//! the times.
#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]
#![expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]

use std::hint::black_box;
use std::time::Instant;

use archplay_kernel::{
    BatchSize, EventQueue, FOREVER, Gauge, Histogram, KeyStore, Policy, Sampler, Spread, Stream,
    Zipf, exp_of, minus_ln, mix, normal_quantile, unit_of,
};

/// Prints nanoseconds for one of `n` calls, the best of five rounds.
fn time<T>(name: &str, n: u64, mut call: impl FnMut(u64) -> T) {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begin = Instant::now();
        for i in 0..n {
            black_box(call(i));
        }
        best = best.min(begin.elapsed().as_secs_f64());
    }
    println!("{name:<44} {:>8.2} ns", best / n as f64 * 1e9);
}

fn main() {
    let only = std::env::args()
        .nth(1)
        .filter(|word| !word.starts_with('-'));
    let wanted = |part: &str| only.as_deref().is_none_or(|word| word == part);
    if wanted("queue") {
        queues();
    }
    if wanted("stats") {
        stats();
    }
    if wanted("draws") {
        draws();
    }
    if wanted("caches") {
        caches();
    }
}

fn draws() {
    const N: u64 = 2_000_000;
    time("unit_of", N, unit_of);
    time("libm log of unit_of", N, |i| libm::log(unit_of(i)));
    time("minus_ln of unit_of", N, |i| minus_ln(unit_of(i)));
    time("exp_of", N, |i| exp_of(i, 0.01));
    time("stream from a key, one exponential", N, |i| {
        Stream::new(i).exponential(0.01)
    });
    let mut stream = Stream::new(1);
    time("stream, next exponential", N, |_| stream.exponential(0.01));
    time("normal_quantile", N, |i| normal_quantile(unit_of(i)));
    for spread in [
        Spread::Constant,
        Spread::Exponential,
        Spread::Uniform {
            low: 0.5,
            high: 1.5,
        },
        Spread::Erlang { stages: 4 },
        Spread::Hyperexponential { cv: 3.0 },
        Spread::Lognormal { cv: 1.0 },
    ] {
        let sampler = Sampler::new(spread, 0.01);
        time(&format!("sample_key {spread:?}"), N, |i| {
            sampler.sample_key(i)
        });
    }
    let batch = BatchSize::new(4.0);
    time("batch size", N, |i| batch.sample_key(i));
    for (alpha, keys) in [
        (0.0, 1_000_000),
        (0.8, 1_000),
        (0.8, 65_536),
        (0.8, 1_000_000),
        (1.2, 1_000_000_000),
    ] {
        let zipf = Zipf::new(alpha, keys);
        time(&format!("zipf {alpha} over {keys}"), N, |i| {
            zipf.sample_key(mix(i, 3))
        });
    }
}

fn caches() {
    const N: u64 = 1_000_000;
    let zipf = Zipf::new(0.9, 1_000_000);
    let keys: Vec<u64> = (0..N).map(|i| zipf.sample_key(mix(i, 1))).collect();
    for (policy, ttl) in [
        (Policy::Lru, FOREVER),
        (Policy::LfuInCache, FOREVER),
        (Policy::LfuPerfect, FOREVER),
        (Policy::Ttl { sliding: false }, N / 5),
        (Policy::Ttl { sliding: true }, N / 5),
    ] {
        let mut store = KeyStore::new(policy, Some(100_000));
        let mut now = 0;
        time(&format!("cache of 100,000, {policy:?}"), N, |i| {
            now += 1;
            let key = keys[i as usize];
            let hit = store.get(key, now);
            if !hit {
                store.insert(key, now, ttl);
            }
            hit
        });
    }
}

/// The hold model: each event that happens schedules another, so that always as many wait.
fn queues() {
    const N: u64 = 2_000_000;
    // Delays drawn before, so that only the queue is measured; one in four is the same constant.
    let delays: Vec<u64> = (0..1 << 16)
        .map(|i| match i % 4 {
            0 => 5_000_000,
            1 => exp_of(mix(i, 4), 200_000.0) as u64,
            _ => exp_of(mix(i, 4), 20_000_000.0) as u64,
        })
        .collect();
    for pending in [10_u64, 100, 1_000, 10_000, 100_000] {
        let mut queue: EventQueue<(u64, u64)> = EventQueue::default();
        for i in 0..pending {
            queue.schedule(delays[(i * 7 % (1 << 16)) as usize], (i, i));
        }
        time(&format!("queue, {pending} pending"), N, |i| {
            if let Some((now, event)) = queue.pop_before(u64::MAX) {
                queue.schedule(now + delays[(i % (1 << 16)) as usize], event);
            }
        });
    }
    let mut queue: EventQueue<(u64, u64)> = EventQueue::default();
    let timers: Vec<_> = (0..100).map(|i| queue.add_timer((i, i))).collect();
    for (at, timer) in timers.iter().enumerate() {
        queue.set(*timer, delays[at]);
    }
    time("100 timers, one moved for each that fires", N, |i| {
        if let Some((now, event)) = queue.pop_before(u64::MAX) {
            let delay = |salt: u64| delays[((i + salt) % (1 << 16)) as usize];
            queue.set(timers[event.0 as usize], now + delay(0));
            queue.set(timers[(i * 31 % 100) as usize], now + delay(9));
        }
    });
}

fn stats() {
    const N: u64 = 2_000_000;
    let values: Vec<u64> = (0..1 << 12)
        .map(|i| exp_of(mix(i, 8), 20_000_000.0) as u64)
        .collect();
    let mut histogram = Histogram::default();
    time("histogram record", N, |i| {
        histogram.record(values[(i % (1 << 12)) as usize]);
    });
    println!("p99 {} ms", histogram.quantile_ms(0.99));
    let mut gauge = Gauge::default();
    time("gauge add and sub", N, |i| {
        gauge.add(i * 1_000, 1);
        gauge.sub(i * 1_000 + 500, 1);
    });
    println!("area {}", gauge.area(N * 1_000));
}
