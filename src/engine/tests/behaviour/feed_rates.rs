//! The rate rule, through the drawing: pushing is cheaper exactly where reads per post are above the ratio of costs.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_model::Scenario;
use archplay_report::{Measure, Report};

use crate::feed_support::{changed, errors, feed, of, set};
use crate::support::run;

/// Everybody reads and posts at the same rate, `ratio` times as often the one as the other.
fn alike(ratio: f64) -> Scenario {
    // 240 requests a second together, the authors' own reads among them.
    let posts = 240.0 / (1.0 + ratio.max(1.0));
    let mut out = feed(1_000, (posts * ratio - posts).max(0.0), posts, 30);
    let feed = out.feed.as_mut().unwrap();
    (feed.view_sigma, feed.post_sigma, feed.dormant) = (0.0, 0.0, 0.0);
    (feed.views_per_day, feed.posts_per_day) = (ratio, 1.0);
    feed.warm_days = 0.5;
    if ratio < 1.0 {
        // Only some of the authors look at their feeds.
        out.journeys[1].steps[1].probability = ratio;
    }
    out
}

/// Ids pushed to friends, and friends' posts looked up: what the rule weighs.
fn work(report: &Report) -> (f64, f64) {
    let reads = of(report, Measure::FeedReads);
    let per_read = of(report, Measure::LookupsPerRead);
    let pushes = of(report, Measure::FanOutWrites);
    // Besides friends a read looks up the reader's own posts, and a list where there are any.
    let own = if pushes > 0.0 { 2.0 } else { 1.0 };
    (pushes, reads * (per_read - own).max(0.0))
}

fn run_by(rule: &str, ratio: f64, costs: f64) -> Report {
    let mut drawing = changed(&[]);
    set(&mut drawing, "fan", "feed_rule", rule);
    set(&mut drawing, "fan", "feed_cost_ratio", &costs.to_string());
    let report = run(&drawing, &alike(ratio), 11);
    assert!(errors(&report) < 0.5, "{:?}", report.feed);
    report
}

#[test]
fn pushing_wins_where_the_rate_rule_says() {
    let ratios = [0.25, 0.5, 1.5, 2.5, 4.0, 8.0];
    let swept: Vec<(f64, f64, f64)> = ratios
        .into_iter()
        .map(|ratio| {
            let (pushes, none) = work(&run_by("push", ratio, 1.0));
            assert!(none < 1.0, "{none}");
            let (none, pulls) = work(&run_by("pull", ratio, 1.0));
            assert!(none < 1.0, "{none}");
            (ratio, pushes, pulls)
        })
        .collect();
    for (ratio, pushes, pulls) in &swept {
        // Of every pair of friends one posts and the other reads: the numbers of friends fall out.
        let found = pulls / pushes;
        assert!((found / ratio - 1.0).abs() < 0.1, "{ratio}: {found}");
        for costs in [1.0, 2.0, 3.0, 6.0] {
            let cheaper = pushes * costs < *pulls;
            assert_eq!(cheaper, *ratio > costs, "{ratio} at {costs}");
        }
    }
    // The rule itself does what is cheaper.
    for (ratio, costs) in [(2.5, 2.0), (2.5, 3.0), (0.5, 1.0), (4.0, 3.0)] {
        let (_, pushes, pulls) = *swept.iter().find(|(r, ..)| *r == ratio).unwrap();
        let report = run_by("by_rates", ratio, costs);
        let (pushed, pulled) = work(&report);
        let cost = pushed * costs + pulled;
        let best = f64::min(pushes * costs, pulls);
        assert!(cost <= best * 1.02 + 1.0, "{ratio} {costs}: {cost} {best}");
    }
}
