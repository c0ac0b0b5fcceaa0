//! Administrators: they go to a server directly, or by way of a bastion host.

use archplay_kernel::{Handle, mix};
use archplay_report::Reason;

use crate::core::{Core, Event};
use crate::plant::NodeId;

/// One-way delay of an administrator's connection, in nanoseconds.
const ADMIN_DELAY_NS: u64 = 5_000_000;

impl Core {
    /// An administrator goes straight to a server: one visit after the other goes round those that are there.
    #[cold]
    pub(super) fn dispatch_login(&mut self, handle: Handle, key: u64) -> Result<(), Reason> {
        let there: Vec<(NodeId, u32)> = self.units_for_login();
        if there.is_empty() {
            return Err(Reason::Refused);
        }
        let (node, unit) = there[(mix(key, 4) % there.len() as u64) as usize];
        let bastion = self.bastion_of(node);
        let now = self.now;
        let Some(call) = self.calls.get_mut(handle) else {
            return Ok(());
        };
        match bastion {
            Some(bastion) => {
                call.node = bastion;
                call.row = crate::kinds::destination(node, unit);
            }
            None => (call.node, call.unit) = (node, unit),
        }
        let node = call.node;
        call.sent_ns = now;
        call.back_ns = ADMIN_DELAY_NS;
        let at = now.saturating_add(ADMIN_DELAY_NS);
        self.queue.schedule(at, Event::Reach { call: handle, node });
        Ok(())
    }

    /// The bastion host that leads to a server, if there is one.
    fn bastion_of(&self, server: NodeId) -> Option<NodeId> {
        let askers = &self.plant.nodes[server as usize].askers;
        let bastion = |node: &&NodeId| {
            self.plant.nodes[**node as usize].kind == archplay_model::Kind::Bastion
        };
        askers.iter().find(bastion).copied()
    }

    /// Servers and their units that have booted at some time, whatever their state.
    fn units_for_login(&self) -> Vec<(NodeId, u32)> {
        let servers = (0_u32..)
            .zip(&self.plant.nodes)
            .filter(|(_, node)| node.kind == archplay_model::Kind::Server);
        servers
            .flat_map(|(node, _)| {
                let units = (0_u32..).zip(&self.boards[node as usize].units);
                units
                    .filter(|(_, unit)| unit.present)
                    .map(move |(unit, _)| (node, unit))
            })
            .collect()
    }
}
