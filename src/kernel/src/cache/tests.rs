//! Stores against plain lists that do the same the slow way, and against known hit ratios.

use super::*;
use crate::{Zipf, exp_of, mix, ns_from_secs};
use proptest::prelude::*;

/// One entry of the slow store.
#[derive(Clone, Debug)]
struct Slow {
    key: u64,
    uses: u64,
    last: u64,
    expires: u64,
    ttl: u64,
}

/// The slow store: a list, sorted by whatever the policy asks for.
#[derive(Default)]
struct SlowStore {
    list: Vec<Slow>,
    asked: std::collections::BTreeMap<u64, u64>,
    step: u64,
}

impl SlowStore {
    fn get(&mut self, policy: Policy, key: u64, now: u64) -> bool {
        self.list.retain(|entry| entry.expires > now);
        let asked = self.asked.entry(key).or_default();
        *asked += 1;
        self.step += 1;
        let Some(entry) = self.list.iter_mut().find(|entry| entry.key == key) else {
            return false;
        };
        entry.last = self.step;
        entry.uses += 1;
        if policy == Policy::LfuPerfect {
            entry.uses = *asked;
        }
        if policy == (Policy::Ttl { sliding: true }) {
            entry.expires = now.saturating_add(entry.ttl);
        }
        true
    }

    fn insert(&mut self, policy: Policy, room: usize, key: u64, now: u64, ttl: u64) -> Option<u64> {
        self.list.retain(|entry| entry.expires > now);
        self.step += 1;
        let expires = now.saturating_add(ttl);
        if let Some(entry) = self.list.iter_mut().find(|entry| entry.key == key) {
            (entry.last, entry.expires, entry.ttl) = (self.step, expires, ttl);
            return None;
        }
        let uses = match policy {
            Policy::LfuPerfect => self.asked.get(&key).copied().unwrap_or(1),
            _ => 1,
        };
        let mut evicted = None;
        if self.list.len() >= room {
            let by_use = matches!(policy, Policy::LfuInCache | Policy::LfuPerfect);
            let rank = |entry: &Slow| (if by_use { entry.uses } else { 0 }, entry.last);
            let victim = (0..self.list.len()).min_by_key(|at| rank(&self.list[*at]));
            match victim {
                Some(at) if policy != Policy::LfuPerfect || self.list[at].uses <= uses => {
                    evicted = Some(self.list.remove(at).key);
                }
                _ => return Some(key),
            }
        }
        let last = self.step;
        self.list.push(Slow {
            key,
            uses,
            last,
            expires,
            ttl,
        });
        evicted
    }
}

const POLICIES: [Policy; 5] = [
    Policy::Lru,
    Policy::LfuInCache,
    Policy::LfuPerfect,
    Policy::Ttl { sliding: false },
    Policy::Ttl { sliding: true },
];

proptest! {
    #[test]
    fn agrees_with_a_list(
        room in 0_usize..7,
        ops in proptest::collection::vec((0_u8..10, 0_u64..12, 0_u64..4, 1_u64..20), 0..200),
    ) {
        for policy in POLICIES {
            let mut fast = KeyStore::new(policy, Some(room));
            let mut slow = SlowStore::default();
            let mut now = 0;
            for (op, key, later, ttl) in &ops {
                now += later;
                let ttl = if ttl % 3 == 0 { FOREVER } else { *ttl };
                match op {
                    0 => {
                        slow.list.retain(|entry| entry.expires > now);
                        prop_assert_eq!(fast.len(now), slow.list.len());
                        let inside = slow.list.iter().any(|entry| entry.key == *key);
                        prop_assert_eq!(fast.contains(*key, now), inside);
                        prop_assert_eq!(fast.remove(*key), inside);
                        slow.list.retain(|entry| entry.key != *key);
                    }
                    1..4 => {
                        let evicted = slow.insert(policy, room, *key, now, ttl);
                        prop_assert_eq!(fast.insert(*key, now, ttl), evicted);
                    }
                    _ => {
                        let hit = slow.get(policy, *key, now);
                        prop_assert_eq!(fast.get(*key, now), hit);
                    }
                }
                let next = slow.list.iter().map(|entry| entry.expires).min();
                prop_assert_eq!(fast.next_expiry(), next.filter(|at| *at != FOREVER));
            }
        }
    }
}

/// The hit ratio of `n` independent requests after some to warm up. Times are request numbers.
fn hit_ratio(policy: Policy, capacity: usize, zipf: &Zipf, warm_up: u64, n: u64) -> f64 {
    let mut store = KeyStore::new(policy, Some(capacity));
    let mut hits = 0;
    for i in 0..warm_up + n {
        let key = zipf.sample_key(mix(11, i));
        let hit = store.get(key, i);
        if !hit {
            store.insert(key, i, FOREVER);
        }
        hits += u64::from(hit && i >= warm_up);
    }
    hits as f64 / n as f64
}

/// Value and tolerances of a metric of a vector, and the number of requests they are for.
struct Expected(f64, f64, f64, f64);

/// Compares with a vector measured over `n` requests; the tolerance is as the vectors' `about` says.
fn check(got: f64, expected: &Expected, n: u64) {
    let Expected(wanted, tol, floor, requests) = expected;
    let tolerance = floor + (tol - floor) * (requests / n as f64).sqrt();
    assert!(
        (got - wanted).abs() <= tolerance,
        "{got} is not {wanted} ± {tolerance}"
    );
}

/// Vectors `lru-*`.
#[test]
fn lru_hit_ratios() {
    let n = 500_000;
    for (keys, alpha, capacity, expected) in [
        (
            10,
            0.8,
            4,
            Expected(0.520_602_416_9, 0.003_785_645_504, 0.001_041_204_834, 1e6),
        ),
        (
            1_000,
            0.6,
            500,
            Expected(0.663_459_625, 0.003_431_686_18, 0.001_326_919_25, 2e6),
        ),
        (
            100_000,
            0.9,
            10_000,
            Expected(0.605_274_25, 0.002_492_338_674, 0.001_210_548_5, 4e6),
        ),
        (
            5_000,
            0.0,
            1_000,
            Expected(0.2, 0.001_201_096_138, 0.000_4, 2e6),
        ),
    ] {
        let zipf = Zipf::new(alpha, keys);
        check(
            hit_ratio(Policy::Lru, capacity, &zipf, 100_000, n),
            &expected,
            n,
        );
    }
}

/// Vector `lfu-N1000-C100-a0.8`.
#[test]
fn lfu_hit_ratios() {
    let n = 500_000;
    let zipf = Zipf::new(0.8, 1_000);
    let perfect = hit_ratio(Policy::LfuPerfect, 100, &zipf, 2_000_000, n);
    let expected = Expected(0.525_689_75, 0.002_804_048_192, 0.001_051_379_5, 2e6);
    check(perfect, &expected, n);
    assert!(
        perfect < 0.525_826_511_6 + 0.002_089 * 2.0,
        "above the limit: {perfect}"
    );
    let in_cache = hit_ratio(Policy::LfuInCache, 100, &zipf, 2_000_000, n);
    let expected = Expected(0.474_973_25, 0.026_332_968_37, 0.000_949_946_5, 2e6);
    check(in_cache, &expected, n);
}

/// Vectors `ttl-fixed-*`: hit ratio, and the mean number of live entries weighed by time.
#[test]
fn ttl_hit_ratio_and_occupancy() {
    for (keys, alpha, rate, ttl, hits_wanted, live_wanted, live_tolerance) in [
        (
            1_000,
            0.8,
            500.0,
            10.0,
            Expected(0.856_989_122_9, 0.002_262_871_556, 0.001_713_978_246, 2e6),
            715.054_385_6,
            14.301_087_71,
        ),
        (
            100,
            0.0,
            50.0,
            4.0,
            Expected(0.666_666_666_7, 0.002_609_778_481, 0.001_333_333_333, 1e6),
            66.666_666_67,
            1.333_333_333,
        ),
    ] {
        let (n, warm_up) = (500_000, 125_000);
        let zipf = Zipf::new(alpha, keys);
        let mut store = KeyStore::new(Policy::Ttl { sliding: false }, None);
        let (mut now, mut start, mut hits, mut area) = (0, 0, 0, 0_u64);
        for i in 0..warm_up + n {
            let next = now + ns_from_secs(exp_of(mix(1, i), 1.0 / rate));
            // Every expiry on the way is a step of the count.
            while let Some(at) = store.next_expiry().filter(|at| *at <= next) {
                area += store.len(now) as u64 * (at - now);
                now = at;
                store.expire(now);
            }
            area += store.len(now) as u64 * (next - now);
            now = next;
            if i == warm_up {
                (start, hits, area) = (now, 0, 0);
            }
            let key = zipf.sample_key(mix(2, i));
            if store.get(key, now) {
                hits += 1;
            } else {
                store.insert(key, now, ns_from_secs(ttl));
            }
        }
        check(hits as f64 / n as f64, &hits_wanted, n);
        let live = area as f64 / (now - start) as f64;
        assert!((live - live_wanted).abs() < live_tolerance, "{live}");
    }
}

#[test]
fn a_restart_forgets() {
    for policy in POLICIES {
        let mut store = KeyStore::new(policy, Some(2));
        for key in 0..5 {
            store.get(key, 0);
            store.insert(key, 0, 10);
        }
        store.clear();
        assert!(store.is_empty(0));
        assert_eq!(store.next_expiry(), None);
        assert_eq!(store.insert(7, 1, FOREVER), None);
        assert!(store.get(7, 100));
    }
}

/// Making room by hand, with no limit, lets the same keys go as a limit does.
#[test]
fn room_made_by_hand_is_the_same() {
    for policy in [Policy::Lru, Policy::LfuInCache, Policy::LfuPerfect] {
        let zipf = Zipf::new(0.7, 60);
        let mut limited = KeyStore::new(policy, Some(9));
        let mut by_hand = KeyStore::new(policy, None);
        for draw in 0..4_000 {
            let key = zipf.sample_key(draw);
            let hit = limited.get(key, draw);
            assert_eq!(by_hand.get(key, draw), hit);
            if hit {
                continue;
            }
            let gone = limited.insert(key, draw, FOREVER);
            if by_hand.len(draw) < 9 {
                by_hand.insert(key, draw, FOREVER);
            } else if let Some(victim) = by_hand.make_room(key, draw) {
                assert_eq!(gone, Some(victim), "{policy:?}");
                by_hand.insert(key, draw, FOREVER);
            } else {
                assert_eq!(gone, Some(key), "kept out");
            }
        }
        assert!((0..9).all(|_| by_hand.take_first(4_000).is_some()));
        assert_eq!(by_hand.take_first(4_000), None);
    }
}

#[test]
fn expiry_one_by_one_and_slots_that_stay() {
    let mut store = KeyStore::new(Policy::Ttl { sliding: false }, None);
    for (key, ttl) in [(7, 30), (8, 10), (9, 20)] {
        store.insert(key, 0, ttl);
    }
    let slot = store.slot(9);
    assert_eq!(store.expire_one(9), None);
    assert_eq!(store.expire_one(25), Some((10, 8)));
    assert_eq!(store.slot(9), slot);
    assert_eq!(store.expire_one(25), Some((20, 9)));
    assert_eq!((store.expire_one(25), store.slot(9)), (None, None));
    assert_eq!(store.len(25), 1);
}
