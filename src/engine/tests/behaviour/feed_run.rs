//! The news feed through the drawing: every strategy ends at the feed by definition, and what a design costs shows.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use archplay_model::check::check;
use archplay_model::scenario::{Fault, FaultAction, FaultTarget, Refresh};
use archplay_model::{ClockTime, Design, Scenario};
use archplay_report::{Measure, Metric, Report, Subject};

use crate::feed_support::{
    at_once, changed, errors, feed, ids, of, op, pages, set, totals, without,
};
use crate::support::{id, run};

/// A column of the series over some seconds, its mean.
fn mean(report: &Report, subject: Subject, metric: Metric, from: u32, to: u32) -> f64 {
    let column = report.series.find(&subject, metric).expect("a column");
    archplay_report::column_mean(&report.series, column, from, to).unwrap_or(0.0)
}

fn kill(mut scenario: Scenario, name: &str, at: u32, until: u32) -> Scenario {
    scenario.faults.push(Fault {
        at: ClockTime::from_secs(at),
        until: Some(ClockTime::from_secs(until)),
        action: FaultAction::Kill,
        target: FaultTarget::Component(id(name)),
    });
    scenario
}

#[test]
fn every_strategy_ends_at_the_feed_by_definition() {
    let mut lookups = Vec::new();
    for rule in ["push", "by_activity", "by_rates", "by_friends", "pull"] {
        let mut drawing = changed(&[]);
        set(&mut drawing, "fan", "feed_rule", rule);
        set(&mut drawing, "fan", "feed_most_friends", "60");
        set(&mut drawing, "fan", "feed_views_per_day", "5");
        set(&mut drawing, "fan", "feed_cost_ratio", "20");
        let report = run(&drawing, &feed(2_000, 200.0, 4.0, 60), 7);
        assert!(op(&report, "get").good > 11_000, "{rule}");
        assert_eq!(op(&report, "get").failed_total(), 0, "{rule}");
        assert!(errors(&report) < 0.5, "{rule} {:?}", totals(&report));
        assert!(of(&report, Measure::FeedJudged) > 2_000.0);
        assert!(of(&report, Measure::OwnMissing) < 0.5, "{rule}");
        assert!(of(&report, Measure::Undelivered) < 0.5, "{rule}");
        let writes = of(&report, Measure::FanOutWrites);
        assert_eq!(writes > 0.0, rule != "pull", "{rule} {writes}");
        lookups.push(of(&report, Measure::LookupsPerRead));
    }
    // The list and one's own posts; all friends' and one's own.
    assert!((lookups[0] - 2.0).abs() < 1e-9, "{lookups:?}");
    assert!(lookups[4] > 30.0, "{lookups:?}");
    assert!(lookups[1..4].iter().all(|n| *n > 2.0 && *n < lookups[4]));
}

/// Wide fan-outs with a slow list cache, so that each friend costs time.
fn wide() -> (Design, Scenario) {
    let drawing = changed(&[(
        "lists cache",
        "lists cache(memory_mib=1000; operation_us=200; holds=lists)",
    )]);
    let mut scenario = feed(4_000, 50.0, 2.0, 60);
    let feed = scenario.feed.as_mut().unwrap();
    (feed.mean_friends, feed.median_friends) = (190.0, 99.0);
    feed.max_friends = 2_000;
    (drawing, scenario)
}

#[test]
fn a_fan_out_in_the_post_makes_authors_wait_and_a_queue_does_not() {
    let (mut drawing, scenario) = wide();
    let queued = run(&drawing, &scenario, 3);
    // The rule then stands where the POST is worked on; both servers push by default.
    set(&mut drawing, "fan", "handles", "fan");
    let waits = run(&drawing, &at_once(scenario), 3);
    let (flat, grows) = (op(&queued, "post"), op(&waits, "post"));
    assert!(flat.latency_p99_ms < 45.0, "{flat:?}");
    assert!(
        grows.latency_p99_ms > flat.latency_p99_ms + 15.0,
        "{grows:?} {flat:?}"
    );
    // What the author no longer waits for is on its way instead.
    let (late, at_once) = (
        of(&queued, Measure::DeliveryP50),
        of(&waits, Measure::DeliveryP50),
    );
    assert!(late > at_once, "{late} {at_once}");
    assert!(errors(&queued) + errors(&waits) < 0.5);
}

#[test]
fn what_is_published_with_no_queue_in_the_drawing_is_fanned_out_at_once() {
    let (queued, scenario) = wide();
    let without_queue = |servers: &str| {
        changed(&[
            (
                "lists cache",
                "lists cache(memory_mib=1000; operation_us=200; holds=lists)",
            ),
            (
                "web-1 server",
                &format!("web-1 server(vcpu=8; workers=400; db_pool=40; handles={servers})"),
            ),
            (
                "web-2 server",
                &format!("web-2 server(vcpu=8; workers=400; db_pool=40; handles={servers})"),
            ),
            ("queue queue", ""),
            ("fan worker", "fan server(vcpu=8; workers=400; handles=fan)"),
            ("web-1 > queue", "web-1 > fan"),
            ("web-2 > queue", "web-2 > fan"),
            ("queue > fan", ""),
        ])
    };
    let queued = run(&queued, &scenario, 3);
    // By the same server, or by one that is asked.
    for servers in ["get next post fan", "get next post"] {
        let drawing = without_queue(servers);
        assert_eq!(check(&drawing, &scenario), [], "{servers}");
        let waits = run(&drawing, &scenario, 3);
        let (flat, grows) = (op(&queued, "post"), op(&waits, "post"));
        assert_eq!(grows.failed_total(), 0, "{servers}");
        assert!(
            grows.latency_p99_ms > flat.latency_p99_ms + 15.0,
            "{grows:?} {flat:?}"
        );
        let writes = |report: &Report| of(report, Measure::FanOutWrites);
        assert!(
            (writes(&waits) / writes(&queued) - 1.0).abs() < 0.02,
            "{servers}"
        );
        assert!(errors(&waits) < 0.5 && of(&waits, Measure::Undelivered) < 0.5);
    }
}

#[test]
fn too_few_workers_let_the_queue_grow_and_feeds_fall_behind() {
    let (few, enough) = (
        changed(&[("fan worker", "fan worker(vcpu=1; workers=1; handles=fan)")]),
        changed(&[]),
    );
    let mut scenario = feed(2_000, 100.0, 8.0, 60);
    for operation in &mut scenario.operations {
        if operation.id == id("fan") {
            operation.demand = archplay_model::scenario::Demand::FanOut { cpu_us: 5_000.0 };
        }
    }
    let many = changed(&[(
        "fan worker",
        "fan worker(vcpu=64; workers=200; handles=fan)",
    )]);
    let (slow, fast) = (run(&few, &scenario, 5), run(&many, &scenario, 5));
    let age = |report: &Report, from, to| {
        mean(
            report,
            Subject::Component(id("queue")),
            Metric::OldestAge,
            from,
            to,
        )
    };
    assert!(age(&slow, 50, 60) > age(&slow, 10, 20) + 10.0);
    assert!(age(&fast, 50, 60) < 3.0, "{}", age(&fast, 50, 60));
    assert!(of(&slow, Measure::StaleShare) > 0.2, "{:?}", totals(&slow));
    assert!(of(&slow, Measure::StalenessMax) > 15_000.0);
    assert!(of(&fast, Measure::StaleShare) < 0.1, "{:?}", totals(&fast));
    // Late is not lost, and one's own is there at once.
    for report in [&slow, &fast] {
        assert!(errors(report) < 0.5, "{:?}", totals(report));
        assert!(of(report, Measure::OwnMissing) < 0.5);
    }
    let calm = run(&enough, &feed(2_000, 100.0, 8.0, 60), 5);
    assert!(of(&calm, Measure::DeliveryP99) < 100.0);
}

#[test]
fn without_a_feed_cache_the_checker_says_so_and_fan_outs_fail() {
    let drawing = without("lists");
    let scenario = feed(2_000, 100.0, 4.0, 30);
    let problems = check(&drawing, &scenario);
    // Both servers read lists, and the worker writes them.
    assert_eq!(ids(&problems, "feed_without_lists"), 3, "{problems:?}");
    let report = run(&drawing, &scenario, 1);
    let fan = op(&report, "fan");
    assert_eq!(fan.good, 0);
    assert!(
        report
            .causes
            .iter()
            .any(|cause| cause.component == id("fan"))
    );
    // Reads gather instead, and have everything.
    assert!(of(&report, Measure::LookupsPerRead) > 30.0);
    assert_eq!(op(&report, "get").failed_total(), 0);
    assert!(of(&report, Measure::FeedMissing) < 0.5);
    // Who gathers on purpose needs no lists.
    let mut pulling = without("lists");
    set(&mut pulling, "fan", "feed_rule", "pull");
    assert_eq!(ids(&check(&pulling, &scenario), "feed_without_lists"), 0);
    // A missing graph is no way to go, as any store's.
    assert!(ids(&check(&without("db"), &scenario), "no_route") > 0);
    assert_eq!(check(&changed(&[]), &scenario), []);
}

#[test]
fn two_rules_in_one_drawing_are_refused() {
    let mut drawing = changed(&[(
        "fan worker",
        "fan worker(handles=fan; feed_rule=push)\nfan2 worker(handles=fan; feed_rule=pull)\nqueue > fan2\nfan2 > lists\nfan2 > circles\nfan2 > graph",
    )]);
    let scenario = feed(2_000, 10.0, 1.0, 10);
    assert_eq!(ids(&check(&drawing, &scenario), "feed_rules_differ"), 1);
    set(&mut drawing, "fan2", "feed_rule", "push");
    assert_eq!(ids(&check(&drawing, &scenario), "feed_rules_differ"), 0);
}

/// Two list caches side by side, each with half of the lists.
fn two_list_caches() -> Design {
    changed(&[
        (
            "lists cache",
            "lists cache(memory_mib=1000; holds=lists)\nlists2 cache(memory_mib=1000; holds=lists)",
        ),
        ("web-1 > lists", "web-1 > lists\nweb-1 > lists2"),
        ("web-2 > lists", "web-2 > lists\nweb-2 > lists2"),
        ("fan > lists", "fan > lists\nfan > lists2"),
    ])
}

#[test]
fn a_lost_shard_of_the_feed_cache_is_gathered_around_and_rebuilt() {
    let scenario = kill(feed(2_000, 300.0, 4.0, 90), "lists2", 30, 40);
    let report = run(&two_list_caches(), &scenario, 2);
    let calm = run(&two_list_caches(), &feed(2_000, 300.0, 4.0, 90), 2);
    assert!(of(&calm, Measure::ListsLost) < 0.5, "{:?}", totals(&calm));
    // About half of those who read had their list there.
    let lost = of(&report, Measure::ListsLost);
    assert!(lost > 400.0 && lost < 1_100.0, "{lost}");
    assert!(of(&report, Measure::ListsRebuilt) > 400.0);
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
    let looked = |from, to| mean(&report, Subject::System, Metric::LookupsPerRead, from, to);
    assert!((looked(10, 30) - 2.0).abs() < 1e-9);
    assert!(looked(32, 40) > 10.0, "{}", looked(32, 40));
    assert!(looked(80, 90) < 4.0, "{}", looked(80, 90));
    let hits = |from, to| {
        mean(
            &report,
            Subject::Component(id("lists2")),
            Metric::HitRatio,
            from,
            to,
        )
    };
    let (before, after, later) = (hits(10, 30), hits(41, 43), hits(80, 90));
    assert!(
        before > 0.999 && after < 0.8 && later > 0.9,
        "{before} {after} {later}"
    );
    assert_eq!(op(&report, "get").failed_total(), 0);
    // Without a way to make them anew, those lists are gathered for ever.
    let mut never = two_list_caches();
    for web in ["web-1", "web-2"] {
        set(&mut never, web, "feed_rebuild", "no");
    }
    let never = run(&never, &scenario, 2);
    let looked = mean(&never, Subject::System, Metric::LookupsPerRead, 80, 90);
    assert!(looked > 10.0, "{looked}");
    assert!(errors(&never) < 0.5);
}

#[test]
fn bodies_in_the_feed_cache_are_over_budget() {
    let scenario = feed(2_000, 200.0, 4.0, 30);
    let cache = |entries: &str| {
        let line = format!(
            "lists cache(memory_mib=30; feed_list_cap=200; feed_entries={entries}; holds=lists)"
        );
        changed(&[("lists cache", &line)])
    };
    let (ids, bodies) = (cache("ids"), cache("bodies"));
    let (ids, bodies) = (run(&ids, &scenario, 4), run(&bodies, &scenario, 4));
    let memory = |report: &Report| {
        mean(
            report,
            Subject::Component(id("lists")),
            Metric::Memory,
            10,
            30,
        )
    };
    // 2,000 lists of 200 entries: 8 MB of ids, 408 MB of posts.
    assert!(memory(&ids) < 0.4, "{}", memory(&ids));
    assert!(memory(&bodies) > 0.95, "{}", memory(&bodies));
    assert!(of(&ids, Measure::ListsLost) < 0.5);
    assert!(of(&bodies, Measure::ListsLost) > 500.0);
    assert!(of(&bodies, Measure::LookupsPerRead) > 5.0 * of(&ids, Measure::LookupsPerRead));
    let ratio = of(&bodies, Measure::ListMemory) / of(&ids, Measure::ListMemory);
    assert!(ratio > 1.5, "{ratio}");
    assert!(errors(&bodies) < 0.5);
}

#[test]
fn an_offset_shows_posts_twice_and_a_cursor_does_not() {
    let scenario = pages(feed(1_000, 100.0, 20.0, 60), 10.0);
    let by_cursor = run(&changed(&[]), &scenario, 6);
    let mut drawing = changed(&[]);
    for web in ["web-1", "web-2"] {
        set(&mut drawing, web, "feed_pages", "offset");
    }
    let by_offset = run(&drawing, &scenario, 6);
    assert!(op(&by_offset, "next").good > 3_000);
    assert!(errors(&by_cursor) < 0.5, "{:?}", totals(&by_cursor));
    assert!(of(&by_offset, Measure::FeedTwice) > 100.0);
    assert!(of(&by_offset, Measure::FeedMissing) < 0.5);
}

#[test]
fn what_is_pushed_to_people_who_never_read_is_wasted() {
    let scenario = feed(4_000, 100.0, 4.0, 60);
    let all = run(&changed(&[]), &scenario, 8);
    let mut drawing = changed(&[]);
    set(&mut drawing, "fan", "feed_rule", "by_activity");
    let some = run(&drawing, &scenario, 8);
    // 30 % are dormant, and friendships do not ask.
    let wasted = of(&all, Measure::WastedPushes);
    assert!((wasted - 0.3).abs() < 0.05, "{wasted}");
    assert!(of(&some, Measure::WastedPushes) < 1e-9);
    assert!(of(&some, Measure::FanOutWrites) < 0.8 * of(&all, Measure::FanOutWrites));
    assert!(of(&some, Measure::ListMemory) < of(&all, Measure::ListMemory));
}

#[test]
fn a_fan_out_that_fails_for_good_is_lost_not_late() {
    // One attempt a message, no dead letters, lists that cannot be written for ten seconds but are not lost.
    let drawing = changed(&[
        (
            "lists cache",
            "lists key_value(write_units=1000000; read_units=1000000; holds=lists)",
        ),
        (
            "queue queue",
            "queue queue(visibility_secs=2; max_receives=1)",
        ),
    ]);
    let scenario = kill(feed(2_000, 300.0, 6.0, 60), "lists", 20, 30);
    let report = run(&drawing, &scenario, 9);
    let lost = of(&report, Measure::Undelivered);
    assert!(lost > 30.0 && lost < 90.0, "{lost}");
    assert!(
        of(&report, Measure::FeedMissing) > 0.0,
        "{:?}",
        totals(&report)
    );
    let calm = run(&drawing, &feed(2_000, 300.0, 6.0, 60), 9);
    assert!(of(&calm, Measure::Undelivered) < 0.5);
    assert!(errors(&calm) < 0.5, "{:?}", totals(&calm));
}

#[test]
fn the_same_request_made_again_is_the_same_post() {
    // Authors give up while their answer is on its way, and try again.
    let mut drawing = changed(&[]);
    let mut scenario = at_once(feed(1_000, 20.0, 5.0, 40));
    scenario.audiences[1].timeout_secs = 0.024;
    scenario.audiences[1].refresh = Refresh {
        probability: 1.0,
        max: 2,
        delay_secs: 0.1,
        ..Refresh::default()
    };
    set(&mut drawing, "fan", "handles", "fan");
    let report = run(&drawing, &scenario, 3);
    assert!(op(&report, "post").failed_total() > 50);
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
}

/// A feed cache of four shards, one of which is dead for ten seconds.
fn shard_lost(rebuild: &str) -> (Design, Scenario) {
    let mut drawing = changed(&[(
        "lists cache",
        "lists cache(memory_mib=1000; shards=4; holds=lists)",
    )]);
    for web in ["web-1", "web-2"] {
        set(&mut drawing, web, "feed_rebuild", rebuild);
    }
    let mut scenario = kill(feed(2_000, 300.0, 4.0, 90), "lists", 30, 40);
    scenario.faults[0].action = FaultAction::KillShard { shard: 2 };
    (drawing, scenario)
}

#[test]
fn one_shard_of_a_cache_is_lost_alone_and_comes_back_empty() {
    let (drawing, scenario) = shard_lost("yes");
    assert_eq!(check(&drawing, &scenario), []);
    let report = run(&drawing, &scenario, 2);
    let looked =
        |report: &Report, from, to| mean(report, Subject::System, Metric::LookupsPerRead, from, to);
    // Whose lists are elsewhere notice nothing: a quarter gathers.
    let (before, during) = (looked(&report, 10, 30), looked(&report, 32, 40));
    assert!((before - 2.0).abs() < 1e-9, "{before}");
    assert!(during > 6.0 && during < 25.0, "{during}");
    assert!(looked(&report, 80, 90) < 3.0, "{}", looked(&report, 80, 90));
    let get = op(&report, "get");
    assert!(
        (get.failed_total() as f64) < 0.01 * get.good as f64,
        "{get:?}"
    );
    assert!(errors(&report) < 0.5, "{:?}", totals(&report));
    // About a quarter of the lists of those who read.
    let lost = of(&report, Measure::ListsLost);
    assert!(lost > 200.0 && lost < 550.0, "{lost}");
    assert!(of(&report, Measure::ListsRebuilt) > 200.0);
    let whole = run(
        &drawing,
        &kill(feed(2_000, 300.0, 4.0, 90), "lists", 30, 40),
        2,
    );
    assert!(looked(&whole, 32, 40) > 3.0 * during);
    // Nobody makes them anew: gathered for ever.
    let (drawing, scenario) = shard_lost("no");
    let never = run(&drawing, &scenario, 2);
    assert!(looked(&never, 80, 90) > 6.0, "{}", looked(&never, 80, 90));
    assert!(errors(&never) < 0.5);
    // What the cache does not have is not hit, nor another kind.
    let (drawing, mut scenario) = shard_lost("yes");
    scenario.faults[0].action = FaultAction::KillShard { shard: 5 };
    let calm = run(&drawing, &scenario, 2);
    assert!(of(&calm, Measure::ListsLost) < 0.5);
    scenario.faults[0].action = FaultAction::KillShard { shard: 1 };
    scenario.faults[0].target = FaultTarget::Component(id("db"));
    let other = run(&drawing, &scenario, 2);
    let calm = run(&drawing, &feed(2_000, 300.0, 4.0, 90), 2);
    assert_eq!(format!("{:?}", other.whole), format!("{:?}", calm.whole));
}

#[test]
fn a_lost_list_that_is_taken_for_an_empty_one_misses_what_was_in_it() {
    let scenario = kill(feed(2_000, 300.0, 4.0, 90), "lists2", 30, 40);
    let mut drawing = two_list_caches();
    for web in ["web-1", "web-2"] {
        set(&mut drawing, web, "feed_rebuild", "empty");
    }
    assert_eq!(check(&drawing, &scenario), []);
    let report = run(&drawing, &scenario, 2);
    let calm = run(&drawing, &feed(2_000, 300.0, 4.0, 90), 2);
    // As long as nothing is lost nobody notices.
    assert!(errors(&calm) < 0.5, "{:?}", totals(&calm));
    let wrong = |from, to| mean(&report, Subject::System, Metric::FeedErrors, from, to);
    assert!(wrong(0, 30) < 1e-9);
    assert!(wrong(32, 40) > 1.0 && wrong(60, 90) > 1.0);
    assert!(
        of(&report, Measure::FeedMissing) > 1_000.0,
        "{:?}",
        totals(&report)
    );
    // One's own posts are looked up apart, and what is pushed from then on is there.
    assert!(of(&report, Measure::OwnMissing) < 0.5);
    assert!(of(&report, Measure::FeedGhosts) + of(&report, Measure::FeedTwice) < 0.5);
    // It is never slow.
    let looked = mean(&report, Subject::System, Metric::LookupsPerRead, 41, 90);
    assert!(looked < 2.01, "{looked}");
    assert!(of(&report, Measure::ListsRebuilt) < 0.5);
    assert_eq!(op(&report, "get").failed_total(), 0);
}
