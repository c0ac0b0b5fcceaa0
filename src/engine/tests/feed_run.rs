//! The news feed through the drawing: every strategy ends at the feed by definition, and what a design costs shows.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod feed_support;
mod support;

use archplay_report::Measure;
use feed_support::{changed, errors, feed, of, op, totals};
use support::run;

#[test]
fn every_strategy_ends_at_the_feed_by_definition() {
    for rule in ["push", "pull", "by_friends", "by_activity", "by_rates"] {
        let mut drawing = changed(&[]);
        feed_support::set(&mut drawing, "fan", "feed_rule", rule);
        feed_support::set(&mut drawing, "fan", "feed_most_friends", "60");
        feed_support::set(&mut drawing, "fan", "feed_views_per_day", "5");
        feed_support::set(&mut drawing, "fan", "feed_cost_ratio", "20");
        let report = run(&drawing, &feed(2_000, 200.0, 4.0, 60), 7);
        println!(
            "{rule}: {:?}\n{:?}\n{:?}",
            totals(&report),
            report.whole.operations,
            report.causes
        );
        assert!(op(&report, "get").good > 11_000, "{rule}");
        assert_eq!(op(&report, "get").failed_total(), 0, "{rule}");
        assert_eq!(errors(&report), 0.0, "{rule}");
        assert!(of(&report, Measure::FeedJudged) > 2_000.0);
        assert_eq!(of(&report, Measure::OwnMissing), 0.0, "{rule}");
        assert_eq!(of(&report, Measure::Undelivered), 0.0, "{rule}");
    }
}
