//! Routes: who can be asked for something, and how one of several is chosen.

use super::{LinkId, NodeId};

/// Who is asked: the way there, and which of the component's units; [`super::NOBODY`] lets it choose.
pub(crate) type Target = (Way, u32);

/// One way out of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way {
    pub link: LinkId,
    pub node: NodeId,
    /// Share of the requests, for [`Choice::Weighted`] (cumulated from 0 to at most 1).
    pub until: f64,
}

/// How one of several ways is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// One after the other.
    Turns,
    /// Always the same for one visitor, as a resolved name.
    Sticky,
    /// By the row's hash: shards.
    Hash,
    /// By the row's place among all rows: shards by key range.
    Range,
    /// By the row modulo the number of shards.
    Modulo,
    /// By consistent hashing with 100 points for each shard.
    Consistent,
    /// At random by weight.
    Weighted,
}

/// The ways to those who can be asked for something, by a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub from: NodeId,
    pub first: u32,
    pub count: u32,
    pub choice: Choice,
    /// A second route for when this one's answer is "not here": the store behind a cache. `NOBODY` for none.
    pub next: super::RouteId,
    /// Those who are known to be dead are passed over: copies, then the second route is taken, and caches on a
    /// ring, whose keys are their neighbours' then.
    pub passes_dead: bool,
    /// Some of the shards join later: who has a row stands on the board.
    pub grows: bool,
}
