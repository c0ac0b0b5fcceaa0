//! Checks the news feed: its datasets, and numbers that its structures can hold.

use std::collections::BTreeSet;

use super::Findings;
use crate::Scenario;

/// The most sampled users: as many as fit into a browser's memory.
const MOST_USERS: f64 = 1_000_000.0;

/// The most accounts with followers: of each reader it is worked out whom it follows.
const MOST_CELEBRITIES: usize = 100;

pub(super) fn check(scenario: &Scenario, found: &mut Findings<'_>) {
    let Some(feed) = &scenario.feed else { return };
    let mut seen = BTreeSet::new();
    for (name, id) in feed.datasets() {
        let path = format!("feed.{name}");
        if !scenario.datasets.iter().any(|d| d.id == *id) {
            found.bad(path, "scenario_unknown_dataset", id);
        } else if !seen.insert(id) {
            found.bad(path, "scenario_duplicate", id);
        }
    }
    for (name, value, min, max) in [
        ("users", f64::from(feed.users), 2.0, MOST_USERS),
        (
            "visitors_per_day",
            feed.visitors_per_day.unwrap_or(1.0),
            1.0,
            1e10,
        ),
        ("mean_friends", feed.mean_friends, 1.0, 65_535.0),
        ("median_friends", feed.median_friends, 1.0, 65_535.0),
        ("max_friends", f64::from(feed.max_friends), 1.0, 65_535.0),
        ("views_per_day", feed.views_per_day, 0.0, 86_400.0),
        ("posts_per_day", feed.posts_per_day, 0.0, 86_400.0),
        ("befriends_per_day", feed.befriends_per_day, 0.0, 86_400.0),
        ("unfriends_per_day", feed.unfriends_per_day, 0.0, 86_400.0),
        ("blocks_per_day", feed.blocks_per_day, 0.0, 86_400.0),
        ("unblocks_per_day", feed.unblocks_per_day, 0.0, 86_400.0),
        ("deletes_per_day", feed.deletes_per_day, 0.0, 86_400.0),
        ("dormant", feed.dormant, 0.0, 1.0),
        ("media_share", feed.media_share, 0.0, 1.0),
        ("view_sigma", feed.view_sigma, 0.0, 5.0),
        ("post_sigma", feed.post_sigma, 0.0, 5.0),
        ("together", feed.together, -1.0, 1.0),
        ("page_posts", f64::from(feed.page_posts), 1.0, 1_000.0),
        ("entry_bytes", f64::from(feed.entry_bytes), 1.0, 1e6),
        ("warm_days", feed.warm_days, 0.0, 365.0),
    ] {
        found.range(format!("feed.{name}"), value, min, max);
    }
    if feed.celebrities.len() > MOST_CELEBRITIES {
        let count = feed.celebrities.len() as f64;
        found.range(
            "feed.celebrities".to_owned(),
            count,
            0.0,
            MOST_CELEBRITIES as f64,
        );
    }
    for (i, celebrity) in feed.celebrities.iter().enumerate() {
        let path = |field: &str| format!("feed.celebrities[{i}].{field}");
        found.range(path("followers"), celebrity.followers, 1.0, 1e10);
        found.range(
            path("posts_per_day"),
            celebrity.posts_per_day,
            0.0,
            86_400.0,
        );
    }
    // All that is there at the beginning is worked out before the first second.
    let posts = f64::from(feed.users) * feed.posts_per_day * feed.warm_days;
    found.range("feed.warm_days", posts, 0.0, 1e6);
}
