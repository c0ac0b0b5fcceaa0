//! Losing feed lists, and making them anew from what is not lost: the posts table and the graph.
//!
//! When a list is lost, and who rebuilds it, does not live here.

use std::collections::BinaryHeap;

use archplay_kernel::{mix, text_key};

use super::Feed;
use crate::{PostId, User};

/// What a rebuild has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Outboxes looked up.
    pub outboxes: u32,
    /// Ids written to the list.
    pub entries: u32,
}

/// Which of `shards` shards of the feed cache (at least 1) has a user's list.
#[must_use]
pub fn shard_of(user: User, shards: u32) -> u32 {
    let spread = mix(text_key("feed-list-shard"), user.0.into());
    (spread % u64::from(shards.max(1))) as u32
}

impl Feed {
    /// Loses a user's list. Until it is rebuilt, the user's reads pull, and deliveries go nowhere.
    pub fn lose_list(&mut self, user: User) {
        self.lists.lose(user);
    }

    /// Loses the lists on one of `shards` shards, as [`shard_of`] tells; tells how many they are.
    pub fn lose_shard(&mut self, shard: u32, shards: u32) -> u32 {
        let users = (0..self.graph.users()).map(User);
        let mut lost = 0;
        for user in users.filter(|user| shard_of(*user, shards) == shard) {
            self.lists.lose(user);
            lost += 1;
        }
        lost
    }

    /// Begins a list as if nobody had ever posted: what a service does that takes a lost list for an empty one. Its
    /// reader misses what is older until [`Feed::rebuild`].
    pub fn take_for_empty(&mut self, user: User) {
        self.lists.set(user, Vec::new(), PostId(0));
    }

    /// Makes a user's list from the outboxes of the friends who are pushed to it.
    pub fn rebuild(&mut self, user: User) -> Rebuilt {
        let mut authors = Vec::new();
        // Blocked friends too, as in a fan-out.
        self.graph.authors_of(user, &mut authors);
        authors.retain(|author| self.pushes(*author, user));
        let next = PostId(self.posts.count());
        let newest = authors
            .iter()
            .filter_map(|author| self.posts.outbox(*author, next).next());
        let mut heads: BinaryHeap<PostId> = newest.collect();
        let mut list = Vec::new();
        let mut floor = PostId(0);
        while let Some(post) = heads.pop() {
            heads.extend(self.posts.earlier(post));
            if self.posts.is_live(post) {
                list.push(post);
            }
            if list.len() == self.lists.cap() {
                floor = post;
                break;
            }
        }
        list.reverse();
        list.shrink_to_fit();
        let rebuilt = Rebuilt {
            outboxes: authors.len() as u32,
            entries: list.len() as u32,
        };
        self.lists.set(user, list, floor);
        rebuilt
    }
}
