//! The news feed of a scenario: whose feeds there are, how active people are, and in which datasets it lies.

use serde::{Deserialize, Serialize};

use super::Id;
use crate::ClockTime;

/// A news feed. What runs it are the demands `read_feed` and `fan_out` of operations; how it is run (strategy,
/// pages, what a feed list holds) stands in the drawing.
///
/// The numbers are those of the fact sheet's sizing, the distributions those of `archplay-feed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The dataset of feed lists: one row a user.
    pub lists: Id,
    /// The dataset of friendships: one row a user.
    pub friendships: Id,
    /// The dataset of posts: one row a post. An `insert` here is a new post.
    pub posts: Id,
    /// The dataset of everybody's own posts, newest first: one row a user.
    pub outboxes: Id,
    /// The dataset of names and pictures that a page shows, if they are looked up: one row a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profiles: Option<Id>,
    /// The dataset of pictures and films: one row for each post that has one, as big as it is. A reader fetches those
    /// of the page after the page, an author brings his before the post: from and to an object store or CDN that the
    /// clients have a link to, else through those who run the operation. None if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Id>,
    /// Share of posts with a picture or film, 0 to 1; matters only with `media`.
    #[serde(default = "media_share", skip_serializing_if = "is_media_share")]
    pub media_share: f64,
    /// How many users are sampled, those included who never read.
    #[serde(default = "users")]
    pub users: u32,
    /// Visitors a day of the whole service; the sample is the whole if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitors_per_day: Option<f64>,
    /// Mean number of friends.
    #[serde(default = "mean_friends")]
    pub mean_friends: f64,
    /// Half of the users have fewer friends.
    #[serde(default = "median_friends")]
    pub median_friends: f64,
    /// The most friends.
    #[serde(default = "max_friends")]
    pub max_friends: u32,
    /// Mean reads of the feed a day, of those who read at all.
    #[serde(default = "views_per_day")]
    pub views_per_day: f64,
    /// Mean posts a day, of those who read at all.
    #[serde(default = "posts_per_day")]
    pub posts_per_day: f64,
    /// Share of users who neither read nor post, 0 to 1.
    #[serde(default = "dormant")]
    pub dormant: f64,
    /// How unequal reading is: standard deviation of the logarithm of the rate.
    #[serde(default = "view_sigma")]
    pub view_sigma: f64,
    /// How unequal posting is: standard deviation of the logarithm of the rate.
    #[serde(default = "post_sigma")]
    pub post_sigma: f64,
    /// Correlation of the two logarithms, -1 to 1.
    #[serde(default = "together")]
    pub together: f64,
    /// Mean new friendships that a user makes a day, of those who read at all; with anybody else who reads.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub befriends_per_day: f64,
    /// Mean friendships that a user ends a day, of those who read at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unfriends_per_day: f64,
    /// Mean friends that a user blocks a day, of those who read at all; the friendship stays as it is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub blocks_per_day: f64,
    /// Mean blocks of the run that are taken back a day, for each user who reads at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unblocks_per_day: f64,
    /// Mean posts that are deleted a day, for each user who reads at all: one of the author's latest.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deletes_per_day: f64,
    /// Accounts with followers, who get their posts as those of friends; they follow nobody. Each is one account of
    /// the whole, however many users are sampled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub celebrities: Vec<Celebrity>,
    /// Posts on a page.
    #[serde(default = "page_posts")]
    pub page_posts: u32,
    /// Bytes of an entry of a feed list that holds ids only.
    #[serde(default = "entry_bytes")]
    pub entry_bytes: u32,
    /// Days of posts that are there, and delivered, when the run begins; the caches know them.
    #[serde(default = "warm_days")]
    pub warm_days: f64,
}

/// An account with followers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Celebrity {
    /// How many users follow it; at most all of them do.
    pub followers: f64,
    /// How often it posts a day: so many of those who come to post are this account.
    #[serde(default)]
    pub posts_per_day: f64,
    /// When it posts besides: the next who comes to post is this account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<ClockTime>,
}

const fn users() -> u32 {
    100_000
}

const fn mean_friends() -> f64 {
    190.0
}

const fn median_friends() -> f64 {
    99.0
}

const fn max_friends() -> u32 {
    5_000
}

const fn views_per_day() -> f64 {
    10.0
}

const fn posts_per_day() -> f64 {
    0.2
}

const fn dormant() -> f64 {
    0.3
}

const fn view_sigma() -> f64 {
    1.0
}

const fn post_sigma() -> f64 {
    2.0
}

const fn together() -> f64 {
    0.5
}

const fn page_posts() -> u32 {
    20
}

const fn entry_bytes() -> u32 {
    20
}

/// The fact sheet's 20 %.
const fn media_share() -> f64 {
    0.2
}

/// A file without media does not speak of them.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_media_share(share: &f64) -> bool {
    share.total_cmp(&media_share()).is_eq()
}

/// A file where nothing changes does not speak of it.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(rate: &f64) -> bool {
    rate.total_cmp(&0.0).is_eq()
}

const fn warm_days() -> f64 {
    3.0
}

impl Feed {
    /// A feed with the usual numbers in these datasets.
    #[must_use]
    pub fn new(lists: Id, friendships: Id, posts: Id, outboxes: Id) -> Self {
        Self {
            lists,
            friendships,
            posts,
            outboxes,
            profiles: None,
            media: None,
            media_share: media_share(),
            users: users(),
            visitors_per_day: None,
            mean_friends: mean_friends(),
            median_friends: median_friends(),
            max_friends: max_friends(),
            views_per_day: views_per_day(),
            posts_per_day: posts_per_day(),
            dormant: dormant(),
            view_sigma: view_sigma(),
            post_sigma: post_sigma(),
            together: together(),
            befriends_per_day: 0.0,
            unfriends_per_day: 0.0,
            blocks_per_day: 0.0,
            unblocks_per_day: 0.0,
            deletes_per_day: 0.0,
            celebrities: Vec::new(),
            page_posts: page_posts(),
            entry_bytes: entry_bytes(),
            warm_days: warm_days(),
        }
    }

    /// The datasets, with the names of their fields.
    pub fn datasets(&self) -> impl Iterator<Item = (&'static str, &Id)> {
        [
            ("lists", Some(&self.lists)),
            ("friendships", Some(&self.friendships)),
            ("posts", Some(&self.posts)),
            ("outboxes", Some(&self.outboxes)),
            ("profiles", self.profiles.as_ref()),
            ("media", self.media.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, id)| Some((name, id?)))
    }
}
