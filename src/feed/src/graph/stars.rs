//! Accounts with followers: a friendship is mutual and there are few of them, following is not.
//!
//! Who follows is worked out, not stored: ten million followers take no memory.

use std::sync::Arc;

use archplay_kernel::{mix, text_key, unit_of};

use crate::User;

/// An account with followers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Star {
    /// Probability that any other user follows it (0 to 1).
    pub share: f64,
    /// How many followers it has in the whole, of which the users may be a sample.
    pub followers: f64,
    /// How often it posts, per day.
    pub posts_per_day: f64,
}

/// All of them. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Stars {
    key: u64,
    /// The number of the first.
    first: u32,
    all: Arc<[Star]>,
}

impl Stars {
    pub(super) fn new(seed: u64, first: u32, all: Vec<Star>) -> Self {
        Self {
            key: mix(mix(seed, text_key("feed")), text_key("followers")),
            first,
            all: all.into(),
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.all.len() as u32
    }

    pub(super) fn of(&self, user: User) -> Option<&Star> {
        self.all.get(user.0.checked_sub(self.first)? as usize)
    }

    pub(super) fn follows(&self, reader: User, author: User) -> bool {
        reader.0 < self.first
            && self.of(author).is_some_and(|star| {
                let key = mix(mix(self.key, author.0.into()), reader.0.into());
                unit_of(key) < star.share
            })
    }

    /// Adds whom a user follows to a row of others, all of whom come before.
    pub(super) fn followed_by(&self, reader: User, row: &mut Vec<User>) {
        let stars = (0..self.count()).map(|i| User(self.first + i));
        row.extend(stars.filter(|star| self.follows(reader, *star)));
    }

    /// Adds the followers among a range of users to an empty row, in order.
    pub(super) fn followers(&self, author: User, first: User, last: User, row: &mut Vec<User>) {
        let users = (first.0..self.first.min(last.0.saturating_add(1))).map(User);
        row.extend(users.filter(|reader| self.follows(*reader, author)));
    }
}
