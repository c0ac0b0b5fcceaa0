//! Rows that change their shard, on their way: the network between the shards, and what the copies of a shard hear of
//! rows that come and go.
//!
//! A shard's copies get them by its log like any other write, a page of rows as one. Databases have no network card
//! of their own in a drawing, so only the way takes its time. Which rows move when must not live here (`joining`).

use archplay_model::scenario::OnConflict;

use super::change::Change;
use super::pages::PAGE_BYTES;
use super::peers::{Entry, Moves};
use super::replication::stamp;
use super::rows::Moved;
use super::{ARRIVE_TIMER, Database};
use crate::compile::inside_ns;
use crate::core::{Core, Notice};
use crate::plant::{LinkPlan, NodeId};

/// How long it waits for a line that is cut, or until it is there itself.
const RETRY_NS: u64 = 1_000_000_000;

impl Database {
    /// How long the way to the farthest shard is, one way.
    pub(super) const fn longest_way_ns(&self) -> u64 {
        self.growth.longest_way_ns
    }

    /// The pages of a part have been read and go to their new places.
    pub(super) fn send_part(&mut self, core: &mut Core) {
        let ways = self.growth.shares.iter().map(|(from, to, share)| {
            let at = |place: u64| {
                self.growth
                    .shards
                    .get(place as usize)
                    .map(|(node, _)| *node)
            };
            (
                at(*from).unwrap_or(self.node),
                at(*to).unwrap_or(self.node),
                *share,
            )
        });
        let ways: Vec<(NodeId, NodeId, f64)> = ways.collect();
        let longest = ways.iter().map(|(from, to, _)| way_ns(core, *from, *to));
        let Some(longest) = longest.collect::<Option<Vec<u64>>>() else {
            return core.wake_node(self.node, ARRIVE_TIMER, core.now.saturating_add(RETRY_NS));
        };
        let bytes = self.part_bytes(core);
        for (from, to, share) in ways {
            if core.plant.nodes[from as usize].place != core.plant.nodes[to as usize].place {
                core.boards[from as usize].bytes_far += (share * bytes) as u64;
            }
        }
        self.growth.on_way = true;
        let at = core
            .now
            .saturating_add(longest.into_iter().max().unwrap_or(0));
        core.wake_node(self.node, ARRIVE_TIMER, at);
    }

    /// A part has arrived, or its line may be there again.
    pub(super) fn part_due(&mut self, core: &mut Core) {
        if !core.boards[self.node as usize].up {
            return core.wake_node(self.node, ARRIVE_TIMER, core.now.saturating_add(RETRY_NS));
        }
        match std::mem::take(&mut self.growth.on_way) {
            true => core.tell_one(self.node, self.node, Notice::MoveRows),
            false => self.send_part(core),
        }
    }

    /// So many rows of a dataset have come here or have gone: the copies hear of their pages.
    pub(super) fn log_pages(&mut self, core: &mut Core, dataset: u32, rows: f64, gone: bool) {
        let bytes = rows * f64::from(core.plant.datasets[dataset as usize].row_bytes);
        let pages = (bytes / PAGE_BYTES).ceil().min(f64::from(u32::MAX)) as u32;
        let change = Change {
            dataset,
            person: rows.round() as u64,
            amount: pages,
            ..Change::default()
        };
        self.log_moved(core, change, Moves::Pages, gone);
    }

    /// The same of what is known of single rows.
    pub(super) fn log_rows(&mut self, core: &mut Core, dataset: u32, rows: &[Moved], gone: bool) {
        let Some(table) = self.table_of[dataset as usize] else {
            return;
        };
        for moved in rows {
            let (row, amount, less, owner) = self.tables[table as usize].book.as_write(moved);
            let change = Change {
                dataset,
                row,
                person: owner.unwrap_or(0),
                amount,
                less,
                inserts: owner.is_some(),
            };
            self.log_moved(core, change, Moves::Row, gone);
        }
    }

    fn log_moved(&mut self, core: &mut Core, change: Change, moves: Moves, gone: bool) {
        let copies = &mut self.copies;
        if copies.peers.is_empty() {
            // Nobody gets it.
            return;
        }
        copies.position += 1;
        let version = stamp(copies.lineage, copies.position);
        copies.append(Entry {
            at_ns: core.now,
            version,
            change,
            undoes: gone,
            moves,
            ..Entry::default()
        });
        core.boards[self.node as usize].position = version;
    }

    /// Rows come to this copy or go, as its primary's do.
    pub(super) fn take_moved(&mut self, entry: &Entry) {
        let change = &entry.change;
        let Some(table) = self.table_of[change.dataset as usize] else {
            return;
        };
        let table = &mut self.tables[table as usize];
        if entry.moves == Moves::Pages {
            let rows = change.person as f64;
            let rows = if entry.undoes { -rows } else { rows };
            table.rows = (table.rows + rows).max(1.0);
            self.used = (self.used + rows * table.row_bytes).max(0.0);
            return;
        }
        let book = &mut table.book;
        let sold = change.amount > 0 || change.less != 0;
        if entry.undoes {
            if sold {
                book.give_back(change.row, change.amount, change.less);
            }
            if change.inserts {
                book.undo_insert(change.row, change.person);
            }
            return;
        }
        if sold {
            book.take(change.row, change.amount, change.less);
        }
        if change.inserts {
            book.insert(change.row, change.person, OnConflict::LastWins);
        }
    }
}

/// The way between two shards, one way; `None` over a line that is drawn and cut.
fn way_ns(core: &Core, from: NodeId, to: NodeId) -> Option<u64> {
    let ends = |link: &LinkPlan| [(from, to), (to, from)].contains(&(link.from, link.to));
    let places = [from, to].map(|node| core.plant.nodes[node as usize].place);
    let Some(line) = core.plant.links.iter().position(ends) else {
        return Some(inside_ns(places));
    };
    let state = core.links[line];
    (!state.cut).then(|| (inside_ns(places) as f64 * state.stretch.max(1.0)) as u64)
}
