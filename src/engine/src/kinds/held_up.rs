//! Whether a call only waits where it is: for traces, which tell waiting from working.
//!
//! A wait that has ended stands in the call (`queue_us`, `pool_us`); one that goes on, or was given up, is told
//! by the stage that the kind left the call in. Must not live here: what is waited for.

use archplay_model::Kind;

use super::{cache, cdn, connection_proxy, database, function, program, queue, server, station};
use crate::core::Call;

/// Nanoseconds of a stay that were no work, beyond what the call itself says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeldUp {
    /// For a place, a row or a disk.
    pub queue_ns: u64,
    /// For a connection.
    pub pool_ns: u64,
    /// For an answer that another call has asked for.
    pub others_ns: u64,
    /// Of `queue_us`: what was counted in advance and had not passed.
    pub ahead_ns: u64,
}

/// How long a call had been waiting at `end`, at a component of this kind that it has entered.
pub(crate) fn held_up(kind: Kind, call: &Call, end: u64) -> HeldUp {
    let (stage, here) = (call.stage, end.saturating_sub(call.arrived_ns));
    let since = end.saturating_sub(call.since_ns).min(here);
    let queue = |queue_ns| HeldUp {
        queue_ns,
        ..HeldUp::default()
    };
    let pool = |pool_ns| HeldUp {
        pool_ns,
        ..HeldUp::default()
    };
    let others = |others_ns| HeldUp {
        others_ns,
        ..HeldUp::default()
    };
    let ahead = || HeldUp {
        ahead_ns: call.since_ns.saturating_sub(end),
        ..HeldUp::default()
    };
    match kind {
        Kind::WaitingRoom => queue(here),
        Kind::Station if stage == station::WAITS => queue(here),
        Kind::Server if stage == server::BACKLOG => queue(here),
        Kind::Queue if stage == queue::WAITS => queue(here),
        Kind::Server | Kind::Worker | Kind::Function if stage == program::FOR_CONNECTION => {
            pool(since)
        }
        Kind::ConnectionProxy if stage == connection_proxy::WAITS => pool(since),
        // For its instance to start.
        Kind::Function if stage == function::STARTS => queue(here),
        Kind::Database if stage == database::LOCKED => queue(since),
        // For copies that must have the write first.
        Kind::Database if stage == database::SYNCS => others(since),
        Kind::Cache if stage == cache::WAITS => others(since),
        // `since_ns` is when what it stands in line for begins: a disk, a shard's processor, a network card.
        Kind::Database if matches!(stage, database::READS | database::COMMITS) => ahead(),
        Kind::Cache if stage == cache::AT_SHARD => ahead(),
        Kind::Server | Kind::Worker | Kind::Function
            if matches!(stage, program::SENDS | program::WAITS_ID) =>
        {
            ahead()
        }
        Kind::Search | Kind::IdGenerator => ahead(),
        Kind::Cdn if stage == cdn::WAITS => others(here),
        _ => HeldUp::default(),
    }
}
