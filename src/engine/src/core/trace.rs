//! Traces: spans of a sample of requests. Filled in by the tracer's own rules; decides nothing.

use archplay_kernel::Handle;

use super::Call;
use crate::plant::NodeId;

/// Collects spans.
#[derive(Clone, Debug)]
pub(crate) struct Tracer {
    pub seed: u64,
}

impl Tracer {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A call leaves a component.
    pub(crate) fn left(&mut self, _now: u64, _call: &Call, _node: NodeId) {}

    /// A visitor no longer waits for a call.
    pub(crate) fn gave_up(&mut self, _now: u64, _call: Handle) {}
}
