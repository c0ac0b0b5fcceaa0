//! What a store that knows no joins keeps about its rows: the position of its log and how far the copies
//! are, the identifiers taken, the stock.
//!
//! How long an operation takes, and whether it is let in at all, lives with the kinds.

use std::collections::VecDeque;

use archplay_kernel::{FOREVER, Handle, KeyStore, Policy, mix};
use archplay_model::scenario::{Consistency, OnConflict, Pick};
use archplay_report::{Measure, Reason};

use super::copying::{Copying, Write};
use crate::core::{Call, Core, Outcome};
use crate::keyed::Keyed;
use crate::plant::{Access, Ask, AskId, NodeId, Plant, Statement};

/// How many identifiers are remembered; of older ones nobody knows any more that they are taken.
const IDS: usize = 1 << 19;

/// The stock of one row.
#[derive(Clone, Copy, Debug, Default)]
struct Stock {
    /// What the row says is left.
    left: u32,
    /// What has been promised.
    sold: u64,
}

/// What happened inside the focus window.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    collisions: u64,
    lost: u64,
    stale: u64,
    oversold: u64,
}

/// Where a statement stands that reads and then writes (`Call::need`).
const READS: u16 = 0;
const BETWEEN: u16 = 1;
const WRITES: u16 = 2;

/// What a statement does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Ends,
    /// It is between reading and writing, or has failed.
    Waits,
    /// It comes back and begins to write.
    Writes,
}

/// Whether a statement only reads yet.
pub(crate) fn reads_first(access: Access, call: &Call) -> bool {
    matches!(
        access,
        Access::Reserve {
            read_then_write: true,
            ..
        }
    ) && call.need == READS
}

/// The books of a store.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    node: NodeId,
    /// Writes so far.
    position: u64,
    /// Writes that the copies do not have yet: when they were committed, and the position after.
    behind: VecDeque<(u64, u64)>,
    lag_ns: u64,
    /// The position of the copies.
    copied: u64,
    ids: KeyStore,
    stock: Keyed<Stock>,
    counts: Counts,
    /// What it has to do with others of its kind.
    pub copying: Option<Box<Copying>>,
}

/// The statement of a call; `None` if it is about something else.
pub(crate) fn statement_of(plant: &Plant, ask: AskId) -> Option<&Statement> {
    match plant.asks[ask as usize] {
        Ask::Data { statement } | Ask::Media { statement, .. } => {
            plant.statements.get(statement as usize)
        }
        _ => None,
    }
}

/// Whether a version is older than another of the same log. Databases put whose log it is above the 48 bits of
/// the position; of two logs nobody can say which one's row is newer.
pub(crate) const fn older(version: u64, want: u64) -> bool {
    version >> 48 == want >> 48 && version < want
}

/// Bytes that a statement moves.
pub(crate) fn bytes_of(plant: &Plant, statement: &Statement) -> u64 {
    let row = u64::from(plant.datasets[statement.dataset as usize].row_bytes);
    match statement.access {
        Access::Read { rows, .. } => row * u64::from(rows),
        _ => row,
    }
}

/// Counts bytes that leave a component over the link by which a call came, if they go to another place.
pub(crate) fn count_far(core: &mut Core, node: NodeId, handle: Handle, bytes: u64) {
    let link = core.call(handle).map_or(u32::MAX, |call| call.link);
    if core
        .plant
        .links
        .get(link as usize)
        .is_some_and(|link| link.far)
    {
        core.boards[node as usize].bytes_far += bytes;
    }
}

impl Shelf {
    /// Empty books; copies get every write after `lag_ns`.
    pub(crate) fn new(node: NodeId, lag_ns: u64) -> Self {
        Self {
            node,
            position: 0,
            behind: VecDeque::new(),
            lag_ns,
            copied: 0,
            ids: KeyStore::new(Policy::Lru, Some(IDS)),
            stock: Keyed::default(),
            counts: Counts::default(),
            copying: None,
        }
    }

    /// The same, with what links to others of its kind ask for.
    pub(crate) fn copying(mut self, copying: Option<Box<Copying>>) -> Self {
        self.copying = copying;
        self
    }

    /// How many writes there have been.
    pub(crate) const fn written(&self) -> u64 {
        self.position
    }

    /// Whether writes must go to another.
    pub(crate) fn read_only(&self) -> bool {
        self.copying
            .as_ref()
            .is_some_and(|copying| copying.read_only)
    }

    /// The version of the last write, or of that at a position.
    fn version(&self, position: u64) -> u64 {
        let copying = self.copying.as_ref();
        copying.map_or(position, |copying| copying.stamp(position))
    }

    /// The position of the copies at a moment.
    fn copied(&mut self, now: u64) -> u64 {
        while let Some((at, position)) = self.behind.front().copied()
            && at.saturating_add(self.lag_ns) <= now
        {
            self.copied = position;
            self.behind.pop_front();
        }
        self.copied
    }

    fn commit(&mut self, now: u64) -> u64 {
        self.position += 1;
        if self.lag_ns > 0 {
            self.copied(now);
            self.behind.push_back((now, self.position));
        } else {
            self.copied = self.position;
        }
        self.version(self.position)
    }

    /// A statement arrives.
    pub(crate) fn begin(core: &mut Core, handle: Handle) {
        if let Some(call) = core.call(handle) {
            call.need = READS;
        }
    }

    /// What a statement does next whose time in the store is over, if it reads first and comes back to write what its
    /// asker has worked out: it waits for that in between.
    pub(crate) fn next_turn(
        &mut self,
        core: &mut Core,
        handle: Handle,
        statement: &Statement,
    ) -> Turn {
        let Access::Reserve {
            amount,
            read_then_write: true,
        } = statement.access
        else {
            return Turn::Ends;
        };
        let Some(call) = core.calls.get(handle).copied() else {
            return Turn::Waits;
        };
        match call.need {
            READS => {
                let left = self.stock_of(core, statement.dataset, call.row).left;
                if left < amount {
                    core.fail(handle, Reason::SoldOut, self.node);
                    return Turn::Waits;
                }
                let way = core.link_delay(call.link);
                if let Some(call) = core.call(handle) {
                    (call.held, call.need) = (left, BETWEEN);
                }
                core.wait(handle, way.saturating_mul(2));
                Turn::Waits
            }
            BETWEEN => {
                if let Some(call) = core.call(handle) {
                    call.need = WRITES;
                }
                Turn::Writes
            }
            _ => Turn::Ends,
        }
    }

    /// Does what a statement says, at the moment at which it ends, and answers. `copy` for a read that a copy
    /// answers.
    pub(crate) fn end(
        &mut self,
        core: &mut Core,
        handle: Handle,
        statement: &Statement,
        copy: bool,
    ) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let now = core.now;
        let counts = u64::from(core.stats.in_focus(now));
        let before = self.position;
        let done = match statement.access {
            Access::Read { .. } => {
                let position = if copy {
                    self.copied(now)
                } else {
                    self.position
                };
                let version = self.version(position);
                let mut refused = older(version, call.want).then_some(Reason::StaleRead);
                if let Some(copying) = &self.copying {
                    refused = refused.or_else(|| copying.refuses(call.want));
                }
                let refused = refused.filter(|_| statement.pick == Pick::Own);
                self.counts.stale += counts * u64::from(refused == Some(Reason::StaleRead));
                refused.map_or(Ok(version), Err)
            }
            Access::Write | Access::Commit => Ok(self.commit(now)),
            Access::Insert { on_conflict } => {
                self.insert(core, call.value, statement.dataset, on_conflict, counts)
            }
            Access::Reserve {
                amount,
                read_then_write,
            } => {
                let seen = read_then_write.then_some(call.held);
                self.reserve(core, statement.dataset, call.row, amount, seen, counts)
            }
        };
        core.boards[self.node as usize].position = self.position;
        match done {
            Ok(version) => {
                if self.position > before {
                    self.tell_others(core, &call, statement, version);
                }
                if let Some(call) = core.call(handle) {
                    call.value = version;
                }
                core.finish(handle, Ok(()));
            }
            Err(reason) => core.fail(handle, reason, self.node),
        }
    }

    /// What was written goes out to the others of a table that several have.
    fn tell_others(&mut self, core: &mut Core, call: &Call, statement: &Statement, version: u64) {
        let Some(copying) = &mut self.copying else {
            return;
        };
        let (amount, id) = match statement.access {
            Access::Read { .. } => return,
            Access::Write | Access::Commit => (0, 0),
            Access::Insert { .. } => (0, call.value),
            Access::Reserve { amount, .. } => (amount, 0),
        };
        let row = if id == 0 { call.row } else { id };
        copying.wrote(
            core,
            Write {
                at_ns: core.now,
                version,
                before: 0,
                dataset: statement.dataset,
                row,
                person: call.person,
                amount,
                id,
            },
        );
    }

    /// A write of another store of the table has been taken in.
    pub(crate) fn take(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        let write = self.copying.as_mut().and_then(|c| c.take(core, &call));
        if let Some(write) = write {
            let counts = u64::from(core.stats.in_focus(core.now));
            if write.id != 0 {
                let salt = core.plant.datasets[write.dataset as usize].salt;
                let key = mix(write.id, salt);
                let taken = self.ids.contains(key, 0);
                self.counts.collisions += counts * u64::from(taken);
                self.ids.insert(key, 0, FOREVER);
            }
            if write.amount > 0
                && let Some(there) = core.plant.datasets[write.dataset as usize].stock
            {
                let mut stock = self.stock_of(core, write.dataset, write.row);
                let beyond = |sold: u64| sold.saturating_sub(u64::from(there));
                let before = beyond(stock.sold);
                stock.left = stock.left.saturating_sub(write.amount);
                stock.sold += u64::from(write.amount);
                self.counts.oversold += counts * (beyond(stock.sold) - before);
                let key = (u64::from(write.dataset) << 48) | write.row;
                self.stock.put(key, 0, u64::MAX, stock);
            }
        }
        core.finish(handle, Ok(()));
    }

    /// Adds a row with this identifier; 0 is for the store's own, which is never taken.
    fn insert(
        &mut self,
        core: &Core,
        id: u64,
        dataset: u32,
        on_conflict: OnConflict,
        counts: u64,
    ) -> Result<u64, Reason> {
        if id == 0 {
            return Ok(self.commit(core.now));
        }
        let key = mix(id, core.plant.datasets[dataset as usize].salt);
        if !self.ids.contains(key, 0) {
            self.ids.insert(key, 0, FOREVER);
            return Ok(self.commit(core.now));
        }
        self.counts.collisions += counts;
        match on_conflict {
            OnConflict::Error => Err(Reason::DuplicateKey),
            OnConflict::FirstWins => Ok(self.version(self.position)),
            OnConflict::LastWins => {
                // The row of somebody else is gone.
                self.counts.lost += counts;
                Ok(self.commit(core.now))
            }
        }
    }

    fn stock_of(&mut self, core: &Core, dataset: u32, row: u64) -> Stock {
        let known = self.stock.get((u64::from(dataset) << 48) | row, 0);
        known.unwrap_or_else(|| Stock {
            left: core.plant.datasets[dataset as usize]
                .stock
                .unwrap_or(u32::MAX),
            sold: 0,
        })
    }

    /// Takes pieces. `seen` is what was left when a statement that writes later has read; without, reading
    /// and writing are one.
    fn reserve(
        &mut self,
        core: &Core,
        dataset: u32,
        row: u64,
        amount: u32,
        seen: Option<u32>,
        counts: u64,
    ) -> Result<u64, Reason> {
        let mut stock = self.stock_of(core, dataset, row);
        let Some(rest) = seen.unwrap_or(stock.left).checked_sub(amount) else {
            return Err(Reason::SoldOut);
        };
        let Some(there) = core.plant.datasets[dataset as usize].stock else {
            return Ok(self.commit(core.now));
        };
        let beyond = |sold: u64| sold.saturating_sub(u64::from(there));
        let before = beyond(stock.sold);
        stock.left = rest;
        stock.sold += u64::from(amount);
        let missing = beyond(stock.sold) - before;
        self.stock
            .put((u64::from(dataset) << 48) | row, 0, u64::MAX, stock);
        let version = self.commit(core.now);
        self.counts.oversold += counts * missing;
        if missing > 0 {
            return Err(Reason::Oversold);
        }
        Ok(version)
    }

    /// Whether a read has to go to the leader.
    pub(crate) fn strong(statement: &Statement) -> bool {
        matches!(
            statement.access,
            Access::Read {
                consistency: Consistency::Strong,
                ..
            }
        )
    }

    /// What the books say about the focus window.
    pub(crate) fn measures(&self, out: &mut Vec<(Measure, f64)>) {
        let replaced = self.copying.as_ref().map_or(0, |copying| copying.lost);
        out.extend([
            (Measure::Collisions, self.counts.collisions as f64),
            (Measure::StaleReads, self.counts.stale as f64),
            (Measure::LostWrites, (self.counts.lost + replaced) as f64),
            (Measure::Oversold, self.counts.oversold as f64),
        ]);
        if let Some(copying) = &self.copying {
            copying.measures(out);
        }
    }
}

/// Answers a health check, or fails a call at a component that is down. `false` if the call is to be worked on.
pub(crate) fn turned_away(core: &mut Core, handle: Handle, node: NodeId) -> bool {
    let up = core.boards[node as usize].up;
    let ask = core.call(handle).map_or(0, |call| call.ask);
    let health = matches!(core.plant.asks[ask as usize], Ask::Health);
    if !health {
        core.stats.rate(node);
    }
    match (up, health) {
        (false, _) => core.fail(handle, Reason::Refused, node),
        (true, true) => core.finish(handle, Outcome::Ok(())),
        (true, false) => return false,
    }
    true
}
