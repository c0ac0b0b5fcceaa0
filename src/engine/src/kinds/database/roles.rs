//! What becomes of the books of copies when a database dies, takes over, or follows another. When it does must not
//! live here (`failover`).

use archplay_kernel::Handle;

use super::peers::{Entry, Peer};
use super::replication::{Copies, POSITION, POSITION_BITS, Role, stamp};
use crate::plant::{LinkId, NodeId, Way};

impl Copies {
    /// What is on its way in is lost; the log is on the disk.
    pub(super) fn die(&mut self) {
        self.line.clear();
        self.applying = false;
        self.syncs.clear();
        (self.promote_at, self.forced) = (None, false);
        for stream in &mut self.streams {
            stream.early.clear();
            stream.received = stream.applied;
        }
        for peer in &mut self.peers {
            peer.lose();
        }
    }

    /// It is a primary of its own from now on, with a log of its own. Returns how much it has of the log of
    /// `from`, and what it had not got of it that was acknowledged.
    pub(super) fn become_primary(&mut self, node: NodeId, acknowledged: u64) -> (u64, u64) {
        self.role = Role::Primary;
        let (lineage, last) = (acknowledged >> POSITION_BITS, acknowledged & POSITION);
        let known = self.known_of(lineage);
        if self.source_fenced {
            self.gone.push((lineage, known, last));
        } else {
            // Its source may come back, and bring it.
            self.cut_off.push((lineage, known));
        }
        let own = u64::from(node) + 1;
        if self.lineage != own {
            // One that was a primary before goes on where its log ended: no version is given twice.
            (self.lineage, self.position) = (own, 0);
        }
        (known, last.saturating_sub(known))
    }

    /// It becomes a copy of the one that took over, which has its log up to `has`: what it wrote after that is
    /// forgotten. Returns those entries, the last first.
    pub(super) fn become_copy(&mut self, of: NodeId, link: LinkId) -> Vec<Entry> {
        self.role = Role::Replica { from: of, link };
        let (lineage, has) = (self.lineage, self.successor_has);
        self.gone.push((lineage, has, self.position));
        self.learn(stamp(lineage, has));
        let lost = |entry: &&Entry| {
            entry.version >> POSITION_BITS == lineage && entry.version & POSITION > has
        };
        let tail: Vec<Entry> = self.log.iter().rev().take_while(lost).copied().collect();
        // From now on its log is what it applies; nobody has to get the old one.
        self.first = self.last() + 1;
        self.log.clear();
        self.peers.clear();
        self.syncs.clear();
        self.refused.clear();
        self.agreement.forget_all();
        tail
    }

    /// Another gets the log from now on.
    pub(super) fn add_peer(&mut self, way: Way, mutual: bool, sync: bool) {
        self.tracks |= mutual;
        let mut peer = Peer::new(way, mutual, sync, self.last() + 1);
        peer.down = true;
        let mut peers = self.peers.iter_mut();
        match peers.find(|old| old.way.node == way.node) {
            Some(old) => {
                peer.round = old.round.wrapping_add(1);
                *old = peer;
            }
            None => self.peers.push(peer),
        }
    }

    /// Takes in what has not been applied: it never will be.
    pub(super) fn take_line(&mut self) -> Vec<Handle> {
        let mut lost: Vec<Handle> = self.line.drain(..).collect();
        for stream in &mut self.streams {
            lost.extend(std::mem::take(&mut stream.early).into_values());
            stream.received = stream.applied;
        }
        lost
    }
}
