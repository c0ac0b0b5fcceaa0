//! Files that something has gone wrong with: valid documents are damaged, byte by byte and value by value. Whatever
//! comes of it is refused with a place, or runs; nothing ends the program, and nothing takes for ever.
//!
//! The documents are random (`tests/suite/random.rs`: every kind, demand, fault and policy) and real ones.
//! `PROPTEST_CASES` and `PROPTEST_RNG_SEED` look further.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../../tests/suite/random.rs"]
mod random;

use archplay_engine::{Budget, Run};
use archplay_kernel::Stream;
use archplay_model::format::{read_design, read_run, read_scenario, write_design, write_scenario};
use archplay_model::{Design, Scenario, check};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

/// Events of a run that came of damage.
const EVENTS: u64 = 4_000;
/// CPU time that reading, checking, compiling and so many events may take, in seconds: many times what they take.
const SECS: f64 = 10.0;

const REAL: [(&str, &str); 4] = [
    (
        include_str!("../../../lessons/03-compute/tasks/flash-sale/reference-scheduled-cdn.json"),
        include_str!("../../../lessons/03-compute/tasks/flash-sale/scenario.json"),
    ),
    (
        include_str!("../../../lessons/03-compute/tasks/flash-sale/reference-two-zones.json"),
        include_str!("../../model/presets/flash_crowd.json"),
    ),
    (
        include_str!("../benches/workloads/three-tier.design.json"),
        include_str!("../benches/workloads/three-tier.scenario.json"),
    ),
    // A feed with media, accounts with followers, journeys and placement.
    (
        include_str!("../../../lessons/07-news-feed/tasks/news-feed/reference-by-rates.json"),
        include_str!("../../../lessons/07-news-feed/tasks/news-feed/scenario.json"),
    ),
];

/// Two documents for a number.
fn documents(seed: u64) -> (String, String) {
    match REAL.get((seed % 8) as usize) {
        Some((design, scenario)) => ((*design).into(), (*scenario).into()),
        None => {
            let (design, scenario) = match seed & 8 {
                0 => random::both(seed),
                _ => random::more(seed),
            };
            (write_design(&design), write_scenario(&scenario))
        }
    }
}

struct Dice(Stream);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0.below(n.max(1) as u32) as usize
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// Bytes are changed, lost, doubled, moved.
fn damage_bytes(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + dice.below(6) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => bytes[at] = dice.pick(b"\"{}[],:0123456789-.eE\\ \n\0\xff"),
            2 => {
                bytes.remove(at);
            }
            3 => bytes.insert(at, dice.pick(b"\"{}[],:09-.e\\")),
            4 => bytes.truncate(at.max(1)),
            _ => {
                let end = (at + 1 + dice.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All places of a document.
fn places(value: &Value, here: &mut Vec<String>, out: &mut Vec<String>) {
    out.push(here.concat());
    let mut inner = |key: String, value: &Value| {
        here.push(format!("/{}", key.replace('~', "~0").replace('/', "~1")));
        places(value, here, out);
        here.pop();
    };
    match value {
        Value::Array(list) => {
            for (i, value) in list.iter().enumerate() {
                inner(i.to_string(), value);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                inner(key.clone(), value);
            }
        }
        _ => {}
    }
}

/// Values are exchanged for others: of the same document, or of the edges of what numbers and texts can be.
fn damage_values(text: &str, dice: &mut Dice) -> String {
    let mut root: Value = serde_json::from_str(text).unwrap();
    for _ in 0..1 + dice.below(4) {
        let mut all = Vec::new();
        places(&root, &mut Vec::new(), &mut all);
        // Mostly single values, and mostly for others of their kind: more of that can be read.
        let single = |place: &&String| {
            !matches!(
                root.pointer(place),
                Some(Value::Array(_) | Value::Object(_))
            )
        };
        let singles: Vec<String> = all.iter().filter(single).cloned().collect();
        let wild = dice.below(6) == 0;
        let from = if wild || singles.is_empty() {
            &all
        } else {
            &singles
        };
        let other = root.pointer(&dice.pick(from)).cloned().unwrap();
        let Some(at) = root.pointer_mut(&dice.pick(from)) else {
            continue;
        };
        let numbers = [
            0.0,
            -0.0,
            -1.0,
            0.5,
            1.0,
            2.0,
            1e-300,
            1e-9,
            1e3,
            1e6,
            1e9,
            1e15,
            1e300,
            -1e300,
            86_400.0,
            4_294_967_295.0,
            4_294_967_296.0,
            18_446_744_073_709_551_615.0,
        ];
        match at {
            Value::Array(list) if dice.below(2) == 0 => match dice.below(3) {
                0 => list.clear(),
                1 if !list.is_empty() => {
                    list.remove(dice.below(list.len()));
                }
                _ => list.push(other),
            },
            Value::Object(map) if dice.below(2) == 0 => {
                let keys: Vec<String> = map.keys().cloned().collect();
                if let Some(key) = keys.get(dice.below(keys.len())) {
                    map.remove(key);
                }
            }
            // What is a number stays one more often than not, so that more of it runs.
            Value::Number(number) => {
                let old = number.as_f64().unwrap_or(1.0);
                let new = match dice.below(4) {
                    0 => dice.pick(&numbers),
                    1 => old * 10.0,
                    2 => (old / 10.0).floor(),
                    _ => old + 1.0,
                };
                *at = serde_json::Number::from_f64(new).map_or(Value::Null, |n| match n.as_f64() {
                    // A whole number must look like one.
                    Some(n) if n.fract() == 0.0 && n.abs() < 9e15 => Value::from(n as i64),
                    _ => Value::Number(n),
                });
            }
            Value::String(_) => {
                let texts = [
                    "",
                    "a",
                    "page",
                    "product",
                    "people",
                    "kill",
                    "cut",
                    "events",
                    "aggregate",
                    "23:59:59",
                    "00:00",
                    "none",
                    "server-1",
                    "\u{0}",
                    "한글",
                    "../x",
                    "1e999",
                ];
                *at = match (dice.below(3), other) {
                    (0, _) => Value::from(dice.pick(&texts)),
                    (_, Value::String(other)) => Value::from(other),
                    (_, other) if wild => other,
                    _ => continue,
                };
            }
            _ if wild => *at = other,
            _ => {}
        }
    }
    serde_json::to_string(&root).unwrap()
}

fn cpu_secs() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Checks, compiles and runs what could be read. Whether it ran.
fn live_through(design: &Design, scenario: &Scenario) -> Result<bool, TestCaseError> {
    let since = cpu_secs();
    let problems = check::check(design, scenario);
    let run = Run::compile(design, scenario, 7);
    prop_assert_eq!(run.is_err(), check::has_errors(&problems), "{:?}", problems);
    let ran = match run {
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            false
        }
        Ok(mut run) => {
            let mut left = EVENTS;
            while left > 0 {
                let progress = run.advance(Budget {
                    until_ns: u64::MAX,
                    max_events: left,
                });
                left = left.saturating_sub(progress.events.max(1));
                if progress.done {
                    break;
                }
            }
            prop_assert_eq!(run.check_conservation(), Ok(()));
            prop_assert!(!run.report().to_json().is_empty());
            true
        }
    };
    let took = cpu_secs() - since;
    prop_assert!(took < SECS, "{took} s");
    Ok(ran)
}

/// Reads both; what cannot be read is said with a place and a reason.
fn read(design: &str, scenario: &str) -> Option<(Design, Scenario)> {
    let (design, _) = read_design(design)
        .map_err(|e| assert!(!e.to_string().is_empty()))
        .ok()?;
    let scenario = read_scenario(scenario)
        .map_err(|e| assert!(!e.to_string().is_empty()))
        .ok()?;
    Some((design, scenario))
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(11);
        config.failure_persistence = None;
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 400;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_bytes(seed in any::<u64>()) {
        let mut dice = Dice(Stream::new(seed));
        let (design, scenario) = documents(seed);
        let (design, scenario) = match dice.below(3) {
            0 => (damage_bytes(&design, &mut dice), scenario),
            1 => (design, damage_bytes(&scenario, &mut dice)),
            _ => (damage_bytes(&design, &mut dice), damage_bytes(&scenario, &mut dice)),
        };
        // A run's file is read by the same rules.
        prop_assert!(read_run(&design).is_err());
        if let Some((design, scenario)) = read(&design, &scenario) {
            live_through(&design, &scenario)?;
        }
    }

    #[test]
    fn damaged_values(seed in any::<u64>()) {
        let mut dice = Dice(Stream::new(seed));
        let (design, scenario) = documents(seed);
        let (design, scenario) = match dice.below(3) {
            0 => (damage_values(&design, &mut dice), scenario),
            1 => (design, damage_values(&scenario, &mut dice)),
            _ => (damage_values(&design, &mut dice), damage_values(&scenario, &mut dice)),
        };
        if let Some((design, scenario)) = read(&design, &scenario) {
            live_through(&design, &scenario)?;
        }
    }
}

/// A run's file: some of what can be done and asked by hand.
fn run_file(dice: &mut Dice) -> String {
    let hash = "0".repeat(64);
    let done = [
        r#"{"at_ns":0,"action":"cut","target":{"link":{"from":"a","to":"b"}}}"#,
        r#"{"at_ns":5000000000,"action":"kill","target":{"kind":"database"}}"#,
        r#"{"at_ns":5000000000,"action":{"slow":{"factor":4.0}},"target":{"kind":"server"}}"#,
        r#"{"at_ns":9000000000,"action":"restore","target":{"kind":"database"}}"#,
        r#"{"at_ns":9000000001,"action":"kill","target":"one_server"}"#,
        r#"{"at_ns":39000000000,"action":"restore","target":{"place":"seoul"}}"#,
    ];
    let asked = [
        r#"{"at_ns":6000000000,"user":3,"ask":"post"}"#,
        r#"{"at_ns":7000000000,"user":7,"ask":{"read":{}}}"#,
    ];
    let some = |dice: &mut Dice, list: &[&str]| {
        let mut kept = list.to_vec();
        kept.retain(|_| dice.below(2) == 0);
        kept.join(",")
    };
    let (done, asked) = (some(dice, &done), some(dice, &asked));
    format!(
        r#"{{"schema":"archplay/run/1","scenario":"s","seed":7,"design_sha256":"{hash}","scenario_sha256":"{hash}","report_sha256":"{hash}","interventions":[{done}],"requests":[{asked}]}}"#
    )
}

proptest! {
    #![proptest_config(config())]

    /// Whatever can be read of a damaged run's file can be repeated on any drawing.
    #[test]
    fn damaged_run_files(seed in any::<u64>()) {
        let mut dice = Dice(Stream::new(seed));
        let whole = run_file(&mut dice);
        let file = match dice.below(4) {
            0 => whole.clone(),
            1 => damage_bytes(&whole, &mut dice),
            _ => damage_values(&whole, &mut dice),
        };
        let doc = match read_run(&file) {
            Ok(doc) => doc,
            Err(error) => {
                prop_assert!(file != whole, "{error}: {whole}");
                prop_assert!(!error.to_string().is_empty());
                return Ok(());
            }
        };
        let (design, scenario) = random::more(seed);
        let Ok(mut run) = Run::compile(&design, &scenario, 7) else {
            return Ok(());
        };
        run.replay(doc.interventions);
        run.replay_requests(doc.requests);
        let since = cpu_secs();
        run.advance(Budget { until_ns: u64::MAX, max_events: 200_000 });
        prop_assert_eq!(run.check_conservation(), Ok(()));
        prop_assert!(cpu_secs() - since < SECS);
    }
}

/// Were nearly all refused, the properties above would say little.
#[test]
fn much_of_what_is_damaged_runs() {
    let (mut readable, mut ran) = (0, 0);
    for seed in 0..200 {
        let mut dice = Dice(Stream::new(seed));
        let (design, scenario) = documents(seed);
        let scenario = damage_values(&scenario, &mut dice);
        if let Some((design, scenario)) = read(&design, &scenario) {
            readable += 1;
            ran += u32::from(live_through(&design, &scenario).unwrap());
        }
    }
    assert!(
        readable >= 60 && ran >= 30,
        "{readable} of 200 can be read, {ran} run"
    );
}
