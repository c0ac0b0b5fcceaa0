//! The machine along its paths, without a browser.

use std::rc::Rc;

use archplay_model::format::read_run;
use archplay_model::presets::Preset;
use archplay_model::scenario::{Asked, FaultAction, FaultTarget, HandAsk, Intervention};
use archplay_model::{Component, Design, Id, Kind, LinkKey};
use archplay_protocol::{FromWorker, Speed, Summary, ToWorker, VERSION};
use archplay_report::{Event, EventCode, Metric, SeriesKey, Subject};

mod after;
mod by_hand;

use super::envelope::ToEnvelope;
use super::input::{Effect, Input, RunCommand};
use super::machine::Machine;
use super::state::{GradeState, Status, Trouble};
use super::{live_all, live_link};

fn id(text: &str) -> Id {
    Id::new(text).unwrap_or_else(|error| panic!("{error}"))
}

fn design() -> Rc<Design> {
    let mut design = Design::default();
    let server = Component::new(id("web"), Kind::Server, 0.0, 0.0);
    design.components.insert(server.id.clone(), server);
    Rc::new(design)
}

fn start() -> Input {
    Input::Command(RunCommand::Start {
        design: design(),
        scenario: Preset::Steady.json().into(),
        seed: 3,
        speed: Speed::Full,
    })
}

fn started(run: u32) -> Input {
    let web = Subject::Component(id("web"));
    let link = Subject::Link(LinkKey::new(id("a"), id("web")));
    Input::Message(FromWorker::Started {
        run,
        warnings: Vec::new(),
        keys: vec![
            SeriesKey::new(web.clone(), Metric::Utilisation),
            SeriesKey::new(web, Metric::Instances),
            SeriesKey::new(link.clone(), Metric::Rate),
            SeriesKey::new(link, Metric::RateFailed),
        ],
        start_secs: 100,
        bucket_secs: 1,
        rows: 10,
    })
}

fn frame(run: u32, first_row: u32, rows: &[[f32; 4]]) -> Input {
    Input::Message(FromWorker::Frames {
        run,
        first_row,
        values: rows.concat(),
        events: vec![Event {
            at_ns: u64::from(first_row) * 1_000_000_000,
            code: EventCode::BacklogFull,
            id: id("web"),
            from: 0,
            to: 1,
        }],
        now_ns: 2_000_000_000,
        paused: false,
    })
}

fn finished(run: u32) -> Input {
    Input::Message(FromWorker::Finished {
        run,
        summary: Box::default(),
        sha256: "ab".into(),
    })
}

/// Feeds inputs and returns all effects.
fn feed(machine: &mut Machine, inputs: Vec<Input>) -> Vec<Effect> {
    inputs
        .into_iter()
        .flat_map(|input| machine.handle(input))
        .collect()
}

#[test]
fn a_run_from_start_to_export() {
    let mut machine = Machine::default();
    let effects = feed(&mut machine, vec![start()]);
    assert_eq!(effects[0], Effect::Spawn);
    assert_eq!(
        effects[1],
        Effect::Send(ToWorker::Hello { version: VERSION })
    );
    assert!(matches!(
        &effects[2],
        Effect::Send(ToWorker::Run {
            run: 1,
            seed: 3,
            ..
        })
    ));
    assert_eq!(machine.state().status, Status::Starting);
    feed(
        &mut machine,
        vec![
            started(1),
            frame(1, 0, &[[0.5, 2.0, 10.0, 1.0], [0.9, 0.0, 0.0, 4.0]]),
        ],
    );
    let state = machine.state().clone();
    assert_eq!((state.status, state.data.rows()), (Status::Running, 2));
    assert_eq!(state.data.events().len(), 1);
    let figures = live_all(&state)
        .components
        .remove(&id("web"))
        .unwrap_or_default();
    assert_eq!(figures.utilisation, Some(f64::from(0.9_f32)));
    assert!(figures.down, "no instance is left");
    let link = LinkKey::new(id("a"), id("web"));
    assert_eq!(
        live_link(&state, &link).map(|figures| figures.failed_share),
        Some(1.0)
    );
    machine.handle(Input::Command(RunCommand::SetCursor(Some(0))));
    let figures = live_all(machine.state())
        .components
        .remove(&id("web"))
        .unwrap_or_default();
    assert!(!figures.down);
    assert_eq!(
        live_link(machine.state(), &link).map(|figures| figures.failed_share),
        Some(0.1)
    );
    feed(&mut machine, vec![finished(1)]);
    assert!(machine.state().exportable);
    let effects = feed(
        &mut machine,
        vec![
            Input::Command(RunCommand::Export),
            Input::Message(FromWorker::Report {
                run: 1,
                json: "{}".into(),
                sha256: "ab".into(),
            }),
        ],
    );
    assert_eq!(effects[0], Effect::Send(ToWorker::Export { run: 1 }));
    assert_eq!(
        effects[1],
        Effect::Save {
            name: "archplay-report-steady-3.json".into(),
            json: "{}".into()
        }
    );
}

#[test]
fn what_is_done_by_hand_goes_out_comes_back_and_is_kept_in_a_file() {
    let mut machine = Machine::default();
    let (action, target) = (FaultAction::Kill, FaultTarget::Component(id("web")));
    let intervene = || {
        Input::Command(RunCommand::Intervene {
            action,
            target: target.clone(),
        })
    };
    assert_eq!(feed(&mut machine, vec![intervene()]), [], "nothing runs");
    let effects = feed(&mut machine, vec![start(), started(1), intervene()]);
    let sent = ToWorker::Intervene {
        action,
        target: target.clone(),
    };
    assert_eq!(effects.last(), Some(&Effect::Send(sent)));
    let asked = vec![Asked {
        at_ns: 1_600_000_000,
        user: 5,
        ask: HandAsk::Post,
    }];
    let done = vec![Intervention {
        at_ns: 1_500_000_000,
        action,
        target: target.clone(),
    }];
    let intervened = |run| {
        Input::Message(FromWorker::Intervened {
            run,
            interventions: done.clone(),
            requests: asked.clone(),
        })
    };
    let export = || Input::Command(RunCommand::ExportRun);
    let hashes = Summary {
        design_sha256: "0".repeat(64),
        scenario_sha256: "1".repeat(64),
        ..Summary::default()
    };
    let end = Input::Message(FromWorker::Finished {
        run: 1,
        summary: Box::new(hashes),
        sha256: "2".repeat(64),
    });
    assert_eq!(feed(&mut machine, vec![intervened(1), export()]), []);
    let effects = feed(&mut machine, vec![end, export()]);
    let [
        Effect::Send(ToWorker::Pair { run: 2, .. }),
        Effect::Save { name, json },
    ] = &effects[..]
    else {
        panic!("{effects:?}");
    };
    assert_eq!(name, "archplay-run-steady-3.json");
    let doc = Rc::new(read_run(json).unwrap_or_else(|error| panic!("{error}")));
    assert_eq!((doc.seed, &doc.interventions), (3, &done));
    assert_eq!(doc.requests, asked);

    let replay = Input::Command(RunCommand::Replay {
        design: design(),
        scenario: Preset::Steady.json().into(),
        doc: doc.clone(),
        speed: Speed::Full,
    });
    let effects = feed(&mut machine, vec![replay, started(3)]);
    assert!(matches!(
        effects.last(),
        Some(Effect::Send(ToWorker::Replay { run: 3, seed: 3, interventions, requests, .. }))
            if *interventions == done && *requests == asked
    ));
    let state = machine.state();
    assert!(state.interventions.is_empty() && state.replay == Some(doc));
    assert!(state.requests.is_empty());
    feed(&mut machine, vec![intervened(1)]);
    assert!(machine.state().interventions.is_empty(), "of another run");
    feed(&mut machine, vec![start(), started(4)]);
    assert_eq!(machine.state().replay, None, "a fresh run repeats nothing");
}

#[test]
fn the_next_run_keeps_the_last_as_a_ghost() {
    let mut machine = Machine::default();
    let row = [[0.0; 4]];
    feed(
        &mut machine,
        vec![start(), started(1), frame(1, 0, &row), finished(1), start()],
    );
    let first = machine.state().data.clone();
    assert_eq!(first.rows(), 1, "shown until the next begins");
    feed(
        &mut machine,
        vec![frame(1, 1, &row), started(2), frame(2, 0, &row)],
    );
    let state = machine.state();
    assert_eq!(first.rows(), 1, "late frames are dropped");
    assert!(state.previous.as_ref().is_some_and(|p| p.data.same(&first)));
    assert!(state.summary.is_none() && !state.exportable);
}

#[test]
fn stop_acts_at_once_and_kills_a_worker_that_does_not_answer() {
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1)]);
    let effects = feed(&mut machine, vec![Input::Command(RunCommand::Stop)]);
    assert_eq!(
        effects,
        [Effect::Send(ToWorker::Stop), Effect::AwaitStop(1)]
    );
    assert_eq!(machine.state().status, Status::Stopped);
    let effects = feed(&mut machine, vec![Input::StopOverdue(1)]);
    assert_eq!(effects[..2], [Effect::Terminate, Effect::Spawn]);

    let mut machine = Machine::default();
    feed(
        &mut machine,
        vec![start(), started(1), Input::Command(RunCommand::Stop)],
    );
    let answered = Input::Message(FromWorker::Stopped { run: 1 });
    assert_eq!(
        feed(&mut machine, vec![answered, Input::StopOverdue(1)]),
        []
    );
}

/// A worker that is deaf to a stop is killed for it when that is overdue: what was asked of it meanwhile would be
/// lost, and the page would wait for ever.
#[test]
fn nothing_is_asked_of_a_worker_that_has_not_answered_a_stop() {
    let stop = || Input::Command(RunCommand::Stop);
    let asks = |effects: &[Effect]| {
        let kills = effects.iter().position(|e| *e == Effect::Terminate);
        let spawns = effects.iter().position(|e| *e == Effect::Spawn);
        let sends = |e: &Effect| {
            matches!(
                e,
                Effect::Send(ToWorker::Run { .. } | ToWorker::Grade { .. })
            )
        };
        (kills, spawns, effects.iter().position(sends))
    };
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), stop()]);
    let (kills, spawns, sends) = asks(&feed(&mut machine, vec![start()]));
    assert!(kills.is_some() && kills < spawns && spawns < sends);
    assert_eq!(feed(&mut machine, vec![Input::StopOverdue(1)]), []);
    feed(&mut machine, vec![started(2)]);
    assert_eq!(machine.state().status, Status::Running);

    // So for a grading.
    feed(&mut machine, vec![stop()]);
    let grade = Input::Command(RunCommand::Grade {
        design: design(),
        task: "task".into(),
        task_json: "{}".into(),
        seed: 1,
    });
    let (kills, spawns, sends) = asks(&feed(&mut machine, vec![grade]));
    assert!(kills.is_some() && kills < spawns && spawns < sends);
    assert_eq!(feed(&mut machine, vec![Input::StopOverdue(2)]), []);

    // One that has answered goes on.
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1), stop()]);
    feed(
        &mut machine,
        vec![Input::Message(FromWorker::Stopped { run: 1 })],
    );
    let (kills, _, sends) = asks(&feed(&mut machine, vec![start()]));
    assert!(kills.is_none() && sends.is_some());
}

#[test]
fn silence_is_death_only_while_an_answer_is_due() {
    let seconds = |n: usize| vec![Input::Second; n];
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1)]);
    feed(&mut machine, seconds(5));
    assert_eq!(machine.state().status, Status::Running);
    let effects = feed(&mut machine, seconds(1));
    assert_eq!(effects, [Effect::Terminate]);
    assert_eq!(machine.state().status, Status::Dead);
    assert_eq!(machine.state().trouble, Some(Trouble::Hang));
    let effects = feed(&mut machine, vec![start()]);
    assert_eq!(effects[0], Effect::Spawn, "a new worker for the next run");

    // Compiling the largest drawing takes long on a slow machine.
    let hello = Input::Message(FromWorker::Hello { version: VERSION });
    feed(&mut machine, vec![hello]);
    feed(&mut machine, seconds(30));
    assert_eq!(machine.state().status, Status::Starting);

    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1)]);
    for n in 0..20 {
        let effects = feed(&mut machine, seconds(3));
        assert_eq!(effects.len(), 3, "asked every second");
        feed(&mut machine, vec![Input::Message(FromWorker::Alive(n))]);
    }
    assert_eq!(machine.state().status, Status::Running);
    feed(&mut machine, vec![finished(1)]);
    assert_eq!(feed(&mut machine, seconds(100)), []);
}

#[test]
fn a_crash_leaves_what_was_measured_and_fails_the_grading() {
    let mut machine = Machine::default();
    let crash = || Input::Crashed("unreachable".into());
    feed(
        &mut machine,
        vec![start(), started(1), frame(1, 0, &[[1.0; 4]]), crash()],
    );
    assert_eq!(machine.state().status, Status::Dead);
    assert_eq!(machine.state().data.rows(), 1);
    feed(
        &mut machine,
        vec![
            Input::Command(RunCommand::Grade {
                design: design(),
                task: "t".into(),
                task_json: "{}".into(),
                seed: 1,
            }),
            Input::Message(FromWorker::Grading {
                run: 2,
                part: 1,
                parts: 4,
                share: 0.5,
            }),
        ],
    );
    assert!(matches!(
        &*machine.state().grade,
        GradeState::Running { share, .. } if (*share - 0.375).abs() < 1e-6
    ));
    feed(&mut machine, vec![crash()]);
    assert!(matches!(&*machine.state().grade, GradeState::Failed { .. }));
}

#[test]
fn a_drawing_or_scenario_that_cannot_run_says_so() {
    let mut machine = Machine::default();
    let problem = archplay_model::Problem::error("no_client", archplay_model::Location::Design);
    feed(
        &mut machine,
        vec![
            start(),
            Input::Message(FromWorker::Refused {
                run: 1,
                problems: vec![problem],
            }),
        ],
    );
    assert_eq!(machine.state().status, Status::Failed);
    assert_eq!(machine.state().problems.len(), 1);
    let broken = Input::Command(RunCommand::Start {
        design: design(),
        scenario: "{".into(),
        seed: 1,
        speed: Speed::Full,
    });
    feed(&mut machine, vec![broken]);
    assert!(matches!(
        machine.state().trouble,
        Some(Trouble::Unreadable(_))
    ));
}

#[test]
fn results_grow_stale_by_what_matters() {
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1)]);
    let state = machine.state();
    let mut moved = (*design()).clone();
    if let Some(web) = moved.components.get_mut(&id("web")) {
        web.x = 300.0;
        web.name = "웹 서버".into();
    }
    assert!(!state.is_stale(&Rc::new(moved.clone())));
    if let Some(web) = moved.components.get_mut(&id("web")) {
        web.params
            .insert("vcpu".into(), archplay_model::Value::Number(8.0));
    }
    assert!(state.is_stale(&Rc::new(moved)));
}

#[test]
fn the_envelope_is_gloo_workers() {
    let bytes = archplay_protocol::encode(&ToEnvelope::input(archplay_protocol::Packet(vec![9])));
    assert_eq!(bytes.ok(), Some(vec![1, 0, 1, 9]));
}

#[test]
fn the_next_work_is_done_by_the_fastest_worker() {
    let hello = || Input::Message(FromWorker::Hello { version: VERSION });
    let spawns = |effects: &[Effect]| effects.iter().filter(|e| **e == Effect::Spawn).count();
    let mut machine = Machine::default();
    // Nothing to renew: whatever is started next is a fast one anyhow.
    assert_eq!(feed(&mut machine, vec![Input::Faster]), []);
    let effects = feed(&mut machine, vec![Input::Warm, hello(), start()]);
    assert_eq!(spawns(&effects), 1);
    // It comes while a run goes on, which is left alone, and its report can be had until the next run.
    let effects = feed(
        &mut machine,
        vec![
            Input::Faster,
            started(1),
            frame(1, 0, &[[0.5, 2.0, 10.0, 1.0]]),
            finished(1),
        ],
    );
    assert_eq!(effects, []);
    assert!(machine.state().exportable);
    let grade = Input::Command(RunCommand::Grade {
        design: design(),
        task: "t".into(),
        task_json: "{}".into(),
        seed: 1,
    });
    assert_eq!(spawns(&feed(&mut machine, vec![grade])), 0);
    let effects = feed(&mut machine, vec![start()]);
    assert_eq!(effects[0], Effect::Terminate);
    assert_eq!(effects[1], Effect::Spawn);
    assert!(matches!(
        effects.last(),
        Some(Effect::Send(ToWorker::Run { .. }))
    ));
    let effects = feed(&mut machine, vec![hello(), start()]);
    assert_eq!(spawns(&effects), 0);
}
