//! Several primaries under the rule that a write which conflicts fails: each write needs the others' agreement
//! before it is answered; those of a transaction need it together at its commit (`certifying`).
//!
//! Of two writes that do not know of each other the earlier stays, everywhere; the other's primary is told so, takes
//! its write back, and says so in its log. Who is dead is known to be dead and is not asked. Who lives and cannot be
//! reached might be writing the same row: without its answer a write fails. How entries travel must not live here.

use std::collections::{BTreeMap, BTreeSet};

use archplay_kernel::Handle;
use archplay_report::Reason;

use super::Database;
use super::change::Change;
use super::peers::{Entry, Peer};
use super::replication::{Copies, Rule, put};
use super::rows::signed;
use super::undo::Done;
use crate::core::Core;
use crate::plant::Access;

/// What is known of writes that are to fail or have failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Agreement {
    /// Writes of others that were not taken in here and are not yet taken back.
    refused: BTreeSet<u64>,
    /// Writes that were taken back: nothing conflicts with them.
    void: BTreeSet<u64>,
    /// What open transactions have written, for their commit.
    pub(super) open: BTreeMap<Handle, Vec<Entry>>,
    /// Transactions that are being agreed on, by their last entry: who has each, and all its entries.
    pub(super) groups: BTreeMap<u64, (Handle, Vec<Entry>)>,
    /// Transactions that were taken back and have not heard of it for sure.
    pub(super) lost: BTreeSet<Handle>,
}

impl Agreement {
    /// A write from elsewhere is not taken in.
    pub(super) fn refuse(&mut self, version: u64) {
        put(&mut self.refused, version);
    }

    /// The entry that stands for the transaction of another in the log: its last.
    fn group_of(&self, entry: u64) -> u64 {
        let mut later = self.groups.range(entry..);
        let group = later
            .next()
            .filter(|(last, (_, entries))| **last - entry < entries.len() as u64);
        group.map_or(entry, |(last, _)| *last)
    }

    /// All that had to agree to a transaction did.
    pub(super) fn agreed(&mut self, last: u64) {
        self.groups.remove(&last);
    }

    /// A transaction has ended.
    pub(super) fn forget(&mut self, owner: Handle) {
        self.open.remove(&owner);
        self.lost.remove(&owner);
    }

    /// All transactions have ended.
    pub(super) fn forget_all(&mut self) {
        self.open.clear();
        self.groups.clear();
        self.lost.clear();
    }

    /// A write was taken back.
    pub(super) fn make_void(&mut self, version: u64) {
        put(&mut self.void, version);
    }

    pub(super) fn is_void(&self, version: u64) -> bool {
        !self.void.is_empty() && self.void.contains(&version)
    }

    /// Whether an entry is taken in, if that is known without looking at its row: it is taken back, or takes another
    /// back.
    pub(super) fn knows(&mut self, entry: &Entry) -> Option<bool> {
        if entry.undoes {
            put(&mut self.void, entry.before);
            return Some(!self.refused.remove(&entry.before));
        }
        if entry.void {
            self.refuse(entry.version);
            return Some(false);
        }
        None
    }
}

impl Copies {
    /// Whether writes need the agreement of other primaries.
    pub(super) fn agrees(&self) -> bool {
        self.tracks && self.rule == Rule::Neither
    }

    /// Whether of two writes of a row by several primaries one replaces the other.
    pub(super) fn replaces(&self) -> bool {
        self.tracks && self.rule != Rule::Neither
    }

    /// Whether a living primary has to agree to what is written here.
    fn asks(&self, core: &Core, peer: &Peer) -> bool {
        let board = &core.boards[peer.way.node as usize];
        let writes = board.up && board.replaced_by.is_none() && board.follows.is_none();
        peer.mutual && writes && self.agrees()
    }

    /// Whether a commit must wait for others.
    pub(super) fn waits(&self, core: &Core, entry: u64) -> bool {
        let mut peers = self.peers.iter();
        peers.any(|peer| peer.waits_for(entry, self.asks(core, peer)))
    }

    /// Whether it waits for somebody's agreement.
    pub(super) fn waits_to_agree(&self, core: &Core, entry: u64) -> bool {
        let mut peers = self.peers.iter();
        peers.any(|peer| peer.acked < entry && self.asks(core, peer))
    }

    /// Another has refused an entry. `true` if that is too late: it was answered when nobody else lived, and is lost.
    pub(super) fn refused_by_other(&mut self, entry: u64) -> bool {
        let last = self.agreement.group_of(entry);
        let waits = self.syncs.iter().any(|(waits, _)| *waits == last);
        let agrees = self.agrees();
        let at = entry.checked_sub(self.first);
        let logged = at.and_then(|at| self.log.get_mut(at as usize));
        let late = match logged {
            Some(logged) if agrees && !waits && !logged.void => {
                logged.void = true;
                put(&mut self.agreement.void, logged.version);
                true
            }
            _ => false,
        };
        self.refused.insert(last);
        late
    }

    /// A write of this one has to give way. `false` if it has been answered already.
    pub(super) fn gives_way(&mut self, core: &Core, version: u64) -> bool {
        let wrote = |call: Handle| core.calls.get(call).map(|call| call.wrote);
        let mut syncs = self.syncs.iter();
        let wrote_it = |entry: u64, call: Handle| match self.agreement.groups.get(&entry) {
            Some((_, entries)) => entries.iter().any(|entry| entry.version == version),
            None => wrote(call) == Some(version),
        };
        let open = syncs.find(|(entry, call)| wrote_it(*entry, *call));
        // Who wrote the other may die before it says so.
        self.refused.extend(open.map(|(entry, _)| *entry));
        open.is_some()
    }
}

impl Database {
    /// A write fails that stands in the log already.
    pub(super) fn refuse(&mut self, core: &mut Core, handle: Handle, entry: u64, reason: Reason) {
        self.take_back(core, handle, entry);
        core.fail(handle, reason, self.node);
        self.unlock(core, handle);
        self.ship(core);
    }

    /// What needs an agreement and has none is taken back: it dies.
    pub(super) fn take_all_back(&mut self, core: &mut Core) {
        if self.copies.agrees() {
            for (entry, handle) in std::mem::take(&mut self.copies.syncs) {
                self.take_back(core, handle, entry);
            }
        }
    }

    /// A write is undone, here and wherever it has been taken in; who has not got it yet will not take it in.
    fn take_back(&mut self, core: &mut Core, handle: Handle, entry: u64) {
        if let Some((owner, entries)) = self.copies.agreement.groups.remove(&entry) {
            return self.take_group_back(core, owner, (entry, &entries));
        }
        let Some((_, access, _, dataset)) = self.of(core, handle) else {
            return;
        };
        let Some(call) = core.calls.get(handle).copied() else {
            return;
        };
        let copies = &mut self.copies;
        let at = entry.checked_sub(copies.first);
        let mut less = None;
        if let Some(logged) = at.and_then(|at| copies.log.get_mut(at as usize)) {
            logged.void = true;
            less = Some(logged.change.less);
        }
        put(&mut copies.agreement.void, call.wrote);
        let keeps = call.transaction != Handle::NONE && access != Access::Write;
        if keeps && !self.undo.forget(call.transaction, call.wrote) {
            // Its transaction was quicker.
            return;
        }
        let amount = match access {
            Access::Reserve { amount, .. } => amount,
            _ => 0,
        };
        let change = Change {
            dataset,
            row: call.row,
            person: call.person,
            amount,
            less: less.unwrap_or(signed(amount)),
            inserts: matches!(access, Access::Insert { .. }),
        };
        let version = call.wrote;
        let done = Done { change, version };
        self.undo_one(core, &done);
    }
}
