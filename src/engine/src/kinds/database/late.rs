//! Rows that stay behind when their turn to move to another shard comes, because somebody holds them: a statement or
//! an open transaction. Each follows once nobody does; until then it is asked for where it is (`core::growing`).

use std::collections::{BTreeMap, BTreeSet};

use super::joining::Parcel;
use super::locks::Key;
use super::{Database, LATE_TIMER};
use crate::core::{Core, Notice, Phase};
use crate::plant::{Ask, NodeId};

/// How often rows that stay behind are looked at.
const LOOK_NS: u64 = 10_000_000;

impl Database {
    /// Rows that are locked, or changed by a transaction that is open, or that a statement on its way here is to change.
    pub(super) fn held_rows(&self, core: &Core) -> BTreeSet<Key> {
        let calls = core.calls.iter().map(|(_, call)| call);
        let here = calls.filter(|call| call.node == self.node && call.phase != Phase::Back);
        let coming = here.filter_map(|call| {
            let Ask::Data { statement } = core.plant.asks[call.ask as usize] else {
                return None;
            };
            let plan = &core.plant.statements[statement as usize];
            plan.access.writes().then_some((plan.dataset, call.row))
        });
        let held = self.locks.rows().chain(self.undo.rows());
        held.chain(coming).collect()
    }

    /// These rows stay for now.
    pub(super) fn stay(&mut self, core: &mut Core, rows: Vec<Key>) {
        if rows.is_empty() {
            return;
        }
        core.late_rows
            .extend(rows.iter().map(|key| (*key, self.node)));
        if self.growth.late.is_empty() {
            self.look_later(core);
        }
        self.growth.late.extend(rows);
    }

    /// None of them is at its new place before it has been on its way.
    fn look_later(&self, core: &mut Core) {
        let after = LOOK_NS.saturating_add(self.longest_way_ns());
        core.wake_node(self.node, LATE_TIMER, core.now.saturating_add(after));
    }

    /// It is time to look whether they can go.
    pub(super) fn look_at_late(&self, core: &mut Core) {
        core.tell_one(self.node, self.node, Notice::MoveLate);
    }

    /// Takes out those that nobody holds any more, each for the shard that is to have it now.
    pub(crate) fn give_late(&mut self, core: &mut Core) -> BTreeMap<NodeId, Parcel> {
        let mut parcels = BTreeMap::new();
        if core.boards[self.node as usize].up {
            let held = self.held_rows(core);
            let (stay, go): (Vec<Key>, Vec<Key>) =
                self.growth.late.iter().partition(|key| held.contains(key));
            self.growth.late = stay;
            for key in go {
                core.late_rows.remove(&key);
                let home = self.growth.home(core, key);
                if let Some(home) = home.filter(|home| *home != self.node) {
                    let parcel: &mut Parcel = parcels.entry(home).or_default();
                    self.give_row(core, key, parcel);
                }
            }
        }
        self.ship(core);
        if !self.growth.late.is_empty() {
            self.look_later(core);
        }
        parcels
    }

    fn give_row(&mut self, core: &mut Core, (dataset, row): Key, parcel: &mut Parcel) {
        let table = self.table_of.get(dataset as usize).copied().flatten();
        if let Some(table) = table.and_then(|table| self.tables.get_mut(table as usize)) {
            let mut moved = Vec::new();
            table.book.give_one(row, &mut moved);
            self.log_rows(core, dataset, &moved, true);
            parcel.add(dataset, moved);
        }
    }
}
