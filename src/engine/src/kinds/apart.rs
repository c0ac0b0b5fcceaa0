//! What each kind does when something happens to it, a function for each kind.
//!
//! Every kind is called from one place alone, and the optimiser at the linking of the browser's program would move
//! all of them in there. A browser compiles function by function: whoever has only servers would wait for one that
//! holds every kind.

use archplay_kernel::Handle;
use archplay_model::scenario::FaultAction;

use super::Behaviour;
use crate::core::{Answer, Core, Notice, Phase};
use crate::plant::NodeId;

#[inline(never)]
pub(super) fn arrive<K: Behaviour>(kind: &mut K, core: &mut Core, handle: Handle) {
    // Here and not before it is called: the kind looks the call up, too, and the two become one.
    if let Some(call) = core.calls.get(handle)
        && call.phase == Phase::Going
    {
        kind.arrive(core, handle);
    }
}

#[inline(never)]
pub(super) fn due<K: Behaviour>(kind: &mut K, core: &mut Core, handle: Handle, epoch: u16) {
    if let Some(call) = core.calls.get(handle)
        && call.epoch == epoch
        && call.phase == Phase::Inside
    {
        kind.due(core, handle);
    }
}

#[inline(never)]
pub(super) fn answered<K: Behaviour>(kind: &mut K, core: &mut Core, call: Handle, answer: &Answer) {
    kind.answered(core, call, answer);
}

#[inline(never)]
pub(super) fn own_answered<K: Behaviour>(kind: &mut K, core: &mut Core, answer: &Answer) {
    kind.own_answered(core, answer);
}

#[inline(never)]
pub(super) fn timer<K: Behaviour>(kind: &mut K, core: &mut Core, tag: u32) {
    kind.timer(core, tag);
}

#[inline(never)]
pub(super) fn notice<K: Behaviour>(kind: &mut K, core: &mut Core, about: NodeId, notice: Notice) {
    kind.notice(core, about, notice);
}

#[inline(never)]
pub(super) fn fault<K: Behaviour>(
    kind: &mut K,
    core: &mut Core,
    node: NodeId,
    unit: Option<u32>,
    action: FaultAction,
    on: bool,
) {
    kind.fault(core, node, unit, action, on);
}
