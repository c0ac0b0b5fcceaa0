//! A statement on its way: what it does to rows once it has its lock and its work is done (`working`), commit, answer.

use archplay_kernel::Handle;
use archplay_model::scenario::{OnConflict, Pick};
use archplay_report::Reason;

use super::change::Change;
use super::replication::Role;
use super::rows::Inserted;
use super::{BETWEEN, COMMITS, Database, ON_CPU};
use crate::core::{Core, Phase};
use crate::plant::{Access, Ask};

impl Database {
    /// The statement of a call, and the table that it is about.
    pub(super) fn of(&self, core: &mut Core, handle: Handle) -> Option<(u32, Access, u32, u32)> {
        let ask = core.call(handle)?.ask;
        let Ask::Data { statement } = core.plant.asks[ask as usize] else {
            return None;
        };
        let plan = &core.plant.statements[statement as usize];
        let table = self.table_of[plan.dataset as usize]?;
        Some((statement, plan.access, table, plan.dataset))
    }

    /// A statement arrives.
    pub(super) fn statement(&mut self, core: &mut Core, handle: Handle, statement: u32) {
        let plan = &core.plant.statements[statement as usize];
        let access = plan.access;
        let here = self.table_of[plan.dataset as usize].is_some();
        let read_only = matches!(self.copies.role, Role::Replica { .. });
        if !here || (access.writes() && read_only) {
            return core.fail(handle, Reason::NoRoute, self.node);
        }
        if access.writes() && !self.has_room(core) {
            return core.fail(handle, Reason::DiskFull, self.node);
        }
        core.enter(handle);
        if let Some(call) = core.call(handle) {
            // `need`: 1 while a reserving statement only reads; `pending`: pieces that were not there.
            (call.need, call.pending) = (0, 0);
        }
        self.fit_pool(core);
        match access {
            Access::Commit => self.certify(core, handle),
            Access::Read { .. } | Access::Insert { .. } => self.find_pages(core, handle),
            Access::Reserve {
                read_then_write: true,
                ..
            } => {
                if let Some(call) = core.call(handle) {
                    call.need = 1;
                }
                self.find_pages(core, handle);
            }
            Access::Write | Access::Reserve { .. } => self.lock(core, handle),
        }
    }

    /// The processor is done with a statement.
    pub(super) fn computed(&mut self, core: &mut Core, handle: Handle) {
        let node = self.node;
        // It may have been killed meanwhile.
        let here = core.call(handle).is_some_and(|call| {
            call.node == node && call.phase == Phase::Inside && call.stage == ON_CPU
        });
        let Some((statement, access, table, dataset)) = self.of(core, handle) else {
            return;
        };
        if !here {
            return;
        }
        match access {
            Access::Read { .. } => self.read(core, handle, statement, dataset),
            Access::Write | Access::Commit => self.commit(core, handle),
            Access::Insert { on_conflict } => {
                self.insert(core, handle, table, dataset, on_conflict);
            }
            Access::Reserve { amount, .. } => {
                self.reserve(core, handle, (table, dataset), amount);
            }
        }
    }

    /// A read sees what is here.
    fn read(&mut self, core: &mut Core, handle: Handle, statement: u32, dataset: u32) {
        let own = core.plant.statements[statement as usize].pick == Pick::Own;
        let Some(call) = core.call(handle) else {
            return;
        };
        let (want, person) = (call.want, call.person);
        call.value = self.copies.version();
        let mut result = Ok(());
        if own {
            result = self.copies.sees(want);
            if result.is_ok() && core.is_stranger(dataset, person) {
                result = Err(Reason::WrongIdentity);
            }
        }
        match result {
            Ok(()) => core.finish(handle, Ok(())),
            Err(reason) => {
                self.counts.stale += u64::from(reason == Reason::StaleRead);
                core.fail(handle, reason, self.node);
            }
        }
    }

    /// Adds a row.
    fn insert(
        &mut self,
        core: &mut Core,
        handle: Handle,
        table: u32,
        dataset: u32,
        rule: OnConflict,
    ) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let person = call.person;
        let book = &mut self.tables[table as usize].book;
        if call.value == 0 {
            call.value = book.draw();
            self.counts.ids_drawn += 1;
        }
        let id = call.value;
        call.row = id;
        let inserted = book.insert(id, person, rule);
        if let Inserted::Taken { owner } = inserted {
            self.counts.collisions += 1;
            match rule {
                OnConflict::Error => {
                    return core.fail(handle, Reason::DuplicateKey, self.node);
                }
                // Two mean the same row: who does not own it will meet the other's.
                OnConflict::FirstWins => {
                    call.pc = KEPT;
                    if owner != person {
                        core.add_stranger(dataset, person);
                    }
                }
                OnConflict::LastWins if owner != person => core.add_stranger(dataset, owner),
                OnConflict::LastWins => {}
            }
        } else {
            self.used += self.tables[table as usize].row_bytes;
            self.remember(core, handle, dataset, (0, 0));
        }
        self.commit(core, handle);
    }

    /// Takes pieces from a stock.
    fn reserve(
        &mut self,
        core: &mut Core,
        handle: Handle,
        (table, dataset): (u32, u32),
        amount: u32,
    ) {
        let link_delay = core
            .call(handle)
            .map(|call| call.link)
            .map_or(0, |link| core.link_delay(link));
        let book = &mut self.tables[table as usize].book;
        let Some(call) = core.call(handle) else {
            return;
        };
        let (row, only_reads) = (call.row, call.need == 1);
        let enough = book.left(row).is_none_or(|left| left >= i64::from(amount));
        let conditional = !only_reads && call.pc != WORKED_OUT;
        if !enough && (only_reads || conditional) {
            core.fail(handle, Reason::SoldOut, self.node);
            return self.unlock(core, handle);
        }
        if only_reads {
            // The asker has seen enough, works out what is left then, and comes back to write that.
            (call.need, call.pc, call.stage) = (0, WORKED_OUT, BETWEEN);
            call.value = book.left(row).unwrap_or(0).cast_unsigned();
            return core.wait(handle, 2 * link_delay);
        }
        let seen = (!conditional).then_some(call.value.cast_signed());
        let (missing, less) = book.sell(row, amount, seen);
        call.pending = missing.min(u32::from(u16::MAX)) as u16;
        call.held = less.cast_unsigned();
        if missing == 0 {
            // What was sold without being there stays sold: the buyer has been told so.
            self.remember(core, handle, dataset, (amount, less));
        }
        self.commit(core, handle);
    }

    /// Makes a write durable.
    fn commit(&mut self, core: &mut Core, handle: Handle) {
        let (now, stretch) = (core.now, core.stretch(self.node));
        if let Some(call) = core.call(handle) {
            call.stage = COMMITS;
            call.in_line(now, self.disk.line_ns(now));
        }
        let ns = self.disk.submit(now, 1, self.costs.commit_ns, stretch);
        core.wait(handle, ns);
    }

    /// A write is durable.
    pub(super) fn committed(&mut self, core: &mut Core, handle: Handle) {
        let Some((_, access, table, dataset)) = self.of(core, handle) else {
            return;
        };
        if let Some(owner) = self.outlived(core, handle) {
            self.roll_back(core, owner);
            core.fail(handle, Reason::ConnectionLost, self.node);
            return self.release_all(core, owner);
        }
        let inserts = matches!(access, Access::Insert { .. });
        if inserts && core.calls.get(handle).is_some_and(|call| call.pc == KEPT) {
            // The row that was there stays: nothing is written, and no copy hears of it.
            let version = core.boards[self.node as usize].position;
            return self.answer_write(core, handle, version);
        }
        self.used += self.tables[table as usize].row_bytes;
        let Some(call) = core.call(handle) else {
            return;
        };
        let (amount, less) = match access {
            Access::Reserve { amount, .. } => (amount, call.held.cast_signed()),
            _ => (0, 0),
        };
        let change = Change {
            dataset,
            row: call.row,
            person: call.person,
            amount,
            less,
            inserts,
        };
        self.record(core, handle, change);
    }

    /// A write is done, here and wherever it had to be: it is acknowledged.
    pub(super) fn answer_write(&mut self, core: &mut Core, handle: Handle, version: u64) {
        self.unlock(core, handle);
        core.boards[self.node as usize].position = version;
        let Some(call) = core.call(handle) else {
            return;
        };
        call.value = version;
        let missing = call.pending;
        if missing > 0 {
            self.counts.oversold += u64::from(missing);
            return core.fail(handle, Reason::Oversold, self.node);
        }
        core.finish(handle, Ok(()));
    }
}

/// Mark of a reserving statement whose write does not look at the stock again: `value` is what it has seen.
const WORKED_OUT: u32 = 1;
/// Mark of an inserting statement that found its row there and left it.
const KEPT: u32 = 2;
