//! Statements over connections: taking one, waiting for one, trying again, giving it back. Which store a statement
//! is for, and what its answer means, is in `ask`.

use std::rc::Rc;

use archplay_kernel::{Handle, mix};
use archplay_report::Reason;

use super::ask::about_to_ask;
use super::{AGAIN, ASKS, FOR_CONNECTION, Host, fail};
use crate::core::{Core, Notice, Phase, WAITS};
use crate::kinds::pools::{Lease, Taken, pooled};
use crate::plant::{
    AskId, Choice, LinkId, NOBODY, NodeId, Plant, RouteId, Step, Target, Way, cache_tier,
};

/// A statement for a store: over a connection, where the store hands out connections.
pub(super) fn ask_store<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    plant: &Plant,
    (route, ask): (RouteId, AskId),
) {
    let Some(call) = core.call(handle) else {
        return;
    };
    let (row, unit, held, in_transaction) = (call.row, call.unit, call.held, call.in_transaction);
    let way = match route {
        NOBODY => None,
        route => match in_transaction {
            true => begun_with(host, plant, route, (unit, held)),
            false => None,
        }
        .or_else(|| core.choose(handle, route, ask, row)),
    };
    let Some((way, chosen)) = way else {
        let node = host.node();
        return fail(host, core, handle, Reason::NoRoute, node);
    };
    let pool = match host.pools(unit) {
        Some(pools) if pooled(plant.nodes[way.node as usize].kind) => pools.of(way.node),
        _ => None,
    };
    let Some(pool) = pool else {
        if let Some(row) = about_to_ask(host, core, handle, ASKS) {
            core.ask_chosen(handle, (route, ask), (way, chosen), row);
        }
        return;
    };
    let node = host.node();
    if core.call(handle).is_some_and(|call| call.tries == 0) {
        core.begins_to_ask(node);
    }
    let has = host
        .pools(unit)
        .is_some_and(|pools| pools.is_of(held, pool));
    if has {
        return send_statement(host, core, handle);
    }
    // A transaction over two databases keeps one connection at a time.
    release_connection(host, core, handle, true);
    let (resolves, now) = (host.resolves(), core.now);
    if core.is_cut_off(node, way.link) {
        return no_connection(host, core, handle, way.link, (Reason::CircuitOpen, node));
    }
    let taken = match host.pools(unit) {
        Some(pools) => pools.take(core, pool, handle, resolves, node),
        None => Taken::Failed(Reason::NoRoute, node),
    };
    if let Some(waits) = host.pool_waits() {
        waits.count(core);
    }
    match taken {
        Taken::Has(lease) => {
            if let Some(call) = core.call(handle) {
                call.held = lease;
            }
            send_statement(host, core, handle);
        }
        Taken::Waits => {
            if let Some(call) = core.call(handle) {
                call.stage = FOR_CONNECTION;
                call.since_ns = now;
                call.wants = way.link;
            }
            if let Some(waits) = host.pool_waits() {
                waits.add(core, handle);
            }
        }
        Taken::Failed(reason, at) => no_connection(host, core, handle, way.link, (reason, at)),
    }
}

/// Of several equals, the one with which a transaction has begun.
fn begun_with<H: Host>(
    host: &mut H,
    plant: &Plant,
    route: RouteId,
    (unit, held): (u32, u32),
) -> Option<Target> {
    if plant.routes[route as usize].choice != Choice::Turns {
        return None;
    }
    let node = host.pools(unit)?.drawn(held)?;
    let mut ways = plant.ways(route).iter();
    ways.find(|way| way.node == node).map(|way| (*way, NOBODY))
}

/// There is no connection for the statement under way, for a reason that arose at a component: it is tried again
/// later, if the component asks again at all, or fails.
fn no_connection<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    link: LinkId,
    (reason, at): (Reason, NodeId),
) {
    let node = host.node();
    let Some(call) = core.call(handle) else {
        return;
    };
    call.tries = call.tries.saturating_add(1);
    // A wait of its own for each statement.
    let left = call.end - call.pc;
    let key = mix(mix(call.key, WAITS), u64::from(left) << 32);
    let (tries, now) = (u32::from(call.tries), core.now);
    let wait = core.without_connection((node, link), tries, reason, key);
    let Some(wait) = wait else {
        if let Some(call) = core.call(handle) {
            call.tries = 0;
        }
        return fail(host, core, handle, reason, at);
    };
    core.stats.cause(now, at, reason);
    if let Some(call) = core.call(handle) {
        call.stage = AGAIN;
        call.since_ns = now;
    }
    core.wait(handle, wait.max(1));
}

/// It is time to try again to get a connection for the statement under way.
pub(crate) fn again<H: Host>(host: &mut H, core: &mut Core, handle: Handle) {
    let plant = Rc::clone(&core.plant);
    let Some(call) = core.call(handle) else {
        return;
    };
    let Some((route, ask)) = of_store(&plant, call.pc) else {
        return;
    };
    ask_store(host, core, handle, &plant, (route, ask));
}

/// By which route the statement before a step goes to its store.
fn of_store(plant: &Plant, pc: u32) -> Option<(RouteId, AskId)> {
    let Step::Ask { route, ask } = plant.steps[pc as usize - 1] else {
        return None;
    };
    let route = if cache_tier(plant, route) {
        plant.routes[route as usize].next
    } else {
        route
    };
    Some((route, ask))
}

/// Whom the statement under way asks a second time: another store that would do, over a connection that is free.
/// Nobody waits for one.
pub(crate) fn other<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    first: Way,
) -> Option<Target> {
    let call = *core.calls.get(handle)?;
    if call.in_transaction || call.held == NOBODY {
        return None;
    }
    if call.beside != NOBODY {
        // That of an earlier try.
        let way = host.pools(call.unit)?.way(call.beside);
        return way.map(|way| (way, NOBODY));
    }
    let (route, _) = of_store(&core.plant, call.pc)?;
    let way = core.beside(route, first)?;
    let (node, resolves) = (host.node(), host.resolves());
    if core.is_cut_off(node, way.link) {
        return None;
    }
    let pools = host.pools(call.unit)?;
    let lease = pools.take_free(core, pools.of(way.node)?, resolves)?;
    let way = pools.way(lease)?;
    if let Some(call) = core.call(handle) {
        call.beside = lease;
    }
    Some((way, NOBODY))
}

/// Sends the statement under way over the connection that the call has.
fn send_statement<H: Host>(host: &mut H, core: &mut Core, handle: Handle) {
    let Some(call) = core.call(handle) else {
        return;
    };
    let (unit, held, pc) = (call.unit, call.held, call.pc);
    let way = host.pools(unit).and_then(|pools| pools.way(held));
    let Step::Ask { ask, .. } = core.plant.steps[pc as usize - 1] else {
        return;
    };
    if let (Some(way), Some(call)) = (way, core.call(handle)) {
        call.stage = ASKS;
        call.tries = 0;
        call.transaction = if call.in_transaction {
            handle
        } else {
            Handle::NONE
        };
        core.ask_over(handle, way, NOBODY, ask);
    }
}

/// What becomes of a transaction, if one is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transaction {
    GoesOn,
    Commits,
    /// What it did is undone.
    RollsBack,
}

/// Gives the connection back, unless a transaction goes on.
pub(super) fn release<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    transaction: Transaction,
) {
    let Some(call) = core.call(handle) else {
        return;
    };
    if call.in_transaction && transaction == Transaction::GoesOn {
        return;
    }
    let commits = transaction == Transaction::Commits;
    release_connection(host, core, handle, commits);
    if let Some(call) = core.call(handle) {
        call.in_transaction = false;
    }
}

fn release_connection<H: Host>(host: &mut H, core: &mut Core, handle: Handle, commits: bool) {
    let Some(call) = core.call(handle) else {
        return;
    };
    let beside = std::mem::replace(&mut call.beside, NOBODY);
    if beside != NOBODY {
        let unit = call.unit;
        hand_on(host, core, unit, beside);
    }
    let Some(call) = core.call(handle) else {
        return;
    };
    let held = std::mem::replace(&mut call.held, NOBODY);
    if held == NOBODY {
        return;
    }
    let (unit, in_transaction) = (call.unit, call.in_transaction);
    call.transaction = Handle::NONE;
    let node = host.node();
    let Some(pools) = host.pools(unit) else {
        return;
    };
    if in_transaction
        && pools.holds(held)
        && let Some(way) = pools.way(held)
    {
        let owner = handle;
        core.tell_one(way.node, node, Notice::TransactionEnded { owner, commits });
    }
    hand_on(host, core, unit, held);
}

/// A connection is free again: the next in line has it.
fn hand_on<H: Host>(host: &mut H, core: &mut Core, unit: u32, held: Lease) {
    let node = host.node();
    while let Some(next) = host
        .pools(unit)
        .and_then(|pools| pools.give_back(core, held))
    {
        if core.expired(next) {
            fail(host, core, next, Reason::CallTimeout, node);
            continue;
        }
        let now = core.now;
        if let Some(call) = core.call(next) {
            call.held = held;
            let waited = now - call.since_ns;
            call.pool_us = call.pool_us.saturating_add((waited / 1_000) as u32);
            if let Some(waits) = host.pool_waits() {
                waits.waited(core, waited);
            }
        }
        return send_statement(host, core, next);
    }
}

/// Those who have waited too long for a connection fail: to be called when the timer of the waits fires.
pub(crate) fn pool_timeouts<H: Host>(host: &mut H, core: &mut Core) {
    let node = host.node();
    while let Some(call) = host.pool_waits().and_then(|waits| waits.pop_due(core)) {
        let link = core.call(call).map_or(NOBODY, |call| call.wants);
        no_connection(host, core, call, link, (Reason::PoolTimeout, node));
    }
    if let Some(waits) = host.pool_waits() {
        waits.rearm(core);
    }
}

/// A database or proxy died: the connections of these units to it are lost, and who waits for one fails.
pub(crate) fn store_died<H: Host>(host: &mut H, core: &mut Core, store: NodeId, units: u32) {
    for unit in 0..units {
        let lost = host.pools(unit).map(|pools| pools.lose(core, store));
        for call in lost.unwrap_or_default() {
            let link = core.call(call).map_or(NOBODY, |call| call.wants);
            no_connection(host, core, call, link, (Reason::ConnectionLost, store));
        }
    }
}

/// A unit goes with all that is in it: the stores learn that its transactions are over. To be called before
/// its pools are closed and its calls dropped.
pub(crate) fn end_transactions<H: Host>(host: &mut H, core: &mut Core, unit: u32) {
    let node = host.node();
    let inside = core.calls.iter().filter(|(_, call)| {
        call.node == node
            && call.unit == unit
            && call.phase == Phase::Inside
            && call.in_transaction
            && call.held != NOBODY
    });
    let open: Vec<(Handle, u32)> = inside.map(|(handle, call)| (handle, call.held)).collect();
    for (handle, held) in open {
        let way = match host.pools(unit) {
            Some(pools) if pools.holds(held) => pools.way(held),
            _ => None,
        };
        if let Some(way) = way {
            let (owner, commits) = (handle, false);
            core.tell_one(way.node, node, Notice::TransactionEnded { owner, commits });
        }
    }
}
