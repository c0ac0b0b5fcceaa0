//! What open transactions have changed, so that a failed one leaves nothing behind: pieces go back into stock, inserted
//! rows go. Copies are told like of any other write.
//!
//! There are no savepoints: an optional part that fails inside of a transaction keeps what it did until the whole ends.

use std::collections::BTreeMap;

use archplay_kernel::Handle;

use super::Database;
use super::change::Change;
use super::peers::Entry;
use super::replication::stamp;
use crate::core::{Core, Phase};

/// One change of an open transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) change: Change,
    /// Its version in the log, of which the copies hear; 0 if it is not there yet.
    pub(super) version: u64,
}

/// The changes of all open transactions, by the call that has each.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    open: BTreeMap<Handle, Vec<Done>>,
}

impl Undo {
    /// The change of a transaction to this row gets into the log.
    pub(super) fn logged(&mut self, owner: Handle, key: (u32, u64), version: u64) {
        let all = self.open.get_mut(&owner).into_iter().flatten();
        let mut of_row = all.filter(|done| done.change.key() == key);
        if let Some(done) = of_row.find(|done| done.version == 0) {
            done.version = version;
        }
    }

    /// A change is undone before its transaction ends; `false` if it is not known.
    pub(super) fn forget(&mut self, owner: Handle, version: u64) -> bool {
        let Some(changes) = self.open.get_mut(&owner) else {
            return false;
        };
        let before = changes.len();
        changes.retain(|done| done.version != version);
        changes.len() < before
    }

    /// A transaction is committed: what it did stays.
    pub(super) fn committed(&mut self, owner: Handle) {
        self.open.remove(&owner);
    }

    /// All rows that open transactions have changed.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, u64)> {
        let changes = self.open.values().flatten();
        changes.map(|done| done.change.key())
    }

    /// Any open transaction that has changed something.
    pub(super) fn any(&self) -> Option<Handle> {
        self.open.keys().next().copied()
    }
}

impl Database {
    /// A statement has taken pieces, or added a row (`amount` 0): kept if it stands in a transaction.
    pub(super) fn remember(
        &mut self,
        core: &mut Core,
        handle: Handle,
        dataset: u32,
        (amount, less): (u32, i32),
    ) {
        let Some(call) = core.call(handle) else {
            return;
        };
        if call.transaction == Handle::NONE {
            return;
        }
        let change = Change {
            dataset,
            row: call.row,
            person: call.person,
            amount,
            less,
            inserts: amount == 0,
        };
        let done = Done { change, version: 0 };
        self.undo
            .open
            .entry(call.transaction)
            .or_default()
            .push(done);
    }

    /// The transaction of a statement, if it has ended before the statement did: whoever asked did not wait.
    pub(super) fn outlived(&self, core: &mut Core, handle: Handle) -> Option<Handle> {
        let owner = core.call(handle)?.transaction;
        if owner == Handle::NONE {
            return None;
        }
        let open = core
            .call(owner)
            .is_some_and(|call| call.phase != Phase::Back && call.in_transaction);
        (!open).then_some(owner)
    }

    /// A transaction has failed: what it changed is as it was before, the last change first.
    pub(super) fn roll_back(&mut self, core: &mut Core, owner: Handle) {
        self.copies.agreement.forget(owner);
        let Some(changes) = self.undo.open.remove(&owner) else {
            return;
        };
        for done in changes.into_iter().rev() {
            self.undo_one(core, &done);
        }
        self.ship(core);
    }

    /// A change is as it was before.
    pub(super) fn undo_one(&mut self, core: &mut Core, done: &Done) {
        if let Some(table) = self.table_of[done.change.dataset as usize] {
            self.used -= self.tables[table as usize].take_back(&done.change);
        }
        if done.version > 0 {
            self.log_undone(core, done);
        }
    }

    fn log_undone(&mut self, core: &mut Core, done: &Done) {
        let now = core.now;
        let left = self.left_of(&done.change);
        let copies = &mut self.copies;
        copies.position += 1;
        let version = stamp(copies.lineage, copies.position);
        let before = match copies.agrees() {
            // It is no write that another could conflict with.
            true => done.version,
            false => copies.overwrite(done.change.key(), version, now),
        };
        copies.append(Entry {
            at_ns: now,
            version,
            before,
            change: done.change,
            undoes: true,
            left,
            ..Entry::default()
        });
        let board = &mut core.boards[self.node as usize];
        if board.up {
            // What a dying one undoes was never acknowledged: whoever takes over has not lost it.
            board.position = version;
        }
    }
}
