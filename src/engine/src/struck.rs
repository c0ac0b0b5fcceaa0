//! What faults have done to whom, as long as it holds. Several may do the same to one: then the strongest counts, and
//! it is over when the last of them has ended. Who is meant, and what is done to them, must not live here.

use archplay_model::Place;
use archplay_model::scenario::FaultAction;

use crate::plant::{LinkId, NodeId};

/// The number of all that a person does: what is done by hand takes the place of what was done by hand before.
pub(crate) const BY_HAND: u32 = u32::MAX;

/// What a fault changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// A component, or one unit of it where the units have it each by itself.
    Node(NodeId, Option<u32>),
    Link(LinkId),
    /// The resolvers of the visitors in a place.
    Resolvers(Place),
}

/// A fault that holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struck {
    /// The fault's number.
    pub by: u32,
    pub hit: Hit,
    /// The unit that was meant, also where all units have it together.
    pub unit: Option<u32>,
    pub action: FaultAction,
}

impl Struck {
    /// Whether another does the same to the same, as strongly or not. Each shard is one of its own.
    fn is_like(&self, hit: Hit, action: FaultAction) -> bool {
        let shards = matches!(action, FaultAction::KillShard { .. });
        self.hit == hit
            && std::mem::discriminant(&self.action) == std::mem::discriminant(&action)
            && (!shards || self.action == action)
    }
}

/// All faults that hold, in the order in which they began. A kill is here only if it was for one of several: it must
/// end for the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holding(Vec<Struck>);

impl Holding {
    pub(crate) fn add(&mut self, struck: Struck) {
        self.0
            .retain(|other| !(other.by == struck.by && other.is_like(struck.hit, struck.action)));
        self.0.push(struck);
    }

    /// The strongest of what does this to somebody.
    pub(crate) fn strongest(&self, hit: Hit, action: FaultAction) -> Option<FaultAction> {
        let strength = |action: &FaultAction| action.strength().unwrap_or(0.0);
        self.0
            .iter()
            .filter(|struck| struck.is_like(hit, action))
            .map(|struck| struck.action)
            .max_by(|a, b| strength(a).total_cmp(&strength(b)))
    }

    /// Takes out those of which this is true.
    pub(crate) fn take(&mut self, ends: impl Fn(&Struck) -> bool) -> Vec<Struck> {
        let (ended, stay) = std::mem::take(&mut self.0).into_iter().partition(ends);
        self.0 = stay;
        ended
    }

    /// Whether a kill that was for one holds a component or a unit of it.
    pub(crate) fn kills(&self, node: NodeId, unit: Option<u32>) -> bool {
        self.0.iter().any(|struck| {
            let whole = struck.hit == Hit::Node(node, None);
            struck.action == FaultAction::Kill && (whole || struck.hit == Hit::Node(node, unit))
        })
    }
}
