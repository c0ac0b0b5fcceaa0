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
    /// A server or database ran out of memory; its process was killed.
    OutOfMemory,
    /// It is back.
    Restarted,
    /// The first database connection was refused.
    ConnectionLimit,
    /// The first request was refused because a backlog was full.
    BacklogFull,
    /// A circuit breaker opened.
    CircuitOpened,
    /// The first request beyond the allowed rate was refused.
    Throttled,
    /// A monitor raised its alarm.
    AlarmRaised,
    /// The alarm is over.
    AlarmCleared,
    /// A monitor has no data any more.
    NoData,
    /// A person was called.
    PersonCalled,
    /// The person acted.
    PersonActed,
    /// A replica became the primary.
    Promoted,
    /// A former primary came back and takes no writes any more.
    Fenced,
    /// A former primary is a copy now; `to` writes that it could not hand over are undone.
    Rejoined,
    /// Two primaries take writes for the same data.
    SplitBrain,
    /// Names lead to another target now.
    NamesSwitched,
    /// A name server leaves a target out; `to` are left.
    TargetOut,
    /// A name server answers with a target again.
    TargetIn,
    /// A disk is full.
    DiskFull,
    /// The first message went to the dead letters.
    DeadLetter,
    /// A queue was full for the first time.
    QueueFull,
    /// Everything that was kept expired.
    Expired,
    /// A fault began.
    FaultBegan,
    /// A fault ended.
    FaultEnded,
    /// A clock was stepped; `to` milliseconds.
    ClockStepped,
    /// A controller switched over.
    ControllerActed,
    /// A waiting room began to admit.
    OpenedDoors,
    /// A shard joins, and rows begin to move to it: from so many shards to so many.
    Rebalancing,
    /// All rows are where they belong; `to` were moved.
    Rebalanced,
    /// A synchronous replica is left behind: commits do not wait for it.
    CopyBehind,
    /// It has caught up: commits wait for it again.
    CopyCaughtUp,
}

impl EventCode {
    /// All codes, for the tests that look for their texts.
    pub const ALL: [Self; 40] = [
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
        Self::CircuitOpened,
        Self::Throttled,
        Self::AlarmRaised,
        Self::AlarmCleared,
        Self::NoData,
        Self::PersonCalled,
        Self::PersonActed,
        Self::Promoted,
        Self::Fenced,
        Self::Rejoined,
        Self::SplitBrain,
        Self::NamesSwitched,
        Self::TargetOut,
        Self::TargetIn,
        Self::DiskFull,
        Self::DeadLetter,
        Self::QueueFull,
        Self::Expired,
        Self::FaultBegan,
        Self::FaultEnded,
        Self::ClockStepped,
        Self::ControllerActed,
        Self::OpenedDoors,
        Self::Rebalancing,
        Self::Rebalanced,
        Self::CopyBehind,
        Self::CopyCaughtUp,
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
            Self::CircuitOpened => "circuit_opened",
            Self::Throttled => "throttled",
            Self::AlarmRaised => "alarm_raised",
            Self::AlarmCleared => "alarm_cleared",
            Self::NoData => "no_data",
            Self::PersonCalled => "person_called",
            Self::PersonActed => "person_acted",
            Self::Promoted => "promoted",
            Self::Fenced => "fenced",
            Self::Rejoined => "rejoined",
            Self::SplitBrain => "split_brain",
            Self::NamesSwitched => "names_switched",
            Self::TargetOut => "target_out",
            Self::TargetIn => "target_in",
            Self::DiskFull => "disk_full",
            Self::DeadLetter => "dead_letter",
            Self::QueueFull => "queue_full",
            Self::Expired => "expired",
            Self::FaultBegan => "fault_began",
            Self::FaultEnded => "fault_ended",
            Self::ClockStepped => "clock_stepped",
            Self::ControllerActed => "controller_acted",
            Self::OpenedDoors => "opened_doors",
            Self::Rebalancing => "rebalancing",
            Self::Rebalanced => "rebalanced",
            Self::CopyBehind => "copy_behind",
            Self::CopyCaughtUp => "copy_caught_up",
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
