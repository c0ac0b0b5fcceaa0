//! What a write does to a row, and how it is taken back.

use super::Table;

/// A change of one row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) dataset: u32,
    pub(super) row: u64,
    pub(super) person: u64,
    /// Pieces taken from stock.
    pub(super) amount: u32,
    /// By how much less the row says are left.
    pub(super) less: i32,
    pub(super) inserts: bool,
}

impl Change {
    pub(super) const fn key(&self) -> (u32, u64) {
        (self.dataset, self.row)
    }

    /// Whether there is anything to take back: what a row says beside stock and owner is not simulated.
    pub(super) const fn counts(&self) -> bool {
        self.amount > 0 || self.inserts
    }
}

impl Table {
    /// A change is as if it had not been; returns bytes of a row that is no more.
    pub(super) fn take_back(&mut self, change: &Change) -> f64 {
        if change.amount > 0 {
            self.book.give_back(change.row, change.amount, change.less);
        }
        let gone = change.inserts && self.book.undo_insert(change.row, change.person);
        if gone { self.row_bytes } else { 0.0 }
    }
}
