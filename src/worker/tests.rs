//! A session along its paths, natively and with the real engine.

mod feed;

use std::cell::Cell;

use archplay_model::presets::Preset;
use archplay_model::scenario::{FaultAction, FaultTarget, Intervention};
use archplay_model::{Id, Kind};
use archplay_protocol::{FromWorker, Speed, ToWorker, VERSION};
use archplay_report::Standing;

use super::session::{Next, Session};

/// A clock that goes on by a millisecond with every look.
fn clock() -> impl Fn() -> f64 {
    let now = Cell::new(0.0);
    move || {
        now.set(now.get() + 1.0);
        now.get()
    }
}

const EMPTY: &str = r#"{"schema":"archplay/design/1","name":"","components":[],"links":[]}"#;
const SHOP: &str = r#"{"schema":"archplay/design/1","name":"","components":[
{"id":"client-1","kind":"client","x":0,"y":0},
{"id":"server-1","kind":"server","x":200,"y":0},
{"id":"database-1","kind":"database","x":400,"y":0}
],"links":[{"from":"client-1","to":"server-1"},{"from":"server-1","to":"database-1"}]}"#;

fn run(design: &str, scenario: &str, speed: Speed) -> ToWorker {
    ToWorker::Run {
        run: 1,
        design: design.into(),
        scenario: scenario.into(),
        seed: 7,
        speed,
        traces: true,
    }
}

fn told(session: &mut Session, message: ToWorker) -> Vec<FromWorker> {
    let mut out = Vec::new();
    session.handle(message, 0.0, &mut out);
    out
}

#[test]
fn bad_input_is_answered() {
    let mut session = Session::default();
    assert_eq!(
        told(&mut session, ToWorker::Hello { version: 0 }),
        [FromWorker::Hello { version: VERSION }]
    );
    assert_eq!(
        told(&mut session, ToWorker::Ping(4)),
        [FromWorker::Alive(4)]
    );
    for (design, scenario) in [("{", Preset::Steady.json()), (SHOP, "[]")] {
        assert!(matches!(
            told(&mut session, run(design, scenario, Speed::Full))[..],
            [FromWorker::Unreadable { run: 1, .. }]
        ));
    }
    assert!(matches!(
        told(&mut session, run(EMPTY, Preset::Steady.json(), Speed::Full))[..],
        [FromWorker::Refused { run: 1, .. }]
    ));
    for message in [
        ToWorker::Pause,
        ToWorker::Step,
        ToWorker::Resume,
        ToWorker::Stop,
    ] {
        assert_eq!(told(&mut session, message), []);
    }
    assert_eq!(session.next(), Next::Idle);
    let graded = told(
        &mut session,
        ToWorker::Grade {
            run: 3,
            design: SHOP.into(),
            task: "{}".into(),
            seed: 1,
        },
    );
    assert!(matches!(
        graded[..],
        [FromWorker::Unreadable { run: 3, .. }]
    ));
}

/// Runs to the end and returns what was told, and how many slices it took.
fn to_the_end(session: &mut Session, message: ToWorker) -> (Vec<FromWorker>, usize) {
    let clock = clock();
    let mut out = told(session, message);
    let mut slices = 0;
    while session.next() == Next::Now {
        session.tick(&clock, &mut out);
        slices += 1;
        assert!(slices < 1_000_000, "it never ends");
    }
    (out, slices)
}

#[test]
fn a_run_streams_all_its_rows_and_ends_with_the_library_s_report() {
    let mut session = Session::default();
    let (out, slices) = to_the_end(&mut session, run(SHOP, Preset::Steady.json(), Speed::Full));
    assert!(slices > 10, "it works in slices");
    let Some(FromWorker::Started { keys, rows, .. }) = out.first() else {
        panic!("{:?}", out.first());
    };
    let mut next_row = 0;
    for message in &out {
        if let FromWorker::Frames {
            first_row, values, ..
        } = message
        {
            assert_eq!(*first_row, next_row);
            next_row += u32::try_from(values.len() / keys.len()).unwrap_or(0);
        }
    }
    assert_eq!(next_row, *rows);
    let Some(FromWorker::Finished {
        summary, sha256, ..
    }) = out.last()
    else {
        panic!("{:?}", out.last());
    };
    assert!(summary.offered > 0 && summary.visitors >= summary.visitors_done);
    let measured = summary.measures.iter().filter(|(_, told)| !told.is_empty());
    assert!(measured.count() > 0, "{:?}", summary.measures);
    let library = archplay_model::format::read_design(SHOP)
        .ok()
        .zip(Preset::Steady.scenario().ok())
        .and_then(|((design, _), scenario)| archplay_engine::simulate(&design, &scenario, 7).ok())
        .map(|report| archplay_report::sha256_hex(&report.to_json()));
    assert_eq!(Some(sha256), library.as_ref(), "slices change nothing");
    let exported = told(&mut session, ToWorker::Export { run: 1 });
    assert!(matches!(&exported[..], [FromWorker::Report { json, .. }]
        if &archplay_report::sha256_hex(json) == sha256));
}

#[test]
fn pause_step_and_stop() {
    let mut session = Session::default();
    let clock = clock();
    let mut out = told(
        &mut session,
        run(SHOP, Preset::Steady.json(), Speed::Times(60.0)),
    );
    session.tick(&clock, &mut out);
    told(&mut session, ToWorker::Pause);
    assert_eq!(session.next(), Next::Idle);
    for row in 1..=3_u64 {
        let mut out = told(&mut session, ToWorker::Step);
        while session.next() == Next::Now {
            session.tick(&clock, &mut out);
        }
        let Some(FromWorker::Frames { now_ns, paused, .. }) = out.last() else {
            panic!("{out:?}");
        };
        assert!(*paused && *now_ns == row * 1_000_000_000, "{now_ns}");
    }
    assert_eq!(
        told(&mut session, ToWorker::Stop),
        [FromWorker::Stopped { run: 1 }]
    );
    assert_eq!(session.next(), Next::Idle);
}

/// The interventions told last, and the fingerprint at the end.
fn outcome(out: &[FromWorker]) -> (Vec<Intervention>, String) {
    let told = out.iter().rev().find_map(|message| match message {
        FromWorker::Intervened { interventions, .. } => Some(interventions.clone()),
        _ => None,
    });
    let sha256 = out.iter().find_map(|message| match message {
        FromWorker::Finished { sha256, .. } => Some(sha256.clone()),
        _ => None,
    });
    (told.unwrap_or_default(), sha256.unwrap_or_default())
}

#[test]
fn what_was_done_by_hand_is_told_and_can_be_repeated() {
    let mut session = Session::default();
    let clock = clock();
    let mut out = told(
        &mut session,
        run(SHOP, Preset::Steady.json(), Speed::Times(60.0)),
    );
    for _ in 0..20 {
        session.tick(&clock, &mut out);
    }
    out.extend(told(&mut session, ToWorker::Pause));
    // Two things while time stands still: neither is forgotten.
    for (action, target) in [
        (
            FaultAction::Kill,
            FaultTarget::Component(Id::numbered("server", 1)),
        ),
        (
            FaultAction::Slow { factor: 3.0 },
            FaultTarget::Kind(Kind::Database),
        ),
    ] {
        let answer = told(&mut session, ToWorker::Intervene { action, target });
        assert!(matches!(
            answer[..],
            [
                FromWorker::Intervened { run: 1, .. },
                FromWorker::Frames { .. }
            ]
        ));
        out.extend(answer);
    }
    out.extend(told(&mut session, ToWorker::Resume));
    out.extend(told(&mut session, ToWorker::SetSpeed(Speed::Full)));
    while session.next() == Next::Now {
        session.tick(&clock, &mut out);
    }
    let (done, sha256) = outcome(&out);
    assert_eq!(done.len(), 2, "{done:?}");
    assert!(done[0].at_ns < done[1].at_ns && done[1].action.slug() == "slow");
    let replay = ToWorker::Replay {
        run: 1,
        design: SHOP.into(),
        scenario: Preset::Steady.json().into(),
        seed: 7,
        speed: Speed::Full,
        interventions: done.clone(),
        requests: Vec::new(),
        traces: false,
    };
    let (out, _) = to_the_end(&mut session, replay);
    assert_eq!(outcome(&out), (done, sha256.clone()));
    let disturbed = standing(&out);
    let fresh = run(SHOP, Preset::Steady.json(), Speed::Full);
    let (out, _) = to_the_end(&mut session, fresh);
    let (none, other) = outcome(&out);
    assert!(none.is_empty() && other != sha256);
    // The pair of the disturbed run is the fresh one.
    let (paired, slices) = to_the_end(&mut session, pair());
    let Some(FromWorker::Paired {
        run: 9,
        standing: calm,
    }) = paired.last()
    else {
        panic!("{:?}", paired.last());
    };
    assert_eq!(*calm, standing(&out));
    assert!(calm.good > disturbed.good && calm.requests >= disturbed.visitors);
    assert!(slices > 10, "it works in slices");
    assert!(matches!(paired[0], FromWorker::Pairing { run: 9, .. }));
}

fn standing(out: &[FromWorker]) -> Standing {
    let found = out.iter().find_map(|message| match message {
        FromWorker::Finished { summary, .. } => Some(summary.standing),
        _ => None,
    });
    found.unwrap_or_default()
}

fn pair() -> ToWorker {
    ToWorker::Pair {
        run: 9,
        design: SHOP.into(),
        scenario: Preset::Steady.json().into(),
        seed: 7,
        requests: Vec::new(),
    }
}

#[test]
fn whatever_comes_ends_a_paired_run() {
    for (message, kept) in [
        (ToWorker::Stop, 1),
        (grade(SHOP), 1),
        (run(SHOP, Preset::Steady.json(), Speed::Full), 2),
    ] {
        for slices in [0, 1, 3] {
            let mut session = Session::default();
            let clock = clock();
            let mut out = told(&mut session, pair());
            assert_eq!(session.next(), Next::Now);
            for _ in 0..slices {
                session.tick(&clock, &mut out);
            }
            let answer = told(&mut session, message.clone());
            assert_eq!(answer[0], FromWorker::Stopped { run: 9 });
            assert_eq!(answer.len(), kept);
        }
    }
    let mut session = Session::default();
    let unreadable = ToWorker::Pair {
        run: 9,
        design: "{".into(),
        scenario: "{}".into(),
        seed: 7,
        requests: Vec::new(),
    };
    let (out, _) = to_the_end(&mut session, unreadable);
    assert!(matches!(out[..], [FromWorker::Unreadable { run: 9, .. }]));
    assert_eq!(session.next(), Next::Idle);
}

#[test]
fn traces_come_at_the_end_and_a_grading_takes_no_interventions() {
    let mut session = Session::default();
    let (out, _) = to_the_end(&mut session, run(SHOP, Preset::Steady.json(), Speed::Full));
    let traces = out.iter().find_map(|message| match message {
        FromWorker::Traces { run: 1, book } => Some(book.unpack()),
        _ => None,
    });
    let traces = traces.unwrap_or_default();
    assert!(!traces.is_empty() && traces.iter().all(|trace| !trace.spans.is_empty()));
    let untraced = match run(SHOP, Preset::Steady.json(), Speed::Full) {
        ToWorker::Run {
            run,
            design,
            scenario,
            seed,
            speed,
            ..
        } => ToWorker::Run {
            run,
            design,
            scenario,
            seed,
            speed,
            traces: false,
        },
        other => other,
    };
    let (without, _) = to_the_end(&mut session, untraced);
    assert!(
        !without
            .iter()
            .any(|m| matches!(m, FromWorker::Traces { .. }))
    );
    assert_eq!(
        outcome(&without),
        outcome(&out),
        "and nothing else is different"
    );
    told(&mut session, grade(SHOP));
    let intervene = ToWorker::Intervene {
        action: FaultAction::Kill,
        target: FaultTarget::OneServer,
    };
    assert_eq!(told(&mut session, intervene), []);
}

fn task_bundle(english: &str) -> String {
    let text = serde_json::json!({ "ko": "글", "en": english });
    serde_json::json!({
        "task": {
            "id": "t", "title": text,
            "runs": [
                { "id": "as-is", "name": text },
                { "id": "more", "name": text, "load": 1.5, "seed_offset": 9 }
            ],
            "targets": [
                { "id": "cheap", "metric": "cost", "compare": "at_most", "value": 1e9 },
                { "id": "free", "metric": "cost", "compare": "at_most", "value": 0.0, "runs": ["more"] }
            ]
        },
        "scenario": Preset::Steady.json(),
        "start": SHOP,
    })
    .to_string()
}

fn grade(design: &str) -> ToWorker {
    ToWorker::Grade {
        run: 5,
        design: design.into(),
        task: task_bundle("text"),
        seed: 7,
    }
}

#[test]
fn grading_makes_every_run_and_ends_with_a_verdict() {
    let mut session = Session::default();
    let (out, _) = to_the_end(&mut session, grade(SHOP));
    let Some(FromWorker::Graded { run: 5, verdict }) = out.last() else {
        panic!("{:?}", out.last());
    };
    let passed: Vec<(&str, &str, bool)> = verdict
        .results
        .iter()
        .map(|r| (r.run.as_str(), r.target.as_str(), r.passed))
        .collect();
    assert_eq!(
        passed,
        [
            ("as-is", "cheap", true),
            ("more", "cheap", true),
            ("more", "free", false)
        ]
    );
    assert!(!verdict.passed && verdict.fingerprints.len() == 2);
    assert!(
        out.iter().any(|m| matches!(
            m,
            FromWorker::Grading {
                part: 1,
                parts: 2,
                ..
            }
        )),
        "says how far it is"
    );
}

#[test]
fn grading_can_be_stopped_and_refuses_what_cannot_run() {
    let mut session = Session::default();
    let clock = clock();
    let mut out = told(&mut session, grade(SHOP));
    session.tick(&clock, &mut out);
    session.tick(&clock, &mut out);
    assert_eq!(
        told(&mut session, ToWorker::Stop),
        [FromWorker::Stopped { run: 5 }]
    );
    assert_eq!(session.next(), Next::Idle);
    let (out, _) = to_the_end(&mut session, grade(EMPTY));
    assert!(matches!(
        out.last(),
        Some(FromWorker::Refused { run: 5, .. })
    ));
}
