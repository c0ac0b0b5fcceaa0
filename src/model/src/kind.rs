//! The kinds of component and which may be linked to which.

use serde::{Deserialize, Serialize};

/// What a component is. Every place that depends on the kind matches exhaustively, so that a new kind
/// cannot be half added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Visitors who arrive, wait, give up and refresh.
    Client,
    /// An edge cache for static content.
    Cdn,
    /// Spreads requests over servers and watches their health.
    LoadBalancer,
    /// Runs the application.
    Server,
    /// Keeps the data; hands out connection slots.
    Database,
    /// A group: a place with a network distance to other places, and a failure domain.
    Region,
    /// A group: a data centre within a region, and a failure domain.
    Zone,
    /// A group: copies of the one server inside it, started and stopped by rules.
    AutoScalingGroup,
}

impl Kind {
    /// All kinds in the order of the palette.
    pub const ALL: [Self; 8] = [
        Self::Client,
        Self::Cdn,
        Self::LoadBalancer,
        Self::Server,
        Self::Database,
        Self::AutoScalingGroup,
        Self::Zone,
        Self::Region,
    ];

    /// The name in files, keys and new ids.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Cdn => "cdn",
            Self::LoadBalancer => "load_balancer",
            Self::Server => "server",
            Self::Database => "database",
            Self::Region => "region",
            Self::Zone => "zone",
            Self::AutoScalingGroup => "auto_scaling_group",
        }
    }

    /// Finds a kind by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Whether it is a box that holds components.
    #[must_use]
    pub const fn is_group(self) -> bool {
        match self {
            Self::Region | Self::Zone | Self::AutoScalingGroup => true,
            Self::Client | Self::Cdn | Self::LoadBalancer | Self::Server | Self::Database => false,
        }
    }

    /// Whether a box of kind `outer` may hold it. `None` is the canvas itself, which holds everything.
    #[must_use]
    pub const fn may_be_in(self, outer: Option<Self>) -> bool {
        let Some(outer) = outer else { return true };
        match outer {
            Self::Region => !matches!(self, Self::Region | Self::Client | Self::Cdn),
            Self::Zone => matches!(
                self,
                Self::Server | Self::Database | Self::AutoScalingGroup | Self::LoadBalancer
            ),
            Self::AutoScalingGroup => matches!(self, Self::Server),
            Self::Client | Self::Cdn | Self::LoadBalancer | Self::Server | Self::Database => false,
        }
    }

    /// Words by which the palette's search finds it besides its names: AWS names and everyday words in
    /// Korean and English, lower case. They are identifiers to search by, never shown.
    #[must_use]
    pub const fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Client => &["user", "visitor", "browser", "mobile", "web"],
            Self::Cdn => &[
                "cloudfront",
                "edge",
                "static",
                "content delivery network",
                "cache",
            ],
            Self::LoadBalancer => &[
                "elb", "alb", "nlb", "lb", "nginx", "haproxy", "proxy", "l4", "l7",
            ],
            Self::Server => &[
                "ec2",
                "was",
                "web server",
                "app",
                "application",
                "tomcat",
                "instance",
                "vm",
            ],
            Self::Database => &[
                "rds",
                "aurora",
                "mysql",
                "postgresql",
                "sql",
                "dbms",
                "db",
                "oracle",
            ],
            Self::Region => &["aws region", "ap-northeast-2", "seoul", "tokyo"],
            Self::Zone => &[
                "availability zone",
                "az",
                "data center",
                "data centre",
                "idc",
            ],
            Self::AutoScalingGroup => &["asg", "ec2 auto scaling", "scale out", "autoscaling"],
        }
    }

    /// The AWS product that comes nearest, for the optional captions.
    #[must_use]
    pub const fn aws_name(self) -> Option<&'static str> {
        match self {
            Self::Client => None,
            Self::Cdn => Some("Amazon CloudFront"),
            Self::LoadBalancer => Some("Elastic Load Balancing"),
            Self::Server => Some("Amazon EC2"),
            Self::Database => Some("Amazon RDS"),
            Self::Region => Some("AWS Region"),
            Self::Zone => Some("Availability Zone"),
            Self::AutoScalingGroup => Some("EC2 Auto Scaling"),
        }
    }
}

/// A place on the map. Distances are in [`Place::rtt_ms`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Seoul; also where a component outside every region box stands.
    #[default]
    Seoul,
    /// Tokyo.
    Tokyo,
}

impl Place {
    /// All places, first the default.
    pub const ALL: [Self; 2] = [Self::Seoul, Self::Tokyo];

    /// The name in files and keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Seoul => "seoul",
            Self::Tokyo => "tokyo",
        }
    }

    /// Finds a place by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.slug() == slug)
    }

    /// Round-trip time between two places in milliseconds, 0 within one.
    ///
    /// Seoul to Tokyo 31.3 ms: measured between AWS regions, 2017 (see the lesson's sources).
    #[must_use]
    pub const fn rtt_ms(self, other: Self) -> f64 {
        match (self, other) {
            (Self::Seoul, Self::Seoul) | (Self::Tokyo, Self::Tokyo) => 0.0,
            (Self::Seoul, Self::Tokyo) | (Self::Tokyo, Self::Seoul) => 31.3,
        }
    }
}

/// Says why two components cannot be linked. The text is `link_refusal.<slug>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkRefusal {
    /// A link from a component to itself.
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
    /// A server asks databases.
    ServerTarget,
    /// A database asks nobody.
    DatabaseTarget,
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
        }
    }

    /// All refusals, for the tests that look for their texts.
    pub const ALL: [Self; 8] = [
        Self::SelfLink,
        Self::Group,
        Self::IntoClient,
        Self::ClientToDatabase,
        Self::CdnTarget,
        Self::LoadBalancerTarget,
        Self::ServerTarget,
        Self::DatabaseTarget,
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
    match from {
        Kind::Client => match to {
            Kind::Cdn | Kind::LoadBalancer | Kind::Server => Ok(()),
            _ => Err(LinkRefusal::ClientToDatabase),
        },
        Kind::Cdn => match to {
            Kind::LoadBalancer | Kind::Server => Ok(()),
            _ => Err(LinkRefusal::CdnTarget),
        },
        Kind::LoadBalancer => match to {
            Kind::Server | Kind::LoadBalancer => Ok(()),
            _ => Err(LinkRefusal::LoadBalancerTarget),
        },
        Kind::Server => match to {
            Kind::Database => Ok(()),
            _ => Err(LinkRefusal::ServerTarget),
        },
        Kind::Database => Err(LinkRefusal::DatabaseTarget),
        Kind::Region | Kind::Zone | Kind::AutoScalingGroup => Err(LinkRefusal::Group),
    }
}
