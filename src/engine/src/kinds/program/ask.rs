//! Questions of a program to others: by which tier, and what the answers mean. Connections are in `connect`.

use std::rc::Rc;

use archplay_kernel::{Handle, mix};
use archplay_report::Reason;

use super::connect::{Transaction, ask_store, release};
use super::{ASKS, ASKS_CACHE, Host, fail, failed, feed, go_on};
use crate::core::{Answer, Core, MISS, Notice};
use crate::plant::{
    Access, Ask, AskId, NOBODY, NodeId, Plant, RouteId, Statement, Step, cache_tier,
};
use crate::world::nobody_there;

/// Purpose of the draws of rows.
const ROW: u64 = 0x0072_6f77;

fn statement(plant: &Plant, ask: AskId) -> Option<&Statement> {
    match plant.asks[ask as usize] {
        Ask::Data { statement } => Some(&plant.statements[statement as usize]),
        _ => None,
    }
}

/// Whether the caches of a route pass on themselves what they do not have, and what is written.
fn takes_writes(plant: &Plant, route: RouteId) -> bool {
    let ways = plant.ways(route);
    ways.iter()
        .any(|way| plant.nodes[way.node as usize].takes_writes)
}

/// The answer of somebody else.
pub(super) fn answered<H: Host>(host: &mut H, core: &mut Core, handle: Handle, answer: &Answer) {
    let plant = Rc::clone(&core.plant);
    let Some(call) = core.call(handle) else {
        return;
    };
    let asked_cache = call.stage == ASKS_CACHE;
    if !asked_cache && call.stage != ASKS {
        return;
    }
    let Step::Ask { route, ask } = plant.steps[call.pc as usize - 1] else {
        return;
    };
    if asked_cache {
        let next = plant.routes[route as usize].next;
        let missed = answer.result.is_ok() && answer.value == MISS;
        // Too old a row is an answer: only whoever gets none goes round the cache.
        let none = matches!(answer.result, Err(reason) if reason != Reason::StaleRead);
        let dead = none && next != NOBODY && !takes_writes(&plant, route);
        let of_feed = feed::is_feed_ask(&plant, call.pc);
        if of_feed && (missed || dead) {
            feed::missed(core, handle);
            if next == NOBODY {
                // Nobody else has it; what that means is the feed's to know.
                feed::told(core, handle, NOBODY);
                release(host, core, handle, Transaction::GoesOn);
                return go_on(host, core, handle);
            }
            let row = feed::first_row(core, handle, false);
            if let Some(call) = core.call(handle) {
                call.row = row;
            }
        }
        let gone = of_feed && next == NOBODY && answer.result.is_err_and(nobody_there);
        if gone
            && let Some(statement) = statement(&plant, ask)
            && statement.access.writes()
            && feed::lists_gone(core, handle, statement.dataset)
        {
            release(host, core, handle, Transaction::GoesOn);
            return go_on(host, core, handle);
        }
        let Some(call) = core.call(handle) else {
            return;
        };
        if missed || dead {
            // A cache that does not answer is gone round; what is fetched then is kept nowhere.
            call.need = if missed { answer.node as u16 + 1 } else { 0 };
            return ask_store(host, core, handle, &plant, (next, ask));
        }
    }
    if let Err(reason) = answer.result {
        if matches!(plant.asks[ask as usize], Ask::Publish { .. }) {
            let origin = core.call(handle).map_or(0, |call| call.origin);
            core.feed_lost(origin);
        }
        return failed(host, core, handle, reason);
    }
    let Some(call) = core.call(handle) else {
        return;
    };
    match plant.asks[ask as usize] {
        Ask::NextId { .. } => call.value = answer.value,
        Ask::Work { .. } => call.wrote = call.wrote.max(answer.value),
        _ => {}
    }
    if let Some(statement) = statement(&plant, ask) {
        told(host, core, handle, &plant, (route, statement), answer);
    }
    release(host, core, handle, Transaction::GoesOn);
    go_on(host, core, handle);
}

/// What a good answer to a statement means for the call, and for the caches in front of the store.
fn told<H: Host>(
    host: &H,
    core: &mut Core,
    handle: Handle,
    plant: &Plant,
    (route, statement): (RouteId, &Statement),
    answer: &Answer,
) {
    let Some(call) = core.call(handle) else {
        return;
    };
    let (dataset, row) = (statement.dataset, call.row);
    let filled = std::mem::replace(&mut call.need, 0);
    let by_cache = call.stage == ASKS_CACHE;
    if feed::is_feed_ask(plant, call.pc) {
        return told_of_feed(
            host,
            core,
            handle,
            plant,
            (route, statement),
            answer,
            filled,
        );
    }
    if statement.access.writes() {
        call.wrote = answer.value;
        if matches!(statement.access, Access::Insert { .. }) {
            // The identifier is used up.
            call.value = 0;
            let (origin, person) = (call.origin, call.person);
            core.feed_posted(dataset, origin, person);
        }
        if !by_cache && cache_tier(plant, route) {
            for way in plant.ways(route) {
                core.tell_one(way.node, host.node(), Notice::Forget { dataset, row });
            }
        }
    } else if filled > 0 {
        let version = answer.value;
        let notice = Notice::Fill {
            dataset,
            row,
            version,
        };
        core.tell_one(NodeId::from(filled - 1), host.node(), notice);
    }
}

/// The same for a statement about many rows of the feed.
fn told_of_feed<H: Host>(
    host: &H,
    core: &mut Core,
    handle: Handle,
    plant: &Plant,
    (route, statement): (RouteId, &Statement),
    answer: &Answer,
    filled: u16,
) {
    let dataset = statement.dataset;
    let by_cache = core
        .call(handle)
        .is_some_and(|call| call.stage == ASKS_CACHE);
    let writes = statement.access.writes();
    if writes && let Some(call) = core.call(handle) {
        call.wrote = answer.value;
    }
    if writes && !by_cache && cache_tier(plant, route) {
        for row in feed::fetched(core, handle) {
            for way in plant.ways(route) {
                core.tell_one(way.node, host.node(), Notice::Forget { dataset, row });
            }
        }
    } else if !writes && filled > 0 {
        let version = answer.value;
        for row in feed::fetched(core, handle) {
            let notice = Notice::Fill {
                dataset,
                row,
                version,
            };
            core.tell_one(NodeId::from(filled - 1), host.node(), notice);
        }
    }
    feed::told(core, handle, dataset);
}

/// A question to somebody else.
pub(super) fn step<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    (route, ask): (RouteId, AskId),
    left: u32,
) {
    let plant = Rc::clone(&core.plant);
    let plant = &*plant;
    let Some(statement) = statement(plant, ask) else {
        return ask_plainly(host, core, handle, (route, ask), ASKS);
    };
    let Some(call) = core.call(handle) else {
        return;
    };
    let mut drawing = *call;
    // A fresh row is fresh for each statement.
    drawing.key = mix(mix(call.key, ROW), u64::from(left));
    call.need = 0;
    let of_feed = feed::is_feed_ask(plant, call.pc);
    let row = if of_feed {
        feed::asks(core, handle);
        feed::first_row(core, handle, cache_tier(plant, route))
    } else {
        if call.feed != Handle::NONE {
            // What it was about has been given up.
            feed::leave(core, handle, Err(Reason::NoRoute));
        }
        core.pick_row(&drawing, statement.dataset, statement.pick)
    };
    if let Some(call) = core.call(handle) {
        call.row = row;
    }
    if !cache_tier(plant, route) {
        return ask_store(host, core, handle, plant, (route, ask));
    }
    if statement.access.writes() && !takes_writes(plant, route) {
        let next = plant.routes[route as usize].next;
        if of_feed && next != NOBODY {
            let row = feed::first_row(core, handle, false);
            if let Some(call) = core.call(handle) {
                call.row = row;
            }
        }
        // A feed list may have no other home than its cache.
        if !of_feed || next != NOBODY {
            return ask_store(host, core, handle, plant, (next, ask));
        }
    }
    ask_plainly(host, core, handle, (route, ask), ASKS_CACHE);
}

/// A question that needs no connection.
fn ask_plainly<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    (route, ask): (RouteId, AskId),
    stage: u8,
) {
    if let Some(row) = about_to_ask(host, core, handle, stage) {
        core.ask(handle, route, ask, row);
    }
}

/// Notes that a question without a connection is asked: the row that it is about, or `None` if it has failed.
pub(super) fn about_to_ask<H: Host>(
    host: &mut H,
    core: &mut Core,
    handle: Handle,
    stage: u8,
) -> Option<u64> {
    if !host.resolves() {
        let node = host.node();
        fail(host, core, handle, Reason::NameUnresolved, node);
        return None;
    }
    let call = core.call(handle)?;
    call.stage = stage;
    call.transaction = Handle::NONE;
    Some(call.row)
}
