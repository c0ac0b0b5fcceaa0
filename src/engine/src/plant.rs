//! The plant: a design and a scenario as dense arrays, every provider resolved. Nothing in here changes
//! during a run; what changes is in `world`.

use archplay_kernel::RateCurve;
use archplay_model::scenario::{Arrivals, Refresh};
use archplay_model::{Id, Kind, LinkKey, Place};

/// The most hops from a client to a server. A longer way counts as none.
pub(crate) const MAX_HOPS: usize = 8;

/// No component, database or target.
pub(crate) const NOBODY: u32 = u32::MAX;

/// Who a request can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A CDN, by index.
    Cdn(u32),
    /// A load balancer, by index.
    Balancer(u32),
    /// A server component, by index; one of its instances takes the request.
    Server(u32),
    /// One instance, chosen by a load balancer.
    Instance(u32),
}

/// One way out of a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub link: u32,
    pub node: Node,
}

/// A component as far as every kind shares it.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub id: Id,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) struct LinkPlan {
    pub key: LinkKey,
    /// One-way delay in nanoseconds.
    pub delay_ns: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct ClientPlan {
    pub part: u32,
    pub ways: [Vec<Way>; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct CdnPlan {
    pub part: u32,
    pub ways: [Vec<Way>; 2],
    pub ttl_ns: u64,
    pub origin_timeout_ns: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    RoundRobin,
    LeastOutstanding,
    PowerOfTwo,
    Random,
}

#[derive(Clone, Debug)]
pub(crate) struct BalancerPlan {
    pub part: u32,
    pub place: Place,
    pub algorithm: Algorithm,
    pub ways: Vec<Way>,
    pub interval_ns: u64,
    pub timeout_ns: u64,
    pub idle_timeout_ns: u64,
    pub unhealthy: u32,
    pub healthy: u32,
}

/// A failure domain and what an instance needs of its server.
#[derive(Clone, Debug)]
pub(crate) struct ServerPlan {
    pub part: u32,
    pub place: Place,
    pub cores: u32,
    pub memory: f64,
    pub base_memory: f64,
    pub request_memory: f64,
    pub connection_memory: f64,
    pub workers: u32,
    pub backlog: usize,
    /// Nanoseconds a byte.
    pub nic_ns_per_byte: f64,
    pub restart_ns: u64,
    pub pool_size: u32,
    pub pool_timeout_ns: u64,
    /// Databases linked, by index, with the link; the position is the pool's.
    pub stores: Vec<(u32, u32)>,
    /// Instances, as a range of instance indices.
    pub first: u32,
    pub count: u32,
    pub group: Option<u32>,
    /// For every operation and leg: the steps, as a range into `Plant::steps`.
    pub programs: Vec<Vec<(u32, u32)>>,
    /// For every operation: whether it runs here.
    pub handles: Vec<bool>,
}

#[derive(Clone, Debug)]
pub(crate) struct InstancePlan {
    pub server: u32,
    /// Ids of the boxes it stands in, for faults.
    pub domains: Vec<Id>,
}

#[derive(Clone, Debug)]
pub(crate) struct StorePlan {
    pub part: u32,
    pub place: Place,
    pub domains: Vec<Id>,
    pub cores: u32,
    pub slots: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct GroupPlan {
    pub part: u32,
    pub server: u32,
    pub min: u32,
    pub max: u32,
    pub desired: u32,
    pub tracking: bool,
    /// 0 to 1.
    pub target: f64,
    pub period_ns: u64,
    pub out_points: u32,
    pub in_points: u32,
    pub boot_ns: u64,
    pub warmup_ns: u64,
    /// (time since the start, count), in order of time.
    pub schedule: Vec<(u64, u32)>,
}

/// One step of a program on a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// CPU time with this mean in nanoseconds.
    Cpu { mean_ns: f64, exponential: bool },
    /// A statement at the database in this pool.
    Store {
        pool: u32,
        cpu_ns: f64,
        commit_ns: u64,
    },
    /// The connection of the next statement is kept …
    Begin,
    /// … until here.
    End,
    /// Bytes out by the network card.
    Send { bytes: u64 },
    /// Nobody holds the dataset.
    NoRoute,
}

/// What the browser sends for an operation, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegPlan {
    Dynamic,
    Static { bytes: u64 },
}

impl LegPlan {
    /// The index into `ways`: 0 dynamic, 1 static.
    pub(crate) const fn way(self) -> usize {
        match self {
            Self::Dynamic => 0,
            Self::Static { .. } => 1,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct OperationPlan {
    pub id: Id,
    pub admin: bool,
    /// Mean CPU time of a login, for administrators.
    pub login_ns: f64,
    pub legs: Vec<LegPlan>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct JourneyStepPlan {
    pub operation: u32,
    pub think_ns: f64,
    pub probability: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct AudiencePlan {
    pub id: Id,
    pub admin: bool,
    pub steps: Vec<JourneyStepPlan>,
    pub within_ns: u64,
    pub curve: RateCurve,
    pub arrivals: Arrivals,
    pub timeout_ns: u64,
    pub refresh: Refresh,
    pub clients: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(crate) enum FaultScope {
    /// Everything with this box or component around it, or being it.
    Domain(Id),
    OneServer,
    Place(Place),
}

#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    pub at_ns: u64,
    pub kill: bool,
    pub scope: FaultScope,
}

/// Everything that does not change during a run.
#[derive(Clone, Debug)]
pub(crate) struct Plant {
    pub seed: u64,
    pub start_secs: u32,
    pub end_ns: u64,
    pub bucket_secs: u32,
    /// The focus window in nanoseconds since the start.
    pub focus: (u64, u64),
    pub parts: Vec<Part>,
    pub links: Vec<LinkPlan>,
    pub clients: Vec<ClientPlan>,
    pub cdns: Vec<CdnPlan>,
    pub balancers: Vec<BalancerPlan>,
    pub balancer_domains: Vec<Vec<Id>>,
    pub servers: Vec<ServerPlan>,
    pub instances: Vec<InstancePlan>,
    pub stores: Vec<StorePlan>,
    pub groups: Vec<GroupPlan>,
    pub steps: Vec<Step>,
    pub operations: Vec<OperationPlan>,
    pub audiences: Vec<AudiencePlan>,
    pub faults: Vec<FaultPlan>,
    pub prices: archplay_model::scenario::Prices,
}
