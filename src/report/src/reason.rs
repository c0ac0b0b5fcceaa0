//! Why a request failed. Every failed request has exactly one reason.

use serde::{Deserialize, Serialize};

/// The reason of a failure, as the visitor meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No answer within the visitor's patience: the time-out page.
    Timeout,
    /// The server's backlog was full, or nothing listened there.
    Refused,
    /// The connection broke because the other side died.
    ConnectionLost,
    /// A load balancer got no usable answer from its target.
    BadGateway502,
    /// A load balancer has no target at all.
    Unavailable503,
    /// A load balancer or CDN waited too long for an answer.
    GatewayTimeout504,
    /// The database had no free connection slot.
    DbConnectionLimit,
    /// No connection came free in the server's pool in time.
    PoolTimeout,
    /// Nobody on the drawing can serve the demand.
    NoRoute,
    /// A server or database ran out of memory and the process was killed.
    OutOfMemory,
    /// A component waited too long for another and gave up.
    CallTimeout,
    /// Left the line before its turn.
    GaveUp,
    /// The service itself failed (a textbook station with a failure probability).
    ServiceFailed,
    /// The circuit breaker was open: nobody was asked.
    CircuitOpen,
    /// More than the rate that is allowed.
    Throttled429,
    /// A message queue was full.
    QueueFull,
    /// No room on the disk.
    DiskFull,
    /// Waited too long for a row that another transaction had locked.
    LockTimeout,
    /// The identifier was taken already.
    DuplicateKey,
    /// The session was gone: its server or store was.
    SessionLost,
    /// Somebody else's row was shown: two had the same identifier.
    WrongIdentity,
    /// The visitor's own write was not to be seen.
    StaleRead,
    /// Nothing was left in stock.
    SoldOut,
    /// Sold although nothing was left in stock.
    Oversold,
    /// A write that had been acknowledged was lost or overwritten.
    LostWrite,
    /// The name still led to somebody who was gone.
    DnsStale,
    /// No resolver answered.
    NameUnresolved,
    /// Another primary had written the same row.
    ConflictingWrite,
    /// Two transactions waited for each other; this one was undone so that the other could go on.
    Deadlock,
}

impl Reason {
    /// All reasons; the index in this list is [`Reason::index`].
    pub const ALL: [Self; 29] = [
        Self::Timeout,
        Self::Refused,
        Self::ConnectionLost,
        Self::BadGateway502,
        Self::Unavailable503,
        Self::GatewayTimeout504,
        Self::DbConnectionLimit,
        Self::PoolTimeout,
        Self::NoRoute,
        Self::OutOfMemory,
        Self::CallTimeout,
        Self::GaveUp,
        Self::ServiceFailed,
        Self::CircuitOpen,
        Self::Throttled429,
        Self::QueueFull,
        Self::DiskFull,
        Self::LockTimeout,
        Self::DuplicateKey,
        Self::SessionLost,
        Self::WrongIdentity,
        Self::StaleRead,
        Self::SoldOut,
        Self::Oversold,
        Self::LostWrite,
        Self::DnsStale,
        Self::NameUnresolved,
        Self::ConflictingWrite,
        Self::Deadlock,
    ];

    /// Position in [`Reason::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in files and text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::ConnectionLost => "connection_lost",
            Self::BadGateway502 => "bad_gateway_502",
            Self::Unavailable503 => "unavailable_503",
            Self::GatewayTimeout504 => "gateway_timeout_504",
            Self::DbConnectionLimit => "db_connection_limit",
            Self::PoolTimeout => "pool_timeout",
            Self::NoRoute => "no_route",
            Self::OutOfMemory => "out_of_memory",
            Self::CallTimeout => "call_timeout",
            Self::GaveUp => "gave_up",
            Self::ServiceFailed => "service_failed",
            Self::CircuitOpen => "circuit_open",
            Self::Throttled429 => "throttled_429",
            Self::QueueFull => "queue_full",
            Self::DiskFull => "disk_full",
            Self::LockTimeout => "lock_timeout",
            Self::DuplicateKey => "duplicate_key",
            Self::SessionLost => "session_lost",
            Self::WrongIdentity => "wrong_identity",
            Self::StaleRead => "stale_read",
            Self::SoldOut => "sold_out",
            Self::Oversold => "oversold",
            Self::LostWrite => "lost_write",
            Self::DnsStale => "dns_stale",
            Self::NameUnresolved => "name_unresolved",
            Self::ConflictingWrite => "conflicting_write",
            Self::Deadlock => "deadlock",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_is_the_position_and_slug_the_serialised_name() {
        for (i, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason.index(), i);
            let json = serde_json::to_string(&reason).unwrap_or_default();
            assert_eq!(
                json.trim_matches('"').replace('_', ""),
                reason.slug().replace('_', "")
            );
        }
    }
}
