//! Which kinds may be linked to which, and why not.

use crate::{Kind, Role};

/// Says why two components cannot be linked. The text is `link_refusal.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkRefusal {
    /// A link from a component to itself: only a textbook queue may send requests back to itself.
    SelfLink,
    /// Boxes hold components; the components inside are linked.
    Group,
    /// Nothing sends requests to visitors.
    IntoClient,
    /// Visitors never reach a database directly.
    ClientToDatabase,
    /// A CDN passes requests on to a load balancer or a server.
    CdnTarget,
    /// A load balancer passes requests on to servers or another load balancer.
    LoadBalancerTarget,
    /// A server asks what serves it.
    ServerTarget,
    /// A database asks nobody but its replicas.
    DatabaseTarget,
    /// The one has nothing to ask of the other.
    NothingToAsk,
}

impl LinkRefusal {
    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::SelfLink => "self_link",
            Self::Group => "group",
            Self::IntoClient => "into_client",
            Self::ClientToDatabase => "client_to_database",
            Self::CdnTarget => "cdn_target",
            Self::LoadBalancerTarget => "load_balancer_target",
            Self::ServerTarget => "server_target",
            Self::DatabaseTarget => "database_target",
            Self::NothingToAsk => "nothing_to_ask",
        }
    }

    /// All refusals, for the tests that look for their texts.
    pub const ALL: [Self; 9] = [
        Self::SelfLink,
        Self::Group,
        Self::IntoClient,
        Self::ClientToDatabase,
        Self::CdnTarget,
        Self::LoadBalancerTarget,
        Self::ServerTarget,
        Self::DatabaseTarget,
        Self::NothingToAsk,
    ];
}

/// Says whether requests can go from one kind to another.
///
/// # Errors
/// The reason why not.
pub const fn link_rule(from: Kind, to: Kind) -> Result<(), LinkRefusal> {
    if from.is_group() || to.is_group() {
        return Err(LinkRefusal::Group);
    }
    if matches!(to, Kind::Client) {
        return Err(LinkRefusal::IntoClient);
    }
    // What a visitor's request can reach by way of what stands in front.
    let works = matches!(to, Kind::Server | Kind::Function | Kind::Station);
    let front = matches!(to.role(), Role::Front);
    let allowed = match from {
        Kind::Client => {
            works || front || matches!(to, Kind::ObjectStore | Kind::Identity | Kind::Bastion)
        }
        Kind::Dns | Kind::Cdn => {
            works || (front && !matches!(to, Kind::Dns)) || matches!(to, Kind::ObjectStore)
        }
        Kind::WaitingRoom | Kind::RateLimiter | Kind::LoadBalancer => {
            works || (front && !matches!(to, Kind::Dns | Kind::Cdn))
        }
        Kind::ApiGateway => {
            works
                || (front && !matches!(to, Kind::Dns | Kind::Cdn))
                || matches!(to, Kind::Identity | Kind::Queue)
        }
        Kind::Server | Kind::Function | Kind::Worker | Kind::Station => {
            works || front || matches!(to.role(), Role::Backend)
        }
        Kind::Queue => matches!(
            to,
            Kind::Worker | Kind::Function | Kind::Queue | Kind::Station
        ),
        Kind::Notification => matches!(to, Kind::Queue | Kind::Function | Kind::Worker),
        Kind::Cache => matches!(
            to,
            Kind::Database
                | Kind::KeyValue
                | Kind::ObjectStore
                | Kind::ConnectionProxy
                | Kind::Station
        ),
        Kind::ConnectionProxy => matches!(to, Kind::Database),
        // From the primary to its replica, from one shard or site to another.
        Kind::Database => matches!(to, Kind::Database),
        Kind::KeyValue => matches!(to, Kind::KeyValue),
        Kind::ObjectStore => matches!(to, Kind::Queue | Kind::Function | Kind::ObjectStore),
        Kind::Identity => matches!(to, Kind::Database | Kind::KeyValue | Kind::Cache),
        Kind::Search | Kind::GraphStore | Kind::IdGenerator => matches!(to, Kind::Database),
        // What it watches or acts on.
        Kind::Monitor | Kind::Controller => !matches!(to, Kind::Bastion),
        Kind::Bastion => matches!(to, Kind::Server | Kind::Database | Kind::Worker),
        Kind::Region | Kind::Zone | Kind::AutoScalingGroup | Kind::Subnet => false,
    };
    if allowed {
        return Ok(());
    }
    Err(match from {
        Kind::Client if matches!(to, Kind::Database) => LinkRefusal::ClientToDatabase,
        Kind::Cdn => LinkRefusal::CdnTarget,
        Kind::LoadBalancer => LinkRefusal::LoadBalancerTarget,
        Kind::Server => LinkRefusal::ServerTarget,
        Kind::Database => LinkRefusal::DatabaseTarget,
        _ => LinkRefusal::NothingToAsk,
    })
}

/// Whether a component of this kind may have a link to itself.
#[must_use]
pub const fn may_link_itself(kind: Kind) -> bool {
    matches!(kind, Kind::Station)
}
