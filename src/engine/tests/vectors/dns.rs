//! How long visitors are led to where nobody is any more: a site fails again and again, at every phase of the
//! checks alike.

use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Arrivals, Fault, FaultAction, FaultTarget, Intervention, Scenario};
use archplay_model::{ClockTime, Design};
use archplay_report::{EventCode, Metric, Reason, Report, Subject};

use crate::case::Case;
use crate::check::{Measured, once};
use crate::support::{compute, design, id, scenario};

/// What was seen of all failures.
#[derive(Clone)]
struct Seen {
    requests: f64,
    /// Seconds without service, in the mean of all who ask; and until the record changed.
    mean: f64,
    detected: Vec<f64>,
    /// Share of requests that fail, by the middle of a bucket in seconds since the failure.
    failing: Vec<(f64, f64)>,
}

pub fn measure(case: &Case, metric: &str) -> Measured {
    let seen = SEEN.with(|seen| {
        let mut seen = seen.borrow_mut();
        seen.entry(case.id.clone())
            .or_insert_with(|| outages(case))
            .clone()
    });
    let quantile = |share: f64| match case.number(&["ttl"]).unwrap() > 0.0 {
        true => seen.falls_to(1.0 - share),
        // Nobody keeps an answer: whoever asks is led right as soon as the record has changed.
        false => seen.detected[(share * seen.detected.len() as f64) as usize],
    };
    let value = match metric {
        "unavailable_mean" => seen.mean,
        "unavailable_p50" => quantile(0.5),
        "unavailable_p95" => quantile(0.95),
        "detect_mean" => seen.detected.iter().sum::<f64>() / seen.detected.len() as f64,
        "failed_requests_at_100rps" => seen.mean * 100.0,
        "unavailable_max" => {
            let least = case.number(&["threshold"]).unwrap() - 1.0;
            let most = (least + 1.0) * case.number(&["health_interval"]).unwrap()
                + case.number(&["ttl"]).unwrap();
            let last = seen.failing.iter().filter(|(_, share)| *share > 0.0);
            let last = last.fold(0.0, |last: f64, (at, _)| last.max(*at));
            assert!(last <= most + 0.5 && last > most * 0.95, "{last} {most}");
            // A bound that no run reaches.
            return Measured::Not;
        }
        other => panic!("nobody measures {other}"),
    };
    // A run that shows it; what is compared comes from more failures, between its seconds.
    let ran = once(&case.id, || shown(case));
    Measured::Found(ran, value, seen.requests)
}

thread_local! {
    static SEEN: std::cell::RefCell<std::collections::BTreeMap<String, Seen>> =
        const { std::cell::RefCell::new(std::collections::BTreeMap::new()) };
}

impl Seen {
    /// When the share of those who fail has fallen to this, between the buckets.
    fn falls_to(&self, share: f64) -> f64 {
        let width = 2.0;
        let mean = |at: f64| {
            let near = self.failing.iter().filter(|(t, _)| (t - at).abs() < width);
            let (sum, n) = near.fold((0.0, 0.0), |(sum, n), (_, share)| (sum + share, n + 1.0));
            sum / n
        };
        let mut at = 10.0;
        while mean(at) > share {
            at += 0.05;
        }
        at
    }
}

/// Two sites behind a name; whoever asks does so through one of so many resolvers.
fn drawing(case: &Case) -> Design {
    let number = |key: &str| case.number(&[key]).unwrap();
    design(&format!(
        "c client(access_rtt_ms=0)
         d dns(policy=failover; primary=a; check=shallow; check_interval_secs={}; failure_threshold={}; check_timeout_secs={}; ttl_secs={}; resolvers={RESOLVERS})
         a station(workers=0; service_ms=0)
         b station(workers=0; service_ms=0)
         c > d
         d > a
         d > b",
        number("health_interval"),
        number("threshold"),
        number("probe_timeout"),
        number("ttl"),
    ))
}

/// Each resolver is asked four times a second: it has hardly ever nothing to answer from.
const RESOLVERS: u32 = 100;
const RATE: f64 = 400.0;

/// How many failures there are, how many seconds apart, and how long each is.
fn plan(case: &Case) -> (u32, u32, u32) {
    match case.number(&["ttl"]).unwrap() > 0.0 {
        true => (90, 331, 165),
        false => (200, 20, 8),
    }
}

fn load(secs: u32) -> Scenario {
    let mut load = scenario(RATE, secs, compute(0.0));
    load.audiences[0].arrivals = Arrivals::Even;
    load
}

/// A few of the failures, as a scenario can have them: at whole seconds.
fn shown(case: &Case) -> (Design, Scenario) {
    let (_, every, down) = plan(case);
    let mut load = load(every * 4);
    let at = ClockTime::from_secs;
    for i in 1..4 {
        load.faults.push(Fault {
            at: at(every * i),
            until: Some(at(every * i + down)),
            action: FaultAction::Kill,
            target: FaultTarget::Component(id("a")),
        });
    }
    (drawing(case), load)
}

fn outages(case: &Case) -> Seen {
    let (count, every, down) = plan(case);
    let interval = case.number(&["health_interval"]).unwrap();
    let load = load(every * (count + 2));
    let mut run = Run::compile(&drawing(case), &load, 1).unwrap();
    // The phases are spread evenly over the interval between two checks; in which order does not matter.
    let begins: Vec<f64> = (0..count)
        .map(|i| {
            let share = (f64::from(i * 37 % count) + 0.5) / f64::from(count);
            let cycles = (f64::from(every * (i + 1)) / interval).floor();
            cycles * interval + share * interval
        })
        .collect();
    let by_hand = |secs: f64, action| Intervention {
        at_ns: (secs * 1e9) as u64,
        action,
        target: FaultTarget::Component(id("a")),
    };
    let hands = begins.iter().flat_map(|at| {
        [
            by_hand(*at, FaultAction::Kill),
            by_hand(at + f64::from(down), FaultAction::Restore),
        ]
    });
    run.replay(hands.collect());
    while !run
        .advance(Budget {
            until_ns: u64::MAX,
            max_events: 1 << 20,
        })
        .done
    {}
    assert_eq!(run.check_conservation(), Ok(()));
    let keeps = case.number(&["ttl"]).unwrap() > 0.0;
    seen(&run.report(), &begins, f64::from(down), keeps)
}

fn seen(report: &Report, begins: &[f64], down: f64, keeps: bool) -> Seen {
    let bucket = f64::from(report.series.bucket_secs);
    let column = |reason| -> Vec<f64> {
        let found = report.series.find(&Subject::System, Metric::Failed(reason));
        report.series.column(found.unwrap()).collect()
    };
    let (refused, stale) = (column(Reason::Refused), column(Reason::DnsStale));
    let total: f64 = refused.iter().zip(&stale).map(|(a, b)| a + b).sum();
    let out = report
        .events
        .iter()
        .filter(|event| event.code == EventCode::TargetOut);
    let mut detected: Vec<f64> = out
        .zip(begins)
        .map(|(event, begin)| event.at_ns as f64 / 1e9 - begin)
        .collect();
    assert_eq!(detected.len(), begins.len());
    if !keeps {
        assert_eq!(
            stale.iter().sum::<f64>(),
            0.0,
            "nobody is led by an old answer"
        );
    }
    detected.sort_by(f64::total_cmp);
    let mut failing = Vec::new();
    for begin in begins {
        for (i, (a, b)) in refused.iter().zip(&stale).enumerate() {
            let since = (i as f64 + 0.5) * bucket - begin;
            if since > 0.0 && since < down {
                failing.push((since, (a + b) / RATE));
            }
        }
    }
    Seen {
        requests: report.whole.operations[0].offered as f64,
        mean: total * bucket / RATE / begins.len() as f64,
        detected,
        failing,
    }
}
