//! Not written yet.

use archplay_kernel::Handle;
use archplay_model::Component;
use archplay_model::scenario::FaultAction;
use archplay_report::Reason;

use super::Behaviour;
use crate::compile::Compiler;
use crate::core::Core;
use crate::plant::NodeId;

#[derive(Clone, Debug)]
pub(crate) struct Database {
    node: NodeId,
}

impl Database {
    pub(crate) fn new(_compiler: &mut Compiler<'_>, _component: &Component, node: NodeId) -> Self {
        Self { node }
    }
}

impl Behaviour for Database {
    fn arrive(&mut self, core: &mut Core, call: Handle) {
        core.fail(call, Reason::NoRoute, self.node);
    }

    fn fault(
        &mut self,
        _core: &mut Core,
        _node: NodeId,
        _unit: Option<u32>,
        _action: FaultAction,
        _on: bool,
    ) {
    }
}
