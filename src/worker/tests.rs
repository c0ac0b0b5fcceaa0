//! A session along its paths, natively and with the real engine.

use std::cell::Cell;

use archplay_model::presets::Preset;
use archplay_protocol::{FromWorker, Speed, ToWorker, VERSION};

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
