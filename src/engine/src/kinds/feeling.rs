//! Which faults do something to which kind. What they do lives with the kind.

use archplay_model::scenario::FaultAction;

use super::Node;

/// Whether a component has what a fault breaks: only then the log says that the fault begins there. What is in a box
/// is struck by itself.
pub(crate) fn feels(node: &Node, action: FaultAction) -> bool {
    match action {
        FaultAction::HogCpu { .. } => matches!(
            node,
            Node::Bastion(_)
                | Node::Cache(_)
                | Node::Database(_)
                | Node::GraphStore(_)
                | Node::Search(_)
                | Node::Server(_)
                | Node::Worker(_)
        ),
        FaultAction::LeakMemory { .. } => {
            matches!(node, Node::Cache(_) | Node::Database(_) | Node::Server(_))
        }
        FaultAction::FillDisk => matches!(node, Node::Database(_) | Node::Server(_)),
        FaultAction::StepClock { .. } => matches!(node, Node::IdGenerator(_) | Node::Server(_)),
        FaultAction::FailResolver => matches!(
            node,
            Node::Dns(_) | Node::Function(_) | Node::Server(_) | Node::Worker(_)
        ),
        FaultAction::Expire => matches!(node, Node::Cache(_) | Node::Cdn(_) | Node::Dns(_)),
        FaultAction::KillShard { shard } => match node {
            Node::Cache(cache) => cache.has_shard(shard),
            _ => false,
        },
        FaultAction::Kill
        | FaultAction::Restore
        | FaultAction::Slow { .. }
        | FaultAction::Lose { .. }
        | FaultAction::Cut => !matches!(node, Node::Passive),
    }
}
