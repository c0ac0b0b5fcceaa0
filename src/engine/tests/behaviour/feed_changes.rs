//! Friendships, blocks and posts that change while a news feed runs: nothing stays on a page that should not, and
//! nothing is missing that should be there.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_model::{Design, Scenario};
use archplay_report::{Measure, Report};

use crate::feed_support::{changed, errors, feed, of, op, pages, set, totals};
use crate::support::{self, run};

/// Everybody's friends and posts change much: with 1,400 who read, so many a day are about one a second for every
/// 60.
fn restless(mut scenario: Scenario, per_day: f64) -> Scenario {
    let feed = scenario.feed.as_mut().unwrap();
    feed.befriends_per_day = per_day;
    feed.unfriends_per_day = per_day;
    feed.blocks_per_day = per_day;
    feed.unblocks_per_day = per_day;
    feed.deletes_per_day = per_day;
    scenario
}

fn drawing(rule: &str) -> Design {
    let mut drawing = changed(&[]);
    set(&mut drawing, "fan", "feed_rule", rule);
    set(&mut drawing, "fan", "feed_most_friends", "40");
    set(&mut drawing, "fan", "feed_views_per_day", "5");
    set(&mut drawing, "fan", "feed_cost_ratio", "20");
    drawing
}

#[test]
fn under_every_strategy_pages_stay_right_while_friends_and_posts_change() {
    for rule in ["push", "by_activity", "by_rates", "by_friends", "pull"] {
        let report = run(
            &drawing(rule),
            &restless(feed(2_000, 200.0, 6.0, 60), 300.0),
            7,
        );
        // 1,400 readers, 300 of each a day: five a second.
        let changes = |measure| of(&report, measure);
        assert!(
            changes(Measure::FriendChanges) > 400.0,
            "{:?}",
            totals(&report)
        );
        assert!(
            changes(Measure::BlockChanges) > 300.0,
            "{:?}",
            totals(&report)
        );
        assert!(
            changes(Measure::PostsDeleted) > 200.0,
            "{:?}",
            totals(&report)
        );
        assert!(of(&report, Measure::FeedJudged) > 2_000.0);
        assert!(errors(&report) < 0.5, "{rule} {:?}", totals(&report));
        assert!(of(&report, Measure::OwnMissing) < 0.5, "{rule}");
        assert_eq!(op(&report, "get").failed_total(), 0, "{rule}");
    }
}

#[test]
fn a_page_that_takes_long_shows_what_has_changed_meanwhile_and_that_is_staleness() {
    // Half a second between the row of friendships and the posts.
    let slow = changed(&[(
        "lists cache",
        "lists cache(memory_mib=1000; latency_ms=500; holds=lists)",
    )]);
    let scenario = restless(feed(1_000, 200.0, 6.0, 60), 3_000.0);
    let (slow, fast) = (run(&slow, &scenario, 5), run(&changed(&[]), &scenario, 5));
    let outdated = |report: &Report| of(report, Measure::FeedOutdated);
    assert!(outdated(&slow) > 10.0, "{:?}", totals(&slow));
    assert!(
        outdated(&fast) < outdated(&slow) / 5.0,
        "{:?}",
        totals(&fast)
    );
    assert!(of(&slow, Measure::StaleShare) > of(&fast, Measure::StaleShare));
    for report in [&slow, &fast] {
        assert!(errors(report) < 0.5, "{:?}", totals(report));
    }
}

#[test]
fn what_has_changed_is_fetched_anew() {
    let calm = run(&drawing("push"), &feed(2_000, 200.0, 6.0, 60), 3);
    let scenario = restless(feed(2_000, 200.0, 6.0, 60), 1_000.0);
    let busy = run(&drawing("push"), &scenario, 3);
    let hits = |report: &Report, name: &str| {
        let all = &report.components;
        let found = all.iter().find(|c| c.id == support::id(name)).unwrap();
        let measure = found.measures.iter().find(|m| m.0 == Measure::HitRatio);
        measure.expect("a hit ratio").1
    };
    // Two rows of friendships are forgotten with each change.
    assert!(hits(&calm, "circles") > 0.999, "{}", hits(&calm, "circles"));
    assert!(hits(&busy, "circles") < 0.95, "{}", hits(&busy, "circles"));
    // Who meets whom, and when, is what it was.
    assert_eq!(op(&calm, "get").offered, op(&busy, "get").offered);
}

/// What is deleted shifts pages that are counted off from the newest; a cursor stays where it is.
#[test]
fn deletions_leave_gaps_between_pages_that_are_counted_off() {
    let mut scenario = pages(feed(1_000, 100.0, 2.0, 60), 10.0);
    scenario.feed.as_mut().unwrap().deletes_per_day = 2_000.0;
    let by_cursor = run(&changed(&[]), &scenario, 6);
    let mut drawing = changed(&[]);
    for web in ["web-1", "web-2"] {
        set(&mut drawing, web, "feed_pages", "offset");
    }
    let by_offset = run(&drawing, &scenario, 6);
    assert!(op(&by_offset, "next").good > 3_000);
    assert!(errors(&by_cursor) < 0.5, "{:?}", totals(&by_cursor));
    assert!(
        of(&by_offset, Measure::FeedMissing) > 100.0,
        "{:?}",
        totals(&by_offset)
    );
}

#[test]
fn nothing_changes_unless_the_scenario_says_so() {
    let scenario = feed(500, 50.0, 2.0, 20);
    let report = run(&changed(&[]), &scenario, 1);
    assert_eq!(totals(&report).measure(Measure::PostsDeleted), None);
    let text = serde_json::to_string(scenario.feed.as_ref().unwrap()).unwrap();
    assert!(!text.contains("deletes"), "{text}");
}

/// Caches of friendships and posts with a time to live, and what they do with rows that have changed.
fn keeping(on_change: &str, ttl_secs: &str) -> Design {
    let mut drawing = changed(&[]);
    for cache in ["contents", "circles"] {
        set(&mut drawing, cache, "feed_on_change", on_change);
        set(&mut drawing, cache, "ttl_secs", ttl_secs);
    }
    drawing
}

#[test]
fn caches_that_keep_what_has_changed_show_it_until_it_expires() {
    let scenario = restless(feed(1_000, 200.0, 6.0, 90), 300.0);
    let ghosts = |on_change: &str, ttl_secs: &str| {
        let report = run(&keeping(on_change, ttl_secs), &scenario, 4);
        // Nothing is lost by it: who is new is late.
        assert!(
            of(&report, Measure::FeedMissing) < 0.5,
            "{:?}",
            totals(&report)
        );
        assert_eq!(op(&report, "get").failed_total(), 0);
        of(&report, Measure::FeedGhosts)
    };
    let (at_once, soon, late, never) = (
        ghosts("forget", "60"),
        ghosts("keep", "3"),
        ghosts("keep", "30"),
        ghosts("keep", "0"),
    );
    assert!(at_once < 0.5, "{at_once}");
    assert!(soon > 20.0, "{soon}");
    assert!(late > 2.0 * soon, "{soon} {late}");
    assert!(never > late, "{late} {never}");
}

/// Each of the two kinds of ghosts comes of the cache that has its rows.
#[test]
fn deleted_posts_and_blocked_friends_stay_in_different_caches() {
    let of_one = |cache: &str, deletes: f64, blocks: f64| {
        let mut scenario = feed(1_000, 200.0, 6.0, 60);
        let given = scenario.feed.as_mut().unwrap();
        (given.deletes_per_day, given.blocks_per_day) = (deletes, blocks);
        let mut drawing = changed(&[]);
        set(&mut drawing, cache, "feed_on_change", "keep");
        of(&run(&drawing, &scenario, 4), Measure::FeedGhosts)
    };
    assert!(of_one("contents", 300.0, 0.0) > 20.0);
    assert!(of_one("circles", 0.0, 300.0) > 20.0);
    assert!(of_one("contents", 0.0, 300.0) < 0.5);
    assert!(of_one("circles", 300.0, 0.0) < 0.5);
}

/// Requests of copies read what the sample has, and change nothing; accounts with followers are blocked, too.
#[test]
fn a_sample_of_the_whole_stays_right_too() {
    let mut scenario = restless(pages(feed(2_000, 200.0, 6.0, 60), 5.0), 300.0);
    let given = scenario.feed.as_mut().unwrap();
    given.visitors_per_day = Some(30_000.0);
    given.celebrities.push(archplay_model::scenario::Celebrity {
        followers: 4_000.0,
        posts_per_day: 500.0,
        at: Vec::new(),
    });
    for rule in ["push", "by_friends"] {
        let report = run(&drawing(rule), &scenario, 8);
        assert!(totals(&report).factor > 15.0);
        assert!(of(&report, Measure::BlockChanges) > 300.0);
        assert!(of(&report, Measure::FeedJudged) > 2_000.0);
        assert!(errors(&report) < 0.5, "{rule} {:?}", totals(&report));
    }
}
