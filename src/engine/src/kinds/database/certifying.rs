//! Transactions under the rule of agreement: their writes are done here under the locks of their rows, and all of them
//! are certified by the other primaries together, in one round, when the transaction commits.
//!
//! If another has written one of the rows meanwhile the whole transaction fails, and is taken back wherever it has
//! been taken in. How one write is agreed on must not live here (`agreeing`).

use archplay_kernel::Handle;
use archplay_report::Reason;

use super::change::Change;
use super::peers::Entry;
use super::replication::{Copies, stamp};
use super::undo::Done;
use super::{Database, SYNCS};
use crate::core::{Core, Phase};

impl Copies {
    /// Whether nobody else has written the row since a transaction did.
    fn still_fits(&self, entry: &Entry) -> bool {
        let here = self.versions.get(&entry.change.key());
        here.is_none_or(|here| here.version == entry.before || self.agreement.is_void(here.version))
    }
}

impl Database {
    /// Whether a write waits for the commit of its transaction. What was sold without being there is told as it is.
    pub(super) fn defers(&self, core: &Core, handle: Handle) -> bool {
        let Some(call) = core.calls.get(handle).filter(|_| self.copies.agrees()) else {
            return false;
        };
        let owner = core.calls.get(call.transaction);
        call.pending == 0 && owner.is_some_and(|owner| core.plant.commits_later(owner.pc))
    }

    /// A write of a transaction is done here, and nobody else hears of it yet.
    pub(super) fn defer(&mut self, core: &mut Core, handle: Handle, change: Change) {
        let Some(owner) = core.call(handle).map(|call| call.transaction) else {
            return;
        };
        let before = self.copies.versions.get(&change.key());
        let entry = Entry {
            before: before.map_or(0, |version| version.version),
            change,
            ..Entry::default()
        };
        let open = &mut self.copies.agreement.open;
        open.entry(owner).or_default().push(entry);
        let position = core.boards[self.node as usize].position;
        self.answer_write(core, handle, position);
    }

    /// A transaction commits: it is answered once all who have to agree have agreed to all its writes.
    pub(super) fn certify(&mut self, core: &mut Core, handle: Handle) {
        let Some(owner) = core.call(handle).map(|call| call.transaction) else {
            return;
        };
        let agreement = &self.copies.agreement;
        if agreement.lost.contains(&owner) {
            return core.fail(handle, Reason::ConflictingWrite, self.node);
        }
        let mut groups = agreement.groups.iter();
        if let Some((last, (_, entries))) = groups.find(|(_, (of, _))| *of == owner) {
            // It is asked again before the answer has come.
            let version = entries.last().map_or(0, |entry| entry.version);
            return self.wait_instead(core, handle, (*last, version));
        }
        let fits = |entry: &Entry| self.copies.still_fits(entry);
        let entries = agreement.open.get(&owner).map_or(&[][..], Vec::as_slice);
        if !entries.iter().all(fits) {
            self.roll_back(core, owner);
            self.copies.agreement.lost.insert(owner);
            return core.fail(handle, Reason::ConflictingWrite, self.node);
        }
        match self.log_deferred(core, owner) {
            Some((last, version)) => {
                let now = core.now;
                if let Some(call) = core.call(handle) {
                    call.wrote = version;
                    (call.stage, call.since_ns) = (SYNCS, now);
                }
                self.answer_once_there(core, handle, last, version);
            }
            None => {
                let position = core.boards[self.node as usize].position;
                self.answer_write(core, handle, position);
            }
        }
    }

    /// Another call stands for the commit of a transaction from now on.
    fn wait_instead(&mut self, core: &mut Core, handle: Handle, (last, version): (u64, u64)) {
        let now = core.now;
        let mut syncs = self.copies.syncs.iter_mut();
        let Some((_, waits)) = syncs.find(|(entry, _)| *entry == last) else {
            return core.fail(handle, Reason::ConnectionLost, self.node);
        };
        let before = std::mem::replace(waits, handle);
        if let Some(call) = core.call(handle) {
            call.wrote = version;
            (call.stage, call.since_ns) = (SYNCS, now);
        }
        core.fail(before, Reason::CallTimeout, self.node);
        if let Some(waits) = &mut self.copies.sync_waits {
            waits.add(now, (handle, last), &mut core.queue);
        }
    }

    /// A transaction has ended well. What it did not ask anybody about, others get as it is.
    pub(super) fn commit_unasked(&mut self, core: &mut Core, owner: Handle) {
        if let Some((last, _)) = self.log_deferred(core, owner) {
            self.copies.agreement.agreed(last);
            self.ship(core);
        }
        self.copies.agreement.forget(owner);
    }

    /// What a transaction has written gets into the log, one entry after the other. Returns the last, and its version.
    pub(super) fn log_deferred(&mut self, core: &mut Core, owner: Handle) -> Option<(u64, u64)> {
        let copies = &mut self.copies;
        let mut entries = copies.agreement.open.remove(&owner)?;
        let mut last = 0;
        for entry in &mut entries {
            copies.position += 1;
            entry.at_ns = core.now;
            entry.version = stamp(copies.lineage, copies.position);
            let key = entry.change.key();
            entry.before = copies.overwrite(key, entry.version, core.now);
            if entry.change.counts() {
                self.undo.logged(owner, key, entry.version);
            }
            last = copies.append(*entry);
        }
        let version = stamp(copies.lineage, copies.position);
        copies.agreement.groups.insert(last, (owner, entries));
        Some((last, version))
    }

    /// A transaction is undone, here and wherever some of it has been taken in; `last` is its last entry.
    pub(super) fn take_group_back(
        &mut self,
        core: &mut Core,
        owner: Handle,
        (last, entries): (u64, &[Entry]),
    ) {
        let open = core.calls.get(owner);
        let waits = open.is_some_and(|call| call.phase != Phase::Back && call.in_transaction);
        let copies = &mut self.copies;
        if waits {
            copies.agreement.lost.insert(owner);
        }
        for (back, entry) in (0_u64..).zip(entries.iter().rev()) {
            let at = last.checked_sub(back + copies.first);
            if let Some(logged) = at.and_then(|at| copies.log.get_mut(at as usize)) {
                logged.void = true;
            }
            copies.agreement.make_void(entry.version);
        }
        for entry in entries.iter().rev() {
            if entry.change.counts() && !self.undo.forget(owner, entry.version) {
                // The transaction was undone already.
                continue;
            }
            let done = Done {
                change: entry.change,
                version: entry.version,
            };
            self.undo_one(core, &done);
        }
    }
}
