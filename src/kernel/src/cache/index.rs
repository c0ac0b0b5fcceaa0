//! Finds the slot of a key, and counts keys: open addressing with a fixed hash.
//!
//! The hash is the same everywhere and nothing here can be walked through, so the order in which keys lie
//! never shows.

use crate::mix;

/// Spreads keys over the table; any fixed number does.
const SALT: u64 = 0x6b65_7973;

/// From key to slot. Entries are eight bytes: 32 bits of the key's hash and the slot plus one; the keys
/// themselves stand in the slots.
#[derive(Clone, Debug)]
pub struct Index {
    entries: Vec<u64>,
    /// log₂ of the length of `entries`.
    bits: u32,
    len: usize,
}

const SMALLEST_BITS: u32 = 4;

impl Default for Index {
    fn default() -> Self {
        Self {
            entries: vec![0; 1 << SMALLEST_BITS],
            bits: SMALLEST_BITS,
            len: 0,
        }
    }
}

impl Index {
    /// The slot of a key, where `key_in` tells which key a slot holds.
    pub fn find(&self, key: u64, key_in: impl Fn(u32) -> u64) -> Option<u32> {
        let place = self.place(key, key_in)?;
        Some(slot_of(self.entries[place]))
    }

    /// Enters a key that is not in.
    pub fn insert(&mut self, key: u64, slot: u32) {
        if (self.len + 1) * 2 > self.entries.len() {
            self.grow();
        }
        self.len += 1;
        self.enter((hash(key) << 32) | (u64::from(slot) + 1));
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: u64, key_in: impl Fn(u32) -> u64) {
        let Some(mut hole) = self.place(key, key_in) else {
            return;
        };
        self.len -= 1;
        // Those behind move up where they may, so that no marks of the removed are left.
        let mask = self.entries.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry == 0 {
                break;
            }
            let from_home = at.wrapping_sub(self.home(entry)) & mask;
            if from_home >= (at.wrapping_sub(hole) & mask) {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = 0;
    }

    /// Takes all out and keeps the memory.
    pub fn clear(&mut self) {
        self.entries.fill(0);
        self.len = 0;
    }

    fn place(&self, key: u64, key_in: impl Fn(u32) -> u64) -> Option<usize> {
        let hash = hash(key);
        let mask = self.entries.len() - 1;
        let mut at = self.home(hash << 32);
        loop {
            let entry = self.entries[at];
            if entry == 0 {
                return None;
            }
            if entry >> 32 == hash && key_in(slot_of(entry)) == key {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
    }

    fn home(&self, entry: u64) -> usize {
        (entry >> (64 - self.bits)) as usize
    }

    fn enter(&mut self, entry: u64) {
        let mask = self.entries.len() - 1;
        let mut at = self.home(entry);
        while self.entries[at] != 0 {
            at = (at + 1) & mask;
        }
        self.entries[at] = entry;
    }

    fn grow(&mut self) {
        self.bits += 1;
        let old = std::mem::replace(&mut self.entries, vec![0; 1 << self.bits]);
        for entry in old.into_iter().filter(|entry| *entry != 0) {
            self.enter(entry);
        }
    }
}

/// 32 bits, so that an index has room for two thousand million keys.
fn hash(key: u64) -> u64 {
    mix(key, SALT) >> 32
}

const fn slot_of(entry: u64) -> u32 {
    (entry as u32).wrapping_sub(1)
}

/// How often each key was seen. Keys are never forgotten one by one.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Key and count; a count of 0 is a free place.
    entries: Vec<(u64, u64)>,
    bits: u32,
    len: usize,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            entries: vec![(0, 0); 1 << SMALLEST_BITS],
            bits: SMALLEST_BITS,
            len: 0,
        }
    }
}

impl Counts {
    /// How often a key was seen.
    pub fn get(&self, key: u64) -> u64 {
        self.entries[self.place(key)].1
    }

    /// Counts a key once more and returns its count.
    pub fn add(&mut self, key: u64) -> u64 {
        let mut place = self.place(key);
        if self.entries[place].1 == 0 {
            self.len += 1;
            if self.len * 2 > self.entries.len() {
                self.grow();
                place = self.place(key);
            }
        }
        let count = self.entries[place].1 + 1;
        self.entries[place] = (key, count);
        count
    }

    /// Forgets all and keeps the memory.
    pub fn clear(&mut self) {
        self.entries.fill((0, 0));
        self.len = 0;
    }

    /// Where a key stands, or would.
    fn place(&self, key: u64) -> usize {
        let mask = self.entries.len() - 1;
        let mut at = (mix(key, SALT) >> (64 - self.bits)) as usize;
        while self.entries[at].1 != 0 && self.entries[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        self.bits += 1;
        let old = std::mem::replace(&mut self.entries, vec![(0, 0); 1 << self.bits]);
        for entry in old.into_iter().filter(|entry| entry.1 != 0) {
            let place = self.place(entry.0);
            self.entries[place] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a list: slots are positions, so many keys share few slots' worth of places.
        #[test]
        fn agrees_with_a_list(ops in proptest::collection::vec((0_u8..3, 0_u64..40), 0..300)) {
            let keys: Vec<u64> = (0..40).map(|i| i * 0x1_0000_0001).collect();
            let key_in = |slot: u32| keys[slot as usize];
            let mut index = Index::default();
            let mut counts = Counts::default();
            let mut inside = [false; 40];
            let mut seen = [0_u64; 40];
            for (op, at) in ops {
                let (slot, key, at) = (at as u32, keys[at as usize], at as usize);
                if op == 0 && !inside[at] {
                    index.insert(key, slot);
                    inside[at] = true;
                } else if op == 1 {
                    index.remove(key, key_in);
                    inside[at] = false;
                }
                seen[at] += 1;
                prop_assert_eq!(counts.add(key), seen[at]);
                for (i, key) in keys.iter().enumerate() {
                    prop_assert_eq!(index.find(*key, key_in), inside[i].then_some(i as u32));
                    prop_assert_eq!(counts.get(*key), seen[i]);
                }
            }
        }
    }
}
