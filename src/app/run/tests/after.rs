//! What follows a run: its pair, traces that were not kept; and a run that is stopped before it begins.

use archplay_report::{Losses, Standing};

use super::super::state::LossState;
use super::*;

fn intervened(run: u32) -> Input {
    Input::Message(FromWorker::Intervened {
        run,
        interventions: vec![Intervention {
            at_ns: 1_500_000_000,
            action: FaultAction::Kill,
            target: FaultTarget::OneServer,
        }],
        requests: Vec::new(),
    })
}

fn pairing(run: u32, share: f32) -> Input {
    Input::Message(FromWorker::Pairing { run, share })
}

fn paired(run: u32) -> Input {
    Input::Message(FromWorker::Paired {
        run,
        standing: standing(90),
    })
}

fn standing(good: u64) -> Standing {
    Standing {
        requests: 100,
        good,
        ..Standing::default()
    }
}

fn disturbed(run: u32) -> Vec<Input> {
    let finished = Input::Message(FromWorker::Finished {
        run,
        summary: Box::new(Summary {
            standing: standing(60),
            ..Summary::default()
        }),
        sha256: "ab".into(),
    });
    vec![start(), started(run), intervened(run), finished]
}

fn command(command: RunCommand) -> Input {
    Input::Command(command)
}

#[test]
fn a_disturbed_run_is_followed_by_its_pair() {
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), started(1), finished(1)]);
    assert_eq!(machine.state().losses, LossState::None, "nothing broke");
    assert_eq!(feed(&mut machine, vec![command(RunCommand::Pair)]), []);

    let effects = feed(&mut machine, disturbed(2));
    assert!(matches!(
        effects.last(),
        Some(Effect::Send(ToWorker::Pair {
            run: 3,
            seed: 3,
            ..
        }))
    ));
    assert_eq!(machine.state().status, Status::Finished);
    assert!(machine.state().exportable, "nothing else waits for it");
    feed(&mut machine, vec![pairing(9, 0.9), pairing(3, 0.5)]);
    assert_eq!(machine.state().losses, LossState::Running(0.5));
    feed(&mut machine, vec![paired(9), paired(3)]);
    let losses = Losses {
        disturbed: standing(60),
        calm: standing(90),
    };
    assert_eq!(machine.state().losses, LossState::Done(losses));
    feed(&mut machine, vec![start(), started(4)]);
    assert_eq!(machine.state().losses, LossState::None);
}

#[test]
fn a_paired_run_gives_way() {
    // To a person who wants it no more, and may want it again.
    let mut machine = Machine::default();
    feed(&mut machine, disturbed(1));
    let effects = feed(&mut machine, vec![command(RunCommand::StopPair)]);
    assert_eq!(
        effects,
        [Effect::Send(ToWorker::Stop), Effect::AwaitStop(2)]
    );
    feed(&mut machine, vec![paired(2)]);
    assert_eq!(machine.state().losses, LossState::Offered);
    let effects = feed(&mut machine, vec![command(RunCommand::Pair)]);
    assert!(matches!(
        effects[..],
        [Effect::Send(ToWorker::Pair { run: 3, .. })]
    ));
    // To the next run: a worker that was heard of goes on, one that may be compiling is replaced.
    for heard in [true, false] {
        let mut machine = Machine::default();
        feed(&mut machine, disturbed(1));
        if heard {
            feed(&mut machine, vec![pairing(2, 0.0)]);
        }
        let effects = feed(&mut machine, vec![start()]);
        assert_eq!(effects.contains(&Effect::Terminate), !heard);
        assert!(matches!(
            effects.last(),
            Some(Effect::Send(ToWorker::Run { run: 3, .. }))
        ));
        feed(&mut machine, vec![paired(2)]);
        assert_eq!(machine.state().losses, LossState::Offered);
    }
    // To its own end: a crash or a refusal is said where it would have stood, and nowhere else.
    for end in [
        Input::Crashed("unreachable".into()),
        Input::Message(FromWorker::Refused {
            run: 2,
            problems: Vec::new(),
        }),
    ] {
        let mut machine = Machine::default();
        feed(&mut machine, disturbed(1));
        feed(&mut machine, vec![end]);
        let state = machine.state();
        assert_eq!(state.losses, LossState::Failed);
        assert_eq!((state.status, &state.trouble), (Status::Finished, &None));
    }
}

#[test]
fn traces_are_kept_while_they_are_wanted_and_can_be_had_later() {
    let mut machine = Machine::default();
    let traces = |effects: &[Effect]| match effects.last() {
        Some(Effect::Send(ToWorker::Run { traces, .. } | ToWorker::Replay { traces, .. })) => {
            *traces
        }
        other => panic!("{other:?}"),
    };
    assert!(traces(&feed(&mut machine, vec![start()])), "the default");
    let effects = feed(&mut machine, vec![command(RunCommand::KeepTraces(false))]);
    assert_eq!(effects, [Effect::KeepTraces(false)]);
    assert_eq!(
        feed(&mut machine, vec![command(RunCommand::TraceAgain)]),
        []
    );
    assert!(!traces(&feed(&mut machine, vec![start()])));
    feed(&mut machine, vec![started(2), intervened(2)]);
    assert!(!machine.state().traced);
    let end = finished(2);
    let effects = feed(&mut machine, vec![end, command(RunCommand::TraceAgain)]);
    assert!(traces(&effects), "once more, with what was done by hand");
    let Some(Effect::Send(ToWorker::Replay {
        interventions,
        seed: 3,
        run,
        ..
    })) = effects.last()
    else {
        panic!("{effects:?}");
    };
    assert_eq!(interventions.len(), 1);
    feed(&mut machine, vec![started(*run)]);
    let state = machine.state();
    assert!(state.traced && !state.keep_traces);
    assert_eq!(state.replay, None, "there is no file");
    feed(&mut machine, vec![command(RunCommand::Clear)]);
    assert!(!machine.state().keep_traces, "a setting outlives results");
}

#[test]
fn a_run_that_is_stopped_before_it_begins_leaves_the_page_as_it_was() {
    let mut machine = Machine::default();
    feed(&mut machine, vec![start(), command(RunCommand::Stop)]);
    assert_eq!(machine.state().status, Status::Idle);
    feed(&mut machine, vec![start(), started(2), finished(2)]);
    assert!(machine.state().exportable);
    let stop = || command(RunCommand::Stop);
    feed(&mut machine, vec![start(), start(), stop(), started(4)]);
    let state = machine.state();
    assert_eq!((state.status, state.run), (Status::Finished, 2));
    assert!(state.summary.is_some() && state.exportable);
    // The worker was reading when it was killed: its report is gone with it, the results are not.
    let hello = Input::Message(FromWorker::Hello { version: VERSION });
    feed(&mut machine, vec![Input::StopOverdue(4), hello]);
    let state = machine.state();
    assert!(state.summary.is_some() && !state.exportable);
    feed(&mut machine, vec![start(), started(5), start(), stop()]);
    assert_eq!(
        machine.state().status,
        Status::Stopped,
        "a run that went on"
    );
}
