//! Walks programs: what an operation becomes on a component that runs it (servers, functions, workers).
//!
//! The executor knows steps, connections, caches in front of stores, branches and what to do when a step
//! fails. What a step costs its unit (processor, network card, identifiers) and what happens before and
//! after the program (threads, backlogs, batches) is the component's, behind [`Host`]. It keeps everything in
//! the call itself: stages, `pc`, `end`, `rescue`, `pending`, `need`, `held`, `since_ns`, `row`, `value`,
//! `wrote`, `transaction`. `row` is the row of the last statement, `value` the identifier drawn for the next
//! insert (0 for the store's own); at the end `value` becomes the version written last.

mod ask;
mod connect;
mod feed;
mod fork;

use std::rc::Rc;

use archplay_kernel::{Handle, mix};
use archplay_report::Reason;

use super::pools::{PoolWaits, Pools};
use crate::core::{Answer, Core, Outcome, Phase};
use crate::plant::{NOBODY, NodeId, Program, Step};
use connect::{Transaction, release};
pub(crate) use connect::{again, end_transactions, other, pool_timeouts, store_died};

/// Stages of a call whose program runs. The component's own stages are below 64.
pub(crate) const ON_CPU: u8 = 64;
/// Its answer's bytes wait for the network card or go over it.
pub(crate) const SENDS: u8 = 65;
/// It waits for a connection of the pool.
pub(crate) const FOR_CONNECTION: u8 = 66;
/// It has asked somebody and waits.
pub(crate) const ASKS: u8 = 67;
/// It has asked a cache and may have to ask the store.
pub(crate) const ASKS_CACHE: u8 = 68;
/// It waits for its branches.
pub(crate) const FORKED: u8 = 69;
/// It waits until it can draw an identifier.
pub(crate) const WAITS_ID: u8 = 70;
/// It wants nothing now and goes on.
pub(crate) const NOTHING: u8 = 71;
/// It got no connection and waits to try again.
pub(crate) const AGAIN: u8 = 72;

/// Purpose of the draws of CPU time.
const WORK: u64 = 0x776f_726b;

/// What came of drawing an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawn {
    /// This one.
    Id(u64),
    /// The store makes it when the row is inserted.
    ByStore,
    /// None now; ask again after so many nanoseconds.
    Wait(u64),
}

/// A component that runs programs.
pub(crate) trait Host {
    /// Which component it is.
    fn node(&self) -> NodeId;
    /// The connections of the unit on which a call runs.
    fn pools(&mut self, unit: u32) -> Option<&mut Pools>;
    /// Those of the component who wait for a connection.
    fn pool_waits(&mut self) -> Option<&mut PoolWaits>;
    /// Works on the call for so many nanoseconds of one core, then calls [`go_on`].
    fn work(&mut self, core: &mut Core, call: Handle, work_ns: f64);
    /// Sends bytes to whoever asked, or `inside` to a store, then calls [`go_on`].
    fn transmit(&mut self, core: &mut Core, call: Handle, bytes: u64, inside: bool);
    /// Draws an identifier by its own scheme.
    fn draw_id(&mut self, core: &mut Core, call: Handle, dataset: u32) -> Drawn;
    /// Whether names can be looked up: without, nobody new can be reached.
    fn resolves(&self) -> bool {
        true
    }
    /// The program has ended; the call still is in the component. A failure is counted already.
    fn ended(&mut self, core: &mut Core, call: Handle, result: Outcome);
}

/// Begins a program for a call that the component has entered.
pub(crate) fn start<H: Host>(host: &mut H, core: &mut Core, handle: Handle, program: Program) {
    if let Some(call) = core.call(handle) {
        (call.pc, call.end) = (program.begin, program.end);
        (call.rescue, call.held, call.beside) = (NOBODY, NOBODY, NOBODY);
        (call.pending, call.need, call.wrote) = (0, 0, 0);
        (call.transaction, call.in_transaction) = (Handle::NONE, false);
        go_on(host, core, handle);
    }
}

/// Begins a branch: to be called from `arrive` for [`Ask::Branch`]. Its steps are in the call already.
///
/// For the books it is no request of its own: whoever forked is inside already.
pub(crate) fn begin_branch<H: Host>(host: &mut H, core: &mut Core, handle: Handle) {
    let now = core.now;
    if let Some(call) = core.call(handle) {
        call.phase = Phase::Inside;
        call.arrived_ns = now;
    }
    go_on(host, core, handle);
}

/// Takes the next steps of a call's program until one takes time.
pub(crate) fn go_on<H: Host>(host: &mut H, core: &mut Core, handle: Handle) {
    let plant = Rc::clone(&core.plant);
    loop {
        let Some(call) = core.call(handle) else {
            return;
        };
        if call.phase != Phase::Inside {
            return;
        }
        if call.pc >= call.end {
            return end(host, core, handle, Ok(()));
        }
        // Steps are counted from the end, so that other programs do not change this one's draws.
        let left = call.end - call.pc;
        let step = plant.steps[call.pc as usize];
        call.pc += 1;
        match step {
            Step::Cpu(sampler) => {
                let work = sampler.sample_key(mix(mix(call.key, WORK), u64::from(left)));
                if work > 0.0 {
                    call.stage = ON_CPU;
                    return host.work(core, handle, work);
                }
            }
            Step::Ask { route, ask } => {
                return ask::step(host, core, handle, (route, ask), left);
            }
            Step::Begin => call.in_transaction = true,
            Step::End => release(host, core, handle, Transaction::Commits),
            Step::Send { bytes } => {
                call.stage = SENDS;
                return host.transmit(core, handle, bytes, false);
            }
            Step::SendMedia { inside } => {
                call.stage = SENDS;
                let bytes = core.media_bytes(handle);
                return host.transmit(core, handle, bytes, inside);
            }
            Step::Fork {
                branches,
                need,
                after,
            } => {
                let at = call.pc - 1;
                let unit = call.unit;
                call.stage = FORKED;
                (call.pending, call.need) = (branches as u16, need as u16);
                fork::begin(core, handle, (host.node(), unit), (at, branches));
                if need > 0 {
                    return;
                }
                if let Some(call) = core.call(handle) {
                    call.pc = after;
                }
            }
            Step::Done => {}
            Step::Try { until } => call.rescue = until,
            Step::EndTry { outer, .. } => call.rescue = outer,
            Step::Feed(step) => {
                let Some(work) = feed::step(core, handle, host.node(), step) else {
                    let node = host.node();
                    return fail(host, core, handle, Reason::NoRoute, node);
                };
                if work > 0.0 {
                    if let Some(call) = core.call(handle) {
                        call.stage = ON_CPU;
                    }
                    return host.work(core, handle, work);
                }
            }
            Step::Gather { route, ask } => {
                if !feed::gather(host, core, handle, (route, ask))
                    && core.call(handle).is_none_or(|call| call.stage != NOTHING)
                {
                    return;
                }
            }
            Step::OwnId { dataset } => match host.draw_id(core, handle, dataset) {
                Drawn::Id(id) => set_id(core, handle, id),
                Drawn::ByStore => set_id(core, handle, 0),
                Drawn::Wait(ns) => {
                    let now = core.now;
                    if let Some(call) = core.call(handle) {
                        call.pc -= 1;
                        call.stage = WAITS_ID;
                        call.in_line(now, ns.max(1));
                    }
                    return core.wait(handle, ns.max(1));
                }
            },
            Step::NoRoute => {
                let node = host.node();
                return fail(host, core, handle, Reason::NoRoute, node);
            }
        }
    }
}

/// The answer to a question of a call. Answers that come too late are ignored.
pub(crate) fn answered<H: Host>(host: &mut H, core: &mut Core, handle: Handle, answer: &Answer) {
    if answer.ask == core.plant.branch {
        fork::answered(host, core, handle, answer);
    } else {
        ask::answered(host, core, handle, answer);
    }
}

/// A call leaves before its program has ended: its connection goes back.
pub(crate) fn quit<H: Host>(host: &mut H, core: &mut Core, handle: Handle) {
    release(host, core, handle, Transaction::RollsBack);
    feed::leave(core, handle, Err(Reason::Timeout));
}

fn set_id(core: &mut Core, handle: Handle, id: u64) {
    if let Some(call) = core.call(handle) {
        call.value = id;
    }
}

/// A step fails for a reason that arose at `at`.
fn fail<H: Host>(host: &mut H, core: &mut Core, handle: Handle, reason: Reason, at: NodeId) {
    core.stats.cause(core.now, at, reason);
    failed(host, core, handle, reason);
}

/// A step has failed: the program goes on where it can do without, or ends.
fn failed<H: Host>(host: &mut H, core: &mut Core, handle: Handle, reason: Reason) {
    let Some(call) = core.call(handle) else {
        return;
    };
    if call.rescue == NOBODY {
        return end(host, core, handle, Err(reason));
    }
    call.pc = call.rescue;
    let at = call.rescue as usize;
    let kept = matches!(
        core.plant.steps[at],
        Step::EndTry {
            in_transaction: true,
            ..
        }
    );
    let transaction = match kept {
        true => Transaction::GoesOn,
        false => Transaction::RollsBack,
    };
    release(host, core, handle, transaction);
    go_on(host, core, handle);
}

fn end<H: Host>(host: &mut H, core: &mut Core, handle: Handle, result: Outcome) {
    let transaction = match result {
        Ok(()) => Transaction::Commits,
        Err(_) => Transaction::RollsBack,
    };
    release(host, core, handle, transaction);
    feed::leave(core, handle, result);
    let branch = core.plant.branch;
    let Some(call) = core.call(handle) else {
        return;
    };
    call.value = call.wrote;
    if call.ask == branch {
        core.finish(handle, result);
    } else {
        host.ended(core, handle, result);
    }
}
