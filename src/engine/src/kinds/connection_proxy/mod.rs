//! A connection proxy: many clients share few connections to each database.
//!
//! A statement borrows a connection and gives it back with its answer; a transaction keeps it to its end;
//! with pinning a client keeps it until it hangs up. What a statement does must not live here.

mod pool;

use std::collections::BTreeMap;

use archplay_kernel::{Deadlines, Handle, mix, ns_from_ms, ns_from_secs, unit_of};
use archplay_model::Component;
use archplay_model::catalogue::connection_proxy as spec;
use archplay_model::scenario::FaultAction;
use archplay_report::{Measure, Reason};

use super::Behaviour;
use crate::compile::Compiler;
use crate::core::{Answer, Core, Notice, Phase};
use crate::plant::{Ask, NOBODY, NodeId, Target, Way};
use crate::stats::columns::Sink;
use pool::Pool;

/// Stages of a call in here.
pub(super) const WAITS: u8 = 1;
const ADDS: u8 = 2;
const ASKED: u8 = 3;

const TIMEOUTS: u32 = 0;
const HANG_UPS: u32 = 1;

/// How often it looks whether clients with a pinned connection have hung up, or died within a transaction.
const LOOK_NS: u64 = 1_000_000_000;
/// Clients that it takes at most.
const MOST_CLIENTS: u64 = 100_000;
/// Purpose of draws.
const CLIENT: u64 = 0x63_6c69_656e;

/// A connection that a transaction has.
#[derive(Clone, Copy, Debug)]
struct Kept {
    life: u32,
    pinned: bool,
}

/// A connection proxy.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionProxy {
    node: NodeId,
    size: u64,
    pins: bool,
    overhead_ns: u64,
    timeout_ns: u64,
    pools: Vec<Pool>,
    /// What transactions have, one connection to each database.
    kept: BTreeMap<(Handle, usize), Kept>,
    waits: Option<Deadlines<(Handle, u64)>>,
    looking: bool,
    borrowed: u64,
    waited_ns: u128,
}

impl ConnectionProxy {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(_compiler: &mut Compiler<'_>, component: &Component, node: NodeId) -> Self {
        Self {
            node,
            size: u64::from(component.count(&spec::CONNECTIONS)),
            pins: component.text(&spec::PINNING) == "yes",
            overhead_ns: ns_from_ms(component.number(&spec::OVERHEAD_MS)),
            timeout_ns: ns_from_secs(component.number(&spec::BORROW_TIMEOUT_SECS)),
            pools: Vec::new(),
            kept: BTreeMap::new(),
            waits: None,
            looking: false,
            borrowed: 0,
            waited_ns: 0,
        }
    }

    fn pool_of(&mut self, node: NodeId) -> usize {
        if let Some(found) = self.pools.iter().position(|pool| pool.node == node) {
            return found;
        }
        self.pools.push(Pool::new(node));
        self.pools.len() - 1
    }

    /// A statement needs a connection.
    fn borrow(&mut self, core: &mut Core, handle: Handle, way: Way) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let index = self.pool_of(way.node);
        if let Some(kept) = self.kept.get(&(call.transaction, index)).copied()
            && kept.life == self.pools[index].life
        {
            // A transaction goes on over its connection.
            return self.grant(core, handle, way, index, kept.pinned);
        }
        self.borrowed += u64::from(core.stats.in_focus(core.now));
        let clients = core.boards[self.node as usize].open;
        let draw = unit_of(mix(call.key, CLIENT));
        if self.pins && self.pools[index].has_pinned(clients, draw) {
            self.pools[index].pinned_busy += 1;
            return self.grant(core, handle, way, index, true);
        }
        match self.pools[index].take(core, self.size, self.pins) {
            Ok(true) => {
                if self.pins {
                    self.pools[index].pin();
                }
                self.grant(core, handle, way, index, self.pins);
            }
            Ok(false) => self.wait(core, handle, way, index),
            Err(reason) => {
                let at = self.pools[index].to;
                core.fail(handle, reason, at);
            }
        }
    }

    fn wait(&mut self, core: &mut Core, handle: Handle, way: Way, index: usize) {
        let now = core.now;
        if let Some(call) = core.call(handle) {
            call.stage = WAITS;
            call.since_ns = now;
        }
        self.pools[index].line.push_back((handle, way, now));
        if let Some(waits) = &mut self.waits {
            waits.add(now, (handle, now), &mut core.queue);
        }
        if !self.looking {
            self.looking = true;
            core.wake_node(self.node, HANG_UPS, now + LOOK_NS);
        }
    }

    /// A statement has its connection.
    fn grant(&mut self, core: &mut Core, handle: Handle, way: Way, index: usize, pinned: bool) {
        let life = self.pools[index].life;
        self.pools[index].busy += 1;
        let overhead = (self.overhead_ns as f64 * core.stretch(self.node)) as u64;
        let now = core.now;
        let Some(call) = core.call(handle) else {
            return;
        };
        if call.stage == WAITS && call.phase == Phase::Inside {
            let waited_us = ((now - call.since_ns) / 1_000) as u32;
            call.pool_us = call.pool_us.saturating_add(waited_us);
        }
        // `held`: the pool; `wrote`: its life, and above that of the pool in `beside`; `need`: whether the connection
        // is the client's own.
        (call.stage, call.held, call.need) = (ADDS, index as u32, u16::from(pinned));
        (call.wrote, call.pc) = (u64::from(life), way.link);
        let transaction = call.transaction;
        if transaction != Handle::NONE {
            self.kept
                .insert((transaction, index), Kept { life, pinned });
        }
        if overhead == 0 {
            return self.send(core, handle);
        }
        core.wait(handle, overhead);
    }

    /// The statement goes on to the database.
    fn send(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        call.stage = ASKED;
        let (ask, link, index) = (call.ask, call.pc, call.held as usize);
        let way = Way {
            link,
            node: self.pools[index].to,
            until: 1.0,
        };
        core.ask_way(handle, self.node, (way, NOBODY), ask);
    }

    /// A connection is free again: the next in line has it.
    fn give_back(&mut self, core: &mut Core, index: usize, life: u32, pinned: bool) {
        let node = self.node;
        let pool = &mut self.pools[index];
        if pool.life != life {
            return;
        }
        if pinned {
            pool.pinned_busy = pool.pinned_busy.saturating_sub(1);
            return self.look_for_hang_ups(core, index);
        }
        while let Some((next, way, since)) = self.pools[index].line.pop_front() {
            if !waits(core, node, next, since) {
                continue;
            }
            if core.expired(next) {
                core.fail(next, Reason::CallTimeout, node);
                continue;
            }
            self.waited(core, since);
            if self.pins {
                self.pools[index].pin();
            }
            return self.grant(core, next, way, index, self.pins);
        }
        self.pools[index].idle += 1;
    }

    /// Somebody who began to wait at `since` does so no longer.
    fn waited(&mut self, core: &Core, since: u64) {
        if core.stats.in_focus(since) {
            self.waited_ns += u128::from(core.now - since);
        }
    }

    /// Clients that have hung up leave their connections to others.
    fn look_for_hang_ups(&mut self, core: &mut Core, index: usize) {
        let clients = core.boards[self.node as usize].open;
        loop {
            let pool = &mut self.pools[index];
            if pool.pinned <= clients || pool.pinned_busy >= pool.pinned {
                return;
            }
            pool.pinned -= 1;
            let life = pool.life;
            self.give_back(core, index, life, false);
        }
    }

    /// The statement's part of a connection ends with its answer.
    fn after(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let (index, life, pinned) = (call.held as usize, call.wrote as u32, call.need == 1);
        let (transaction, beside) = (call.transaction, call.beside as usize);
        let life_beside = (call.wrote >> 32) as u32;
        if let Some(pool) = self.pools.get_mut(beside)
            && pool.life == life_beside
        {
            pool.busy = pool.busy.saturating_sub(1);
            self.give_back(core, beside, life_beside, false);
        }
        let pool = &mut self.pools[index];
        if pool.life == life {
            pool.busy = pool.busy.saturating_sub(1);
        }
        if transaction == Handle::NONE {
            self.give_back(core, index, life, pinned);
        }
    }

    fn timeouts(&mut self, core: &mut Core) {
        let node = self.node;
        while let Some((handle, since)) = self.waits.as_mut().and_then(|w| w.pop_due(core.now)) {
            if waits(core, node, handle, since) {
                self.waited(core, since);
                core.fail(handle, Reason::PoolTimeout, node);
            }
        }
        let Core { queue, calls, .. } = core;
        if let Some(list) = &mut self.waits {
            list.rearm(queue, |(handle, since)| {
                calls.get(*handle).is_some_and(|call| {
                    call.node == node && call.stage == WAITS && call.since_ns == *since
                })
            });
        }
    }

    /// Whose transaction ended, or died without a word, has no connection any more.
    fn end_transaction(&mut self, core: &mut Core, owner: Handle, commits: bool) {
        while let Some((key, kept)) = self.kept_by(owner) {
            self.kept.remove(&key);
            let to = self.pools[key.1].to;
            core.tell_one(to, self.node, Notice::TransactionEnded { owner, commits });
            self.give_back(core, key.1, kept.life, kept.pinned);
        }
    }

    /// A connection of a transaction.
    fn kept_by(&self, owner: Handle) -> Option<((Handle, usize), Kept)> {
        let found = self.kept.range((owner, 0)..).next();
        found
            .filter(|((of, _), _)| *of == owner)
            .map(|(key, kept)| (*key, *kept))
    }

    fn look(&mut self, core: &mut Core) {
        self.looking = false;
        for index in 0..self.pools.len() {
            self.look_for_hang_ups(core, index);
        }
        let lost: Vec<Handle> = self
            .kept
            .keys()
            .map(|(owner, _)| *owner)
            .filter(|owner| {
                let owner = core.calls.get(*owner);
                owner.is_none_or(|call| call.phase == Phase::Back)
            })
            .collect();
        for owner in lost {
            self.end_transaction(core, owner, false);
        }
        if self.pools.iter().any(|pool| !pool.line.is_empty()) {
            self.looking = true;
            core.wake_node(self.node, HANG_UPS, core.now + LOOK_NS);
        }
    }

    /// A database died: its connections are lost, and those who wait for one fail.
    fn lose(&mut self, core: &mut Core, about: NodeId) {
        let node = self.node;
        for index in 0..self.pools.len() {
            let pool = &mut self.pools[index];
            if pool.to != about && pool.node != about {
                continue;
            }
            pool.lose();
            let line = std::mem::take(&mut pool.line);
            for (handle, _, since) in line {
                if waits(core, node, handle, since) {
                    core.fail(handle, Reason::ConnectionLost, about);
                }
            }
        }
    }
}

fn waits(core: &Core, node: NodeId, call: Handle, since: u64) -> bool {
    core.calls.get(call).is_some_and(|call| {
        call.node == node
            && call.phase == Phase::Inside
            && call.stage == WAITS
            && call.since_ns == since
    })
}

impl Behaviour for ConnectionProxy {
    fn begin(&mut self, core: &mut Core) {
        core.boards[self.node as usize].slots = MOST_CLIENTS;
        let timer = core.add_timer(self.node, TIMEOUTS);
        self.waits = Some(Deadlines::new(self.timeout_ns, timer));
    }

    fn arrive(&mut self, core: &mut Core, handle: Handle) {
        let up = core.boards[self.node as usize].up;
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        if matches!(core.plant.asks[call.ask as usize], Ask::Health) {
            return match up {
                true => core.finish(handle, Ok(())),
                false => core.fail(handle, Reason::ConnectionLost, self.node),
            };
        }
        core.stats.rate(self.node);
        if !up {
            return core.fail(handle, Reason::ConnectionLost, self.node);
        }
        core.enter(handle);
        let route = core.route(self.node, call.ask);
        match route.and_then(|route| core.choose(handle, route, call.ask, call.row)) {
            Some((way, _)) => self.borrow(core, handle, way),
            None => core.fail(handle, Reason::NoRoute, self.node),
        }
    }

    fn due(&mut self, core: &mut Core, handle: Handle) {
        if core.call(handle).is_some_and(|call| call.stage == ADDS) {
            self.send(core, handle);
        }
    }

    /// Another database that would do, over a connection that is free. Nobody waits for one, and clients with
    /// connections of their own have none to spare.
    fn other(&mut self, core: &mut Core, handle: Handle, (first, _): Target) -> Option<Target> {
        let call = *core.calls.get(handle)?;
        if self.pins || call.transaction != Handle::NONE {
            return None;
        }
        let way = core.beside(core.route(self.node, call.ask)?, first)?;
        let index = self.pool_of(way.node);
        let life = u64::from(self.pools[index].life);
        let has = call.beside == index as u32 && call.wrote >> 32 == life;
        if !has {
            // One that it has elsewhere, from an earlier try, it keeps to its end.
            let free = call.beside == NOBODY && !core.is_cut_off(self.node, way.link);
            if !free || self.pools[index].take(core, self.size, self.pins) != Ok(true) {
                return None;
            }
            let pool = &mut self.pools[index];
            pool.busy += 1;
            if let Some(call) = core.call(handle) {
                call.beside = index as u32;
                call.wrote = call.wrote & 0xffff_ffff | u64::from(pool.life) << 32;
            }
        }
        let node = self.pools[index].to;
        Some((Way { node, ..way }, NOBODY))
    }

    fn answered(&mut self, core: &mut Core, handle: Handle, answer: &Answer) {
        self.after(core, handle);
        if let Some(call) = core.call(handle) {
            call.value = answer.value;
        }
        core.finish(handle, answer.result);
    }

    fn timer(&mut self, core: &mut Core, tag: u32) {
        match tag {
            TIMEOUTS => self.timeouts(core),
            HANG_UPS => self.look(core),
            _ => {}
        }
    }

    fn notice(&mut self, core: &mut Core, about: NodeId, notice: Notice) {
        match notice {
            Notice::TransactionEnded { owner, commits } => {
                self.end_transaction(core, owner, commits);
            }
            Notice::Died => self.lose(core, about),
            _ => {}
        }
    }

    fn fault(
        &mut self,
        core: &mut Core,
        node: NodeId,
        _unit: Option<u32>,
        action: FaultAction,
        on: bool,
    ) {
        if action != FaultAction::Kill || !on {
            return;
        }
        for pool in &mut self.pools {
            if pool.open > 0 && core.boards[pool.to as usize].up {
                core.disconnect(pool.to, pool.open);
            }
            pool.lose();
            pool.line.clear();
        }
        while let Some(((owner, pool), _)) = self.kept.pop_first() {
            let to = self.pools[pool].to;
            let commits = false;
            core.tell_one(to, node, Notice::TransactionEnded { owner, commits });
        }
        core.boards[node as usize].open = 0;
        core.stats.connections(core.now, node, 0);
        core.drop_inside(node, None, Reason::ConnectionLost);
    }

    fn columns(&mut self, core: &mut Core, sink: &mut Sink<'_>, end: u64, span_ns: u64) {
        use archplay_report::Metric;
        let node = self.node;
        let connections = core.stats.parts[node as usize]
            .connections
            .take_mean(end, span_ns);
        let waiting: usize = self.pools.iter().map(|pool| pool.line.len()).sum();
        sink.component(core, node, Metric::Connections, connections);
        sink.component(core, node, Metric::Backlog, waiting as f64);
    }

    fn measures(&mut self, _core: &mut Core, out: &mut Vec<(Measure, f64)>) {
        if self.borrowed > 0 {
            let mean = self.waited_ns as f64 / self.borrowed as f64 / 1e6;
            out.push((Measure::PoolWaitMean, mean));
        }
    }
}
