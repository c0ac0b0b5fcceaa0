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
    /// The server ran out of memory and the process was killed.
    OutOfMemory,
}

impl Reason {
    /// All reasons; the index in this list is [`Reason::index`].
    pub const ALL: [Self; 10] = [
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
