//! Row locks: one owner, who may be a transaction, and a line of statements that wait, first come first
//! served. Who waits too long, and what a statement does once it has its lock, must not live here.

use std::collections::{BTreeMap, BTreeSet};

use archplay_kernel::Handle;

/// A row of a dataset.
pub(super) type Key = (u32, u64);

const NONE: u32 = u32::MAX;

/// Longer circles of waiting transactions are not looked for: their time-out ends them. InnoDB looks at 200.
const MOST_IN_CIRCLE: u32 = 200;

#[derive(Clone, Copy, Debug)]
struct Lock {
    owner: Handle,
    first: u32,
    last: u32,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    call: Handle,
    owner: Handle,
    next: u32,
}

/// All locked rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    locks: BTreeMap<Key, Lock>,
    owned: BTreeSet<(Handle, Key)>,
    waits: Vec<Wait>,
    free: Vec<u32>,
    waiting: u64,
    /// For each transaction that waits: the row, and the call that stands in its line.
    wants: BTreeMap<Handle, (Key, Handle)>,
}

impl Locks {
    /// Takes a lock for `owner`; tells whether it has it. Otherwise `call` stands in the line.
    pub(super) fn take(&mut self, key: Key, owner: Handle, call: Handle) -> bool {
        let Some(lock) = self.locks.get_mut(&key) else {
            let lock = Lock {
                owner,
                first: NONE,
                last: NONE,
            };
            self.locks.insert(key, lock);
            self.owned.insert((owner, key));
            return true;
        };
        if lock.owner == owner {
            return true;
        }
        let wait = Wait {
            call,
            owner,
            next: NONE,
        };
        let at = match self.free.pop() {
            Some(at) => {
                self.waits[at as usize] = wait;
                at
            }
            None => {
                self.waits.push(wait);
                self.waits.len() as u32 - 1
            }
        };
        match self.waits.get_mut(lock.last as usize) {
            Some(before) => before.next = at,
            None => lock.first = at,
        }
        lock.last = at;
        self.waiting += 1;
        if owner != call {
            self.wants.insert(owner, (key, call));
        }
        false
    }

    /// Who has a row.
    pub(super) fn owner(&self, key: Key) -> Option<Handle> {
        self.locks.get(&key).map(|lock| lock.owner)
    }

    /// Gives one lock of an owner back. Returns the call that has it now; `waits` tells who still wants it.
    pub(super) fn release(
        &mut self,
        key: Key,
        owner: Handle,
        waits: impl Fn(Handle) -> bool,
    ) -> Option<Handle> {
        if self.owner(key) != Some(owner) {
            return None;
        }
        self.owned.remove(&(owner, key));
        let lock = self.locks.get_mut(&key)?;
        while lock.first != NONE {
            let at = lock.first;
            let wait = self.waits[at as usize];
            lock.first = wait.next;
            if lock.first == NONE {
                lock.last = NONE;
            }
            self.free.push(at);
            self.waiting -= 1;
            if waits(wait.call) {
                lock.owner = wait.owner;
                self.wants.remove(&wait.owner);
                self.owned.insert((wait.owner, key));
                return Some(wait.call);
            }
        }
        self.locks.remove(&key);
        None
    }

    /// Whether a transaction waits for itself: for a row whose owner waits for another's, and so on up to one of its
    /// own. `waits` tells who still waits.
    pub(super) fn is_deadlock(&self, owner: Handle, waits: impl Fn(Handle) -> bool) -> bool {
        let mut at = owner;
        for _ in 0..MOST_IN_CIRCLE {
            let Some((key, call)) = self.wants.get(&at) else {
                return false;
            };
            let Some(holder) = self.owner(*key).filter(|_| waits(*call)) else {
                return false;
            };
            if holder == owner {
                return true;
            }
            at = holder;
        }
        false
    }

    /// A transaction has ended: it wants nothing any more.
    pub(super) fn forget(&mut self, owner: Handle) {
        self.wants.remove(&owner);
    }

    /// Any lock of an owner.
    pub(super) fn any_of(&self, owner: Handle) -> Option<Key> {
        let from = (owner, (0, 0));
        let found = self.owned.range(from..).next();
        found.filter(|(of, _)| *of == owner).map(|(_, key)| *key)
    }

    /// Owners of rows that somebody waits for.
    pub(super) fn wanted(&self) -> impl Iterator<Item = Handle> {
        let wanted = self.locks.values().filter(|lock| lock.first != NONE);
        wanted.map(|lock| lock.owner)
    }

    /// All rows that somebody has.
    pub(super) fn rows(&self) -> impl Iterator<Item = Key> {
        self.locks.keys().copied()
    }

    /// How many stand in lines, those included who have left without a word.
    pub(super) const fn lines(&self) -> u64 {
        self.waiting
    }

    /// Everything is forgotten.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(index: u32) -> Handle {
        Handle::new(index, 0)
    }

    #[test]
    fn first_come_first_served_and_who_has_left_is_passed_by() {
        let mut locks = Locks::default();
        let key = (0, 7);
        assert!(locks.take(key, handle(1), handle(1)));
        assert!(
            locks.take(key, handle(1), handle(9)),
            "again for the same owner"
        );
        for n in 2..=4 {
            assert!(!locks.take(key, handle(n), handle(n)));
        }
        assert!(locks.take((0, 8), handle(5), handle(5)), "another row");
        let next = locks.release(key, handle(1), |call| call != handle(2));
        assert_eq!(next, Some(handle(3)));
        assert_eq!(
            locks.release(key, handle(1), |_| true),
            None,
            "not its any more"
        );
        assert_eq!(locks.any_of(handle(3)), Some(key));
        assert_eq!(locks.release(key, handle(3), |_| true), Some(handle(4)));
        assert_eq!(locks.release(key, handle(4), |_| true), None);
        assert_eq!((locks.lines(), locks.owner(key)), (0, None));
    }

    #[test]
    fn who_waits_for_itself_in_a_circle_of_any_length_is_found() {
        let mut locks = Locks::default();
        for n in 1..=4 {
            assert!(locks.take((0, u64::from(n)), handle(n), handle(10 + n)));
        }
        for n in 1..=3 {
            assert!(!locks.take((0, u64::from(n) + 1), handle(n), handle(20 + n)));
            assert!(!locks.is_deadlock(handle(n), |_| true), "{n}");
        }
        assert!(!locks.take((0, 1), handle(4), handle(24)));
        assert!(locks.is_deadlock(handle(4), |_| true));
        // One of them has left the line.
        assert!(!locks.is_deadlock(handle(4), |call| call != handle(22)));
        locks.forget(handle(2));
        assert!(!locks.is_deadlock(handle(4), |_| true));
    }

    #[test]
    fn an_owner_has_many_rows() {
        let mut locks = Locks::default();
        for row in 1..=3 {
            assert!(locks.take((0, row), handle(1), handle(1)));
        }
        assert!(!locks.take((0, 2), handle(2), handle(2)));
        assert_eq!(locks.wanted().collect::<Vec<_>>(), [handle(1)]);
        let mut given = Vec::new();
        while let Some(key) = locks.any_of(handle(1)) {
            given.extend(locks.release(key, handle(1), |_| true));
        }
        assert_eq!(given, [handle(2)]);
        assert_eq!(locks.any_of(handle(2)), Some((0, 2)));
    }
}
