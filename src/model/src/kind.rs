//! The kinds of component: names, roles, what may stand in which box.

use serde::{Deserialize, Serialize};

/// What a component is. Every place that depends on the kind matches exhaustively, so that a new kind
/// cannot be half added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Visitors who arrive, wait, give up and refresh.
    Client,
    /// Answers names by a policy, watches targets; resolvers keep answers for a TTL.
    Dns,
    /// An edge cache for static content.
    Cdn,
    /// Lets visitors in at a rate or up to a ceiling; the others wait in line.
    WaitingRoom,
    /// A token bucket: what is too much is refused with 429.
    RateLimiter,
    /// Spreads requests over servers and watches their health.
    LoadBalancer,
    /// A managed front door: rate and burst limits, an integration time-out.
    ApiGateway,
    /// Runs the application.
    Server,
    /// Runs the application without servers: concurrency, quota, cold starts.
    Function,
    /// Takes messages from a queue and works on them.
    Worker,
    /// A textbook queue: FIFO places, parallel servers, a service time distribution.
    Station,
    /// Checks logins and tokens.
    Identity,
    /// Keeps messages until somebody has worked on them.
    Queue,
    /// Keeps copies of rows in memory, by key.
    Cache,
    /// Keeps the data; hands out connection slots.
    Database,
    /// A partitioned store without joins.
    KeyValue,
    /// Shares few database connections between many clients.
    ConnectionProxy,
    /// Keeps files.
    ObjectStore,
    /// A search engine: inverted index over shards, refreshed with a delay.
    Search,
    /// Keeps relations between users.
    GraphStore,
    /// Hands out identifiers.
    IdGenerator,
    /// Delivers messages to devices.
    Notification,
    /// Samples metrics, raises alarms and acts on them.
    Monitor,
    /// Switches over to a standby.
    Controller,
    /// The way in for administrators.
    Bastion,
    /// A group: a place with a network distance to other places, and a failure domain.
    Region,
    /// A group: a data centre within a region, and a failure domain.
    Zone,
    /// A group: copies of the one server inside it, started and stopped by rules.
    AutoScalingGroup,
    /// A group that only shows which network its components share.
    Subnet,
}

impl Kind {
    /// All kinds in the order of the palette.
    pub const ALL: [Self; 29] = [
        Self::Client,
        Self::Dns,
        Self::Cdn,
        Self::WaitingRoom,
        Self::RateLimiter,
        Self::LoadBalancer,
        Self::ApiGateway,
        Self::Server,
        Self::Function,
        Self::Worker,
        Self::Station,
        Self::Identity,
        Self::Queue,
        Self::Cache,
        Self::Database,
        Self::KeyValue,
        Self::ConnectionProxy,
        Self::ObjectStore,
        Self::Search,
        Self::GraphStore,
        Self::IdGenerator,
        Self::Notification,
        Self::Monitor,
        Self::Controller,
        Self::Bastion,
        Self::AutoScalingGroup,
        Self::Zone,
        Self::Region,
        Self::Subnet,
    ];

    /// The name in files, keys and new ids.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Dns => "dns",
            Self::Cdn => "cdn",
            Self::WaitingRoom => "waiting_room",
            Self::RateLimiter => "rate_limiter",
            Self::LoadBalancer => "load_balancer",
            Self::ApiGateway => "api_gateway",
            Self::Server => "server",
            Self::Function => "function",
            Self::Worker => "worker",
            Self::Station => "station",
            Self::Identity => "identity",
            Self::Queue => "queue",
            Self::Cache => "cache",
            Self::Database => "database",
            Self::KeyValue => "key_value",
            Self::ConnectionProxy => "connection_proxy",
            Self::ObjectStore => "object_store",
            Self::Search => "search",
            Self::GraphStore => "graph_store",
            Self::IdGenerator => "id_generator",
            Self::Notification => "notification",
            Self::Monitor => "monitor",
            Self::Controller => "controller",
            Self::Bastion => "bastion",
            Self::Region => "region",
            Self::Zone => "zone",
            Self::AutoScalingGroup => "auto_scaling_group",
            Self::Subnet => "subnet",
        }
    }

    /// Finds a kind by its slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What part it plays in a drawing.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Client => Role::Source,
            Self::Dns
            | Self::Cdn
            | Self::WaitingRoom
            | Self::RateLimiter
            | Self::LoadBalancer
            | Self::ApiGateway => Role::Front,
            Self::Server | Self::Function | Self::Worker | Self::Station => Role::Compute,
            Self::Identity
            | Self::Queue
            | Self::Cache
            | Self::Database
            | Self::KeyValue
            | Self::ConnectionProxy
            | Self::ObjectStore
            | Self::Search
            | Self::GraphStore
            | Self::IdGenerator
            | Self::Notification => Role::Backend,
            Self::Monitor | Self::Controller | Self::Bastion => Role::Control,
            Self::Region | Self::Zone | Self::AutoScalingGroup | Self::Subnet => Role::Group,
        }
    }

    /// Whether it is a box that holds components.
    #[must_use]
    pub const fn is_group(self) -> bool {
        matches!(self.role(), Role::Group)
    }

    /// Whether a box of kind `outer` may hold it. `None` is the canvas itself, which holds everything.
    #[must_use]
    pub const fn may_be_in(self, outer: Option<Self>) -> bool {
        let Some(outer) = outer else { return true };
        match outer {
            Self::Region => !matches!(self, Self::Region | Self::Client | Self::Cdn),
            Self::Zone => !matches!(
                self,
                Self::Region | Self::Zone | Self::Client | Self::Cdn | Self::Dns
            ),
            Self::Subnet => !matches!(
                self,
                Self::Region | Self::Zone | Self::Subnet | Self::Client | Self::Cdn | Self::Dns
            ),
            Self::AutoScalingGroup => matches!(self, Self::Server),
            _ => false,
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
            Self::Dns => &[
                "route 53",
                "route53",
                "name server",
                "resolver",
                "domain",
                "gslb",
            ],
            Self::WaitingRoom => &["queue-it", "virtual waiting room", "netfunnel", "ticketing"],
            Self::RateLimiter => &["waf", "throttle", "token bucket", "429"],
            Self::ApiGateway => &["api gateway", "kong", "apigee", "rest"],
            Self::Function => &["lambda", "serverless", "faas", "cloud functions"],
            Self::Worker => &["consumer", "batch", "celery", "sidekiq"],
            Self::Station => &["m/m/1", "m/m/c", "queueing", "textbook", "erlang"],
            Self::Identity => &["cognito", "login", "auth", "oauth", "token", "sso"],
            Self::Queue => &[
                "sqs",
                "kafka",
                "rabbitmq",
                "kinesis",
                "message queue",
                "broker",
            ],
            Self::Cache => &["elasticache", "redis", "memcached", "in-memory"],
            Self::KeyValue => &[
                "dynamodb",
                "nosql",
                "cassandra",
                "document store",
                "key-value",
            ],
            Self::ConnectionProxy => &["rds proxy", "pgbouncer", "proxysql", "pooler"],
            Self::ObjectStore => &["s3", "blob", "bucket", "minio", "storage"],
            Self::Search => &["opensearch", "elasticsearch", "lucene", "full text"],
            Self::GraphStore => &["neptune", "neo4j", "graph database", "friends"],
            Self::IdGenerator => &["snowflake", "uuid", "ticket server", "sequence"],
            Self::Notification => &["sns", "push", "fcm", "apns", "e-mail", "sms"],
            Self::Monitor => &["cloudwatch", "prometheus", "grafana", "alarm", "dashboard"],
            Self::Controller => &["failover", "arc", "orchestrator", "disaster recovery", "dr"],
            Self::Bastion => &["jump host", "ssh", "session manager"],
            Self::Subnet => &["vpc", "network", "public subnet", "private subnet"],
            Self::AutoScalingGroup => &["asg", "ec2 auto scaling", "scale out", "autoscaling"],
        }
    }

    /// The AWS product that comes nearest, for the optional captions.
    #[must_use]
    pub const fn aws_name(self) -> Option<&'static str> {
        match self {
            Self::Client | Self::WaitingRoom | Self::Station | Self::IdGenerator => None,
            Self::Cdn => Some("Amazon CloudFront"),
            Self::LoadBalancer => Some("Elastic Load Balancing"),
            Self::Server => Some("Amazon EC2"),
            Self::Database => Some("Amazon RDS"),
            Self::Region => Some("AWS Region"),
            Self::Zone => Some("Availability Zone"),
            Self::Dns => Some("Amazon Route 53"),
            Self::RateLimiter => Some("AWS WAF"),
            Self::ApiGateway => Some("Amazon API Gateway"),
            Self::Function => Some("AWS Lambda"),
            Self::Identity => Some("Amazon Cognito"),
            Self::Queue => Some("Amazon SQS"),
            Self::Cache => Some("Amazon ElastiCache"),
            Self::KeyValue => Some("Amazon DynamoDB"),
            Self::ConnectionProxy => Some("Amazon RDS Proxy"),
            Self::ObjectStore => Some("Amazon S3"),
            Self::Search => Some("Amazon OpenSearch Service"),
            Self::GraphStore => Some("Amazon Neptune"),
            Self::Notification => Some("Amazon SNS"),
            Self::Monitor => Some("Amazon CloudWatch"),
            Self::Controller => Some("Amazon Application Recovery Controller"),
            Self::Subnet => Some("Amazon VPC"),
            Self::Bastion => Some("EC2 (bastion host)"),
            Self::Worker => Some("Amazon EC2"),
            Self::AutoScalingGroup => Some("EC2 Auto Scaling"),
        }
    }
}

/// What part a kind plays in a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Requests begin here.
    Source,
    /// Stands in front of what works: passes requests on, or holds them up.
    Front,
    /// Works on requests and asks others meanwhile.
    Compute,
    /// Serves those that work.
    Backend,
    /// Watches and acts; no visitor's request passes through.
    Control,
    /// A box.
    Group,
}

impl Role {
    /// All of them, in the order of the palette.
    pub const ALL: [Self; 6] = [
        Self::Source,
        Self::Front,
        Self::Compute,
        Self::Backend,
        Self::Control,
        Self::Group,
    ];

    /// The name in text keys.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Front => "front",
            Self::Compute => "compute",
            Self::Backend => "backend",
            Self::Control => "control",
            Self::Group => "group",
        }
    }
}
