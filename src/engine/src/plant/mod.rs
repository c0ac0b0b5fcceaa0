//! The plant: a design and a scenario as dense arrays, every name and provider resolved. Nothing in here
//! changes during a run; what changes is in `core` and in the nodes.

mod ask;
mod policy;
mod program;
mod route;

pub(crate) use ask::{Access, Ask, Statement};
pub(crate) use policy::{Backoff, MAX_BUDGET, Policy};
pub(crate) use program::{FeedStep, Program, Step};
pub(crate) use route::{Choice, Route, Target, Way};

use archplay_kernel::{RateCurve, Sampler};
use archplay_model::scenario::{
    Arrivals, Batch, Business, FaultAction, FaultTarget, Prices, Refresh, State,
};
use archplay_model::{Id, Kind, LinkKey, Place};

/// Index of a component.
pub(crate) type NodeId = u32;
/// Index of a thing that can be asked for, into [`Plant::asks`].
pub(crate) type AskId = u32;
/// Index into [`Plant::routes`].
pub(crate) type RouteId = u32;
/// Index into [`Plant::links`].
pub(crate) type LinkId = u32;

/// No component, unit, link, route or dataset.
pub(crate) const NOBODY: u32 = u32::MAX;

/// A component as far as every kind shares it.
#[derive(Clone, Debug)]
pub(crate) struct NodePlan {
    pub id: Id,
    pub kind: Kind,
    pub place: Place,
    /// A number for its id, so that its random draws are its own whatever else is on the drawing.
    pub salt: u64,
    /// Itself and the boxes around it, innermost first.
    pub domains: Vec<NodeId>,
    /// For each unit (instance) the zone it was put into by its group; empty if there is none.
    pub unit_zones: Vec<NodeId>,
    /// How it asks others; `NOBODY` for plainly.
    pub policy: u32,
    /// What one unit costs for an hour.
    pub hour_price: f64,
    /// Whether a cache takes writes and passes them on itself (through or behind).
    pub takes_writes: bool,
    /// Components with a link to it.
    pub askers: Vec<NodeId>,
    /// How many addresses an answer of this name server may have: 1 for everyone else.
    pub addresses: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct LinkPlan {
    pub key: LinkKey,
    pub from: NodeId,
    pub to: NodeId,
    /// One-way delay in nanoseconds.
    pub delay_ns: u64,
    /// Whether the two ends stand in different places.
    pub far: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct DatasetPlan {
    pub id: Id,
    pub rows: u64,
    pub row_bytes: u32,
    pub salt: u64,
    pub popularity: archplay_kernel::Zipf,
    pub stock: Option<u32>,
}

/// What the browser sends for an operation, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leg {
    pub ask: AskId,
}

#[derive(Clone, Debug)]
pub(crate) struct OperationPlan {
    pub id: Id,
    pub admin: bool,
    /// Run from queues alone: no visitor asks for it, a message does.
    pub queued: bool,
    pub legs: Vec<Leg>,
    /// Whether one of the legs is about media, for which there may be nothing to ask.
    pub media: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct JourneyStepPlan {
    pub operation: u32,
    /// Other operations with the cumulated weights; the step's own comes first with weight 1.
    pub alternatives: Vec<(u32, f64)>,
    pub think_ns: f64,
    pub probability: f64,
    pub gives: Option<State>,
    pub needs: Option<State>,
}

#[derive(Clone, Debug)]
pub(crate) struct AudiencePlan {
    pub id: Id,
    pub admin: bool,
    pub steps: Vec<JourneyStepPlan>,
    pub within_ns: u64,
    pub curve: RateCurve,
    pub arrivals: Arrivals,
    /// Gaps with mean 1, for [`Arrivals::Gaps`].
    pub gaps: Sampler,
    pub batch: Option<Batch>,
    pub limit: u64,
    pub timeout_ns: u64,
    pub refresh: Refresh,
    /// The client components that it comes through.
    pub clients: Vec<NodeId>,
}

impl AudiencePlan {
    /// The client that a visitor comes through; `NOBODY` for administrators.
    pub(crate) fn client(&self, key: u64) -> NodeId {
        let clients = &self.clients;
        match clients.len() {
            0 => NOBODY,
            1 => clients[0],
            n => clients[(archplay_kernel::mix(key, 3) % n as u64) as usize],
        }
    }
}

/// A day of the scenario's clock.
pub(crate) const DAY_SECS: u32 = 86_400;

/// When the clock shows a time of day for the first time in a run, in seconds after its start.
pub(crate) const fn until_clock(start_secs: u32, at_secs: u32) -> u32 {
    if at_secs < start_secs {
        at_secs + DAY_SECS - start_secs
    } else {
        at_secs - start_secs
    }
}

#[derive(Clone, Debug)]
pub(crate) struct FaultPlan {
    pub at_ns: u64,
    pub action: FaultAction,
    pub target: FaultTarget,
    /// Whether this is the end of a fault with this action, which undoes it.
    pub ends: bool,
    /// Which fault of the scenario this is the begin or end of.
    pub number: u32,
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
    pub nodes: Vec<NodePlan>,
    pub links: Vec<LinkPlan>,
    pub datasets: Vec<DatasetPlan>,
    pub asks: Vec<Ask>,
    pub statements: Vec<Statement>,
    /// The asks for a health check, and for a branch of a program.
    pub health: AskId,
    pub branch: AskId,
    /// The ask by which a database passes a write on to a copy.
    pub replicate: AskId,
    pub ways: Vec<Way>,
    pub routes: Vec<Route>,
    /// For each component and ask, component by component: the route by which it asks for it.
    pub route_of: Vec<RouteId>,
    pub policies: Vec<Policy>,
    pub steps: Vec<Step>,
    pub operations: Vec<OperationPlan>,
    pub audiences: Vec<AudiencePlan>,
    pub faults: Vec<FaultPlan>,
    /// The news feed, if the scenario has one.
    pub feed: Option<crate::feed::FeedPlan>,
    pub prices: Prices,
    pub business: Option<Business>,
    /// The operation whose successes are the orders: what the business names, or, if that only publishes, the
    /// operation that works on its messages. `NOBODY` for none.
    pub order: u32,
}

impl Plant {
    /// The route by which a component asks for something; `NOBODY` if it has no way.
    pub(crate) fn route(&self, node: NodeId, ask: AskId) -> RouteId {
        self.route_of[node as usize * self.asks.len() + ask as usize]
    }

    /// The ways of a route.
    pub(crate) fn ways(&self, route: RouteId) -> &[Way] {
        match self.routes.get(route as usize) {
            Some(route) => &self.ways[route.first as usize..(route.first + route.count) as usize],
            None => &[],
        }
    }

    /// The component with this id.
    pub(crate) fn node(&self, id: &Id) -> Option<NodeId> {
        // Components stand in the order of their ids.
        let found = self.nodes.binary_search_by(|node| node.id.cmp(id));
        found.ok().map(|index| index as u32)
    }
}

/// The dataset that an ask is about.
pub(crate) fn dataset_of(plant: &Plant, ask: AskId) -> Option<u32> {
    match plant.asks[ask as usize] {
        Ask::Data { statement } | Ask::Media { statement, .. } => {
            Some(plant.statements[statement as usize].dataset)
        }
        _ => None,
    }
}

impl Plant {
    /// Whether a transaction that has come this far in its program is committed by a question of its own.
    pub(crate) fn commits_later(&self, pc: u32) -> bool {
        let steps = self.steps.get(pc as usize..).unwrap_or_default().iter();
        let mut asks = steps
            .take_while(|step| !matches!(step, Step::End))
            .filter_map(|step| match *step {
                Step::Ask { ask, .. } => Some(self.asks[ask as usize]),
                _ => None,
            });
        asks.any(|ask| {
            matches!(ask, Ask::Data { statement }
                if self.statements[statement as usize].access == Access::Commit)
        })
    }
}

/// Whether those of a route are caches.
pub(crate) fn cache_tier(plant: &Plant, route: RouteId) -> bool {
    let ways = plant.ways(route);
    let cache = |way: &Way| plant.nodes[way.node as usize].kind == Kind::Cache;
    ways.first().is_some_and(cache)
}
