//! Which rows are where: who of several has a row, and what caches have when a run begins.

use archplay_feed::{PostId, User};
use archplay_kernel::mix;

use super::plan::Warm;
use super::{FeedPlan, FeedState};
use crate::plant::{Choice, Plant, RouteId};

/// As in `core::asking`: who of several has a row.
const SHARD: u64 = 0x7368_6172;

/// Which of a route's ways leads to a row; 0 where it makes no difference.
pub(crate) fn way_index(plant: &Plant, route: RouteId, dataset: u32, row: u64) -> u64 {
    let Some(plan) = plant.routes.get(route as usize) else {
        return 0;
    };
    let count = u64::from(plan.count);
    if count < 2 {
        return 0;
    }
    match plan.choice {
        Choice::Hash => mix(row, SHARD) % count,
        Choice::Modulo => row % count,
        Choice::Range => {
            let rows = plant.datasets[dataset as usize].rows;
            row.saturating_sub(1).saturating_mul(count) / rows.max(1) % count
        }
        Choice::Consistent => archplay_kernel::ring::owner(row, count as u32),
        Choice::Turns | Choice::Sticky | Choice::Weighted => 0,
    }
}

/// What a cache has after days of the same: the rows of all users, of those who read most last, and all posts,
/// the newest last.
pub(super) fn warm_keys(plan: &FeedPlan, state: &FeedState, warm: &Warm) -> Vec<(u32, u64)> {
    let mut keys = Vec::new();
    let mut put = |dataset: u32, row: u64| {
        let entry = warm.datasets.iter().find(|entry| entry.0 == dataset);
        if let Some((_, place, count)) = entry
            && (*count == 1 || mix(row, SHARD) % count == *place)
        {
            keys.push((dataset, row));
        }
    };
    for post in 0..state.feed.posts().count() {
        put(plan.posts, u64::from(post) + 1);
        if plan.has_media() && !state.feed.posts().media(PostId(post)).is_empty() {
            put(plan.media, u64::from(post) + 1);
        }
    }
    let people = state.feed.people();
    let mut users: Vec<User> = (0..state.feed.graph().users()).map(User).collect();
    users.sort_by(|a, b| {
        let views = |user: &User| people.views_per_day(*user);
        views(a).total_cmp(&views(b)).then(a.cmp(b))
    });
    for user in users {
        let row = u64::from(user.0) + 1;
        put(plan.outboxes, row);
        if people.views_per_day(user) > 0.0 {
            put(plan.friendships, row);
            put(plan.profiles, row);
        }
        if state.feed.has_list(user) {
            put(plan.lists, row);
        }
    }
    keys
}
