//! Accounts with followers: fan-outs far beyond the greatest number of friends, what stands behind them, and what
//! helps.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::check::check;
use archplay_model::scenario::{Celebrity, Demand, HandAsk};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{HandOutcome, Measure, Met, Report};

use crate::feed_support::{changed, errors, feed, of, op, set, totals};
use crate::support::run;

/// A service whose visitors are `users`, of whom `sampled` are; one account that so many follow posts at these
/// seconds.
fn famous(sampled: u32, users: u32, followers: f64, at: &[u32], secs: u32) -> Scenario {
    let mut scenario = feed(sampled, 100.0, 5.0, secs);
    for dataset in &mut scenario.datasets {
        dataset.rows = 10 * u64::from(users);
    }
    let feed = scenario.feed.as_mut().unwrap();
    feed.visitors_per_day = Some(f64::from(users) * 0.7);
    feed.celebrities = vec![Celebrity {
        followers,
        posts_per_day: 0.0,
        at: at.iter().map(|secs| ClockTime::from_secs(*secs)).collect(),
    }];
    scenario
}

fn plain(mut scenario: Scenario) -> Scenario {
    scenario.feed.as_mut().unwrap().celebrities = Vec::new();
    scenario
}

#[test]
fn every_strategy_brings_the_posts_of_a_celebrity_to_its_followers() {
    for rule in ["push", "by_activity", "by_rates", "by_friends", "pull"] {
        let mut drawing = changed(&[]);
        set(&mut drawing, "fan", "feed_rule", rule);
        set(&mut drawing, "fan", "feed_batch", "100");
        let scenario = famous(2_000, 2_000, 1_500.0, &[10, 20], 60);
        assert_eq!(check(&drawing, &scenario), []);
        let report = run(&drawing, &scenario, 7);
        assert_eq!(op(&report, "get").failed_total(), 0, "{rule}");
        assert!(errors(&report) < 0.5, "{rule} {:?}", totals(&report));
        assert!(of(&report, Measure::OwnMissing) < 0.5, "{rule}");
        assert!(of(&report, Measure::Undelivered) < 0.5, "{rule}");
    }
}

#[test]
fn a_push_is_as_wide_as_the_whole_has_followers_however_few_are_sampled() {
    let mut drawing = changed(&[]);
    set(&mut drawing, "fan", "feed_batch", "50");
    let extra = |drawing: &Design, sampled: u32| {
        let with = famous(sampled, 8_000, 6_000.0, &[10, 20, 30], 60);
        let without = run(drawing, &plain(with.clone()), 3);
        let with = run(drawing, &with, 3);
        assert!(errors(&with) < 0.5, "{:?}", totals(&with));
        let writes = |report: &Report| of(report, Measure::FanOutWrites);
        // Three posts would have been others'.
        (writes(&with) - writes(&without) + 3.0 * 40.0) / 3.0
    };
    for sampled in [8_000, 1_000] {
        let writes = extra(&drawing, sampled);
        assert!((writes / 6_000.0 - 1.0).abs() < 0.15, "{sampled} {writes}");
    }
    // With a threshold it is left to those who read.
    set(&mut drawing, "fan", "feed_rule", "by_friends");
    let writes = extra(&drawing, 1_000);
    assert!(writes.abs() < 600.0, "{writes}");
}

/// Fan-outs cost much time for each reader; with a link the worker divides those to followers into messages.
fn slow(links: &str) -> (Design, Scenario) {
    let line = format!("fan > graph\n{links}");
    let mut drawing = changed(&[
        ("fan worker", "fan worker(vcpu=4; workers=8; handles=fan)"),
        ("fan > graph", &line),
        ("queue queue", "queue queue(visibility_secs=300)"),
    ]);
    set(&mut drawing, "fan", "feed_batch", "100");
    let mut scenario = famous(1_000, 20_000, 16_000.0, &[20], 120);
    for operation in &mut scenario.operations {
        if operation.id.as_str() == "fan" {
            operation.demand = Demand::FanOut { cpu_us: 5_000.0 };
        }
    }
    scenario.audiences[1].rate[0].per_sec = 8.0;
    (drawing, scenario)
}

#[test]
fn a_celebrity_holds_up_everybody_behind_it_in_the_queue() {
    let late = |report: &Report| of(report, Measure::FriendsDeliveryP95);
    let (drawing, scenario) = slow("fan > queue");
    assert_eq!(check(&drawing, &scenario), []);
    let calm = run(&drawing, &plain(scenario.clone()), 4);
    let calm = of(&calm, Measure::DeliveryP95);
    // 16,000 × 5 ms on four cores: 20 s of work stand before everybody's posts.
    let blocked = run(&drawing, &scenario, 4);
    assert!(late(&blocked) > calm + 8_000.0, "{} {calm}", late(&blocked));
    assert!(errors(&blocked) < 0.5, "{:?}", totals(&blocked));
    assert!(of(&blocked, Measure::Undelivered) < 0.5);
    // A queue with a worker of its own for what is divided.
    let (own, _) = slow(
        "long queue(visibility_secs=300)\nheavy worker(vcpu=4; workers=8; handles=fan; feed_batch=100)\nfan > long\nlong > heavy\nheavy > lists\nheavy > circles\nheavy > graph",
    );
    assert_eq!(check(&own, &scenario), []);
    let own = run(&own, &scenario, 4);
    assert!(late(&own) < calm + 1_500.0, "{} {calm}", late(&own));
    assert!(errors(&own) < 0.5);
    let all = |report: &Report| of(report, Measure::FanOutWrites);
    assert!((all(&own) / all(&blocked) - 1.0).abs() < 0.05);
    // Or nothing to push: the readers look.
    let (mut pulled, scenario) = slow("fan > queue");
    set(&mut pulled, "fan", "feed_rule", "by_friends");
    set(&mut pulled, "fan", "feed_most_friends", "5000");
    let pulled = run(&pulled, &scenario, 4);
    assert!(late(&pulled) < calm + 1_500.0, "{} {calm}", late(&pulled));
    assert!(of(&pulled, Measure::LookupsPerRead) > 2.5);
}

#[test]
fn so_many_posts_are_a_celebritys_as_it_makes() {
    let mut scenario = famous(2_000, 2_000, 1_000.0, &[], 100);
    let feed = scenario.feed.as_mut().unwrap();
    // 1,400 others make 0.2 each.
    feed.celebrities[0].posts_per_day = 280.0;
    let report = run(&changed(&[]), &scenario, 3);
    let posts = of(&report, Measure::FeedPosts);
    let writes = of(&report, Measure::FanOutWrites);
    let each = writes / posts;
    assert!(each > 400.0 && each < 620.0, "{each}");
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
}

#[test]
fn a_person_may_post_as_a_celebrity_and_read_it_as_a_follower() {
    let scenario = famous(2_000, 8_000, 6_000.0, &[], 60);
    let mut run = Run::compile(&changed(&[]), &scenario, 3).unwrap();
    let until = |secs: u64| Budget {
        until_ns: secs * 1_000_000_000,
        max_events: u64::MAX,
    };
    run.advance(until(5));
    let star = 2_000;
    let met = run.meet(Some(star)).unwrap();
    assert_eq!(met.me.friends, 6_000);
    assert!(met.others.iter().all(|other| other.user < star));
    // Three of four follow it.
    let others = met.others.iter();
    let mut others = others.filter_map(|other| run.meet(Some(other.user)));
    let follows = |met: &Met| met.friends.iter().any(|friend| friend.user == star);
    let reader = others.find(follows).unwrap().me.user;
    run.ask_by_hand(star, HandAsk::Post);
    let mut other = run.clone();
    run.advance(until(40));
    let Some(HandOutcome::Posted { post: Some(post) }) =
        run.take_answers().pop().map(|answer| answer.outcome)
    else {
        panic!("not posted");
    };
    run.ask_by_hand(reader, HandAsk::Read { cursor: None });
    run.advance(until(60));
    assert_eq!(run.check_conservation(), Ok(()));
    let read = run.take_answers().pop().unwrap().outcome;
    let HandOutcome::Page { posts, .. } = &read else {
        panic!("{read:?}");
    };
    assert_eq!((posts[0].id, posts[0].author), (post, star));
    other.advance(until(40));
    other.ask_by_hand(reader, HandAsk::Read { cursor: None });
    other.advance(until(60));
    assert_eq!(other.report().to_json(), run.report().to_json());
}

#[test]
fn a_celebrity_posts_at_its_time_every_day() {
    const DAY: u32 = 86_400;
    let writes = |at: &[u32]| {
        let mut scenario = famous(2_000, 2_000, 1_500.0, at, DAY + 3_600);
        scenario.start = ClockTime::from_secs(DAY - 1_800);
        for audience in &mut scenario.audiences {
            for point in &mut audience.rate {
                point.at = scenario.start;
                point.per_sec *= 0.002;
            }
        }
        of(&run(&changed(&[]), &scenario, 7), Measure::FanOutWrites)
    };
    // Instead of somebody with about 190 friends, 1,500 followers: past at the start, so of the next day, and twice.
    let none = writes(&[]);
    let more = |at: u32| (writes(&[at]) - none) / 1_310.0;
    let (once, twice) = (more(DAY - 7_200), more(DAY - 900));
    assert!((once - 1.0).abs() < 0.25, "{once}");
    assert!((twice - 2.0).abs() < 0.5, "{twice}");
}
