//! Accounts with followers: who of those that come to post is one, and what is left of their long fan-outs.
//!
//! There is one such account in the whole, not one for each sampled user's copies. So a batch of its sampled
//! followers is written as often as the sample is smaller than the whole: the real number of writes, of which one
//! changes the sample's lists.

use std::collections::BTreeMap;

use archplay_feed::{Batch, User};
use archplay_kernel::{NS_PER_SEC, mix, unit_of};

use super::FeedState;
use crate::core::Core;
use crate::plant::{DAY_SECS, Plant, until_clock};

/// Purposes of draws.
const STAR: u64 = 0x7374_6172;
const WHICH: u64 = 0x7768_6963;
const PART: u64 = 0x7061_7274;

/// A part of a long fan-out that is a message of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub first: User,
    pub last: User,
    /// The batch of the sample that it brings; the other times it only takes as long.
    pub batch: Option<Batch>,
    /// Once more it has nothing to do.
    pub done: bool,
}

impl Part {
    /// One that has been brought.
    pub(crate) const DONE: Self = Self {
        first: User(0),
        last: User(0),
        batch: None,
        done: true,
    };
}

/// Who is famous.
#[derive(Clone, Debug, Default)]
pub(super) struct Stars {
    /// The number of the first.
    first: u32,
    /// Posts a day, summed up to each.
    sums: Vec<f64>,
    /// Posts that are due: the clock and who.
    due: Vec<(u64, u32)>,
    next: usize,
    /// Visitors who are one because its post was due.
    visitors: BTreeMap<u64, u32>,
}

impl Stars {
    pub(super) fn new(plant: &Plant) -> Self {
        let Some(plan) = &plant.feed else {
            return Self::default();
        };
        let mut stars = Self {
            first: plan.given.users,
            ..Self::default()
        };
        let end = (plant.end_ns / NS_PER_SEC) as u32;
        let mut sum = 0.0;
        for (i, celebrity) in (0_u32..).zip(&plan.given.celebrities) {
            sum += celebrity.posts_per_day;
            stars.sums.push(sum);
            for at in &celebrity.at {
                // Every day at its time.
                let first = until_clock(plant.start_secs, at.secs());
                let days = (first..end).step_by(DAY_SECS as usize);
                stars
                    .due
                    .extend(days.map(|since| (u64::from(since) * NS_PER_SEC, i)));
            }
        }
        stars.due.sort_unstable();
        stars
    }

    /// Posts a day of all.
    pub(super) fn rate(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// One of them by how often they post, with the chance that they have beside others who post so often.
    pub(super) fn drawn(&self, key: u64, others: f64) -> Option<User> {
        let rate = self.rate();
        if rate <= 0.0 || unit_of(mix(key, STAR)) * (rate + others) >= rate {
            return None;
        }
        let at = unit_of(mix(key, WHICH)) * rate;
        let which = self.sums.partition_point(|sum| *sum <= at);
        (which < self.sums.len()).then_some(User(self.first + which as u32))
    }
}

impl FeedState {
    /// The account with followers that a person is, if it is one.
    pub(super) fn star_of(&self, person: u64) -> Option<User> {
        if let Some(star) = self.stars.visitors.get(&person) {
            return Some(User(self.stars.first + star));
        }
        if person & 1 == 0 {
            return None;
        }
        let others = self.by_posts.total() * self.scale.factor();
        self.stars.drawn(person, others)
    }

    /// How often the batch of the sample at this place is written: together as often as in the whole.
    pub(crate) fn times(&self, place: usize) -> u32 {
        let factor = self.scale.factor();
        let until = |place: usize| (place as f64 * factor) as u64;
        (until(place + 1) - until(place)).max(1) as u32
    }

    /// A part of a fan-out is to be a message of its own: the request as which it goes. `None` if there is one.
    pub(crate) fn part(&mut self, origin: u64, number: u32, part: Part) -> Option<u64> {
        let whole = *self.posted.get(&origin)?;
        let own = mix(mix(origin, PART), u64::from(number));
        if self.posted.contains_key(&own) {
            return None;
        }
        self.posted.insert(
            own,
            super::Posted {
                part: Some(part),
                ..whole
            },
        );
        Some(own)
    }
}

impl Core {
    /// Somebody comes to post: a post of a celebrity that is due is this one's.
    #[cold]
    pub(super) fn star_comes(&mut self, person: u64) {
        let clock = self.clock();
        let Some(state) = &mut self.feed else { return };
        let stars = &mut state.stars;
        if let Some((at, which)) = stars.due.get(stars.next).copied()
            && at <= clock
        {
            stars.next += 1;
            stars.visitors.insert(person, which);
        }
    }

    /// Whether a post of a celebrity is due between two moments of the clock.
    pub(crate) fn star_between(&self, from: u64, until: u64) -> bool {
        let due = self.feed.iter().flat_map(|state| &state.stars.due);
        due.into_iter().any(|(at, _)| (from..=until).contains(at))
    }
}
