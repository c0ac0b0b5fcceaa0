//! Values by key, each kept until a moment: what a component remembers of visitors and resolvers.
//!
//! Memory follows the number of keys that are still kept, not that of all keys ever seen. What the values
//! mean must not live here; caches with a capacity and an order of eviction are `archplay_kernel::KeyStore`.

use archplay_kernel::mix;

#[derive(Clone, Copy, Debug)]
struct Entry<V> {
    key: u64,
    until: u64,
    value: V,
}

/// A table with open addressing. Every insertion looks at two more places and drops what has run out.
#[derive(Clone, Debug)]
pub(crate) struct Keyed<V> {
    slots: Vec<Option<Entry<V>>>,
    len: usize,
    /// Where the sweep goes on.
    hand: usize,
}

impl<V> Default for Keyed<V> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            len: 0,
            hand: 0,
        }
    }
}

const SMALLEST: usize = 16;
const HASH: u64 = 0x006b_6579_6564;

impl<V: Copy> Keyed<V> {
    fn home(&self, key: u64) -> usize {
        mix(key, HASH) as usize & (self.slots.len() - 1)
    }

    fn find(&self, key: u64) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = self.home(key);
        while let Some(entry) = &self.slots[at] {
            if entry.key == key {
                return Some(at);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// What is kept for a key, if it has not run out.
    pub(crate) fn get(&self, key: u64, now: u64) -> Option<V> {
        let entry = self.slots[self.find(key)?].as_ref()?;
        (entry.until > now).then_some(entry.value)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, key: u64, now: u64) -> Option<&mut V> {
        let at = self.find(key)?;
        let entry = self.slots[at].as_mut()?;
        (entry.until > now).then_some(&mut entry.value)
    }

    /// Keeps a value until a moment, in the place of what was kept for the key.
    pub(crate) fn put(&mut self, key: u64, now: u64, until: u64, value: V) {
        if let Some(at) = self.find(key) {
            self.slots[at] = Some(Entry { key, until, value });
            return;
        }
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow(now);
        }
        self.sweep(now);
        self.place(Entry { key, until, value });
    }

    fn place(&mut self, entry: Entry<V>) {
        let mask = self.slots.len() - 1;
        let mut at = self.home(entry.key);
        while self.slots[at].is_some() {
            at = (at + 1) & mask;
        }
        self.slots[at] = Some(entry);
        self.len += 1;
    }

    /// Forgets a key.
    pub(crate) fn remove(&mut self, key: u64) -> Option<V> {
        let at = self.find(key)?;
        self.take(at)
    }

    /// Empties a place and moves up those that stand behind it, so that no search ends too early.
    fn take(&mut self, at: usize) -> Option<V> {
        let gone = self.slots[at].take()?;
        self.len -= 1;
        let mask = self.slots.len() - 1;
        let (mut hole, mut next) = (at, (at + 1) & mask);
        while let Some(entry) = self.slots[next] {
            let home = self.home(entry.key);
            let (from_home, from_hole) = (
                next.wrapping_sub(home) & mask,
                next.wrapping_sub(hole) & mask,
            );
            if from_home >= from_hole {
                self.slots[hole] = self.slots[next].take();
                hole = next;
            }
            next = (next + 1) & mask;
        }
        Some(gone.value)
    }

    fn sweep(&mut self, now: u64) {
        let mask = self.slots.len() - 1;
        for _ in 0..2 {
            let at = self.hand & mask;
            if self.slots[at]
                .as_ref()
                .is_some_and(|entry| entry.until <= now)
            {
                self.take(at);
            } else {
                self.hand = at + 1;
            }
        }
    }

    /// Drops all that has run out; makes the table greater only if that was not enough.
    fn grow(&mut self, now: u64) {
        let old = std::mem::take(&mut self.slots);
        let live = old.iter().flatten().filter(|e| e.until > now).count();
        let size = ((live + 1) * 2).next_power_of_two().max(SMALLEST);
        self.slots.resize_with(size, || None);
        self.len = 0;
        self.hand = 0;
        for entry in old.into_iter().flatten().filter(|e| e.until > now) {
            self.place(entry);
        }
    }

    /// All keys, in no order that means anything, but the same in every run.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.slots.iter().flatten().map(|entry| entry.key)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.len = 0;
        self.hand = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn keeps_what_a_plain_map_would() {
        let (mut keyed, mut plain) = (Keyed::default(), BTreeMap::new());
        for step in 0..50_000_u64 {
            let key = mix(step, 1) % 300;
            match mix(step, 2) % 4 {
                0 => {
                    let gone = keyed.remove(key).is_some();
                    let was: Option<(u64, u64)> = plain.remove(&key);
                    assert!(gone || was.is_none_or(|(until, _)| until <= step));
                }
                1 => {
                    let until = step + mix(step, 3) % 500;
                    keyed.put(key, step, until, step);
                    plain.insert(key, (until, step));
                }
                _ => {
                    let live = plain.get(&key).filter(|(until, _)| *until > step);
                    assert_eq!(keyed.get(key, step), live.map(|(_, value)| *value));
                }
            }
        }
    }

    #[test]
    fn memory_follows_those_kept_not_those_seen() {
        let mut keyed = Keyed::default();
        for key in 0..1_000_000_u64 {
            keyed.put(key, key, key + 1_000, ());
        }
        assert!(keyed.slots.len() <= 8_192, "{}", keyed.slots.len());
    }
}
