//! What comes of a person's own requests to the news feed of a run, and whom that person may be there.

use serde::{Deserialize, Serialize};

use crate::{Reason, Trace};

/// A user of the sampled feed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The user's number, from 0 on.
    pub user: u32,
    /// How many friends.
    pub friends: u32,
    /// How often the user reads, per day.
    pub views_per_day: f64,
    /// How often the user posts, per day.
    pub posts_per_day: f64,
}

/// Whom a person may be in a run, and whom that one knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// The user that was asked for, or one with as many friends as most.
    pub me: Person,
    /// Friends: those first who have posted, then by how often they post. At most 40.
    pub friends: Vec<Person>,
    /// Others to be: with few friends, with as many as most, with many, and one who never reads, as far as there
    /// are such users.
    pub others: Vec<Person>,
}

/// How a post has come to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Via {
    /// It stood in the reader's feed list.
    Pushed,
    /// It was gathered from its author's own posts.
    Pulled,
}

/// A post on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandPost {
    /// The id that is shown outside.
    pub id: u64,
    /// The user who made it.
    pub author: u32,
    /// When it was made, in nanoseconds of the scenario's clock since the start; 0 for all from before.
    pub at_ns: u64,
    /// How it came here.
    pub via: Via,
}

/// What the answer said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandOutcome {
    /// The post is accepted.
    Posted {
        /// Its id; absent if it waits in a queue and is not stored yet.
        post: Option<u64>,
    },
    /// A page of the feed, newest first.
    Page {
        /// The posts.
        posts: Vec<HandPost>,
        /// Asks for the page after this one; absent at the end of the feed. Opaque: with pages by offset it is the
        /// offset, else the last post's id.
        next: Option<u64>,
        /// Posts that should be on this stretch of the feed by its definition, and are not: on their way, or lost.
        missing: u32,
    },
    /// It failed.
    Failed {
        /// Why.
        reason: Reason,
    },
}

/// An answer to a request made by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct HandAnswer {
    /// Which request: its place in the list of all that were made by hand, from 0 on.
    pub place: u32,
    /// When it was made, in nanoseconds of the scenario's clock since the start.
    pub asked_ns: u64,
    /// When its maker had the answer, or gave up.
    pub answered_ns: u64,
    /// What the answer said.
    pub outcome: HandOutcome,
    /// Where the time went; absent if there was nothing to ask.
    pub trace: Option<Trace>,
}
