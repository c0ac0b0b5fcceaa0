//! Which faults do something to which kind: what the checker warns by, what may be done by hand, and what the engine
//! notes in its log. What they do lives with the engine's kinds.

use super::FaultAction;
use crate::Kind;

impl FaultAction {
    /// Whether it strikes the network alone: the links, and with a component the links at it.
    #[must_use]
    pub const fn is_of_network(self) -> bool {
        matches!(self, Self::Lose { .. } | Self::Cut)
    }

    /// Whether it can do something to a component of this kind, apart from the links at it. A group feels what
    /// strikes the box itself; what is in it feels the rest for itself.
    #[must_use]
    pub const fn felt_by(self, kind: Kind) -> bool {
        match self {
            Self::Kill | Self::Restore => !matches!(kind, Kind::Client),
            Self::Slow { .. } => !matches!(
                kind,
                Kind::Client
                    | Kind::Dns
                    | Kind::Cdn
                    | Kind::WaitingRoom
                    | Kind::RateLimiter
                    | Kind::LoadBalancer
                    | Kind::ApiGateway
                    | Kind::Monitor
                    | Kind::Controller
                    | Kind::Region
                    | Kind::Zone
                    | Kind::AutoScalingGroup
                    | Kind::Subnet
            ),
            Self::Lose { .. } | Self::Cut => false,
            Self::FillDisk => matches!(kind, Kind::Server | Kind::Database),
            Self::LeakMemory { .. } => {
                matches!(kind, Kind::Server | Kind::Database | Kind::Cache)
            }
            Self::HogCpu { .. } => matches!(
                kind,
                Kind::Server
                    | Kind::Worker
                    | Kind::Database
                    | Kind::Cache
                    | Kind::Search
                    | Kind::GraphStore
                    | Kind::Bastion
            ),
            Self::Expire => matches!(kind, Kind::Cache | Kind::Cdn | Kind::Dns),
            Self::StepClock { .. } => matches!(kind, Kind::Server | Kind::IdGenerator),
            Self::FailResolver => matches!(
                kind,
                Kind::Server | Kind::Function | Kind::Worker | Kind::Dns
            ),
            Self::KillShard { .. } => matches!(kind, Kind::Cache),
        }
    }
}
