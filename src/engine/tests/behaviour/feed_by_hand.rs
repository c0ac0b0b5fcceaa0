//! A person's own requests to the feed: the same plant, the same code, and nobody else's draws.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use crate::feed_support::{at_once, changed, feed, op, pages, set, without};
use crate::support::id;
use archplay_engine::{Budget, Run};
use archplay_model::scenario::{Demand, FaultAction, FaultTarget, HandAsk, Mode, State};
use archplay_model::{Design, Scenario};
use archplay_report::{HandAnswer, HandOutcome, HandPost, Kept, Met, Reason, Report, Via};

const READ: HandAsk = HandAsk::Read { cursor: None };

fn until(run: &mut Run, secs: f64) {
    run.advance(Budget {
        until_ns: (secs * 1e9) as u64,
        max_events: u64::MAX,
    });
}

fn end(run: &mut Run) -> Report {
    until(run, 1e6);
    assert_eq!(run.check_conservation(), Ok(()));
    run.report()
}

/// Asks, and goes on just until the answer is there.
fn ask(run: &mut Run, user: u32, ask: HandAsk) -> HandAnswer {
    let place = run.ask_by_hand(user, ask);
    for _ in 0..10_000_000 {
        let budget = Budget {
            until_ns: u64::MAX,
            max_events: 1,
        };
        let done = run.advance(budget).done;
        let mut answers = run.take_answers().into_iter();
        if let Some(answer) = answers.find(|answer| answer.place == place) {
            assert!(answer.answered_ns >= answer.asked_ns);
            return answer;
        }
        assert!(!done, "no answer");
    }
    panic!("no answer");
}

fn page(answer: &HandAnswer) -> (&[HandPost], Option<u64>, u32) {
    match &answer.outcome {
        HandOutcome::Page {
            posts,
            next,
            missing,
        } => (posts, *next, *missing),
        other => panic!("{other:?}"),
    }
}

fn posted(answer: &HandAnswer) -> u64 {
    match answer.outcome {
        HandOutcome::Posted { post: Some(post) } => post,
        ref other => panic!("{other:?}"),
    }
}

fn begin(design: &Design, scenario: &Scenario) -> (Run, Met) {
    let mut run = Run::compile(design, scenario, 11).unwrap();
    until(&mut run, 5.0);
    let met = run.meet(None).unwrap();
    assert!(!met.friends.is_empty() && met.friends.len() <= 40);
    (run, met)
}

/// Fan-outs that take a while: a quarter of a second for fifty friends.
fn slow(mut scenario: Scenario) -> Scenario {
    for operation in &mut scenario.operations {
        if operation.id == id("fan") {
            operation.demand = Demand::FanOut { cpu_us: 5_000.0 };
        }
    }
    scenario
}

#[test]
fn a_post_pushed_comes_after_its_delivery_and_one_pulled_at_once() {
    for rule in ["push", "pull"] {
        let mut drawing = changed(&[]);
        set(&mut drawing, "fan", "feed_rule", rule);
        let (mut run, met) = begin(&drawing, &slow(feed(2_000, 50.0, 0.5, 30)));
        let (me, friend) = (met.me.user, met.friends[0].user);
        let post = posted(&ask(&mut run, friend, HandAsk::Post));
        let answer = ask(&mut run, me, READ);
        let (posts, _, missing) = page(&answer);
        let found = posts.iter().find(|p| p.id == post);
        if rule == "push" {
            assert_eq!((found, missing), (None, 1));
            // The author sees it at once, from the own posts.
            let own = ask(&mut run, friend, READ);
            let (posts, ..) = page(&own);
            assert_eq!((posts[0].id, posts[0].via), (post, Via::Pulled));
            until(&mut run, 12.0);
        }
        let answer = ask(&mut run, me, READ);
        let (posts, _, missing) = page(&answer);
        let found = posts.iter().find(|p| p.id == post).expect("delivered");
        assert_eq!(found.author, friend);
        assert!(found.at_ns > 5_000_000_000 && found.at_ns < answer.asked_ns);
        let via = if rule == "push" {
            Via::Pushed
        } else {
            Via::Pulled
        };
        assert_eq!((found.via, missing), (via, 0), "{rule}");
        end(&mut run);
    }
}

#[test]
fn pages_follow_one_another_by_what_came_with_them() {
    for by in ["cursor", "offset"] {
        let mut drawing = changed(&[]);
        set(&mut drawing, "web-1", "feed_pages", by);
        set(&mut drawing, "web-2", "feed_pages", by);
        let mut scenario = pages(feed(2_000, 50.0, 0.0, 30), 1.0);
        scenario.feed.as_mut().unwrap().posts_per_day = 2.0;
        let (mut run, met) = begin(&drawing, &scenario);
        let friends = run.meet(Some(met.me.user)).unwrap().friends;
        let known: BTreeSet<u32> = friends.iter().map(|friend| friend.user).collect();
        let mut seen: Vec<u64> = Vec::new();
        let mut cursor = None;
        for _ in 0..200 {
            let answer = ask(&mut run, met.me.user, HandAsk::Read { cursor });
            let (posts, next, missing) = page(&answer);
            assert_eq!(missing, 0, "{by}");
            assert!(!posts.is_empty());
            seen.extend(posts.iter().map(|post| post.id));
            let own = |author: u32| author == met.me.user || known.contains(&author);
            assert!(met.me.friends > 40 || posts.iter().all(|post| own(post.author)));
            assert!(posts.iter().all(|post| post.at_ns == 0), "from before");
            cursor = next;
            if cursor.is_none() {
                break;
            }
            assert_eq!(
                cursor,
                Some(match by {
                    "cursor" => *seen.last().unwrap(),
                    _ => seen.len() as u64,
                })
            );
        }
        assert_eq!(cursor, None, "the feed has an end");
        assert!(seen.len() > 20, "{}", seen.len());
        assert!(seen.is_sorted_by(|a, b| a > b), "{by}: none twice");
    }
}

#[test]
fn what_is_killed_fails_the_request_with_its_reason() {
    let (run, met) = begin(&changed(&[]), &feed(2_000, 50.0, 1.0, 60));
    let fate = |names: &[&str], wish: HandAsk| {
        let mut run = run.clone();
        for name in names {
            run.intervene(FaultAction::Kill, FaultTarget::Component(id(name)));
        }
        until(&mut run, 15.0);
        let answer = ask(&mut run, met.me.user, wish);
        let trace = answer.trace.clone().expect("it was sent");
        let report = end(&mut run);
        if let HandOutcome::Failed { reason } = answer.outcome {
            assert_eq!(trace.failed, Some(reason));
            let same = op(&report, trace.operation.as_str()).failed_for(reason);
            assert!(same > 1, "as everyone's");
        }
        (answer.outcome, trace.spans)
    };
    let failed = |reason| HandOutcome::Failed { reason };
    let (nobody, _) = fate(&["web-1", "web-2"], READ);
    assert_eq!(nobody, failed(Reason::BadGateway502));
    // The balancer's word; the spans say where it came from: no server has a connection.
    let (store, spans) = fate(&["db"], HandAsk::Post);
    assert_eq!(store, failed(Reason::BadGateway502));
    let last = spans.last().expect("a server");
    assert_eq!(last.failed, Some(Reason::ConnectionLost), "{spans:?}");
    // The circles are in a cache.
    assert!(matches!(
        fate(&["graph"], READ).0,
        HandOutcome::Page { missing: 0, .. }
    ));
}

#[test]
fn what_waits_for_a_worker_that_is_dead_is_missing() {
    let (mut run, met) = begin(&changed(&[]), &feed(2_000, 50.0, 0.0, 60));
    run.intervene(FaultAction::Kill, FaultTarget::Component(id("fan")));
    let friend = met.friends[0].user;
    let post = posted(&ask(&mut run, friend, HandAsk::Post));
    until(&mut run, 20.0);
    let answer = ask(&mut run, met.me.user, READ);
    let (posts, _, missing) = page(&answer);
    assert!(posts.iter().all(|p| p.id != post) && missing == 1);
    run.intervene(FaultAction::Restore, FaultTarget::Component(id("fan")));
    until(&mut run, 55.0);
    let answer = ask(&mut run, met.me.user, READ);
    let (posts, _, missing) = page(&answer);
    assert_eq!((posts[0].id, missing), (post, 0));
}

#[test]
fn a_drawing_without_a_part_answers_as_to_everyone() {
    // Without a cache for lists everything is gathered.
    let (mut run, met) = begin(&without("lists"), &feed(2_000, 50.0, 1.0, 20));
    let answer = ask(&mut run, met.me.user, READ);
    let (posts, _, missing) = page(&answer);
    assert!(missing == 0 && posts.iter().all(|post| post.via == Via::Pulled));
    // Nobody can be asked for posts: the client has no way.
    let mut scenario = feed(2_000, 50.0, 1.0, 20);
    scenario.journeys[1].steps.remove(0);
    let (mut run, met) = begin(&changed(&[]), &scenario);
    let answer = ask(&mut run, met.me.user, HandAsk::Post);
    let none = HandOutcome::Failed {
        reason: Reason::NoRoute,
    };
    assert_eq!((&answer.outcome, &answer.trace), (&none, &None));
    assert_eq!(ask(&mut run, 2_000, READ).outcome, none, "no such user");
    assert_eq!(run.meet(Some(2_000)), None);
    end(&mut run);
}

#[test]
fn a_request_is_counted_and_traced_like_any_other() {
    let scenario = feed(2_000, 100.0, 2.0, 20);
    let plain = end(&mut begin(&changed(&[]), &scenario).0);
    for traced in [false, true] {
        let mut run = Run::compile(&changed(&[]), &scenario, 11).unwrap();
        if traced {
            run.keep_traces();
        }
        until(&mut run, 5.0);
        let me = run.meet(None).unwrap().me.user;
        let answer = ask(&mut run, me, READ);
        let post = ask(&mut run, me, HandAsk::Post);
        let trace = answer.trace.unwrap();
        assert_eq!(trace.operation, id("get"));
        assert_eq!(trace.began_ns, answer.asked_ns);
        assert_eq!(trace.took_ns, answer.answered_ns - answer.asked_ns);
        let on_the_way: BTreeSet<&str> = trace
            .spans
            .iter()
            .map(|span| span.component.as_str())
            .collect();
        for name in ["balancer", "circles", "lists", "contents"] {
            assert!(on_the_way.contains(name), "{on_the_way:?}");
        }
        for span in &trace.spans {
            let parts = [
                span.network_ns,
                span.queue_ns,
                span.pool_ns,
                span.others_ns,
                span.service_ns,
            ];
            assert_eq!(parts.iter().sum::<u64>(), span.took_ns);
            assert!(!span.open && span.sent_ns + span.took_ns <= trace.took_ns + 1);
        }
        let trace = post.trace.unwrap();
        assert!(trace.spans.iter().any(|span| span.component == id("queue")));
        let report = end(&mut run);
        assert_eq!(report.traces.is_empty(), !traced);
        for (name, more) in [("get", 1), ("post", 1), ("fan", 1)] {
            let (with, without) = (op(&report, name), op(&plain, name));
            assert_eq!(with.offered, without.offered + more, "{name}");
        }
        let came = |report: &Report| -> u64 {
            let audiences = &report.whole.audiences;
            audiences.iter().map(|audience| audience.arrived).sum()
        };
        assert_eq!(came(&report), came(&plain) + 2);
        assert_eq!(report.requests.len(), 2);
    }
}

#[test]
fn reading_changes_nobody_elses_draws() {
    let scenario = feed(2_000, 100.0, 2.0, 20);
    let others = |by_hand: bool| {
        let mut run = Run::compile(&changed(&[]), &scenario, 3).unwrap();
        run.keep_traces();
        let me = run.meet(None).unwrap().me.user;
        for second in 1..19 {
            until(&mut run, f64::from(second));
            if by_hand {
                run.ask_by_hand(me, READ);
            }
        }
        let report = end(&mut run);
        let kept = report.traces.iter().filter(|t| t.kept != Kept::Failed);
        let lot: BTreeSet<(u64, String, String)> = kept
            .map(|t| (t.began_ns, t.operation.to_string(), t.visitor.clone()))
            .collect();
        let writes = |name| op(&report, name).offered;
        (lot, (writes("post"), writes("fan")), writes("get"))
    };
    let (plain, with) = (others(false), others(true));
    assert_eq!(plain.1, with.1);
    assert_eq!(plain.2 + 18, with.2);
    // A few of those drawn by lot gave way to the person's own.
    let gone = plain.0.difference(&with.0).count();
    let came = with.0.difference(&plain.0).count();
    assert!(
        gone <= 10 && came <= 10,
        "{gone} {came} of {}",
        plain.0.len()
    );
}

#[test]
fn what_was_asked_by_hand_is_replayed_to_the_byte() {
    let scenario = at_once(feed(2_000, 100.0, 2.0, 30));
    let (mut live, met) = begin(&changed(&[]), &scenario);
    let friend = met.friends[0].user;
    ask(&mut live, friend, HandAsk::Post);
    live.intervene(FaultAction::Kill, FaultTarget::Component(id("lists")));
    live.ask_by_hand(met.me.user, READ);
    live.ask_by_hand(met.me.user, READ);
    until(&mut live, 9.0);
    live.intervene(FaultAction::Restore, FaultTarget::Component(id("lists")));
    ask(&mut live, friend, HandAsk::Post);
    let last = ask(&mut live, met.me.user, READ);
    let report = end(&mut live);
    assert_eq!(report.requests.len(), 5);
    assert_eq!(report.interventions.len(), 2);
    for events in [u64::MAX, 7] {
        let mut again = Run::compile(&changed(&[]), &scenario, 11).unwrap();
        again.replay(report.interventions.clone());
        again.replay_requests(report.requests.clone());
        let mut answers = Vec::new();
        let budget = Budget {
            until_ns: u64::MAX,
            max_events: events,
        };
        while !again.advance(budget).done {
            answers.extend(again.take_answers());
        }
        answers.extend(again.take_answers());
        assert_eq!(again.report().to_json(), report.to_json());
        assert_eq!(answers.len(), 5);
        assert_eq!(answers.last(), Some(&last));
    }
    // What a person does in a repetition ends what was planned for later.
    let mut other = Run::compile(&changed(&[]), &scenario, 11).unwrap();
    other.replay(report.interventions.clone());
    other.replay_requests(report.requests.clone());
    until(&mut other, 7.0);
    other.ask_by_hand(met.me.user, READ);
    assert_eq!(other.requests().len(), 4);
    assert_eq!(other.interventions().len(), 1);
}

#[test]
fn with_time_left_out_moments_are_those_of_the_scenario() {
    let mut scenario = feed(2_000, 5.0, 0.1, 1_800);
    scenario.mode = Mode::Aggregate;
    let mut live = Run::compile(&changed(&[]), &scenario, 11).unwrap();
    until(&mut live, 1_200.0);
    let me = live.meet(None).unwrap().me.user;
    let post = ask(&mut live, me, HandAsk::Post);
    assert!(post.asked_ns > 1_100_000_000_000);
    assert!(post.answered_ns - post.asked_ns < 1_000_000_000);
    until(&mut live, 1_500.0);
    let read = ask(&mut live, me, READ);
    let (posts, ..) = page(&read);
    let own = posts.iter().find(|p| p.id == posted(&post)).expect("own");
    assert!(own.at_ns >= post.asked_ns && own.at_ns <= post.answered_ns);
    let report = end(&mut live);
    assert!(report.aggregation.as_ref().unwrap().sampled > 10);
    let mut again = Run::compile(&changed(&[]), &scenario, 11).unwrap();
    again.replay_requests(report.requests.clone());
    assert_eq!(end(&mut again).to_json(), report.to_json());
    assert_eq!(again.take_answers(), [post, read]);
}

#[test]
fn who_asks_by_hand_is_logged_in() {
    let mut scenario = feed(2_000, 50.0, 1.0, 20);
    let steps = &mut scenario.journeys[1].steps;
    steps.swap(0, 1);
    steps[0].gives = Some(State::Session);
    steps[1].needs = Some(State::Session);
    let (mut run, met) = begin(&changed(&[]), &scenario);
    posted(&ask(&mut run, met.me.user, HandAsk::Post));
    let report = end(&mut run);
    // Others meet the other server, which does not know them.
    assert!(op(&report, "post").failed_for(Reason::SessionLost) > 0);
}
