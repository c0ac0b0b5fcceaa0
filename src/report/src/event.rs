//! The event log: what happened to the plant, beside the series.

use archplay_model::Id;
use serde::{Deserialize, Serialize};

/// What happened. The text is `event.<slug>`, with `{id}`, `{from}`, `{to}` and `{count}` filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventCode {
    /// An auto-scaling group wants more instances because of the CPU: `from` → `to`.
    ScaleOut,
    /// It wants fewer.
    ScaleIn,
    /// A scheduled action set the number.
    Scheduled,
    /// A booted instance takes requests; `to` is how many do now.
    InService,
    /// A load balancer took a target out after failed health checks; `to` targets are left.
    Unhealthy,
    /// It put the target back.
    Healthy,
    /// No target is healthy: it sends to all of them.
    FailOpen,
    /// Killed by a fault; `count` instances.
    Killed,
    /// Came back from a fault.
    Restored,
    /// A server ran out of memory; its process was killed.
    OutOfMemory,
    /// It is back.
    Restarted,
    /// The first database connection was refused.
    ConnectionLimit,
    /// The first request was refused because a backlog was full.
    BacklogFull,
}

impl EventCode {
    /// All codes, for the tests that look for their texts.
    pub const ALL: [Self; 13] = [
        Self::ScaleOut,
        Self::ScaleIn,
        Self::Scheduled,
        Self::InService,
        Self::Unhealthy,
        Self::Healthy,
        Self::FailOpen,
        Self::Killed,
        Self::Restored,
        Self::OutOfMemory,
        Self::Restarted,
        Self::ConnectionLimit,
        Self::BacklogFull,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ScaleOut => "scale_out",
            Self::ScaleIn => "scale_in",
            Self::Scheduled => "scheduled",
            Self::InService => "in_service",
            Self::Unhealthy => "unhealthy",
            Self::Healthy => "healthy",
            Self::FailOpen => "fail_open",
            Self::Killed => "killed",
            Self::Restored => "restored",
            Self::OutOfMemory => "out_of_memory",
            Self::Restarted => "restarted",
            Self::ConnectionLimit => "connection_limit",
            Self::BacklogFull => "backlog_full",
        }
    }
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Simulated time since the start, in nanoseconds.
    pub at_ns: u64,
    /// What.
    pub code: EventCode,
    /// To whom.
    pub id: Id,
    /// The number before, where there is one.
    pub from: u32,
    /// The number after, or how many.
    pub to: u32,
}
