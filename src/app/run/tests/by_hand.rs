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
