//! The copy's side: it receives in order, whatever order the network has, and applies one write after the
//! other.
//!
//! Several primaries that are linked both ways send each other their own writes; each write names the version
//! of the row that it has overwritten, so a conflict is seen where it is.

use std::collections::BTreeMap;

use archplay_kernel::{Handle, mix, ns_from_ns};
use archplay_model::scenario::OnConflict;
use archplay_report::Reason;

use super::change::Change;
use super::peers::{Entry, Moves};
use super::replication::{POSITION, POSITION_BITS, Role, Rule, Stream, Version};
use super::rows::Inserted;
use super::{APPLIES, Database, EARLY, RELAYED};
use crate::core::{Core, Waiter};

/// No number of pieces that are left.
pub(super) const UNTOLD: i32 = i32::MIN;
/// Purpose of draws.
const APPLY: u64 = 0x6170_706c;

impl Database {
    /// A message with a write arrives.
    pub(super) fn receive(&mut self, core: &mut Core, handle: Handle) {
        let Some(call) = core.call(handle) else {
            return;
        };
        let Waiter::Node { node: from, .. } = call.waiter else {
            return core.finish(handle, Err(Reason::NoRoute));
        };
        let (entry, before) = (call.value, call.want);
        let expected = match self.copies.role {
            Role::Replica { from: source, .. } => source == from,
            Role::Primary => self
                .copies
                .peers
                .iter()
                .any(|p| p.way.node == from && p.mutual),
            Role::Out => false,
        };
        // What a sender that has died had still on its way is lost with its connection.
        let alive = core.boards[from as usize].up;
        if !core.boards[self.node as usize].up || !expected || !alive {
            return core.finish(handle, Err(Reason::ConnectionLost));
        }
        core.enter(handle);
        let streams = &mut self.copies.streams;
        let i = match streams.iter().position(|stream| stream.from == from) {
            Some(i) => i,
            None => {
                streams.push(Stream {
                    from,
                    received: 0,
                    applied: 0,
                    early: BTreeMap::new(),
                });
                streams.len() - 1
            }
        };
        let stream = &mut streams[i];
        if entry <= stream.received {
            // It came before.
            return core.finish(handle, Ok(()));
        }
        if before > stream.received {
            stream.early.insert(entry, handle);
            if let Some(call) = core.call(handle) {
                call.stage = EARLY;
            }
            return;
        }
        self.relay(core, i, handle, entry);
        loop {
            let stream = &mut self.copies.streams[i];
            let Some((entry, handle)) = stream.early.first_key_value() else {
                break;
            };
            let (entry, handle) = (*entry, *handle);
            let fits = core
                .call(handle)
                .is_none_or(|call| call.want <= stream.received);
            if !fits {
                break;
            }
            stream.early.remove(&entry);
            if entry <= stream.received {
                core.finish(handle, Ok(()));
            } else {
                self.relay(core, i, handle, entry);
            }
        }
        self.apply_next(core);
    }

    /// A write that came in its turn waits to be applied.
    fn relay(&mut self, core: &mut Core, stream: usize, handle: Handle, entry: u64) {
        self.copies.streams[stream].received = entry;
        if let Some(call) = core.call(handle) {
            call.stage = RELAYED;
            self.copies.line.push_back(handle);
        }
    }

    fn apply_next(&mut self, core: &mut Core) {
        let stretch = core.stretch(self.node);
        if self.copies.applying {
            return;
        }
        while let Some(handle) = self.copies.line.front().copied() {
            let Some(call) = core.call(handle).filter(|call| call.stage == RELAYED) else {
                self.copies.line.pop_front();
                continue;
            };
            call.stage = APPLIES;
            self.copies.applying = true;
            let writes = match Moves::of(call.end) {
                Moves::Nothing => 1.0,
                Moves::Row => 0.0,
                // A page of rows is one write.
                Moves::Pages => f64::from(call.pc),
            };
            let ns = self.copies.apply.sample_key(mix(call.key, APPLY)) * stretch * writes;
            return core.wait(handle, ns_from_ns(ns));
        }
    }

    /// A write has been applied here.
    pub(super) fn applied(&mut self, core: &mut Core, handle: Handle) {
        let now = core.now;
        self.copies.applying = false;
        self.copies.line.pop_front();
        let Some(call) = core.call(handle).copied() else {
            return;
        };
        if let Waiter::Node { node: from, .. } = call.waiter {
            let mut streams = self.copies.streams.iter_mut();
            if let Some(stream) = streams.find(|stream| stream.from == from) {
                stream.applied = call.value;
            }
        }
        let mut entry = Entry {
            at_ns: call.origin,
            version: call.since_ns,
            before: call.wrote,
            change: Change {
                dataset: call.held,
                row: call.row,
                person: call.person,
                amount: call.pc,
                less: call.rescue.cast_signed(),
                inserts: call.end & 1 == 1,
            },
            undoes: call.end & 2 == 2,
            void: call.end & 4 == 4,
            moves: Moves::of(call.end),
            left: Some(call.wants.cast_signed()).filter(|left| *left != UNTOLD),
        };
        self.copies.last_commit_ns = entry.at_ns;
        self.copies.learn(entry.version);
        if core.stats.in_focus(entry.at_ns) && entry.moves != Moves::Row {
            self.counts.lag.record(now - entry.at_ns);
        }
        core.boards[self.node as usize].lag_ns = now - entry.at_ns;
        let accepted = self.merge(core, &entry);
        let agreed = accepted || !self.copies.agrees();
        if agreed {
            self.take_over(core, &entry, accepted);
            if entry.left.is_some() {
                // What copies of this one get to know is what the row says here, whichever write that is.
                entry.left = self.left_of(&entry.change);
            }
        }
        if matches!(self.copies.role, Role::Replica { .. }) {
            core.boards[self.node as usize].position = entry.version;
        }
        if agreed {
            self.copies.append(entry);
        }
        let refused = !agreed && !entry.undoes && !entry.void;
        core.finish(
            handle,
            if refused {
                Err(Reason::ConflictingWrite)
            } else {
                Ok(())
            },
        );
        self.ship(core);
        self.apply_next(core);
    }

    /// Rows of a write become rows here, if it stays.
    fn take_over(&mut self, core: &mut Core, entry: &Entry, stays: bool) {
        if entry.moves != Moves::Nothing {
            return self.take_moved(entry);
        }
        let change = &entry.change;
        let Some(table) = self.table_of[change.dataset as usize] else {
            return;
        };
        let table = &mut self.tables[table as usize];
        let left = entry.left.filter(|_| stays);
        if entry.undoes {
            if stays {
                self.used -= table.take_back(change);
            }
            return table.book.say_left(change.row, left);
        }
        self.used += table.row_bytes;
        if change.amount > 0 && stays {
            let missing = table.book.take(change.row, change.amount, change.less);
            if self.copies.replaces() {
                self.counts.oversold += u64::from(missing);
            }
            table.book.say_left(change.row, left);
        }
        if change.inserts {
            let rule = match stays {
                true => OnConflict::LastWins,
                false => OnConflict::FirstWins,
            };
            let inserted = table.book.insert(change.row, change.person, rule);
            table.book.seen(change.row);
            self.used += table.row_bytes;
            if let Inserted::Taken { owner } = inserted
                && owner != change.person
            {
                // Two primaries gave the same identifier away.
                self.counts.collisions += 1;
                if self.copies.agrees() {
                    // Who loses is told so.
                    return;
                }
                let loser = if stays { owner } else { change.person };
                core.add_stranger(change.dataset, loser);
            }
        }
    }

    /// How many pieces a changed row says are left, where a write of another primary may replace what it says.
    pub(super) fn left_of(&self, change: &Change) -> Option<i32> {
        if !self.copies.replaces() || change.amount == 0 {
            return None;
        }
        let table = self.table_of[change.dataset as usize]?;
        let left = self.tables[table as usize].book.left(change.row)?;
        Some(left.clamp(i64::from(UNTOLD) + 1, i64::from(i32::MAX)) as i32)
    }

    /// With several primaries: whether a write from elsewhere stays, against what was written here.
    fn merge(&mut self, core: &Core, entry: &Entry) -> bool {
        let copies = &mut self.copies;
        if !copies.tracks || entry.moves != Moves::Nothing {
            return true;
        }
        if copies.agrees()
            && let Some(stays) = copies.agreement.knows(entry)
        {
            return stays;
        }
        let key = entry.change.key();
        let here = copies.versions.get(&key).copied();
        let here = here.filter(|here| !copies.agreement.is_void(here.version));
        let new = Version {
            version: entry.version,
            at_ns: entry.at_ns,
        };
        let Some(here) = here.filter(|here| here.version != entry.before) else {
            copies.keep(key, new);
            return true;
        };
        let own = here.version >> POSITION_BITS == copies.lineage;
        let later = (entry.at_ns, entry.version) > (here.at_ns, here.version);
        let stays = match copies.rule {
            Rule::Last => later,
            Rule::First => !later,
            // What has been answered gives way to nothing.
            Rule::Neither => !later && (!own || copies.gives_way(core, here.version)),
        };
        let loser = if stays { here.version } else { entry.version };
        copies.forget_write(loser);
        if copies.rule == Rule::Neither {
            if !stays {
                copies.agreement.refuse(entry.version);
            }
        } else if stays && own {
            self.counts.lost += 1;
        }
        if stays {
            copies.keep(key, new);
        }
        stays
    }

    /// Writes that this copy has not applied.
    pub(super) fn backlog(&self, core: &Core) -> f64 {
        match self.copies.role {
            Role::Replica { from, .. } => {
                let ahead = core.boards[from as usize].position;
                let known = self.copies.known_of(ahead >> POSITION_BITS);
                (ahead & POSITION).saturating_sub(known) as f64
            }
            _ => self.copies.line.len() as f64,
        }
    }
}
