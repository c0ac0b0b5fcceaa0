//! A person's own requests to the feed of a run: out to the worker, back with their answers, gone with the run.

use archplay_protocol::{HandAnswer, HandRequest};
use archplay_report::{HandOutcome, Kept, Person, Trace};

use super::*;

fn ask(user: u32) -> Input {
    Input::Command(RunCommand::Ask {
        user,
        ask: HandAsk::Post,
        text: Some("안녕".into()),
    })
}

fn answered(run: u32, number: u32) -> Input {
    let trace = Trace {
        kept: Kept::Sampled,
        operation: id("post"),
        visitor: String::new(),
        began_ns: 0,
        took_ns: 5,
        failed: None,
        spans: Vec::new(),
    };
    let answer = archplay_report::HandAnswer {
        place: number,
        asked_ns: 1,
        answered_ns: 6,
        outcome: HandOutcome::Posted { post: Some(40) },
        trace: Some(trace),
    };
    Input::Message(FromWorker::Answered {
        run,
        answer: HandAnswer::pack(number, &answer),
    })
}

#[test]
fn requests_go_out_and_answers_come_back_while_a_run_goes_on() {
    let mut machine = Machine::default();
    let meet = || Input::Command(RunCommand::Meet(None));
    assert_eq!(feed(&mut machine, vec![meet(), ask(3)]), [], "nothing runs");
    assert!(machine.state().hand.turns.is_empty());

    feed(&mut machine, vec![start(), started(1)]);
    let effects = feed(&mut machine, vec![meet(), ask(3)]);
    let request = HandRequest {
        number: 0,
        user: 3,
        ask: HandAsk::Post,
    };
    assert_eq!(
        effects,
        [
            Effect::Send(ToWorker::Meet { user: None }),
            Effect::Send(ToWorker::ByHand(request)),
        ]
    );
    let me = Person {
        user: 3,
        friends: 9,
        views_per_day: 1.0,
        posts_per_day: 1.0,
    };
    let met = Input::Message(FromWorker::Met {
        run: 1,
        me,
        friends: vec![me],
        others: Vec::new(),
    });
    feed(&mut machine, vec![met, answered(9, 0)]);
    let hand = &machine.state().hand;
    assert_eq!(hand.met.as_ref().map(|met| met.me.user), Some(3));
    assert!(hand.waits(), "the answer was another run's");
    feed(&mut machine, vec![answered(1, 0)]);
    let hand = &machine.state().hand;
    assert!(!hand.waits() && hand.shown().is_some());
    feed(
        &mut machine,
        vec![Input::Command(RunCommand::ShowTurn(None))],
    );
    assert!(machine.state().hand.shown().is_none());

    feed(&mut machine, vec![start(), started(2)]);
    assert!(machine.state().hand.turns.is_empty(), "another run");
}

#[test]
fn texts_go_into_the_runs_file_and_come_back_with_its_repetition() {
    let mut machine = Machine::default();
    let post = Asked {
        at_ns: 1,
        user: 3,
        ask: HandAsk::Post,
    };
    let recorded = |run| {
        Input::Message(FromWorker::Intervened {
            run,
            interventions: Vec::new(),
            requests: vec![post],
        })
    };
    feed(&mut machine, vec![start(), started(1), ask(3)]);
    feed(&mut machine, vec![recorded(1), answered(1, 0), finished(1)]);
    let effects = feed(&mut machine, vec![Input::Command(RunCommand::ExportRun)]);
    let Some(Effect::Save { json, .. }) = effects.first() else {
        panic!("{effects:?}");
    };
    assert!(json.contains("안녕"), "{json}");
    // The fingerprints of a run that was not are none.
    let none = "0".repeat(64);
    let json = json
        .replace("\"ab\"", &format!("\"{none}\""))
        .replace("sha256\": \"\"", &format!("sha256\": \"{none}\""));
    let doc = read_run(&json).unwrap_or_else(|e| panic!("{e}"));

    let said = |machine: &Machine| {
        let shown = machine.state().hand.shown();
        shown.and_then(|(turn, _)| turn.text.clone())
    };
    let replay = Input::Command(RunCommand::Replay {
        design: design(),
        scenario: Preset::Steady.json().into(),
        doc: Rc::new(doc),
        speed: Speed::Full,
    });
    feed(&mut machine, vec![replay, started(2), recorded(2)]);
    assert_eq!(said(&machine), None);
    feed(&mut machine, vec![answered(2, 0), finished(2)]);
    assert_eq!(said(&machine).as_deref(), Some("안녕"));

    // Once more, for its traces.
    let again = Input::Command(RunCommand::TraceAgain);
    feed(
        &mut machine,
        vec![again, started(3), recorded(3), answered(3, 0)],
    );
    assert_eq!(said(&machine).as_deref(), Some("안녕"));
}

#[test]
fn a_run_that_is_to_stand_still_is_being_prepared_until_it_has_begun() {
    let mut machine = Machine::default();
    feed(
        &mut machine,
        vec![start(), Input::Command(RunCommand::Pause)],
    );
    assert_eq!(machine.state().status, Status::Paused);
    assert!(machine.state().preparing);
    // Compiling a large drawing may take longer than a worker may be silent otherwise.
    feed(&mut machine, vec![Input::Second; 20]);
    assert!(machine.state().preparing && machine.state().trouble.is_none());
    feed(&mut machine, vec![started(1)]);
    assert_eq!(machine.state().status, Status::Paused);
    assert!(!machine.state().preparing);

    let pause = || Input::Command(RunCommand::Pause);
    let stop = Input::Command(RunCommand::Stop);
    feed(&mut machine, vec![start(), pause(), stop]);
    assert!(!machine.state().preparing);
    assert_eq!(machine.state().status, Status::Stopped);
}
