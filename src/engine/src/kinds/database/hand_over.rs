//! What a copy has missed: it says whom it follows and how far it is, and gets the rest from there.
//!
//! A primary keeps a log for those it knows. Who comes to it after a second switch-over, or was behind the copy that
//! took over, has missed writes that are in no log for it; it is handed them together, which takes as long as applying
//! each of them. What goes out afterwards must not live here (`shipping`).

use super::peers::Peer;
use super::replication::{Copies, POSITION, POSITION_BITS, RETRY_NS, Role, Version};
use super::rows::Book;
use super::{Database, HAND_OVER_TIMER};
use crate::core::{Core, Notice};
use crate::plant::{NodeId, Way};

/// All that a database has, for one that takes it over.
#[derive(Debug)]
pub(crate) struct Whole {
    /// By dataset: how many rows, and what is known of them.
    books: Vec<(u32, f64, Book)>,
    used: f64,
    version: u64,
    known: Vec<(u64, u64)>,
    gone: Vec<(u64, u64, u64)>,
    versions: Vec<((u32, u64), Version)>,
}

impl Copies {
    /// Writes that are here and not with one who has applied everything up to a version, those of this one's own log
    /// apart.
    fn missed_by(&self, version: u64) -> u64 {
        let (lineage, position) = (version >> POSITION_BITS, version & POSITION);
        if lineage == self.lineage {
            return 0;
        }
        let mut later = self.known.iter().skip_while(|(of, _)| *of != lineage);
        let same = later
            .next()
            .map_or(0, |(_, known)| known.saturating_sub(position));
        let later = later.filter(|(of, _)| *of != self.lineage);
        same + later.map(|(_, known)| known).sum::<u64>()
    }
}

impl Database {
    /// It is a copy of another from now on, and says so.
    pub(super) fn follow(&self, core: &mut Core, whom: NodeId) {
        let version = self.copies.version();
        core.tell_one(whom, self.node, Notice::Follows { version });
    }

    /// A copy says that it follows this one.
    pub(super) fn followed(&mut self, core: &mut Core, copy: NodeId, version: u64) {
        if self.copies.role != Role::Primary {
            return;
        }
        let mut missed = self.copies.missed_by(version);
        let peers = self.copies.peers.iter();
        if !peers.clone().any(|peer| peer.way.node == copy) {
            // No log is kept for it: what was written here is missing, too.
            missed += self.copies.position;
            let links = &core.plant.links;
            let ends = |from, to| links.iter().position(|l| l.from == from && l.to == to);
            let direct = ends(self.node, copy).or_else(|| ends(copy, self.node));
            // Else by the line of a name that leads here now.
            let any = || links.iter().position(|l| l.to == self.node);
            let Some(link) = direct.or_else(any) else {
                return;
            };
            let way = Way {
                link: link as u32,
                node: copy,
                until: 1.0,
            };
            self.copies.add_peer(way, false, false);
        }
        if missed > 0 {
            let ns = (missed as f64 * self.copies.apply_ns * core.stretch(self.node)) as u64;
            let at = core.now.saturating_add(ns);
            if let Some(peer) = self.peer(copy) {
                peer.lose();
                peer.whole_at = Some(at);
            }
            core.wake_node(self.node, HAND_OVER_TIMER, at);
        }
        self.retry_soon(core);
    }

    fn peer(&mut self, node: NodeId) -> Option<&mut Peer> {
        let mut peers = self.copies.peers.iter_mut();
        peers.find(|peer| peer.way.node == node)
    }

    /// Somebody has been handed what was missing, if there was a way.
    pub(super) fn hand_over_due(&mut self, core: &mut Core) {
        let now = core.now;
        let last = self.copies.last();
        let up = core.boards[self.node as usize].up && self.copies.role == Role::Primary;
        let mut again = false;
        for peer in &mut self.copies.peers {
            if peer.whole_at.is_none_or(|at| at > now) {
                continue;
            }
            let there = core.boards[peer.way.node as usize].up
                && !core
                    .links
                    .get(peer.way.link as usize)
                    .is_some_and(|l| l.cut);
            if !up || !there {
                peer.whole_at = Some(now.saturating_add(RETRY_NS));
                again = true;
                continue;
            }
            peer.whole_at = None;
            peer.acked = last;
            (peer.next, peer.down) = (last + 1, false);
            core.tell_one(peer.way.node, self.node, Notice::HandOver);
        }
        if again {
            core.wake_node(self.node, HAND_OVER_TIMER, now.saturating_add(RETRY_NS));
        }
        self.ship(core);
    }

    /// All that is here.
    pub(crate) fn whole(&self) -> Whole {
        let tables = (0_u32..).zip(&self.table_of);
        let books = tables.filter_map(|(dataset, table)| {
            let table = self.tables.get((*table)? as usize)?;
            Some((dataset, table.rows, table.book.clone()))
        });
        let mut known = self.copies.known.clone();
        let version = self.copies.version();
        known.push((version >> POSITION_BITS, version & POSITION));
        Whole {
            books: books.collect(),
            used: self.used,
            version,
            known,
            gone: self.copies.gone.clone(),
            versions: self.copies.versions.iter().map(|(k, v)| (*k, *v)).collect(),
        }
    }

    /// It has all that another has, if it is still a copy of that one.
    pub(crate) fn take_whole(&mut self, core: &mut Core, from: NodeId, whole: &Whole) {
        let follows =
            matches!(self.copies.role, Role::Replica { from: source, .. } if source == from);
        if !follows || !core.boards[self.node as usize].up {
            return;
        }
        for (dataset, rows, book) in &whole.books {
            let table = self.table_of.get(*dataset as usize).copied().flatten();
            if let Some(table) = table.and_then(|table| self.tables.get_mut(table as usize)) {
                table.rows = *rows;
                table.book.adopt(book);
            }
        }
        self.used = whole.used;
        let copies = &mut self.copies;
        for (lineage, position) in &whole.known {
            copies.learn(*lineage << POSITION_BITS | *position);
        }
        copies.latest = whole.version;
        for gone in &whole.gone {
            if !copies.gone.contains(gone) {
                copies.gone.push(*gone);
            }
        }
        copies.versions.extend(whole.versions.iter().copied());
        copies.last_commit_ns = core.now;
        core.boards[self.node as usize].position = whole.version;
    }
}
