//! Connection pools: what one unit of a component keeps open to databases and proxies, and who waits for
//! one of them.
//!
//! A pool opens connections as they are needed, up to its size, and never closes one by itself. Who runs
//! statements over them, and for how long, is the program executor's (`program`) business.

use std::collections::VecDeque;

use archplay_kernel::{Deadlines, Handle};
use archplay_model::Kind;
use archplay_report::Reason;

use super::program;
use crate::core::{Core, Phase};
use crate::plant::{NOBODY, NodeId, Way};

/// A connection that a call has: the pool, and in which life of it. `NOBODY` for none.
pub(crate) type Lease = u32;

/// What came of asking for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Here it is.
    Has(Lease),
    /// All are in use: the call stands in the line.
    Waits,
    /// There is none, for this reason, which arose there.
    Failed(Reason, NodeId),
}

/// Connections of one unit to one database or proxy.
#[derive(Clone, Debug)]
struct Pool {
    /// By which link, to whom as drawn.
    way: Way,
    /// Who answers to that name since the pool opened its first connection.
    to: NodeId,
    /// Rises when all connections are lost, so that one of before is not given back.
    life: u16,
    open: u32,
    idle: u32,
    /// Calls with the moment at which they came into the line; some may have left it.
    line: VecDeque<(Handle, u64)>,
}

/// All pools of one unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pools {
    size: u32,
    list: Vec<Pool>,
}

/// Whether a component hands out connections.
pub(crate) const fn pooled(kind: Kind) -> bool {
    matches!(kind, Kind::Database | Kind::ConnectionProxy)
}

/// The ways among these that lead to somebody who hands out connections.
pub(crate) fn pooled_ways(plant: &crate::plant::Plant, ways: &[Way]) -> Vec<Way> {
    let keep = |way: &&Way| pooled(plant.nodes[way.node as usize].kind);
    ways.iter().filter(keep).copied().collect()
}

impl Pools {
    /// Empty pools of at most `size` connections each.
    pub(crate) fn new(size: u32, ways: &[Way]) -> Self {
        let pool = |way: &Way| Pool {
            way: *way,
            to: way.node,
            life: 0,
            open: 0,
            idle: 0,
            line: VecDeque::new(),
        };
        Self {
            size,
            list: ways.iter().map(pool).collect(),
        }
    }

    /// The pool for a component as drawn.
    pub(crate) fn of(&self, node: NodeId) -> Option<u16> {
        let found = self.list.iter().position(|pool| pool.way.node == node);
        found.map(|index| index as u16)
    }

    /// Takes a connection for a call. `resolves` says whether a name can be looked up, which a new
    /// connection needs.
    pub(crate) fn take(
        &mut self,
        core: &mut Core,
        index: u16,
        call: Handle,
        resolves: bool,
        own: NodeId,
    ) -> Taken {
        let taken = self.take_or_open(core, index, resolves, own);
        if taken == Taken::Waits {
            let pool = &mut self.list[usize::from(index)];
            pool.line.push_back((call, core.now));
        }
        taken
    }

    /// Takes a connection if there is one at once.
    pub(crate) fn take_free(
        &mut self,
        core: &mut Core,
        index: u16,
        resolves: bool,
    ) -> Option<Lease> {
        match self.take_or_open(core, index, resolves, NOBODY) {
            Taken::Has(lease) => Some(lease),
            Taken::Waits | Taken::Failed(..) => None,
        }
    }

    /// `Waits` if all are in use.
    fn take_or_open(&mut self, core: &mut Core, index: u16, resolves: bool, own: NodeId) -> Taken {
        let size = self.size;
        let pool = &mut self.list[usize::from(index)];
        if !core.boards[pool.to as usize].up && pool.open > 0 {
            // It died without a word to us: there is no link to whoever took the name over.
            pool.lose();
        }
        if pool.idle > 0 {
            pool.idle -= 1;
            return Taken::Has(pool.lease(index));
        }
        if pool.open < size {
            if !resolves {
                return Taken::Failed(Reason::NameUnresolved, own);
            }
            if pool.open == 0 {
                pool.to = core.answers(pool.way.node);
            }
            if let Err(reason) = core.connect(pool.to) {
                return Taken::Failed(reason, pool.to);
            }
            pool.open += 1;
            return Taken::Has(pool.lease(index));
        }
        Taken::Waits
    }

    /// Whether a call still has the connection that it was given.
    pub(crate) fn holds(&self, lease: Lease) -> bool {
        lease != NOBODY
            && self
                .list
                .get((lease & 0xffff) as usize)
                .is_some_and(|pool| u32::from(pool.life) == lease >> 16)
    }

    /// Whether a connection belongs to this pool.
    pub(crate) fn is_of(&self, lease: Lease, index: u16) -> bool {
        self.holds(lease) && lease & 0xffff == u32::from(index)
    }

    /// The one to whom a connection was opened, as drawn.
    pub(crate) fn drawn(&self, lease: Lease) -> Option<NodeId> {
        let pool = self.list.get((lease & 0xffff) as usize)?;
        self.holds(lease).then_some(pool.way.node)
    }

    /// The way of a connection, to whoever answers to the name now.
    pub(crate) fn way(&self, lease: Lease) -> Option<Way> {
        let pool = self.list.get((lease & 0xffff) as usize)?;
        Some(Way {
            node: pool.to,
            ..pool.way
        })
    }

    /// Gives a connection back: the next in line who still waits, or nobody and it lies idle.
    pub(crate) fn give_back(&mut self, core: &Core, lease: Lease) -> Option<Handle> {
        if !self.holds(lease) {
            return None;
        }
        let pool = &mut self.list[(lease & 0xffff) as usize];
        while let Some((next, since)) = pool.line.pop_front() {
            if waits(core, next, since) {
                return Some(next);
            }
        }
        pool.idle += 1;
        None
    }

    /// All connections to a component are lost. Returns those who stood in line for one.
    pub(crate) fn lose(&mut self, core: &mut Core, node: NodeId) -> Vec<Handle> {
        let mut out = Vec::new();
        for pool in &mut self.list {
            if pool.to != node && pool.way.node != node {
                continue;
            }
            let line = std::mem::take(&mut pool.line);
            if pool.open > 0 && core.boards[pool.to as usize].up {
                core.disconnect(pool.to, u64::from(pool.open));
            }
            pool.lose();
            let still = line
                .into_iter()
                .filter(|(call, since)| waits(core, *call, *since));
            out.extend(still.map(|(call, _)| call));
        }
        out
    }

    /// The unit goes: its connections are closed, its lines forgotten.
    pub(crate) fn close(&mut self, core: &mut Core) {
        for pool in &mut self.list {
            if pool.open > 0 && core.boards[pool.to as usize].up {
                core.disconnect(pool.to, u64::from(pool.open));
            }
            pool.line.clear();
            pool.lose();
        }
    }
}

impl Pool {
    fn lease(&self, index: u16) -> Lease {
        u32::from(self.life) << 16 | u32::from(index)
    }

    fn lose(&mut self) {
        (self.open, self.idle) = (0, 0);
        self.life = self.life.wrapping_add(1);
    }
}

fn waits(core: &Core, call: Handle, since: u64) -> bool {
    core.calls.get(call).is_some_and(|call| {
        call.phase == Phase::Inside
            && call.stage == program::FOR_CONNECTION
            && call.since_ns == since
    })
}

/// Those of a component who wait for a connection, and until when.
#[derive(Clone, Debug)]
pub(crate) struct PoolWaits {
    due: Deadlines<(Handle, u64)>,
    /// In the focus window.
    asked: u64,
    waited_ns: u128,
}

impl PoolWaits {
    /// Waits of at most `after_ns`. The component's timer `tag` fires for the first: call
    /// [`program::pool_timeouts`] then.
    pub(crate) fn new(core: &mut Core, node: NodeId, tag: u32, after_ns: u64) -> Self {
        let timer = core.add_timer(node, tag);
        Self {
            due: Deadlines::new(after_ns, timer),
            asked: 0,
            waited_ns: 0,
        }
    }

    /// A call begins to wait.
    pub(crate) fn add(&mut self, core: &mut Core, call: Handle) {
        self.due.add(core.now, (call, core.now), &mut core.queue);
    }

    /// Somebody asked for a connection, whether there was one or not.
    pub(crate) fn count(&mut self, core: &Core) {
        self.asked += u64::from(core.stats.in_focus(core.now));
    }

    /// Somebody has waited for so long, and has a connection or goes without.
    pub(crate) fn waited(&mut self, core: &Core, ns: u64) {
        if core.stats.in_focus(core.now - ns) {
            self.waited_ns += u128::from(ns);
        }
    }

    /// Mean wait of all who asked in the focus window, in ms; `None` if nobody did.
    pub(crate) fn mean_ms(&self) -> Option<f64> {
        (self.asked > 0).then(|| self.waited_ns as f64 / self.asked as f64 / 1e6)
    }

    /// The next who has waited too long.
    pub(crate) fn pop_due(&mut self, core: &Core) -> Option<Handle> {
        while let Some((call, since)) = self.due.pop_due(core.now) {
            if waits(core, call, since) {
                self.waited(core, core.now - since);
                return Some(call);
            }
        }
        None
    }

    /// Sets the timer anew.
    pub(crate) fn rearm(&mut self, core: &mut Core) {
        let Core { queue, calls, .. } = core;
        self.due.rearm(queue, |(call, since)| {
            calls.get(*call).is_some_and(|call| {
                call.phase == Phase::Inside
                    && call.stage == program::FOR_CONNECTION
                    && call.since_ns == *since
            })
        });
    }
}
