//! The benchmark's bare loop against closed forms: a yardstick that computes something else measures nothing.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../benches/bare/mod.rs"]
mod bare;

use archplay_theory::{mmc_sojourn, mmc_sojourn_quantile};
use bare::heap::{Entry, Heap, List, Plain};
use bare::{Bare, Network, Single, ThreeTier, Turns};

fn near(got: f64, wanted: f64, what: &str) {
    let off = (got / wanted - 1.0).abs();
    assert!(off < 0.02, "{what}: {got}, by theory {wanted}");
}

fn run<N: Network>(network: N, events: u64) -> Bare<N> {
    let mut bare = Bare::new(network, 1).unwrap();
    // In two slices, as in a browser.
    bare.advance(events / 3);
    bare.advance(events - events / 3);
    assert_eq!(bare.events(), events);
    bare
}

fn single(workers: u32) {
    let bare = run(Single::new(workers), 4_000_000);
    let service = f64::from(workers) / 1e3;
    let mean = mmc_sojourn(workers, Single::RATE, service) * 1e3;
    near(bare.mean_ms(), mean, "mean");
    let p99 = mmc_sojourn_quantile(workers, Single::RATE, service, 0.99) * 1e3;
    near(bare.quantile_ms(0.99), p99, "p99");
    near(bare.requests() as f64, 2e6, "two events a request");
}

#[test]
fn mm1_at_80_percent() {
    single(1);
}

#[test]
fn mm4_at_80_percent() {
    single(4);
}

/// With a worker for everyone nobody waits.
#[test]
fn a_crowd_takes_its_service() {
    let bare = run(Single::crowd(100), 1_000_000);
    near(bare.mean_ms(), 100.0 / Single::RATE * 1e3, "mean");
}

/// With a balancer that draws lots every station is M/M/c (Jackson, Burke), and the means add up.
#[test]
fn three_tiers_add_up() {
    let bare = run(ThreeTier::new(Turns::Random), 6_000_000);
    let server = mmc_sojourn(8, ThreeTier::RATE / 4.0, ThreeTier::SERVER_MS / 1e3) * 1e3;
    let misses = ThreeTier::RATE * ThreeTier::MISSES;
    let database = mmc_sojourn(20, misses, ThreeTier::DATABASE_MS / 1e3) * 1e3;
    let mean = server + ThreeTier::CACHE_MS + ThreeTier::MISSES * database;
    near(bare.mean_ms(), mean, "mean");
    near(
        bare.events() as f64 / bare.requests() as f64,
        3.2,
        "events a request",
    );
}

/// Taking turns makes arrivals at a server more even: never slower than lots, never faster than no queue.
#[test]
fn turns_are_better_than_lots() {
    let turns = run(ThreeTier::new(Turns::RoundRobin), 3_000_000).mean_ms();
    let lots = run(ThreeTier::new(Turns::Random), 3_000_000).mean_ms();
    let service = ThreeTier::SERVER_MS + ThreeTier::CACHE_MS + 0.2 * ThreeTier::DATABASE_MS;
    assert!(service < turns && turns < lots, "{service} {turns} {lots}");
}

/// Neither the event list nor the histogram makes a difference to what happens.
#[test]
fn both_parts_give_the_same_run() {
    let mut plain = Bare::<_, Plain<_>>::new(ThreeTier::new(Turns::Random), 1).unwrap();
    plain.advance(200_000);
    let own = run(ThreeTier::new(Turns::Random), 200_000);
    assert_eq!(plain.mean_ms().to_bits(), own.mean_ms().to_bits());
    assert_eq!(plain.requests(), own.requests());
    for share in [0.1, 0.5, 0.99, 1.0] {
        let (plain, own) = (plain.quantile_ms(share), own.quantile_ms(share));
        assert_eq!(plain.to_bits(), own.to_bits(), "{share}");
    }
}

#[test]
fn heaps_pop_in_order() {
    pops_in_order::<Heap<()>>();
    pops_in_order::<Plain<()>>();
}

/// Pops and pushes in turn, against a sorted list.
fn pops_in_order<L: List<()>>() {
    let (mut heap, mut list, mut state) = (L::new(), Vec::new(), 1_u64);
    for seq in 0..10_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        if (state >> 60) > 7 {
            list.sort_unstable();
            let expected = (!list.is_empty()).then(|| list.remove(0));
            let got = heap.pop().map(|entry: Entry<()>| (entry.time, entry.seq));
            assert_eq!(got, expected);
            continue;
        }
        // Few times, so that many are equal.
        let time = (state >> 33) % 50;
        list.push((time, seq));
        heap.push(Entry {
            time,
            seq,
            born: 0,
            event: (),
        });
    }
}
