//! Who is struck by a fault, by the model's table of kinds and by what this component has of its own.

use archplay_model::Kind;
use archplay_model::scenario::FaultAction;

use super::Node;

/// Whether a component has what a fault breaks: only then the log says that the fault begins there. What is in a box
/// is struck by itself.
pub(crate) fn feels(node: &Node, kind: Kind, action: FaultAction) -> bool {
    match (node, action) {
        (Node::Passive, _) => false,
        (Node::Cache(cache), FaultAction::KillShard { shard }) => cache.has_shard(shard),
        _ => action.is_of_network() || action.felt_by(kind),
    }
}
