//! A shard that joins later: rows move to it, and with some schemes between all others, a part after the other.
//!
//! Moving reads and writes pages at half the speed of the disks, so that those who ask are served meanwhile, and a
//! part of the rows is asked for at its new place once all of the part is there. Its way over the network, and what
//! copies hear of it, is in `moving`. Which shard has a row is the core's
//! to say (`core::growing`). Locks do not move: a row that somebody holds stays until it is free (`late`).

use archplay_kernel::ns_from_secs;
use archplay_model::catalogue::database as spec;
use archplay_model::placement::is_shard;
use archplay_model::{Component, Kind};
use archplay_report::EventCode;

use super::locks::Key;
use super::pages::PAGE_BYTES;
use super::rows::Moved;
use super::{Database, JOIN_TIMER, MOVE_TIMER};
use crate::compile::{Compiler, inside_ns};
use crate::core::growing::{owner, turn};
use crate::core::{Core, Notice};
use crate::plant::{Choice, NodeId};

/// In how many parts the rows move.
const PARTS: u32 = 50;
/// Rows looked at to find how many change from one shard to another.
const LOOKED_AT: u64 = 20_000;
/// Pages of one read or write.
const CHUNK: u64 = 64;
/// How long it waits for others to be there.
const RETRY_NS: u64 = 1_000_000_000;

/// What a database has to do with shards that join.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    /// When this one joins; 0 from the beginning.
    joins_ns: u64,
    choice: Choice,
    /// All shards in the order in which they join, this one included, and their times.
    pub(super) shards: Vec<(NodeId, u64)>,
    /// Whether the part at hand is on its way.
    pub(super) on_way: bool,
    /// How long the way to the farthest of them is.
    pub(super) longest_way_ns: u64,
    /// Those that have pages to move for the part at hand; parts done; rows moved so far.
    pending: u32,
    part: u32,
    moved: f64,
    /// For the one that joins: how many shards there were, and are.
    counts: (u64, u64),
    /// Share of the rows that change from one to another.
    pub(super) shares: Vec<(u64, u64, f64)>,
    /// Pages to be moved here for others: how many, and whom to tell.
    pages: Vec<(NodeId, u64)>,
    /// Rows whose turn has come, and that somebody holds here.
    pub(super) late: Vec<Key>,
}

/// The rows whose turn it is.
pub(crate) struct Turn {
    pub shards: Vec<NodeId>,
    choice: Choice,
    counts: (u64, u64),
    from: f64,
    to: f64,
    shares: Vec<(u64, u64, f64)>,
}

/// What goes to one shard.
#[derive(Default)]
pub(crate) struct Parcel {
    rows: Vec<(u32, Moved)>,
    /// By table: rows.
    counts: Vec<(u32, f64)>,
}

impl Parcel {
    pub(super) fn add(&mut self, dataset: u32, rows: Vec<Moved>) {
        self.rows.extend(rows.into_iter().map(|row| (dataset, row)));
    }
}

impl Growth {
    pub(super) fn new(compiler: &Compiler<'_>, component: &Component, node: NodeId) -> Self {
        let placement = compiler.placement;
        let own = is_shard(component) && placement.replica_of(node as usize).is_none();
        let ns = |i: usize| ns_from_secs(compiler.joins(i));
        let mut shards: Vec<(NodeId, u64)> = Vec::new();
        if own {
            let all = placement.components().iter().enumerate();
            let others = all.filter(|(i, other)| {
                other.kind == Kind::Database
                    && is_shard(other)
                    && placement.replica_of(*i).is_none()
                    && other.names(&spec::HOLDS) == component.names(&spec::HOLDS)
            });
            shards = others.map(|(i, _)| (i as NodeId, ns(i))).collect();
            shards.sort_by_key(|(node, at)| (*at / 1_000_000, *node));
        }
        let place = |node: NodeId| placement.place(node as usize);
        let ways = shards
            .iter()
            .map(|(to, _)| inside_ns([place(node), place(*to)]));
        Self {
            longest_way_ns: ways.max().unwrap_or(0),
            on_way: false,
            joins_ns: if own { ns(node as usize) } else { 0 },
            choice: match component.text(&spec::SHARDING) {
                "range" => Choice::Range,
                "modulo" => Choice::Modulo,
                "consistent" => Choice::Consistent,
                _ => Choice::Hash,
            },
            shards,
            pending: 0,
            part: 0,
            moved: 0.0,
            counts: (0, 0),
            shares: Vec::new(),
            pages: Vec::new(),
            late: Vec::new(),
        }
    }

    /// The shard that is to have a row, as things stand.
    pub(super) fn home(&self, core: &Core, (dataset, row): Key) -> Option<NodeId> {
        let rows = core.plant.datasets[dataset as usize].rows;
        let nodes = self.shards.iter().map(|(node, _)| *node);
        let place = core.grown_place(self.choice, nodes, (row, rows));
        self.shards.get(place).map(|(node, _)| *node)
    }

    fn grows(&self) -> bool {
        self.shards.iter().any(|(_, at)| *at > 0)
    }
}

impl Database {
    pub(super) fn begin_growth(&mut self, core: &mut Core) {
        self.copies.grows = self.growth.grows();
        if self.growth.joins_ns > 0 {
            self.set_share(core, 0.0);
            core.wake_on_calendar(self.node, JOIN_TIMER, self.growth.joins_ns);
        }
    }

    fn set_share(&self, core: &mut Core, share: f64) {
        core.boards[self.node as usize].share = share;
        for copy in self.copies.peer_nodes() {
            core.boards[copy as usize].share = share;
        }
    }

    /// Its time has come, or the next part's.
    pub(super) fn join(&mut self, core: &mut Core) {
        let nodes = self.growth.shards.iter().map(|(node, _)| *node);
        let share = |core: &Core, node: NodeId| core.boards[node as usize].share;
        let up = nodes
            .clone()
            .all(|node| core.boards[node as usize].up || share(core, node) <= 0.0);
        let here = share(core, self.node) > 0.0;
        let busy = nodes.clone().any(|node| {
            let share = share(core, node);
            node != self.node && share > 0.0 && share < 1.0
        });
        if !up || !core.boards[self.node as usize].up || busy && !here {
            return core.wake_node(self.node, JOIN_TIMER, core.now.saturating_add(RETRY_NS));
        }
        if !here {
            let whole = nodes
                .clone()
                .filter(|node| share(core, *node) >= 1.0)
                .count() as u64;
            if self
                .growth
                .shards
                .get(whole as usize)
                .is_none_or(|(node, _)| *node != self.node)
            {
                // Another of the same moment comes first.
                return core.wake_node(self.node, JOIN_TIMER, core.now.saturating_add(RETRY_NS));
            }
            self.growth.counts = (whole, whole + 1);
            self.growth.shares = self.shares(core);
            self.set_share(core, f64::MIN_POSITIVE);
            let count = |count: u64| count.min(u64::from(u32::MAX)) as u32;
            core.note(
                EventCode::Rebalancing,
                self.node,
                count(whole),
                count(whole + 1),
            );
        }
        self.begin_part(core);
    }

    /// How much of all rows changes from one shard to another.
    fn shares(&self, core: &Core) -> Vec<(u64, u64, f64)> {
        let (before, after) = self.growth.counts;
        let rows = self.datasets(core).map(|(_, rows)| rows).max().unwrap_or(1);
        let looked = rows.clamp(1, LOOKED_AT);
        let mut counts = std::collections::BTreeMap::new();
        for i in 0..looked {
            let row = 1 + (u128::from(i) * u128::from(rows) / u128::from(looked)) as u64;
            let from = owner(self.growth.choice, row, rows, before);
            let to = owner(self.growth.choice, row, rows, after);
            if from != to && before > 0 {
                *counts.entry((from, to)).or_insert(0_u64) += 1;
            }
        }
        let share =
            |((from, to), count): ((u64, u64), u64)| (from, to, count as f64 / looked as f64);
        counts.into_iter().map(share).collect()
    }

    /// The datasets that are kept here, and how many rows each has in all.
    fn datasets<'a>(&'a self, core: &'a Core) -> impl Iterator<Item = (u32, u64)> + 'a {
        let tables = (0_u32..).zip(&self.table_of);
        let kept = tables.filter_map(|(dataset, table)| table.map(|_| dataset));
        kept.map(|dataset| (dataset, core.plant.datasets[dataset as usize].rows))
    }

    /// Bytes of a part of all rows.
    pub(super) fn part_bytes(&self, core: &Core) -> f64 {
        let of = |(dataset, rows): (u32, u64)| {
            let row = f64::from(core.plant.datasets[dataset as usize].row_bytes);
            rows as f64 * row / f64::from(PARTS)
        };
        self.datasets(core).map(of).sum()
    }

    /// Everyone reads or writes the pages of a part.
    fn begin_part(&mut self, core: &mut Core) {
        let bytes = self.part_bytes(core);
        let mut pages = vec![0.0; self.growth.shards.len()];
        for (from, to, share) in &self.growth.shares {
            for end in [from, to] {
                if let Some(pages) = pages.get_mut(*end as usize) {
                    *pages += (share * bytes / PAGE_BYTES).ceil();
                }
            }
        }
        self.growth.pending = 0;
        let node = self.node;
        for ((other, _), pages) in self.growth.shards.iter().zip(pages) {
            if pages > 0.0 {
                self.growth.pending += 1;
                let count = pages as u64;
                core.tell_one(*other, node, Notice::MovePages { count });
            }
        }
        if self.growth.pending == 0 {
            self.send_part(core);
        }
    }

    /// Pages are to be read or written here.
    pub(super) fn move_pages(&mut self, core: &mut Core, whom: NodeId, count: u64) {
        let idle = self.growth.pages.is_empty();
        self.growth.pages.push((whom, count));
        if idle {
            self.pages_due(core);
        }
    }

    /// The next pages, or all are done.
    pub(super) fn pages_due(&mut self, core: &mut Core) {
        let (node, now, stretch) = (self.node, core.now, core.stretch(self.node));
        let Some((whom, left)) = self.growth.pages.first_mut() else {
            return;
        };
        let chunk = CHUNK.min(*left);
        if chunk == 0 {
            core.tell_one(*whom, node, Notice::PagesMoved);
            self.growth.pages.remove(0);
            return self.pages_due(core);
        }
        *left -= chunk;
        let ns = self.disk.submit(now, chunk as u32, 0.0, stretch).max(1);
        // As long as it has taken the disk is left to others.
        core.wake_node(node, MOVE_TIMER, now.saturating_add(ns.saturating_mul(2)));
    }

    /// Somebody has moved the pages of the part.
    pub(super) fn pages_moved(&mut self, core: &mut Core) {
        self.growth.pending = self.growth.pending.saturating_sub(1);
        if self.growth.pending == 0 {
            self.send_part(core);
        }
    }

    pub(crate) fn rows_to_move(&self) -> Turn {
        let part = f64::from(self.growth.part);
        Turn {
            shards: self.growth.shards.iter().map(|(node, _)| *node).collect(),
            choice: self.growth.choice,
            counts: self.growth.counts,
            from: part / f64::from(PARTS),
            to: (part + 1.0) / f64::from(PARTS),
            shares: self.growth.shares.clone(),
        }
    }

    /// Takes out the rows whose turn it is; this one's place among the shards is `place`.
    pub(crate) fn give_rows(
        &mut self,
        core: &mut Core,
        now: &Turn,
        place: u64,
        out: &mut Vec<(u64, Parcel)>,
    ) {
        let (before, after) = now.counts;
        let held = self.held_rows(core);
        let mut late = Vec::new();
        for (to, share) in now
            .shares
            .iter()
            .filter(|s| s.0 == place)
            .map(|s| (s.1, s.2))
        {
            let mut parcel = Parcel::default();
            for dataset in 0..self.table_of.len() as u32 {
                let Some(table) = self.table_of[dataset as usize] else {
                    continue;
                };
                let rows = core.plant.datasets[dataset as usize].rows;
                let table = &mut self.tables[table as usize];
                let goes = |row: u64| {
                    let turn = turn(row);
                    let has = |count| owner(now.choice, row, rows, count);
                    turn >= now.from && turn < now.to && has(before) == place && has(after) == to
                };
                let here = held.range((dataset, 0)..=(dataset, u64::MAX));
                late.extend(here.copied().filter(|(_, row)| goes(*row)));
                let mut moved = Vec::new();
                let free = |row: u64| goes(row) && !held.contains(&(dataset, row));
                table.book.give(free, &mut moved);
                let count = share * rows as f64 / f64::from(PARTS);
                table.rows = (table.rows - count).max(1.0);
                self.used = (self.used - count * table.row_bytes).max(0.0);
                self.log_pages(core, dataset, count, true);
                self.log_rows(core, dataset, &moved, true);
                parcel.add(dataset, moved);
                parcel.counts.push((dataset, count));
            }
            out.push((to, parcel));
        }
        self.ship(core);
        self.stay(core, late);
    }

    /// Rows have come from another shard.
    pub(crate) fn get_rows(&mut self, core: &mut Core, parcel: &Parcel) {
        for (dataset, count) in &parcel.counts {
            if let Some(table) = self.table_of[*dataset as usize] {
                let table = &mut self.tables[table as usize];
                table.rows += count;
                self.used += count * table.row_bytes;
                self.log_pages(core, *dataset, *count, false);
            }
        }
        for (dataset, row) in &parcel.rows {
            if let Some(table) = self.table_of[*dataset as usize] {
                self.tables[table as usize].book.get(row);
                self.log_rows(core, *dataset, std::slice::from_ref(row), false);
            }
        }
        self.ship(core);
    }

    /// A part is where it belongs.
    pub(crate) fn rows_moved(&mut self, core: &mut Core) {
        self.growth.part += 1;
        let share: f64 = self.growth.shares.iter().map(|(_, _, share)| share).sum();
        let rows: f64 = self.datasets(core).map(|(_, rows)| rows as f64).sum();
        self.growth.moved += share * rows / f64::from(PARTS);
        if self.growth.part >= PARTS {
            self.set_share(core, 1.0);
            let moved = self.growth.moved.round().min(f64::from(u32::MAX)) as u32;
            return core.note(EventCode::Rebalanced, self.node, 0, moved);
        }
        self.set_share(core, f64::from(self.growth.part) / f64::from(PARTS));
        core.wake_node(self.node, JOIN_TIMER, core.now.saturating_add(1));
    }
}
