//! What the calculation begins with: what a person can set, and where each number comes from. Pure.

use archplay_feed::sizing::Requirements;
use archplay_model::catalogue::cache::{FEED_ENTRIES, FEED_LIST_CAP};
use archplay_model::{Design, Scenario};

use crate::app::feed::budget::list_caches;
use crate::app::strip::load_curve;

/// A number that a person can set.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name in the sizing and in text keys.
    pub key: &'static str,
    /// Where it lies.
    pub of: fn(&mut Requirements) -> &mut f64,
    /// The greatest value that makes sense; 0 is always the least.
    pub most: f64,
    /// Whether it stands among the first.
    pub first: bool,
}

const fn field(
    key: &'static str,
    most: f64,
    first: bool,
    of: fn(&mut Requirements) -> &mut f64,
) -> Field {
    Field {
        key,
        of,
        most,
        first,
    }
}

/// All of them, in order.
pub const FIELDS: [Field; 17] = [
    field("visitors", 1e11, true, |r| &mut r.visitors),
    field("views_per_visitor", 1e6, true, |r| &mut r.views_per_visitor),
    field("posts_per_visitor", 1e6, true, |r| &mut r.posts_per_visitor),
    field("mean_friends", 1e6, true, |r| &mut r.mean_friends),
    field("max_friends", 1e9, true, |r| &mut r.max_friends),
    field("peak_factor", 1e4, true, |r| &mut r.peak_factor),
    field("page_posts", 1e4, false, |r| &mut r.page_posts),
    field("list_entries", 1e6, false, |r| &mut r.list_entries),
    field("entry_bytes", 1e9, false, |r| &mut r.entry_bytes),
    field("copies", 100.0, false, |r| &mut r.copies),
    field("post_bytes", 1e9, false, |r| &mut r.post_bytes),
    field("hot_days", 1e4, false, |r| &mut r.hot_days),
    field("friend_bytes", 1e6, false, |r| &mut r.friend_bytes),
    field("media_share", 1.0, false, |r| &mut r.media_share),
    field("media_bytes", 1e12, false, |r| &mut r.media_bytes),
    field("worker_writes_per_sec", 1e12, false, |r| {
        &mut r.worker_writes_per_sec
    }),
    field("cost_ratio", 1e6, false, |r| &mut r.cost_ratio),
];

impl Field {
    /// What is set.
    pub fn get(self, of: &Requirements) -> f64 {
        *(self.of)(&mut of.clone())
    }

    /// Sets a value; whether it makes sense.
    pub fn set(self, of: &mut Requirements, value: f64) -> bool {
        let fits = (0.0..=self.most).contains(&value);
        if fits {
            *(self.of)(of) = value;
        }
        fits
    }
}

/// What scenario and drawing say; the rest stays as the sizing assumes it. `None` without a feed.
pub fn given(scenario: &Scenario, design: &Design) -> Option<Requirements> {
    let feed = scenario.feed.as_ref()?;
    let readers = f64::from(feed.users) * (1.0 - feed.dormant);
    let usual = Requirements::default();
    let post_bytes = scenario
        .datasets
        .iter()
        .find(|dataset| dataset.id == feed.posts)
        .map_or(usual.post_bytes, |dataset| f64::from(dataset.row_bytes));
    let caches = list_caches(design, &feed.lists);
    let list = caches.first();
    let bodies = list.is_some_and(|cache| cache.text(&FEED_ENTRIES) == "bodies");
    let entry = f64::from(feed.entry_bytes);
    Some(Requirements {
        visitors: feed.visitors_per_day.unwrap_or(readers),
        views_per_visitor: feed.views_per_day,
        posts_per_visitor: feed.posts_per_day,
        peak_factor: peak_factor(scenario).unwrap_or(usual.peak_factor),
        mean_friends: feed.mean_friends,
        max_friends: f64::from(feed.max_friends),
        page_posts: f64::from(feed.page_posts),
        list_entries: list.map_or(usual.list_entries, |cache| {
            f64::from(cache.count(&FEED_LIST_CAP))
        }),
        entry_bytes: if bodies { entry + post_bytes } else { entry },
        post_bytes,
        hot_days: feed.warm_days,
        ..usual
    })
}

/// The busiest moment of the scenario's curve over its mean, where it lasts a day; a part of a day says nothing
/// about the rest.
fn peak_factor(scenario: &Scenario) -> Option<f64> {
    if scenario.duration_secs < 86_400 {
        return None;
    }
    let curve = load_curve(scenario);
    let area: f64 = curve
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((b.0 - a.0) * (a.1 + b.1) / 2.0),
            _ => None,
        })
        .sum();
    let mean = area / f64::from(scenario.duration_secs);
    let peak = curve.iter().map(|point| point.1).fold(0.0, f64::max);
    (mean > 0.0).then_some(peak / mean)
}

#[cfg(test)]
mod tests {
    use archplay_model::format::{read_design, read_scenario};

    use super::*;

    const SCENARIO: &str = include_str!("../../../engine/tests/feed_support/lecture.scenario.json");
    const DESIGN: &str = include_str!("../../../engine/tests/feed_support/lecture.design.json");

    #[test]
    fn the_lecture_gives_its_own_numbers() {
        let scenario = read_scenario(SCENARIO).unwrap_or_else(|e| panic!("{e}"));
        let (design, _) = read_design(DESIGN).unwrap_or_else(|e| panic!("{e}"));
        let given = given(&scenario, &design).unwrap_or_else(|| panic!("no feed"));
        assert!((given.visitors - 1e7).abs() < 1e-6);
        assert!(
            (given.peak_factor - 3.0).abs() < 0.02,
            "{}",
            given.peak_factor
        );
        let usual = Requirements {
            peak_factor: given.peak_factor,
            ..Requirements::default()
        };
        assert_eq!(given, usual, "the sizing's defaults are the lecture's");
    }

    #[test]
    fn every_number_can_be_set_once() {
        let mut all = Requirements::default();
        for (i, field) in FIELDS.into_iter().enumerate() {
            assert!(
                field.set(&mut all, (i as f64 + 1.0) / 100.0),
                "{}",
                field.key
            );
            assert!(!field.set(&mut all, -1.0));
            assert!(!field.set(&mut all, f64::NAN));
        }
        for (i, field) in FIELDS.into_iter().enumerate() {
            assert!((field.get(&all) - (i as f64 + 1.0) / 100.0).abs() < 1e-12);
        }
    }
}
