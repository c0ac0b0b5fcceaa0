//! What holds on every run of every design: it ends or is refused with a place, nothing is lost, no value is
//! out of its range; how it is cut into slices changes nothing; neighbours that have nothing to do with each
//! other do not change each other.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../../tests/suite/random.rs"]
mod random;
mod support;

use archplay_engine::{Budget, Run, simulate};
use archplay_kernel::mix;
use archplay_model::scenario::{Batch, FaultAction, FaultTarget, HandAsk};
use archplay_model::{Component, Design, Kind, Scenario};
use archplay_report::{Metric as M, Report, Span};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::{compute, design, id, scenario};

/// As many events of a random run are waited for: many times what an honest one takes. Those that take more
/// (rings with retries, where one request causes thousands) must only go on.
const MOST: u64 = 3_000_000;

/// Runs to the end; `false` for one that is left because it takes too much.
fn finish(run: &mut Run) -> Result<bool, TestCaseError> {
    let mut events = 0;
    loop {
        let progress = run.advance(Budget {
            until_ns: u64::MAX,
            max_events: 100_000,
        });
        events += progress.events;
        if progress.done {
            return Ok(true);
        }
        if events >= MOST {
            prop_assert!(progress.now_ns > 0, "time goes on: {progress:?}");
            prop_assert_eq!(run.check_conservation(), Ok(()));
            return Ok(false);
        }
    }
}

fn sound(run: &mut Run) -> Result<(), TestCaseError> {
    prop_assert_eq!(run.check_conservation(), Ok(()));
    prop_assert_eq!(run.table().rows(), run.rows_total());
    for (i, key) in run.table().keys.iter().enumerate() {
        for value in run.table().column(i).filter(|v| !v.is_nan()) {
            prop_assert!(value >= 0.0 && value.is_finite(), "{key:?} {value}");
            let share = matches!(
                key.metric,
                M::Utilisation | M::Workers | M::Nic | M::HitRatio | M::Disk | M::Conversion
            );
            // Orders of a bucket may come from visitors of the one before.
            prop_assert!(
                !share || value <= 1.0 + 1e-9 || key.metric == M::Conversion,
                "{key:?} {value}"
            );
        }
    }
    Ok(())
}

/// The same designs in every run of the tests, so that a red run means a change; `PROPTEST_RNG_SEED` and
/// `PROPTEST_CASES` look for others.
fn config() -> ProptestConfig {
    let given = std::env::var_os("PROPTEST_RNG_SEED").is_some();
    let mut config = ProptestConfig::default();
    if !given {
        config.rng_seed = RngSeed::Fixed(3);
        config.failure_persistence = None;
    }
    config
}

/// A cache asks another for the rows of a feed that it does not have: the other looks for those, not for all again.
#[test]
fn a_cache_behind_a_cache_looks_for_what_is_missing() {
    let seed = 7_831_633_534_919_588_605;
    let (design, scenario) = random::more(seed);
    let mut run = Run::compile(&design, &scenario, seed).unwrap();
    assert!(finish(&mut run).unwrap());
    sound(&mut run).unwrap();
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_designs(seed in any::<u64>()) {
        let (design, scenario) = random::more(seed);
        match Run::compile(&design, &scenario, seed) {
            Err(problems) => prop_assert!(!problems.is_empty()),
            Ok(mut run) => {
                if finish(&mut run)? {
                    sound(&mut run)?;
                }
                prop_assert!(!run.report().to_json().is_empty());
            }
        }
    }

    #[test]
    fn interventions_are_replayed_to_the_byte(seed in any::<u64>(), at in 1_u64..30_000_000_000) {
        let (design, scenario) = random::more(seed);
        let Ok(mut live) = Run::compile(&design, &scenario, seed) else { return Ok(()) };
        live.advance(Budget { until_ns: at, max_events: MOST });
        let target = FaultTarget::Component(design.components.keys().next_back().unwrap().clone());
        live.intervene(FaultAction::Kill, target.clone());
        live.advance(Budget { until_ns: at + 3_000_000_000, max_events: MOST });
        let user = live.meet(None).map_or(7, |met| met.me.user);
        live.ask_by_hand(user, HandAsk::Post);
        live.ask_by_hand(user, HandAsk::Read { cursor: None });
        live.intervene(FaultAction::Restore, target);
        if !finish(&mut live)? {
            return Ok(());
        }
        sound(&mut live)?;
        let mut again = Run::compile(&design, &scenario, seed).unwrap();
        again.replay(live.interventions().to_vec());
        again.replay_requests(live.requests().to_vec());
        // It goes all the way in one; the first had some of it before it was counted.
        if finish(&mut again)? {
            prop_assert_eq!(again.report().to_json(), live.report().to_json());
        }
    }

    /// Every nanosecond of a span is of one kind, and no span leaves the one that asked for it.
    #[test]
    fn spans_add_up(seed in any::<u64>()) {
        let (design, scenario) = random::more(seed);
        let Ok(mut run) = Run::compile(&design, &scenario, seed) else { return Ok(()) };
        run.keep_traces();
        run.advance(Budget { until_ns: u64::MAX, max_events: 200_000 });
        for trace in &run.report().traces {
            for span in &trace.spans {
                let parts = [
                    span.network_ns,
                    span.queue_ns,
                    span.pool_ns,
                    span.others_ns,
                    span.service_ns,
                ];
                prop_assert_eq!(parts.iter().sum::<u64>(), span.took_ns, "{:?}", span);
                prop_assert!(span.sent_ns + span.took_ns <= trace.took_ns, "{:?}", trace);
                if let Some(parent) = span.parent.and_then(|p| trace.spans.get(p as usize)) {
                    let end = |span: &Span| span.sent_ns + span.took_ns;
                    prop_assert!(span.sent_ns >= parent.sent_ns, "{:?}", trace);
                    prop_assert!(end(span) <= end(parent), "{:?}", trace);
                }
            }
        }
    }

    #[test]
    fn slices_do_not_matter(seed in any::<u64>(), events in 1_u64..5_000, step_ms in 1_u64..5_000) {
        let (design, scenario) = random::more(seed);
        let Ok(mut cut) = Run::compile(&design, &scenario, seed) else { return Ok(()) };
        let mut whole = cut.clone();
        if !finish(&mut whole)? {
            return Ok(());
        }
        let mut until = 0;
        loop {
            until += step_ms * 1_000_000;
            // A slice that runs out of events is continued, not left.
            let mut progress = cut.advance(Budget { until_ns: until, max_events: events });
            let mut slices = 0;
            while !progress.done && progress.events >= events && slices < 200 {
                progress = cut.advance(Budget { until_ns: until, max_events: events });
                slices += 1;
            }
            if progress.done {
                break;
            }
            if slices >= 200 {
                finish(&mut cut)?;
                break;
            }
        }
        prop_assert_eq!(cut.report().to_json(), whole.report().to_json());
    }
}

fn sample() -> (Design, Scenario) {
    let drawing = design(
        "c client
         e cdn
         b load_balancer(algorithm=power_of_two; health_interval_secs=5)
         g auto_scaling_group(min=1; max=5; desired=2; policy=target_tracking; period_secs=10; boot_secs=20)
         s server in g
         d database(max_connections=25)
         c > b
         c > e
         e > b
         b > s
         s > d",
    );
    (drawing, scenario(90.0, 120, compute(15.0)))
}

#[test]
fn an_unrelated_component_changes_no_other_draws() {
    let (drawing, load) = sample();
    let alone = simulate(&drawing, &load, 5).unwrap();
    for kind in [
        Kind::Station,
        Kind::Server,
        Kind::Database,
        Kind::Queue,
        Kind::Cache,
        Kind::Dns,
    ] {
        for name in ["aaa", "zzz"] {
            let mut more = drawing.clone();
            more.components
                .insert(id(name), Component::new(id(name), kind, 0.0, 0.0));
            let report = simulate(&more, &load, 5).unwrap();
            assert_eq!(report.whole, alone.whole, "{kind:?} {name}");
            for component in &alone.components {
                let same = report
                    .components
                    .iter()
                    .find(|c| c.id == component.id)
                    .unwrap();
                // NaN is not equal to itself: compare what would be written.
                assert_eq!(
                    format!("{same:?}"),
                    format!("{component:?}"),
                    "{kind:?} {name}"
                );
            }
        }
    }
}

#[test]
fn no_two_of_a_hundred_seeds_are_alike() {
    let (drawing, mut load) = sample();
    load.duration_secs = 20;
    let run = |seed| {
        simulate(&drawing, &load, seed)
            .map(|report: Report| report.whole)
            .unwrap()
    };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..100 {
        assert!(seen.insert(format!("{:?}", run(mix(seed, 1)))), "{seed}");
    }
    assert_eq!(run(1), run(1));
}

#[test]
fn a_clone_goes_on_by_itself() {
    let (drawing, load) = sample();
    let mut run = Run::compile(&drawing, &load, 5).unwrap();
    run.advance(Budget {
        until_ns: 70_000_000_000,
        max_events: u64::MAX,
    });
    let mut copy = run.clone();
    let to_end = |run: &mut Run| {
        while !run
            .advance(Budget {
                until_ns: u64::MAX,
                max_events: u64::MAX,
            })
            .done
        {}
        run.report().to_json()
    };
    assert_eq!(to_end(&mut run), to_end(&mut copy));
}

/// Layers that ask each other in a ring, with retries: what one request may cause has an end.
#[test]
fn rings_with_retries_end() {
    for seed in [8_424_047_810_295_661_011, 15_851_156_402_677_845_176] {
        let (design, scenario) = random::more(seed);
        let mut run = Run::compile(&design, &scenario, seed).unwrap();
        let budget = Budget {
            until_ns: 2_000_000_000,
            max_events: 20_000_000,
        };
        let progress = run.advance(budget);
        assert!(progress.now_ns >= 1_900_000_000, "{progress:?}");
    }
}

/// Were most refused, the properties above would say little.
#[test]
fn most_random_designs_run() {
    let mut refused: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    let runs = (0..200).filter(|seed| {
        let (design, scenario) = random::both(*seed);
        match Run::compile(&design, &scenario, *seed) {
            Ok(_) => true,
            Err(problems) => {
                for problem in problems
                    .iter()
                    .filter(|p| p.severity == archplay_model::Severity::Error)
                {
                    *refused.entry(problem.code.clone()).or_default() += 1;
                }
                false
            }
        }
    });
    let runs = runs.count();
    assert!(runs >= 100, "{runs} of 200 run; refused: {refused:?}");
}

/// A visitor who comes alone and has nothing to choose is sent on by a short way; one who comes in a batch of one goes
/// the long way. Nothing else differs.
#[test]
fn the_short_way_in_is_the_long_way() {
    for (drawing, rate) in [
        (
            "c client\nq station(workers=2;service_ms=20;queue_capacity=5)\nc > q",
            120.0,
        ),
        (
            "c client\nb load_balancer\ns server(vcpu=1)\nc > b\nb > s",
            120.0,
        ),
    ] {
        let drawing = design(drawing);
        let mut load = scenario(rate, 60, compute(10.0));
        let audience = &mut load.audiences[0];
        (audience.refresh.probability, audience.refresh.max) = (0.5, 3);
        audience.timeout_secs = 0.5;
        let short = simulate(&drawing, &load, 3).unwrap();
        load.audiences[0].batch = Some(Batch {
            mean: 1.0,
            geometric: false,
        });
        let mut long = simulate(&drawing, &load, 3).unwrap();
        assert!(
            short.whole.operations[0].good > 0
                && short.whole.operations[0].good < short.whole.operations[0].offered
        );
        long.scenario_sha256.clone_from(&short.scenario_sha256);
        assert_eq!(short.to_json(), long.to_json());
    }
}
