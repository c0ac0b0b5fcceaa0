//! The news feed as a real data structure: users, friendships, posts, feed lists, caches' contents, and
//! three strategies to bring a post to its readers.
//!
//! What rows exist lives here, and what a step does to them. Who takes a step and when does not: the
//! engine puts time on steps ([`Feed::post`], [`Feed::fan_out`], [`Feed::deliver`], [`Feed::plan_read`],
//! [`Feed::finish_read`], …), [`service::Service`] takes them at once. Staleness comes of that time and is
//! measured against [`mod@reference`], never drawn.
//!
//! Everything is a function of a seed and of the steps: ordered collections, `libm`, no clock.

pub mod caches;
mod degrees;
mod feed;
mod graph;
mod lists;
mod people;
mod posts;
pub mod reference;
mod rule;
mod scale;
pub mod service;
pub mod sizing;

pub use degrees::Degrees;
pub use feed::{
    Backfill, Batch, Config, Cursor, Delivery, Feed, ListUse, Memory, Page, ReadPlan, Rebuilt,
    Work, shard_of,
};
pub use graph::{Graph, Refused, Rows, Star};
pub use lists::{FeedLists, Put};
pub use people::{Activity, People, Weighted};
pub use posts::{Media, MediaKind, Posts, Stories, Story};
pub use rule::Rule;
pub use scale::{EXTENTS, Extent, Scale, StandIn};

/// How many users are sampled unless somebody wants more.
pub const SAMPLED_USERS: u32 = 100_000;

/// A user: a number from 0 on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct User(pub u32);

/// A post: its row in the posts table, so that a greater id is a newer post. [`Posts::public_id`] has the
/// id that is shown outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId(pub u32);
