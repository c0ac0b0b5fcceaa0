//! What a database knows of its rows: stock that is left, and who owns which inserted identifier.
//!
//! Memory is bounded by the rows that were touched and by a limit on identifiers kept. What it takes to
//! read or write a row must not live here.

use std::collections::{BTreeMap, VecDeque};

use archplay_kernel::mix;
use archplay_model::scenario::OnConflict;

/// Identifiers kept for each dataset; older ones are forgotten and could be inserted again unnoticed.
const MOST_IDS: usize = 4_000_000;

/// What came of an insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    New,
    /// The identifier was taken: whose row it was.
    Taken {
        owner: u64,
    },
}

/// The stock of a row that was sold from.
#[derive(Clone, Copy, Debug)]
struct Stock {
    /// What the row says is left: more than there is, if somebody wrote what he had worked out from an old value.
    left: i64,
    sold: i64,
}

/// Pieces as a number that goes down and up.
pub(super) fn signed(amount: u32) -> i32 {
    i32::try_from(amount).unwrap_or(i32::MAX)
}

/// What is known of a row that changes its shard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    row: u64,
    left: Option<Stock>,
    owner: Option<u64>,
}

/// The rows of one dataset.
#[derive(Clone, Debug)]
pub(super) struct Book {
    stock: Option<u32>,
    /// Of rows that were sold from.
    left: BTreeMap<u64, Stock>,
    ids: Ids,
    /// The store's own counter.
    next_id: u64,
    step: u64,
    greatest: u64,
    /// Rows added.
    pub added: u64,
}

impl Book {
    pub(super) fn new(stock: Option<u32>, offset: u64, step: u64) -> Self {
        Self {
            stock,
            left: BTreeMap::new(),
            ids: Ids::default(),
            next_id: offset,
            step,
            greatest: 0,
            added: 0,
        }
    }

    fn stock_of(&self, row: u64) -> Option<Stock> {
        let all = Stock {
            left: i64::from(self.stock?),
            sold: 0,
        };
        Some(self.left.get(&row).copied().unwrap_or(all))
    }

    /// Pieces that a row says are left; `None` for endless.
    pub(super) fn left(&self, row: u64) -> Option<i64> {
        Some(self.stock_of(row)?.left)
    }

    /// Takes pieces whatever is left, and returns how many of them were not there and by how much less the row says
    /// are left. Whoever writes what he had worked out before says what he had `seen`.
    pub(super) fn sell(&mut self, row: u64, amount: u32, seen: Option<i64>) -> (u32, i32) {
        let own = signed(amount);
        let less = match (self.left(row), seen) {
            (Some(left), Some(seen)) => {
                let less = left - seen + i64::from(amount);
                less.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
            }
            _ => own,
        };
        (self.take(row, amount, less), less)
    }

    /// The same, where it is known how much less are left.
    pub(super) fn take(&mut self, row: u64, amount: u32, less: i32) -> u32 {
        let (Some(stock), Some(all)) = (self.stock_of(row), self.stock) else {
            return 0;
        };
        let after = Stock {
            left: stock.left - i64::from(less),
            sold: stock.sold + i64::from(amount),
        };
        self.left.insert(row, after);
        (after.sold - i64::from(all)).clamp(0, i64::from(amount)) as u32
    }

    /// Somebody who writes the whole row says how many pieces are left, if he says it.
    pub(super) fn say_left(&mut self, row: u64, left: Option<i32>) {
        if let (Some(left), Some(stock)) = (left, self.stock_of(row)) {
            let left = i64::from(left);
            self.left.insert(row, Stock { left, ..stock });
        }
    }

    /// Pieces were not sold after all, of which the row had got so much less.
    pub(super) fn give_back(&mut self, row: u64, amount: u32, less: i32) {
        if let Some(stock) = self.stock_of(row) {
            let before = Stock {
                left: stock.left + i64::from(less),
                sold: stock.sold - i64::from(amount),
            };
            self.left.insert(row, before);
        }
    }

    /// A row was not added after all; `false` if it is not there or somebody else's.
    pub(super) fn undo_insert(&mut self, id: u64, person: u64) -> bool {
        let there = self.ids.find(id) == Some(person);
        if there {
            self.ids.remove(id.max(1));
            self.added = self.added.saturating_sub(1);
        }
        there
    }

    /// The store's own next identifier.
    pub(super) fn draw(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += self.step;
        id
    }

    /// A copy has seen this identifier: its own counter goes on after it.
    pub(super) fn seen(&mut self, id: u64) {
        if id >= self.next_id && id < u64::MAX / 2 {
            self.next_id += (id - self.next_id).div_euclid(self.step) * self.step + self.step;
        }
    }

    /// Takes out what is known of the rows that go elsewhere.
    pub(super) fn give(&mut self, goes: impl Fn(u64) -> bool, out: &mut Vec<Moved>) {
        self.left.retain(|row, left| {
            if goes(*row) {
                out.push(Moved {
                    row: *row,
                    left: Some(*left),
                    owner: None,
                });
            }
            !goes(*row)
        });
        let ids = self.ids.order.iter();
        let going: Vec<u64> = ids.copied().filter(|id| goes(*id)).collect();
        for id in going {
            let owner = self.ids.find(id);
            self.ids.remove(id);
            out.push(Moved {
                row: id,
                left: None,
                owner,
            });
        }
        self.ids.order.retain(|id| !goes(*id));
    }

    /// Takes out what is known of one row.
    pub(super) fn give_one(&mut self, row: u64, out: &mut Vec<Moved>) {
        let left = self.left.remove(&row);
        let owner = self.ids.find(row);
        if owner.is_some() {
            self.ids.remove(row);
            self.ids.order.retain(|id| *id != row);
        }
        if left.is_some() || owner.is_some() {
            out.push(Moved { row, left, owner });
        }
    }

    /// A row has come from another shard.
    pub(super) fn get(&mut self, moved: &Moved) {
        if let Some(left) = moved.left {
            self.left.insert(moved.row, left);
        }
        if let Some(owner) = moved.owner {
            self.insert(moved.row, owner, OnConflict::LastWins);
        }
    }

    /// What is known of a row as a write: its row, pieces that were sold, by how much less are left, and whose it is.
    pub(super) fn as_write(&self, moved: &Moved) -> (u64, u32, i32, Option<u64>) {
        let all = i64::from(self.stock.unwrap_or(0));
        let (sold, less) = moved
            .left
            .map_or((0, 0), |stock| (stock.sold, all - stock.left));
        let sold = sold.clamp(0, i64::from(u32::MAX)) as u32;
        let less = less.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        (moved.row, sold, less, moved.owner)
    }

    /// Everything that another has of these rows; its own counter goes on after what both have seen.
    pub(super) fn adopt(&mut self, other: &Self) {
        self.left.clone_from(&other.left);
        self.ids = other.ids.clone();
        (self.greatest, self.added) = (other.greatest, other.added);
        self.seen(other.next_id.saturating_sub(1));
    }

    /// Whether a row with this identifier comes after all others.
    pub(super) fn is_last(&self, id: u64) -> bool {
        id >= self.greatest
    }

    /// Adds a row of a person.
    pub(super) fn insert(&mut self, id: u64, person: u64, rule: OnConflict) -> Inserted {
        let taken = self.ids.find(id);
        if let Some(owner) = taken {
            if rule == OnConflict::LastWins {
                self.ids.insert(id, person);
            }
            return Inserted::Taken { owner };
        }
        self.ids.insert(id, person);
        self.greatest = self.greatest.max(id);
        self.added += 1;
        Inserted::New
    }
}

/// Identifiers and their owners: an open table with linear probing; the oldest go first.
#[derive(Clone, Debug, Default)]
struct Ids {
    /// (identifier, owner); identifier 0 is an empty place.
    table: Vec<(u64, u64)>,
    order: VecDeque<u64>,
}

impl Ids {
    fn find(&self, id: u64) -> Option<u64> {
        let at = self.place(id.max(1))?;
        let (found, owner) = self.table[at];
        (found != 0).then_some(owner)
    }

    /// Where an identifier is, or would be.
    fn place(&self, id: u64) -> Option<usize> {
        if self.table.is_empty() {
            return None;
        }
        let mask = self.table.len() - 1;
        let mut at = mix(id, 1) as usize & mask;
        while self.table[at].0 != 0 && self.table[at].0 != id {
            at = (at + 1) & mask;
        }
        Some(at)
    }

    fn insert(&mut self, id: u64, owner: u64) {
        let id = id.max(1);
        if (self.order.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let Some(at) = self.place(id) else { return };
        let new = self.table[at].0 == 0;
        self.table[at] = (id, owner);
        if new {
            self.order.push_back(id);
            if self.order.len() > MOST_IDS
                && let Some(oldest) = self.order.pop_front()
            {
                self.remove(oldest);
            }
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![(0, 0); (old.len() * 2).max(64)];
        for entry in old.into_iter().filter(|(id, _)| *id != 0) {
            if let Some(at) = self.place(entry.0) {
                self.table[at] = entry;
            }
        }
    }

    /// Takes one out and moves up those who had to stand behind it.
    fn remove(&mut self, id: u64) {
        let Some(mut hole) = self.place(id) else {
            return;
        };
        let mask = self.table.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let (next, _) = self.table[at];
            if next == 0 {
                break;
            }
            let home = mix(next, 1) as usize & mask;
            // It may stand in the hole unless its home lies behind it.
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.table[hole] = self.table[at];
                hole = at;
            }
        }
        self.table[hole] = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_runs_out_and_can_be_oversold() {
        let mut book = Book::new(Some(5), 1, 1);
        assert_eq!(
            (book.left(1), book.sell(1, 3, None), book.left(1)),
            (Some(5), (0, 3), Some(2))
        );
        assert_eq!(book.sell(1, 3, None), (1, 3));
        assert_eq!(book.sell(1, 2, None), (2, 2));
        assert_eq!(book.left(2), Some(5));
        assert_eq!(Book::new(None, 1, 1).left(1), None);
    }

    #[test]
    fn what_did_not_happen_can_happen_again() {
        let mut book = Book::new(Some(5), 1, 1);
        book.sell(1, 5, None);
        book.give_back(1, 2, 2);
        assert_eq!((book.left(1), book.sell(1, 3, None)), (Some(2), (1, 3)));
        book.insert(9, 100, OnConflict::Error);
        assert!(!book.undo_insert(9, 200) && book.undo_insert(9, 100) && !book.undo_insert(9, 100));
        assert_eq!(book.insert(9, 200, OnConflict::Error), Inserted::New);
        assert_eq!(book.added, 1);
    }

    #[test]
    fn who_writes_what_he_had_worked_out_loses_the_others_update() {
        let mut book = Book::new(Some(5), 1, 1);
        // Two have read 5, and both write 4.
        assert_eq!(book.sell(1, 1, Some(5)), (0, 1));
        assert_eq!(book.sell(1, 1, Some(5)), (0, 0));
        assert_eq!(book.left(1), Some(4));
        for seen in (1..=3).rev() {
            book.sell(1, 1, Some(seen + 1));
        }
        // The row says that one is left; five are sold.
        assert_eq!((book.left(1), book.sell(1, 1, Some(1))), (Some(1), (1, 1)));
        book.give_back(1, 1, 1);
        assert_eq!(book.left(1), Some(1));
    }

    #[test]
    fn who_wins_an_identifier() {
        let mut book = Book::new(None, 1, 1);
        assert_eq!(book.insert(9, 100, OnConflict::Error), Inserted::New);
        let taken = Inserted::Taken { owner: 100 };
        assert_eq!(book.insert(9, 200, OnConflict::FirstWins), taken);
        assert_eq!(book.insert(9, 200, OnConflict::LastWins), taken);
        assert_eq!(
            book.insert(9, 300, OnConflict::Error),
            Inserted::Taken { owner: 200 }
        );
        assert_eq!(book.added, 1);
    }

    #[test]
    fn two_counters_with_step_and_offset_never_meet() {
        let (mut a, mut b) = (Book::new(None, 1, 2), Book::new(None, 2, 2));
        let draws = |book: &mut Book| (0..4).map(|_| book.draw()).collect::<Vec<_>>();
        assert_eq!(
            (draws(&mut a), draws(&mut b)),
            (vec![1, 3, 5, 7], vec![2, 4, 6, 8])
        );
        // A copy goes on after what it has seen.
        b.seen(13);
        assert_eq!(b.draw(), 14);
        a.seen(13);
        assert_eq!(a.draw(), 15);
    }

    #[test]
    fn identifiers_are_found_until_they_are_the_oldest_of_too_many() {
        let mut ids = Ids::default();
        for id in 0..20_000_u64 {
            ids.insert(mix(id, 5), id);
        }
        assert!((0..20_000).all(|id| ids.find(mix(id, 5)) == Some(id)));
        for id in 0..10_000_u64 {
            ids.remove(mix(id, 5));
        }
        assert!((0..10_000).all(|id| ids.find(mix(id, 5)).is_none()));
        assert!((10_000..20_000).all(|id| ids.find(mix(id, 5)) == Some(id)));
    }
}
