//! A person's own requests to the news feed of the run that goes on, or stands still.

use archplay_model::LinkKey;
use archplay_model::scenario::{Asked, HandAsk};
use archplay_protocol::{HandAnswer, HandRequest};
use archplay_report::{HandOutcome, Person, Reason};

use super::*;

const DESIGN: &str = include_str!("../../../tests/fixtures/feed/design.json");
const SCENARIO: &str = include_str!("../../../tests/fixtures/feed/scenario.json");
const READ: HandAsk = HandAsk::Read { cursor: None };

fn id(text: &str) -> Id {
    Id::new(text).unwrap_or_else(|error| panic!("{error}"))
}

fn by_hand(number: u32, user: u32, ask: HandAsk) -> ToWorker {
    ToWorker::ByHand(HandRequest { number, user, ask })
}

fn answers(out: &[FromWorker]) -> Vec<HandAnswer> {
    let told = out.iter().filter_map(|message| match message {
        FromWorker::Answered { run: 1, answer } => Some(answer.clone()),
        _ => None,
    });
    told.collect()
}

fn requests(out: &[FromWorker]) -> Vec<Asked> {
    let told = out.iter().rev().find_map(|message| match message {
        FromWorker::Intervened { requests, .. } => Some(requests.clone()),
        _ => None,
    });
    told.unwrap_or_default()
}

/// A run that stands still after a few seconds.
fn paused() -> (Session, Vec<FromWorker>) {
    let mut session = Session::default();
    let clock = clock();
    let mut out = told(&mut session, run(DESIGN, SCENARIO, Speed::Times(60.0)));
    for _ in 0..30 {
        session.tick(&clock, &mut out);
    }
    out.extend(told(&mut session, ToWorker::Pause));
    assert_eq!(session.next(), Next::Idle);
    (session, out)
}

fn met(session: &mut Session, user: Option<u32>) -> (Person, Vec<Person>, Vec<Person>) {
    let answer = told(session, ToWorker::Meet { user });
    let [
        FromWorker::Met {
            run: 1,
            me,
            friends,
            others,
        },
    ] = &answer[..]
    else {
        panic!("{answer:?}");
    };
    (*me, friends.clone(), others.clone())
}

/// Asks, and lets time that stands still go on as far as it does.
fn asked(session: &mut Session, message: ToWorker) -> (HandAnswer, Vec<FromWorker>) {
    let (out, _) = to_the_end(session, message);
    for message in &out {
        if let FromWorker::Frames { paused, .. } = message {
            assert!(paused, "time stands still for the page");
        }
    }
    let mut all = answers(&out);
    assert_eq!(all.len(), 1, "{out:?}");
    (all.remove(0), out)
}

#[test]
fn a_person_asks_while_time_stands_still_and_it_can_be_repeated() {
    let (mut session, mut all) = paused();
    let (me, friends, others) = met(&mut session, None);
    assert_eq!(others.len(), 4);
    assert!(others.iter().any(|other| other.views_per_day <= 0.0));
    assert_eq!(met(&mut session, Some(me.user)).0, me);
    assert_eq!(told(&mut session, ToWorker::Meet { user: Some(9_999) }), []);
    let friend = friends[0].user;
    let (answer, out) = asked(&mut session, by_hand(40, friend, HandAsk::Post));
    all.extend(out);
    let HandOutcome::Posted { post: Some(post) } = answer.outcome else {
        panic!("{answer:?}");
    };
    assert_eq!(answer.number, 40);
    let took = answer.answered_ns - answer.asked_ns;
    assert!(took < 1_000_000_000, "{took}");
    let trace = answer.trace().unwrap_or_else(|| panic!("{answer:?}"));
    assert_eq!((trace.took_ns, trace.began_ns), (took, answer.asked_ns));
    assert!(trace.spans.len() > 2);
    // Just as far as the answer needs.
    let now = |out: &[FromWorker]| {
        out.iter().rev().find_map(|message| match message {
            FromWorker::Frames { now_ns, .. } => Some(*now_ns),
            _ => None,
        })
    };
    assert_eq!(now(&all), Some(answer.answered_ns));
    let mut times = 0;
    loop {
        times += 1;
        let (answer, out) = asked(&mut session, by_hand(40 + times, me.user, READ));
        all.extend(out);
        let HandOutcome::Page { posts, missing, .. } = &answer.outcome else {
            panic!("{answer:?}");
        };
        assert_eq!(answer.number, 40 + times);
        if posts.iter().any(|p| p.id == post) {
            assert_eq!(*missing, 0);
            break;
        }
        assert!(*missing > 0 && times < 100, "on its way: {posts:?}");
    }
    all.extend(told(&mut session, ToWorker::SetSpeed(Speed::Full)));
    let (rest, _) = to_the_end(&mut session, ToWorker::Resume);
    all.extend(rest);
    let live: Vec<HandOutcome> = answers(&all).into_iter().map(|a| a.outcome).collect();
    let (_, sha256) = outcome(&all);
    let made = requests(&all);
    assert_eq!(made.len(), live.len());
    let replay = ToWorker::Replay {
        run: 1,
        design: DESIGN.into(),
        scenario: SCENARIO.into(),
        seed: 7,
        speed: Speed::Full,
        interventions: Vec::new(),
        requests: made.clone(),
        traces: false,
    };
    let (out, _) = to_the_end(&mut session, replay);
    assert_eq!((outcome(&out).1, requests(&out)), (sha256, made));
    let again = answers(&out);
    let numbers = again.iter().map(|answer| answer.number);
    assert!(numbers.eq(0..live.len() as u32));
    assert!(again.into_iter().map(|answer| answer.outcome).eq(live));
}

#[test]
fn who_gets_no_answer_waits_as_long_as_any_visitor() {
    let (mut session, _) = paused();
    let (me, ..) = met(&mut session, None);
    for name in ["web-1", "web-2"] {
        let way = LinkKey {
            from: id("balancer"),
            to: id(name),
        };
        let target = FaultTarget::Link(way);
        let action = FaultAction::Cut;
        told(&mut session, ToWorker::Intervene { action, target });
    }
    let (answer, _) = asked(&mut session, by_hand(7, me.user, READ));
    assert!(
        matches!(answer.outcome, HandOutcome::Failed { .. }),
        "{answer:?}"
    );
    assert!(answer.answered_ns - answer.asked_ns <= 10_000_000_000);
    assert_eq!(session.next(), Next::Idle);
}

#[test]
fn where_nobody_can_be_asked_it_is_said() {
    let mut session = Session::default();
    let meet = || ToWorker::Meet { user: None };
    assert_eq!(told(&mut session, meet()), []);
    assert_eq!(told(&mut session, by_hand(1, 1, READ)), []);
    told(
        &mut session,
        run(SHOP, Preset::Steady.json(), Speed::Times(1.0)),
    );
    assert_eq!(told(&mut session, meet()), [], "a shop has no feed");
    let no_way = HandOutcome::Failed {
        reason: Reason::NoRoute,
    };
    let out = told(&mut session, by_hand(3, 1, READ));
    let answer = &answers(&out)[0];
    assert_eq!((answer.number, &answer.outcome), (3, &no_way));
    assert_eq!(answer.trace(), None);
    // The end of the run is the end of waiting, and of what can be asked.
    let (mut session, _) = paused();
    told(&mut session, ToWorker::SetSpeed(Speed::Full));
    told(&mut session, ToWorker::Resume);
    let mut late = Vec::new();
    for number in 0..2_001 {
        late.extend(told(&mut session, by_hand(number, 5, HandAsk::Post)));
    }
    let refused = HandOutcome::Failed {
        reason: Reason::Refused,
    };
    let last = answers(&late).pop();
    let last = last.map(|answer| (answer.number, answer.outcome));
    assert_eq!(last, Some((2_000, refused)));
    let clock = clock();
    while session.next() == Next::Now {
        session.tick(&clock, &mut late);
    }
    assert_eq!(answers(&late).len(), 2_001);
}
