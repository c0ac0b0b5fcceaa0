//! Keyed stores with room for some of many keys: what a cache or a buffer pool holds, so that its hit
//! ratio is a result.
//!
//! Only which keys are in lives here; values, versions, sizes in bytes and what a miss costs do not.

mod index;
mod slots;

use crate::RankedHeap;
use index::{Counts, Index};
use slots::Slots;

/// A time to live that never ends.
pub const FOREVER: u64 = u64::MAX;

/// Who has to go when a key comes in and all places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The one not used for longest.
    Lru,
    /// The one used least since it came in; of equals the one not used for longest. What went is
    /// forgotten, and who comes in starts with one use.
    LfuInCache,
    /// The one asked for least since the start, hits and misses counted, also of keys that are not in; of
    /// equals the one not used for longest. A key that was asked for less than that one stays out.
    LfuPerfect,
    /// The one not used for longest, as with [`Policy::Lru`]; meant for stores that live by expiry.
    Ttl {
        /// Whether a hit starts the time to live anew; otherwise it counts from insertion.
        sliding: bool,
    },
}

/// A set of keys with a capacity, an order of eviction and expiry.
///
/// No operation allocates once the store has seen its greatest size (perfect LFU: and all keys). All take
/// constant time, except where counts or expiry are kept: there the logarithm of the number of entries.
/// Expired entries are dropped before anything else happens at a moment, so the number of live ones is
/// always exact. An entry with time to live `t` inserted at `n` is live before `n + t`, not at it. Times
/// are in nanoseconds and must not go back.
#[derive(Clone, Debug)]
pub struct KeyStore {
    policy: Policy,
    capacity: usize,
    index: Index,
    slots: Slots,
    /// LFU: slots by number of uses.
    uses: RankedHeap,
    /// Perfect LFU: how often each key was asked for.
    asked: Counts,
    /// Slots by the moment they expire; those that live for ever are not in.
    expiry: RankedHeap,
    /// Sliding: the time to live of each slot.
    lives: Vec<u64>,
    /// Breaks ties: later uses have greater numbers.
    step: u64,
}

impl KeyStore {
    /// An empty store with room for `capacity` entries; `None` is no limit (but 2³¹).
    #[must_use]
    pub fn new(policy: Policy, capacity: Option<usize>) -> Self {
        const MOST: usize = 1 << 31;
        Self {
            policy,
            capacity: capacity.unwrap_or(MOST).min(MOST),
            index: Index::default(),
            slots: Slots::default(),
            uses: RankedHeap::default(),
            asked: Counts::default(),
            expiry: RankedHeap::default(),
            lives: Vec::new(),
            step: 0,
        }
    }

    /// Asks for a key: tells whether it is in, and counts as a use.
    pub fn get(&mut self, key: u64, now: u64) -> bool {
        self.expire(now);
        let asked = match self.policy {
            Policy::LfuPerfect => self.asked.add(key),
            _ => 0,
        };
        let Some(slot) = self.find(key) else {
            return false;
        };
        match self.policy {
            Policy::Lru => self.slots.touch(slot),
            Policy::LfuInCache => {
                let uses = self.uses.rank(slot).map_or(0, |rank| rank.0);
                self.rank(slot, uses + 1);
            }
            Policy::LfuPerfect => self.rank(slot, asked),
            Policy::Ttl { sliding } => {
                self.slots.touch(slot);
                if sliding {
                    let life = self.lives.get(slot as usize).copied();
                    self.live(slot, now, life.unwrap_or(FOREVER));
                }
            }
        }
        true
    }

    /// Tells whether a key is in without counting as a use.
    pub fn contains(&mut self, key: u64, now: u64) -> bool {
        self.expire(now);
        self.find(key).is_some()
    }

    /// Puts a key in for `ttl` nanoseconds ([`FOREVER`] never expires), and returns the key that had to
    /// go: another one, or the key itself where the policy keeps it out or there is no room at all.
    ///
    /// A key that is in already starts its time to live anew and is the last one used, but its uses are
    /// not counted up: only [`KeyStore::get`] counts.
    pub fn insert(&mut self, key: u64, now: u64, ttl: u64) -> Option<u64> {
        self.expire(now);
        if let Some(slot) = self.find(key) {
            match self.uses.rank(slot) {
                Some((uses, _)) => self.rank(slot, uses),
                None => self.slots.touch(slot),
            }
            self.live(slot, now, ttl);
            return None;
        }
        let uses = match self.policy {
            Policy::LfuPerfect => self.asked.get(key).max(1),
            _ => 1,
        };
        let mut evicted = None;
        if self.slots.len() >= self.capacity {
            let Some(victim) = self.victim(uses) else {
                return Some(key);
            };
            evicted = Some(self.slots.key(victim));
            self.drop_slot(victim);
        }
        let slot = self.slots.insert(key);
        self.index.insert(key, slot);
        if matches!(self.policy, Policy::LfuInCache | Policy::LfuPerfect) {
            self.rank(slot, uses);
        }
        self.live(slot, now, ttl);
        evicted
    }

    /// Takes a key out; tells whether it was in. What it was asked for is remembered.
    pub fn remove(&mut self, key: u64) -> bool {
        let found = self.find(key);
        if let Some(slot) = found {
            self.drop_slot(slot);
        }
        found.is_some()
    }

    /// Drops what has expired and returns how many that were.
    pub fn expire(&mut self, now: u64) -> usize {
        let mut dropped = 0;
        while let Some(((at, _), slot)) = self.expiry.first()
            && at <= now
        {
            self.drop_slot(slot);
            dropped += 1;
        }
        dropped
    }

    /// Drops the one that expired first, if one has by `now`: its moment and its key.
    pub fn expire_one(&mut self, now: u64) -> Option<(u64, u64)> {
        let ((at, _), slot) = self.expiry.first()?;
        if at > now {
            return None;
        }
        let key = self.slots.key(slot);
        self.drop_slot(slot);
        Some((at, key))
    }

    /// Takes out the one that has to go for `key`, which is not in, whether there is room or not, and
    /// returns it; `None` when nothing is in, or when the policy keeps `key` out for it.
    ///
    /// For stores whose room is not a number of entries.
    pub fn make_room(&mut self, key: u64, now: u64) -> Option<u64> {
        self.expire(now);
        let uses = match self.policy {
            Policy::LfuPerfect => self.asked.get(key).max(1),
            _ => 1,
        };
        self.take_victim(uses)
    }

    /// Takes out the one whose turn it is to go, whether there is room or not, and returns it.
    pub fn take_first(&mut self, now: u64) -> Option<u64> {
        self.expire(now);
        self.take_victim(u64::MAX)
    }

    fn take_victim(&mut self, uses: u64) -> Option<u64> {
        let victim = self.victim(uses)?;
        let gone = self.slots.key(victim);
        self.drop_slot(victim);
        Some(gone)
    }

    /// Where a key stands: a number below the greatest size so far that stays the same while the key is in,
    /// to keep beside the store what belongs to the key. Does not count as a use and drops nothing.
    #[must_use]
    pub fn slot(&self, key: u64) -> Option<u32> {
        self.find(key)
    }

    /// The moment at which the next entry expires.
    #[must_use]
    pub fn next_expiry(&self) -> Option<u64> {
        self.expiry.first().map(|((at, _), _)| at)
    }

    /// How many live entries there are.
    pub fn len(&mut self, now: u64) -> usize {
        self.expire(now);
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&mut self, now: u64) -> bool {
        self.len(now) == 0
    }

    /// How many entries fit in.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Changes how many entries fit in. Who is too many stays until [`KeyStore::evict`] is called.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// Takes the key out whose turn it is to go, if more are in than fit in.
    pub fn evict(&mut self, now: u64) -> Option<u64> {
        if self.len(now) <= self.capacity {
            return None;
        }
        let victim = self.victim(u64::MAX)?;
        let key = self.slots.key(victim);
        self.drop_slot(victim);
        Some(key)
    }

    /// Forgets everything, counts included, as after a restart, and keeps the memory.
    pub fn clear(&mut self) {
        self.index.clear();
        self.slots.clear();
        self.uses.clear();
        self.asked.clear();
        self.expiry.clear();
    }

    fn find(&self, key: u64) -> Option<u32> {
        self.index.find(key, |slot| self.slots.key(slot))
    }

    /// Who goes for a newcomer with so many uses.
    fn victim(&self, uses: u64) -> Option<u32> {
        match self.policy {
            Policy::Lru | Policy::Ttl { .. } => self.slots.oldest(),
            Policy::LfuInCache => self.uses.first().map(|(_, slot)| slot),
            Policy::LfuPerfect => {
                let ((least, _), slot) = self.uses.first()?;
                (least <= uses).then_some(slot)
            }
        }
    }

    fn rank(&mut self, slot: u32, uses: u64) {
        self.step += 1;
        self.uses.set(slot, (uses, self.step));
    }

    fn live(&mut self, slot: u32, now: u64, ttl: u64) {
        if ttl == FOREVER {
            self.expiry.remove(slot);
        } else {
            self.step += 1;
            self.expiry.set(slot, (now.saturating_add(ttl), self.step));
        }
        if self.policy == (Policy::Ttl { sliding: true }) {
            let index = slot as usize;
            if index >= self.lives.len() {
                self.lives.resize(index + 1, FOREVER);
            }
            self.lives[index] = ttl;
        }
    }

    fn drop_slot(&mut self, slot: u32) {
        let key = self.slots.key(slot);
        self.index.remove(key, |slot| self.slots.key(slot));
        self.slots.remove(slot);
        self.uses.remove(slot);
        self.expiry.remove(slot);
    }
}

#[cfg(test)]
mod tests;
