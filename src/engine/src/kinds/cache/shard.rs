//! One shard of a cache: its share of the memory, which items are in it, its processor.

use std::collections::BTreeSet;

use archplay_kernel::{FOREVER, KeyStore, Policy};

use crate::lines::Lines;

/// Memory of an item besides its row: key, pointers, the allocator's share. What Redis needs for a small
/// string is between 50 and 90 bytes.
pub(super) const ITEM_BYTES: u64 = 64;

/// A number over time: its mean over the focus window.
#[derive(Clone, Copy, Debug, Default)]
struct FocusGauge {
    focus: (u64, u64),
    value: u64,
    since: u64,
    area: f64,
}

impl FocusGauge {
    fn set(&mut self, now: u64, value: u64) {
        let from = self.since.max(self.focus.0);
        let until = now.min(self.focus.1);
        self.area += until.saturating_sub(from) as f64 * self.value as f64;
        (self.since, self.value) = (now, value);
    }
}

/// A shard.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    keys: KeyStore,
    /// The version of each item, by slot.
    versions: Vec<u64>,
    /// Bytes in use, and how many there are; `u64::MAX` where the items are counted instead.
    bytes: u64,
    room: u64,
    /// By dataset: what an item takes.
    sizes: Vec<u64>,
    /// A hit makes an item of an LFU cache good anew.
    renew: bool,
    count: u64,
    live: FocusGauge,
    pub processor: Lines,
    /// It has died by itself and is not back: nothing is in it, and nothing can be put in.
    pub down: bool,
    /// Items that are here as their rows were, not as they are; those of them that have gone since somebody asked.
    outdated: BTreeSet<u64>,
    pub renewed: Vec<u64>,
}

/// Names a row of a dataset: exact, since no dataset has 2⁴⁸ rows.
pub(super) const fn key_of(dataset: u32, row: u64) -> u64 {
    ((dataset as u64) << 48) | (row & ((1 << 48) - 1))
}

impl Shard {
    /// An empty shard with room for so many items, or else so many bytes.
    pub(super) fn new(
        policy: Policy,
        renew: bool,
        entries: Option<usize>,
        room: u64,
        sizes: Vec<u64>,
        focus: (u64, u64),
    ) -> Self {
        Self {
            keys: KeyStore::new(policy, entries),
            versions: Vec::new(),
            bytes: 0,
            room: if entries.is_some() { u64::MAX } else { room },
            sizes,
            renew,
            count: 0,
            live: FocusGauge {
                focus,
                ..FocusGauge::default()
            },
            processor: Lines::new(1),
            down: false,
            outdated: BTreeSet::new(),
            renewed: Vec::new(),
        }
    }

    fn size(&self, key: u64) -> u64 {
        self.sizes
            .get((key >> 48) as usize)
            .copied()
            .unwrap_or(ITEM_BYTES)
    }

    fn gone(&mut self, at: u64, key: u64) {
        self.bytes = self.bytes.saturating_sub(self.size(key));
        self.count -= 1;
        self.live.set(at, self.count);
        self.renew(key);
    }

    /// An item is no longer here as it was.
    fn renew(&mut self, key: u64) {
        if !self.outdated.is_empty() && self.outdated.remove(&key) {
            self.renewed.push(key);
        }
    }

    /// The row of an item has changed in the store, and the item stays: whether it is here, and was up to date.
    pub(super) fn outdate(&mut self, key: u64, now: u64) -> bool {
        self.sweep(now);
        self.keys.contains(key, now) && self.outdated.insert(key)
    }

    /// Whether an item is here as its row was.
    pub(super) fn is_outdated(&self, key: u64) -> bool {
        self.outdated.contains(&key)
    }

    /// Drops what has expired, each at its own moment.
    fn sweep(&mut self, now: u64) {
        while let Some((at, key)) = self.keys.expire_one(now) {
            self.gone(at, key);
        }
    }

    /// Looks for an item: its version.
    pub(super) fn look(&mut self, key: u64, now: u64, ttl: u64) -> Option<u64> {
        self.sweep(now);
        if !self.keys.get(key, now) {
            return None;
        }
        if self.renew {
            self.keys.insert(key, now, ttl);
        }
        let slot = self.keys.slot(key)?;
        self.versions.get(slot as usize).copied()
    }

    /// Looks for an item, whatever its version: whether it is there.
    pub(super) fn has(&mut self, key: u64, now: u64, ttl: u64) -> bool {
        self.sweep(now);
        let there = self.keys.get(key, now);
        if there && self.renew {
            self.keys.insert(key, now, ttl);
        }
        there
    }

    /// Puts an item in, if it may stay. `leaked` bytes of the memory are not there.
    pub(super) fn put(&mut self, key: u64, version: u64, now: u64, ttl: u64, leaked: u64) {
        self.sweep(now);
        let fresh = !self.keys.contains(key, now);
        self.renew(key);
        let size = self.size(key);
        if fresh {
            let room = self.room.saturating_sub(leaked);
            while self.bytes.saturating_add(size) > room {
                let Some(victim) = self.keys.make_room(key, now) else {
                    return;
                };
                self.gone(now, victim);
            }
        }
        match self.keys.insert(key, now, ttl) {
            Some(out) if out == key => return,
            Some(victim) => self.gone(now, victim),
            None => {}
        }
        if fresh {
            self.bytes += size;
            self.count += 1;
            self.live.set(now, self.count);
        }
        let Some(slot) = self.keys.slot(key) else {
            return;
        };
        if slot as usize >= self.versions.len() {
            self.versions.resize(slot as usize + 1, 0);
        }
        self.versions[slot as usize] = version;
    }

    /// Notes the version that an item got in the store, if it is still in.
    pub(super) fn confirm(&mut self, key: u64, version: u64) {
        if let Some(slot) = self.keys.slot(key)
            && let Some(mine) = self.versions.get_mut(slot as usize)
        {
            *mine = version.max(*mine);
        }
    }

    /// Takes an item out.
    pub(super) fn forget(&mut self, key: u64, now: u64) {
        self.sweep(now);
        if self.keys.remove(key) {
            self.gone(now, key);
        }
    }

    /// Takes all out.
    pub(super) fn clear(&mut self, now: u64) {
        self.sweep(now);
        self.keys.clear();
        self.renewed.extend(std::mem::take(&mut self.outdated));
        (self.bytes, self.count) = (0, 0);
        self.live.set(now, 0);
    }

    /// How full it is, 0 to 1, when `leaked` bytes of the memory are somebody else's: items go until the rest
    /// fits.
    pub(super) fn fullness(&mut self, now: u64, leaked: u64) -> f64 {
        self.sweep(now);
        if self.room == u64::MAX {
            return self.count as f64 / self.keys.capacity().max(1) as f64;
        }
        while self.bytes > self.room.saturating_sub(leaked) {
            match self.keys.take_first(now) {
                Some(victim) => self.gone(now, victim),
                None => break,
            }
        }
        self.bytes.saturating_add(leaked) as f64 / self.room.max(1) as f64
    }

    /// Items × nanoseconds inside the focus window so far.
    pub(super) fn live_area(&mut self, now: u64) -> f64 {
        self.sweep(now);
        self.live.set(now, self.count);
        self.live.area
    }
}

/// The time to live of an item: `ttl_ns` less a part that is the item's own, up to `jitter` of it.
pub(super) fn life(ttl_ns: u64, jitter: f64, key: u64) -> u64 {
    if ttl_ns == 0 {
        return FOREVER;
    }
    let less = ttl_ns as f64 * jitter * archplay_kernel::unit_of(key);
    ttl_ns.saturating_sub(less as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_counts_each_item_as_big_as_it_is() {
        let mut shard = Shard::new(Policy::Lru, false, None, 1_000, vec![100, 400], (0, 100));
        for row in 1..=10 {
            shard.put(key_of(0, row), row, row, FOREVER, 0);
        }
        assert_eq!((shard.count, shard.bytes), (10, 1_000));
        // One big item takes the places of the four small ones not used for longest.
        assert_eq!(shard.look(key_of(0, 1), 11, FOREVER), Some(1));
        shard.put(key_of(1, 1), 77, 12, FOREVER, 0);
        assert_eq!((shard.count, shard.bytes), (7, 1_000));
        assert_eq!(shard.look(key_of(0, 1), 13, FOREVER), Some(1));
        assert_eq!(shard.look(key_of(0, 5), 13, FOREVER), None);
        assert_eq!(shard.look(key_of(1, 1), 13, FOREVER), Some(77));
        shard.forget(key_of(1, 1), 14);
        assert_eq!((shard.count, shard.bytes), (6, 600));
        // A leak leaves room for three.
        shard.put(key_of(0, 99), 1, 15, FOREVER, 700);
        assert_eq!((shard.count, shard.bytes), (3, 300));
    }

    #[test]
    fn expiry_counts_at_its_own_moment() {
        let mut shard = Shard::new(
            Policy::Ttl { sliding: false },
            false,
            None,
            1_000,
            vec![100],
            (0, 100),
        );
        shard.put(key_of(0, 1), 1, 0, 40, 0);
        shard.put(key_of(0, 2), 1, 10, 20, 0);
        // 40 and 20 nanoseconds, although nobody looked in between.
        assert!((shard.live_area(90) - 60.0).abs() < 1e-9);
        assert_eq!(shard.bytes, 0);
    }

    #[test]
    fn lives_vary_downwards_only() {
        for key in 0..100 {
            assert!((80..=100).contains(&life(100, 0.2, key)));
        }
        assert_eq!(life(0, 0.2, 1), FOREVER);
    }
}
