//! Branches that run side by side: calls of a component to itself, which the call that forked waits for.

use archplay_kernel::Handle;
use archplay_report::Reason;

use super::{FORKED, Host, failed, go_on};
use crate::core::{Answer, Core};
use crate::plant::{NOBODY, NodeId, Step, Way};

/// Sends the branches of a fork as calls of the component to itself.
pub(super) fn begin(
    core: &mut Core,
    handle: Handle,
    (node, unit): (NodeId, u32),
    (at, branches): (u32, u32),
) {
    let plant = std::rc::Rc::clone(&core.plant);
    let way = Way {
        link: NOBODY,
        node,
        until: 1.0,
    };
    if let Some(call) = core.call(handle) {
        call.share = branches as u16;
    }
    let mut begin = at + 1;
    for _ in 0..branches {
        let mut done = begin;
        loop {
            match plant.steps.get(done as usize) {
                Some(Step::Fork { after, .. }) => done = *after,
                // Its own end is none of the branch's.
                Some(Step::Gather { .. }) => done += 3,
                Some(Step::Done) | None => break,
                Some(_) => done += 1,
            }
        }
        if let Some(mut call) = core.child(handle, plant.branch, node) {
            (call.pc, call.end) = (begin, done);
            // It commits each of its statements by itself, over connections of its own.
            call.transaction = Handle::NONE;
            core.send(call, way, unit);
        }
        begin = done + 1;
    }
}

/// A branch has ended. Its answer's row says which one it was.
pub(super) fn answered<H: Host>(host: &mut H, core: &mut Core, handle: Handle, answer: &Answer) {
    let Some(call) = core.call(handle) else {
        return;
    };
    call.wrote = call.wrote.max(answer.value);
    if call.stage != FORKED {
        return;
    }
    let at = call.pc - 1;
    let after = match core.plant.steps[at as usize] {
        Step::Fork { after, .. } => after,
        Step::Gather { .. } => at + 3,
        _ => return,
    };
    let Some(call) = core.call(handle) else {
        return;
    };
    if answer.row <= u64::from(at) || answer.row >= u64::from(after) {
        // Left over from an earlier fork, which did not need it.
        return;
    }
    call.pending = call.pending.saturating_sub(1);
    if answer.result.is_ok() {
        call.need = call.need.saturating_sub(1);
    }
    if call.need == 0 {
        call.pc = after;
        go_on(host, core, handle);
    } else if call.pending < call.need {
        call.need = 0;
        let reason = answer.result.err().unwrap_or(Reason::NoRoute);
        failed(host, core, handle, reason);
    }
}
